//! Geometries written as well-known text in a column of a table (`POLYGON ((346289 731042, ...`), as
//! QGIS and many open-data pages export them. The text states no coordinate system.

use std::str::FromStr as _;

use geojson::{GeometryValue, Position};
use wkt::Wkt;
use wkt::types::{Coord, LineString, Polygon};

use super::super::header_key;

/// Columns that may hold such text.
const COLUMNS: [&str; 8] =
    ["wkt", "geometry", "geom", "the_geom", "geometry_wkt", "wkt_geom", "wkt_geometry", "shape"];

/// Kinds that are read: each by its first word. Collections, which nest without end, are not.
const KINDS: [&str; 6] =
    ["MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "POINT", "LINESTRING", "POLYGON"];

/// The column of these that may hold geometries.
pub(super) fn column(header: &[String]) -> Option<usize> {
    let is_one = |name: &String| COLUMNS.iter().any(|known| header_key(known) == header_key(name));
    header.iter().position(is_one)
}

/// The geometry that a cell says; `None` where it says none.
pub(super) fn read(text: &str) -> Option<GeometryValue> {
    // A system may stand before it, as PostGIS writes it.
    let text = match text.split_once(';') {
        Some((system, rest)) if system.starts_with("SRID=") => rest,
        _ => text,
    }
    .trim_start();
    let starts =
        |kind: &str| text.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    KINDS.iter().find(|kind| starts(kind))?;
    let whole = match Wkt::<f64>::from_str(text).ok()? {
        Wkt::Point(point) => GeometryValue::Point { coordinates: position(point.coord()?)? },
        Wkt::LineString(line) => GeometryValue::LineString { coordinates: self::line(&line)? },
        Wkt::Polygon(polygon) => GeometryValue::Polygon { coordinates: rings(&polygon)? },
        Wkt::MultiPoint(points) => {
            let points = points.points().iter();
            let all: Option<Vec<Position>> = points.map(|one| position(one.coord()?)).collect();
            GeometryValue::MultiPoint { coordinates: all? }
        }
        Wkt::MultiLineString(lines) => {
            let all: Option<Vec<_>> = lines.line_strings().iter().map(line).collect();
            GeometryValue::MultiLineString { coordinates: all? }
        }
        Wkt::MultiPolygon(polygons) => {
            let all: Option<Vec<_>> = polygons.polygons().iter().map(rings).collect();
            GeometryValue::MultiPolygon { coordinates: all? }
        }
        Wkt::GeometryCollection(_) => return None,
    };
    Some(whole)
}

fn position(at: &Coord<f64>) -> Option<Position> {
    (at.x.is_finite() && at.y.is_finite()).then(|| Position::from([at.x, at.y]))
}

fn line(line: &LineString<f64>) -> Option<Vec<Position>> {
    line.coords().iter().map(position).collect()
}

fn rings(polygon: &Polygon<f64>) -> Option<Vec<Vec<Position>>> {
    let rings: Option<Vec<_>> = polygon.rings().iter().map(line).collect();
    rings.filter(|rings| !rings.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for (text, kind) in [
            ("POINT (1 2)", "Point"),
            ("SRID=27700;POINT(1 2)", "Point"),
            ("Point Z (1 2 3)", "Point"),
            ("LINESTRING (1 2, 3 4)", "LineString"),
            ("POLYGON ((0 0,1 0,1 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))", "Polygon"),
            ("MULTIPOINT ((1 2), (3 4))", "MultiPoint"),
            ("MULTILINESTRING ((1 2, 3 4))", "MultiLineString"),
            ("MULTIPOLYGON (((0 0,1 0,1 1,0 0)))", "MultiPolygon"),
        ] {
            assert_eq!(read(text).map(|found| found.type_name()), Some(kind), "{text}");
        }
    }

    #[test]
    fn what_is_no_geometry_is_none() {
        let deep = format!("GEOMETRYCOLLECTION ({}", "GEOMETRYCOLLECTION (".repeat(100_000));
        for text in
            ["", "High Street", "POINT", "POINT EMPTY", "POINT (x y)", "POINT (1e999 2)", &deep]
        {
            assert_eq!(read(text), None);
        }
    }
}

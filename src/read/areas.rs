//! Named areas: wards and LSOAs from any format with outlines.

use std::collections::HashMap;

use geo::{Area as _, Coord, LineString, MultiPolygon, Polygon};
use geojson::{GeometryValue, Position};

use crate::crs::{Bng, LonLat, bng_to_lonlat};
use crate::geometry::Shape;
use crate::units::{Area, AreaLayer};
use crate::workspace::{AreaFile, Crs};

use super::english::{fault, name};
use super::position::{Owner, to_bng};
use super::rings::{Tangled, self_crossing};
use super::{LoadedFile, RawTable, ReadError, choose_crs, format};

/// A gap between neighbouring wards narrower than this on average is a sliver, in metres.
const SLIVER_WIDTH: f64 = 10.0;

/// Reads a boundary file as the workspace describes it, areas sorted by code.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a code that comes twice with different names, an outline
/// that crosses itself, or coordinates in another system than stated.
pub fn read_areas(file: &LoadedFile, spec: &AreaFile) -> Result<AreaLayer, ReadError> {
    read_areas_in(file, spec).map(|(layer, _)| layer)
}

/// [`read_areas`], with the coordinate system that the file turned out to be in.
///
/// # Errors
///
/// As [`read_areas`].
pub fn read_areas_in(file: &LoadedFile, spec: &AreaFile) -> Result<(AreaLayer, Crs), ReadError> {
    let table = format::open(file)?;
    let code = table.require(&spec.code, "`code` of [[areas]]")?;
    let name = table.require(&spec.name, "`name` of [[areas]]")?;
    let crs = choose_crs(table.crs, spec.crs);
    let mut parts: Vec<(String, String, MultiPolygon)> = Vec::new();
    each_outline(
        &table,
        crs,
        &mut |row, code, name, polygons| {
            let message = if code.is_empty() {
                Some(format!("feature {row} has no code in `{}`", spec.code))
            } else if polygons.0.is_empty() {
                Some(fault::no_outline(code, name))
            } else {
                None
            };
            if let Some(message) = message {
                return Err(ReadError::Area { file: file.name.clone(), message });
            }
            parts.push((code.to_owned(), name.to_owned(), polygons));
            Ok(())
        },
        code,
        name,
    )?;
    let mut areas: Vec<Area> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for (code, name, polygons) in parts {
        if let Some(&i) = index.get(&code) {
            // One area in several features: published so where islands are apart.
            let shape = Shape::union_of([&areas[i].shape, &Shape::new(polygons)]);
            areas[i].shape = shape;
            continue;
        }
        index.insert(code.clone(), areas.len());
        areas.push(Area {
            code,
            name,
            shape: Shape::new(polygons),
            residents: None,
            households: None,
            workday: None,
        });
    }
    areas.sort_by(|a, b| a.code.cmp(&b.code));
    Ok((AreaLayer { kind: spec.kind.clone(), edition: spec.edition.clone(), areas }, crs))
}

type OutlineSink<'a> = &'a mut dyn FnMut(u64, &str, &str, MultiPolygon) -> Result<(), ReadError>;

fn each_outline(
    table: &RawTable<'_>,
    crs: Crs,
    sink: OutlineSink<'_>,
    code: usize,
    name: usize,
) -> Result<(), ReadError> {
    let mut outcome = Ok(());
    table.rows.each(&mut |row| {
        if outcome.is_err() {
            return;
        }
        let (code, name) = (row.get(code), row.get(name));
        let owner = Owner { file: &table.file, what: name::area(code, name) };
        outcome = outline(&owner, row.geometry, crs, (code, name))
            .and_then(|polygons| sink(row.line, code, name, polygons));
    })?;
    outcome
}

pub(super) fn outline(
    owner: &Owner<'_>,
    geometry: Option<&GeometryValue>,
    crs: Crs,
    (code, name): (&str, &str),
) -> Result<MultiPolygon, ReadError> {
    let rings: Vec<&Vec<Vec<Position>>> = match geometry {
        Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates.iter().collect(),
        _ => Vec::new(),
    };
    let mut polygons = Vec::with_capacity(rings.len());
    for polygon in rings {
        let mut lines = Vec::with_capacity(polygon.len());
        for ring in polygon {
            lines.push(line(owner, ring, crs)?);
        }
        if lines.is_empty() || lines[0].0.len() < 4 {
            let message = fault::few_corners(code, name);
            return Err(ReadError::Area { file: owner.file.to_owned(), message });
        }
        let polygon = Polygon::new(lines.remove(0), lines);
        let crossing = self_crossing(&polygon).map_err(|Tangled| ReadError::Area {
            file: owner.file.to_owned(),
            message: fault::too_fine(code, name),
        })?;
        if let Some(at) = crossing {
            let place = bng_to_lonlat(Bng::new(at.x, at.y)).ok();
            return Err(ReadError::SelfCrossing {
                file: owner.file.to_owned(),
                code: code.to_owned(),
                name: name.to_owned(),
                lon: place.map_or(f64::NAN, LonLat::lon),
                lat: place.map_or(f64::NAN, LonLat::lat),
            });
        }
        polygons.push(polygon);
    }
    Ok(MultiPolygon::new(polygons))
}

/// The positions of a GeoJSON line on the grid.
pub(super) fn line(
    owner: &Owner<'_>,
    positions: &[Position],
    crs: Crs,
) -> Result<LineString, ReadError> {
    let pairs: Option<Vec<(f64, f64)>> = positions
        .iter()
        .map(|position| match position.as_slice() {
            [x, y, ..] if x.is_finite() && y.is_finite() => Some((*x, *y)),
            _ => None,
        })
        .collect();
    let pairs = pairs.ok_or_else(|| ReadError::Area {
        file: owner.file.to_owned(),
        message: fault::half_a_position(&owner.what),
    })?;
    let on_grid = to_bng(owner, &pairs, crs)?;
    Ok(on_grid.iter().map(|p| Coord { x: p.easting(), y: p.northing() }).collect())
}

/// The outline of everything studied: all areas of the layer merged, slivers between neighbours
/// that were generalised apart closed.
pub fn study_area(layer: &AreaLayer) -> Shape {
    let merged = Shape::union_of(layer.areas.iter().map(|area| &area.shape));
    let is_sliver = |ring: &LineString| {
        let area = Polygon::new(ring.clone(), Vec::new()).unsigned_area();
        let length: f64 = ring.lines().map(|l| (l.dx()).hypot(l.dy())).sum();
        length > 0.0 && 2.0 * area / length < SLIVER_WIDTH
    };
    let polygons = merged.polygons().iter().map(|polygon| {
        let holes = polygon.interiors().iter().filter(|ring| !is_sliver(ring)).cloned().collect();
        Polygon::new(polygon.exterior().clone(), holes)
    });
    // Crumbs of a few square metres come from crossing edges of neighbours; they are no ground.
    let kept: Vec<Polygon> = polygons.filter(|p| p.unsigned_area() > SLIVER_WIDTH).collect();
    Shape::new(MultiPolygon::new(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> AreaFile {
        AreaFile {
            kind: "ward".into(),
            file: "w.geojson".into(),
            code: "WD24CD".into(),
            name: "WD24NM".into(),
            edition: "2024".into(),
            crs: Some(Crs::Bng),
        }
    }

    fn square(code: &str, x: f64, y: f64, side: f64) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{"WD24CD":"{code}","WD24NM":"Ward {code}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{0},{y}],[{0},{1}],[{x},{1}],[{x},{y}]]]}}}}"#,
            x + side,
            y + side
        )
    }

    fn read(features: &[String]) -> Result<AreaLayer, ReadError> {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
        read_areas(&LoadedFile::from_bytes("w.geojson", text), &spec())
    }

    #[test]
    fn areas_come_sorted_by_code() {
        let layer = read(&[
            square("B", 401_000.0, 500_000.0, 1000.0),
            square("A", 400_000.0, 500_000.0, 1000.0),
        ])
        .unwrap();

        assert_eq!(layer.areas.iter().map(|a| a.code.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert!((study_area(&layer).area().get() - 2e6).abs() < 1.0);
    }

    #[test]
    fn a_self_crossing_boundary_is_refused_by_code_and_place() {
        let bow_tie = r#"{"type":"Feature","properties":{"WD24CD":"E05000009","WD24NM":"Knot"},"geometry":{"type":"Polygon","coordinates":[[[400000,500000],[401000,501000],[401000,500000],[400000,501000],[400000,500000]]]}}"#;

        let refused = read(&[bow_tie.to_owned()]).unwrap_err();

        assert!(
            refused.to_string().contains("E05000009 (Knot) crosses itself near longitude"),
            "{refused}"
        );
        assert!(refused.hint().unwrap().contains("Fix geometries"));
    }

    #[test]
    fn a_missing_column_is_refused_with_the_columns_there_are() {
        let feature = square("A", 400_000.0, 500_000.0, 1000.0).replace("WD24CD", "code");

        let refused = read(&[feature]).unwrap_err();

        assert_eq!(
            refused.to_string(),
            "w.geojson has no column for `WD24CD` (it has: code, WD24NM)"
        );
    }

    #[test]
    fn slivers_between_wards_are_closed() {
        let layer = read(&[
            square("A", 400_000.0, 500_000.0, 1000.0),
            square("B", 401_002.0, 500_000.0, 1000.0),
            square("C", 400_000.0, 501_000.0, 2002.0),
            square("D", 400_000.0, 498_000.0, 2002.0),
        ])
        .unwrap();

        assert!(study_area(&layer).polygons().iter().all(|p| p.interiors().is_empty()));
    }
}

//! Where the data lie, before anything is measured: which plane to measure on, and a study area for
//! incidents that come without boundaries.

use std::path::Path;

use geojson::{GeometryValue, Position};

use crate::crs::{Bng, CrsError, Plane, bng_to_lonlat, degrees_of, lonlat_to_bng};
use crate::read::guess::guess_incidents;
use crate::read::{Layouts, LoadedFile, ReadError, format};
use crate::workspace::{Crs, Field};

/// Name of the file of a study area that was made from the positions alone.
pub const STUDY_AREA: &str = "study-area.geojson";

/// How far a made study area goes past the outermost position, and its corners' step, in metres.
const MARGIN: f64 = 1_000.0;

/// West, south, east and north.
pub(super) type Extent = [f64; 4];

/// The extent in degrees of the geometries of a file; `None` where it has none.
pub(super) fn extent_of_areas(
    file: &LoadedFile,
    declared: Option<Crs>,
) -> Result<Option<Extent>, ReadError> {
    let table = format::open(file)?;
    let crs = table.crs.or(declared).unwrap_or(Crs::LonLat);
    let mut pairs = Vec::new();
    table.rows.each(&mut |row| {
        if let Some(geometry) = row.geometry {
            each_position(geometry, &mut |at| pairs.extend(pair(at)));
        }
    })?;
    Ok(in_degrees(&pairs, crs))
}

/// The extent in degrees of the positions of an incident file; `None` where it has none.
pub(super) fn extent_of_incidents(
    path: &Path,
    layouts: &Layouts,
    declared: Option<Crs>,
) -> Result<Option<Extent>, ReadError> {
    let file = LoadedFile::open(path)?;
    let table = format::open(&file)?;
    let guess = guess_incidents(&table, layouts)?;
    let at = |field: Field| guess.columns.get(&field).and_then(|name| table.column(name));
    let metres = at(Field::Easting).zip(at(Field::Northing));
    let degrees = at(Field::Longitude).zip(at(Field::Latitude));
    let (columns, crs) = match (metres, degrees) {
        (Some(columns), _) => (Some(columns), declared.unwrap_or(guess.profile.crs)),
        (None, Some(columns)) => (Some(columns), Crs::LonLat),
        (None, None) => (None, table.crs.or(declared).unwrap_or(Crs::LonLat)),
    };
    let mut pairs = Vec::new();
    table.rows.each(&mut |row| match (columns, row.geometry) {
        (Some((x, y)), _) => {
            let number = |column| row.get(column).parse::<f64>().ok().filter(|n| *n != 0.0);
            pairs.extend(number(x).zip(number(y)));
        }
        (None, Some(geometry)) => each_position(geometry, &mut |at| pairs.extend(pair(at))),
        (None, None) => {}
    })?;
    Ok(in_degrees(&pairs, crs))
}

fn pair(at: &Position) -> Option<(f64, f64)> {
    match at.as_slice() {
        [x, y, ..] => Some((*x, *y)),
        _ => None,
    }
}

fn each_position(geometry: &GeometryValue, sink: &mut dyn FnMut(&Position)) {
    match geometry {
        GeometryValue::Point { coordinates } => sink(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            coordinates.iter().for_each(sink);
        }
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.iter().flatten().for_each(sink);
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().flatten().for_each(sink);
        }
        GeometryValue::GeometryCollection { geometries } => {
            for inner in geometries {
                each_position(&inner.value, sink);
            }
        }
    }
}

fn extent(pairs: impl Iterator<Item = (f64, f64)>) -> Option<Extent> {
    pairs.filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(x, y)| [x, y, x, y]).reduce(union)
}

pub(super) fn union(a: Extent, b: Extent) -> Extent {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// The extent in degrees of pairs in `crs`: sides bend, so their middles count too.
fn in_degrees(pairs: &[(f64, f64)], crs: Crs) -> Option<Extent> {
    let [west, south, east, north] = extent(pairs.iter().copied())?;
    if crs == Crs::LonLat {
        return Some([west, south, east, north]);
    }
    let (x, y) = (f64::midpoint(west, east), f64::midpoint(south, north));
    let grid = [west, x, east].into_iter().flat_map(|x| [south, y, north].map(|y| (x, y)));
    let grid: Vec<(f64, f64)> = grid.collect();
    extent(degrees_of(&crs.to_string(), &grid).into_iter().flatten())
}

/// The plane for data between these degrees, as a description has it: `None` is the National Grid.
pub(super) fn plane_for([west, south, east, north]: Extent) -> Option<Crs> {
    let definition = Plane::round(west, south, east, north);
    if definition == "EPSG:27700" { None } else { definition.parse().ok() }
}

/// A box round the positions on the working plane, as a GeoJSON file of one area.
///
/// # Errors
///
/// [`CrsError`] if a corner is off the plane.
pub(super) fn study_area(
    name: &str,
    [west, south, east, north]: Extent,
) -> Result<String, CrsError> {
    use crate::crs::LonLat;
    let (x, y) = (f64::midpoint(west, east), f64::midpoint(south, north));
    let mut edges: Option<Extent> = None;
    for lon in [west, x, east] {
        for lat in [south, y, north] {
            if let Some(place) = LonLat::new(lon, lat) {
                let at = lonlat_to_bng(place)?;
                let here = [at.easting(), at.northing(), at.easting(), at.northing()];
                edges = Some(edges.map_or(here, |edges| union(edges, here)));
            }
        }
    }
    let [west, south, east, north] = edges.unwrap_or_default();
    // To whole kilometres, so that no corner tells where the outermost record was.
    let low = |metres: f64| ((metres - MARGIN) / MARGIN).floor() * MARGIN;
    let high = |metres: f64| ((metres + MARGIN) / MARGIN).ceil() * MARGIN;
    let (west, south, east, north) = (low(west), low(south), high(east), high(north));
    let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let mut ring = Vec::with_capacity(corners.len());
    for (easting, northing) in corners {
        let place = bng_to_lonlat(Bng::new(easting, northing))?;
        ring.push([place.lon(), place.lat()]);
    }
    let feature = serde_json::json!({
        "type": "Feature",
        "properties": { "code": "study-area", "name": name },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    });
    Ok(serde_json::json!({ "type": "FeatureCollection", "features": [feature] }).to_string() + "\n")
}

//! Geometry in columns of its own, as `GeoParquet` 1.1 has it beside well-known binary: points as
//! `x` and `y`, lines as lists of them, polygons as lists of lists.

use geojson::{GeometryValue, Position};
use parquet::record::Field;

/// Encodings of this kind, by their names in the metadata.
pub(super) const NATIVE: [&str; 6] =
    ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"];

/// The geometry of one cell; `None` where there is none, or no coordinate of it.
///
/// # Errors
///
/// What is wrong, in words.
pub(super) fn read(encoding: &str, cell: &Field) -> Result<Option<GeometryValue>, String> {
    if matches!(cell, Field::Null) {
        return Ok(None);
    }
    let found = match encoding {
        "point" => {
            let place = position(cell)?;
            let is_empty = place.as_slice().iter().any(|number| number.is_nan());
            return Ok((!is_empty).then_some(GeometryValue::Point { coordinates: place }));
        }
        "linestring" => GeometryValue::LineString { coordinates: positions(cell)? },
        "polygon" => GeometryValue::Polygon { coordinates: lines(cell)? },
        "multipoint" => GeometryValue::MultiPoint { coordinates: positions(cell)? },
        "multilinestring" => GeometryValue::MultiLineString { coordinates: lines(cell)? },
        "multipolygon" => {
            let coordinates = each(cell, lines)?;
            GeometryValue::MultiPolygon { coordinates }
        }
        other => return Err(format!("its geometry is encoded as `{other}`")),
    };
    Ok(Some(found))
}

fn lines(cell: &Field) -> Result<Vec<Vec<Position>>, String> {
    each(cell, positions)
}

fn positions(cell: &Field) -> Result<Vec<Position>, String> {
    each(cell, position)
}

fn each<T>(cell: &Field, of: impl Fn(&Field) -> Result<T, String>) -> Result<Vec<T>, String> {
    match cell {
        Field::ListInternal(list) => list.elements().iter().map(of).collect(),
        _ => Err("its geometry is no list of coordinates".to_owned()),
    }
}

fn position(cell: &Field) -> Result<Position, String> {
    let Field::Group(row) = cell else {
        return Err("its coordinates are no `x` and `y`".to_owned());
    };
    let number = |wanted: &str| {
        row.get_column_iter().find(|(name, _)| *name == wanted).and_then(|(_, field)| match field {
            Field::Double(number) => Some(*number),
            Field::Float(number) => Some(f64::from(*number)),
            _ => None,
        })
    };
    match (number("x"), number("y")) {
        (Some(x), Some(y)) => Ok(Position::from(vec![x, y])),
        _ => Err("its coordinates are no `x` and `y`".to_owned()),
    }
}

//! Layers as `GeoPackage`, for QGIS and GDAL.

use std::io::{self, Write};

use rusqlite::types::Value as Cell;

use super::package::{Kind, Package, Table};
use super::{About, ExportError, Writer};
use crate::geometry::Bounds;
use crate::layer::{Feature, Layer};
use crate::store::wkb;
use crate::table::Value;

/// A layer as one table of features on EPSG:27700, its columns by their ids; how it was made is in
/// the table's description.
#[derive(Debug)]
pub struct GeoPackage;

impl Writer for GeoPackage {
    fn id(&self) -> &'static str {
        "gpkg"
    }

    fn media_type(&self) -> &'static str {
        "application/geopackage+sqlite3"
    }

    fn write(
        &self,
        layer: &Layer,
        about: About<'_>,
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let refused = |source: io::Error| ExportError::Io { what: layer.id.to_owned(), source };
        for (row, feature) in layer.features.iter().enumerate() {
            let (found, wanted) = (feature.values.len(), layer.columns.len());
            if found != wanted {
                let what = layer.id.to_owned();
                return Err(ExportError::Ragged { what, row: row + 1, found, wanted });
            }
        }
        let description = serde_json::to_string(&serde_json::json!({
            "how_made": about.how_made, "notes": about.notes,
        }))
        .map_err(|error| refused(error.into()))?;
        let kinds: Vec<(&str, Kind)> = layer
            .columns
            .iter()
            .enumerate()
            .map(|(i, column)| (column.id, kind(layer, i)))
            .collect();
        let bounds = layer.features.iter().filter_map(extent).reduce(Bounds::union);
        let points = layer.features.iter().any(|feature| feature.at.is_some());
        let table = Table {
            name: layer.id,
            title: &layer.title,
            description: &description,
            geometry: Some(if points { "POINT" } else { "MULTIPOLYGON" }),
            columns: &kinds,
            bounds,
        };
        let rows = layer.features.iter().map(|feature| {
            let shape = feature.shape.polygons();
            let geometry = match feature.at {
                Some(at) => Some(wkb::point(at)),
                None => (!shape.0.is_empty()).then(|| wkb::polygons(shape)),
            };
            (geometry, feature.values.iter().map(cell).collect())
        });
        let written = Package::new().and_then(|mut package| {
            package.table(&table, rows)?;
            package.bytes()
        });
        let bytes = written.map_err(|error| refused(io::Error::other(error)))?;
        out.write_all(&bytes).and_then(|()| out.flush()).map_err(refused)
    }
}

pub(super) fn extent(feature: &Feature) -> Option<Bounds> {
    feature.at.map_or_else(|| feature.shape.bounds(), |at| Some(Bounds { min: at, max: at }))
}

/// What a column of the layer holds: numbers of two kinds together are numbers with decimals.
pub(super) fn kind(layer: &Layer, column: usize) -> Kind {
    let mut kind = None;
    for feature in &layer.features {
        let this = match feature.values[column] {
            Value::None => continue,
            Value::Count(_) => Kind::Whole,
            Value::Number(_) => Kind::Real,
            Value::Flag(_) => Kind::Flag,
            Value::Text(_) => Kind::Text,
        };
        kind = match kind {
            None => Some(this),
            Some(before) if before == this => Some(this),
            Some(Kind::Whole | Kind::Real) if matches!(this, Kind::Whole | Kind::Real) => {
                Some(Kind::Real)
            }
            Some(_) => return Kind::Text,
        };
    }
    kind.unwrap_or(Kind::Text)
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Count(count) => Cell::Integer(*count),
        Value::Number(number) if number.is_finite() => Cell::Real(*number),
        Value::None | Value::Number(_) => Cell::Null,
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Flag(yes) => Cell::Integer(i64::from(*yes)),
    }
}

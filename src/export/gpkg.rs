//! Layers as `GeoPackage`, for QGIS and GDAL.

use std::io::{self, Write};

use rusqlite::types::Value as Cell;

use super::package::{Kind, Package, Table};
use super::place::{Target, Written, extent};
use super::{About, ExportError, Writer};
use crate::layer::Layer;
use crate::table::Value;

/// A layer as one table of features on the working plane (EPSG:27700 in Great Britain) or in the
/// system asked for, its columns by their ids; how it was made is in the table's description.
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
        let target = Target::plane_or(about.crs)
            .map_err(|source| ExportError::Crs { what: layer.id.to_owned(), source })?;
        let points = layer.features.iter().any(|feature| feature.at.is_some());
        let places = target.places(layer)?;
        let extent = extent(places.iter().flat_map(Written::pairs));
        let table = Table {
            name: layer.id,
            title: &layer.title,
            description: &description,
            geometry: Some(if points { "POINT" } else { "MULTIPOLYGON" }),
            columns: &kinds,
            extent,
        };
        let rows = layer
            .features
            .iter()
            .zip(&places)
            .map(|(feature, place)| (place.wkb(), feature.values.iter().map(cell).collect()));
        let written = Package::new(&target.srs()).and_then(|mut package| {
            package.table(&table, rows)?;
            package.bytes()
        });
        let bytes = written.map_err(|error| refused(io::Error::other(error)))?;
        out.write_all(&bytes).and_then(|()| out.flush()).map_err(refused)
    }
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

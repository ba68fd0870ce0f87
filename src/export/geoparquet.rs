//! Layers as `GeoParquet`, for `DuckDB`, `GeoPandas`, QGIS and Spark.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::gpkg::kind;
use super::package::Kind;
use super::place::{Target, Written, extent};
use super::{About, ExportError, Writer};
use crate::layer::Layer;
use crate::store::geoparquet::{Column, Geometry, encode_about};
use crate::table::Value;

/// A layer as one table with a column `geometry` on the working plane (EPSG:27700 in Great Britain) or in
/// the system asked for (`GeoParquet` 1.1), its columns by their ids; how it was made is in the file's metadata under `wardheat`, as JSON.
#[derive(Debug)]
pub struct GeoParquet;

impl Writer for GeoParquet {
    fn id(&self) -> &'static str {
        "parquet"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.apache.parquet"
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
            "title": layer.title, "how_made": about.how_made, "notes": about.notes,
        }))
        .map_err(|error| refused(error.into()))?;
        let kinds: Vec<Kind> = (0..layer.columns.len()).map(|i| kind(layer, i)).collect();
        let mut schema = format!("message {} {{\n", layer.id.replace('-', "_"));
        for (column, kind) in layer.columns.iter().zip(&kinds) {
            let _ = writeln!(schema, "    OPTIONAL {};", field(*kind, column.id));
        }
        schema += "    OPTIONAL BYTE_ARRAY geometry;\n}";
        let mut columns: Vec<Column> =
            kinds.iter().enumerate().map(|(i, kind)| cells(layer, i, *kind)).collect();
        let target = Target::plane_or(about.crs)
            .map_err(|source| ExportError::Crs { what: layer.id.to_owned(), source })?;
        let places = target.places(layer)?;
        columns.push(Column::geometries(places.iter().map(Written::wkb)));
        let points = layer.features.iter().any(|feature| feature.at.is_some());
        let geometry_type = if points { "Point" } else { "MultiPolygon" };
        let geometry = Geometry {
            kind: geometry_type,
            definition: target.definition(),
            extent: extent(places.iter().flat_map(Written::pairs)),
        };
        let bytes = encode_about(&schema, &geometry, &columns, Some(("wardheat", description)))
            .map_err(|error| refused(io::Error::other(error)))?;
        out.write_all(&bytes).and_then(|()| out.flush()).map_err(refused)
    }
}

fn field(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Text => format!("BYTE_ARRAY {name} (STRING)"),
        Kind::Whole => format!("INT64 {name}"),
        Kind::Real => format!("DOUBLE {name}"),
        Kind::Flag => format!("BOOLEAN {name}"),
    }
}

/// The cells of one column, all of one kind.
fn cells(layer: &Layer, column: usize, kind: Kind) -> Column {
    let values = || layer.features.iter().map(move |feature| &feature.values[column]);
    match kind {
        Kind::Flag => Column::Flag(
            values().map(|v| if let Value::Flag(yes) = v { Some(*yes) } else { None }).collect(),
        ),
        Kind::Whole => Column::Long(
            values().map(|v| if let Value::Count(n) = v { Some(*n) } else { None }).collect(),
        ),
        Kind::Real => Column::Real(
            values()
                .map(|value| match value {
                    Value::Number(number) => Some(*number).filter(|number| number.is_finite()),
                    Value::Count(count) => Some(*count as f64),
                    _ => None,
                })
                .collect(),
        ),
        Kind::Text => {
            let text = |value: &Value| match value {
                Value::None => None,
                Value::Text(text) => Some(text.clone()),
                Value::Count(count) => Some(count.to_string()),
                Value::Number(number) => Some(number.to_string()),
                Value::Flag(yes) => Some(yes.to_string()),
            };
            let texts: Vec<Option<String>> = values().map(text).collect();
            Column::texts(texts.iter().map(Option::as_deref))
        }
    }
}

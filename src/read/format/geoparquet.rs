//! Parquet and GeoParquet: columns, with geometry as well-known binary or in columns of its own where
//! there is one.

use std::borrow::Cow;

use bytes::Bytes;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use serde_json::Value;

use super::super::encoding::Encoding;
use super::super::english::{hint, name, unread};
use super::super::record::{RawRecord, RawTable, Rows};
use super::super::{LoadedFile, ReadError, brief};
use super::features::{broken, contained, plain_number, plain_time, send, stated_crs, table};
use super::workbook::refused;
use super::{Format, geoarrow, parquet_promises, wkb};
use crate::workspace::Crs;

/// Parquet, with or without geometry.
pub(super) struct GeoParquet;

impl Format for GeoParquet {
    fn id(&self) -> &'static str {
        "parquet"
    }

    fn label(&self) -> &'static str {
        name::PARQUET
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(b"PAR1")
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = Bytes::from(file.bytes()?.into_owned());
        let promises = |wrong: String| broken(file, None, wrong);
        parquet_promises::schema(&bytes).map_err(promises)?;
        let (columns, geometry, crs) = contained(file, || {
            let reader = SerializedFileReader::new(bytes.clone()).map_err(|e| wrong(file, &e))?;
            parquet_promises::pages(&bytes, reader.metadata()).map_err(promises)?;
            let metadata = reader.metadata().file_metadata();
            let stated = metadata
                .key_value_metadata()
                .and_then(|all| all.iter().find(|entry| entry.key == "geo"))
                .and_then(|entry| entry.value.as_deref());
            let (geometry, crs) = match stated {
                None => (None, None),
                Some(text) => geometry_column(file, text)?,
            };
            let fields = metadata.schema_descr().root_schema().get_fields();
            let names: Vec<String> = fields.iter().map(|field| field.name().to_owned()).collect();
            let at = geometry.and_then(|geometry| {
                let at = names.iter().position(|column| *column == geometry.column)?;
                Some((at, geometry.native))
            });
            Ok((names, at, crs))
        })?;
        let n_columns = columns.len();
        let columns = columns
            .into_iter()
            .enumerate()
            .filter(|(i, _)| geometry.is_none_or(|(at, _)| at != *i));
        let columns = columns.map(|(_, name)| name).collect();
        let rows = ColumnRows { file, bytes, n_columns, geometry };
        table(self.id(), Encoding::Utf8, file, columns, crs, rows)
    }
}

/// Cells that the smallest file may have ...
const LEAST_CELLS: u64 = 20_000_000;
/// ... and more of them for each byte: a column may be the same value a million times over.
const CELLS_PER_BYTE: u64 = 50;

struct ColumnRows<'a> {
    file: &'a LoadedFile,
    bytes: Bytes,
    n_columns: usize,
    /// Column of the geometry, and its encoding where it is not well-known binary.
    geometry: Option<(usize, Option<&'static str>)>,
}

/// The column of the geometry, as the metadata name it.
struct Named {
    column: String,
    /// Encoding where it is not well-known binary.
    native: Option<&'static str>,
}

impl Rows for ColumnRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let file = self.file;
        let mut rows = contained(file, || {
            let reader =
                SerializedFileReader::new(self.bytes.clone()).map_err(|e| wrong(file, &e))?;
            Ok(RowIter::from_file_into(Box::new(reader)))
        })?;
        let most = LEAST_CELLS + self.bytes.len() as u64 * CELLS_PER_BYTE;
        let most = most / self.n_columns.max(1) as u64;
        for number in 1.. {
            let row = contained(file, || rows.next().transpose().map_err(|e| wrong(file, &e)))?;
            let Some(row) = row else { break };
            if number > most {
                let message = "it has more rows than its bytes can tell apart";
                return Err(broken(file, Some(number), message));
            }
            let mut cells = Vec::with_capacity(self.n_columns);
            let mut shape = None;
            for (i, (_, field)) in row.get_column_iter().enumerate() {
                let read = match (self.geometry, field) {
                    (Some((at, Some(native))), field) if at == i => geoarrow::read(native, field),
                    (Some((at, None)), Field::Bytes(blob)) if at == i => wkb::read(blob.data()),
                    (Some((at, None)), _) if at == i => Ok(None),
                    _ => {
                        cells.push(text(field));
                        continue;
                    }
                };
                shape = read.map_err(|error| broken(file, Some(number), error))?;
            }
            send(sink, number, &cells, shape.as_ref());
        }
        Ok(())
    }
}

fn wrong(file: &LoadedFile, error: &parquet::errors::ParquetError) -> ReadError {
    let message = error.to_string();
    match message.split_once("Disabled feature at compile time: ") {
        Some((_, codec)) => refused(file, unread::compressed(codec), hint::OTHER_COMPRESSION),
        None => broken(file, None, message),
    }
}

/// Name and coordinate system of the geometry column, as GeoParquet 1.x states them.
fn geometry_column(
    file: &LoadedFile,
    text: &str,
) -> Result<(Option<Named>, Option<Crs>), ReadError> {
    let geo: Value = serde_json::from_str(text)
        .map_err(|error| broken(file, None, format!("its `geo` metadata is no JSON: {error}")))?;
    let Some(name) = geo["primary_column"].as_str() else { return Ok((None, None)) };
    let column = &geo["columns"][name];
    let native = match column["encoding"].as_str() {
        None | Some("WKB") => None,
        Some(stated) => match geoarrow::NATIVE.into_iter().find(|native| *native == stated) {
            Some(native) => Some(native),
            None => {
                return Err(refused(
                    file,
                    unread::encoded_geometry(&brief(stated, 80)),
                    hint::AS_WKB,
                ));
            }
        },
    };
    let crs = match column.get("crs") {
        // Absent means longitude and latitude, null means not known.
        None => Some(Crs::LonLat),
        Some(Value::Null) => None,
        Some(stated) => {
            let id = &stated["id"];
            let code = match (&id["authority"], &id["code"]) {
                (Value::String(authority), Value::Number(code)) => {
                    Some(format!("{authority}:{code}"))
                }
                (Value::String(authority), Value::String(code)) => {
                    Some(format!("{authority}:{code}"))
                }
                _ => None,
            };
            Some(stated_crs(file, &code.unwrap_or_else(|| stated.to_string()))?)
        }
    };
    Ok((Some(Named { column: name.to_owned(), native }), crs))
}

fn text(field: &Field) -> Cow<'_, str> {
    let owned = match field {
        Field::Null | Field::Bytes(_) => return Cow::Borrowed(""),
        Field::Str(text) => plain_time(text.clone()),
        Field::Double(number) => plain_number(*number),
        Field::Float(number) => plain_number(f64::from(*number)),
        Field::TimestampMillis(_) | Field::TimestampMicros(_) => moment(field),
        other => other.to_string().trim_matches('"').to_owned(),
    };
    Cow::Owned(owned)
}

/// A time as `2025-04-03 14:30:00`, as it stands in the file: times there have no zone or are UTC.
fn moment(field: &Field) -> String {
    let micros = match field {
        Field::TimestampMillis(millis) => millis.checked_mul(1000),
        Field::TimestampMicros(micros) => Some(*micros),
        _ => None,
    };
    let time = micros.and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok());
    time.map(|time| {
        jiff::tz::Offset::UTC.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(bytes: &'static [u8]) -> Vec<(String, Option<geojson::GeometryValue>)> {
        let file = LoadedFile::from_bytes("f.parquet", bytes);
        let table = GeoParquet.open(&file).unwrap();
        let mut rows = Vec::new();
        table.rows.each(&mut |row| rows.push((row.text(), row.geometry.cloned()))).unwrap();
        rows
    }

    #[test]
    fn geometry_in_columns_of_its_own_is_that_of_well_known_binary() {
        let native = shapes(include_bytes!("../../../tests/data/geoparquet/wards_native.parquet"));
        let binary = shapes(include_bytes!("../../../tests/data/geoparquet/wards_wkb.parquet"));

        assert!(native.iter().all(|(_, shape)| shape.is_some()));
        assert_eq!(native, binary);
    }

    #[test]
    fn a_point_in_columns_of_its_own_may_be_missing() {
        let rows = shapes(include_bytes!("../../../tests/data/geoparquet/points_native.parquet"));

        let place = geojson::Position::from(vec![444_500.0, 519_000.0]);
        let wanted = Some(geojson::GeometryValue::Point { coordinates: place });
        assert_eq!(rows, [("A".to_owned(), wanted), ("B".to_owned(), None)]);
    }
}

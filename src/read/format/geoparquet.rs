//! Parquet and GeoParquet: columns, with geometry as well-known binary where there is one.

use std::borrow::Cow;

use bytes::Bytes;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use serde_json::Value;

use super::super::encoding::Encoding;
use super::super::record::{RawRecord, RawTable, Rows};
use super::super::{LoadedFile, ReadError};
use super::features::{broken, contained, plain_number, plain_time, send, stated_crs, table};
use super::wkb;
use super::{Format, parquet_promises};
use crate::workspace::Crs;

/// Parquet, with or without geometry.
pub(super) struct GeoParquet;

impl Format for GeoParquet {
    fn id(&self) -> &'static str {
        "parquet"
    }

    fn label(&self) -> &'static str {
        "Parquet and GeoParquet"
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
            let at = geometry.and_then(|name| names.iter().position(|column| *column == name));
            Ok((names, at, crs))
        })?;
        let n_columns = columns.len();
        let columns = columns.into_iter().enumerate().filter(|(i, _)| Some(*i) != geometry);
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
    geometry: Option<usize>,
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
                if Some(i) == self.geometry {
                    if let Field::Bytes(blob) = field {
                        shape =
                            wkb::read(blob.data()).map_err(|e| broken(file, Some(number), e))?;
                    }
                } else {
                    cells.push(text(field));
                }
            }
            send(sink, number, &cells, shape.as_ref());
        }
        Ok(())
    }
}

fn wrong(file: &LoadedFile, error: &parquet::errors::ParquetError) -> ReadError {
    broken(file, None, error.to_string())
}

/// Name and coordinate system of the geometry column, as GeoParquet 1.x states them.
fn geometry_column(
    file: &LoadedFile,
    text: &str,
) -> Result<(Option<String>, Option<Crs>), ReadError> {
    let geo: Value = serde_json::from_str(text)
        .map_err(|error| broken(file, None, format!("its `geo` metadata is no JSON: {error}")))?;
    let Some(name) = geo["primary_column"].as_str() else { return Ok((None, None)) };
    let column = &geo["columns"][name];
    if let Some(encoding) = column["encoding"].as_str().filter(|encoding| *encoding != "WKB") {
        let message = format!("its geometry is encoded as `{encoding}`; wanted WKB");
        return Err(broken(file, None, message));
    }
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
    Ok((Some(name.to_owned()), crs))
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

//! Features in memory: what geodata formats give, whatever their bytes.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use geojson::GeometryValue;

use super::super::encoding::Encoding;
use super::super::record::{FileFacts, RawRecord, RawTable, Rows, Values};
use super::super::{LoadedFile, ReadError};
use crate::workspace::Crs;

/// Cells and geometry of one feature.
pub(super) type Row = (Vec<Cow<'static, str>>, Option<GeometryValue>);

/// Features in file order.
pub(super) struct Features(pub(super) Vec<Row>);

impl Rows for Features {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        for (i, (cells, geometry)) in self.0.iter().enumerate() {
            sink(&RawRecord {
                values: Values::Properties(cells),
                geometry: geometry.as_ref(),
                line: i as u64 + 1,
                fault: None,
            });
        }
        Ok(())
    }
}

/// The table of a file's features.
///
/// # Errors
///
/// [`ReadError::NoRows`] if there are none.
pub(super) fn table(
    format: &'static str,
    encoding: Encoding,
    file: &LoadedFile,
    columns: Vec<String>,
    crs: Option<Crs>,
    rows: Vec<Row>,
) -> Result<RawTable<'static>, ReadError> {
    if rows.is_empty() {
        return Err(ReadError::NoRows(file.name.clone()));
    }
    let facts =
        FileFacts { format, encoding, delimiter: None, preamble: Vec::new(), mojibake: false };
    Ok(RawTable { file: file.name.clone(), columns, crs, facts, rows: Box::new(Features(rows)) })
}

/// The coordinate system a file states, or an error that names it.
pub(super) fn stated_crs(file: &LoadedFile, name: &str) -> Result<Crs, ReadError> {
    Crs::from_name(name)
        .ok_or_else(|| ReadError::UnknownCrs { file: file.name.clone(), crs: name.to_owned() })
}

/// A file that cannot be taken apart.
pub(super) fn broken(
    file: &LoadedFile,
    line: Option<u64>,
    message: impl Into<String>,
) -> ReadError {
    ReadError::Broken { file: file.name.clone(), line, message: message.into() }
}

/// Runs a reader of another library on bytes that nobody vouches for. Such a reader may give up by
/// panicking on a damaged file; that is an error of the file, not of the program.
pub(super) fn contained<T>(
    file: &LoadedFile,
    read: impl FnOnce() -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(broken(file, None, "it is damaged: its parts contradict each other"))
    })
}

/// `2025-04-03T14:30:00.000Z` as `2025-04-03 14:30:00`; other texts as they are.
pub(super) fn plain_time(text: String) -> String {
    match text.split_once('T') {
        Some((day, time)) if day.len() == 10 && day.as_bytes().get(4) == Some(&b'-') => {
            let time = time.strip_suffix('Z').unwrap_or(time);
            let time = time.strip_suffix(".000").unwrap_or(time);
            format!("{day} {time}")
        }
        _ => text,
    }
}

/// A number as the text that was meant: no decimals where it is whole.
pub(super) fn plain_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e17 {
        format!("{number:.0}")
    } else if number.is_finite() {
        number.to_string()
    } else {
        String::new()
    }
}

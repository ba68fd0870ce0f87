//! Features: what geodata formats give, one by one, whatever their bytes.

use std::borrow::Cow;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use geojson::GeometryValue;

use super::super::encoding::Encoding;
use super::super::record::{FileFacts, RawRecord, RawTable, Rows, Values};
use super::super::{LoadedFile, ReadError, brief};
use crate::workspace::Crs;

/// Longest definition of a coordinate system.
const LONGEST_CRS: usize = 64 << 10;

/// Most letters of a message that may quote the file.
const LONGEST_MESSAGE: usize = 400;

/// Most columns of a table of features: what SQLite takes too.
pub(super) const MOST_COLUMNS: usize = 2000;

/// The feature with this number, from 1, to whoever wants it.
pub(super) fn send(
    sink: &mut dyn FnMut(&RawRecord<'_>),
    number: u64,
    cells: &[Cow<'_, str>],
    geometry: Option<&GeometryValue>,
) {
    sink(&RawRecord { values: Values::Properties(cells), geometry, line: number, fault: None });
}

/// The table of a file's features, which `rows` takes from its bytes one by one.
///
/// # Errors
///
/// [`ReadError::Broken`] if there are more columns than [`MOST_COLUMNS`].
pub(super) fn table<'a>(
    format: &'static str,
    encoding: Encoding,
    file: &LoadedFile,
    columns: Vec<String>,
    crs: Option<Crs>,
    rows: impl Rows + 'a,
) -> Result<RawTable<'a>, ReadError> {
    if columns.len() > MOST_COLUMNS {
        return Err(too_wide(file));
    }
    let facts = FileFacts {
        format,
        encoding,
        delimiter: None,
        preamble: Vec::new(),
        mojibake: false,
        notes: Vec::new(),
    };
    let rows = Box::new(NotEmpty { file: file.name.clone(), rows });
    Ok(RawTable { file: file.name.clone(), columns, crs, facts, rows })
}

/// A table with more columns than any layer has.
pub(super) fn too_wide(file: &LoadedFile) -> ReadError {
    broken(file, None, format!("it has more than {MOST_COLUMNS} columns"))
}

/// Features of which there must be one at least.
struct NotEmpty<R> {
    file: String,
    rows: R,
}

impl<R: Rows> Rows for NotEmpty<R> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let mut any = false;
        self.rows.each(&mut |row| {
            any = true;
            sink(row);
        })?;
        if any { Ok(()) } else { Err(ReadError::NoRows(self.file.clone())) }
    }
}

/// The coordinate system a file states, or an error that names it.
pub(super) fn stated_crs(file: &LoadedFile, name: &str) -> Result<Crs, ReadError> {
    let known = if name.len() <= LONGEST_CRS { Crs::from_name(name) } else { None };
    known.ok_or_else(|| ReadError::UnknownCrs {
        file: file.name.clone(),
        crs: brief(name, LONGEST_MESSAGE).into_owned(),
    })
}

/// A file that cannot be taken apart.
pub(super) fn broken(
    file: &LoadedFile,
    line: Option<u64>,
    message: impl Into<String>,
) -> ReadError {
    let message = brief(&message.into(), LONGEST_MESSAGE).into_owned();
    ReadError::Broken { file: file.name.clone(), line, message }
}

thread_local! {
    /// Whether this thread is inside [`contained`].
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a reader of another library on bytes that nobody vouches for. Such a reader may give up by
/// panicking on a damaged file; that is an error of the file, not of the program, and is told as
/// one: nothing else is printed.
pub(super) fn contained<T>(
    file: &LoadedFile,
    read: impl FnOnce() -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CONTAINED.get() {
                usual(info);
            }
        }));
    });
    let outer = CONTAINED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(read));
    CONTAINED.set(outer);
    done.unwrap_or_else(|_| {
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

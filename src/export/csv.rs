//! Tables as CSV for spreadsheets.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{About, ExportError, Writer};
use crate::layer::Layer;
use crate::table::{Table, Value};

/// The figures of a layer without outlines; how it was made goes beside it.
#[derive(Debug)]
pub struct Csv;

impl Writer for Csv {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv; charset=utf-8"
    }

    fn write(&self, layer: &Layer, _: About<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        write_table(&layer.table(), out)
    }
}

/// Writes a table as CSV (RFC 4180, UTF-8 without a mark, lines end in a line feed).
///
/// The first line has the ids of the columns. Nothing is an empty cell, a number has every digit
/// that it needs to read back the same, yes and no are `true` and `false`.
///
/// A spreadsheet takes a text that starts with `=`, `+`, `-`, `@` (or their full-width forms), a
/// tab or a line break for a formula, and may run it. One apostrophe is put before such a text, as
/// spreadsheets themselves do for text; a program that wants the text back takes it off. Numbers
/// are left as they are.
///
/// # Errors
///
/// [`ExportError::Ragged`] if a row does not fit the columns, [`ExportError::Io`] if `out` refuses.
pub fn write_table(table: &Table, out: &mut dyn Write) -> Result<(), ExportError> {
    let refused = |error: ::csv::Error| ExportError::Io {
        what: table.id.clone(),
        source: io::Error::from(error),
    };
    let mut lines = ::csv::Writer::from_writer(out);
    lines.write_record(table.columns.iter().map(|column| column.id)).map_err(refused)?;
    for (row, cells) in table.rows.iter().enumerate() {
        let (found, wanted) = (cells.len(), table.columns.len());
        if found != wanted {
            return Err(ExportError::Ragged {
                what: table.id.clone(),
                row: row + 1,
                found,
                wanted,
            });
        }
        lines
            .write_record(cells.iter().map(text).map(Cow::into_owned).collect::<Vec<_>>())
            .map_err(refused)?;
    }
    lines.flush().map_err(|source| ExportError::Io { what: table.id.clone(), source })
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::None => "".into(),
        Value::Count(count) => count.to_string().into(),
        Value::Number(number) => self::number(*number).into(),
        Value::Flag(true) => "true".into(),
        Value::Flag(false) => "false".into(),
        Value::Text(text) => guarded(text),
    }
}

/// The shortest text that reads back as `number`; nothing where it is undefined.
fn number(number: f64) -> String {
    if !number.is_finite() {
        String::new()
    } else if number == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e15).contains(&number.abs()) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    if text.starts_with(STARTS) { format!("'{text}").into() } else { text.into() }
}

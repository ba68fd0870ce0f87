//! Walking distances that were worked out elsewhere: from demand points to halls.

use super::english::fault;
use super::{LoadedFile, ReadError, format};

/// One way: from which demand point to which hall, and how far.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Id of the demand point.
    pub point: String,
    /// Id of the hall.
    pub venue: String,
    /// Metres; `None` where there is no way.
    pub metres: Option<f64>,
}

/// Reads delimited text with the columns `point`, `venue_id` and `metres`; an empty cell of `metres`
/// says that there is no way.
///
/// # Errors
///
/// [`ReadError`] if a column is missing, a cell cannot be read, or there is no row.
pub fn read_walks(file: &LoadedFile) -> Result<Vec<WalkRow>, ReadError> {
    let table = format::open(file)?;
    let column = |name: &str| {
        let at = table.columns.iter().position(|column| column.eq_ignore_ascii_case(name));
        at.ok_or_else(|| ReadError::no_column(&file.name, name, &table.columns, "a column"))
    };
    let (point, venue, metres) = (column("point")?, column("venue_id")?, column("metres")?);
    let mut rows = Vec::new();
    let mut wrong = None;
    table.rows.each(&mut |row| {
        if wrong.is_some() {
            return;
        }
        let text = row.get(metres).to_owned();
        let far = if text.is_empty() { Ok(None) } else { text.parse::<f64>().map(Some) };
        match far {
            Ok(far) if far.is_none_or(|far| far.is_finite() && far >= 0.0) => {
                let (point, venue) = (row.get(point).to_owned(), row.get(venue).to_owned());
                rows.push(WalkRow { line: row.line, point, venue, metres: far });
            }
            _ => {
                wrong = Some(ReadError::Broken {
                    file: file.name.clone(),
                    line: Some(row.line),
                    message: fault::metres(&text),
                });
            }
        }
    })?;
    match wrong {
        Some(wrong) => Err(wrong),
        None if rows.is_empty() => Err(ReadError::NoRows(file.name.clone())),
        None => Ok(rows),
    }
}

//! Rows as a format hands them on: text under named columns, before any meaning.

use std::borrow::Cow;

use geojson::GeometryValue;

use crate::workspace::Crs;

use super::{Encoding, ReadError};

/// A row that holds no record, or cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// Every cell is empty.
    Blank,
    /// The header again.
    RepeatedHeader,
    /// A total or a note below the data.
    Footer,
    /// More or fewer cells than the header has.
    WrongLength {
        /// Cells there are.
        cells: usize,
        /// Cells the header has.
        wanted: usize,
    },
}

/// The cells of a row.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// Of delimited text.
    Row(&'a csv::StringRecord),
    /// Of a feature's properties.
    Properties(&'a [Cow<'a, str>]),
}

/// One row of a file: cells as text, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct RawRecord<'a> {
    /// Cells, in the order of the table's columns.
    pub values: Values<'a>,
    /// Geometry, where the format has one.
    pub geometry: Option<&'a GeometryValue>,
    /// Line in a text file, or number of the feature; from 1.
    pub line: u64,
    /// What keeps it from being a record, if anything.
    pub fault: Option<RowFault>,
}

impl<'a> RawRecord<'a> {
    /// Cell `column`, outer space removed; empty where the row has none.
    pub fn get(&self, column: usize) -> &'a str {
        match self.values {
            Values::Row(row) => row.get(column).unwrap_or_default().trim(),
            Values::Properties(cells) => cells.get(column).map_or("", |cell| cell.trim()),
        }
    }

    /// Every cell, for an example.
    pub fn text(&self) -> String {
        match self.values {
            Values::Row(row) => row.iter().collect::<Vec<_>>().join(" | "),
            Values::Properties(cells) => cells.join(" | "),
        }
    }
}

/// What the bytes of a file turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub struct FileFacts {
    /// Id of the format.
    pub format: &'static str,
    /// How its letters are coded.
    pub encoding: Encoding,
    /// Between cells, for delimited text.
    pub delimiter: Option<char>,
    /// Lines before the header.
    pub preamble: Vec<String>,
    /// Whether letters such as `Â£` show that the text was once decoded wrongly.
    pub mojibake: bool,
}

/// Something that can send its rows, as often as asked.
pub trait Rows: Send + Sync {
    /// Sends each row to `sink`, in file order.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the structure breaks.
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError>;
}

/// A file taken apart: its columns, and its rows on request.
pub struct RawTable<'a> {
    /// Name of the file.
    pub file: String,
    /// Column names as written.
    pub columns: Vec<String>,
    /// Coordinate system the file states.
    pub crs: Option<Crs>,
    /// What it turned out to be.
    pub facts: FileFacts,
    /// The rows.
    pub rows: Box<dyn Rows + 'a>,
}

impl RawTable<'_> {
    /// Position of the column with this name: exactly, or letter case, spaces and marks apart.
    pub fn column(&self, name: &str) -> Option<usize> {
        let key = super::header_key(name);
        self.columns
            .iter()
            .position(|column| column == name)
            .or_else(|| self.columns.iter().position(|column| super::header_key(column) == key))
    }

    /// [`Self::column`], or an error that lists the columns there are.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoColumn`]; `key` is where the description names it.
    pub fn require(&self, name: &str, key: &'static str) -> Result<usize, ReadError> {
        self.column(name).ok_or_else(|| ReadError::no_column(&self.file, name, &self.columns, key))
    }
}

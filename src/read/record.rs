//! Rows as a format hands them on: text under named columns, before any meaning.

use std::borrow::Cow;
use std::ops::Range;

use geojson::GeometryValue;

use crate::workspace::Crs;

use super::{CutShort, Encoding, ReadError};

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
    /// Of delimited text without quotes: the text of the row's block, and where each cell is.
    Cells(&'a str, &'a [Range<u32>]),
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
            Values::Cells(text, cells) => cells.get(column).map_or("", |cell| cut(text, cell)),
            Values::Properties(cells) => cells.get(column).map_or("", |cell| cell.trim()),
        }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        match self.values {
            Values::Row(row) => row.len(),
            Values::Cells(_, cells) => cells.len(),
            Values::Properties(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every cell, for an example.
    pub fn text(&self) -> String {
        match self.values {
            Values::Row(row) => row.iter().collect::<Vec<_>>().join(" | "),
            Values::Cells(text, cells) => {
                cells.iter().map(|cell| cut(text, cell)).collect::<Vec<_>>().join(" | ")
            }
            Values::Properties(cells) => cells.join(" | "),
        }
    }
}

fn cut<'a>(text: &'a str, cell: &Range<u32>) -> &'a str {
    let cell = text.get(cell.start as usize..cell.end as usize).unwrap_or_default();
    match cell.as_bytes() {
        // Most cells need no trimming, and this runs for every one that is read.
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
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
    /// What else the reader must know, a sentence each.
    pub notes: Vec<String>,
}

/// Something that can send its rows, as often as asked.
pub trait Rows: Send + Sync {
    /// Sends each row to `sink`, in file order.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the structure breaks.
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError>;

    /// The same rows in blocks of about `bytes` bytes, which may be taken apart on many threads;
    /// `None` for a format whose rows come one by one.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if the file cannot be opened again.
    fn blocks(&self, bytes: usize) -> Result<Option<Blocks<'_>>, ReadError> {
        let _ = bytes;
        Ok(None)
    }
}

/// Blocks of rows, in file order.
pub type Blocks<'a> = Box<dyn Iterator<Item = Result<Box<dyn Block>, ReadError>> + Send + 'a>;

/// Some rows of a file, not yet taken apart.
pub trait Block: Send + Sync {
    /// Sends each row to `sink`, in file order.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the structure breaks.
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError>;

    /// Length of its text.
    fn bytes(&self) -> usize;
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

    /// Refuses a table with a column whose name is cut to ten letters, where `cut` says that it could
    /// be that of several fields of its layout.
    ///
    /// # Errors
    ///
    /// [`ReadError::CutShort`].
    pub fn refuse_cut_short(&self, cut: Option<CutShort>) -> Result<(), ReadError> {
        match cut {
            Some(cut) => Err(ReadError::CutShort { file: self.file.clone(), cut }),
            None => Ok(()),
        }
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

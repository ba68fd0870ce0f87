//! What a sheet holds and its reader does not see: rows and columns that are hidden, by hand or by a
//! filter, and formulas that were saved without the value they have.
//!
//! All of it is told: a hidden row is read like any other, since a filter that was left on hides
//! records that count, and a formula without a value reads as empty.

use std::io::{BufReader, Cursor};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::english::sheet as say;
use super::super::{LoadedFile, ReadError};
use super::workbook::damaged;

/// Most columns of a sheet, as Excel has them.
const MOST_COLUMNS: usize = 16_384;

/// Counts of what is not seen in one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unseen {
    /// Hidden rows that hold something, and the number of the first, from 1.
    pub(super) rows: u64,
    pub(super) first_row: u64,
    /// Hidden columns.
    pub(super) columns: u64,
    /// Cells with a formula and no value, and the row of the first, from 1.
    pub(super) formulas: u64,
    pub(super) first_formula: u64,
}

impl Unseen {
    /// Adds `times` hidden rows, of which the first is `row`.
    pub(super) fn add_rows(&mut self, row: u64, times: u64) {
        if self.rows == 0 {
            self.first_row = row;
        }
        self.rows += times;
    }

    /// Adds `times` formulas without a value in `row`.
    pub(super) fn add_formulas(&mut self, row: u64, times: u64) {
        if self.formulas == 0 {
            self.first_formula = row;
        }
        self.formulas += times;
    }

    /// What to tell the reader, a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.rows > 0 {
            notes.push(say::hidden_rows(self.rows, self.first_row));
        }
        if self.columns > 0 {
            notes.push(say::hidden_columns(self.columns));
        }
        if self.formulas > 0 {
            notes.push(say::formulas(self.formulas, self.first_formula));
        }
        notes
    }
}

/// What the sheet `name` of an Excel workbook holds unseen (ECMA-376, part 1, 18.3.1).
///
/// # Errors
///
/// [`ReadError`] if the workbook is damaged.
pub(super) fn of_xlsx(file: &LoadedFile, bytes: &[u8], name: &str) -> Result<Unseen, ReadError> {
    let mut book = Parts {
        file,
        archive: ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(file, &e))?,
    };
    let mut id = None;
    book.each("xl/workbook.xml", |event| {
        if let Happened::Start(element) = event
            && element.local_name().into_inner() == "sheet"
            && attribute(element, "name").as_deref() == Some(name)
        {
            id = attribute(element, "r:id").or_else(|| attribute_ending(element, ":id"));
        }
    })?;
    let mut path = None;
    book.each("xl/_rels/workbook.xml.rels", |event| {
        if let Happened::Start(element) = event
            && element.local_name().into_inner() == "Relationship"
            && id.is_some()
            && attribute(element, "Id") == id
        {
            path = attribute(element, "Target");
        }
    })?;
    // A sheet that is not where it says was refused before.
    let Some(path) = path else { return Ok(Unseen::default()) };
    let path = path.strip_prefix('/').map_or_else(|| format!("xl/{path}"), str::to_owned);
    let mut sheet = Sheet::default();
    book.each(&path, |event| sheet.take(event))?;
    Ok(sheet.finish())
}

/// What is met in a part of a workbook.
enum Happened<'a> {
    Start(&'a BytesStart<'a>),
    Text,
    End(&'a str),
}

struct Parts<'a> {
    file: &'a LoadedFile,
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl Parts<'_> {
    /// Goes through a part; one that is not there holds nothing.
    fn each(&mut self, part: &str, mut on: impl FnMut(&Happened<'_>)) -> Result<(), ReadError> {
        let file = self.file;
        let Ok(content) = self.archive.by_name(part) else { return Ok(()) };
        let mut reader = Reader::from_reader(BufReader::new(content));
        reader.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|e| damaged(file, &e))? {
                Event::Start(element) => on(&Happened::Start(&element)),
                Event::End(element) => on(&Happened::End(element.local_name().into_inner())),
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => on(&Happened::Text),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok()??;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// The first attribute whose name ends so, whatever its namespace is called.
fn attribute_ending(element: &BytesStart<'_>, ending: &str) -> Option<String> {
    let mut all = element.attributes();
    let found = all.with_checks(false).flatten().find(|each| each.key.0.ends_with(ending))?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// A sheet while it is gone through.
#[derive(Default)]
struct Sheet {
    unseen: Unseen,
    /// Hidden columns, from 1, both ends included.
    hidden: Vec<(usize, usize)>,
    /// Columns that hold something.
    used: Vec<bool>,
    row: u64,
    row_is_hidden: bool,
    row_holds: bool,
    column: usize,
    cell: Cell,
    in_value: bool,
}

/// The cell that is gone through.
#[derive(Default)]
struct Cell {
    has_formula: bool,
    is_text: bool,
    has_value: bool,
}

impl Sheet {
    fn take(&mut self, event: &Happened<'_>) {
        match event {
            Happened::Start(element) => self.start(element),
            Happened::Text if self.in_value => self.cell.has_value = true,
            Happened::Text => {}
            Happened::End(name) => self.end(name),
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let yes = |name| matches!(attribute(element, name).as_deref(), Some("1" | "true"));
        match element.local_name().into_inner() {
            "col" if yes("hidden") => {
                let end = |name| attribute(element, name).and_then(|n| n.parse().ok());
                if let (Some(min), Some(max)) = (end("min"), end("max")) {
                    self.hidden.push((min, max));
                }
            }
            "row" => {
                let number = attribute(element, "r").and_then(|n| n.parse().ok());
                self.row = number.unwrap_or(self.row + 1);
                self.row_is_hidden = yes("hidden");
                self.row_holds = false;
                self.column = 0;
            }
            "c" => {
                let place = attribute(element, "r").and_then(|place| column_of(&place));
                self.column = place.unwrap_or(self.column + 1);
                let is_text = attribute(element, "t").as_deref() == Some("str");
                self.cell = Cell { is_text, ..Cell::default() };
            }
            "f" => self.cell.has_formula = true,
            // The text of a cell may be in its own element.
            "v" | "t" => self.in_value = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "v" | "t" => self.in_value = false,
            "c" => {
                if self.cell.has_value {
                    self.row_holds = true;
                    if (1..=MOST_COLUMNS).contains(&self.column) {
                        if self.used.len() < self.column {
                            self.used.resize(self.column, false);
                        }
                        self.used[self.column - 1] = true;
                    }
                } else if self.cell.has_formula && !self.cell.is_text {
                    // A text that is computed may well be none.
                    self.unseen.add_formulas(self.row, 1);
                }
            }
            "row" if self.row_is_hidden && self.row_holds => self.unseen.add_rows(self.row, 1),
            _ => {}
        }
    }

    fn finish(mut self) -> Unseen {
        let is_hidden =
            |column: usize| self.hidden.iter().any(|(a, b)| (*a..=*b).contains(&column));
        let hidden = (1..).zip(&self.used).filter(|(column, used)| **used && is_hidden(*column));
        self.unseen.columns = hidden.count() as u64;
        self.unseen
    }
}

/// Number of the column of a cell such as `AB12`, from 1.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.fold(0_usize, |all, letter| {
        all.saturating_mul(26).saturating_add(usize::from(letter - b'A') + 1)
    });
    (number > 0).then_some(number)
}

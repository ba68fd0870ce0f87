//! The cells of a sheet as text, and the table in them.
//!
//! What is empty takes no room, and a text that many cells share is held once: a sheet never takes
//! much more memory than the text it came from, whatever its corners say.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::encoding::Encoding;
use super::super::english::{fault, hint, unread};
use super::super::record::{FileFacts, RawRecord, RawTable, Rows, Values};
use super::super::{LoadedFile, ReadError};
use super::delimited::fault;
use super::features::broken;
use super::split::MOST_CELLS as MOST_COLUMNS;
use super::unseen::Unseen;
use super::workbook::{damaged, refused};
use super::{layout, wkt};

/// Most rows of a sheet, as spreadsheets have them.
pub(super) const MOST_ROWS: u32 = 1 << 20;

/// Most cells of a sheet, empty ones within its corners included.
const MOST_CELLS: u64 = 50_000_000;

/// Most bytes of one cell: four for each of the letters that Excel takes.
const MOST_OF_CELL: usize = 4 * 32_767;

/// Most bytes of text in all cells.
const MOST_TEXT: usize = 1 << 30;

/// Rows in which the header is looked for.
const LOOKED_AT: u32 = 500;

#[derive(Debug, Clone, Copy)]
struct Cell {
    row: u32,
    column: u32,
    start: u32,
    length: u32,
}

/// Cells of a sheet that hold something.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    text: String,
    cells: Vec<Cell>,
    /// How many rows alike start at a row, where there are several.
    alike: HashMap<u32, u32>,
    /// Where texts that come again and again lie in `text`, by their place in memory.
    shared: HashMap<usize, (u32, u32)>,
    /// What its reader does not see.
    pub(super) unseen: Unseen,
}

impl Sheet {
    /// A cell, by row and column from 0.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if the sheet is larger than any that is read.
    pub(super) fn push(
        &mut self,
        file: &LoadedFile,
        (row, column): (u32, u32),
        text: &str,
    ) -> Result<(), ReadError> {
        if text.len() > MOST_OF_CELL {
            return Err(damaged(file, &format!("row {}: a cell of {} bytes", row + 1, text.len())));
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.place(file, (row, column), (start, text.len() as u32))
    }

    /// A cell whose text lies in memory for as long as the sheet is filled, and is pushed often.
    ///
    /// # Errors
    ///
    /// As for [`Self::push`].
    pub(super) fn push_shared(
        &mut self,
        file: &LoadedFile,
        at: (u32, u32),
        text: &str,
    ) -> Result<(), ReadError> {
        if let Some(&place) = self.shared.get(&(text.as_ptr() as usize)) {
            return self.place(file, at, place);
        }
        self.push(file, at, text)?;
        if let Some(cell) = self.cells.last() {
            self.shared.insert(text.as_ptr() as usize, (cell.start, cell.length));
        }
        Ok(())
    }

    /// The cell pushed last again, further to the right.
    ///
    /// # Errors
    ///
    /// As for [`Self::push`].
    pub(super) fn repeat(&mut self, file: &LoadedFile, column: u32) -> Result<(), ReadError> {
        let Some(&Cell { row, start, length, .. }) = self.cells.last() else { return Ok(()) };
        self.place(file, (row, column), (start, length))
    }

    /// Says that a row stands for several.
    pub(super) fn repeat_row(&mut self, row: u32, times: u32) {
        if times > 1 {
            self.alike.insert(row, times);
        }
    }

    fn place(
        &mut self,
        file: &LoadedFile,
        (row, column): (u32, u32),
        (start, length): (u32, u32),
    ) -> Result<(), ReadError> {
        if row >= MOST_ROWS {
            return Err(damaged(file, &format!("it has more than {MOST_ROWS} rows")));
        }
        if column as usize >= MOST_COLUMNS {
            return Err(too_large(file, row, "it has more than 10,000 columns"));
        }
        if self.text.len() > MOST_TEXT {
            return Err(ReadError::TooLarge { file: file.name.clone(), most: MOST_TEXT as u64 });
        }
        self.cells.push(Cell { row, column, start, length });
        if self.cells.len() as u64 > MOST_CELLS {
            return Err(too_large(file, row, "it has more than 50,000,000 cells"));
        }
        Ok(())
    }

    fn cell(&self, cell: &Cell) -> &str {
        let start = cell.start as usize;
        self.text.get(start..start + cell.length as usize).unwrap_or_default()
    }

    /// Every row from number `from` on to `sink`, with its number: cells from the first column that
    /// holds anything, as many as the row or `width` has.
    fn rows<'s>(
        &'s self,
        from: u32,
        width: usize,
        sink: &mut dyn FnMut(u32, &[Cow<'s, str>]) -> bool,
    ) {
        let left = self.left();
        let mut next = from;
        let mut row: Vec<Cow<'_, str>> = Vec::new();
        for cells in self.cells.chunk_by(|a, b| a.row == b.row) {
            let number = cells[0].row;
            let times = self.alike.get(&number).copied().unwrap_or(1);
            if number.saturating_add(times) <= next {
                continue;
            }
            while next < number {
                if !sink(next, &[]) {
                    return;
                }
                next += 1;
            }
            row.clear();
            for cell in cells {
                let column = (cell.column - left) as usize;
                if column >= row.len() {
                    row.resize(column + 1, Cow::Borrowed(""));
                }
                row[column] = Cow::Borrowed(self.cell(cell));
            }
            if row.len() < width {
                row.resize(width, Cow::Borrowed(""));
            }
            while next < number.saturating_add(times) {
                if !sink(next, &row) {
                    return;
                }
                next += 1;
            }
        }
    }

    /// How many columns of these ranges hold anything.
    pub(super) fn columns_within(&self, ranges: &[(u32, u32)]) -> u64 {
        if ranges.is_empty() {
            return 0;
        }
        let mut used: Vec<u32> = self.cells.iter().map(|cell| cell.column).collect();
        used.sort_unstable();
        used.dedup();
        let within = |column: &&u32| ranges.iter().any(|(from, to)| (*from..*to).contains(*column));
        used.iter().filter(within).count() as u64
    }

    /// First column that holds anything.
    fn left(&self) -> u32 {
        self.cells.iter().map(|cell| cell.column).min().unwrap_or_default()
    }

    /// The table in the sheet, and the number of its header from 1.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if there is none, or the sheet is larger than any that is read.
    pub(super) fn table<'a>(
        mut self,
        format: &'static str,
        file: &'a LoadedFile,
    ) -> Result<(RawTable<'a>, u64), ReadError> {
        self.shared = HashMap::new();
        if !self.cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
            self.cells.sort_by_key(|cell| (cell.row, cell.column));
        }
        let first = self.cells.first().map_or(0, |cell| cell.row);
        let found = layout::find(&self.as_text(first))
            .ok_or_else(|| broken(file, None, fault::NO_HEADER_ROW))?;
        let at = first.saturating_add((found.line - 1) as u32);
        let mut header: Vec<String> = Vec::new();
        self.rows(at, 0, &mut |_, cells| {
            header = cells.iter().map(|cell| cell.trim().to_owned()).collect();
            false
        });
        let last = self.cells.last().map_or(0, |cell| {
            cell.row.saturating_add(self.alike.get(&cell.row).copied().unwrap_or(1))
        });
        if u64::from(last - first.min(last)) * header.len().max(1) as u64 > MOST_CELLS {
            return Err(too_large(file, first, "it has more than 50,000,000 cells"));
        }
        let facts = FileFacts {
            format,
            encoding: Encoding::Utf8,
            delimiter: None,
            preamble: found.preamble,
            mojibake: false,
            notes: self.unseen.notes(),
        };
        let shape = wkt::column(&header);
        let rows = SheetRows { sheet: self, header: header.clone(), from: at + 1, shape };
        let name = file.name.clone();
        let table =
            RawTable { file: name, columns: header, crs: None, facts, rows: Box::new(rows) };
        Ok((table, u64::from(at) + 1))
    }

    /// Its first rows as delimited text, one line each, to find the header as in any other text.
    fn as_text(&self, first: u32) -> String {
        let left = self.left();
        let looked_at = self.cells.iter().take_while(|cell| cell.row < first + LOOKED_AT);
        let width = looked_at.map(|cell| cell.column - left + 1).max().unwrap_or(1) as usize;
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let mut bytes = 0;
        self.rows(first, width, &mut |number, cells| {
            let cells = (0..width).map(|i| {
                cells.get(i).map_or(Cow::Borrowed(""), |c| c.replace(['\n', '\r'], " ").into())
            });
            let cells: Vec<Cow<'_, str>> = cells.collect();
            bytes += cells.iter().map(|cell| cell.len() + 1).sum::<usize>();
            // Writing to memory cannot fail, and a row that could not be written is no header.
            let _ = writer.write_record(cells.iter().map(|cell| cell.as_bytes()));
            number + 1 < first + LOOKED_AT && bytes < layout::LOOKED_AT
        });
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

fn too_large(file: &LoadedFile, row: u32, what: &str) -> ReadError {
    refused(file, unread::large_sheet(row + 1, what), hint::AS_CSV)
}

struct SheetRows {
    sheet: Sheet,
    header: Vec<String>,
    from: u32,
    /// Column of geometries as well-known text.
    shape: Option<usize>,
}

impl Rows for SheetRows {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        self.sheet.rows(self.from, self.header.len(), &mut |number, cells| {
            let cell = self.shape.and_then(|column| cells.get(column));
            let geometry = cell.and_then(|cell| wkt::read(cell));
            let mut row = RawRecord {
                values: Values::Properties(cells),
                geometry: geometry.as_ref(),
                line: u64::from(number) + 1,
                fault: None,
            };
            row.fault = fault(&self.header, &row);
            sink(&row);
            true
        });
        Ok(())
    }
}

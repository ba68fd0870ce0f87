//! Workbooks: the values of one sheet of an Excel (xlsx) or OpenDocument (ods) file.
//!
//! Only values are read. What a reader of the sheet does not see (hidden sheets, pivot caches) may
//! hold personal data that nobody meant to send, so a workbook with any of it is refused whole.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use calamine::{Data, ExcelDateTime, Ods, Range, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::super::encoding::Encoding;
use super::super::record::{FileFacts, RawRecord, RawTable, Rows, Values};
use super::super::{LoadedFile, ReadError};
use super::delimited::fault;
use super::features::{broken, contained, plain_number, plain_time};
use super::{Format, layout};

/// Most bytes that the parts of a workbook may unpack to, for each byte of the file.
const MOST_UNPACKED: u64 = 100;
/// ... or this many, whatever the size of the file.
const LEAST_LIMIT: u64 = 64 << 20;
/// Most cells of a sheet, empty ones within its corners included.
const MOST_CELLS: u64 = 50_000_000;

/// Excel workbooks.
pub(super) struct XlsxBook;

/// OpenDocument spreadsheets.
pub(super) struct OdsBook;

impl Format for XlsxBook {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn label(&self) -> &'static str {
        "Excel workbook (xlsx), values of one visible sheet"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        // The first part of the zip is as a rule `[Content_Types].xml`; other writers start with
        // `_rels/` or `xl/`.
        let name = first_member(head);
        name.is_some_and(|name| {
            name == b"[Content_Types].xml"
                || name.starts_with(b"_rels/")
                || name.starts_with(b"xl/")
        })
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        let parts = parts(file, &bytes)?;
        let refuse = |what: String, hint| Err(refused(file, what, hint));
        if !parts.iter().any(|name| name == "xl/workbook.xml") {
            return refuse("a zip file of office parts without a workbook".to_owned(), AS_CSV);
        }
        if parts.iter().any(|name| name.starts_with("xl/pivotCache/")) {
            return refuse(
                "a workbook with a pivot cache, which holds records that no sheet shows".to_owned(),
                "copy the values of the sheet to a new workbook, or save the sheet as CSV (UTF-8)",
            );
        }
        contained(file, || xlsx_sheet(file, &bytes))
    }
}

impl Format for OdsBook {
    fn id(&self) -> &'static str {
        "ods"
    }

    fn label(&self) -> &'static str {
        "OpenDocument spreadsheet (ods), values of one visible sheet"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        const MIMETYPE: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        head.get(30..30 + MIMETYPE.len()) == Some(MIMETYPE)
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        parts(file, &bytes)?;
        contained(file, || ods_sheet(file, &bytes))
    }
}

fn xlsx_sheet(file: &LoadedFile, bytes: &[u8]) -> Result<RawTable<'static>, ReadError> {
    let wrong = |error: calamine::XlsxError| damaged(file, &error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let name = choose(file, book.sheets_metadata())?;
    let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
    let range = book.worksheet_range(&name).map_err(wrong)?;
    let sheet = Sheet::of(file, &range)?;
    let table = sheet.table(XlsxBook.id(), file)?;
    let offset = range.start().map_or(0, |start| start.0);
    let header = table.1 + u64::from(offset);
    if merged.iter().any(|area| {
        area.start != area.end
            && (u64::from(area.start.0)..=u64::from(area.end.0)).contains(&(header - 1))
    }) {
        return Err(refused(
            file,
            format!("a sheet with merged cells in its header (row {header})"),
            "unmerge the header, so that each column has one name, and save it again",
        ));
    }
    Ok(table.0)
}

fn ods_sheet(file: &LoadedFile, bytes: &[u8]) -> Result<RawTable<'static>, ReadError> {
    let wrong = |error: calamine::OdsError| damaged(file, &error.to_string());
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(wrong)?;
    let name = choose(file, book.sheets_metadata())?;
    let range = book.worksheet_range(&name).map_err(wrong)?;
    Ok(Sheet::of(file, &range)?.table(OdsBook.id(), file)?.0)
}

const AS_CSV: &str = "save the sheet as CSV (UTF-8) and use that";

fn refused(file: &LoadedFile, what: String, hint: &'static str) -> ReadError {
    ReadError::Refused { file: file.name.clone(), what, hint }
}

fn damaged(file: &LoadedFile, message: &str) -> ReadError {
    broken(file, None, format!("the workbook is damaged or cut short ({message})"))
}

/// Name of the first member of a zip file that starts with these bytes.
fn first_member(head: &[u8]) -> Option<&[u8]> {
    if !head.starts_with(b"PK\x03\x04") {
        return None;
    }
    let length = usize::from(u16::from_le_bytes(head.get(26..28)?.try_into().ok()?));
    head.get(30..30 + length)
}

/// Names of the parts, once it is sure that unpacking them takes no more memory than a workbook of
/// this size may.
fn parts(file: &LoadedFile, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let wrong = |error: &dyn std::fmt::Display| damaged(file, &error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| wrong(&e))?;
    let limit = LEAST_LIMIT.max(bytes.len() as u64 * MOST_UNPACKED);
    let mut unpacked = 0;
    let mut names = Vec::with_capacity(archive.len());
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|e| wrong(&e))?;
        if part.encrypted() {
            return Err(refused(file, "a workbook with a password".to_owned(), AS_CSV));
        }
        names.push(part.name().map_err(|e| wrong(&e))?.into_owned());
        // What the directory says of the size may be a lie: count what comes out.
        let mut part = part.take(limit + 1 - unpacked);
        unpacked += std::io::copy(&mut part, &mut std::io::sink()).map_err(|e| wrong(&e))?;
        if unpacked > limit {
            return Err(ReadError::TooLarge { file: file.name.clone(), most: limit });
        }
    }
    Ok(names)
}

/// The sheet to read: the one asked for, or the only one.
fn choose(file: &LoadedFile, sheets: &[calamine::Sheet]) -> Result<String, ReadError> {
    if let Some(hidden) = sheets.iter().find(|sheet| sheet.visible != SheetVisible::Visible) {
        return Err(refused(
            file,
            format!("a workbook with a hidden sheet (`{}`)", hidden.name),
            "unhide it to see what it holds, delete it if it should not be sent, and save again",
        ));
    }
    let names: Vec<&str> = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let listed = || names.join(", ");
    match (&file.part, names.as_slice()) {
        (Some(part), _) => {
            names.iter().find(|name| *name == part).map(|name| (*name).to_owned()).ok_or_else(
                || {
                    refused(
                        file,
                        format!("a workbook without a sheet `{part}` (it has: {})", listed()),
                        PART,
                    )
                },
            )
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(refused(file, "a workbook without a sheet".to_owned(), AS_CSV)),
        (None, _) => {
            Err(refused(file, format!("a workbook of several sheets ({})", listed()), PART))
        }
    }
}

const PART: &str = "name the sheet after the file: `book.xlsx#Sheet1`";

/// The cells of a sheet as text.
struct Sheet {
    rows: Vec<Vec<Cow<'static, str>>>,
    first: u64,
}

impl Sheet {
    fn of(file: &LoadedFile, range: &Range<Data>) -> Result<Self, ReadError> {
        let (rows, columns) = range.get_size();
        if rows as u64 * columns as u64 > MOST_CELLS {
            return Err(ReadError::TooLarge { file: file.name.clone(), most: MOST_CELLS });
        }
        let text = |row: &[Data]| row.iter().map(|cell| Cow::Owned(text(cell))).collect();
        let first = u64::from(range.start().map_or(0, |start| start.0));
        Ok(Self { rows: range.rows().map(text).collect(), first })
    }

    /// The table in the sheet, and the row of its header counted from 1 at the first row that holds
    /// anything.
    fn table<'a>(
        mut self,
        format: &'static str,
        file: &LoadedFile,
    ) -> Result<(RawTable<'a>, u64), ReadError> {
        let found = layout::find(&self.as_text()).ok_or_else(|| ReadError::Broken {
            file: file.name.clone(),
            line: None,
            message: "no row could be a header with column names".to_owned(),
        })?;
        let at = (found.line - 1) as usize;
        let header: Vec<String> = self.rows[at].iter().map(|cell| cell.trim().to_owned()).collect();
        let body = self.rows.split_off(at + 1);
        let facts = FileFacts {
            format,
            encoding: Encoding::Utf8,
            delimiter: None,
            preamble: found.preamble,
            mojibake: false,
        };
        let rows =
            SheetRows { rows: body, header: header.clone(), first: self.first + at as u64 + 2 };
        let table = RawTable {
            file: file.name.clone(),
            columns: header,
            crs: None,
            facts,
            rows: Box::new(rows),
        };
        Ok((table, found.line))
    }

    /// Its first rows as delimited text, one line each, to find the header as in any other text.
    fn as_text(&self) -> String {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in self.rows.iter().take(500) {
            let cells = row.iter().map(|cell| cell.replace(['\n', '\r'], " "));
            // Writing to memory cannot fail, and a row that could not be written is no header.
            let _ = writer.write_record(cells);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

struct SheetRows {
    rows: Vec<Vec<Cow<'static, str>>>,
    header: Vec<String>,
    first: u64,
}

impl Rows for SheetRows {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        for (i, cells) in self.rows.iter().enumerate() {
            let mut row = RawRecord {
                values: Values::Properties(cells),
                geometry: None,
                line: self.first + i as u64,
                fault: None,
            };
            row.fault = fault(&self.header, &row);
            sink(&row);
        }
        Ok(())
    }
}

/// A cell as the text that a reader of the sheet means.
fn text(cell: &Data) -> String {
    match cell {
        // An error in a cell is no value: `#N/A`, as a spreadsheet would save it.
        Data::Empty => String::new(),
        Data::Error(error) => error.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            plain_time(text.clone())
        }
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Int(whole) => whole.to_string(),
        Data::Float(number) => plain_number(*number),
        Data::DateTime(moment) => date(moment),
    }
}

fn date(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() || (0.0..1.0).contains(&serial) {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    if serial.fract() == 0.0 {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;

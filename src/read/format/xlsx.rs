//! Excel workbooks (xlsx): the values of one visible sheet.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};

use super::super::english::{hint, name, unread};
use super::super::record::RawTable;
use super::super::{LoadedFile, ReadError};
use super::features::{contained, plain_number, plain_time};
use super::sheet::Sheet;
use super::workbook::{choose, damaged, first_member, hidden, parts, refused};
use super::{Format, unseen};

/// Folders of a workbook.
const PARTS: [&[u8]; 4] = [b"_rels/", b"xl/", b"docProps/", b"customXml/"];

/// Excel workbooks.
pub(super) struct XlsxBook;

impl Format for XlsxBook {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn label(&self) -> &'static str {
        name::XLSX
    }

    fn recognises(&self, head: &[u8]) -> bool {
        // The first part of the zip is as a rule `[Content_Types].xml`; openpyxl and others start
        // with another.
        let name = first_member(head);
        name.is_some_and(|name| {
            name == b"[Content_Types].xml" || PARTS.iter().any(|part| name.starts_with(part))
        })
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        let parts = parts(file, &bytes)?;
        if !parts.iter().any(|name| name == "xl/workbook.xml") {
            return Err(refused(file, unread::WITHOUT_WORKBOOK.to_owned(), hint::AS_CSV));
        }
        if parts.iter().any(|name| name.starts_with("xl/pivotCache/")) {
            return Err(refused(file, unread::PIVOT_CACHE.to_owned(), hint::WITHOUT_PIVOT));
        }
        let (sheet, merged) = contained(file, || sheet(file, &bytes))?;
        let (table, header) = sheet.table(self.id(), file)?;
        let over_header = |area: &Dimensions| {
            let rows = u64::from(area.start.0)..=u64::from(area.end.0);
            area.start != area.end && rows.contains(&(header - 1))
        };
        if merged.iter().any(over_header) {
            return Err(refused(file, unread::merged_header(header), hint::UNMERGE));
        }
        Ok(table)
    }
}

/// Cells and merged areas of the sheet that is wanted.
fn sheet(file: &LoadedFile, bytes: &[u8]) -> Result<(Sheet, Vec<Dimensions>), ReadError> {
    let wrong = |error: calamine::XlsxError| damaged(file, &error);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let sheets = book.sheets_metadata().to_vec();
    if let Some(unseen) = sheets.iter().find(|sheet| sheet.visible != SheetVisible::Visible) {
        return Err(hidden(file, &unseen.name));
    }
    let names: Vec<&str> = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let names = written_on(&mut book, file, names);
    let name = choose(file, &names)?;
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let mut sheet = Sheet::default();
    let mut cells = book.worksheet_cells_reader(name).map_err(wrong)?;
    while let Some(cell) = cells.next_cell().map_err(wrong)? {
        match cell.get_value() {
            DataRef::Empty | DataRef::SharedString("") => {}
            DataRef::SharedString(shared) if !is_time(shared) => {
                sheet.push_shared(file, cell.get_position(), shared)?;
            }
            other => {
                let text = text(other);
                if !text.is_empty() {
                    sheet.push(file, cell.get_position(), &text)?;
                }
            }
        }
    }
    sheet.unseen = unseen::of_xlsx(file, bytes, name)?;
    Ok((sheet, merged))
}

/// The sheets with a cell, where several are to be chosen from: workbooks start with blank ones.
fn written_on<'n>(
    book: &mut Xlsx<Cursor<&[u8]>>,
    file: &LoadedFile,
    names: Vec<&'n str>,
) -> Vec<&'n str> {
    if file.part.is_some() || names.len() < 2 {
        return names;
    }
    let mut is_blank = |name: &str| {
        let cells = book.worksheet_cells_reader(name);
        cells.is_ok_and(|mut cells| matches!(cells.next_cell(), Ok(None)))
    };
    let written: Vec<&str> = names.iter().copied().filter(|name| !is_blank(name)).collect();
    if written.is_empty() { names } else { written }
}

/// Whether a text may be a moment, which is written otherwise.
fn is_time(text: &str) -> bool {
    text.as_bytes().get(10) == Some(&b'T')
}

/// A cell as the text that a reader of the sheet means.
fn text<'c>(cell: &'c DataRef<'_>) -> Cow<'c, str> {
    Cow::Owned(match cell {
        DataRef::Empty => return Cow::Borrowed(""),
        // An error in a cell is no value: `#N/A`, as a spreadsheet would save it.
        DataRef::Error(error) => error.to_string(),
        DataRef::SharedString(text) => plain_time((*text).to_owned()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            plain_time(text.clone())
        }
        DataRef::Bool(yes) => return Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::Int(whole) => whole.to_string(),
        DataRef::Float(number) => plain_number(*number),
        DataRef::DateTime(moment) => date(moment),
    })
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

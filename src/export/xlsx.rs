//! Tables as one workbook for Excel: a sheet each, and one that says how they were made.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::ExportError;
use crate::table::{Column, Table, Value};

/// Most characters of the name of a sheet.
const LONGEST_NAME: usize = 31;

/// Writes tables as a workbook (Office Open XML), one sheet each, and the lines of `about` as a last
/// sheet. The same tables give the same bytes: the workbook carries no date of its making.
///
/// Numbers are cells of numbers with the decimals of their column, texts are texts whatever they start
/// with, nothing is an empty cell.
///
/// # Errors
///
/// [`ExportError::Workbook`] if a table does not fit a sheet.
pub fn write_workbook(
    tables: &[Table],
    about: &[(String, String)],
) -> Result<Vec<u8>, ExportError> {
    let failed = |source: XlsxError| ExportError::Workbook { reason: source.to_string() };
    let mut book = Workbook::new();
    let undated = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&undated));
    for table in tables {
        sheet(book.add_worksheet(), table).map_err(failed)?;
    }
    let notes = book.add_worksheet();
    notes.set_name("about").map_err(failed)?;
    for (row, (what, text)) in (0..).zip(about) {
        notes.write_string(row, 0, what).map_err(failed)?;
        notes.write_string(row, 1, text).map_err(failed)?;
    }
    notes.autofit();
    book.save_to_buffer().map_err(failed)
}

fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let name: String = table.id.chars().take(LONGEST_NAME).collect();
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (at, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, at, head(column), &bold)?;
    }
    let formats: Vec<Format> = table.columns.iter().map(number_format).collect();
    for (row, cells) in (1..).zip(&table.rows) {
        for ((at, cell), format) in (0..).zip(cells).zip(&formats) {
            match cell {
                Value::None => {}
                Value::Count(n) => drop(sheet.write_number(row, at, *n as f64)?),
                Value::Number(x) => drop(sheet.write_number_with_format(row, at, *x, format)?),
                Value::Text(text) => drop(sheet.write_string(row, at, text)?),
                Value::Flag(yes) => drop(sheet.write_boolean(row, at, *yes)?),
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    Ok(())
}

/// `Rate (per 1,000 of the base)`.
fn head(column: &Column) -> String {
    if column.unit.is_empty() {
        column.label.to_owned()
    } else {
        format!("{} ({})", column.label, column.unit)
    }
}

fn number_format(column: &Column) -> Format {
    let decimals = "0".repeat(usize::from(column.decimals));
    let pattern =
        if decimals.is_empty() { "#,##0".to_owned() } else { format!("#,##0.{decimals}") };
    Format::new().set_num_format(pattern)
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};

    use super::*;

    fn table() -> Table {
        Table {
            id: "kinds".to_owned(),
            title: "Kinds".to_owned(),
            columns: vec![
                Column::new("name", "Name", "", 0),
                Column::new("rate", "Rate", "per 1,000", 1),
                Column::new("count", "Count", "", 0),
            ],
            rows: vec![
                vec!["=SUM(A1)".into(), Value::Number(9.125), Value::Count(74)],
                vec!["Fire".into(), Value::None, Value::Count(0)],
            ],
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let about = [("Window".to_owned(), "Oct to Dec 2025".to_owned())];
        let bytes = write_workbook(&[table()], &about).unwrap();

        let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("kinds").unwrap();

        assert_eq!(sheet.get((0, 1)), Some(&Data::String("Rate (per 1,000)".to_owned())));
        assert_eq!(
            sheet.get((1, 0)),
            Some(&Data::String("=SUM(A1)".to_owned())),
            "a text, no formula"
        );
        assert_eq!(sheet.get((1, 1)), Some(&Data::Float(9.125)));
        assert_eq!(sheet.get((2, 1)), Some(&Data::Empty));
        assert_eq!(book.sheet_names(), ["kinds", "about"]);
    }

    #[test]
    fn the_same_tables_give_the_same_bytes() {
        assert_eq!(
            write_workbook(&[table()], &[]).unwrap(),
            write_workbook(&[table()], &[]).unwrap()
        );
    }
}

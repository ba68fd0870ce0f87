//! Thought-out workbooks.

use super::bounds::{in_memory, refused};
use super::targets::{unzip, zip_of};
/// A workbook whose only sheet is this XML.
fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "x").unwrap();
    let mut parts = unzip(&book.save_to_buffer().unwrap());
    for (name, part) in &mut parts {
        match name.as_str() {
            "xl/worksheets/sheet1.xml" => *part = sheet.as_bytes().to_vec(),
            "xl/sharedStrings.xml" => *part = strings.as_bytes().to_vec(),
            _ => {}
        }
    }
    zip_of(&parts)
}

const SHEET: &str = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;

#[test]
fn a_sheet_of_two_far_corners_is_refused() {
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Ref</t></si></sst>"#;
    let corners = format!(
        r#"{SHEET}<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#
    );
    refused(in_memory("far.xlsx", workbook(&corners, strings)), "far.xlsx", "too large");
    let high = format!(
        r#"{SHEET}<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="4000000000"><c r="A4000000000"><v>1</v></c></row></sheetData></worksheet>"#
    );
    assert!(in_memory("high.xlsx", workbook(&high, strings)).is_err());
}

/// A text as long as a cell can hold, that every cell shares.
#[test]
fn a_text_that_many_cells_share_is_held_once() {
    let strings = |length| {
        format!(
            r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Ref</t></si><si><t>{}</t></si></sst>"#,
            "x".repeat(length)
        )
    };
    let row = r#"<row><c t="s"><v>1</v></c></row>"#.repeat(50_000);
    let sheet = format!(r#"{SHEET}<row><c t="s"><v>0</v></c></row>{row}</sheetData></worksheet>"#);

    assert!(in_memory("shared.xlsx", workbook(&sheet, &strings(32_767))).unwrap() >= 50_000);
    refused(
        in_memory("long.xlsx", workbook(&sheet, &strings(1 << 20))),
        "long.xlsx",
        "a cell of 1048576 bytes",
    );
}

fn ods(rows: &str, end: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="A">{rows}{end}"#
    );
    zip_of(&[
        ("mimetype".into(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".into(), content.into_bytes()),
    ])
}

const ODS_END: &str = "</table:table></office:spreadsheet></office:body></office:document-content>";

#[test]
fn a_sheet_that_repeats_itself_without_end_is_refused() {
    let text = |t: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>"#
        )
    };
    let header = format!("<table:table-row>{}{}</table:table-row>", text("Ref"), text("Type"));
    let wide = r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="9000" office:value-type="float" office:value="1"/></table:table-row>"#;
    let far = r#"<table:table-row table:number-rows-repeated="99999999999"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>"#;
    let spaces = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="4000000000"/></text:p></table:table-cell></table:table-row>"#;
    for rows in [wide.repeat(200), far.to_owned(), spaces.to_owned()] {
        let bytes = ods(&format!("{header}{rows}"), ODS_END);
        // What is read of it is read in bounds.
        let _ = in_memory("repeats.ods", bytes);
    }
    refused(in_memory("cut.ods", ods(&header, "")), "cut.ods", "ends within a sheet");
    let note = format!("{header}<table:table-row><table:table-cell><office:annotation>");
    refused(in_memory("note.ods", ods(&note, "")), "note.ods", "ends within a sheet");
}

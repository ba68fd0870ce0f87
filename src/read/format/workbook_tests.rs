use std::io::Write as _;

use rust_xlsxwriter::{ExcelDateTime as Moment, Format as CellFormat, Workbook};

use super::*;

fn xlsx(fill: impl FnOnce(&mut Workbook)) -> LoadedFile {
    let mut book = Workbook::new();
    fill(&mut book);
    LoadedFile::from_bytes("book.xlsx", book.save_to_buffer().unwrap())
}

type Found = (Vec<String>, Vec<(u64, String, Option<super::super::super::RowFault>)>);

fn read(file: &LoadedFile) -> Result<Found, ReadError> {
    let table = super::super::open(file)?;
    let mut rows = Vec::new();
    table.rows.each(&mut |row| rows.push((row.line, row.text(), row.fault)))?;
    Ok((table.columns, rows))
}

fn header(book: &mut Workbook, row: u32) -> &mut rust_xlsxwriter::Worksheet {
    let sheet = book.add_worksheet();
    for (column, name) in ["Ref", "Date", "Easting", "Type"].into_iter().enumerate() {
        sheet.write(row, column as u16, name).unwrap();
    }
    sheet
}

#[test]
fn numbers_dates_and_long_references_come_as_they_are_meant() {
    let file = xlsx(|book| {
        let sheet = header(book, 0);
        let date = CellFormat::new().set_num_format("dd/mm/yyyy hh:mm");
        sheet.write(1, 0, 420_000_000_017.0).unwrap();
        sheet
            .write_with_format(1, 1, Moment::parse_from_str("2025-04-03T14:30:00").unwrap(), &date)
            .unwrap();
        sheet.write(1, 2, 444_512.5).unwrap();
        sheet.write(1, 3, "Noise £").unwrap();
    });

    let (columns, rows) = read(&file).unwrap();

    assert_eq!(columns, ["Ref", "Date", "Easting", "Type"]);
    assert_eq!(rows[0].0, 2);
    assert_eq!(rows[0].1, "420000000017 | 2025-04-03 14:30:00 | 444512.5 | Noise £");
}

#[test]
fn titles_above_and_totals_below_are_told_from_records() {
    let file = xlsx(|book| {
        let sheet = header(book, 2);
        sheet.write(0, 0, "OFFICIAL").unwrap();
        for row in 3..8 {
            for column in 0..4 {
                sheet.write(row, column, format!("v{row}{column}")).unwrap();
            }
        }
        sheet.write(8, 0, "Total").unwrap();
        sheet.write(8, 1, 5).unwrap();
    });

    let (columns, rows) = read(&file).unwrap();

    assert_eq!(columns[0], "Ref");
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0].0, 4);
    assert_eq!(rows[5].2, Some(super::super::super::RowFault::Footer));
}

#[test]
fn a_hidden_sheet_is_refused_by_name() {
    let file = xlsx(|book| {
        header(book, 0);
        book.add_worksheet().set_name("Callers").unwrap().set_hidden(true);
    });

    let refused = read(&file).unwrap_err();

    assert!(refused.to_string().contains("hidden sheet (`Callers`)"), "{refused}");
    assert!(refused.hint().unwrap().contains("unhide"));
}

#[test]
fn merged_cells_in_the_header_are_refused() {
    let file = xlsx(|book| {
        let sheet = header(book, 0);
        sheet.merge_range(0, 4, 0, 5, "Place", &CellFormat::new()).unwrap();
        for row in 1..4 {
            for column in 0..6 {
                sheet.write(row, column, "x").unwrap();
            }
        }
    });

    assert!(read(&file).unwrap_err().to_string().contains("merged cells in its header (row 1)"));
}

#[test]
fn of_several_sheets_one_must_be_named() {
    let mut file = xlsx(|book| {
        header(book, 0).set_name("April").unwrap().write(1, 0, "a").unwrap();
        let second = header(book, 0).set_name("May").unwrap();
        for column in 0..4 {
            second.write(1, column, "m").unwrap();
        }
    });

    let refused = read(&file).unwrap_err();
    assert!(refused.to_string().contains("several sheets (April, May)"), "{refused}");

    file.part = Some("May".to_owned());
    assert_eq!(read(&file).unwrap().1[0].1, "m | m | m | m");
    file.part = Some("June".to_owned());
    assert!(read(&file).unwrap_err().to_string().contains("without a sheet `June`"));
}

#[test]
fn blank_sheets_are_not_chosen_from() {
    let file = xlsx(|book| {
        book.add_worksheet();
        header(book, 0).write(1, 0, "A1").unwrap();
        book.add_worksheet();
    });

    assert_eq!(read(&file).unwrap().1[0].1, "A1 |  |  | ");
}

#[test]
fn a_pivot_cache_is_refused() {
    let whole = xlsx(|book| {
        header(book, 0);
    });
    let bytes = whole.bytes().unwrap().into_owned();
    let mut archive = zip::ZipWriter::new_append(Cursor::new(bytes)).unwrap();
    archive
        .start_file(
            "xl/pivotCache/pivotCacheRecords1.xml",
            zip::write::SimpleFileOptions::default(),
        )
        .unwrap();
    archive.write_all(b"<records/>").unwrap();
    let file = LoadedFile::from_bytes("book.xlsx", archive.finish().unwrap().into_inner());

    assert!(read(&file).unwrap_err().to_string().contains("pivot cache"));
}

/// openpyxl, and so pandas, starts with the properties of the document.
#[test]
fn parts_may_come_in_any_order() {
    let whole = xlsx(|book| {
        header(book, 0).write(1, 0, "A1").unwrap();
    });
    let bytes = whole.bytes().unwrap().into_owned();
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for first in ["docProps/app.xml", "xl/workbook.xml", "_rels/.rels"] {
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&i| parts.by_index_raw(i).unwrap().name().unwrap() != first);
        let mut turned = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for i in order {
            turned.raw_copy_file(parts.by_index_raw(i).unwrap()).unwrap();
        }
        let file = LoadedFile::from_bytes("book.xlsx", turned.finish().unwrap().into_inner());

        assert_eq!(read(&file).unwrap().1[0].1, "A1 |  |  | ", "{first} first");
    }
}

#[test]
fn a_cut_short_workbook_is_refused_by_name() {
    let bytes = xlsx(|book| {
        header(book, 0);
    })
    .bytes()
    .unwrap()
    .into_owned();

    for length in [40, 400, bytes.len() / 2, bytes.len() - 20] {
        let file = LoadedFile::from_bytes("book.xlsx", &bytes[..length]);

        assert!(read(&file).unwrap_err().to_string().starts_with("book.xlsx"));
    }
}

/// The parts an OpenDocument spreadsheet needs, as ODF 1.2 gives them.
fn ods(rows: &str) -> LoadedFile {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Sheet1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("content.xml", content),
        ("META-INF/manifest.xml", r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#.to_owned()),
    ] {
        archive.start_file(name, plain).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    LoadedFile::from_bytes("book.ods", archive.finish().unwrap().into_inner())
}

#[test]
fn an_opendocument_sheet_reads_alike() {
    let cell = |text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let row = |cells: [&str; 3]| {
        format!("<table:table-row>{}</table:table-row>", cells.map(cell).concat())
    };
    let date = r#"<table:table-row><table:table-cell office:value-type="float" office:value="17"/><table:table-cell office:value-type="date" office:date-value="2025-04-03"/><table:table-cell office:value-type="string"><text:p>Noise</text:p></table:table-cell></table:table-row>"#;

    let (columns, rows) =
        read(&ods(&[row(["Ref", "Date", "Type"]), date.to_owned()].concat())).unwrap();

    assert_eq!(columns, ["Ref", "Date", "Type"]);
    assert_eq!(rows[0].1, "17 | 2025-04-03 | Noise");
}

/// `whole` with one of its parts changed.
fn edited(whole: &LoadedFile, part: &str, change: impl Fn(String) -> String) -> LoadedFile {
    let bytes = whole.bytes().unwrap().into_owned();
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut turned = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..parts.len() {
        let name = parts.by_index_raw(i).unwrap().name().unwrap().into_owned();
        if name != part {
            turned.raw_copy_file(parts.by_index_raw(i).unwrap()).unwrap();
            continue;
        }
        let mut text = String::new();
        parts.by_index(i).unwrap().read_to_string(&mut text).unwrap();
        turned.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        turned.write_all(change(text).as_bytes()).unwrap();
    }
    LoadedFile::from_bytes("book.xlsx", turned.finish().unwrap().into_inner())
}

fn notes(file: &LoadedFile) -> Vec<String> {
    super::super::open(file).unwrap().facts.notes
}

#[test]
fn hidden_rows_and_columns_are_read_and_counted() {
    let file = xlsx(|book| {
        let sheet = header(book, 0);
        for row in 1..6 {
            for column in 0..4 {
                sheet.write(row, column, format!("v{row}{column}")).unwrap();
            }
        }
        sheet.set_row_hidden(2).unwrap();
        sheet.set_row_hidden(4).unwrap();
        // A hidden row and a hidden column without anything in them are nothing to tell.
        sheet.set_row_hidden(20).unwrap();
        sheet.set_column_hidden(3).unwrap();
        sheet.set_column_hidden(9).unwrap();
    });

    let notes = notes(&file);

    assert_eq!(read(&file).unwrap().1.len(), 5);
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("2 rows are hidden"), "{notes:?}");
    assert!(notes[0].contains("the first is row 3"), "{notes:?}");
    assert!(notes[1].starts_with("1 column is hidden"), "{notes:?}");
}

/// openpyxl and other libraries save a formula without the value that only a spreadsheet works out.
#[test]
fn formulas_without_their_value_are_counted_and_the_way_out_is_told() {
    let whole = xlsx(|book| {
        let sheet = header(book, 0);
        for row in 1..4 {
            sheet.write(row, 0, format!("A{row}")).unwrap();
            sheet.write_formula(row, 2, "=444000+512").unwrap();
        }
        // One that was worked out, and one that came to no text at all.
        sheet.write_formula(3, 2, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_formula(3, 3, rust_xlsxwriter::Formula::new("=T(1)").set_result("")).unwrap();
    });
    let file = edited(&whole, "xl/worksheets/sheet1.xml", |text| {
        // As Excel writes a text that came to nothing.
        let text = text.replace(r#"<c r="D4">"#, r#"<c r="D4" t="str">"#);
        text.replace("<v>0</v>", "<v></v>")
    });

    let notes = notes(&file);

    assert_eq!(read(&file).unwrap().1[0].1, "A1 |  |  | ");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("2 cells hold a formula without its value"), "{notes:?}");
    assert!(notes[0].contains("the first in row 2"), "{notes:?}");
    assert!(notes[0].contains("open the file in the spreadsheet program and save it"));
}

#[test]
fn a_sheet_that_shows_everything_has_nothing_to_be_told() {
    let file = xlsx(|book| {
        let sheet = header(book, 0);
        sheet.write(1, 0, "A1").unwrap();
        sheet.write_formula(1, 2, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    });

    assert_eq!(notes(&file), Vec::<String>::new());
}

#[test]
fn an_opendocument_sheet_tells_what_is_hidden_too() {
    let cell =
        r#"<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>"#;
    let row = |shown: &str| format!("<table:table-row{shown}>{}</table:table-row>", cell.repeat(3));
    let formula =
        r#"<table:table-cell table:number-columns-repeated="2" table:formula="of:=1+1"/>"#;
    let rows = [
        r#"<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/><table:table-column table:visibility="collapse" table:number-columns-repeated="1000"/>"#.to_owned(),
        row(""),
        row(r#" table:visibility="filter""#),
        row(r#" table:visibility="collapse" table:number-rows-repeated="3""#),
        format!("<table:table-row>{cell}{formula}</table:table-row>"),
        r#"<table:table-row table:visibility="collapse" table:number-rows-repeated="1000"><table:table-cell/></table:table-row>"#.to_owned(),
    ];

    let file = ods(&rows.concat());
    let notes = notes(&file);

    assert_eq!(read(&file).unwrap().1.len(), 5);
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes[0].starts_with("4 rows are hidden"), "{notes:?}");
    assert!(notes[0].contains("the first is row 2"), "{notes:?}");
    assert!(notes[1].starts_with("1 column is hidden"), "{notes:?}");
    assert!(notes[2].starts_with("2 cells hold a formula"), "{notes:?}");
}

#[test]
fn well_known_text_in_a_sheet_is_a_place() {
    let file = xlsx(|book| {
        let sheet = book.add_worksheet();
        for (column, name) in ["Venue", "WKT"].into_iter().enumerate() {
            sheet.write(0, column as u16, name).unwrap();
        }
        sheet.write(1, 0, "Hall").unwrap();
        sheet.write(1, 1, "POINT (445852.6 524220.9)").unwrap();
        sheet.write(2, 0, "Nowhere").unwrap();
    });

    let table = super::super::open(&file).unwrap();
    let mut places = Vec::new();
    table.rows.each(&mut |row| places.push(row.geometry.cloned())).unwrap();

    let Some(geojson::GeometryValue::Point { coordinates }) = &places[0] else { panic!() };
    assert_eq!((coordinates[0], coordinates[1]), (445_852.6, 524_220.9));
    assert_eq!(places[1], None);
}

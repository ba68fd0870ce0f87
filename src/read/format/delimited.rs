//! Delimited text: any delimiter, any encoding we meet, with titles above and totals below.

use std::borrow::Cow;

use super::super::encoding::{decode, is_mojibake};
use super::super::record::{FileFacts, RawRecord, RawTable, RowFault, Rows, Values};
use super::super::{LoadedFile, ReadError};
use super::{Format, layout};

/// Comma, semicolon, tab or bar between cells.
pub(super) struct Delimited;

struct DelimitedRows<'a> {
    file: String,
    text: Cow<'a, str>,
    start: usize,
    first_line: u64,
    delimiter: u8,
    header: Vec<String>,
}

impl Format for Delimited {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn label(&self) -> &'static str {
        "Delimited text (comma, semicolon, tab or bar), plain or gzipped"
    }

    fn recognises(&self, _head: &[u8]) -> bool {
        true
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let (text, encoding) = decode(&file.name, &file.bytes)?;
        let layout = layout::find(&text).ok_or_else(|| ReadError::Broken {
            file: file.name.clone(),
            line: None,
            message: "no line could be a header with column names".to_owned(),
        })?;
        let mut rows = DelimitedRows {
            file: file.name.clone(),
            text,
            start: layout.start,
            first_line: layout.line,
            delimiter: layout.delimiter,
            header: Vec::new(),
        };
        let mut header = csv::StringRecord::new();
        rows.reader().read_record(&mut header).map_err(|error| rows.broken(&error))?;
        rows.header = header.iter().map(|cell| cell.trim().to_owned()).collect();
        let facts = FileFacts {
            format: self.id(),
            encoding,
            delimiter: Some(char::from(layout.delimiter)),
            preamble: layout.preamble,
            mojibake: is_mojibake(&rows.text),
        };
        let columns = rows.header.clone();
        Ok(RawTable { file: file.name.clone(), columns, crs: None, facts, rows: Box::new(rows) })
    }
}

impl DelimitedRows<'_> {
    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(&self.text.as_bytes()[self.start..])
    }

    fn broken(&self, error: &csv::Error) -> ReadError {
        let line = error.position().map(|p| p.line() + self.first_line - 1);
        ReadError::Broken { file: self.file.clone(), line, message: error.to_string() }
    }

    fn fault(&self, row: &csv::StringRecord) -> Option<RowFault> {
        let first = row.get(0).unwrap_or_default().trim();
        let wanted = self.header.len();
        if row.len() == wanted {
            // Cheap tests first: this runs for every row.
            if first.is_empty() {
                if row.iter().all(|cell| cell.trim().is_empty()) {
                    return Some(RowFault::Blank);
                }
            } else if first.eq_ignore_ascii_case(&self.header[0])
                && row.iter().zip(&self.header).all(|(a, b)| a.trim().eq_ignore_ascii_case(b))
            {
                return Some(RowFault::RepeatedHeader);
            } else if is_footer_word(first)
                && row.iter().filter(|c| !c.trim().is_empty()).count() * 3 <= wanted.max(6)
            {
                return Some(RowFault::Footer);
            }
            return None;
        }
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Some(RowFault::Blank);
        }
        if row.len() < wanted && is_footer_word(first) {
            return Some(RowFault::Footer);
        }
        // Empty cells past the last column are what spreadsheets leave behind.
        if row.len() > wanted && row.iter().skip(wanted).all(|cell| cell.trim().is_empty()) {
            return None;
        }
        Some(RowFault::WrongLength { cells: row.len(), wanted })
    }
}

/// Whether a first cell starts a total or a closing note.
fn is_footer_word(first: &str) -> bool {
    const WORDS: [&str; 12] = [
        "total",
        "totals",
        "grand",
        "count",
        "sum",
        "end",
        "rows",
        "records",
        "printed",
        "report",
        "source",
        "generated",
    ];
    let word: String = first.chars().take_while(|c| c.is_alphabetic()).collect();
    !word.is_empty() && WORDS.iter().any(|w| w.eq_ignore_ascii_case(&word))
        || first.starts_with('©')
        || first.to_ascii_uppercase().starts_with("OFFICIAL")
}

impl Rows for DelimitedRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let mut reader = self.reader();
        let mut row = csv::StringRecord::new();
        let mut is_header = true;
        while reader.read_record(&mut row).map_err(|error| self.broken(&error))? {
            if is_header {
                is_header = false;
                continue;
            }
            let text = &self.text[self.start..];
            let line = row.position().map_or(1, |position| layout::start(text, position).1);
            let line = line + self.first_line - 1;
            let fault = self.fault(&row);
            sink(&RawRecord { values: Values::Row(&row), geometry: None, line, fault });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, String, Option<RowFault>)> {
        let file = LoadedFile::from_bytes("f.csv", text);
        let table = Delimited.open(&file).unwrap();
        let mut found = Vec::new();
        table
            .rows
            .each(&mut |row| found.push((row.line, row.get(0).to_owned(), row.fault)))
            .unwrap();
        found
    }

    #[test]
    fn totals_repeated_headers_and_blank_rows_are_told_apart() {
        let text = "Ref,Date,Type\n1,01/02/2025,Noise\n,,\nRef,Date,Type\n2,02/02/2025,Noise\nTotal 1,234\n";

        let faults: Vec<_> = rows(text).into_iter().map(|(_, _, fault)| fault).collect();

        assert_eq!(
            faults,
            [
                None,
                Some(RowFault::Blank),
                Some(RowFault::RepeatedHeader),
                None,
                Some(RowFault::Footer)
            ]
        );
    }

    #[test]
    fn a_row_of_the_wrong_length_is_named_with_its_line() {
        let found = rows("Ref,Date,Type\n1,01/02/2025,Noise\n2,03/02/2025\n3,03/02/2025,Noise\n");

        assert_eq!(found[1], (3, "2".into(), Some(RowFault::WrongLength { cells: 2, wanted: 3 })));
    }

    #[test]
    fn lines_are_counted_alike_with_either_line_end() {
        let text = "Ref,Date,Type\n1,01/02/2025,Noise\n\n2,02/02/2025,Noise\n";

        let lines = |text: &str| rows(text).into_iter().map(|(line, ..)| line).collect::<Vec<_>>();

        assert_eq!(lines(text), [2, 4]);
        assert_eq!(lines(&text.replace('\n', "\r\n")), [2, 4]);
    }

    #[test]
    fn line_breaks_inside_a_cell_keep_the_row_whole() {
        let found = rows("Ref,Address\n1,\"1 High Street\nTown\"\n2,x\n");

        assert_eq!(found.len(), 2);
        assert_eq!(found[1].0, 4);
    }
}

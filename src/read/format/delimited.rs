//! Delimited text: any delimiter, any encoding we meet, with titles above and totals below.

use std::sync::Arc;

use super::super::encoding::Encoding;
use super::super::english::{fault, name};
use super::super::record::{Blocks, FileFacts, RawRecord, RawTable, RowFault, Rows};
use super::super::{LoadedFile, ReadError};
use super::split::{self, Letters, MOST_CELLS, Shape};
use super::{Format, layout, wkt};

/// Text of one block where the caller asks for rows.
const BLOCK: usize = 1 << 20;

/// Comma, semicolon, tab, bar, caret, tilde or a control character between cells.
pub(super) struct Delimited;

struct DelimitedRows<'a> {
    file: &'a LoadedFile,
    encoding: Encoding,
    start: (usize, u64),
    shape: Arc<Shape>,
}

impl Format for Delimited {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn label(&self) -> &'static str {
        name::DELIMITED
    }

    fn recognises(&self, _head: &[u8]) -> bool {
        true
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let surveyed = split::survey(file)?;
        let mut text = String::new();
        Letters::new(file, surveyed.encoding)?.fill(&mut text, layout::LOOKED_AT)?;
        let layout = layout::find(&text).ok_or_else(|| ReadError::Broken {
            file: file.name.clone(),
            line: None,
            message: fault::NO_HEADER.to_owned(),
        })?;
        let mut shape = Shape {
            file: file.name.clone(),
            delimiter: layout.delimiter,
            header: Vec::new(),
            wkt: None,
            fault: shape_fault,
        };
        let mut header = csv::StringRecord::new();
        let read = shape.reader(&text[layout.start..]).read_record(&mut header);
        read.map_err(|error| shape.broken(Some(layout.line), &error.to_string()))?;
        if header.len() > MOST_CELLS {
            let message = format!("the header has more than {MOST_CELLS} columns");
            return Err(shape.broken(Some(layout.line), &message));
        }
        shape.header = header.iter().map(|cell| cell.trim().to_owned()).collect();
        shape.wkt = wkt::column(&shape.header);
        let facts = FileFacts {
            format: self.id(),
            encoding: surveyed.encoding,
            delimiter: Some(char::from(layout.delimiter)),
            preamble: layout.preamble,
            mojibake: surveyed.mojibake,
            notes: Vec::new(),
        };
        let columns = shape.header.clone();
        let rows = DelimitedRows {
            file,
            encoding: surveyed.encoding,
            start: (layout.start, layout.line),
            shape: Arc::new(shape),
        };
        Ok(RawTable { file: file.name.clone(), columns, crs: None, facts, rows: Box::new(rows) })
    }
}

fn shape_fault(shape: &Shape, row: &RawRecord<'_>) -> Option<RowFault> {
    fault(&shape.header, row)
}

/// What keeps a row below `header` from being a record, if anything.
pub(super) fn fault(header: &[String], row: &RawRecord<'_>) -> Option<RowFault> {
    let first = row.get(0);
    let wanted = header.len();
    let all_empty = |from: usize| (from..row.len()).all(|i| row.get(i).is_empty());
    if row.len() == wanted {
        // Cheap tests first: this runs for every row.
        if first.is_empty() {
            if all_empty(1) {
                return Some(RowFault::Blank);
            }
        } else if first.eq_ignore_ascii_case(&header[0])
            && (0..wanted).all(|i| row.get(i).eq_ignore_ascii_case(&header[i]))
        {
            return Some(RowFault::RepeatedHeader);
        } else if is_footer_word(first)
            && (0..wanted).filter(|i| !row.get(*i).is_empty()).count() * 3 <= wanted.max(6)
        {
            return Some(RowFault::Footer);
        }
        return None;
    }
    if all_empty(0) {
        return Some(RowFault::Blank);
    }
    if row.len() < wanted && is_footer_word(first) {
        return Some(RowFault::Footer);
    }
    // Empty cells past the last column are what spreadsheets leave behind.
    if row.len() > wanted && all_empty(wanted) {
        return None;
    }
    Some(RowFault::WrongLength { cells: row.len(), wanted })
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
    // Their first letters; this runs for every row.
    let begins = |b: u8| b >= 0x80 || b"tgcserpo".contains(&b.to_ascii_lowercase());
    if !first.bytes().next().is_some_and(begins) {
        return false;
    }
    // No word is longer: a cell may be as long as a file.
    let start = first.char_indices().nth(12).map_or(first, |(end, _)| &first[..end]);
    let end = start.find(|c: char| !c.is_alphabetic()).unwrap_or(start.len());
    let word = &first[..end];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
        || first.starts_with('©')
        || first.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("OFFICIAL"))
}

impl Rows for DelimitedRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        self.cut(BLOCK)?.try_for_each(|block| block?.each(sink))
    }

    fn blocks(&self, bytes: usize) -> Result<Option<Blocks<'_>>, ReadError> {
        Ok(Some(Box::new(self.cut(bytes)?)))
    }
}

impl<'a> DelimitedRows<'a> {
    fn cut(&self, bytes: usize) -> Result<split::Blocks<'a>, ReadError> {
        let letters = Letters::new(self.file, self.encoding)?;
        Ok(split::Blocks::new(letters, Arc::clone(&self.shape), self.start, bytes))
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

//! Delimited text as a stream: letters decoded piece by piece, cut into blocks between records.
//!
//! A block holds whole records only, as the csv reader sees them: a line end inside quotes does not
//! end one. So blocks can be taken apart on many threads, and their rows put together again are
//! those of the file whatever the size of a block.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use super::super::encoding::{Decoder, Encoding, Survey, Surveyed};
use super::super::file::read_full;
use super::super::record::{Block, RawRecord, RowFault, Values};
use super::super::{LoadedFile, ReadError, brief};
use super::{layout, wkt};

/// Longest record that is read.
const LONGEST: usize = 16 << 20;
/// Most cells of a row.
pub(super) const MOST_CELLS: usize = 10_000;
/// Bytes read at a time.
const PIECE: usize = 256 << 10;

/// Finds how all of a file is coded; its checksum is taken on the way.
pub(super) fn survey(file: &LoadedFile) -> Result<Surveyed, ReadError> {
    let mut survey = Survey::new(file.head());
    let mut reader = file.reader()?;
    let mut piece = vec![0; PIECE];
    loop {
        let n = read_full(&mut *reader, &mut piece).map_err(|e| file.error(e))?;
        survey.add(&piece[..n]);
        if n < piece.len() {
            // The end is read, not guessed, so that the checksum is complete.
            let more = read_full(&mut *reader, &mut piece[..1]).map_err(|e| file.error(e))?;
            debug_assert_eq!(more, 0, "a short read is the last");
            return survey.finish(&file.name);
        }
    }
}

/// Letters of a file, from the start.
pub(super) struct Letters<'a> {
    file: &'a LoadedFile,
    reader: Box<dyn Read + Send>,
    decoder: Decoder,
    piece: Vec<u8>,
    /// Whether the letters are coded as they are held.
    is_utf8: bool,
    ended: bool,
}

impl<'a> Letters<'a> {
    pub(super) fn new(file: &'a LoadedFile, encoding: Encoding) -> Result<Self, ReadError> {
        Ok(Self {
            file,
            reader: file.reader()?,
            decoder: Decoder::new(encoding, file.head()),
            piece: Vec::new(),
            is_utf8: matches!(encoding, Encoding::Utf8 | Encoding::Utf8Bom),
            ended: false,
        })
    }

    /// Adds letters to `text` until it has `wanted` bytes or the file ends; whether it has ended.
    pub(super) fn fill(&mut self, text: &mut String, wanted: usize) -> Result<bool, ReadError> {
        while !self.ended && text.len() < wanted {
            if self.is_utf8 {
                self.fill_in_place(text, wanted)?;
                continue;
            }
            self.piece.resize((wanted - text.len()).clamp(64, PIECE), 0);
            let n =
                read_full(&mut *self.reader, &mut self.piece).map_err(|e| self.file.error(e))?;
            self.ended = n < self.piece.len();
            self.decoder.decode(&self.file.name, &self.piece[..n], self.ended, text)?;
        }
        Ok(self.ended)
    }

    /// One step of [`Self::fill`] for letters that need no decoding: they are read where they stay,
    /// and looked at once.
    fn fill_in_place(&mut self, text: &mut String, wanted: usize) -> Result<(), ReadError> {
        let mut bytes = std::mem::take(text).into_bytes();
        let start = bytes.len();
        bytes.append(&mut self.piece);
        let filled = bytes.len();
        // Twice as much each time: a small file takes little, a large one few steps.
        let step = (wanted - start).clamp(64, PIECE.max(start));
        bytes.resize(filled + step, 0);
        let n = read_full(&mut *self.reader, &mut bytes[filled..]);
        let n = n.map_err(|e| self.file.error(e))?;
        self.ended = filled + n < bytes.len();
        bytes.truncate(filled + n);
        bytes.drain(start..start + self.decoder.skip_mark(bytes.len() - start));
        *text = self.decoder.whole(&self.file.name, bytes, start, self.ended, &mut self.piece)?;
        Ok(())
    }
}

/// What every row of one file is held against.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) file: String,
    pub(super) delimiter: u8,
    /// Column names, outer space removed.
    pub(super) header: Vec<String>,
    /// Column of geometries as text, if there is one.
    pub(super) wkt: Option<usize>,
    /// What keeps a row from being a record.
    pub(super) fault: fn(&Shape, &RawRecord<'_>) -> Option<RowFault>,
}

impl Shape {
    /// A reader of rows over some text.
    pub(super) fn reader<'t>(&self, text: &'t str) -> csv::Reader<&'t [u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(text.as_bytes())
    }

    pub(super) fn broken(&self, line: Option<u64>, message: &str) -> ReadError {
        ReadError::Broken { file: self.file.clone(), line, message: brief(message, 400).into() }
    }

    fn too_wide(&self, line: u64) -> ReadError {
        self.broken(Some(line), &format!("it has more than {MOST_CELLS} cells"))
    }
}

/// The blocks of a file, in order.
pub(super) struct Blocks<'a> {
    letters: Letters<'a>,
    shape: Arc<Shape>,
    /// Bytes before the header, still to leave out.
    before: usize,
    /// Line of the next byte.
    line: u64,
    /// Whether the header comes next.
    header_next: bool,
    /// Start of the next block, read with the last one.
    held: String,
    size: usize,
    done: bool,
}

impl<'a> Blocks<'a> {
    /// From the header on, which stands at byte `start` of the text and on line `line`.
    pub(super) fn new(
        letters: Letters<'a>,
        shape: Arc<Shape>,
        (start, line): (usize, u64),
        size: usize,
    ) -> Self {
        let (header_next, held, size) = (true, String::new(), size.max(1));
        Self { letters, shape, before: start, line, header_next, held, size, done: false }
    }

    fn cut(&mut self) -> Result<Option<TextBlock>, ReadError> {
        let mut text = std::mem::take(&mut self.held);
        let mut wanted = self.size;
        if self.before > 0 {
            self.letters.fill(&mut text, self.before)?;
            text.drain(..self.before.min(text.len()));
            self.before = 0;
        }
        loop {
            if self.letters.fill(&mut text, wanted)? {
                self.done = true;
                break;
            }
            if let Some(end) = last_end(text.as_bytes(), self.shape.delimiter) {
                self.held.push_str(&text[end..]);
                text.truncate(end);
                break;
            }
            if text.len() >= LONGEST {
                let message = format!(
                    "a record that starts here is longer than {} MiB (a quote that is never \
                     closed, or no text table)",
                    LONGEST >> 20
                );
                return Err(self.shape.broken(Some(self.line), &message));
            }
            wanted = (2 * text.len()).clamp(self.size, LONGEST);
        }
        if text.is_empty() {
            return Ok(None);
        }
        let first_line = self.line;
        self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        let has_header =
            self.header_next && text.bytes().any(|byte| byte != b'\n' && byte != b'\r');
        self.header_next &= !has_header;
        Ok(Some(TextBlock { shape: Arc::clone(&self.shape), text, first_line, has_header }))
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Box<dyn Block>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let block = self.cut();
        self.done |= block.is_err();
        block.transpose().map(|block| block.map(|block| Box::new(block) as Box<dyn Block>))
    }
}

/// Where a byte stands in its cell.
enum At {
    Start,
    Plain,
    Quoted,
    Quote,
}

/// Where the last whole record of `text` ends, if any does. `text` starts where a record does.
fn last_end(text: &[u8], delimiter: u8) -> Option<usize> {
    if memchr::memchr(b'"', text).is_none() {
        return memchr::memrchr2(b'\n', b'\r', text).map(|at| at + 1);
    }
    let mut last = None;
    let mut at = At::Start;
    for (i, &byte) in text.iter().enumerate() {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) | (At::Start | At::Quote, b'"') => At::Quoted,
            (_, b'\n' | b'\r') => {
                last = Some(i + 1);
                At::Start
            }
            (_, byte) if byte == delimiter => At::Start,
            _ => At::Plain,
        };
    }
    last
}

/// Whole records of delimited text.
struct TextBlock {
    shape: Arc<Shape>,
    text: String,
    first_line: u64,
    has_header: bool,
}

impl Block for TextBlock {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        if memchr::memchr(b'"', self.text.as_bytes()).is_some() {
            self.each_quoted(sink)
        } else {
            self.each_plain(sink)
        }
    }

    fn bytes(&self) -> usize {
        self.text.len()
    }
}

impl TextBlock {
    fn send(&self, values: Values<'_>, line: u64, sink: &mut dyn FnMut(&RawRecord<'_>)) {
        let mut record = RawRecord { values, geometry: None, line, fault: None };
        record.fault = (self.shape.fault)(&self.shape, &record);
        let geometry = self.shape.wkt.and_then(|column| wkt::read(record.get(column)));
        record.geometry = geometry.as_ref();
        sink(&record);
    }

    fn each_quoted(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let mut reader = self.shape.reader(&self.text);
        let mut row = csv::StringRecord::new();
        let mut is_header = self.has_header;
        let broken = |error: csv::Error| {
            let line = error.position().map(|p| p.line() + self.first_line - 1);
            self.shape.broken(line, &error.to_string())
        };
        while reader.read_record(&mut row).map_err(broken)? {
            let line = row.position().map_or(1, |at| layout::start(&self.text, at).1);
            let line = line + self.first_line - 1;
            if row.len() > MOST_CELLS {
                return Err(self.shape.too_wide(line));
            }
            if !std::mem::take(&mut is_header) {
                self.send(Values::Row(&row), line, sink);
            }
        }
        Ok(())
    }

    /// Without quotes every delimiter parts cells and every line end parts rows.
    fn each_plain(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let bytes = self.text.as_bytes();
        let mut cells: Vec<Range<u32>> = Vec::with_capacity(self.shape.header.len());
        let mut is_header = self.has_header;
        let mut line = self.first_line;
        let mut start = 0;
        let mut finish = |cells: &mut Vec<Range<u32>>, line: u64| {
            if cells.len() > MOST_CELLS {
                return Err(self.shape.too_wide(line));
            }
            if !std::mem::take(&mut is_header) {
                self.send(Values::Cells(&self.text, cells), line, sink);
            }
            cells.clear();
            Ok(())
        };
        for at in memchr::memchr3_iter(self.shape.delimiter, b'\n', b'\r', bytes) {
            let is_end = bytes[at] != self.shape.delimiter;
            let is_blank = is_end && cells.is_empty() && at == start;
            if !is_blank {
                cells.push(start as u32..at as u32);
            }
            start = at + 1;
            if is_end && !is_blank {
                finish(&mut cells, line)?;
            }
            line += u64::from(bytes[at] == b'\n');
        }
        if start < bytes.len() || !cells.is_empty() {
            cells.push(start as u32..bytes.len() as u32);
            finish(&mut cells, line)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<(u64, Vec<String>)>;

    fn shape() -> Arc<Shape> {
        let (file, header) = ("f.csv".to_owned(), vec!["a".to_owned(), "b".to_owned()]);
        Arc::new(Shape { file, delimiter: b',', header, wkt: None, fault: |_, _| None })
    }

    fn in_blocks(text: &str, size: usize) -> Result<Rows, ReadError> {
        let file = LoadedFile::from_bytes("f.csv", text);
        let letters = Letters::new(&file, Encoding::Utf8).unwrap();
        let mut rows = Vec::new();
        for block in Blocks::new(letters, shape(), (0, 1), size) {
            block?.each(&mut |row| {
                let cells = (0..row.len()).map(|i| row.get(i).to_owned()).collect();
                rows.push((row.line, cells));
            })?;
        }
        Ok(rows)
    }

    fn by_csv(text: &str) -> Rows {
        let mut rows = Vec::new();
        let mut row = csv::StringRecord::new();
        let shape = shape();
        let mut reader = shape.reader(text);
        while reader.read_record(&mut row).unwrap() {
            let line = row.position().map_or(1, |at| layout::start(text, at).1);
            rows.push((line, row.iter().map(|cell| cell.trim().to_owned()).collect()));
        }
        rows.drain(..1.min(rows.len()));
        rows
    }

    proptest! {
        #[test]
        fn blocks_of_any_size_hold_the_rows_of_the_csv_reader(
            text in "[a,\"\r\n\u{e9} ]{0,60}",
            size in 1_usize..40,
        ) {
            prop_assert_eq!(in_blocks(&text, size).unwrap(), by_csv(&text));
        }

        #[test]
        fn text_without_quotes_is_parted_as_the_csv_reader_does(
            text in "[ab,\r\n]{0,80}",
            size in 1_usize..100,
        ) {
            prop_assert_eq!(in_blocks(&text, size).unwrap(), by_csv(&text));
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_refused_with_its_line() {
        let text = format!("a,b\n1,2\n3,\"{}", "x\n".repeat(LONGEST));

        let refused = in_blocks(&text, 1 << 20).unwrap_err();

        assert!(refused.to_string().starts_with("f.csv line 3: a record"), "{refused}");
    }

    #[test]
    fn a_row_of_too_many_cells_is_refused() {
        let wide = ",".repeat(MOST_CELLS);
        for text in [format!("a,b\n1,2\n{wide}\n"), format!("a,b\n\"1\",2\n{wide}\n")] {
            let refused = in_blocks(&text, 1 << 20).unwrap_err();
            assert!(refused.to_string().starts_with("f.csv line 3: it has more"), "{refused}");
        }
    }
}

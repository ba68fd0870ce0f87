//! OpenDocument spreadsheets (ods): the values of one visible sheet (ODF 1.2, part 1).
//!
//! Read here, by way of an XML reader, and not by the library that reads Excel's workbooks: that one
//! waits for ever for the end of a sheet that is cut short, and writes out every repeated cell.

use std::collections::HashSet;
use std::io::{BufReader, Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::english::{hint, name, unread};
use super::super::record::RawTable;
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::features::{contained, plain_number, plain_time};
use super::sheet::{MOST_ROWS, Sheet};
use super::split::MOST_CELLS as MOST_COLUMNS;
use super::workbook::{choose, damaged, hidden, parts, refused};

/// Most spaces that are written as one element.
const MOST_SPACES: u32 = 10_000;

/// Most cells that hold something in the smallest sheet ...
const LEAST_CELLS: usize = 1_000_000;
/// ... and the least bytes that each takes in a larger one: a cell may stand for many.
const BYTES_PER_CELL: usize = 8;

/// OpenDocument spreadsheets.
pub(super) struct OdsBook;

impl Format for OdsBook {
    fn id(&self) -> &'static str {
        "ods"
    }

    fn label(&self) -> &'static str {
        name::ODS
    }

    fn recognises(&self, head: &[u8]) -> bool {
        const MIMETYPE: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        head.get(30..30 + MIMETYPE.len()) == Some(MIMETYPE)
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        parts(file, &bytes)?;
        let sheet = contained(file, || {
            let mut archive =
                ZipArchive::new(Cursor::new(&bytes)).map_err(|e| damaged(file, &e))?;
            let content = archive.by_name("content.xml").map_err(|e| damaged(file, &e))?;
            let most = LEAST_CELLS + content.size() as usize / BYTES_PER_CELL;
            let mut reader = Reader::from_reader(BufReader::new(content));
            reader.config_mut().expand_empty_elements = true;
            Content { file, most, ..Content::new(file) }.read(&mut reader)
        })?;
        Ok(sheet.table(self.id(), file)?.0)
    }
}

/// A cell on its way in.
#[derive(Default)]
struct Open {
    times: u32,
    value: Option<String>,
    /// Whether its paragraphs are its value.
    is_text: bool,
    text: String,
    paragraphs: usize,
    /// Whether it is computed, and the file says not even of what type its value is.
    is_formula: bool,
}

/// What is known so far of the document.
struct Content<'a> {
    file: &'a LoadedFile,
    most: usize,
    style: String,
    hidden_styles: HashSet<String>,
    names: Vec<String>,
    in_table: bool,
    wanted: bool,
    sheet: Sheet,
    n_cells: usize,
    row: u32,
    row_times: u32,
    /// Of a hidden row, whether it holds anything so far.
    hidden_row: Option<bool>,
    column: u32,
    /// Columns that the sheet has said how they are shown, and the hidden ones of them, from 0.
    n_columns: u32,
    hidden: Vec<(u32, u32)>,
    cell: Option<Open>,
    in_paragraph: usize,
    in_note: usize,
}

impl<'a> Content<'a> {
    fn new(file: &'a LoadedFile) -> Self {
        Self {
            file,
            most: 0,
            style: String::new(),
            hidden_styles: HashSet::new(),
            names: Vec::new(),
            in_table: false,
            wanted: false,
            sheet: Sheet::default(),
            n_cells: 0,
            row: 0,
            row_times: 1,
            hidden_row: None,
            column: 0,
            n_columns: 0,
            hidden: Vec::new(),
            cell: None,
            in_paragraph: 0,
            in_note: 0,
        }
    }

    fn read<R: Read>(mut self, reader: &mut Reader<BufReader<R>>) -> Result<Sheet, ReadError> {
        let file = self.file;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|e| damaged(file, &e))? {
                Event::Start(element) => self.start(&element)?,
                Event::End(element) => self.end(element.name().0)?,
                Event::Text(text) => self.add(&text.xml10_content()),
                Event::CData(text) => self.add(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let letter = reference.resolve_char_ref().map_err(|e| damaged(file, &e))?;
                    let text = match (letter, &*reference.xml10_content()) {
                        (Some(letter), _) => letter.to_string(),
                        (None, "amp") => "&".to_owned(),
                        (None, "lt") => "<".to_owned(),
                        (None, "gt") => ">".to_owned(),
                        (None, "quot") => "\"".to_owned(),
                        (None, "apos") => "'".to_owned(),
                        (None, other) => return Err(damaged(file, &format!("&{other};"))),
                    };
                    self.add(&text);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if self.in_table {
            return Err(damaged(file, &"it ends within a sheet"));
        }
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        choose(file, &names)?;
        self.sheet.unseen.columns = self.sheet.columns_within(&self.hidden);
        Ok(self.sheet)
    }

    fn add(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell
            && cell.is_text
            && self.in_paragraph > 0
            && self.in_note == 0
        {
            cell.text.push_str(text);
        }
    }

    fn attribute(&self, element: &BytesStart<'_>, name: &str) -> Result<Option<String>, ReadError> {
        let wrong = |e: &dyn std::fmt::Display| damaged(self.file, e);
        let found = element.try_get_attribute(name).map_err(|e| wrong(&e))?;
        let value = found.map(|found| {
            found.normalized_value(XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned)
        });
        value.transpose().map_err(|e| wrong(&e))
    }

    /// A number of times; 1 where it is not given.
    fn times(&self, element: &BytesStart<'_>, name: &str) -> Result<u32, ReadError> {
        let Some(text) = self.attribute(element, name)? else { return Ok(1) };
        let wrong = || damaged(self.file, &format!("`{name}` is `{text}`"));
        Ok(text.parse::<u64>().map_err(|_| wrong())?.try_into().unwrap_or(u32::MAX))
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), ReadError> {
        match element.name().0 {
            "style:style" => {
                self.style = self.attribute(element, "style:name")?.unwrap_or_default();
            }
            "style:table-properties"
                if self.attribute(element, "table:display")?.as_deref() == Some("false") =>
            {
                self.hidden_styles.insert(self.style.clone());
            }
            "table:table" => self.open_table(element)?,
            "table:table-column" if self.wanted && self.in_table => {
                let times = self.times(element, "table:number-columns-repeated")?;
                let end = self.n_columns.saturating_add(times);
                if self.is_hidden(element)? {
                    self.hidden.push((self.n_columns, end));
                }
                self.n_columns = end;
            }
            "table:table-row" if self.in_table => {
                self.row_times = self.times(element, "table:number-rows-repeated")?;
                self.hidden_row = (self.wanted && self.is_hidden(element)?).then_some(false);
                self.column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" if self.in_table => {
                let value = if self.wanted { self.value(element)? } else { None };
                let is_text = self.wanted && value.is_none();
                let times = self.times(element, "table:number-columns-repeated")?;
                let is_formula = is_text
                    && self.attribute(element, "table:formula")?.is_some()
                    && self.attribute(element, "office:value-type")?.is_none();
                self.cell = Some(Open { times, value, is_text, is_formula, ..Open::default() });
            }
            "office:annotation" => self.in_note += 1,
            "text:p" => {
                self.in_paragraph += 1;
                if let Some(cell) = &mut self.cell
                    && self.in_note == 0
                {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                }
            }
            "text:s" => {
                let times = self.times(element, "text:c")?;
                if times > MOST_SPACES {
                    return Err(damaged(self.file, &format!("{times} spaces in a cell")));
                }
                self.add(&" ".repeat(times as usize));
            }
            "text:tab" => self.add("\t"),
            "text:line-break" => self.add("\n"),
            _ => {}
        }
        Ok(())
    }

    fn open_table(&mut self, element: &BytesStart<'_>) -> Result<(), ReadError> {
        if self.in_table {
            return Err(damaged(self.file, &"a table in a table"));
        }
        let name = self.attribute(element, "table:name")?.unwrap_or_default();
        let style = self.attribute(element, "table:style-name")?.unwrap_or_default();
        if self.hidden_styles.contains(&style) {
            return Err(hidden(self.file, &name));
        }
        if self.names.len() > 1000 {
            return Err(refused(self.file, unread::WORKBOOK_OF_TOO_MANY.to_owned(), hint::AS_CSV));
        }
        self.wanted = match &self.file.part {
            Some(part) => *part == name,
            None => self.names.is_empty(),
        };
        self.names.push(name);
        self.in_table = true;
        self.row = 0;
        Ok(())
    }

    /// Whether a row or column is shown: not where a filter or a person hid it.
    fn is_hidden(&self, element: &BytesStart<'_>) -> Result<bool, ReadError> {
        let shown = self.attribute(element, "table:visibility")?;
        Ok(matches!(shown.as_deref(), Some("collapse" | "filter")))
    }

    /// The value that a cell states; `None` if its paragraphs are its value.
    fn value(&self, element: &BytesStart<'_>) -> Result<Option<String>, ReadError> {
        let get = |name| self.attribute(element, name);
        if get("calcext:value-type")?.as_deref() == Some("error") {
            return Ok(get("office:string-value")?.filter(|text| !text.is_empty()));
        }
        if let Some(number) = get("office:value")? {
            let wrong = || damaged(self.file, &format!("`{number}` is no number"));
            return Ok(Some(plain_number(number.trim().parse().map_err(|_| wrong())?)));
        }
        for name in ["office:date-value", "office:time-value", "office:string-value"] {
            if let Some(text) = get(name)? {
                return Ok(Some(plain_time(text)));
            }
        }
        if let Some(yes) = get("office:boolean-value")? {
            return Ok(Some(yes.to_ascii_uppercase()));
        }
        Ok(None)
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "table:table" => self.in_table = false,
            "table:table-row" if self.in_table => {
                let times = self.row_times.min(MOST_ROWS);
                self.sheet.repeat_row(self.row, times);
                if self.hidden_row == Some(true) {
                    self.sheet.unseen.add_rows(u64::from(self.row) + 1, u64::from(times));
                }
                self.row = self.row.saturating_add(self.row_times);
            }
            "table:table-cell" | "table:covered-table-cell" => self.close_cell()?,
            "office:annotation" => self.in_note = self.in_note.saturating_sub(1),
            "text:p" => self.in_paragraph = self.in_paragraph.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), ReadError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let text = cell.value.unwrap_or_else(|| plain_time(cell.text));
        if let Some(holds) = &mut self.hidden_row {
            *holds |= !text.is_empty();
        }
        if cell.is_formula && text.is_empty() {
            let times = cell.times.min(MOST_COLUMNS as u32);
            self.sheet.unseen.add_formulas(u64::from(self.row) + 1, u64::from(times));
        }
        if self.wanted && !text.is_empty() {
            self.sheet.push(self.file, (self.row, self.column), &text)?;
            let times = cell.times.min(MOST_COLUMNS as u32 + 1);
            self.n_cells += times as usize;
            if self.n_cells > self.most {
                return Err(damaged(self.file, &"its cells stand for more than it can hold"));
            }
            for more in 1..times {
                self.sheet.repeat(self.file, self.column.saturating_add(more))?;
            }
        }
        self.column = self.column.saturating_add(cell.times);
        Ok(())
    }
}

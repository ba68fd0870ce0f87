//! Delimited text, written cell by cell, counting the cells that need care to read.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime};

use super::mess::MessLog;

/// One file of delimited text in the making.
pub(super) struct Sheet {
    pub name: String,
    pub text: String,
    pub rows: usize,
    pub mess: MessLog,
    delimiter: char,
    at_start: bool,
}

impl Sheet {
    pub(super) fn new(name: &str, delimiter: char) -> Self {
        let (text, mess) = (String::new(), MessLog::default());
        Self { name: name.to_owned(), text, rows: 0, mess, delimiter, at_start: true }
    }

    /// Counts one record, or row, with this kind of mess.
    pub(super) fn note(&mut self, kind: &'static str) {
        self.mess.note(kind, &self.name);
    }

    /// Adds a cell, quoted if it must be.
    pub(super) fn cell(&mut self, text: &str) -> &mut Self {
        if !self.at_start {
            self.text.push(self.delimiter);
        }
        self.at_start = false;
        let care = |c: char| c == self.delimiter || c == '"' || c == '\n';
        if !text.contains(care) {
            self.text.push_str(text);
            return self;
        }
        if text.contains(self.delimiter) {
            self.note("cell-with-delimiter");
        }
        if text.contains('"') {
            self.note("cell-with-quote");
        }
        if text.contains('\n') {
            self.note("cell-with-line-break");
        }
        self.text.push('"');
        for c in text.chars() {
            if c == '"' {
                self.text.push('"');
            }
            self.text.push(c);
        }
        self.text.push('"');
        self
    }

    /// Adds a cell with a whole number.
    pub(super) fn number(&mut self, n: impl std::fmt::Display) -> &mut Self {
        self.cell(&n.to_string())
    }

    /// Adds several cells.
    pub(super) fn cells(&mut self, texts: &[&str]) -> &mut Self {
        for text in texts {
            self.cell(text);
        }
        self
    }

    /// Ends a row of data.
    pub(super) fn end(&mut self) {
        self.rows += 1;
        self.break_line();
    }

    /// Ends a line that is no row of data.
    pub(super) fn break_line(&mut self) {
        self.text.push_str("\r\n");
        self.at_start = true;
    }

    /// Adds a line as it is.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.break_line();
    }

    /// Where the next row will start.
    pub(super) fn mark(&self) -> usize {
        self.text.len()
    }

    /// Writes the row that began at `mark` once more; not if it has quoted cells, which would
    /// have to be counted again.
    pub(super) fn repeat(&mut self, mark: usize) {
        if !self.text[mark..].contains('"') {
            self.text.extend_from_within(mark..);
            self.rows += 1;
            self.note("duplicate-exact");
        }
    }
}

/// `dd/mm/yyyy`.
pub(super) fn slashes(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `dd/mm/yyyy HH:MM`.
pub(super) fn slashes_time(moment: DateTime) -> String {
    let mut text = slashes(moment.date());
    let _ = write!(text, " {:02}:{:02}", moment.hour(), moment.minute());
    text
}

/// `dd-Mmm-yyyy`.
pub(super) fn named_month(date: Date) -> String {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{:02}-{}-{:04}", date.day(), NAMES[date.month() as usize - 1], date.year())
}

/// `yyyy-mm-dd`.
pub(super) fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

//! The cleaning report: what was read, what became of every row, and what the reader must know.

use std::fmt::Write as _;

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use super::english::report as say;
use super::ledger::{Effect, Ledger};
use super::subject_report::SubjectReport;
use crate::quantity::thousands;

/// Everything an import did, as printed and as kept beside the store.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CleaningReport {
    /// Name of the study area.
    pub name: String,
    /// Boundaries and population, in sentences.
    pub areas: Vec<String>,
    /// Each source.
    pub sources: Vec<SourceReport>,
    /// Indicators, lookups, interventions and the like, file by file.
    pub subjects: Vec<SubjectReport>,
    /// What the reader must know about all of it.
    pub warnings: Vec<String>,
}

/// One source.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SourceReport {
    /// Name in the workspace.
    pub source: String,
    /// Layout, in words.
    pub layout: String,
    /// All its files together.
    pub total: Account,
    /// Each file.
    pub files: Vec<FileReport>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Format, encoding and delimiter.
    pub read_as: String,
    /// How its dates were read.
    pub date: String,
    /// Lines above the header.
    pub preamble: Vec<String>,
    /// Whether letters show that the text was once decoded wrongly.
    pub mojibake: bool,
    /// What else the reader must know of the file itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Columns that were dropped at the door.
    pub dropped_columns: Vec<String>,
    /// How its positions came to the working plane, and how exactly; nothing where they were on it.
    pub positions: Option<String>,
    /// What became of its rows.
    pub account: Account,
}

/// What became of rows, and how many can be mapped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// Every row.
    pub ledger: Ledger,
    /// Kept records with a position.
    pub mapped: u64,
    /// Kept records in a ward, with or without a position.
    pub in_wards: u64,
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            reason: &'static str,
            effect: Effect,
            words: &'static str,
            count: u64,
            examples: &'a [super::Example],
            #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
            names: &'a std::collections::BTreeMap<String, u64>,
        }
        let lines: Vec<Line<'_>> = self
            .ledger
            .tallies()
            .map(|(reason, tally)| Line {
                reason: reason.id(),
                effect: reason.effect(),
                words: reason.label(),
                count: tally.count,
                examples: &tally.examples,
                names: &tally.names,
            })
            .collect();
        let mut fields = s.serialize_struct("Account", 8)?;
        fields.serialize_field("rows_in", &self.ledger.rows())?;
        fields.serialize_field("kept", &self.ledger.kept())?;
        fields.serialize_field("excluded", &self.ledger.excluded())?;
        fields.serialize_field("rejected", &self.ledger.rejected())?;
        fields.serialize_field("mapped", &self.mapped)?;
        fields.serialize_field("in_wards", &self.in_wards)?;
        fields.serialize_field("wards_compared", &self.ledger.wards_compared())?;
        fields.serialize_field("reasons", &lines)?;
        fields.end()
    }
}

impl Account {
    /// Adds another file's rows.
    pub fn merge(&mut self, other: &Self) {
        self.ledger.merge(&other.ledger);
        self.mapped += other.mapped;
        self.in_wards += other.in_wards;
    }
}

fn numbers(account: &Account) -> [u64; 6] {
    let ledger = &account.ledger;
    [
        ledger.rows(),
        ledger.kept(),
        ledger.excluded(),
        ledger.rejected(),
        account.mapped,
        account.in_wards,
    ]
}

impl CleaningReport {
    /// The report as plain text: a table of files, then reasons with examples, for each source.
    pub fn text(&self) -> String {
        let mut text = say::title(&self.name) + "\n";
        for line in &self.areas {
            let _ = writeln!(text, "  {line}");
        }
        for source in &self.sources {
            source.write(&mut text);
        }
        for subject in &self.subjects {
            subject.write(&mut text);
        }
        if !self.warnings.is_empty() {
            text.push('\n');
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "! {warning}");
        }
        text
    }
}

impl SourceReport {
    fn write(&self, text: &mut String) {
        let _ = writeln!(text, "\n{}: {}", self.source, self.layout);
        let names = self.files.iter().map(|f| f.file.chars().count());
        let width = names.max().unwrap_or(0).clamp(9, 48);
        let mut line = |name: &str, cells: [String; 6]| {
            let _ = write!(text, "  {name:<width$}");
            for (cell, column) in cells.iter().zip(say::COLUMNS) {
                let _ = write!(text, "  {cell:>w$}", w = column.len().max(9));
            }
            text.push('\n');
        };
        line("", say::COLUMNS.map(str::to_owned));
        for file in &self.files {
            line(&file.file, numbers(&file.account).map(|n| thousands(n as i64)));
        }
        line(say::ALL_FILES, numbers(&self.total).map(|n| thousands(n as i64)));
        for (effect, title) in [
            (Effect::Excluded, say::EXCLUDED),
            (Effect::Rejected, say::REJECTED),
            (Effect::Noted, say::NOTED),
        ] {
            let ledger = &self.total.ledger;
            for (reason, tally) in ledger.tallies().filter(|(r, _)| r.effect() == effect) {
                let line = say::reason(title, tally.count, reason.label());
                let _ = writeln!(text, "  {line}");
                self.write_examples(text, reason);
            }
        }
        let mut dropped: Vec<&str> = Vec::new();
        for name in self.files.iter().flat_map(|file| &file.dropped_columns) {
            if !dropped.contains(&name.as_str()) {
                dropped.push(name);
            }
        }
        if !dropped.is_empty() {
            let _ = writeln!(text, "  {}", say::dropped(&dropped));
        }
        let mut shapes: Vec<String> = Vec::new();
        for file in &self.files {
            let shape = say::form(&file.read_as, &file.date);
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
            if !file.preamble.is_empty() {
                let lines = file.preamble.join(" / ");
                let _ = writeln!(text, "  {}", say::above_header(&file.file, &lines));
            }
        }
        let _ = writeln!(text, "  {}", say::read_as(&shapes));
        for warning in &self.warnings {
            let _ = writeln!(text, "  ! {warning}");
        }
    }

    /// The first few examples over all files, each with its file.
    fn write_examples(&self, text: &mut String, reason: super::Reason) {
        let mut room = super::EXAMPLES;
        for file in &self.files {
            for (_, tally) in file.account.ledger.tallies().filter(|(r, _)| *r == reason) {
                for example in tally.examples.iter().take(room) {
                    let line = say::example(&file.file, example.line, &example.value);
                    let _ = writeln!(text, "      {line}");
                    room -= 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::{Reason, Settlement};

    #[test]
    fn the_text_names_file_line_and_value() {
        let mut ledger = Ledger::default();
        ledger.settle(2, Settlement::Kept);
        ledger.settle(3, Settlement::LeftOut(Reason::UnmappedCategory, "Barratry".into()));
        let account = Account { ledger, mapped: 1, in_wards: 1 };
        let file =
            FileReport { file: "a.csv".into(), account: account.clone(), ..FileReport::default() };
        let source = SourceReport {
            source: "police".into(),
            total: account,
            files: vec![file],
            ..SourceReport::default()
        };
        let report = CleaningReport { sources: vec![source], ..CleaningReport::default() };

        let text = report.text();

        assert!(text.contains("rejected: 1 a category that is mapped to no crime type"), "{text}");
        assert!(text.contains("a.csv line 3: Barratry"), "{text}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["sources"][0]["total"]["rows_in"], 2);
        assert_eq!(json["sources"][0]["total"]["reasons"][0]["examples"][0]["line"], 3);
    }
}

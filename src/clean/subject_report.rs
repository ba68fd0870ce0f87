//! What was read besides incidents and places, file by file.

use std::fmt::Write as _;

use serde::Serialize;

use crate::read::RowAccount;

use super::english::report as say;

/// One file of indicators, lookups, interventions and the like.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectReport {
    /// What its rows are about, such as `indicators`.
    pub subject: &'static str,
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// What was found, in a sentence.
    pub found: String,
    /// What became of its rows.
    pub account: RowAccount,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

impl SubjectReport {
    pub(super) fn write(&self, text: &mut String) {
        let RowAccount { rows, kept, excluded, rejected, reasons, dropped_columns } = &self.account;
        let _ = writeln!(text, "\n{}", say::subject(self.subject, &self.file, &self.found));
        let _ = writeln!(text, "  {}", say::rows(*rows, *kept, *excluded, *rejected));
        for reason in reasons {
            let line = say::rejected_with(reason.count, reason.reason, &reason.lines);
            let _ = writeln!(text, "  {line}");
        }
        if !dropped_columns.is_empty() {
            let columns: Vec<&str> = dropped_columns.iter().map(String::as_str).collect();
            let _ = writeln!(text, "  {}", say::dropped(&columns));
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "  ! {warning}");
        }
    }
}

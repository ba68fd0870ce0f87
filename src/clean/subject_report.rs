//! What was read besides incidents and places, file by file.

use std::fmt::Write as _;

use serde::Serialize;

use crate::read::RowAccount;

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
        let _ = writeln!(text, "\n{}: {}, {}", self.subject, self.file, self.found);
        let _ = writeln!(
            text,
            "  rows in {rows}, kept {kept}, excluded {excluded}, rejected {rejected}"
        );
        for reason in reasons {
            let lines: Vec<String> = reason.lines.iter().map(u64::to_string).collect();
            let more = if reason.count > lines.len() as u64 { ", ..." } else { "" };
            let _ = writeln!(
                text,
                "  rejected: {} with {} (line {}{more})",
                reason.count,
                reason.reason,
                lines.join(", ")
            );
        }
        if !dropped_columns.is_empty() {
            let _ = writeln!(text, "  columns dropped unread: {}", dropped_columns.join(", "));
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "  ! {warning}");
        }
    }
}

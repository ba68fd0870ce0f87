//! Where data came from and what was done to them, as plain facts to print.

use serde::{Deserialize, Serialize};

use crate::audience::Disclosure;

/// Where a dataset came from and what was done to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of wardheat that imported it.
    pub wardheat: String,
    /// How positions were transformed and how exactly.
    pub transformation: String,
    /// Whence wards have their residents, where no file gives them by ward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residents: Option<String>,
    /// Every file read.
    pub files: Vec<SourceFile>,
    /// Lines of attribution that must be printed.
    pub attribution: Vec<String>,
    /// What was held back, where the data were made for an audience; everything that the location
    /// rules allow is there where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<Disclosure>,
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Source in the workspace it belongs to (`police`, `wards`, ...).
    pub source: String,
    /// File name, without folders.
    pub file: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Rows read.
    pub rows: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows excluded by a rule of the workspace (cancelled, duplicate).
    pub excluded: u64,
    /// Rows that could not be used.
    pub rejected: u64,
}

impl SourceFile {
    /// A file of which every row was kept.
    pub fn kept_whole(source: &str, file: &str, sha256: String, rows: u64) -> Self {
        let (source, file) = (source.to_owned(), file.to_owned());
        Self { source, file, sha256, rows, kept: rows, excluded: 0, rejected: 0 }
    }
}

//! Why the store cannot be read or written.

use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;
use thiserror::Error;

use crate::crs::CrsError;

use super::english;

/// Why the store cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing was imported yet.
    #[error("no data imported yet: {} does not exist", .0.display())]
    Empty(PathBuf),
    /// The operating system refused.
    #[error("cannot {doing} {}", file.display())]
    Io {
        /// What was being done, as a verb.
        doing: &'static str,
        /// File or folder it was done to.
        file: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The manifest is not one.
    #[error("{} is not a manifest of a wardheat store", file.display())]
    Manifest {
        /// Path of the manifest.
        file: PathBuf,
        /// Line, column and reason.
        source: serde_json::Error,
    },
    /// The store was written by a later release.
    #[error(
        "{} has store format {found}, which is newer than this wardheat reads (up to {known})",
        file.display()
    )]
    Newer {
        /// Path of the manifest.
        file: PathBuf,
        /// Format it states.
        found: u32,
        /// Latest format that can be read.
        known: u32,
    },
    /// Its positions are on a plane that cannot be worked on here.
    #[error("{} is of a store that cannot be opened here", file.display())]
    Crs {
        /// Path of the manifest.
        file: PathBuf,
        /// Why.
        source: CrsError,
    },
    /// The manifest names a file that is not inside the store.
    #[error("{} names `{path}`, which is not a file inside the store", file.display())]
    Outside {
        /// Path of the manifest.
        file: PathBuf,
        /// Path as the manifest gives it.
        path: String,
    },
    /// A file is not the one that was written.
    #[error("{} was changed since the import: its checksum is {found}, not {wanted}", file.display())]
    Checksum {
        /// File read.
        file: PathBuf,
        /// SHA-256 in the manifest.
        wanted: String,
        /// SHA-256 of the bytes read.
        found: String,
    },
    /// A file is not the Parquet that the store writes.
    #[error("{} is not the Parquet file it should be", file.display())]
    Parquet {
        /// File read or written.
        file: PathBuf,
        /// What the Parquet library said.
        source: ParquetError,
    },
    /// A file holds a value that no release writes.
    #[error("{}, row {row}, column `{column}`: {problem}", file.display())]
    Value {
        /// File read or written.
        file: PathBuf,
        /// Row, counted from 1.
        row: usize,
        /// Name of the column.
        column: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The store holds nothing of what was asked for.
    #[error("the store holds no incidents of {what} (it holds: {held})")]
    NotHeld {
        /// Source, and month if one was named.
        what: String,
        /// Sources there are.
        held: String,
    },
    /// The rejected rows of an import could not be put in the place of the last one's.
    #[error("the store is written, but {} could not be replaced", folder.display())]
    Rejects {
        /// Folder of rejected rows.
        folder: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another import is writing.
    #[error("another import is writing to {}", .0.display())]
    Busy(PathBuf),
}

impl StoreError {
    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<&'static str> {
        english::hint(self)
    }

    /// For `map_err`: the operating system refused to do this to `file`.
    pub(super) fn io(doing: &'static str, file: &Path) -> impl FnOnce(io::Error) -> Self {
        let file = file.to_owned();
        move |source| Self::Io { doing, file, source }
    }

    /// For `map_err`: `file` is not the Parquet it should be, or the operating system refused it.
    pub(super) fn parquet(file: &Path) -> impl Fn(ParquetError) -> Self + use<'_> {
        move |source| match source {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(source) => Self::Io { doing: "write", file: file.to_owned(), source: *source },
                Err(inner) => {
                    Self::Parquet { file: file.to_owned(), source: ParquetError::External(inner) }
                }
            },
            source => Self::Parquet { file: file.to_owned(), source },
        }
    }

    /// Whether a file that the manifest names is not there.
    pub(super) fn is_missing_file(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

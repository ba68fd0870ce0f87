//! How an import tells how far it is, and hears that it should stop.

use crate::pipeline::english::import as say;

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading and cleaning; counted in bytes of files.
    Read,
    /// Settling and storing; counted in records.
    Store,
}

impl Stage {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => say::READING,
            Self::Store => say::STORING,
        }
    }

    /// Name in progress lines.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Store => "store",
        }
    }
}

/// Somebody who watches an import; called from any thread.
pub trait Watch: Sync {
    /// A stage begins, of `total` units.
    fn begin(&self, stage: Stage, total: u64) {
        let _ = (stage, total);
    }

    /// So many more units are done, which held so many rows.
    fn advance(&self, units: u64, rows: u64) {
        let _ = (units, rows);
    }

    /// Whether the import is to stop without a trace.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// An import was stopped by whoever watches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the import was stopped; the store is as it was")]
pub struct Stopped;

/// [`Stopped`] if it is to stop.
pub(super) fn go_on(watch: &dyn Watch) -> Result<(), Stopped> {
    if watch.is_stopped() { Err(Stopped) } else { Ok(()) }
}

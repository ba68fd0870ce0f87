//! Every English word of a store: what it holds, and what to do where it cannot be read or written.

use std::io;

use super::StoreError;

pub const STUDY_AREA: &str = "study area";
pub const STREETS: &str = "streets";
pub const SNAP_POINTS: &str = "snap points";
pub const VENUES: &str = "venues";
pub const MEETINGS: &str = "meetings";

pub fn boundaries(kind: &str) -> String {
    format!("{kind} boundaries")
}

pub fn rows(found: usize, wanted: u64) -> String {
    format!("the file has {found} rows; wanted {wanted}")
}

/// What to do about an error, where that is known.
pub fn hint(error: &StoreError) -> Option<&'static str> {
    Some(match error {
        StoreError::Empty(_) => "read the workspace's sources first: wardheat import",
        StoreError::Manifest { .. }
        | StoreError::Outside { .. }
        | StoreError::Checksum { .. }
        | StoreError::Parquet { .. }
        | StoreError::Value { .. } => "write the store anew from its sources: wardheat import",
        StoreError::Newer { .. } => "update wardheat, or write the store anew: wardheat import",
        StoreError::Crs { .. } => "a process works on the data of one place: open it in another",
        StoreError::NotHeld { .. } => "wardheat store list shows what it holds",
        StoreError::Rejects { .. } => "close what has a file of it open, then import again",
        StoreError::Busy(_) => "wait until it has finished, then try again",
        StoreError::Io { source, .. } => match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on the disk, then import again: the store is as it was"
            }
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                "use a folder that you may write to: the store is as it was"
            }
            io::ErrorKind::NotFound => {
                "a file of the store is gone: write it anew from its sources, wardheat import"
            }
            _ => return None,
        },
    })
}

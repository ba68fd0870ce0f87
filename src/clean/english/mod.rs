//! English words of the cleaning report, one file for each part.

pub(super) mod reason;
pub(super) mod report;
pub(super) mod warn;

//! English words of a workspace, one file for each part.

pub(super) mod draft;
pub(super) mod fault;
pub(super) mod word;

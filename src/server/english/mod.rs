//! English words of documents, files and problems that are served; those of pages are in
//! `html/english`.

pub(super) mod catalogue;
pub(super) mod files;
pub(super) mod filter;
pub(super) mod metric;
pub(super) mod openapi;
pub(super) mod parameter;
pub(super) mod problem;

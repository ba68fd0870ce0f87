//! Every English word of the pages, one file for each page: another language is another such folder.
//!
//! What is always the same is a constant; what holds a figure or a name is a function of it, so that the
//! order of words is the language's own. Pages say `say::FIND` and hold no words themselves; a test
//! (`tests/it/words.rs`) holds that.

pub(super) mod accessibility;
pub(super) mod answer;
pub(super) mod area;
pub(super) mod clock;
pub(super) mod community;
pub(super) mod data;
pub(super) mod document;
pub(super) mod finder;
pub(super) mod frame;
pub(super) mod legend;
pub(in crate::server) mod login;
pub(super) mod map;
pub(super) mod meetings;
pub(super) mod numbers;
pub(super) mod options;
pub(super) mod records;
pub(super) mod say;
pub(super) mod show;
pub(super) mod statistics;
pub(super) mod sure;
pub(super) mod table;
pub(super) mod trend;
pub(in crate::server) mod trouble;
pub(super) mod usual;
pub(super) mod ward;
pub(super) mod wards;
pub(super) mod whereabouts;
pub(super) mod words;

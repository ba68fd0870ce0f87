//! Every English word of the reports, one file for each.

pub(super) mod chair;
pub(super) mod quality;

pub const SKIP: &str = "Skip to the answer";
pub const FICTIONAL: &str = "Fictional data.";
pub const MADE_UP: &str = " Every record was made up by a program.";

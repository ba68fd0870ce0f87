//! The page of the data, where there is no report on them.

pub const PAGE: &str = "Data quality";
pub const NO_REPORT: &str = "No report on these data is kept.";
/// Before and after the command that writes one.
pub const WRITE_ONE: [&str; 2] = ["Every import writes one: run ", " and start again."];

//! The clock of hours and days.

pub const NO_HOURS: &str = "These records have months only, no days or hours, so there is no clock. A police or \
    council file with dates and times would bring one.";
/// Before and after the hours that are chosen.
pub const OF_EVERY_HOUR: [&str; 2] =
    ["The clock is of every hour; all other figures are of ", ". "];
pub const SPREAD: &str = "Each record is spread over the time it can have happened in. ";
pub const FEW: &str = " These are few: chance alone makes peaks of them.";
pub const TIMES_THE_MEAN: &str = "Times the mean hour: ";
pub const TABLE: &str = "Table of hours";
pub const TABLE_OF_AREA: &str = "Table of hours of your area";
pub const CAPTION: &str =
    "Records by hour and weekday, spread over the time they can have happened in";
pub const HOUR: &str = "Hour";
pub const SHARE: &str = "Share";

/// How few hours hold half.
pub fn half(hours: usize) -> String {
    format!("Half falls in the {hours} outlined hours of 168. ")
}

/// How many records have a time, and how many have none.
pub fn timed(timed: &str, untimed: Option<&str>) -> String {
    let untimed = untimed.map(|n| format!(", {n} have none")).unwrap_or_default();
    format!("{timed} records have a time{untimed}.")
}

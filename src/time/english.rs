//! Every English word of dates and hours.

use std::fmt::Display;

/// Days on screen, Monday first.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Months on screen, January first.
pub const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
pub const EVERY_DAY: &str = "every day";
pub const MONDAY_TO_FRIDAY: &str = "Mon to Fri";
pub const NO_NIGHT: &str = "no night";

/// From one month or time of day to another.
pub fn to(from: impl Display, to: impl Display) -> String {
    format!("{from} to {to}")
}

/// Names as a sentence lists them: `a`, `a and b`, `a, b and c`.
pub fn names(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        names => names.concat(),
    }
}

/// The nights of these days.
pub fn nights(days: &[&str]) -> String {
    format!("{} {}", names(days), if days.len() == 1 { "night" } else { "nights" })
}

//! The head of a ward's page.

pub const ALL_WARDS: &str = "All wards";
pub const COUNTED_HERE: &str = "Counted here: ";
pub const ALONE: &str = " alone. ";
pub const ALL_HOURS: &str = "All hours";
pub const ON_THE_MAP: &str = "Show on the map";
pub const PRINT: &str = "Print one page";
pub const WHEN: &str = "When";
pub const LATEST: &str = "Latest 3 months";

/// How many live there.
pub fn residents(n: &str) -> String {
    format!(" · {n} residents")
}

/// How many homes there are.
pub fn households(n: &str) -> String {
    format!(" · {n} households")
}

/// Whose boundaries they are.
pub fn edition(edition: &str) -> String {
    format!(", wards of {edition}")
}

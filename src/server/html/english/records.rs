//! The controls of the map, and how its figures were made.

pub const WHAT_IT_SHOWS: &str = "What the map shows";
pub const SHOW: &str = "Show";
pub const RESET: &str = "Reset";
pub const RECORDS: &str = "Records";
pub const SOURCE: &str = "Source";
pub const ALL_SOURCES: &str = "All sources";
pub const WHEN: &str = "When";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const DAYS: &str = "Days";
pub const HOURS: &str = "Hours";
pub const LATEST_YEAR: &str = "Latest year";
pub const JAN_TO_DEC: &str = "Jan to Dec";
pub const APR_TO_MAR: &str = "Apr to Mar";
pub const OCT_TO_SEP: &str = "Oct to Sep";
pub const ALL_MONTHS: &str = "All months";
pub const HOTSPOTS: &str = "Hotspots";
pub const WARD_NAMES: &str = "Ward names";
pub const SCAN_CLUSTERS: &str = "Scan clusters";
pub const HALLS: &str = "Halls";
pub const WHAT_THESE_ARE: &str = "What these are";
pub const ALL_DAYS: &str = "All days";
pub const MON_TO_FRI: &str = "Mon to Fri";
pub const SAT_AND_SUN: &str = "Sat and Sun";
pub const FRI_AND_SAT: &str = "Fri and Sat";
/// Monday first.
pub const EACH_DAY: [&str; 7] =
    ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
pub const ALL_HOURS: &str = "All hours";
pub const NOTHING: &str = "Nothing";
pub const COMPARE: &str = "Compare heat";
pub const WITH: &str = "With";
pub const AS: &str = "As";
pub const DIFFERENCE: &str = "Difference";
pub const SIDE_BY_SIDE: &str = "Side by side";
pub const WHERE_IT_CAN_BE: &str = "where a record can be";
pub const ALL_IN_AREA: &str = "all in the area";
pub const HOW: &str = "How it was made";
pub const HEAT: &str = "Heat";
pub const HOTSPOT: &str = "Hotspot";
pub const CELLS_TESTED: &str = "Cells tested";
pub const PLACES: &str = "Places";
pub const AS_PUBLISHED: &str = "as published: often a shared point near by, not the address";
pub const SEED: &str = "Seed, data";
pub const IN_FULL: &str = "The method in full";
pub const AS_TABLE: &str = "All figures as a table";
pub const TABLES: &str = "Tables: ";
pub const WARDS: &str = "Wards";
pub const MONTHS: &str = "Months";
pub const MAP: &str = "Map as shown: ";

/// From one hour to another.
pub fn hours(from: &str, to: &str) -> String {
    format!("{from} to {to}")
}

/// How heat is made.
pub fn heat(bandwidth: &str) -> String {
    format!("quartic kernel, {bandwidth}, National Grid")
}

/// How hotspots are found.
pub fn hotspot(cell: &str, alpha: f64) -> String {
    format!("Gi*, {cell} cells, q < {alpha} after FDR")
}

/// Notes that stand above the method.
pub fn notes(n: usize) -> String {
    let notes = if n == 1 { "note" } else { "notes" };
    format!("{n} {notes} and the method in full")
}

//! The data-quality report.

use crate::layer::words::{counted, thousands};

pub const TITLE: &str = "Data quality";
pub const POLICE_ALONE: &str = "Police data alone.";
pub const SEES_ONLY: &str = " An assessment that rests on these figures sees only what was \
    reported to the police and recorded by them. Add council, fire, ambulance or health data \
    before it is used to set priorities.";
pub const NOTHING_HELD: &str = "No record is held.";
pub const ROWS_IN: &str = "Rows in";
pub const KEPT: &str = "Kept";
pub const EXCLUDED: &str = "Excluded";
pub const REJECTED: &str = "Rejected";
pub const USABLE: &str = "Usable position";
pub const ON_DEFAULTS: &str = "On default positions";
pub const SOURCE: &str = "Source";
pub const NONE: &str = "none";
pub const PARTIAL: &str = " partial";
pub const COME_IN: &str = "What has come in";
pub const SIGNS: &str = "Records by month: ● as many as usual, ◐ cut off, broken by days without \
    a record, or far fewer than usual, – none.";
pub const ALL_SOURCES: &str = "All sources";
pub const ACCOUNTED: &str = "Every row is accounted for";
pub const SUM: &str = "Rows in = kept + excluded + rejected, in every line.";
pub const ROWS_OF_SOURCES: &str = "Rows of every source";
pub const FILE: &str = "File";
pub const WHICH_USABLE: &str = "Which positions are usable";
pub const BY_KIND: &str = "By kind of record";
pub const BY_WARD: &str = "By ward";
pub const FOUND: &str = "What was found";
pub const OUTCOME: &str = "Outcome";
pub const ROWS: &str = "Rows";
pub const EXAMPLE: &str = "For example";
pub const NOTED: &str = "kept, noted";
pub const ALL_KEPT: &str = "Every row was kept, with nothing to note.";
pub const RECORDS: &str = "Records";
pub const UNDER_5: &str = "under 5";
pub const LOW: &str = "▼ under 85% ";
pub const NONE_LOW: &str = "none under 85%";
pub const BY_MONTH: &str = "By month";
pub const NUMBER: &str = "No.";
pub const POSITION: &str = "Position (National Grid)";
pub const DEFAULTS: &str = "Default positions";
pub const NO_DEFAULTS: &str = "No position stands for \"place not known\", as far as can be told.";
pub const WHAT_DEFAULTS_ARE: &str = "Positions such as a police station or town hall, on which \
    records pile up whose place is not known. They count in their ward and are in no density or \
    hotspot.";
pub const POSITIONS: &str = "Positions";
pub const RECORDS_TO_ONE: &str = "Records to one";
pub const MOST_ON_ONE: &str = "Most on one";
pub const FULLEST_TENTH: &str = "Share on the fullest tenth";
pub const OTHER_WARD: &str = "Other ward given";
pub const ABOUT: &str = "about ";
pub const NOT_KNOWN: &str = "not known";
pub const NO_POSITIONS: &str = "no positions";
pub const SNAP_POINTS: &str = "Snap points, and wards that disagree";
pub const WHAT_SNAP_POINTS_ARE: &str = "Published positions are shared points: many records on \
    few of them is how they are made. \"Other ward given\" counts rows whose ward is not that of \
    their position; the position wins.";
pub const RECORDS_TO_A_POSITION: &str = "Records to a position";
pub const LAYOUT: &str = "Layout";
pub const PERIOD: &str = "Period";
pub const OWNER: &str = "Owner";
pub const RECEIVED: &str = "Received";
pub const NO_RECORDS: &str = "no records";
pub const NOT_STATED: &str = "not stated";
pub const USED: &str = "Sources used";
pub const AS_STATED: &str = "Owner and day of receipt are as wardheat.toml states them.";
pub const ALL_RECORDS: &str = "All records";
pub const IN_NO_WARD: &str = "In no ward";

/// How many records of how many sources are held, and how many have a usable position.
pub fn held(kept: &str, sources: usize, share: &str, mislead: bool) -> String {
    let of = counted(sources as i64, "source", "sources");
    if mislead {
        format!(
            "{kept} records of {of} are held, and only {share} have a usable position: maps mislead."
        )
    } else {
        format!("{kept} records of {of} are held; {share} have a usable position.")
    }
}

/// What is missing, and what a usable position is.
pub fn limits(gaps: usize) -> String {
    let months = match gaps {
        0 => "No month is missing.".to_owned(),
        1 => "One month of a source is missing or partial.".to_owned(),
        _ => format!("{gaps} months of sources are missing or partial."),
    };
    format!(
        "{months} A position is usable if the record has one of its own that is no default such as \
         a police station. Under 85% with a usable position a map misleads (Ratcliffe 2004)."
    )
}

pub fn records_of(year: &str) -> String {
    format!("Records by source and month, {year}")
}

/// Whether months of a year are missing; of `single` sources where there are several.
pub fn months_of(year: &str, gaps: usize, single: bool) -> String {
    let of = if single { " of single sources" } else { "" };
    match gaps {
        0 => format!("{year}: every month whole"),
        1 => format!("{year}: one month{of} missing or partial"),
        _ => format!("{year}: {gaps} months{of} missing or partial"),
    }
}

/// Years of which no source holds a month.
pub fn years_without(first: &str, last: &str) -> String {
    format!("{first} to {last}: no record")
}

pub fn rows_of_files(source: &str) -> String {
    format!("Rows of every file, {source}")
}

pub fn files(source: &str, n: usize) -> String {
    format!("{source}: {}", counted(n as i64, "file", "files"))
}

/// Where something was found, and what stands there.
pub fn line(file: &str, line: u64, value: &str) -> String {
    let value = if value.is_empty() { String::new() } else { format!(": {value}") };
    format!("{file} line {line}{value}")
}

pub fn findings(n: usize) -> String {
    format!("What was found in its rows: {}", counted(n as i64, "finding", "findings"))
}

pub fn reasons(source: &str) -> String {
    format!("Reasons, {source}")
}

pub fn low(low: usize, of: usize) -> String {
    format!("{low} of {of} under 85%")
}

/// How many positions are usable by the heading of a table.
pub fn usable(by: &str, under: &str) -> String {
    format!("Usable position {}: {under}", by.to_lowercase())
}

pub fn more(hidden: usize) -> String {
    format!("{hidden} more are not listed.")
}

pub fn estimates(source: &str, one_in: u64) -> String {
    format!(
        "{source} has more positions than are held in memory: one in {one_in} was counted, so its \
         figures are estimates."
    )
}

/// From one month to another.
pub fn to(from: &str, to: &str) -> String {
    format!("{from} to {to}")
}

/// Drawing of default positions.
pub fn map(n: usize) -> String {
    format!("Map of the wards with {n} default positions, numbered")
}

/// First line of the summary for a terminal: rows in, kept, excluded and rejected.
pub fn summary([rows_in, kept, excluded, rejected]: [u64; 4]) -> String {
    let n = |n: u64| thousands(i64::try_from(n).unwrap_or(i64::MAX));
    format!(
        "Data quality: {} rows in = {} kept + {} excluded + {} rejected\n",
        n(rows_in),
        n(kept),
        n(excluded),
        n(rejected)
    )
}

/// A source in the summary for a terminal: how many positions are usable, kinds or wards where few
/// are, and months that are missing.
pub fn summary_of(source: &str, rate: f64, low: usize, gaps: usize) -> String {
    let low = if low > 0 { format!("; under 85% in {low} kinds or wards") } else { String::new() };
    let gaps = match gaps {
        0 => String::new(),
        gaps => format!("; {} missing or partial", counted(gaps as i64, "month", "months")),
    };
    format!("  {source}: {:.1}% with a usable position{low}{gaps}\n", 100.0 * rate)
}

pub const POLICE_ALONE_IN_SUMMARY: &str =
    "! police data alone: an assessment needs other partners' data too\n";

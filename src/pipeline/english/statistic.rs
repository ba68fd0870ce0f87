//! How a statistic was run, and what the reader of its figures must know.

use std::fmt::Write as _;

pub const UNITS_WANTED: &str = "wanted a kind of unit (see wardheat list), for cells with their side in metres: ward, lsoa, \
     square:250, hexagon:250, h3:250, h3:r9 for a resolution";

/// What the values of a file are called that names no column of values.
pub const NUMBER_OF_PLACES: &str = "number of places";
pub const NO_WINDOW: &str = "no window given";
pub const HOURS: &str = "Hours";
pub const DATA_IN_PART: &str = "Data in part";

pub fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// What a statistic is about, what it was run on, the options it ran with, and those of them that
/// were settled from the data.
pub fn method(
    about: &str,
    (units, kind): (usize, &str),
    options: &[(String, String)],
    settled: &[(&str, String)],
) -> String {
    let mut how = format!("{about} On {units} units of kind `{kind}`");
    for (option, value) in options {
        let _ = write!(how, "; {} {value}", option.replace('-', " "));
    }
    for (option, value) in settled {
        let _ = write!(how, "; {option} settled from the data: {value}");
    }
    how
}

/// Records that a table of hours leaves out.
pub fn hours_left_out(records: usize, unknown: usize, long: usize) -> String {
    format!(
        "of {records} records {unknown} are left out because their hour is not known, and {long} \
         because they span more than 24 hours"
    )
}

pub fn without_value(n: usize, of: usize) -> String {
    format!("{n} of {of} places have no value: they are not scored.")
}

/// A study area (km²) made of the points themselves.
pub fn hull(points: u64, km2: f64) -> String {
    format!(
        "The study area is the convex hull of the {points} points ({km2:.2} km²): name one with \
         --study-area if it is another."
    )
}

pub fn no_hull(points: u64) -> String {
    format!(
        "The {points} points stand in a line or at one place, so their convex hull is no study area \
         and there are no cells to count in: name one with --study-area."
    )
}

pub fn outside_window(n: usize, of: usize, window: &str) -> String {
    format!("{n} of {of} points have no date within {window}: its counts leave them out.")
}

pub fn outside_area(n: usize, of: u64) -> String {
    format!("{n} of {of} points lie outside the study area.")
}

pub fn counts_with(column: &str) -> String {
    format!("Each point counts with its `{column}`.")
}

pub fn without_date(n: usize, of: usize, form: impl std::fmt::Display) -> String {
    format!("{n} of {of} points have no date that reads as {form}.")
}

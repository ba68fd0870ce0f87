//! Why a row was left out, what was noted about it, and what its examples say.

use std::fmt::Display;

pub const BLANK_ROW: &str = "blank row";
pub const REPEATED_HEADER: &str = "header repeated inside the file";
pub const FOOTER_ROW: &str = "total or note, not a record";
pub const OUTSIDE_AREA: &str = "outside the study area (more than 200 m)";
pub const SAME_ROW_TWICE: &str = "the same record again (same reference, same content)";
pub const OLDER_VERSION: &str = "older version: a later file has the reference again";
pub const NOT_COUNTED: &str = "cancelled, no crime or duplicate by its status";
pub const EXCLUDED_KIND: &str = "a kind of record that is not counted here";
pub const WRONG_LENGTH: &str = "more or fewer cells than the header";
pub const NO_DATE: &str = "no usable date";
pub const UNREAD_DATE: &str = "a date in another form than its column";
pub const FUTURE_DATE: &str = "a date still to come when the file was received or imported";
pub const NO_CATEGORY: &str = "no category";
pub const UNMAPPED_CATEGORY: &str = "a category that is mapped to no crime type";
pub const NO_POSITION: &str = "no position: in ward counts only if the ward is given";
pub const MASKED: &str = "near a place that must not be shown: kept by ward only";
pub const WARD_ONLY: &str = "kept by ward only (location rule)";
pub const OUTWARD_ONLY: &str = "kept by outward postcode only (location rule)";
pub const NO_OUTWARD: &str = "no outward postcode given: nowhere";
pub const PLACE_DROPPED: &str = "no place kept (location rule)";
pub const DEFAULT_PLACE: &str =
    "a default position (station, town hall): not in density and hotspots";
pub const SHORT_POSITION: &str = "position shortened or rounded: precision 10 m to 1 km";
pub const SWAPPED_POSITION: &str = "easting and northing (or longitude and latitude) were swapped";
pub const LOST_SIGN: &str = "the minus sign of the longitude was missing";
pub const OTHER_SYSTEM: &str = "degrees in the grid columns, or metres in the degree columns";
pub const NEAREST_WARD: &str = "up to 200 m outside: counted in the nearest ward";
pub const WARD_DISAGREES: &str =
    "the ward given is not the ward of the position (the position wins, unless it is a default)";
pub const OLD_WARD: &str =
    "the ward given is of an older edition: counted in the ward its lookup says";
pub const NAMED_PLACE: &str = "place found by its name, in the list of venues and streets";
pub const UNNAMED_PLACE: &str = "the description names no place of the list: nowhere";
pub const UNKNOWN_WARD: &str = "the ward given is none of the study area's";
pub const DAMAGED: &str = "a cell damaged by a spreadsheet (#N/A, 4.2E+11), read as empty";
pub const RETIRED_CODE: &str = "a code no longer used, counted as its successor";
pub const OTHER_EDITION: &str = "a category that was not in force in its month";
pub const TEXT_ALLOWED: &str = "text that looks personal, allowed by the workspace";
pub const RECORDED_USED: &str = "no date of the event: the recorded date is used";
pub const TIME_UNKNOWN: &str = "hour not known";
pub const LONG_SPAN: &str =
    "more than 24 hours from its earliest to its latest time: in no table of hours";
pub const CLOCK_CHANGE: &str =
    "in the hour that the clocks repeat or skip: local clock time, as written";
pub const NIGHT_TIME: &str =
    "in the night-time band: belongs to the night that began the evening before";
pub const RECORDED_LATE: &str = "recorded more than 90 days after it happened";
pub const END_BEFORE_START: &str = "it ends before it starts: the end is left out";
pub const FUTURE_END: &str =
    "its end or recorded date was still to come when the file was received or imported: left out";
pub const SPAN_SWAPPED: &str = "from and to dates were swapped (dates without times)";
pub const REPEATED_REFERENCE: &str =
    "its reference came before with another offence or place: kept as an offence of its own";
pub const NO_REFERENCE: &str = "no reference, so that a repeat cannot be told from a second event";

/// What stands for the words of a footer, which may be any.
pub const WORDS_NOT_SHOWN: &str = "(words not shown)";
pub const OFF_THE_GRID: &str = "off the National Grid";

pub fn cells(n: usize, wanted: usize) -> String {
    format!("{n} cells, wanted {wanted}")
}

/// Where a ward is given, and where the position lies.
pub fn given_and_found(given: &str, found: &str) -> String {
    format!("given {given}, position in {found}")
}

/// A position on the National Grid, to the kilometre.
pub fn near(km_east: i64, km_north: i64) -> String {
    format!("near {km_east} km E, {km_north} km N")
}

pub fn night_of(night: impl Display) -> String {
    format!("night of {night}")
}

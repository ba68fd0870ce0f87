//! Hotspots and wards beside the map, and the cards of both.

use crate::layer::words::counted;

pub const HOTSPOTS: &str = "Hotspots";
pub const AND_SHARE: &str = "records, and their share";
pub const WARDS: &str = "Wards";
pub const ALL_FIGURES: &str = "All figures of all wards";
pub const OFF_SCALE: &str = "▸ lies off the scale. ";
pub const SIGNS: &str = "Against the year before: ▲ higher, ▼ lower, ● as usual, ○ too few to say";
pub const WHEN: &str = "When";
pub const DRAG_HOURS: &str = "drag over hours to count them alone";
pub const ALL_HOURS: &str = "All hours";
pub const NO_HOTSPOTS: &str = "No cell holds more records than chance explains. That is a finding, not a \
    gap: the records are spread, or too few.";
pub const TABLE_OF_HOTSPOTS: &str = "Table of hotspots";
pub const NUMBER: &str = "Number";
pub const PLACE: &str = "Place";
pub const RECORDS: &str = "Records";
pub const RANK_BY_RATE: &str = "Rank by rate";
pub const RANK_BY_COUNT: &str = "Rank by count";
pub const BY_COUNT: &str = "by count: no population is held";
pub const WARD: &str = "Ward";
pub const COUNT: &str = "Count";
pub const RATE: &str = "Rate";
pub const INTERVAL: &str = "95% interval";
pub const AGAINST: &str = "Against the year before";
pub const RECORDED: &str = "Recorded";
pub const BY_RATE: &str = "By rate";
pub const BY_DAY: &str = "By day";
pub const THERE_BY_DAY: &str = " per 1,000 there on a working day";
pub const YEAR_BEFORE: &str = "Year before";
pub const WARD_PAGE: &str = "All figures of this ward";
pub const ONLY_PLACE: &str = "with no other place likely";
pub const NOT_HELD: &str = "not held";
pub const CLOSE: &str = "Close";
pub const BY_MONTH: &str = "By month";
pub const DRAG_MONTHS: &str = ". Drag over months, or use From and To";
pub const RECORDS_BY_MONTH: &str = "Records by month";
pub const MONTH: &str = "Month";

/// Where the address names a ward that is not of these data.
pub fn no_ward(code: &str) -> String {
    format!("There is no ward {code} here: nothing is marked.")
}

/// Where the address names a hotspot that these records and months have not.
pub fn no_hotspot(number: i64) -> String {
    format!("There is no hotspot {number} in these records and months: nothing is marked.")
}

/// Where the address names a cell, an area, a cluster or a hall.
pub fn live_alone(id: &str) -> String {
    format!("Only the live map can mark {id}: nothing is marked.")
}

/// Hours that all figures are of.
pub fn figures_of(hours: &str) -> String {
    format!("all figures: {hours}. ")
}

/// What the rates are.
pub fn per_1000(base: &str) -> String {
    format!("per 1,000 {base}, 95% interval")
}

/// Share of a hotspot's records, and its ground.
pub fn share_on(share: &str, area: &str) -> String {
    format!("{share} on {area}")
}

/// Name of the table of wards.
pub fn table_of(wards: &str) -> String {
    format!("Table of {wards}")
}

/// So many wards.
pub fn wards(n: usize) -> String {
    counted(n as i64, "ward", "wards")
}

/// Share of a ward's records.
pub fn of_the_area(share: &str) -> String {
    format!(" {share} of the area's")
}

/// Base of a ward's rate.
pub fn per(base: &str) -> String {
    format!(" per 1,000 {base}")
}

/// Ends of an interval.
pub fn interval(range: &str) -> String {
    format!("95% interval {range}")
}

/// After a rank: of how many.
pub fn of(n: usize) -> String {
    format!(" of {n}")
}

/// Where a ward may stand, given chance.
pub fn between(low: &str, high: &str) -> String {
    if low == high { format!("between {low}") } else { format!("between {low} and {high}") }
}

/// What the year before had.
pub fn then(n: &str) -> String {
    format!("{n} then")
}

/// How many times that it is now.
pub fn now(ratio: &str) -> String {
    format!("; now {ratio}")
}

/// Wards that a hotspot lies in.
pub fn in_wards(wards: &str) -> String {
    format!(" In {wards}.")
}

/// Two wards and how many more.
pub fn and_more(first: &str, second: &str, more: usize) -> String {
    format!("{first}, {second} and {more} more")
}

pub const NONE_IN_ANY_MONTH: &str = "None is recorded in any month";

/// The month that holds most.
pub fn the_most(n: &str, month: &str) -> String {
    format!("The most is {n} in {month}")
}

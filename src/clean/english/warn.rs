//! What the reader of a cleaning report must know.

use crate::quantity::thousands;

pub const AT_MIDNIGHT: &str =
    "far more records at 00:00 than in the hours around it: 00:00 is read as hour not known";
pub const AT_NOON: &str =
    "far more records at 12:00 than in the hours around it: 12:00 is read as hour not known";
pub const ROUNDED: &str = "many positions end in 00: those are read as rounded to 100 m";

/// What a month without records has, after its name.
pub const MISSING: &str = "has no records at all";

pub const UNKNOWN_CATEGORIES: Unknown = Unknown {
    what: "categories that no table knows",
    then: "they count nowhere until [source.categories] says which crime type each is, or `exclude`",
};
pub const UNKNOWN_WARDS: Unknown = Unknown {
    what: "wards that are none of the study area's",
    then: "a [[lookup]] from the older edition to this one would place them",
};

fn n(count: u64) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Names that are not known: what they are, and what to do.
pub struct Unknown {
    what: &'static str,
    then: &'static str,
}

/// Rows with names that are not known: the names told with their rows, and how many more there are.
pub fn unknown(rows: u64, of: &Unknown, told: &[(&str, u64)], more: usize) -> String {
    let told: Vec<String> =
        told.iter().map(|(name, rows)| format!("`{name}` ({})", n(*rows))).collect();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{} rows have {}: {}{more}; {}", n(rows), of.what, told.join(", "), of.then)
}

/// Two sources that tell of the same events.
pub fn doubles((one, of_one): (&str, u64), (other, of_other): (&str, u64)) -> String {
    format!(
        "{} records of {one} have one of {other} within 2 hours and 50 m ({} the other way round): \
         perhaps one event told by both, so counts of the two together may hold it twice; none was \
         merged",
        n(of_one),
        n(of_other)
    )
}

/// A change of scheme, from a month on.
pub fn series_break(from: &str, says: &str, table: &str) -> String {
    format!("from {from} on, {says} ({table}): compare months before and after with care")
}

pub fn default_place(records: u64, easting: i32, northing: i32) -> String {
    format!(
        "{} records share the position {easting}, {northing}: taken for a default place (a station, a \
         town hall); list it in `default-places` to confirm",
        n(records)
    )
}

/// What a month has that ends early, after its name.
pub fn cut_off(day: i8) -> String {
    format!("ends on day {day}: it looks cut off")
}

/// What a month has that lacks some days, after its name.
pub fn gap(first: i8, last: i8) -> String {
    format!(
        "has no record from day {first} to day {last}, though there are many on its other days: it \
         looks half delivered"
    )
}

/// What a month has that holds too little, after its name.
pub fn thin(records: u64, usual: u64) -> String {
    format!("has {} records where {} are usual: it may be incomplete", n(records), n(usual))
}

pub fn months_missing(months: &[String]) -> String {
    format!("no records at all in {}: nothing is made up for them", months.join(", "))
}

pub fn last_month(month: &str, doubt: &str) -> String {
    format!("the last month, {month}, {doubt}, so leave it out of trends")
}

pub fn month(month: &str, doubt: &str) -> String {
    format!("{month} {doubt}")
}

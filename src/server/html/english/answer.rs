//! The answer card of a ward.

use crate::layer::words::capital;

pub const WHAT: &str = "What";
pub const WHERE: &str = "Where";
pub const WHEN: &str = "When";
pub const NEXT: &str = "Next";
pub const NOTHING_UNUSUAL: &str = "Nothing recorded here is far from usual.";
pub const HIGHER_THAN_USUAL: &str = "higher than usual";
pub const LOWER_THAN_USUAL: &str = "lower than usual";
pub const LOWER: &str = "lower";
pub const TOO_FEW_EARLIER: &str = " Too few earlier months are held to compare with.";
pub const NOTHING: &str = "Nothing was recorded here in these months.";
pub fn no_kind(fewest: u64) -> String {
    format!("No kind has {fewest} records: too few to rank.")
}

pub const SPREAD: &str = "Spread: no place has five records.";
pub const NO_HOURS: &str = "Only months are published, no days or hours.";
pub const OF_EVERY_HOUR: &str = "Of every hour: ";
pub const NO_PEAK: &str = "Spread over the week: no hours stand out.";
pub const NO_DIARY: &str = "No diary of meetings is held.";
pub const FROM_YEAR_BEFORE: &str =
    "Expected is the year before, with the range that months vary by";
pub const FROM_YEARS: &str =
    "Expected is the mean of earlier years, with the range that months vary by";
pub const FROM_SAME_MONTHS: &str =
    "Expected is the same months of the year before, at the level of the last twelve months";
pub const FROM_MONTHS_OF_YEARS: &str =
    "Expected is the same months of earlier years, at the level of the last twelve months";
pub const FROM_MONTHS_BEFORE: &str = "Expected is drawn from the months just before; the season is \
    not allowed for, as no earlier year is held";
pub const FROM_NOTHING: &str = "Too few earlier months are held to expect anything from";
pub const NOT_OF_PART: &str = "Nothing is expected of months of which some are not held";

/// Where months of the window are not held.
pub fn not_whole(held: usize, of: usize) -> String {
    format!(" {held} of {of} months are held, so nothing is compared.")
}

/// Where a ward stands by rate: its place, of how many, and the places it may hold.
pub fn ranked(kind: &str, place: &str, of: usize, between: Option<(&str, &str)>) -> String {
    let between = between.map(|(low, high)| format!(", between {low} and {high}"));
    format!("{kind} is {place} of {of} wards by rate{}.", between.unwrap_or_default())
}

/// A count alone.
pub fn recorded(kind: Option<&str>, n: &str) -> String {
    let kind = kind.map(|kind| format!("{kind}: ")).unwrap_or_default();
    format!("{kind}{n} recorded.")
}

/// Kinds at the start of a sentence; `more` are not named.
pub fn kinds(mut names: Vec<String>, more: usize) -> String {
    if more > 0 {
        names.push(format!("{more} other kinds"));
    }
    let last = names.pop().unwrap_or_default();
    capital(&if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) })
}

/// The verb of these kinds: some labels are of several things and take the plural even alone.
pub fn are(kinds: &[&str]) -> &'static str {
    let plural =
        |label: &str| label == "Drugs" || label.ends_with("weapons") || label.ends_with("offences");
    match kinds {
        [one] if !plural(one) => " is ",
        _ => " are ",
    }
}

/// After a kind and its count: where it stands by rate.
pub fn place(place: &str, of: usize) -> String {
    format!(", {place} of {of} by rate")
}

/// After a kind and its count: what was expected.
pub fn expected(range: &str) -> String {
    format!(", {range} expected.")
}

/// Where no more kinds are unusual than chance marks.
pub fn chance_alone(unusual: usize, judged: usize) -> String {
    let kinds = if unusual == 1 { "One kind" } else { "Two kinds" };
    format!("{kinds} of {judged}: chance alone marks about as many.")
}

/// After a kind and its count: what there was before.
pub fn a_year_earlier(n: &str) -> String {
    format!(", {n} a year earlier.")
}

/// How much of the ward a place holds, and mostly what.
pub fn at_place(n: &str, of: &str, mostly: Option<&str>) -> String {
    let mostly = mostly.map(|kind| format!(", mostly {kind}")).unwrap_or_default();
    format!(": {n} of the ward's {of} records{mostly}.")
}

/// The place that comes next.
pub fn then(name: &str, n: &str) -> String {
    format!(" Then {name}, {n}.")
}

/// Where few records have a time.
pub fn few_timed(n: u64) -> String {
    format!("Too few to say: {n} records have a time.")
}

/// How much falls in the hours that stand out, and how much of the week they are.
pub fn block(share: &str, week: &str) -> String {
    format!(": {share} of it in {week} of the week.")
}

/// Where the diary has no meeting here.
pub fn no_meeting(from: &str) -> String {
    format!("No meeting is in the diary for the twelve months from {from}.")
}

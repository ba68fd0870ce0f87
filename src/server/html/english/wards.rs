//! The page of all wards.

use crate::layer::words::counted;

use super::words::number_word;

pub const NONE_FOUND: &str = "No ward, street or postcode of these data begins so. ";
pub const VISITORS: &str = "Rates of town centres count visitors' records against residents. ";
pub const MAP: &str = "Map";
pub const FIND_BY: &str = "Find by ward, street or postcode district";
pub const FIND: &str = "Find";
pub const SHOW_ALL: &str = "Show all";
pub const MORE: &str = "more than the year before";
pub const LESS: &str = "less";
pub const WARD: &str = "Ward";
pub const COUNT: &str = "Count";
pub const SHARE: &str = "Share";
pub const RATE: &str = "Rate";
pub const RANK: &str = "Rank";
pub const AGAINST: &str = "Against the year before";
pub const NO_POPULATION: &str = "population not known";

/// The places that a ward may hold, under its name where there is no room for their column.
pub fn ranks(places: &str) -> String {
    format!("rank {places}")
}

/// Name of the page, with what was looked for on it.
pub fn title(kind: &str, when: &str, searched: Option<&str>) -> String {
    match searched {
        Some(text) => format!("Wards of \"{text}\", {kind}, {when}"),
        None => format!("Wards, {kind}, {when}"),
    }
}

/// What the figures are of, and how ranks are to be read; without a rate where no population is held.
pub fn of(area: &str, when: &str, rate: Option<&str>) -> String {
    let (rate, by) = match rate {
        Some(rate) => (format!("Rate: {rate}."), "rate"),
        None => (
            "There are no rates: no population is held (`[[population]]` in wardheat.toml)."
                .to_owned(),
            "count",
        ),
    };
    format!(
        "Records for {area}, {when}. {rate} Rank: by {by}, with the places a ward may hold given \
         chance. Wards whose intervals overlap cannot be told apart by these counts."
    )
}

/// The way back to all.
pub fn show_all(of: usize) -> String {
    format!("Show all {of} wards")
}

/// So many wards.
pub fn wards(n: usize) -> String {
    counted(n as i64, "ward", "wards")
}

/// Name of the table.
pub fn table_of(n: usize) -> String {
    format!("Table of {}", wards(n))
}

/// How many wards a search found.
pub fn found(n: usize, of: usize, text: &str) -> String {
    format!("{} of {of} for “{text}”. ", wards(n))
}

/// Before [`MORE`].
pub fn had_more(n: usize, of: usize) -> String {
    format!("{} of {of} wards had ", number_word(n))
}

/// Before [`LESS`].
pub fn had_less(n: usize) -> String {
    format!("; {} had ", number_word(n).to_lowercase())
}

/// Of what a ward has the most.
const fn highest(rated: bool) -> &'static str {
    if rated { "highest rate" } else { "highest count" }
}

/// Where the first place is open.
pub fn may_be_first(n: usize, of: usize, rated: bool) -> String {
    format!(
        "{} of {of} wards may have the {}; they cannot be told apart.",
        number_word(n),
        highest(rated)
    )
}

/// The ward of the highest rate, or count.
pub fn first(name: &str, of: usize, rated: bool) -> String {
    format!("{name} has the {} of {}.", highest(rated), wards(of))
}

/// The rate over those who are there on a working day.
pub fn by_day(rate: &str) -> String {
    format!("{rate} by day")
}

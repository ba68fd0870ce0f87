//! "How sure is this?" of a ward.

pub const HOW_SURE: &str = "How sure is this?";
pub const DATA_QUALITY: &str = "Data quality";
pub const APPROXIMATE: &str =
    "Places are approximate: each record is moved to a shared point near it.";
pub const REPORTED: &str = "More recorded can mean more reported.";
pub const VISITORS: &str = "Rates count visitors' records against residents.";

/// Where every record has a position.
pub fn all_placed(records: &str, ward: &str) -> String {
    format!("All {records} records of {ward} have a position.")
}

/// How many records have one.
pub fn placed(placed: &str, records: &str, share: &str) -> String {
    format!(
        "{placed} of {records} records ({share}) have a position good enough for the map and the places; \
         all are in the counts."
    )
}

/// Where no source lacks a month.
pub fn whole(months: &str) -> String {
    format!("Every source holds all months of {months}.")
}

/// Where one does.
pub fn lacks(source: &str, months: &str) -> String {
    format!("{source} lacks {months}: counts are too low by what it would have held.")
}

/// How many of so many kinds chance alone marks.
pub fn by_chance(judged: usize) -> String {
    let marked = if judged < 30 { "one" } else { "two or more" };
    format!(
        "A range holds 95 of 100 usual windows: of {judged} kinds, chance alone marks about {marked}."
    )
}

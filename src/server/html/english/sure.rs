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
    format!("No source lacks a month of {months}.")
}

/// Where one does.
pub fn lacks(source: &str, months: &str) -> String {
    format!("{source} lacks {months}: counts are too low by what it would have held.")
}

/// Where a source may hold months only in part.
pub fn in_part(source: &str, months: &str) -> String {
    format!(
        "{source} has far fewer records than usual, or days without any, in {months}: if they are \
         not all there, counts are too low and the change in doubt."
    )
}

pub const SOME_IN_PART: &str = "Some of these months may be incomplete.";

/// How many of so many kinds lie outside a range of 95 in 100 by chance alone, to a whole number.
pub fn marked_by_chance(judged: usize) -> usize {
    match judged {
        0 | 1 => 0,
        2..30 => 1,
        _ => 2,
    }
}

/// How many of so many kinds chance alone marks.
pub fn by_chance(judged: usize) -> String {
    let marked = if marked_by_chance(judged) == 1 { "one" } else { "two or more" };
    format!(
        "A range holds 95 of 100 usual windows: of {judged} kinds, chance alone marks about {marked}."
    )
}

//! The pages of statistics.

pub const TITLE: &str = "Statistics";
pub const MAP: &str = "Map";
pub const ABOUT: &str = "Each is run on the records, months and units that you choose. Options are those of the \
    command line; left alone, they are as recommended.";
pub const RECORDS: &str = "Records";
pub const TYPE: &str = "Type (of all records held)";
pub const SOURCE: &str = "Source";
pub const ALL_SOURCES: &str = "All";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const DAYS: &str = "Days, such as fri,sat";
pub const HOURS: &str = "Hours, such as 18-24";
pub const UNITS: &str = "Counted in";
pub const UNITS_ARE: &str = "Units that records are counted in: ward, lsoa, or cells with their side in metres, such \
    as square:250, hexagon:250 or h3:250.";
pub const OPTIONS: &str = "Options";
pub const NOT_SET: &str = "not set";
pub const RUN: &str = "Run";
pub const YES: &str = "yes";
pub const NO: &str = "no";
pub const FOUND: &str = "What was found";
pub const CANNOT: &str = "These data cannot answer this";
pub const UNDER_WAY: &str = "Under way";
pub const LOOK_AGAIN: &str = "Look again";
pub const HOW: &str = "How this was made";
pub const THE_SAME: &str = "The same request for a program, as JSON for ";

/// How many statistics there are.
pub fn all(n: usize) -> String {
    format!("{n} statistics")
}

/// Names of the same elsewhere.
pub fn elsewhere(names: &str) -> String {
    format!("Elsewhere: {names}.")
}

/// What it was run on.
pub fn on(all: &str, mapped: &str) -> String {
    format!("{all} records, {mapped} of them on the map")
}

/// How far it is.
pub fn done(percent: u64) -> String {
    format!("{percent}% of the steps known so far are done. It goes on while you are away. ")
}

/// Which rows of a table are shown: how many of them, in which order, and how many have no score.
pub fn rows(shown: usize, of: &str, order: &[&str], unscored: Option<&str>) -> String {
    let mut text = format!("{shown} of {of} rows");
    if !order.is_empty() {
        text += ", by ";
        text += &order.join(" and ");
    }
    if let Some(unscored) = unscored {
        text = format!("{text}; {unscored} without a score are left out here");
    }
    text + "."
}

/// A raster in words: how many cells of which side, and the highest value.
pub fn surface(columns: usize, rows: usize, side: &str, highest: &str) -> String {
    format!("A surface of {columns} by {rows} cells of {side}; highest {highest}.")
}

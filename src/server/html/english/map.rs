//! The box of the map.

pub const MAP_AND_MONTHS: &str = "Map and months";
/// Where the live map is not built in: before, between and after the commands that build it.
pub const NOT_BUILT: [&str; 3] = [
    "The live map is not built into this copy of wardheat: run ",
    ", then ",
    ". The picture and the tables hold the same figures.",
];
pub const WITHOUT_SCRIPT: &str = "This is a drawn picture: the live map needs JavaScript. ";
pub const SAME_FIGURES: &str = " holds the same figures.";
pub const MOVE: &str = "Move the map";
pub const CLOSER: &str = "Closer";
pub const FURTHER: &str = "Further away";
pub const NORTH: &str = "Move north";
pub const SOUTH: &str = "Move south";
pub const WEST: &str = "Move west";
pub const EAST: &str = "Move east";
pub const PREVIOUS: &str = "Previous hotspot";
pub const NEXT: &str = "Next hotspot";
pub const ALL: &str = "Whole area";

/// A layer's table.
pub fn as_table(layer: &str) -> String {
    format!("{layer} as a table")
}

/// Which months a picture is of, where another stands beside it.
pub fn is_of(window: &str) -> String {
    format!(" It is of {window}; ")
}

/// The picture of the other months.
pub fn the_same_of(window: &str) -> String {
    format!("the same of {window}")
}

/// What the slider between two windows does.
pub fn how_much(left: &str, right: &str) -> String {
    format!("How much of the map shows {left}, the rest {right}")
}

//! Where in a ward.

pub const WHERE: &str = "Where";
pub const COLOURS: &str = ": the stronger the colour, the more per km²; ▢ a hotspot. ";
pub const APPROXIMATE: &str = "Places are approximate. ";
pub const OPEN_MAP: &str = "Open the map here";
pub const NO_PLACE: &str = "No place has five records or more in these months.";

/// What a reader without the picture is told of it.
pub fn map_of(types: &str, ward: &str) -> String {
    format!(
        "Map of {types} in {ward} with its streets. The list below names the places with most records."
    )
}

/// What most records of a place are.
pub fn mostly(kinds: &[String]) -> String {
    match kinds {
        [one] => format!("mostly {one}"),
        several => several.join(" and "),
    }
}

/// In how many of the last four quarters a place was among the first five.
pub fn quarters(n: u8) -> String {
    format!("; first five in {n} of 4 quarters")
}

//! Numbers, ranges and findings as words.

use crate::layer::words::{capital, count_word};

pub const UNDER_A_TENTH: &str = "under 0.1%";
pub const NO_HOTSPOTS: &str = "No group of cells stands out from the rest: no hotspots.";

/// A small number as a word, at the start of a sentence.
pub fn number_word(n: usize) -> String {
    capital(&count_word(n))
}

/// From one end to the other.
pub fn to(low: &str, high: &str) -> String {
    format!("{low} to {high}")
}

/// So many times the year before, with both ends of its interval, or the lower alone.
pub fn times(value: f64, low: f64, high: Option<f64>) -> String {
    match high {
        Some(high) => format!("{value:.2} times ({low:.2} to {high:.2})"),
        None => format!("{value:.2} times ({low:.2} or more)"),
    }
}

/// What the hotspots hold together, of all or of those with a place, and on how much of the land.
pub fn hotspots(n: usize, share: &str, all: bool, land: Option<&str>) -> String {
    let hold = if n == 1 { "hotspot holds" } else { "hotspots hold" };
    let (of, comma) = if all { ("it", "") } else { ("those with a place", ",") };
    let land = land.map(|land| format!("{comma} on {land} of the land")).unwrap_or_default();
    format!("{} {hold} {share} of {of}{land}.", number_word(n))
}

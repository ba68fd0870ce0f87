//! The answer of the map page.

use crate::layer::words::counted;

use super::words::number_word;

pub const HIGHER: &str = "higher than a year earlier";
pub const LOWER: &str = "lower than a year earlier";
pub const IS: &str = " is ";
pub const NOT_COMPARED: &str =
    " The year before is not held whole, so nothing is compared with it.";
pub const NOT_WHOLE: &str = " Nothing is compared with the year before.";
pub const NO_WARD_DIFFERS: &str = "No ward differs from the year before by more than chance.";

/// From one month to another of the same year.
pub fn to(first: &str, last: &str) -> String {
    format!("{first} to {last}")
}

/// Where there is no year to compare with; `held` is how many months all sources hold, of how many.
pub fn recorded(kind: &str, n: &str, when: &str, held: Option<(usize, usize)>) -> String {
    let held = held.map(|(held, of)| format!(" ({held} of {of} months)")).unwrap_or_default();
    format!("{kind}: {n} recorded, {when}{held}.")
}

/// After higher or lower: how many now and then.
pub fn now_and_then(n: &str, then: &str) -> String {
    format!(": {n} recorded, {then} then.")
}

/// Where chance alone explains the difference.
pub fn as_usual(n: &str, then: &str) -> String {
    format!(" is much as a year earlier: {n} recorded, {then} then.")
}

/// Where there is too little to compare.
pub fn too_few(n: &str, then: &str) -> String {
    format!(": {n} recorded, {then} a year earlier; too few to compare.")
}

/// What the records are of, and when.
pub fn records(source: Option<&str>, area: &str, when: &str) -> String {
    let source = source.map(|source| format!(" of {source}")).unwrap_or_default();
    format!("Records{source} for {area}, {when}")
}

/// What they are compared with.
pub fn against(window: &str, change: Option<&str>) -> String {
    let change = change.map(|change| format!(": {change}")).unwrap_or_default();
    format!(", against {window}{change}")
}

/// How many of them are on the map.
pub fn mapped(n: &str, of: &str) -> String {
    format!("; {n} of {of} have a position and are on the map")
}

fn wards_are(n: usize) -> String {
    format!("{} {}", number_word(n), if n == 1 { "ward is" } else { "wards are" })
}

/// Wards that differ from the year before.
pub fn changes(up: usize, down: usize) -> String {
    match (up, down) {
        (0, 0) => NO_WARD_DIFFERS.to_owned(),
        (up, 0) => format!("{} higher than the year before.", wards_are(up)),
        (0, down) => format!("{} lower than the year before.", wards_are(down)),
        (up, down) => format!(
            "{} higher than the year before, {} lower.",
            wards_are(up),
            number_word(down).to_lowercase()
        ),
    }
}

/// What a reader without the picture is told of it.
pub fn picture(kind: &str, when: &str, hotspots: usize) -> String {
    let hotspots = counted(hotspots as i64, "hotspot", "hotspots");
    format!(
        "Map of {kind} recorded in {when}: {hotspots}. The lists beside it hold the same figures."
    )
}

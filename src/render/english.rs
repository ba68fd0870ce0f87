//! Every English word of legends, drawn maps and map sheets.

use crate::layer::words::{capital, thousands};

pub const INVENTED: &str = "Invented data";
pub const HOTSPOTS: &str = "Hotspots";
pub const NO_HOTSPOT: &str = "No hotspot";
pub const HOTSPOT: &str = "Hotspot, numbered by count";
pub const SCAN_CLUSTER: &str = "Scan cluster";
pub const MEETING_HALL: &str = "Meeting hall";
/// On the arrow to the north.
pub const NORTH: &str = "N";

/// Unit of heat.
pub const RECORDS_PER_KM2: &str = "records per km² a year";
pub const THE_MEAN: &str = "the mean";
pub const NOTHING_DRAWN: &str = "nothing is drawn: no record has a place";
pub const NO_HEAT: &str = "No heat is drawn: no record of this kind has a place in these months.";
pub const NO_DIFFERENCE: &str =
    "No difference is drawn: no record of this kind has a place in these months.";
pub const NO_RATE: &str = "No rate";
pub const WARDS_AT_RIGHT: &str = "right: number of wards";

pub const TESTED_HOT: &str = "Hotspot: more than chance";
pub const TESTED_COLD: &str = "Coldspot: fewer";
pub const NEW: &str = "New: last month only";
pub const CONSECUTIVE: &str = "Consecutive: to the end";
pub const INTENSIFYING: &str = "Intensifying: ever more";
pub const PERSISTENT: &str = "Persistent: always";
pub const DIMINISHING: &str = "Diminishing: ever less";
pub const SPORADIC: &str = "Sporadic: on and off";
pub const OSCILLATING: &str = "Oscillating: cold before";
pub const HISTORICAL: &str = "Historical: not last month";
pub const HIGH_HIGH: &str = "High among high";
pub const HIGH_LOW: &str = "High among low";
pub const LOW_HIGH: &str = "Low among high";
pub const LOW_LOW: &str = "Low among low";

pub const HEXAGONS_TESTED: &str = "Hexagons tested (Gi*)";
pub const H3_TESTED: &str = "H3 cells tested (Gi*)";
pub const CELLS_TESTED: &str = "Cells tested (Gi*)";
pub const MONTH_BY_MONTH: &str = "Hot cells, month by month";
pub const AMONG_NEIGHBOURS: &str = "Areas and their neighbours";
pub const OF_EMERGING: &str = "Always is nearly always; cold classes stand in the table";
pub const NOT_SIGNIFICANT: &str = "Others are not significant: no colour";

pub const NATIONAL_GRID: &str =
    "British National Grid, north is up. Places as published, often a shared point near by.";
pub const FICTIONAL: &str = "Fictional data: no place, person or incident is real.";
/// After what a drawing shows.
pub const AND_INVENTED: &str = " The data are invented.";

pub const NOTHING_RECORDED: &str = "none recorded";
pub const NO_RESIDENTS: &str = "no residents known";

/// From one end to the other.
pub fn to(low: &str, high: &str) -> String {
    format!("{low} to {high}")
}

/// The class without an upper end.
pub fn or_more(low: &str) -> String {
    format!("{low} or more")
}

/// The class without a lower end.
pub fn or_less(high: &str) -> String {
    format!("{high} or less")
}

/// The class from nothing.
pub fn under(high: &str) -> String {
    format!("under {high}")
}

/// Edges of a class as multiples.
pub fn multiple(low: &str, high: Option<&str>) -> String {
    match high {
        Some(high) => format!("{}×", to(low, high)),
        None => or_more(&format!("{low}×")),
    }
}

pub fn less_not_drawn(least: &str) -> String {
    format!("less than {least} is not drawn")
}

pub fn less_difference_not_drawn(least: &str) -> String {
    format!("a difference of {}", less_not_drawn(least))
}

pub fn heat(unit: &str, n: usize, classes: &str) -> String {
    format!(
        "Heat shows {unit} in {n} classes: {classes}. The first starts at the mean; less is not \
         drawn."
    )
}

pub fn difference(unit: &str, window: &str, against: &str, n: usize, classes: &str) -> String {
    format!(
        "Heat shows how many more or fewer {unit} there were in {window} than in {against}, in {n} \
         classes: {classes}. It tests nothing: where there are few records, differences this large \
         come about by chance."
    )
}

pub fn difference_title(unit: &str, window: &str, against: &str) -> String {
    format!("Difference in {unit}, {window} less {against}")
}

pub fn without_rate(without: usize, of: usize, base: &str) -> String {
    format!("{without} of {of} wards have no rate: their {base} are not known")
}

/// Unit of rates.
pub fn records_per_1000(base: &str) -> String {
    format!("records per 1,000 {base}")
}

pub fn rate_title(base: &str) -> String {
    capital(&records_per_1000(base))
}

pub fn wards(unit: &str, window: &str, n: usize, classes: &str) -> String {
    format!("Wards are coloured by {unit} in {window}, in {n} classes: {classes}.")
}

pub fn lsoas(unit: &str, window: &str, n: usize, classes: &str) -> String {
    format!("LSOAs are coloured by {unit} in {window}, in the {n} classes of wards: {classes}.")
}

/// What outlines mean, and how they were found where that is known.
pub fn hotspots(any: bool, method: Option<&str>) -> String {
    let method = method.map(|how| format!(" ({how})")).unwrap_or_default();
    if any {
        format!("Outlines are hotspots, numbered by count{method}.")
    } else {
        format!("No hotspot was found{method}.")
    }
}

/// Title of a drawn map.
pub fn map_of(kinds: &str, area: &str, window: &str) -> String {
    format!("Map of {kinds}, {area}, {window}")
}

/// Under the title of a sheet: what is drawn, of which months and how many records.
pub fn shown(what: &str, window: &str, n: u64, n_mapped: u64) -> String {
    format!(
        "{what}. {window}. {} records, {} of them with a place on the map.",
        thousands(n as i64),
        thousands(n_mapped as i64)
    )
}

/// Of a sheet whose map does not show the whole area.
pub const PART: &str = "These are figures of the whole area; the map shows part of it.";

pub fn source(names: &str) -> String {
    format!("Source: {names}.")
}

/// The program and the data that a sheet was made with.
pub fn made_with(version: &str, dataset: &str) -> String {
    format!("wardheat {version}, data {dataset}")
}

/// Map of wards by a rate, and the halls of a plan.
pub fn halls_map(rate: &str, chosen: usize) -> String {
    format!("Map: {} by ward, {chosen} chosen halls with their numbers", rate.to_lowercase())
}

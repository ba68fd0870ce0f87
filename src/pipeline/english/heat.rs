//! What a heat map shows, and what its reader must know.

use std::fmt::Display;

use crate::layer::words::{names, thousands};

/// What is counted where no weight is asked for.
pub const RECORDS: &str = "records";

pub fn per_km2_a_year(noun: &str) -> String {
    format!("{noun} per km² a year")
}

pub fn per_km2(noun: &str) -> String {
    format!("{noun} per km²")
}

pub fn per_1000_residents(noun: &str) -> String {
    format!("{noun} a year per 1,000 residents")
}

/// How a density by residents came about, theirs being known by areas of one kind.
pub fn over_residents(noun: &str, areas: &str) -> String {
    format!(
        "Density of {noun} over the density of residents, both smoothed alike; residents of {areas} \
         are spread evenly over each, and nothing is drawn where nobody lives. Where few live and \
         many come, as in town centres, this is high whatever happens."
    )
}

pub fn weights(name: &str, edition: &str) -> String {
    format!("Weights: {name}, {edition}.")
}

pub fn without_weight(types: &[&str]) -> String {
    format!("Without a weight, and left out: {}.", names(types))
}

/// Months whose classes are taken.
pub fn classes_of(window: &str) -> String {
    format!("Drawn in the classes of {window}.")
}

pub fn in_hours(hours: impl Display) -> String {
    format!(
        "{hours}; a record of which only a span is known counts by the part of it in these hours, one \
         without a time not at all."
    )
}

pub fn kernel(bandwidth: f64) -> String {
    format!("Quartic kernel, bandwidth {} m.", thousands(bandwidth as i64))
}

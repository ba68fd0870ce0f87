//! What stands beneath the scores of several statistics.

use std::fmt::Display;

use crate::stats::{Adjustment, Alternative, Repeats};

pub const DAY_OF_EARLIEST: &str =
    "Each incident counts on the day of the earliest time it can have happened.";
pub const NO_CLUSTER: &str = "No place has enough incidents near each other.";

// What a statistic needs, and what there is instead.
pub const PERMUTATIONS: &str = "from 0 (none) to 999,999";
pub const DATES: &str = "incidents with dates";
pub const MONTHS_ALONE: &str = "these have months only, as police.uk publishes them, and a test \
    that counts days would find the months themselves";
pub const WHOLE_MONTHS: &str = "a window of several whole months";
pub const UNDATED: &str = "these are of no known months (of a file of points, name the column of \
    their dates with --time)";
pub const YEAR_EARLIER: &str = "the same months a year earlier";
pub const COUNTS: &str = "counts: whole numbers from 0 up";
pub const POPULATION: &str = "a population to take rates over";
pub const NO_POPULATION: &str = "none of these units has one (name its column with --population)";

pub fn too_few_months(window: &str, whole: usize, least: usize) -> String {
    format!(
        "the window {window} holds {whole} (at least {least} are needed): choose a longer one with \
         --window"
    )
}

pub fn no_year_earlier(months: &str) -> String {
    format!("the data do not hold {months} whole: choose a --window whose year before they hold")
}

/// That positions are those of snap points or addresses, so that distances say little.
pub fn distances_say_little(repeats: Repeats) -> String {
    format!(
        "{}: these look like snap points or addresses, and distances between incidents then say \
         how the positions were published, not how near the incidents were.",
        share_positions(repeats)
    )
}

/// The same where single positions may be clusters.
pub fn positions_are_clusters(repeats: Repeats) -> String {
    format!(
        "{}: a single snap point with enough incidents is a cluster, and clusters say where \
         positions were published.",
        share_positions(repeats)
    )
}

fn share_positions(Repeats { n_points, n_places, n_sharing }: Repeats) -> String {
    format!(
        "{n_sharing} of {n_points} incidents share their exact position with another ({n_places} \
         positions)"
    )
}

/// Who is near whom: the choice as it is written, and what it gave.
pub fn weights(choice: impl Display, neighbours: &str) -> String {
    format!("Weights `{choice}`: {neighbours}.")
}

pub fn islands(names: &[&str]) -> String {
    format!("Islands, such as {}, have no neighbour to be like.", names.join(", "))
}

pub fn tested_alone(tested: usize, units: usize) -> String {
    format!(
        "Tested are {tested} of {units} units: mean, spread, neighbours and the adjustment for \
         many tests are of those alone."
    )
}

/// Which p-values these are, where they come from, and how they are adjusted for how many tests.
pub fn p_values(
    alternative: Alternative,
    from: &str,
    adjustment: Adjustment,
    n_tests: usize,
) -> String {
    format!(
        "p-values are {}, {from}; {} over {n_tests} tests.",
        alternative.in_words(),
        adjustment.in_words()
    )
}

/// Findings to be expected of tests that are not adjusted.
pub fn by_chance(n_tests: usize, called: f64) -> String {
    format!(
        "Of {n_tests} tests that are not adjusted, about {called:.0} would be called without any \
         pattern."
    )
}

/// That `least`, the smallest pseudo p-value, is too large for so many tests, and what would do.
pub fn too_few_permutations(least: f64, n_tests: usize, needed: f64) -> String {
    format!(
        "No pseudo p-value can be below {least:.1e}, so one unit alone cannot pass among {n_tests} \
         however extreme it is: {needed} permutations could show it."
    )
}

pub fn without_a_day(undated: usize, incidents: usize) -> String {
    format!("{undated} of {incidents} incidents have no day: left out.")
}

pub fn months_left_out(months: &[String]) -> String {
    format!(
        "{} missing from the data or held in part: left out, the months before and after follow \
         each other.",
        months.join(", ")
    )
}

pub fn outside(outside: usize, incidents: usize) -> String {
    format!("{outside} of {incidents} incidents lie outside the study area and are left out.")
}

pub fn in_one_spot(in_one_spot: usize, clusters: usize) -> String {
    format!(
        "{in_one_spot} of {clusters} clusters stand in one spot or on a line: they are drawn as \
         discs of 10 m and have no area or density."
    )
}

/// Clusters found, and how many of the incidents they hold.
pub fn clusters(found: usize, inside: usize, incidents: usize) -> String {
    format!("{found} with {inside} of {incidents} incidents")
}

pub fn without_population(without: usize, units: usize) -> String {
    format!(
        "{without} of {units} units have no population above zero: they have no rate and count in \
         no mean."
    )
}

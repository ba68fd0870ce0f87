//! Where to patrol or visit: what was chosen, how, and what its reader must know.

use std::fmt::Display;

use crate::layer::words::{counted, per_cent, thousands};

pub const PLACES: &str = "Places";
pub const PERSISTENCE: &str = "Persistence";
/// The rule of persistence, as printed.
pub const HOW_PERSISTENCE: &str = "the last four quarters of the window, each with its own fewest places: chronic in 3 or 4 of \
     them, emerging in the last alone, diminishing in the one before and not in the last; a place \
     counts as in a quarter where one of its places overlaps";
pub const CHRONIC: &str = "chronic";
pub const EMERGING: &str = "emerging";
pub const DIMINISHING: &str = "diminishing";
pub const PEAK_HOURS: &str = "Peak hours";
/// The rule of peak hours, as printed.
pub const HOW_PEAK: &str = "the fewest hours of the week that hold half of a place's incidents with a time of day \
     (aoristic weights), from 20 of them on";
pub const HELD_OUT: &str = "Held-out";
pub const HOW_HELD_OUT: &str = "hit rate, PAI (hit rate over share of the land) and PEI (hits over those of as many places \
     chosen with hindsight, greedily) on months that the places judged were not chosen from";
pub const CHANCE: &str = "Chance";

pub const MONTHS_ONLY: &str = "months only: hours unknown";
pub const TOO_FEW_TIMED: &str = "too few with a time to say";

pub const JUDGED: &str = "The same choice judged on months it was not made from";
pub const SHARED_POINTS: &str =
    "Published positions are shared points near the place itself: walk the ground before acting.";

/// Title of the places of one size.
pub fn places_of(size: impl Display) -> String {
    format!("Places of {size}")
}

/// Title of the choice.
pub fn fewest(size: impl Display, share: f64, types: &str) -> String {
    format!("The fewest places of {size} that hold {} of {types}", per_cent(share))
}

/// How the places were chosen; `at_least` is the number that no set of places can go below, where
/// the choice is not proven to be the fewest.
pub fn how_chosen(size: impl Display, share: f64, at_least: Option<usize>) -> String {
    let proof = match at_least {
        None => "no set of fewer places does".to_owned(),
        Some(n) => format!("not proven to be the fewest; no set of fewer than {n} does"),
    };
    format!(
        "circles of {size} across, centred at positions where anything was recorded; the fewest that \
         hold {} of the incidents together (they overlap, so the fullest ones are not the fewest: \
         greedy choice, then partial covering by branch and bound): {proof}",
        per_cent(share)
    )
}

pub fn how_chance(draws: usize, seed: u64) -> String {
    format!("as many incidents thrown evenly over the positions, {draws} times, seed {seed}")
}

/// What the places hold of the incidents on the map, on which share of the land, and how many places
/// chance would have needed.
pub fn hold(
    (places, size): (usize, impl Display),
    (share, mapped): (f64, u64),
    area: Option<f64>,
    chance: Option<(usize, usize)>,
) -> String {
    let area = area.map_or(String::new(), |share| format!(" on {:.2}% of the land", share * 100.0));
    let chance = chance.map_or(String::new(), |(low, high)| {
        format!("; thrown by chance over the positions they would take {low} to {high}")
    });
    format!(
        "{} of {size} {} {} of {}{area}{chance}.",
        counted(places as i64, "place", "places"),
        if places == 1 { "holds" } else { "hold" },
        per_cent(share),
        counted(mapped as i64, "incident", "incidents"),
    )
}

pub fn unplaced(n: u64, of: u64, size: impl Display) -> String {
    format!(
        "{} of {} incidents have no position good to {size}, and are in no place.",
        thousands(n as i64),
        thousands(of as i64),
    )
}

pub fn few(incidents: u64) -> String {
    format!("{incidents} incidents are few: places made of them are mostly chance.")
}

/// What places chosen from some months would have held of others.
pub fn judged(
    (places, chosen_from): (usize, &str),
    (incidents, judged_on): (u64, &str),
    hit_rate: Option<f64>,
    pai: Option<f64>,
) -> String {
    format!(
        "Chosen from {chosen_from}, {} would have held {} of {} in {judged_on} (PAI {}).",
        counted(places as i64, "place", "places"),
        hit_rate.map_or("none".to_owned(), per_cent),
        counted(incidents as i64, "incident", "incidents"),
        pai.map_or("not defined".to_owned(), |pai| format!("{pai:.1}")),
    )
}

pub fn not_judged(months: usize) -> String {
    format!("There are no {months} whole months to judge on apart from those chosen from.")
}

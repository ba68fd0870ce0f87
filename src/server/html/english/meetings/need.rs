//! Need of every ward.

use crate::layer::words::counted;

pub const WHICH: &str = "1. Which wards";
pub const NONE_FIRST: &str = "No ward is among the first for both.";
pub const HIGHER_NEED: &str = "Wards of higher need";
pub const OTHERS: &str = "Other wards";
pub const WARD: &str = "Ward";
pub const CRIME: &str = "Crime";
pub const ASB: &str = "ASB";
pub const ASB_IN_FULL: &str = "anti-social behaviour";
pub const ASB_HEAD: &str = "Anti-social behaviour";
pub const LAST_MEETING: &str = "Partnership last met";
pub const IN_PLAN: &str = "In plan";
pub const CENTRE: &str = "town centre";
pub const NONE_KNOWN: &str = "none known";
pub const NOT_KNOWN: &str = "not known";
pub const NO: &str = "no";
/// The two rankings, within a sentence.
pub const KINDS: [&str; 2] = ["crime", "anti-social behaviour"];
pub const NOT_REACHED: &str = "Not reached";
pub const ALL_REACHED: &str = "Every ward of higher need has a meeting in this plan.";
pub const PARTS: &str = "Every part of need, as measured";
pub const PARTS_ARE: &str = "Volume: incidents. Rate: per 1,000 residents. Change: over the year \
    before. Hotspots: share in significant hotspots. Persistence: share of months in the top share. A \
    ward's place in each part counts, not by how much; the weighted mean of its places gives its rank. \
    Crime and anti-social behaviour are never added up.";
pub const PARTS_TABLE: &str = "Parts of need";
pub const OTHER_WEIGHTS: &str = "What other weights would change in the first five";
pub const OTHER_WEIGHTS_TABLE: &str = "What other weights would change";
pub const NOTHING_CHANGES: &str =
    "Nothing: with any one weight at nothing or doubled, the first five stay the same.";
pub const EACH_WEIGHT: &str =
    "Each weight in turn at nothing and doubled; those that change nothing are left out.";
pub const RANKING: &str = "Ranking";
pub const PART: &str = "Part";
pub const WEIGHT_TRIED: &str = "Weight tried";
pub const WOULD_ENTER: &str = "Would enter";
pub const WOULD_LEAVE: &str = "Would leave";

/// The wards that are folded away.
pub fn the_others(n: usize) -> String {
    format!("The other {}", counted(n as i64, "ward", "wards"))
}

/// Of how many a rank is.
pub fn rank_of(n: usize) -> String {
    format!("Rank of {n}")
}

/// Where a town centre stands without its shops.
pub fn without_shops(ward: &str, crime: &str, asb: &str, by_day: &str) -> String {
    format!("{ward} {crime} and {asb}{by_day}")
}

/// What becomes of town centres.
pub fn centres(said: &str) -> String {
    format!(
        "Town centres draw many who do not live there; without the busiest shopping cells their ranks \
         for crime and anti-social behaviour are: {said}."
    )
}

/// What the line in the ranking is.
pub fn the_line(top: usize) -> String {
    format!("Rank 1 is most; the dashed line is place {top}, the last of the top.")
}

/// Wards that may lie past the line.
pub fn may_lie_past(wards: &str) -> String {
    format!(" {wards} may lie past it.")
}

/// Wards that may belong within it.
pub fn may_belong(wards: &str) -> String {
    format!(" {wards} may belong to the wards of higher need too.")
}

/// After the names of wards that share a place.
pub fn could_each_be(place: &str, kind: &str) -> String {
    format!(" could each be {place} for {kind}: these counts do not tell them apart.")
}

/// How parts are weighed.
pub fn weights(weights: &str) -> String {
    format!("Weights: {weights}. Offences found by police activity are left out.")
}

/// Weight of one part.
pub fn weight(weight: f64) -> String {
    format!("weight {weight}")
}

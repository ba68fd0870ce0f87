//! The legend of the map.

pub const HOTSPOT: &str = "Hotspot";
/// How an open class ends as the legend has it, and in the little room there is.
pub const OR_MORE: &str = "× or more";
pub const AND_MORE: &str = "+×";
pub const HALL: &str = "Meeting hall";
pub const NOTHING_DRAWN: &str = "No record has a place: nothing is drawn.";
pub const DIFFERENCE: &str = "− fewer, + more; less is not drawn. Nothing is tested";
pub const AMOUNT: &str = "× the mean; less is not drawn";
pub const BESIDE: &str = "Both sides are drawn in these classes; × is of the mean of the left.";
pub const IN_A_YEAR: &str = "In these twelve months";
pub const NOT_A_YEAR: &str = "In these months, not a year";

/// What the outline of a scan cluster means.
pub fn cluster(over_time: bool, alpha: &str) -> String {
    let months = if over_time { " in the months it names" } else { "" };
    format!("Scan cluster: times as many as expected{months}, p ≤ {alpha}")
}

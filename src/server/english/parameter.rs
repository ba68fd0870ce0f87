//! What is wrong with a parameter of an address.

pub const NOTHING_CAN_BE_ASKED: &str = "nothing can be asked here";
pub const GIVEN_MORE_THAN_ONCE: &str = "given more than once";
pub const YES_OR_NO: &str = "wanted yes or no";
pub const AT_RISK_OR_ALL: &str = "wanted at-risk or all";
pub const EITHER_WINDOW: &str = "wanted either `window` or `from` and `to`";
pub const TOGETHER_WITH_TO: &str = "wanted together with `to`";
pub const TOGETHER_WITH_FROM: &str = "wanted together with `from`";

pub fn unknown(known: &str) -> String {
    format!("unknown (there are: {known})")
}

pub fn one_of(known: &[String]) -> String {
    format!("wanted one of {}", known.join(", "))
}

pub fn whole_number(least: u32, most: u32) -> String {
    format!("wanted a whole number from {least} to {most}")
}

pub(crate) const FOUR_EDGES: &str =
    "wanted west,south,east,north in degrees, such as -1.35,54.55,-1.25,54.60";
pub(crate) const BEYOND_THE_GRID: &str = "wanted four edges that lie on the British National Grid";
pub(crate) const TOO_NEAR: &str =
    "wanted west before east and south before north, at least 50 m apart";

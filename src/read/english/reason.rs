//! Why a row of a file is left out, but of incidents, whose reasons stand with their cleaning.

use std::fmt::Display;

// Harm weights and lookups.
pub const NO_CRIME_TYPE: &str = "no crime type";
pub const GROUP_LEFT_OUT: &str = "a group that the description leaves out";
pub const WEIGHT_NO_NUMBER: &str = "a weight that is no number";
pub const NO_WEIGHT: &str = "no weight";
pub const WEIGHT_BELOW_ZERO: &str = "a weight below zero";
pub const NOT_A_CRIME_TYPE: &str = "a category that is no crime type";
pub const WEIGHT_TWICE: &str = "a crime type that has a weight already";
pub const NO_CODE_TO_LOOK_UP: &str = "no code to look up";
pub const NO_CODE_TO_FIND: &str = "no code to find";

// Indicators and peers.
pub const NO_CODE: &str = "no code of an area";
pub const NO_NUMBER: &str = "a figure that is no number";
pub const FIGURE_TWICE: &str = "an area that has this figure already";
pub const NO_PERIOD: &str = "no period";
pub const NO_SHARE: &str = "a numerator below zero, or a denominator that is not above it";
pub const NO_INDICATOR: &str = "no name of an indicator";
pub const NO_GROUP: &str = "no group of offences";
pub const RATE_NO_NUMBER: &str = "a rate that is no number";
pub const RATE_BELOW_ZERO: &str = "a rate below zero";
pub const PEER_TWICE: &str = "an area, period and group of offences that came before";
pub const NEITHER_YES_NOR_NO: &str = "neither yes nor no for the own area";
pub const OUTSIDE_ITS_INTERVAL: &str = "a value outside its own interval";
pub const INTERVAL_TURNED: &str = "an interval whose lower end is above its upper end";
pub const HALF_AN_INTERVAL: &str = "an interval with one end only";
pub const WRONG_LENGTH: &str = "more or fewer cells than the header has";

// Interventions.
pub const NO_NAME: &str = "no name";
pub const NO_FIRST_DAY: &str = "no first day";
pub const FIRST_DAY_UNREAD: &str =
    "a first day in another form than `date` of [[interventions]] says";
pub const NO_LAST_DAY: &str = "no last day";
pub const LAST_DAY_UNREAD: &str =
    "a last day in another form than `date` of [[interventions]] says";
pub const ENDS_BEFORE_IT_STARTS: &str = "a last day before the first";
pub const COST_NO_NUMBER: &str = "a cost that is no number";
pub const COST_BELOW_ZERO: &str = "a cost below zero";
pub const OFF_THE_MAP: &str =
    "a place that is off the map, or in another coordinate system than stated";
pub const OUTLINE_UNUSABLE: &str =
    "an outline that crosses itself, or is in another coordinate system";
pub const POSITION_NO_NUMBER: &str = "a position that is no number";
pub const RADIUS_NO_NUMBER: &str = "a radius that is no number";
pub const NO_RADIUS: &str = "a position without a radius";
pub const NO_PLACE: &str = "no place: neither outline, position nor ward";
pub const UNKNOWN_WARD: &str = "a ward that the boundaries do not have";

// Priorities and surveys.
pub const PERSONAL: &str = "words that show a person (a title and name, a telephone number, an \
    e-mail address, a registration)";
pub const NO_AREA: &str = "no area";
pub const NO_DAY: &str = "no day on which it was set";
pub const DAY_UNREAD: &str = "a day in another form than `date` of [[community-priorities]] says";
pub const NO_WORDS: &str = "no words of what was asked for";
pub const NO_QUESTION: &str = "no question";
pub const NO_WARD: &str = "no ward";
pub const SHARE_NO_NUMBER: &str = "a share that is no number";
pub const END_NO_NUMBER: &str = "an end of the interval that is no number";
pub const SHARE_OUT_OF_RANGE: &str = "a share that is not between 0 and 100 per cent";
pub const BASE_NO_NUMBER: &str = "a base that is no number";
pub const BASE_NO_COUNT: &str = "a base that is no count of people asked";
pub const NO_ROUND: &str = "no round of the survey";
pub const ANSWER_TWICE: &str = "a ward, question and round that came before";

// Meetings.
pub const NO_TITLE: &str = "no title";

// Meetings and venues, by their name, which stands before the reason.

pub fn cancelled(title: &str) -> String {
    format!("{title}: cancelled")
}

pub fn no_date(title: &str, written: &str) -> String {
    format!("{title}: `{written}` is no date")
}

pub fn not_in_form(title: &str, written: &str, form: impl Display) -> String {
    format!("{title}: `{written}` is no date in the form {form}")
}

pub fn no_position(name: &str) -> String {
    format!("{name}: no position")
}

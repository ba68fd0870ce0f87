//! The pages of meetings, one file for each part.

pub(in super::super) mod ask;
pub(in super::super) mod halls;
pub(in super::super) mod need;
pub(in super::super) mod public;
pub(in super::super) mod year;

use crate::layer::words::counted;

pub const TITLE: &str = "Public meetings";
pub const CHAIR: &str = "Chair's page";
pub const ALL_OF_PLAN: &str = "All of the plan";
pub const PRINT: &str = " · print this page: one sheet of A4";
pub const PUBLIC_PAGE: &str = "Public page";
pub const CALENDAR: &str = "Calendar";
pub const WHAT_TO_PLAN: &str = "What to plan";
pub const IN_THE_YEAR: &str = "Meetings in the year";
pub const WALK: &str = "Walk, metres";
pub const NEED_FROM: &str = "Need from";
pub const TO: &str = "to";
pub const YEAR_STARTS: &str = "Year starts";
pub const PLAN: &str = "Plan";
pub const SET_ALL_FREE: &str = "Set all halls free";
pub const FINER: &str = "Chosen for, budget and spread";
pub const CHOSEN_FOR: &str = "Halls are chosen for";
pub const MOST_PEOPLE: &str = "most people in reach";
pub const SHORTEST: &str = "shortest walks";
pub const WALKS: &str = "Walks";
pub const FIRST_WARDS: &str = "First wards with a hall";
pub const ALL_OF_NEED: &str = "all of higher need";
pub const BUDGET: &str = "Budget, £";
pub const NONE: &str = "none";
pub const NOT_VISITED_FOR: &str = "Not visited for, months";
pub const SPREAD: &str = "Spread, % of reach";
pub const SPREAD_IS: &str = "Spread: how much reach may be given up for wards not visited, meetings to \
    join, bus stops and halls not used. ";
/// Round the names of the setting and its table: what walks are, and how to name a file of them.
pub const FILE_OF_WALKS: [&str; 2] = ["; a file of walking distances is named as ", " under "];
pub const HOW: &str = "How this was made";
pub const COMMAND: &str = "The same on the command line: ";
pub const WHOLE_PLAN: &str = ". The whole plan as ";
pub const HALLS_AS: &str = ", the halls as ";

/// Above the headline: the year.
pub fn of_year(year: &str) -> String {
    format!("Public meetings, {year}")
}

/// How many meetings of the plan lie before today.
pub fn over(over: usize, of: usize, today: &str) -> String {
    let lie = if over == 1 { "lies" } else { "lie" };
    format!("{over} of {of} meetings {lie} before today, {today}.")
}

/// The link to a plan that begins on this day.
pub fn from(day: &str) -> String {
    format!("Plan from {day}")
}

/// How need was counted.
pub fn need(window: &str, top: usize, of: usize) -> String {
    format!(
        "Need is counted in {window}. High: among the first {top} of {of} for both crime and \
         anti-social behaviour, each ranked apart. Where intervals overlap, order is a choice and no \
         finding."
    )
}

/// The day the year starts where none is given.
pub fn if_empty(day: &str) -> String {
    format!(", {day} if empty")
}

/// How many halls there are, and how they are set.
pub fn may_be_used(n: usize) -> String {
    format!(
        "{} may be used. Lock a hall that must be, or leave one out, at its meeting, on the map or in \
         the list of halls.",
        counted(n as i64, "hall", "halls")
    )
}

/// Walks without a file of them.
pub fn straight(detour: f64) -> String {
    format!("straight line x {detour}")
}

/// Walks of a file.
pub fn distances(file: &str) -> String {
    format!("distances of {file}")
}

/// What walks are.
pub fn walks_are(what: &str) -> String {
    format!("Walks are a {what}")
}

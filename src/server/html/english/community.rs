//! What a community asked for, and its meetings.

pub const TITLE: &str = "Priorities and meetings";
pub const PRIORITIES: &str = "Priorities";
pub const NO_PRIORITIES: &str = "None of this ward are held.";
pub const ABOUT_NOTHING: &str = "No kind of record is about this.";
pub const MORE: &str = "▲ more than usual";
pub const LESS: &str = "▼ less than usual";
pub const AS_USUAL: &str = ", ● as usual.";
pub const TOO_FEW: &str = "; too few to say.";
pub const NOTHING_TO_COMPARE: &str = "; nothing to compare with.";
pub const SURVEY: &str = "Survey";
pub const NEXT: &str = "Next meeting";
pub const LAST: &str = "Last meeting";
pub const MEETINGS: &str = "Meetings";
pub const NO_DIARY: &str = "No diary is held.";
/// One who came, and several.
pub const CAME: [&str; 2] = ["came", "came"];

/// When it was asked for.
pub fn asked_on(day: &str) -> String {
    format!("Asked on {day}")
}

/// How many records are about it.
pub fn records_of(count: &str, types: &str) -> String {
    format!("Records: {count} of {types}")
}

/// How many were asked.
pub fn of_asked(base: &str) -> String {
    format!(" (of {base} asked)")
}

/// Where none is to come.
pub fn none_from(day: &str) -> String {
    format!("None in the diary for the twelve months from {day}.")
}

/// Where none was.
pub fn none_before(day: &str) -> String {
    format!("None in the diary before {day}.")
}

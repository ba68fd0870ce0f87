//! The year of meetings, its diary, and what each meeting more would add.

use crate::layer::words::counted;

pub const WHEN: &str = "3. When";
pub const PLANNED_AND_OPEN: &str =
    "Planned meetings by number, and open meetings of the diary in wards of higher need.";
pub const NO_DIARY: &str =
    "There is no diary of meetings: none can be joined, and no earlier visit is known.";
pub const NO_WARD: &str = "ward not said";
pub const DIARY: &str = "The diary";
pub const MEETING: &str = "Meeting";
pub const WARD: &str = "Ward";
pub const HELD_AT: &str = "Held at";
pub const NEXT: &str = "Next in the year";
pub const PUBLIC: &str = "Public";
pub const CAME: &str = "Came";
pub const IN_PLAN: &str = "In the plan";
pub const OWN: &str = "the partnership's own";
pub const EACH_MORE: &str = "What each meeting more would reach";
pub const MEETINGS: &str = "Meetings";
pub const REACHES: &str = "Reaches";
pub const ADDS: &str = "Adds";
pub const AT_MOST: &str = "At most";
pub const ONE_BY_ONE: &str = "One after the other";
pub const BY_WALK: &str = "Residents by walk";
pub const WALK: &str = "Walk to the nearest hall";
pub const RESIDENTS: &str = "Residents";
pub const SHARE: &str = "Share";
pub const BARS: &str = "Bars: share of demand reached by each number of meetings; ticks: one hall after \
    the other. The table has the same figures.";

/// A meeting of the diary that is joined.
pub fn joins(meeting: &str) -> String {
    format!("joins {meeting}")
}

/// Meetings of a month that are not named.
pub fn more_in_diary(n: usize) -> String {
    format!("and {n} more in the diary")
}

/// The diary, with how much it holds.
pub fn diary(n: usize) -> String {
    format!("The diary: {}", counted(n as i64, "entry", "entries"))
}

/// When a meeting was last held.
pub fn last(month: &str) -> String {
    format!("last {month}")
}

/// Whether anybody may come.
pub const fn open(open: Option<bool>) -> &'static str {
    match open {
        Some(true) => "open",
        Some(false) => "closed",
        None => "not said",
    }
}

/// The meeting of the plan that joins it.
pub fn joined_by(number: usize) -> String {
    format!("joined by {number}")
}

/// What reach is, and why the plan reaches less.
pub fn reach(elsewhere: f64, plan: &str) -> String {
    format!(
        "Share of demand within the walk, where reach alone counts: a resident outside the wards of \
         higher need counts {elsewhere}. The plan itself reaches {plan}, because each of the first \
         wards must have a hall and halls have points for meetings to join, wards not visited and \
         transport."
    )
}

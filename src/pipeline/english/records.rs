//! Counts of records, and what their reader must know of them.

use crate::incident::{CrimeTypes, Group};
use crate::layer::words::thousands;

pub const UNNAMED_PLACE: &str = "Unnamed place";

pub fn by_type(window: &str) -> String {
    format!("Records by type, {window}")
}

pub fn by_month(types: &str) -> String {
    format!("{types} by month")
}

/// The family that types are of.
pub fn family(types: CrimeTypes) -> &'static str {
    let group = match types {
        CrimeTypes::All => return "all",
        CrimeTypes::Priority(_) | CrimeTypes::Named(_) => return "priority",
        CrimeTypes::Family(group) => group,
        CrimeTypes::One(one) => one.get().group,
    };
    match group {
        Group::Crime => "crime",
        Group::Asb => "anti-social behaviour",
        Group::Fire => "fire",
        Group::Health => "health",
    }
}

/// Months whose count is not told.
pub fn untold(months: usize) -> String {
    format!(
        "{months} months are told only together with the others of their period: one of them holds \
         too few health records to be told alone."
    )
}

/// Figures of some hours: how many of all records they are of, and how many have no time.
pub fn of_hours(hours: &str, taken: i64, all: i64, untimed: i64) -> String {
    format!(
        "{hours}: {} of {} records. One of which only a span is known counts where more than half of \
         the span lies in these hours; {} whose time is not known are left out.",
        thousands(taken),
        thousands(all),
        thousands(untimed),
    )
}

/// A month that a source holds in part, and what is wrong with it.
pub fn in_part(source: &str, month: &str, doubt: &str) -> String {
    format!(
        "{source}, {month}: the month {doubt}; counts that hold it are too low, and changes that \
         hold it are not to be trusted."
    )
}

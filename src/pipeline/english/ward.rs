//! What is known of a ward or of an area of the reader's own.

use crate::stats::series::Basis;

pub const HIGHER: &str = "higher";
pub const LOWER: &str = "lower";
pub const AS_USUAL: &str = "as usual";
pub const TOO_FEW: &str = "too few to say";

pub const BY_KIND: &str = "By kind of record";
pub const BY_MONTH: &str = "By month";
pub const BY_HOUR_AND_WEEKDAY: &str = "By hour and weekday";
pub const BY_PRIORITY: &str = "By priority of the partnership";
pub const PLACES: &str = "Places";

/// What an expectation rests on.
pub fn basis(basis: Basis) -> String {
    match basis {
        Basis::Years(1) => "the same months a year earlier".to_owned(),
        Basis::Years(n) => format!("the same months of {n} earlier years"),
        Basis::Months(n) => format!("the {n} months before; season not allowed for"),
    }
}

/// A kind of place, and the street it is at.
pub fn near(kind: &str, street: &str) -> String {
    format!("{kind} near {street}")
}

/// A source's first month.
pub fn records_begin(source: &str) -> String {
    format!("{source} records begin")
}

/// The month after a source's last.
pub fn records_end(source: &str) -> String {
    format!("{source} records end")
}

/// A change in how crimes are recorded.
pub fn recording(change: &str) -> String {
    format!("recording: {change}")
}

pub fn begins(intervention: &str) -> String {
    format!("{intervention} begins")
}

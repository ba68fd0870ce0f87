//! What may be wrong with what is asked.

pub const LOCK_OR_EXCLUDE: &str = "wanted lock or exclude";
pub const A_DAY: &str = "wanted a day: 2026-01-01";
pub const MEDIAN: &str = "wanted median, or none";
pub const STRAIGHT: &str = "wanted straight, or none";

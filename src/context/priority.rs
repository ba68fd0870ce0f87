//! Priorities of the community, as set at PACT and neighbourhood meetings.

use jiff::civil::Date;

/// One priority of one area.
#[derive(Debug, Clone, PartialEq)]
pub struct CommunityPriority {
    /// Area as given: a ward, beat or neighbourhood.
    pub area: String,
    /// Code of the ward, where `area` is one.
    pub ward: Option<String>,
    /// Day it was set.
    pub set: Date,
    /// What was asked for, in the words of the minutes.
    pub text: String,
    /// Category, as given.
    pub category: Option<String>,
    /// Status, as given: `open`, `closed`.
    pub status: Option<String>,
}

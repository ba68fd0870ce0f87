//! Rates of areas like this one, as iQuanta and most-similar-group tables give them.

/// The rate of one area for one group of offences in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerRate {
    /// Code of the area.
    pub area: String,
    /// Period, as published.
    pub period: String,
    /// Group of offences, in the publisher's words.
    pub offence_group: String,
    /// Rate in the publisher's unit, as a rule per 1,000 residents; `None` where suppressed.
    pub rate: Option<f64>,
    /// Whether the area is the partnership's own.
    pub is_self: bool,
}

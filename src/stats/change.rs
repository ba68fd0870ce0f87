//! Change of a count against an earlier window of the same length.

use serde::Serialize;

use crate::aggregate::{Confidence, Exposed, RateRatio, rate_ratio};

use super::english::class as say;

/// Incidents that both windows must hold before a change is called one.
pub const FEWEST_TO_CALL: u64 = 20;

/// What may be said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeClass {
    /// The interval lies above 1.
    Higher,
    /// The interval lies below 1.
    Lower,
    /// The interval holds 1.
    AsUsual,
    /// A window holds fewer than [`FEWEST_TO_CALL`] incidents.
    TooFewToSay,
}

impl ChangeClass {
    /// In words, as tables and the page show it.
    pub const fn label(self) -> &'static str {
        say::change(self)
    }
}

/// How many times as many incidents as before, and what may be said of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Count now over count then, with its exact interval and p-value; `None` if both are zero.
    pub ratio: Option<RateRatio>,
    /// Whether that is a change.
    pub class: ChangeClass,
}

/// Compares a count with that of an equally long window before, whose place had the same
/// population.
///
/// One year is compared with one other: a change that chance alone explains poorly may still be
/// last year's exception. Many places compared at once give a few "changes" by chance: at 95%, one
/// in twenty.
///
/// # Source
///
/// As [`rate_ratio`].
pub fn change(now: u64, earlier: u64, confidence: Confidence) -> Change {
    let window = |count| Exposed { count, exposure: 1.0 };
    let ratio = rate_ratio(window(now), window(earlier), confidence);
    let class = match ratio {
        _ if now.min(earlier) < FEWEST_TO_CALL => ChangeClass::TooFewToSay,
        Some(RateRatio { low, .. }) if low > 1.0 => ChangeClass::Higher,
        Some(RateRatio { high: Some(high), .. }) if high < 1.0 => ChangeClass::Lower,
        _ => ChangeClass::AsUsual,
    };
    Change { ratio, class }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(now: u64, earlier: u64) -> &'static str {
        change(now, earlier, Confidence::P95).class.label()
    }

    #[test]
    fn a_change_is_called_only_where_chance_does_not_explain_it() {
        assert_eq!(class(80, 40), "higher");
        assert_eq!(class(40, 80), "lower");
        assert_eq!(class(45, 40), "as usual");
    }

    #[test]
    fn few_incidents_say_nothing_however_they_changed() {
        assert_eq!(class(19, 200), "too few to say");
        assert_eq!(class(200, 19), "too few to say");
        assert_eq!(class(0, 0), "too few to say");
        assert_eq!(change(0, 0, Confidence::P95).ratio, None);
    }
}

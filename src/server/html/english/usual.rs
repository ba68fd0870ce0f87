//! "Is it more than usual?"

use crate::pipeline::Verdict;

pub const MORE_THAN_USUAL: &str = "Is it more than usual?";
pub const KINDS: &str = "Kinds of record";
pub const FURTHER_KINDS: &str = "Further kinds of record";
pub const KIND: &str = "Kind";
pub const COUNT: &str = "Count";
pub const AGAINST: &str = "Against expected";
pub const VERDICT: &str = "Verdict";
/// Heads in two lines.
pub const RATE: [&str; 2] = ["Rate", "95% interval"];
pub const RANK: [&str; 2] = ["Rank", "interval"];
pub const YEAR_BEFORE: [&str; 2] = ["Year", "before"];
pub const PER_HOUSEHOLDS: &str = "per 1,000 households";
pub const EXPECTED: &str = " expected";
pub const NOT_KNOWN: &str = "not known";
pub const TOO_FEW: &str = "too few";
pub const NOT_HELD: &str = "not held";

/// What the figures are; `rates` are ranked among so many wards, and some of them may be of those who
/// are there on a working day.
pub fn of(when: &str, basis: &str, rates: Option<(usize, bool)>) -> String {
    let rates = match rates {
        Some((wards, by_day)) => {
            let by_day =
                if by_day { " By day: per 1,000 people there on a working day." } else { "" };
            format!(
                "Rates per 1,000 residents, of burglary per 1,000 households; ranks by rate of {wards} \
                 wards; 95% intervals.{by_day}"
            )
        }
        None => "No population is held, so there are no rates.".to_owned(),
    };
    format!("Recorded in {when}. {basis}. {rates}")
}

/// Kinds that are folded away.
pub fn more_kinds(n: usize) -> String {
    format!("{n} more kinds")
}

/// A verdict with its sign.
pub const fn verdict(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Higher) => "▲ Higher than usual",
        Some(Verdict::Lower) => "▼ Lower than usual",
        Some(Verdict::AsUsual) => "● As usual",
        Some(Verdict::TooFew) => "○ Too few to say",
        None => "○ Nothing to compare",
    }
}

/// The rate over those who are there on a working day.
pub fn by_day(rate: &str) -> String {
    format!("by day {rate}")
}

/// The rate of the whole.
pub fn all_wards(rate: &str) -> String {
    format!("all wards {rate}")
}

/// So many times the year before.
pub fn times(ratio: f64) -> String {
    format!("{ratio:.2} times")
}

/// Ends of that.
pub fn between(low: f64, high: Option<f64>) -> String {
    high.map_or_else(|| format!("{low:.2} or more"), |high| format!("{low:.2} to {high:.2}"))
}

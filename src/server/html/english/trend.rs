//! Three years by month.

use crate::layer::words::counted;

pub const TABLE: &str = "Table of months";
pub const TOO_FEW: &str = "Too few earlier months are held to expect a range of single months.";
pub const ABOVE: &str = "above the range expected of it";
pub const BELOW: &str = "below the range expected of it";
pub const WITHOUT_SEASON: &str =
    " It is drawn from the months before, without the season, as no earlier year is held.";
pub const MONTH: &str = "Month";
pub const COUNT: &str = "Count";
pub const EXPECTED: &str = "Expected";
pub const AGAINST: &str = "Against expected";
pub const NOT_HELD: &str = "not held";
pub const HIGHER: &str = "▲ higher";
pub const LOWER: &str = "▼ lower";
pub const AS_USUAL: &str = "● as usual";
pub const NOT_KNOWN: &str = "not known";

/// Heading: which kind.
pub fn by_month(kind: &str) -> String {
    format!("{kind} by month")
}

/// Months that were above, or below; more than three are counted. `None` where there are none.
pub fn outside(months: &[String], place: &str) -> Option<String> {
    match months {
        [] => None,
        [one] => Some(format!("{one} was {place}")),
        [rest @ .., last] if rest.len() < 3 => {
            Some(format!("{} and {last} were {place}", rest.join(", ")))
        }
        many => Some(format!("{} months were {place}", many.len())),
    }
}

/// How the last months lie, with those that are outside.
pub fn last_months(n: usize, outside: &[String], limit: &str) -> String {
    let months = counted(n as i64, "month", "months");
    if outside.is_empty() {
        format!("Each of the last {months} lies within the range expected of it, shaded.{limit}")
    } else {
        format!("Of the last {months}, {}. The range is shaded.{limit}", outside.join(", "))
    }
}

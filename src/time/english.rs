//! Every English word of dates and hours.

use std::fmt::Display;

use jiff::civil::Date;

/// Days on screen, Monday first.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Months on screen, January first.
pub const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
pub const EVERY_DAY: &str = "every day";
pub const MONDAY_TO_FRIDAY: &str = "Mon to Fri";
pub const NO_NIGHT: &str = "no night";

/// From one month or time of day to another.
pub fn to(from: impl Display, to: impl Display) -> String {
    format!("{from} to {to}")
}

/// Names as a sentence lists them: `a`, `a and b`, `a, b and c`.
pub fn names(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        names => names.concat(),
    }
}

/// The nights of these days.
pub fn nights(days: &[&str]) -> String {
    format!("{} {}", names(days), if days.len() == 1 { "night" } else { "nights" })
}

const WEEKDAYS_IN_FULL: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_IN_FULL: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn weekday(on: Date) -> usize {
    on.weekday().to_monday_zero_offset() as usize
}

fn month(on: Date) -> usize {
    (on.month() - 1) as usize
}

/// `4 Mar 2026`.
pub fn date(on: Date) -> String {
    format!("{} {} {}", on.day(), MONTHS[month(on)], on.year())
}

/// `Wed 4 Mar 2026`.
pub fn date_with_weekday(on: Date) -> String {
    format!("{} {}", WEEKDAYS[weekday(on)], date(on))
}

/// `Wed 4 March 2026`.
pub fn date_with_month(on: Date) -> String {
    let (weekday, month) = (WEEKDAYS[weekday(on)], MONTHS_IN_FULL[month(on)]);
    format!("{weekday} {} {month} {}", on.day(), on.year())
}

/// `Wednesday 4 March 2026`.
pub fn date_in_full(on: Date) -> String {
    let (weekday, month) = (WEEKDAYS_IN_FULL[weekday(on)], MONTHS_IN_FULL[month(on)]);
    format!("{weekday} {} {month} {}", on.day(), on.year())
}

/// A day of a month that is named already: `Wed 4`.
pub fn day_of_month(on: Date) -> String {
    format!("{} {}", WEEKDAYS[weekday(on)], on.day())
}

/// `Mar 2026`.
pub fn month_of(on: Date) -> String {
    format!("{} {}", MONTHS[month(on)], on.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_as_the_calendar_has_them() {
        let on = jiff::civil::date(2026, 3, 4);

        assert_eq!(date(on), "4 Mar 2026");
        assert_eq!(date_with_weekday(on), "Wed 4 Mar 2026");
        assert_eq!(date_with_month(on), "Wed 4 March 2026");
        assert_eq!(date_in_full(on), "Wednesday 4 March 2026");
        assert_eq!(day_of_month(on), "Wed 4");
        assert_eq!(month_of(on), "Mar 2026");
    }

    /// Against another table of names.
    #[test]
    fn every_day_of_a_year_has_its_name() {
        let mut on = jiff::civil::date(2026, 1, 1);
        while on.year() == 2026 {
            assert_eq!(date_in_full(on), on.strftime("%A %-d %B %Y").to_string());
            assert_eq!(date_with_weekday(on), on.strftime("%a %-d %b %Y").to_string());
            on = on.tomorrow().unwrap();
        }
    }
}

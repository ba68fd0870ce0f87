//! The clock of the night: which night an hour belongs to, and the hours that come twice or not at
//! all.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday};
use serde::Deserialize;

use super::english::{self, WEEKDAYS};

/// The night-time economy band: on which nights, from when to when. An hour after midnight belongs
/// to the night that began the evening before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct NightBand {
    nights: Vec<Weekday>,
    /// Minutes after midnight.
    from: u16,
    to: u16,
}

/// The band as `wardheat.toml` writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    nights: Vec<String>,
    from: String,
    to: String,
}

impl Default for NightBand {
    /// Friday and Saturday nights, 21:00 to 05:00.
    fn default() -> Self {
        Self { nights: vec![Weekday::Friday, Weekday::Saturday], from: 21 * 60, to: 5 * 60 }
    }
}

impl TryFrom<Written> for NightBand {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        const NAMES: [(&str, Weekday); 7] = [
            ("mon", Weekday::Monday),
            ("tue", Weekday::Tuesday),
            ("wed", Weekday::Wednesday),
            ("thu", Weekday::Thursday),
            ("fri", Weekday::Friday),
            ("sat", Weekday::Saturday),
            ("sun", Weekday::Sunday),
        ];
        let day = |text: &String| {
            let lower = text.to_ascii_lowercase();
            let named = NAMES.iter().find(|(name, _)| lower.starts_with(name));
            named.map(|(_, day)| *day).ok_or_else(|| {
                format!("`{text}` is no night (wanted mon, tue, wed, thu, fri, sat or sun)")
            })
        };
        let nights = written.nights.iter().map(day).collect::<Result<Vec<_>, String>>()?;
        let time = |text: &str| {
            let parts = text.split_once(':');
            let minutes = parts.and_then(|(hour, minute)| {
                let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
                (hour < 24 && minute < 60).then_some(hour * 60 + minute)
            });
            minutes.ok_or_else(|| format!("`{text}` is no time of day (wanted 21:00)"))
        };
        Ok(Self { nights, from: time(&written.from)?, to: time(&written.to)? })
    }
}

impl NightBand {
    /// The date of the evening on which the night of `at` began; `None` outside the band. The start
    /// of the band is in it, its end is not.
    pub fn night_of(&self, at: DateTime) -> Option<Date> {
        let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
        let (from, to) = (i32::from(self.from), i32::from(self.to));
        let today = at.date();
        let evening = if from < to {
            (from..to).contains(&minute).then_some(today)?
        } else if minute >= from {
            today
        } else if minute < to {
            today.checked_sub(1.day()).ok()?
        } else {
            return None;
        };
        self.nights.contains(&evening.weekday()).then_some(evening)
    }

    /// The date of the evening on which the one night began that holds all of a span; `None` where
    /// it reaches out of the band, or over two nights.
    pub fn night_of_span(&self, from: DateTime, to: Option<DateTime>) -> Option<Date> {
        let night = self.night_of(from)?;
        let same = to.is_none_or(|to| to == from || self.night_of(to) == Some(night));
        same.then_some(night)
    }

    /// Days on whose evenings a night begins, 0 for Monday, each once.
    pub fn nights(&self) -> impl Iterator<Item = usize> {
        let days = Weekday::Monday.cycle_forward().take(7).enumerate();
        days.filter(|(_, day)| self.nights.contains(day)).map(|(number, _)| number)
    }
}

/// As on a page: `Fri and Sat nights, 21:00 to 05:00`.
impl fmt::Display for NightBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<&str> = self.nights().map(|day| WEEKDAYS[day]).collect();
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        if named.is_empty() {
            return f.write_str(english::NO_NIGHT);
        }
        let hours = english::to(clock(self.from), clock(self.to));
        write!(f, "{}, {hours}", english::nights(&named))
    }
}

/// Whether `at` lies in the hour that British clocks repeat in October or skip in March (01:00 to
/// 01:59 local time on the last Sunday of the month, as since 1996).
pub fn is_clock_change(at: DateTime) -> bool {
    let date = at.date();
    at.hour() == 1
        && matches!(date.month(), 3 | 10)
        && date.weekday() == Weekday::Sunday
        && date.day() > date.days_in_month() - 7
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    /// 11 April 2025 is a Friday.
    fn night(day: i8, hour: i8, minute: i8) -> Option<Date> {
        NightBand::default().night_of(datetime(2025, 4, day, hour, minute, 0, 0))
    }

    #[test]
    fn an_hour_after_midnight_belongs_to_the_night_before() {
        let friday = Some(jiff::civil::date(2025, 4, 11));
        let saturday = Some(jiff::civil::date(2025, 4, 12));

        assert_eq!(night(11, 21, 0), friday);
        assert_eq!(night(12, 4, 59), friday);
        assert_eq!(night(12, 23, 30), saturday);
        assert_eq!(night(13, 0, 0), saturday);
    }

    #[test]
    fn other_hours_and_nights_are_outside() {
        assert_eq!(night(11, 20, 59), None);
        assert_eq!(night(11, 2, 0), None, "a Thursday night");
        assert_eq!(night(12, 5, 0), None);
        assert_eq!(night(13, 22, 0), None, "a Sunday night");
    }

    #[test]
    fn a_span_is_of_a_night_that_holds_all_of_it() {
        let band = NightBand::default();
        let at = |day, hour| datetime(2025, 4, day, hour, 0, 0, 0);
        let friday = Some(jiff::civil::date(2025, 4, 11));

        assert_eq!(band.night_of_span(at(11, 22), Some(at(12, 4))), friday);
        assert_eq!(band.night_of_span(at(11, 22), None), friday);
        assert_eq!(band.night_of_span(at(11, 22), Some(at(12, 6))), None);
        assert_eq!(band.night_of_span(at(11, 22), Some(at(12, 22))), None, "over two nights");
        assert_eq!(band.night_of_span(at(11, 20), Some(at(11, 22))), None);
    }

    #[test]
    fn the_band_is_written_in_words() {
        assert_eq!(NightBand::default().to_string(), "Fri and Sat nights, 21:00 to 05:00");
        let one = "nights = [\"thu\", \"thursday\"]\nfrom = \"18:30\"\nto = \"23:00\"";
        let one: NightBand = toml::from_str(one).unwrap();
        assert_eq!(one.to_string(), "Thu night, 18:30 to 23:00");
    }

    #[test]
    fn the_band_is_read_from_words() {
        let read = |text: &str| toml::from_str::<NightBand>(text);

        let band =
            read("nights = [\"Thu\", \"friday\"]\nfrom = \"18:30\"\nto = \"23:00\"").unwrap();

        assert_eq!(band.night_of(datetime(2025, 4, 10, 22, 0, 0, 0)).unwrap().day(), 10);
        assert_eq!(band.night_of(datetime(2025, 4, 10, 23, 0, 0, 0)), None);
        let wrong = read("nights = [\"payday\"]\nfrom = \"21:00\"\nto = \"05:00\"").unwrap_err();
        assert!(wrong.to_string().contains("`payday` is no night"), "{wrong}");
        assert!(read("nights = []\nfrom = \"25:00\"\nto = \"05:00\"").is_err());
    }

    #[test]
    fn the_hours_of_the_clock_change_are_known() {
        assert!(is_clock_change(datetime(2025, 10, 26, 1, 30, 0, 0)));
        assert!(is_clock_change(datetime(2024, 3, 31, 1, 0, 0, 0)));
        assert!(!is_clock_change(datetime(2025, 10, 19, 1, 30, 0, 0)));
        assert!(!is_clock_change(datetime(2025, 10, 26, 2, 0, 0, 0)));
    }
}

//! Hours of the week: a choice of days and of a band of the clock.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::english::{self, WEEKDAYS};

/// Hours of a day.
const DAY: usize = 24;
/// Hours of a week.
const WEEK: usize = 168;

/// Days as requests write them, Monday first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Why a text is no choice of days or hours.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum HoursError {
    /// Not a list of days.
    #[error(
        "`{0}` are no days (wanted mon,tue,wed,thu,fri,sat,sun, a range such as fri-sun, weekday or weekend)"
    )]
    Days(String),
    /// Not a band of hours.
    #[error("`{0}` is no band of hours (wanted 18-24, 21-5 past midnight, or one hour such as 18)")]
    Hours(String),
}

/// Some days of the week, and a band of the clock on each of them.
///
/// A band past midnight belongs to the day on which it began: Friday and 21 to 5 is Friday from
/// 21:00 to Saturday 05:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct HoursOfWeek {
    /// One bit for each day, Monday lowest; `None` for every day.
    days: Option<u8>,
    /// First hour, and the hour before which the band ends (1 to 24); `None` for the whole day.
    band: Option<(u8, u8)>,
}

/// [`HoursOfWeek`] as requests write it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hour: Option<String>,
}

impl TryFrom<Written> for HoursOfWeek {
    type Error = HoursError;

    fn try_from(written: Written) -> Result<Self, HoursError> {
        Self::parse(written.day.as_deref(), written.hour.as_deref())
    }
}

impl From<HoursOfWeek> for Written {
    fn from(hours: HoursOfWeek) -> Self {
        Self { day: hours.day(), hour: hours.hour() }
    }
}

impl HoursOfWeek {
    /// The choice of `day` and `hour`, as requests write them; every day or hour where absent.
    ///
    /// # Errors
    ///
    /// [`HoursError`] naming the one that cannot be read.
    pub fn parse(day: Option<&str>, hour: Option<&str>) -> Result<Self, HoursError> {
        Ok(Self {
            days: day.map(days).transpose()?.filter(|&days| days != 0x7f),
            band: hour.map(band).transpose()?.filter(|&(from, to)| (from, to) != (0, 24)),
        })
    }

    /// Whether every hour of the week is meant.
    pub const fn is_all(&self) -> bool {
        self.days.is_none() && self.band.is_none()
    }

    /// Names and values of a query; none where every hour is meant.
    pub fn pairs(self) -> impl Iterator<Item = (&'static str, String)> {
        let named = |name, value: Option<String>| value.map(|value| (name, value));
        named("day", self.day()).into_iter().chain(named("hour", self.hour()))
    }

    /// The words of a window, and of these hours where not all are meant.
    pub fn of_window(self, window: &str) -> String {
        if self.is_all() { window.to_owned() } else { format!("{window}, {self}") }
    }

    /// Whether the hour matters, and not the day alone.
    pub const fn has_band(self) -> bool {
        self.band.is_some()
    }

    /// Whether incidents of this day (0 is Monday) are meant, where the hour does not matter.
    pub fn has_day(self, day: usize) -> bool {
        self.days.is_none_or(|days| days >> day & 1 == 1)
    }

    /// Whether this hour of the week is meant: 0 is Monday 00:00 to 01:00.
    pub fn contains(self, hour_of_week: usize) -> bool {
        let (day, hour) = (hour_of_week / DAY % 7, (hour_of_week % DAY) as u8);
        let Some((from, to)) = self.band else { return self.has_day(day) };
        if from < to {
            return (from..to).contains(&hour) && self.has_day(day);
        }
        // After midnight the day is the one before.
        (hour >= from && self.has_day(day)) || (hour < to && self.has_day((day + 6) % 7))
    }

    /// How many hours of the week are meant.
    pub fn n_hours(self) -> usize {
        (0..WEEK).filter(|&hour| self.contains(hour)).count()
    }

    /// Days as a request writes them, if not all are meant.
    pub fn day(self) -> Option<String> {
        let days = self.days?;
        let named = (0..7).filter(|day| days >> day & 1 == 1).map(|day| DAYS[day]);
        Some(named.collect::<Vec<_>>().join(","))
    }

    /// Hours as a request writes them, if not all are meant.
    pub fn hour(self) -> Option<String> {
        self.band.map(|(from, to)| format!("{from}-{to}"))
    }
}

/// As on a page: `Fri and Sat, 21:00 to 05:00`.
impl fmt::Display for HoursOfWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = match self.days {
            None => english::EVERY_DAY.to_owned(),
            Some(0x1f) => english::MONDAY_TO_FRIDAY.to_owned(),
            Some(days) => {
                let named: Vec<_> =
                    (0..7).filter(|day| days >> day & 1 == 1).map(|day| WEEKDAYS[day]).collect();
                english::names(&named)
            }
        };
        match self.band {
            None => f.write_str(&days),
            Some((from, to)) => {
                let clock = |hour: u8| format!("{hour:02}:00");
                write!(f, "{days}, {}", english::to(clock(from), clock(to)))
            }
        }
    }
}

fn days(text: &str) -> Result<u8, HoursError> {
    let wrong = || HoursError::Days(text.to_owned());
    let number = |name: &str| DAYS.iter().position(|&day| day == name).ok_or_else(wrong);
    let mut days = 0;
    for part in text.trim().to_ascii_lowercase().split(',').map(str::trim) {
        days |= match part {
            "weekday" => 0x1f,
            "weekend" => 0x60,
            part => match part.split_once('-') {
                None => 1 << number(part)?,
                Some((first, last)) => {
                    let (first, last) = (number(first)?, number(last)?);
                    let n = (last + 7 - first) % 7;
                    (0..=n).fold(0, |days, i| days | 1 << ((first + i) % 7))
                }
            },
        };
    }
    Ok(days)
}

fn band(text: &str) -> Result<(u8, u8), HoursError> {
    let wrong = || HoursError::Hours(text.to_owned());
    let hour = |part: &str, most: u8| {
        let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|&hour: &u8| plain && hour <= most).ok_or_else(wrong)
    };
    let text = text.trim();
    let (from, to) = match text.split_once('-') {
        None => {
            let from = hour(text, 23)?;
            (from, from + 1)
        }
        Some((from, to)) => (hour(from, 23)?, hour(to, 24)?),
    };
    // Up to midnight is up to 24.
    let to = if to == 0 { 24 } else { to };
    if from == to { Err(wrong()) } else { Ok((from, to)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(day: &str, hour: &str) -> HoursOfWeek {
        let given = |text| (!str::is_empty(text)).then_some(text);
        HoursOfWeek::parse(given(day), given(hour)).unwrap()
    }

    #[test]
    fn a_band_past_midnight_belongs_to_the_evening_it_began() {
        let night = hours("fri,sat", "21-5");

        assert!(
            night.contains(4 * 24 + 21) && night.contains(5 * 24 + 4) && night.contains(6 * 24)
        );
        assert!(!night.contains(4 * 24 + 4) && !night.contains(6 * 24 + 5));
        assert!(!night.contains(6 * 24 + 21));
        assert_eq!(night.n_hours(), 16);
        assert_eq!(night.to_string(), "Fri and Sat, 21:00 to 05:00");
    }

    #[test]
    fn the_same_choice_has_one_form() {
        for (day, hour) in [("sat, fri", "21-5"), ("FRI-SAT", "21-5"), ("fri,sat,fri", "21-05")] {
            assert_eq!(hours(day, hour), hours("fri,sat", "21-5"));
        }
        assert_eq!(hours("mon-sun", "0-24"), HoursOfWeek::default());
        assert_eq!(hours("sun-mon", ""), hours("mon,sun", ""));
        assert_eq!(hours("", "18"), hours("", "18-19"));
        assert_eq!(hours("weekend", "").day().unwrap(), "sat,sun");
        assert_eq!(hours("", "22-0"), hours("", "22-24"));
    }

    #[test]
    fn every_hour_is_in_it_or_in_the_rest() {
        assert!((0..WEEK).all(|hour| HoursOfWeek::default().contains(hour)));
        assert_eq!(hours("weekday", "").n_hours() + hours("weekend", "").n_hours(), WEEK);
        assert_eq!(hours("", "22-6").n_hours() + hours("", "6-22").n_hours(), WEEK);
    }

    #[test]
    fn what_is_no_day_or_hour_is_refused_by_name() {
        for day in ["frday", "", "mon-", "1"] {
            assert_eq!(HoursOfWeek::parse(Some(day), None), Err(HoursError::Days(day.to_owned())));
        }
        for hour in ["24", "5-5", "-", "18-25", "+1-2", "a-b", ""] {
            assert_eq!(
                HoursOfWeek::parse(None, Some(hour)),
                Err(HoursError::Hours(hour.to_owned()))
            );
        }
    }
}

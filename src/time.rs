//! Months and windows of months, as partnerships use them.

mod clock;
mod english;
mod holidays;
mod hours;

pub use clock::{NightBand, is_clock_change};
pub use english::{
    WEEKDAYS, date, date_in_full, date_with_month, date_with_weekday, day_of_month, month_of, names,
};
pub use holidays::is_for_meetings;
pub use hours::{HoursError, HoursOfWeek};

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A calendar month, the finest time that police.uk publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub(crate) i32);

/// Why a text is not a month or a window.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeError {
    /// Not `YYYY-MM`.
    #[error("`{0}` is not a month (wanted YYYY-MM, such as 2025-01)")]
    Month(String),
    /// Neither a range of months nor a preset.
    #[error(
        "`{0}` is not a window (wanted 2025-01..2025-12, 2025-01, oct-sep, jan-dec, apr-mar, latest or all)"
    )]
    Window(String),
    /// First month after the last.
    #[error("the window {first}..{last} ends before it starts")]
    Reversed {
        /// First month as given.
        first: Month,
        /// Last month as given.
        last: Month,
    },
    /// The data do not hold one whole window of the preset.
    #[error("the data run from {first} to {last}, which holds no whole {preset} window")]
    PresetNotCovered {
        /// Name of the preset.
        preset: &'static str,
        /// First month with data.
        first: Month,
        /// Last month with data.
        last: Month,
    },
}

/// When something happened, as far as is known, on the local clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// Earliest time it can have happened.
    pub from: DateTime,
    /// Latest time it can have happened; `None` where the start is all there is.
    pub to: Option<DateTime>,
}

impl Month {
    /// The month of this year and number; `None` unless the year is 1 to 9999 and the month 1 to 12.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month))
            .then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// The month that holds `date`.
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Number of the month in its year, 1 to 12.
    pub fn number(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The month `n` months later, or earlier if negative.
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        Self(self.0 + n)
    }

    /// Months from `earlier` to this one.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Its number of days.
    pub fn days(self) -> i8 {
        let first = Date::new(self.year() as i16, self.number() as i8, 1);
        first.map_or(31, Date::days_in_month)
    }

    /// Short English name with year, such as `Oct 2025`.
    pub fn label(self) -> String {
        format!("{} {}", english::MONTHS[(self.number() - 1) as usize], self.year())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::Month(text.to_owned());
        let (year, month) = text.trim().split_once('-').ok_or_else(wrong)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(wrong());
        }
        let year = year.parse().map_err(|_| wrong())?;
        let month = month.parse().map_err(|_| wrong())?;
        Self::new(year, month).ok_or_else(wrong)
    }
}

/// Whole months from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    first: Month,
    last: Month,
}

impl Window {
    /// Months in a row as one window each; `months` must rise.
    pub fn runs(months: &[Month]) -> Vec<Self> {
        let runs = months.chunk_by(|a, b| b.since(*a) == 1);
        runs.filter_map(|run| Self::new(*run.first()?, *run.last()?).ok()).collect()
    }

    /// The months from `first` to `last`.
    ///
    /// # Errors
    ///
    /// [`TimeError::Reversed`] if `last` lies before `first`.
    pub fn new(first: Month, last: Month) -> Result<Self, TimeError> {
        if last < first {
            Err(TimeError::Reversed { first, last })
        } else {
            Ok(Self { first, last })
        }
    }

    /// One month.
    pub fn of(month: Month) -> Self {
        Self { first: month, last: month }
    }

    /// First month.
    pub fn first(self) -> Month {
        self.first
    }

    /// Last month, included.
    pub fn last(self) -> Month {
        self.last
    }

    /// Number of months.
    pub fn n_months(self) -> usize {
        (self.last.since(self.first) + 1) as usize
    }

    /// Length in years, a month being a twelfth.
    pub fn years(self) -> f64 {
        self.n_months() as f64 / 12.0
    }

    /// Whether `month` lies in the window.
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    /// The same window a year earlier.
    #[must_use]
    pub fn year_earlier(self) -> Self {
        Self { first: self.first.plus(-12), last: self.last.plus(-12) }
    }

    /// Whether `other` is of the same months of the year, whichever year.
    pub fn is_same_season(self, other: Self) -> bool {
        self.first.number() == other.first.number() && self.n_months() == other.n_months()
    }

    /// Every month, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        (0..self.n_months() as i32).map(move |n| self.first.plus(n))
    }

    /// As on a page: `Jan 2025 to Dec 2025`, or one month alone.
    pub fn label(self) -> String {
        if self.first == self.last {
            self.first.label()
        } else {
            english::to(self.first.label(), self.last.label())
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Window {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        if let Some((first, last)) = text.split_once("..") {
            return Self::new(first.parse()?, last.parse()?);
        }
        let month = text.parse().map_err(|_| TimeError::Window(text.to_owned()))?;
        Self::new(month, month)
    }
}

/// A window as a user asks for it: months by name, or a preset that the data decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WindowSpec {
    /// These months.
    Months(Window),
    /// The latest October to September that the data cover whole.
    OctSep,
    /// The latest January to December that the data cover whole.
    JanDec,
    /// The latest April to March that the data cover whole.
    AprMar,
    /// The latest twelve months of data, or all of it where there is less.
    #[default]
    Latest,
    /// Everything there is.
    All,
}

impl WindowSpec {
    /// The months meant, for data that run over `data`.
    ///
    /// # Errors
    ///
    /// [`TimeError::PresetNotCovered`] if no whole year of the preset lies within `data`.
    pub fn resolve(self, data: Window) -> Result<Window, TimeError> {
        let (preset, last_number) = match self {
            Self::Months(window) => return Ok(window),
            Self::All => return Ok(data),
            Self::Latest => {
                let first = data.last.plus(-11).max(data.first);
                return Ok(Window { first, last: data.last });
            }
            Self::OctSep => ("oct-sep", 9),
            Self::JanDec => ("jan-dec", 12),
            Self::AprMar => ("apr-mar", 3),
        };
        let last = data.last.plus(-(data.last.number() - last_number).rem_euclid(12));
        let first = last.plus(-11);
        if first < data.first {
            return Err(TimeError::PresetNotCovered { preset, first: data.first, last: data.last });
        }
        Ok(Window { first, last })
    }
}

impl fmt::Display for WindowSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Months(window) => window.fmt(f),
            Self::OctSep => f.write_str("oct-sep"),
            Self::JanDec => f.write_str("jan-dec"),
            Self::AprMar => f.write_str("apr-mar"),
            Self::Latest => f.write_str("latest"),
            Self::All => f.write_str("all"),
        }
    }
}

impl FromStr for WindowSpec {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Ok(match text.trim().to_ascii_lowercase().as_str() {
            "oct-sep" => Self::OctSep,
            "jan-dec" => Self::JanDec,
            "apr-mar" => Self::AprMar,
            "latest" => Self::Latest,
            "all" => Self::All,
            months => Self::Months(months.parse()?),
        })
    }
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Month, Window, WindowSpec);

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        text.parse().unwrap()
    }

    #[test]
    fn the_season_of_a_window_is_that_of_any_year() {
        let second_half = window("2020-07..2020-12");

        assert!(second_half.is_same_season(window("2018-07..2018-12")));
        assert!(!second_half.is_same_season(window("2018-06..2018-11")));
        assert!(!second_half.is_same_season(window("2019-07..2020-06")));
    }

    #[test]
    fn a_month_prints_as_it_is_read() {
        for text in ["2025-01", "2024-12", "0999-07"] {
            assert_eq!(text.parse::<Month>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_month_is_refused_by_name() {
        for text in ["2025-13", "2025-00", "2025", "25-01", "2025-1", "2025-01-03", ""] {
            assert_eq!(text.parse::<Month>(), Err(TimeError::Month(text.into())));
        }
    }

    #[test]
    fn a_window_counts_both_ends() {
        assert_eq!(window("2025-01..2025-12").n_months(), 12);
        assert_eq!(window("2025-03").n_months(), 1);
        assert!("2025-02..2025-01".parse::<Window>().is_err());
    }

    #[test]
    fn presets_are_the_latest_whole_year_in_the_data() {
        let data = window("2023-01..2025-12");
        let resolve = |spec: WindowSpec| spec.resolve(data).unwrap().to_string();

        assert_eq!(resolve(WindowSpec::OctSep), "2024-10..2025-09");
        assert_eq!(resolve(WindowSpec::JanDec), "2025-01..2025-12");
        assert_eq!(resolve(WindowSpec::AprMar), "2024-04..2025-03");
        assert_eq!(resolve(WindowSpec::Latest), "2025-01..2025-12");
    }

    #[test]
    fn a_preset_the_data_do_not_cover_is_refused() {
        let data = window("2025-01..2025-12");

        let refused = WindowSpec::OctSep.resolve(data).unwrap_err();

        assert_eq!(
            refused.to_string(),
            "the data run from 2025-01 to 2025-12, which holds no whole oct-sep window"
        );
    }

    #[test]
    fn the_year_earlier_has_the_same_months() {
        assert_eq!(window("2025-10..2025-12").year_earlier(), window("2024-10..2024-12"));
    }
}

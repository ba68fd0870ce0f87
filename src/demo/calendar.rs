//! The demo's three years: days, months, school holidays and the nights that stand out.

use jiff::civil::{Date, DateTime, date};

/// First day of the records.
pub(super) const FIRST_DAY: Date = date(2023, 1, 1);
/// First year of the records.
pub(super) const FIRST_YEAR: i16 = 2023;
/// Days from 2023 to 2025, of which 2024 is a leap year.
pub(super) const N_DAYS: usize = 365 + 366 + 365;
/// Months of the records.
pub(super) const N_MONTHS: usize = 36;
/// Minutes in a day.
pub(super) const DAY: i32 = 24 * 60;

/// Minutes since the start of the first day.
pub(super) type Minute = i32;

/// What is special about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Ordinary,
    Halloween,
    BonfireNight,
    ChristmasParties,
    NewYear,
}

/// One day of the records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// Months since the first, from 0.
    pub month: usize,
    /// 0 for Monday to 6 for Sunday.
    pub weekday: usize,
    pub school_holiday: bool,
    pub season: Season,
}

/// Year, first day and last day, as month and day.
type Holiday = (i16, (i8, i8), (i8, i8));

/// School holidays of the fictional council: first and last days, as month and day.
const HOLIDAYS: &[Holiday] = &[
    (2023, (1, 1), (1, 3)),
    (2023, (2, 13), (2, 17)),
    (2023, (4, 3), (4, 14)),
    (2023, (5, 29), (6, 2)),
    (2023, (7, 24), (9, 4)),
    (2023, (10, 30), (11, 3)),
    (2023, (12, 22), (12, 31)),
    (2024, (1, 1), (1, 5)),
    (2024, (2, 12), (2, 16)),
    (2024, (3, 29), (4, 12)),
    (2024, (5, 27), (5, 31)),
    (2024, (7, 22), (9, 3)),
    (2024, (10, 28), (11, 1)),
    (2024, (12, 23), (12, 31)),
    (2025, (1, 1), (1, 3)),
    (2025, (2, 17), (2, 21)),
    (2025, (4, 7), (4, 21)),
    (2025, (5, 26), (5, 30)),
    (2025, (7, 21), (9, 2)),
    (2025, (10, 27), (10, 31)),
    (2025, (12, 22), (12, 31)),
];

/// Every school holiday with its first and last day.
pub(super) fn holidays() -> impl Iterator<Item = (Date, Date)> {
    HOLIDAYS.iter().map(|&(year, from, to)| (date(year, from.0, from.1), date(year, to.0, to.1)))
}

/// Every day of the records.
pub(super) fn days() -> Vec<Day> {
    let holidays: Vec<_> = holidays().collect();
    let mut date = FIRST_DAY;
    let mut days = Vec::with_capacity(N_DAYS);
    while days.len() < N_DAYS {
        days.push(Day {
            month: month_of(date),
            weekday: date.weekday().to_monday_zero_offset() as usize,
            school_holiday: holidays.iter().any(|&(from, to)| from <= date && date <= to),
            season: match (date.month(), date.day()) {
                (10, 29..=31) | (11, 1) => Season::Halloween,
                (11, 3..=8) => Season::BonfireNight,
                (12, 12..=23) => Season::ChristmasParties,
                (12, 31) => Season::NewYear,
                _ => Season::Ordinary,
            },
        });
        date = date.tomorrow().unwrap_or(date);
    }
    days
}

fn month_of(date: Date) -> usize {
    (date.year() - FIRST_YEAR) as usize * 12 + date.month() as usize - 1
}

/// Turns minutes into dates without working each out anew.
pub(super) struct Clock {
    dates: Vec<Date>,
}

/// Days before and after the records that a window or a late report may reach.
const MARGIN: i32 = 60;

impl Clock {
    pub(super) fn new() -> Self {
        let first = FIRST_DAY.saturating_sub(jiff::Span::new().days(MARGIN));
        let dates = first.series(jiff::Span::new().days(1)).take(N_DAYS + 2 * MARGIN as usize);
        Self { dates: dates.collect() }
    }

    /// Date of a minute; the last there is for minutes past it.
    pub(super) fn date(&self, minute: Minute) -> Date {
        let day = (minute.div_euclid(DAY) + MARGIN).clamp(0, self.dates.len() as i32 - 1);
        self.dates[day as usize]
    }

    /// Date and time of a minute.
    pub(super) fn moment(&self, minute: Minute) -> DateTime {
        let of_day = minute.rem_euclid(DAY);
        self.date(minute).at((of_day / 60) as i8, (of_day % 60) as i8, 0, 0)
    }

    /// Month of a minute, counted from the first of the records; negative before.
    pub(super) fn month(&self, minute: Minute) -> i32 {
        let date = self.date(minute);
        i32::from(date.year() - FIRST_YEAR) * 12 + i32::from(date.month()) - 1
    }

    /// Minute at which a day starts.
    pub(super) fn minute_of(date: Date) -> Minute {
        let days = FIRST_DAY.until(date).map_or(0, |span| span.get_days());
        days * DAY
    }
}

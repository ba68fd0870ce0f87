//! How often each kind of incident happens, at which hours, days and seasons, and in what places.

use super::calendar::{Day, Season};

/// Which file a kind of incident is recorded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    PoliceCrime,
    PoliceAsb,
    Council,
    Fire,
    Ambulance,
}

/// How exactly the time of an incident is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// To the minute.
    Exactly,
    /// Between leaving a thing and finding it gone some hours later.
    Hours,
    /// Overnight, while at work, or on holiday.
    Absence,
}

/// What draws a kind of incident to a street.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draw {
    /// Weight of homes.
    pub homes: f64,
    /// Weight of shops, pubs and passers-by.
    pub footfall: f64,
    /// How strongly deprivation multiplies it: 0 not at all, 2 by its square.
    pub deprivation: u8,
}

/// One offence, service or stop code of a kind: code, title, share in 100.
pub(super) type Detail = (&'static str, &'static str, u16);

/// One kind of incident.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub source: Source,
    /// Label of the crime type, or the publisher's own category.
    pub label: &'static str,
    pub per_year: f64,
    /// Change a year, 0.03 being 3% more.
    pub trend: f64,
    pub draw: Draw,
    pub hours: &'static [u16; 24],
    /// Monday to Sunday.
    pub weekdays: &'static [u16; 7],
    /// January to December.
    pub months: &'static [u16; 12],
    pub season: fn(Season) -> f64,
    /// Multiplier in school holidays.
    pub holidays: f64,
    pub known: Known,
    /// Share that is domestic, in 100.
    pub domestic: u16,
    pub details: &'static [Detail],
}

/// Hours run from 06:00 to 05:00, so that a night belongs to the day on which it began.
pub(super) const FIRST_HOUR: i32 = 6;

/// Late evening and the small hours.
pub(super) const NIGHT: [u16; 24] =
    [1, 2, 3, 4, 5, 6, 8, 8, 8, 9, 11, 13, 16, 20, 26, 34, 48, 62, 76, 80, 58, 34, 14, 4];
/// Afternoon and evening.
pub(super) const EVENING: [u16; 24] =
    [3, 6, 9, 10, 11, 13, 16, 18, 22, 32, 40, 44, 50, 60, 66, 64, 54, 40, 26, 16, 11, 7, 4, 3];
/// Shop hours.
pub(super) const SHOPS: [u16; 24] =
    [1, 4, 12, 30, 46, 56, 62, 62, 60, 62, 60, 52, 38, 26, 18, 10, 5, 2, 1, 0, 0, 0, 0, 0];
/// All day, with a rise in the evening.
pub(super) const DAY_LONG: [u16; 24] =
    [10, 14, 22, 28, 30, 32, 34, 34, 36, 40, 40, 40, 40, 38, 36, 34, 30, 26, 20, 15, 12, 9, 7, 7];
/// While people sleep.
pub(super) const SMALL_HOURS: [u16; 24] =
    [10, 10, 9, 9, 9, 10, 10, 10, 11, 12, 14, 18, 22, 24, 26, 28, 32, 38, 44, 46, 44, 40, 30, 18];
/// After school.
pub(super) const AFTER_SCHOOL: [u16; 24] =
    [1, 3, 5, 4, 5, 6, 9, 12, 26, 56, 66, 62, 58, 56, 50, 40, 28, 16, 8, 5, 3, 2, 1, 1];
/// Office hours, when complaints are made.
pub(super) const OFFICE: [u16; 24] =
    [1, 6, 20, 56, 66, 60, 52, 50, 52, 48, 36, 20, 14, 12, 10, 8, 5, 3, 2, 1, 1, 0, 0, 0];

pub(super) const EVEN_WEEK: [u16; 7] = [100, 98, 98, 100, 106, 104, 94];
pub(super) const WEEKEND: [u16; 7] = [74, 72, 76, 90, 138, 152, 98];
pub(super) const FRI_SAT: [u16; 7] = [18, 14, 20, 42, 232, 300, 74];
pub(super) const SHOP_WEEK: [u16; 7] = [100, 100, 102, 106, 112, 108, 72];
pub(super) const WORK_WEEK: [u16; 7] = [132, 120, 116, 114, 108, 56, 54];

pub(super) const EVEN_YEAR: [u16; 12] = [97, 96, 100, 100, 103, 104, 106, 103, 100, 101, 97, 93];
pub(super) const SUMMER: [u16; 12] = [72, 76, 90, 104, 118, 124, 132, 130, 106, 104, 82, 62];
pub(super) const WINTER: [u16; 12] = [118, 112, 103, 94, 88, 84, 84, 88, 95, 107, 118, 109];
pub(super) const HIGH_SUMMER: [u16; 12] = [8, 10, 24, 60, 110, 200, 300, 310, 110, 40, 16, 12];

pub(super) fn plain(_: Season) -> f64 {
    1.0
}

pub(super) fn nuisance(season: Season) -> f64 {
    match season {
        Season::Halloween => 2.3,
        Season::BonfireNight => 2.0,
        Season::NewYear => 1.5,
        Season::Ordinary | Season::ChristmasParties => 1.0,
    }
}

pub(super) fn nights_out(season: Season) -> f64 {
    match season {
        Season::Halloween => 1.2,
        Season::ChristmasParties => 1.35,
        Season::NewYear => 2.4,
        Season::Ordinary | Season::BonfireNight => 1.0,
    }
}

pub(super) fn fires(season: Season) -> f64 {
    match season {
        Season::Halloween => 2.2,
        Season::BonfireNight => 5.5,
        Season::Ordinary | Season::ChristmasParties | Season::NewYear => 1.0,
    }
}

pub(super) fn shopping(season: Season) -> f64 {
    if season == Season::ChristmasParties { 1.25 } else { 1.0 }
}

pub(super) const fn draw(homes: f64, footfall: f64, deprivation: u8) -> Draw {
    Draw { homes, footfall, deprivation }
}

impl Kind {
    /// Expected incidents on a day.
    pub(super) fn on(&self, day: &Day) -> f64 {
        let share = |table: &[u16], i: usize| {
            let sum: f64 = table.iter().map(|&v| f64::from(v)).sum();
            f64::from(table[i]) * table.len() as f64 / sum
        };
        let holidays = if day.school_holiday { self.holidays } else { 1.0 };
        self.per_year / 365.25
            * share(self.weekdays, day.weekday)
            * share(self.months, day.month % 12)
            * (self.season)(day.season)
            * holidays
            * (1.0 + self.trend * (day.month as f64 / 12.0 - 1.5))
    }
}

/// Most kinds are alike but for a few things.
pub(super) const CRIME: Kind = Kind {
    source: Source::PoliceCrime,
    label: "",
    per_year: 0.0,
    trend: 0.01,
    draw: draw(1.0, 1.0, 1),
    hours: &DAY_LONG,
    weekdays: &EVEN_WEEK,
    months: &EVEN_YEAR,
    season: plain,
    holidays: 1.0,
    known: Known::Exactly,
    domestic: 0,
    details: &[],
};
pub(super) const COUNCIL: Kind = Kind {
    source: Source::Council,
    hours: &OFFICE,
    weekdays: &WORK_WEEK,
    draw: draw(1.0, 0.3, 1),
    ..CRIME
};

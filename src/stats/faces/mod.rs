//! Statistics of time made selectable by name: a file each, and what they share.

mod aoristic;
mod change;
mod change_points;
mod control_chart;
mod cusum;
mod emerging;
mod expected_range;
mod knox;
mod mantel;
mod near_repeat;
mod proportion_change;
mod scan;
mod scan_window;
mod signals;

pub(super) use aoristic::AoristicFace;
pub(super) use change::ChangeFace;
pub(super) use change_points::ChangePointsFace;
pub(super) use control_chart::ControlChartFace;
pub(super) use cusum::CusumFace;
pub(super) use emerging::EmergingFace;
pub(super) use expected_range::ExpectedRangeFace;
pub(super) use knox::KnoxFace;
pub(super) use mantel::MantelFace;
pub(super) use near_repeat::NearRepeatFace;
pub(super) use proportion_change::ProportionChangeFace;
pub(super) use scan::ScanFace;
pub(super) use scan_window::ScanWindowFace;
pub(super) use signals::SignalsFace;

use geo::Centroid as _;
use jiff::civil::{Date, date};

use crate::crs::Bng;
use crate::table::{Column, Table, Value};
use crate::time::Month;
use crate::units::{UnitIdx, Units};

use super::english::note as say;
use super::space_time::check_days;
use super::{Repeats, Scores, StatError, StatInput};

/// A table of a statistic's own.
fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Scores {
    Scores::Table(Table { id: id.to_owned(), title: title.to_owned(), columns, rows })
}

/// Incidents with a position and a day.
struct Dated {
    positions: Vec<Bng>,
    /// Days since the first of January 2000.
    days: Vec<f64>,
    /// Place of each in the points given.
    rows: Vec<usize>,
    notes: Vec<String>,
}

/// The incidents that a test of days can use, by the day of the earliest time each can have happened.
///
/// # Errors
///
/// [`StatError::Lacks`] where the data hold months alone, or dates that stand for months.
fn dated(statistic: &'static str, input: &StatInput<'_>) -> Result<Dated, StatError> {
    let wanted = say::DATES;
    let lacks = |found: String| StatError::Lacks { statistic, wanted, found };
    let Some(times) = input.times else {
        return Err(lacks(say::MONTHS_ALONE.to_owned()));
    };
    let starts: Vec<_> = times.iter().map(|time| time.map(|time| time.from.date())).collect();
    let days: Vec<Option<i8>> = starts.iter().map(|day| day.map(Date::day)).collect();
    check_days(&days, input.window.n_months()).map_err(|refused| lacks(refused.to_string()))?;
    let first = date(2000, 1, 1);
    let mut dated =
        Dated { positions: Vec::new(), days: Vec::new(), rows: Vec::new(), notes: Vec::new() };
    for (row, (start, &at)) in starts.iter().zip(input.points).enumerate() {
        if let Some(day) = start {
            dated.positions.push(at);
            dated.days.push(f64::from(first.until(*day).map_or(0, |span| span.get_days())));
            dated.rows.push(row);
        }
    }
    let undated = times.len() - dated.rows.len();
    if undated > 0 {
        dated.notes.push(say::without_a_day(undated, times.len()));
    }
    dated.notes.extend(Repeats::of(&dated.positions).warning());
    dated.notes.push(say::DAY_OF_EARLIEST.to_owned());
    Ok(dated)
}

/// Counts of the window's whole months.
struct Monthly {
    months: Vec<Month>,
    /// `[n_units x n_months]`.
    counts: Vec<u32>,
    notes: Vec<String>,
}

impl Monthly {
    /// Days of each month: what its counts are exposed to.
    fn days(&self) -> Vec<f64> {
        self.months.iter().map(|&month| days_of(month)).collect()
    }

    /// Count of each month over all units.
    fn totals(&self) -> Vec<u64> {
        let mut totals = vec![0; self.months.len()];
        for unit in self.counts.chunks(self.months.len().max(1)) {
            totals.iter_mut().zip(unit).for_each(|(sum, &count)| *sum += u64::from(count));
        }
        totals
    }
}

/// Months of the window that the data hold whole, at least `least` of them.
///
/// # Errors
///
/// [`StatError::Lacks`] where there are fewer.
fn monthly(
    statistic: &'static str,
    input: &StatInput<'_>,
    least: usize,
) -> Result<Monthly, StatError> {
    let all: Vec<Month> = input.window.months().collect();
    let whole = |month: Month| {
        input.history.is_none_or(|history| {
            let period = month.since(history.first);
            usize::try_from(period).is_ok_and(|p| history.whole.get(p).copied().unwrap_or(false))
        })
    };
    // Counts of one period are of no known months.
    let periods: Vec<usize> = if input.counts.n_periods() == all.len() {
        (0..all.len()).filter(|&period| whole(all[period])).collect()
    } else {
        Vec::new()
    };
    if periods.len() < least {
        return Err(StatError::Lacks {
            statistic,
            wanted: say::WHOLE_MONTHS,
            found: if input.years.is_none() || input.counts.n_periods() != all.len() {
                say::UNDATED.to_owned()
            } else {
                say::too_few_months(&input.window.label(), periods.len(), least)
            },
        });
    }
    let mut notes = Vec::new();
    let missing: Vec<String> =
        all.iter().filter(|&&month| !whole(month)).map(|month| month.label()).collect();
    if !missing.is_empty() {
        notes.push(say::months_left_out(&missing));
    }
    let counts = (0..input.counts.n_units())
        .flat_map(|unit| {
            let of = input.counts.of(UnitIdx::new(unit));
            periods.iter().map(|&period| of[period])
        })
        .collect();
    let months = periods.iter().map(|&period| all[period]).collect();
    Ok(Monthly { months, counts, notes })
}

fn days_of(month: Month) -> f64 {
    let first = i16::try_from(month.year())
        .ok()
        .and_then(|year| Date::new(year, month.number() as i8, 1).ok());
    f64::from(first.map_or(30, Date::days_in_month))
}

/// Centre of mass of each unit.
fn centres(units: &Units) -> Vec<Bng> {
    units
        .shapes
        .iter()
        .map(|shape| {
            let centre = shape.polygons().centroid().map(|c| Bng::new(c.x(), c.y()));
            centre.or_else(|| shape.label_point()).unwrap_or_else(|| Bng::new(0.0, 0.0))
        })
        .collect()
}

/// Values of tested units spread over all, `None` for the rest.
fn spread<T: Copy>(
    tested: &[usize],
    n_units: usize,
    of: impl Fn(usize) -> Option<T>,
) -> Vec<Option<T>> {
    let mut values = vec![None; n_units];
    tested.iter().enumerate().for_each(|(i, &unit)| values[unit] = of(i));
    values
}

/// Numbers of the units tested.
fn tested(input: &StatInput<'_>) -> Vec<usize> {
    input.tested().iter().enumerate().filter(|(_, tested)| **tested).map(|(unit, _)| unit).collect()
}

/// `value` between 0 and 1, both left out.
fn share(statistic: &'static str, option: &'static str, value: f64) -> Result<f64, StatError> {
    super::statistic::between_none_and_all(statistic, option, value)
}

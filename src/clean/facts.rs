//! Sums over kept records that say what a whole source is like.

use jiff::civil::DateTime;

use super::months::MonthSum;
use crate::crs::Bng;
use crate::incident::{Flags, Incidents};

/// A position finer than this may have been rounded to it.
pub(super) const ROUNDED: f64 = 100.0;

/// Sums over some kept records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Records.
    pub(super) rows: u64,
    /// Those with a position.
    pub(super) points: u64,
    /// Those in a ward.
    pub(super) in_wards: u64,
    /// Positions finer than 100 m ...
    fine: u64,
    /// ... of which both numbers end in 00.
    round: u64,
    /// Records whose hour is taken as known ...
    timed: u64,
    /// ... of which so many are on the hour, by hour.
    sharp: [u64; 24],
    /// Of one month: its records by day.
    pub(super) days: MonthSum,
}

impl Facts {
    pub(super) fn of(all: &Incidents) -> Self {
        let mut facts = Self { rows: all.len() as u64, ..Self::default() };
        for i in 0..all.len() {
            facts.in_wards += u64::from(all.ward(i).is_some());
            if let (Some(position), Some(precision)) = (all.position(i), all.precision(i)) {
                facts.points += 1;
                if precision.get() < ROUNDED {
                    facts.fine += 1;
                    facts.round += u64::from(ends_in_00(position));
                }
            }
            let from = all.span(i).0;
            facts.days.add(all.month(i), from.map(DateTime::date));
            let Some(from) = from else { continue };
            if !all.flags(i).has(Flags::TIME_UNKNOWN) {
                facts.timed += 1;
                if from.minute() == 0 {
                    facts.sharp[usize::from(from.hour().unsigned_abs())] += 1;
                }
            }
        }
        facts
    }

    /// Adds those of other records; days stay with their month.
    pub(super) fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.points += other.points;
        self.in_wards += other.in_wards;
        self.fine += other.fine;
        self.round += other.round;
        self.timed += other.timed;
        for (mine, theirs) in self.sharp.iter_mut().zip(other.sharp) {
            *mine += theirs;
        }
    }

    /// Whether 00:00 is written where the hour is not known: more than three times as often as
    /// 23:00 and 01:00 sharp on average, and a fiftieth of all times at least.
    pub(super) fn midnight_means_unknown(&self) -> bool {
        let sharp = &self.sharp;
        sharp[0] >= 5 && sharp[0] * 50 >= self.timed && 2 * sharp[0] > 3 * (sharp[23] + sharp[1])
    }

    /// Whether 12:00 is written where the hour is not known: by the same measure.
    pub(super) fn noon_means_unknown(&self) -> bool {
        let sharp = &self.sharp;
        sharp[12] >= 5
            && sharp[12] * 50 >= self.timed
            && 2 * sharp[12] > 3 * (sharp[11] + sharp[13])
    }

    /// Whether more positions end in 00 than chance gives (one in ten thousand): a hundredth or
    /// more.
    pub(super) fn is_rounded(&self) -> bool {
        self.round >= 20 && self.round * 100 >= self.fine
    }
}

pub(super) fn ends_in_00(position: Bng) -> bool {
    // Exact, and far faster than the remainder.
    #[expect(clippy::float_cmp, reason = "a multiple is its own nearest multiple")]
    let is_multiple = |x: f64| (x / ROUNDED).round() * ROUNDED == x;
    is_multiple(position.easting()) && is_multiple(position.northing())
}

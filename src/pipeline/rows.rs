//! Which records a request takes: those of its source, in its hours of the week.

use rayon::prelude::*;

use crate::hint::Hint;
use crate::incident::{CrimeTypes, Incidents};
use crate::time::{HoursOfWeek, Window};

use super::AnalysisRequest;
use super::english::records as say;
use super::when::{When, shares};

/// A record is counted where more than this share of the time it can have happened in is asked for:
/// counts stay whole numbers, and no record is counted on both sides of a cut.
const MOST: f32 = 0.5;

/// The records of a dataset that a request takes, of whatever type and month.
pub(super) struct Rows<'a> {
    incidents: &'a Incidents,
    source: Option<&'a str>,
    hours: HoursOfWeek,
    shares: Option<Vec<f32>>,
}

impl<'a> Rows<'a> {
    /// # Errors
    ///
    /// If only some hours are asked for, and no record of the request has a time.
    pub fn of(
        request: &'a AnalysisRequest,
        incidents: &'a Incidents,
        window: Window,
    ) -> anyhow::Result<Self> {
        let (source, hours) = (request.source.as_deref(), request.hours);
        let rows = Self { incidents, source, hours, shares: shares(hours) };
        let mut all = rows.at_any_hour(request.crime_types, window);
        if !hours.is_all() && all.all(|i| when(incidents, i) == When::UNKNOWN) {
            return Err(anyhow::anyhow!(
                "no record of {} in {} has a time: no hours can be chosen",
                request.crime_types.label(),
                window.label()
            )
            .context(Hint("ask for every day and hour".to_owned())));
        }
        drop(all);
        Ok(rows)
    }

    /// Whether row `i` is taken.
    pub fn takes(&self, i: usize) -> bool {
        self.is_of_source(i)
            && self
                .shares
                .as_ref()
                .is_none_or(|shares| shares[when(self.incidents, i).code()] > MOST)
    }

    /// Whether row `i` would be taken if every hour were asked for.
    pub fn is_of_source(&self, i: usize) -> bool {
        self.source.is_none_or(|only| only == self.incidents.source(i))
    }

    /// Rows taken of these types in this window, in order.
    pub fn within(&self, types: CrimeTypes, window: Window) -> Vec<usize> {
        self.incidents.rows(types, window).filter(|&i| self.takes(i)).collect()
    }

    /// The same at any hour.
    pub fn at_any_hour(&self, types: CrimeTypes, window: Window) -> impl Iterator<Item = usize> {
        self.incidents.rows(types, window).filter(|&i| self.is_of_source(i))
    }

    /// What a reader of figures of some hours must know; nothing where every hour is asked for.
    pub fn note(&self, types: CrimeTypes, window: Window) -> Option<String> {
        if self.hours.is_all() {
            return None;
        }
        let (mut all, mut taken, mut untimed) = (0, 0, 0);
        for i in self.at_any_hour(types, window) {
            all += 1;
            taken += i64::from(self.takes(i));
            untimed += i64::from(when(self.incidents, i) == When::UNKNOWN);
        }
        Some(say::of_hours(&self.hours.to_string(), taken, all, untimed))
    }
}

/// Whether any record has a day or an hour: without one, no hours can be chosen.
pub fn has_times(incidents: &Incidents) -> bool {
    (0..incidents.len()).into_par_iter().any(|i| when(incidents, i) != When::UNKNOWN)
}

fn when(incidents: &Incidents, i: usize) -> When {
    When::of(incidents.span(i), incidents.flags(i))
}

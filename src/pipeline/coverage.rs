//! Which months the data hold: a window with a gap is never read as a whole one.

use std::collections::{BTreeMap, BTreeSet};

use crate::incident::{CrimeTypes, Incidents};
use crate::time::{Month, Window};

/// Months in which each source that holds a choice of types has any record at all.
#[derive(Debug)]
pub(super) struct Coverage<'a> {
    months: BTreeMap<&'a str, BTreeSet<Month>>,
}

impl<'a> Coverage<'a> {
    /// Of the sources that hold any incident of `types`, or of `only` that one.
    pub fn of(incidents: &'a Incidents, types: CrimeTypes, only: Option<&str>) -> Self {
        let mut months: BTreeMap<&str, BTreeSet<Month>> = BTreeMap::new();
        let mut relevant: BTreeSet<&str> = BTreeSet::new();
        for i in 0..incidents.len() {
            let source = incidents.source(i);
            if only.is_some_and(|only| only != source) {
                continue;
            }
            months.entry(source).or_default().insert(incidents.month(i));
            if types.contains(incidents.crime_type(i)) {
                relevant.insert(source);
            }
        }
        months.retain(|source, _| relevant.contains(source));
        Self { months }
    }

    /// Of these sources with the months in which they hold anything.
    pub fn held(months: BTreeMap<&'a str, BTreeSet<Month>>) -> Self {
        Self { months }
    }

    /// Whether every source holds every month of `window`, and there is a source.
    pub fn is_whole(&self, window: Window) -> bool {
        !self.months.is_empty() && self.gaps(window).is_empty()
    }

    /// What is missing of `window`, by source.
    pub fn gaps(&self, window: Window) -> Vec<(&'a str, Vec<Month>)> {
        self.months
            .iter()
            .map(|(source, held)| {
                (*source, window.months().filter(|month| !held.contains(month)).collect::<Vec<_>>())
            })
            .filter(|(_, missing)| !missing.is_empty())
            .collect()
    }

    /// First and last month that each source has any record in.
    pub fn spans(&self) -> Vec<(&'a str, Window)> {
        let span = |held: &BTreeSet<Month>| Window::new(*held.first()?, *held.last()?).ok();
        self.months.iter().filter_map(|(source, held)| Some((*source, span(held)?))).collect()
    }

    /// Years of record in `window`, averaged over the sources: what a yearly figure divides by.
    pub fn years(&self, window: Window) -> f64 {
        let held: usize = self
            .months
            .values()
            .map(|held| window.months().filter(|month| held.contains(month)).count())
            .sum();
        held as f64 / self.months.len().max(1) as f64 / 12.0
    }
}

#[cfg(test)]
mod tests {
    use crate::incident::{CrimeTypeIdx, Flags, Incident, Place};

    use super::*;

    fn incidents(months: &[(&str, &str)]) -> Incidents {
        let mut all = Incidents::default();
        for (source, month) in months {
            all.push(&Incident {
                reference: None,
                source: (*source).into(),
                crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
                month: month.parse().unwrap(),
                from: None,
                to: None,
                place: Place::Nowhere,
                ward: None,
                lsoa: None,
                street: None,
                flags: Flags::default(),
            });
        }
        all
    }

    #[test]
    fn a_missing_month_is_a_gap_and_shortens_the_year() {
        let held = incidents(&[("police", "2025-01"), ("police", "2025-03")]);
        let window: Window = "2025-01..2025-03".parse().unwrap();

        let coverage = Coverage::of(&held, CrimeTypes::All, None);

        assert!(!coverage.is_whole(window));
        assert_eq!(coverage.gaps(window), [("police", vec!["2025-02".parse().unwrap()])]);
        assert!((coverage.years(window) - 2.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn another_source_s_months_do_not_fill_a_gap() {
        let held = incidents(&[("police", "2025-01"), ("council", "2025-02")]);
        let january: Window = "2025-01".parse().unwrap();

        assert!(!Coverage::of(&held, CrimeTypes::All, None).is_whole(january));
        assert!(Coverage::of(&held, CrimeTypes::All, Some("police")).is_whole(january));
        assert!(!Coverage::of(&held, CrimeTypes::All, Some("fire")).is_whole(january));
    }
}

//! Which months the data hold: a window with a gap is never read as a whole one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;

use crate::audience::Disclosure;
use crate::clean::{MonthDoubt, MonthSum, month_doubts};
use crate::incident::{CrimeTypes, Group, Incidents, TextColumn};
use crate::time::{Month, Window};

use super::english::records as say;

/// Months in which each source that holds a choice of types has any record at all.
#[derive(Debug)]
pub(super) struct Coverage<'a> {
    months: BTreeMap<&'a str, BTreeMap<Month, MonthSum>>,
    /// Sources that hold any health record.
    of_health: BTreeSet<&'a str>,
}

impl<'a> Coverage<'a> {
    /// Of the sources that hold any incident of `types`, or of `only` that one.
    pub fn of(incidents: &'a Incidents, types: CrimeTypes, only: Option<&str>) -> Self {
        // By number first: there are millions of records and few sources and months.
        let mut held: BTreeMap<(usize, Month), MonthSum> = BTreeMap::new();
        let mut relevant = vec![false; incidents.n_words()];
        let mut health = vec![false; incidents.n_words()];
        let mut run: Option<((usize, Month), MonthSum)> = None;
        for i in 0..incidents.len() {
            let Some(source) = incidents.word_of(TextColumn::Source, i).number() else { continue };
            let key = (source, incidents.month(i));
            let (known, sum) = run.get_or_insert_with(|| (key, MonthSum::default()));
            if *known != key {
                held.entry(*known).or_default().merge(std::mem::take(sum));
                *known = key;
            }
            sum.add(key.1, incidents.span(i).0.map(DateTime::date));
            let kind = incidents.crime_type(i);
            relevant[source] |= types.contains(kind);
            health[source] |= kind.get().group == Group::Health;
        }
        if let Some((key, sum)) = run {
            held.entry(key).or_default().merge(sum);
        }
        let mut months: BTreeMap<&str, BTreeMap<Month, MonthSum>> = BTreeMap::new();
        let names: Vec<&str> = incidents.words().filter_map(|word| incidents.text(word)).collect();
        for ((source, month), sum) in held.into_iter().filter(|((i, _), _)| relevant[*i]) {
            if only.is_none_or(|only| only == names[source]) {
                months.entry(names[source]).or_default().insert(month, sum);
            }
        }
        let of_health = names.iter().zip(&health).filter(|(_, health)| **health);
        Self { months, of_health: of_health.map(|(name, _)| *name).collect() }
    }

    /// Of these sources with the months in which they hold anything: how much is not known.
    pub fn held(months: BTreeMap<&'a str, BTreeSet<Month>>) -> Self {
        let unknown = |month| (month, MonthSum::default());
        let months = months.into_iter();
        let months = months.map(|(s, m)| (s, m.into_iter().map(unknown).collect())).collect();
        Self { months, of_health: BTreeSet::new() }
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
                (
                    *source,
                    window.months().filter(|month| !held.contains_key(month)).collect::<Vec<_>>(),
                )
            })
            .filter(|(_, missing)| !missing.is_empty())
            .collect()
    }

    /// The same, to be kept.
    pub fn lacking(&self, window: Window) -> Vec<(String, Vec<Month>)> {
        self.gaps(window).into_iter().map(|(source, lacks)| (source.to_owned(), lacks)).collect()
    }

    /// First and last month that each source has any record in.
    pub fn spans(&self) -> Vec<(&'a str, Window)> {
        let span = |held: &BTreeMap<Month, MonthSum>| {
            Window::new(*held.first_key_value()?.0, *held.last_key_value()?.0).ok()
        };
        self.months.iter().filter_map(|(source, held)| Some((*source, span(held)?))).collect()
    }

    /// Months that each source may hold only in part, as far as its records show. Of data made for an
    /// audience, none of a source that holds health records: how many one month has is not told.
    fn doubts(&self, made_for: Option<&Disclosure>) -> Vec<(&'a str, BTreeMap<Month, MonthDoubt>)> {
        let is_told = |source: &&&str| made_for.is_none() || !self.of_health.contains(**source);
        let of = |source: &&'a str| {
            let mut doubts = month_doubts(&self.months[source]);
            doubts.retain(|_, doubt| *doubt != MonthDoubt::Missing);
            (*source, doubts)
        };
        self.months.keys().filter(is_told).map(of).collect()
    }

    /// Months of `window` that a source may hold only in part, in words.
    pub fn in_part(&self, window: Window, made_for: Option<&Disclosure>) -> Vec<String> {
        let mut said = Vec::new();
        for (source, doubts) in self.doubts(made_for) {
            for (month, doubt) in doubts.range(window.first()..=window.last()) {
                said.push(say::in_part(source, &month.label(), &doubt.words()));
            }
        }
        said
    }

    /// Months of `window`, or of `earlier` that it is compared with, that sources may hold only in
    /// part, by source.
    pub fn doubted(
        &self,
        window: Window,
        earlier: Option<Window>,
        made_for: Option<&Disclosure>,
    ) -> Vec<(String, Vec<Month>)> {
        let is_asked = |month: &Month| {
            window.contains(*month) || earlier.is_some_and(|earlier| earlier.contains(*month))
        };
        let of = |(source, doubts): (&str, BTreeMap<Month, MonthDoubt>)| {
            (source.to_owned(), doubts.into_keys().filter(is_asked).collect::<Vec<_>>())
        };
        let all = self.doubts(made_for).into_iter().map(of);
        all.filter(|(_, months)| !months.is_empty()).collect()
    }

    /// Years of record in `window`, averaged over the sources: what a yearly figure divides by.
    pub fn years(&self, window: Window) -> f64 {
        let held: usize = self
            .months
            .values()
            .map(|held| window.months().filter(|month| held.contains_key(month)).count())
            .sum();
        held as f64 / self.months.len().max(1) as f64 / 12.0
    }
}

#[cfg(test)]
mod tests {
    use crate::audience::{Audience, Records, Rule};
    use crate::incident::{CrimeTypeIdx, Flags, Incident, Place};

    use super::*;

    fn incidents(months: &[(&str, &str)]) -> Incidents {
        of_kind("burglary", months)
    }

    fn of_kind(kind: &str, months: &[(&str, &str)]) -> Incidents {
        let mut all = Incidents::default();
        for (source, month) in months {
            all.push(&Incident {
                reference: None,
                source: (*source).into(),
                crime_type: CrimeTypeIdx::from_id(kind).unwrap(),
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
    fn a_half_delivered_month_is_told_where_the_window_holds_it() {
        let mut months = vec![("police", "2018-11"); 900];
        months.extend([("police", "2018-12"); 400]);
        let held = incidents(&months);
        let coverage = Coverage::of(&held, CrimeTypes::All, None);

        let said = coverage.in_part("2018-11..2018-12".parse().unwrap(), None);

        assert!(said[0].starts_with("police, Dec 2018: the month has 400 records"), "{said:?}");
        assert!(coverage.in_part("2018-11".parse().unwrap(), None).is_empty());
    }

    /// What was held back of data that tell nothing of fewer than ten health records.
    fn made_for_the_public() -> Disclosure {
        let (rule, made_from) = (Rule::of(Audience::Public).unwrap(), String::new());
        Disclosure { rule, made_from, records: Records::default() }
    }

    #[test]
    fn months_in_doubt_of_either_window_are_told() {
        let mut months = vec![("police", "2018-10"); 900];
        months.extend(vec![("police", "2018-11"); 900]);
        months.extend([("police", "2018-12"); 400]);
        let held = incidents(&months);
        let coverage = Coverage::of(&held, CrimeTypes::All, None);
        let [october, december, later]: [Window; 3] =
            ["2018-10", "2018-12", "2019-12"].map(|window| window.parse().unwrap());
        let found = [("police".to_owned(), vec![december.first()])];

        assert_eq!(coverage.doubted(december, None, None), found);
        assert_eq!(coverage.doubted(later, Some(december), None), found);
        assert_eq!(coverage.doubted(october, None, None), []);
    }

    #[test]
    fn the_public_is_not_told_how_many_health_records_a_month_has() {
        let mut months = vec![("ambulance", "2018-11"); 90];
        months.extend([("ambulance", "2018-12"); 4]);
        let held = of_kind("ambulance-call-out", &months);
        let coverage = Coverage::of(&held, "ambulance-call-out".parse().unwrap(), None);
        let window = "2018-10..2018-12".parse().unwrap();
        let public = made_for_the_public();

        assert_eq!(coverage.in_part(window, None).len(), 1);
        assert_eq!(coverage.doubted(window, None, None).len(), 1);
        assert!(coverage.in_part(window, Some(&public)).is_empty());
        assert!(coverage.doubted(window, None, Some(&public)).is_empty());
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

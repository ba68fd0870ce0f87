//! Months of a source that are missing, cut off, broken by days without a record, or thin.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::time::{Month, Window};

use super::english::warn;

/// Days without a record say that something is missing from this many on ...
const FEWEST_DAYS: i8 = 3;
/// ... if their share of the month's records is this many: none at all then comes by chance less
/// than once in 20,000 times (Poisson, e^-10).
const EXPECTED: f64 = 10.0;
/// A month is thin only where this many records are usual ...
const FEWEST_USUAL: f64 = 50.0;
/// ... and it has less than this share of them, three standard deviations of its count included:
/// seasons seldom take away a third.
const LEAST_SHARE: f64 = 2.0 / 3.0;

/// Records of one month of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthSum {
    /// How many.
    pub records: u64,
    /// A bit for each day of the month with a record, from bit 1; none where only months are known.
    days: u32,
}

impl MonthSum {
    /// Takes one record of `month` into account, which happened on `day` where that is known.
    pub fn add(&mut self, month: Month, day: Option<Date>) {
        self.records += 1;
        if let Some(day) = day.filter(|day| Month::of(*day) == month) {
            self.days |= 1 << day.day();
        }
    }

    /// Takes other records of the same month into account.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.days |= other.days;
    }

    fn last_day(self) -> Option<i8> {
        self.days.checked_ilog2().map(|day| day as i8)
    }

    /// First and last day of the longest run of days without a record, of `n_days`.
    fn longest_gap(self, n_days: i8) -> Option<(i8, i8)> {
        let mut longest = None;
        let mut start = 1;
        for day in 1..=n_days + 1 {
            if day > n_days || self.days >> day & 1 == 1 {
                if day > start && longest.is_none_or(|(a, b)| day - 1 - start > b - a) {
                    longest = Some((start, day - 1));
                }
                start = day + 1;
            }
        }
        longest
    }
}

/// What is wrong with a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDoubt {
    /// No record at all, between months that have some.
    Missing,
    /// The last month, whose last record is on this day.
    CutOff(i8),
    /// No record from this day to that, though the month has many.
    Gap(i8, i8),
    /// Far fewer records than are usual.
    Thin {
        /// Those it has.
        records: u64,
        /// Those the median rate of a day gives it.
        usual: u64,
    },
}

impl MonthDoubt {
    /// In words, after the month.
    pub fn words(self) -> String {
        match self {
            Self::Missing => warn::MISSING.to_owned(),
            Self::CutOff(day) => warn::cut_off(day),
            Self::Gap(first, last) => warn::gap(first, last),
            Self::Thin { records, usual } => warn::thin(records, usual),
        }
    }
}

/// The months of one source that are in doubt, in order.
///
/// - The last month is cut off if its last record is three days or more from its end.
/// - A month has a gap if no record is on three days or more in a row whose share of its records
///   would be ten.
/// - A month is thin if it has less than two thirds of the records that the median rate of a day
///   gives it (of two months, the higher), beyond what three standard deviations of its count
///   (Poisson) explain, and 50 are usual.
pub fn month_doubts(months: &BTreeMap<Month, MonthSum>) -> BTreeMap<Month, MonthDoubt> {
    let (Some((&first, _)), Some((&last, ending))) =
        (months.first_key_value(), months.last_key_value())
    else {
        return BTreeMap::new();
    };
    let a_day = |(month, sum): (&Month, &MonthSum)| sum.records as f64 / f64::from(month.days());
    let mut rates: Vec<f64> = months.iter().map(a_day).collect();
    rates.sort_unstable_by(f64::total_cmp);
    let rate = rates[rates.len() / 2];
    let cut_off = ending.last_day().filter(|day| last.days() - day >= FEWEST_DAYS);
    let doubt = |month: Month| {
        let Some(sum) = months.get(&month) else { return Some(MonthDoubt::Missing) };
        if let Some(day) = cut_off.filter(|_| month == last) {
            return Some(MonthDoubt::CutOff(day));
        }
        let n_days = month.days();
        let gap = sum.longest_gap(n_days).filter(|(from, to)| {
            let missing = to - from + 1;
            let expected = sum.records as f64 * f64::from(missing) / f64::from(n_days);
            sum.days != 0 && missing >= FEWEST_DAYS && expected >= EXPECTED
        });
        if let Some((from, to)) = gap {
            return Some(MonthDoubt::Gap(from, to));
        }
        let (records, usual) = (sum.records as f64, rate * f64::from(n_days));
        let at_most = records + 3.0 * records.sqrt();
        let thin = rates.len() >= 2 && usual >= FEWEST_USUAL && at_most < LEAST_SHARE * usual;
        let usual = usual.round() as u64;
        thin.then_some(MonthDoubt::Thin { records: sum.records, usual })
    };
    let all = (0..=last.since(first)).map(|n| first.plus(n));
    all.filter_map(|month| Some((month, doubt(month)?))).collect()
}

/// What to tell the reader about the months of one source.
pub(super) fn month_warnings(months: &BTreeMap<Month, MonthSum>) -> Vec<String> {
    let doubts = month_doubts(months);
    let missing: Vec<Month> = doubts
        .iter()
        .filter(|(_, doubt)| **doubt == MonthDoubt::Missing)
        .map(|(month, _)| *month)
        .collect();
    let mut said = Vec::new();
    if !missing.is_empty() {
        let runs: Vec<String> = Window::runs(&missing).into_iter().map(Window::label).collect();
        said.push(warn::months_missing(&runs));
    }
    for (month, doubt) in &doubts {
        match doubt {
            MonthDoubt::Missing => {}
            MonthDoubt::CutOff(_) => said.push(warn::last_month(&month.label(), &doubt.words())),
            _ => said.push(warn::month(&month.label(), &doubt.words())),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(months: &[(&str, u64)]) -> BTreeMap<Month, MonthSum> {
        let sum = |records| MonthSum { records, days: 0 };
        months.iter().map(|(month, count)| (month.parse().unwrap(), sum(*count))).collect()
    }

    /// So many records on each of some days.
    fn days(month: &str, days: impl Iterator<Item = i8>, each: u64) -> BTreeMap<Month, MonthSum> {
        let month: Month = month.parse().unwrap();
        let mut sum = MonthSum::default();
        for day in days {
            let date = Date::new(month.year() as i16, month.number() as i8, day).unwrap();
            (0..each).for_each(|_| sum.add(month, Some(date)));
        }
        BTreeMap::from([(month, sum)])
    }

    #[test]
    fn missing_months_are_named() {
        let said = month_warnings(&counts(&[("2024-12", 10), ("2025-03", 9), ("2025-05", 9)]));

        assert!(said[0].contains("in Jan 2025 to Feb 2025, Apr 2025: nothing"), "{said:?}");
    }

    #[test]
    fn a_last_month_that_stops_early_is_named() {
        let mut months = counts(&[("2025-02", 10)]);
        months.extend(days("2025-03", [1, 12].into_iter(), 1));

        let said = month_warnings(&months);

        assert!(said[0].contains("Mar 2025, ends on day 12"), "{said:?}");
        assert!(month_warnings(&days("2025-03", [1, 29].into_iter(), 1)).is_empty());
    }

    #[test]
    fn a_thin_month_is_named_also_where_there_are_two() {
        let said = month_warnings(&counts(&[("2018-10", 899), ("2018-11", 870), ("2018-12", 300)]));
        assert!(said[0].starts_with("Dec 2018 has 300 records where 899 are usual"), "{said:?}");

        // Kent Police as published: the supply of 2018-12 broke off.
        let said = month_warnings(&counts(&[("2018-11", 13_818), ("2018-12", 8_438)]));
        assert!(said[0].starts_with("Dec 2018 has 8,438 records where 14,279 are"), "{said:?}");

        // A month shorter by a tenth, a quiet season, few records.
        for months in [
            [("2018-01", 899), ("2018-02", 812)],
            [("2018-07", 899), ("2018-08", 700)],
            [("2018-11", 45), ("2018-12", 1)],
            [("2018-11", 60), ("2018-12", 28)],
        ] {
            assert!(month_warnings(&counts(&months)).is_empty(), "{months:?}");
        }
    }

    #[test]
    fn days_without_a_record_are_a_gap_if_chance_does_not_give_them() {
        // Half a month of a whole year is missing in its middle.
        let mut months = days("2025-03", (1..=31).filter(|day| !(10..=24).contains(day)), 4);
        months.extend(days("2025-04", 1..=30, 4));

        let found = month_doubts(&months);

        let march: Month = "2025-03".parse().unwrap();
        assert_eq!(found, BTreeMap::from([(march, MonthDoubt::Gap(10, 24))]));
        // One record on each of every tenth day is no gap.
        assert!(month_doubts(&days("2025-03", [1, 11, 21, 29].into_iter(), 1)).is_empty());
    }
}

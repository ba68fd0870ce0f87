//! Months that are missing, cut off or thin.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::time::Month;

/// What to tell the reader about the months of one source: records of each, and the last day of
/// any.
pub(super) fn month_warnings(counts: &BTreeMap<Month, u64>, last_day: Option<Date>) -> Vec<String> {
    let (Some(&first), Some(&last)) = (counts.keys().next(), counts.keys().next_back()) else {
        return Vec::new();
    };
    let mut said = Vec::new();
    let between = (0..=last.since(first)).map(|n| first.plus(n));
    let missing: Vec<String> =
        between.filter(|month| !counts.contains_key(month)).map(|m| m.to_string()).collect();
    if !missing.is_empty() {
        said.push(format!(
            "no records at all in {}: nothing is made up for them",
            missing.join(", ")
        ));
    }
    if let Some(day) = last_day.filter(|day| Month::of(*day) == last) {
        let left = day.days_in_month() - day.day();
        if left >= 3 {
            said.push(format!(
                "the last month, {last}, ends on day {}: it looks cut off, so leave it out of trends",
                day.day()
            ));
        }
    }
    let mut sorted: Vec<u64> = counts.values().copied().collect();
    sorted.sort_unstable();
    let usual = sorted[sorted.len() / 2];
    if counts.len() >= 3 && usual >= 50 {
        for (month, &count) in counts.iter().filter(|(_, count)| **count * 2 < usual) {
            said.push(format!(
                "{month} has {count} records where {usual} are usual: it may be incomplete"
            ));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(months: &[(&str, u64)]) -> BTreeMap<Month, u64> {
        months.iter().map(|(month, count)| (month.parse().unwrap(), *count)).collect()
    }

    #[test]
    fn missing_months_are_named() {
        let said = month_warnings(&counts(&[("2025-01", 10), ("2025-04", 9)]), None);

        assert!(said[0].contains("2025-02, 2025-03"), "{said:?}");
    }

    #[test]
    fn a_last_month_that_stops_early_is_named() {
        let day = jiff::civil::date(2025, 3, 12);

        let said = month_warnings(&counts(&[("2025-02", 10), ("2025-03", 9)]), Some(day));

        assert!(said[0].contains("ends on day 12"), "{said:?}");
        assert!(
            month_warnings(&counts(&[("2025-03", 9)]), Some(jiff::civil::date(2025, 3, 30)))
                .is_empty()
        );
    }

    #[test]
    fn a_thin_month_is_named() {
        let said =
            month_warnings(&counts(&[("2018-10", 900), ("2018-11", 870), ("2018-12", 300)]), None);

        assert!(said[0].starts_with("2018-12 has 300 records where 870 are usual"), "{said:?}");
    }
}

//! `scan-window`: the months that hold most incidents of a unit, and how rare so many are.

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::stats::series::scan_window_p;
use crate::stats::{
    Adjustment, Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic, adjust,
};

use super::{monthly, share, spread, tested};

/// Scan window of each unit.
pub(in crate::stats) struct ScanWindowFace;

/// Options of `scan-window`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScanWindowOptions {
    /// Months that the window is long.
    pub months: usize,
    /// Incidents in the window below which nothing is tested.
    pub fewest: u64,
    /// How p-values account for there being many.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a run of months is called out.
    pub alpha: f64,
}

impl Default for ScanWindowOptions {
    fn default() -> Self {
        Self { months: 2, fewest: 5, adjustment: Adjustment::BenjaminiHochberg, alpha: 0.05 }
    }
}

/// Most incidents in so many months in a row, and the first of them; of equal ones the earliest.
fn fullest(counts: &[u32], months: usize) -> (u64, usize) {
    let sums = counts.windows(months).map(|w| w.iter().map(|&n| u64::from(n)).sum::<u64>());
    sums.zip(0..).fold((0, 0), |best, (sum, at)| if sum > best.0 { (sum, at) } else { best })
}

impl Statistic for ScanWindowFace {
    type Options = ScanWindowOptions;
    const ID: &'static str = "scan-window";
    const LABEL: &'static str = "Scan window";
    const ABOUT: &'static str = "The months in a row that hold most incidents of a unit, and the chance that some window as long, wherever it starts, holds as many at the unit's own steady rate (Naus); at a false discovery rate over units.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("ptools", "scanw"), ("SaTScan", "purely temporal scan")];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &ScanWindowOptions,
    ) -> Result<Outcome, StatError> {
        let alpha = share(Self::ID, "alpha", options.alpha)?;
        let wrong = StatError::OutOfRange {
            statistic: Self::ID,
            option: "months",
            value: options.months as f64,
            wanted: "one month or more",
        };
        if options.months == 0 {
            return Err(wrong);
        }
        // Half of all months or more in the window tell nothing of the rest.
        let series = monthly(Self::ID, input, 2 * options.months)?;
        let n_months = series.months.len();
        let units = tested(input);
        let found: Vec<(u64, usize, Option<f64>)> = units
            .iter()
            .map(|&unit| {
                let counts = &series.counts[unit * n_months..(unit + 1) * n_months];
                let (most, first) = fullest(counts, options.months);
                let all: u64 = counts.iter().map(|&n| u64::from(n)).sum();
                let mean = all as f64 / n_months as f64;
                let enough = most >= options.fewest.max(1);
                let p = enough
                    .then(|| scan_window_p(n_months as f64, options.months as f64, mean, most))
                    .flatten();
                (most, first, p)
            })
            .collect();
        let p: Vec<Option<f64>> = found.iter().map(|unit| unit.2).collect();
        let q = adjust(&p, options.adjustment);
        let n = input.counts.n_units();
        let number = |id, label, of: &dyn Fn(usize) -> Option<f64>| {
            ScoreColumn::numbers(id, label, "", spread(&units, n, of))
        };
        let months = |i: usize| {
            let (most, first, _) = found[i];
            let last = first + options.months - 1;
            (most > 0).then(|| {
                format!("{} to {}", series.months[first].label(), series.months[last].label())
            })
        };
        let class = |i: usize| {
            Some(match q[i] {
                None => say::NOT_TESTED,
                Some(q) if q <= alpha => "more than chance",
                Some(_) => "as chance has it",
            })
        };
        let mut texts = vec![None; n];
        units.iter().enumerate().for_each(|(i, &unit)| texts[unit] = months(i));
        let columns = vec![
            number("most", "Most incidents", &|i| Some(found[i].0 as f64)),
            ScoreColumn::texts("months", "In the months", texts),
            number("p", "p-value", &|i| p[i]),
            number("q", "q-value", &|i| q[i]),
            ScoreColumn::labels("class", "Class", spread(&units, n, class)),
        ];
        let mut outcome = Outcome::of([Scores::PerUnit(columns)])
            .note(format!(
                "Windows of {} months are looked at from month to month, and the chance is of windows \
                 that start on any day: p-values are on the safe side.",
                options.months
            ))
            .note(
                "A unit's rate is taken for steady over all months: a season, or a rise of the whole \
                 area, gives windows of its own. `signals` allows for both.",
            );
        outcome.notes.extend(series.notes);
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_months_are_the_earliest_of_equal_ones() {
        assert_eq!(fullest(&[1, 4, 0, 3, 2, 2], 2), (5, 0));
        assert_eq!(fullest(&[0, 0, 7], 1), (7, 2));
        assert_eq!(fullest(&[0, 0], 2), (0, 0));
        assert_eq!(fullest(&[3], 2), (0, 0));
    }
}

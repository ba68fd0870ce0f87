//! `expected-range`: what each month was expected to hold, from earlier years.

use crate::stats::series::{MOST_YEARS, SeasonalOptions, Usual, seasonal_expectations};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};
use crate::time::Month;

use super::{share, table};

/// Seasonal expectation.
pub(in crate::stats) struct ExpectedRangeFace;

impl Statistic for ExpectedRangeFace {
    type Options = SeasonalOptions;
    const ID: &'static str = "expected-range";
    const LABEL: &'static str = "Expected range by month";
    const ABOUT: &'static str = "Incidents of each month against the same months of up to three earlier years, brought up to the level of the last twelve months, with a range that allows for how much months vary about such expectations.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("surveillance", "farrington"), ("ArcGIS", "Exponential Smoothing Forecast")];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &SeasonalOptions,
    ) -> Result<Outcome, StatError> {
        share(Self::ID, "confidence", options.confidence)?;
        if !(1..=MOST_YEARS).contains(&options.years) {
            return Err(StatError::OutOfRange {
                statistic: Self::ID,
                option: "years",
                value: options.years as f64,
                wanted: "1, 2 or 3",
            });
        }
        let history = input.history.ok_or_else(|| StatError::Lacks {
            statistic: Self::ID,
            wanted: "counts by month, of earlier years too",
            found: "these incidents are of no known months".to_owned(),
        })?;
        let totals = history.counts.by_period();
        let counts: Vec<Option<u64>> = totals
            .iter()
            .zip(history.whole)
            .map(|(&count, &whole)| whole.then_some(count))
            .collect();
        let expected = seasonal_expectations(&counts, options);
        let mut rows = Vec::new();
        let mut without_spread = false;
        for (period, (count, expectation)) in counts.iter().zip(&expected).enumerate() {
            let month: Month = history.first.plus(period as i32);
            if !input.window.contains(month) {
                continue;
            }
            let place = match (count, expectation) {
                (None, _) => "not held whole",
                (_, None) => "no earlier year",
                (Some(count), Some(expectation)) => match expectation.place(*count) {
                    Usual::Higher => "higher",
                    Usual::AsUsual => "as usual",
                    Usual::Lower => "lower",
                },
            };
            without_spread |= expectation.is_some_and(|e| e.dispersion.is_none());
            rows.push(vec![
                month.label().into(),
                Value::count(count.map(|n| n as i64)),
                Value::number(expectation.map(|e| e.expected)),
                Value::count(expectation.map(|e| e.low as i64)),
                Value::count(expectation.map(|e| e.high as i64)),
                Value::count(expectation.map(|e| e.years as i64)),
                Value::number(expectation.and_then(|e| e.dispersion)),
                place.into(),
            ]);
        }
        let columns = vec![
            Column::new("month", "Month", "", 0),
            Column::new("count", "Incidents", "", 0),
            Column::new("expected", "Expected", "", 1),
            Column::new("low", "Range, lower", "", 0),
            Column::new("high", "Range, upper", "", 0),
            Column::new("years", "Earlier years", "", 0),
            Column::new("dispersion", "Variation, times Poisson", "", 2),
            Column::new("class", "Against the range", "", 0),
        ];
        let outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows));
        Ok(if without_spread {
            outcome.note(
                "Where the variation is empty, too few earlier months tell how much months vary: \
                 the range is that of chance alone, and too narrow if they vary more.",
            )
        } else {
            outcome
        })
    }
}

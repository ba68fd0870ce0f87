//! `cusum`: a small lasting rise of a series, added up until it is sure.

use serde::{Deserialize, Serialize};

use crate::stats::series::Cusum;
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{Monthly, monthly, table};

/// CUSUM of the months.
pub(in crate::stats) struct CusumFace;

/// Options of `cusum`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CusumOptions {
    /// Months at the start that the usual level is taken from; all of them if not set.
    pub baseline: Option<usize>,
    /// Rise that is looked for, times the usual level.
    pub rise: f64,
    /// Months between false alarms, on average.
    pub false_alarm_every: f64,
}

impl Default for CusumOptions {
    fn default() -> Self {
        Self { baseline: None, rise: 1.3, false_alarm_every: 120.0 }
    }
}

/// Counts of months as long as each other, so that February is not a fall.
fn even(series: &Monthly) -> Vec<u64> {
    let days = series.days();
    let mean = days.iter().sum::<f64>() / days.len() as f64;
    let of = |(&n, days): (&u64, &f64)| (n as f64 * mean / days).round() as u64;
    series.totals().iter().zip(&days).map(of).collect()
}

impl Statistic for CusumFace {
    type Options = CusumOptions;
    const ID: &'static str = "cusum";
    const LABEL: &'static str = "CUSUM";
    const ABOUT: &'static str = "What each month was above a level between the usual and a rise to be found, added up (Poisson CUSUM); a signal where the sum passes the limit that gives a false alarm no more often than asked.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("surveillance", "cusum"), ("spc", "xcusum.arl"), ("qcc", "cusum")];

    fn score(&self, input: &StatInput<'_>, options: &CusumOptions) -> Result<Outcome, StatError> {
        let series = monthly(Self::ID, input, 2)?;
        let counts = even(&series);
        let baseline = options.baseline.unwrap_or(counts.len());
        if !(2..=counts.len()).contains(&baseline) {
            return Err(StatError::OutOfRange {
                statistic: Self::ID,
                option: "baseline",
                value: baseline as f64,
                wanted: "two months or more, and no more than there are",
            });
        }
        let usual = counts[..baseline].iter().sum::<u64>() as f64 / baseline as f64;
        let cusum =
            Cusum::for_rise(usual, options.rise, options.false_alarm_every).ok_or_else(|| {
                StatError::refused(
                    Self::ID,
                    "the baseline holds no incident, rise is not above 1, or false-alarm-every not \
                     above 2",
                )
            })?;
        let rows = cusum
            .follow(&counts)
            .into_iter()
            .enumerate()
            .map(|(month, (sum, signal))| {
                vec![
                    series.months[month].label().into(),
                    Value::Count(counts[month] as i64),
                    Value::Number(sum),
                    Value::Number(cusum.limit),
                    Value::Flag(signal),
                ]
            })
            .collect();
        let columns = vec![
            Column::new("month", "Month", "", 0),
            Column::new("count", "Incidents", "a month of even length", 0),
            Column::new("cusum", "CUSUM", "incidents", 1),
            Column::new("limit", "Limit", "incidents", 1),
            Column::new("signal", "Signal", "", 0),
        ];
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows))
            .chose("reference", format!("{:.1} incidents a month", cusum.reference))
            .chose(
                "limit",
                format!(
                    "{:.1} incidents: a false alarm in {:.0} months",
                    cusum.limit, cusum.false_alarm_every
                ),
            )
            .note(
                "The usual level is taken for steady and counts for Poisson: a season that returns \
                 every year, or incidents in series, give signals of their own. After a signal the \
                 sum starts from zero again.",
            );
        if options.baseline.is_none() {
            outcome = outcome.note(
                "The usual level is the mean of all months, a rise among them: name months before \
                 it with --baseline to find it sooner.",
            );
        }
        outcome.notes.extend(series.notes);
        Ok(outcome)
    }
}

//! `control-chart`: whether the months stay within what chance makes of a steady rate.

use serde::{Deserialize, Serialize};

use crate::stats::series::{ChartOptions, Cusum, control_chart};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{monthly, table};

/// Control chart.
pub(in crate::stats) struct ControlChartFace;

/// Options of `control-chart`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ControlChartOptions {
    /// Months at the start that the centre line is taken from; all of them if not set.
    pub baseline: Option<usize>,
    /// Standard errors on each side of the centre line.
    pub sigmas: f64,
    /// Whether limits are widened by how much the baseline varies.
    pub dispersed: bool,
    /// Rise that the CUSUM looks for, times the centre line.
    pub rise: f64,
    /// Months between false alarms of the CUSUM, on average.
    pub false_alarm_every: f64,
}

impl Default for ControlChartOptions {
    fn default() -> Self {
        let ChartOptions { baseline, sigmas, dispersed } = ChartOptions::default();
        Self { baseline, sigmas, dispersed, rise: 1.3, false_alarm_every: 120.0 }
    }
}

impl Statistic for ControlChartFace {
    type Options = ControlChartOptions;
    const ID: &'static str = "control-chart";
    const LABEL: &'static str = "Control chart";
    const ABOUT: &'static str = "Incidents a day of each month against a centre line with limits of three standard errors (Poisson u chart), runs of eight on one side, and a CUSUM that looks for a lasting rise.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("qcc", "qcc(type = \"u\"), cusum"), ("surveillance", "cusum")];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &ControlChartOptions,
    ) -> Result<Outcome, StatError> {
        let series = monthly(Self::ID, input, 2)?;
        let (totals, days) = (series.totals(), series.days());
        let of = ChartOptions {
            baseline: options.baseline,
            sigmas: options.sigmas,
            dispersed: options.dispersed,
        };
        let chart = control_chart(&totals, &days, &of).ok_or_else(|| {
            StatError::refused(
                Self::ID,
                "an option is out of range, or the baseline holds fewer than two months or no incident",
            )
        })?;
        // Months as long as each other, so that February is not a fall.
        let mean_days = days.iter().sum::<f64>() / days.len() as f64;
        let even: Vec<u64> = totals
            .iter()
            .zip(&days)
            .map(|(&n, d)| (n as f64 * mean_days / d).round() as u64)
            .collect();
        let cusum =
            Cusum::for_rise(chart.centre * mean_days, options.rise, options.false_alarm_every)
                .ok_or_else(|| {
                    StatError::refused(
                        Self::ID,
                        "rise must be above 1 and false-alarm-every above 2",
                    )
                })?;
        let sums = cusum.follow(&even);
        let rows = chart
            .points
            .iter()
            .enumerate()
            .map(|(month, point)| {
                let (sum, signal) = sums[month];
                vec![
                    series.months[month].label().into(),
                    Value::Count(totals[month] as i64),
                    Value::Number(point.rate),
                    Value::Number(chart.centre),
                    Value::number(point.low),
                    Value::Number(point.high),
                    Value::Flag(point.beyond),
                    Value::Flag(point.run),
                    Value::Number(sum),
                    Value::Flag(signal),
                ]
            })
            .collect();
        let columns = vec![
            Column::new("month", "Month", "", 0),
            Column::new("count", "Incidents", "", 0),
            Column::new("rate", "A day", "incidents a day", 2),
            Column::new("centre", "Centre line", "", 2),
            Column::new("low", "Lower limit", "", 2),
            Column::new("high", "Upper limit", "", 2),
            Column::new("beyond", "Beyond", "", 0),
            Column::new("run", "Run of eight", "", 0),
            Column::new("cusum", "CUSUM", "incidents", 1),
            Column::new("cusum_signal", "CUSUM signal", "", 0),
        ];
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows))
            .chose("cusum-limit", format!("{:.1} incidents", cusum.limit))
            .note(
                "A chart takes the rate for steady: a season that returns every year gives signals \
                 of its own. Chance alone puts one month in about 370 beyond three standard errors.",
            );
        if chart.widened > 1.0 {
            outcome = outcome.note(format!("Limits are widened {:.2} times.", chart.widened));
        }
        outcome.notes.extend(series.notes);
        Ok(outcome)
    }
}

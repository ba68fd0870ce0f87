//! `control-chart`: whether the months stay within what chance makes of a steady rate.

use serde::{Deserialize, Serialize};

use crate::stats::series::{ChartOptions, control_chart};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{monthly, table};

/// Control chart.
pub(in crate::stats) struct ControlChartFace;

/// Options of `control-chart`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ControlChartOptions {
    /// Months at the start that the centre line is taken from; all of them if not set.
    pub baseline: Option<usize>,
    /// Standard errors on each side of the centre line.
    pub sigmas: f64,
    /// Whether limits are widened by how much the baseline varies.
    pub dispersed: bool,
}

impl Default for ControlChartOptions {
    fn default() -> Self {
        let ChartOptions { baseline, sigmas, dispersed } = ChartOptions::default();
        Self { baseline, sigmas, dispersed }
    }
}

impl Statistic for ControlChartFace {
    type Options = ControlChartOptions;
    const ID: &'static str = "control-chart";
    const LABEL: &'static str = "Control chart";
    const ABOUT: &'static str = "Incidents a day of each month against a centre line with limits of three standard errors (Poisson u chart) and runs of eight on one side.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[("qcc", "qcc(type = \"u\")")];

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
        let rows = chart
            .points
            .iter()
            .enumerate()
            .map(|(month, point)| {
                vec![
                    series.months[month].label().into(),
                    Value::Count(totals[month] as i64),
                    Value::Number(point.rate),
                    Value::Number(chart.centre),
                    Value::number(point.low),
                    Value::Number(point.high),
                    Value::Flag(point.beyond),
                    Value::Flag(point.run),
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
        ];
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows))
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

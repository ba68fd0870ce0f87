//! `emerging`: what has become of each place over the months of the window.

use crate::stats::space_time::{CubeOptions, FEWEST_PERIODS, space_time_cube};
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};
use crate::weights::Contiguity;

use super::{monthly, share, spread, tested};

/// Emerging classes.
pub(in crate::stats) struct EmergingFace;

impl Statistic for EmergingFace {
    type Options = CubeOptions;
    const ID: &'static str = "emerging";
    const LABEL: &'static str = "Emerging hotspots";
    const ABOUT: &'static str = "Gi* of every unit in every month of the window (with the month before), at a false discovery rate over all of them, the trend of each unit's scores by Mann-Kendall, and the class its history falls into.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("sfhotspot", "hotspot_classify (five_classes)"),
        ("sfdep", "emerging_hotspot_analysis"),
        ("ArcGIS", "Emerging Hot Spot Analysis"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &CubeOptions) -> Result<Outcome, StatError> {
        share(Self::ID, "alpha", options.alpha)?;
        share(Self::ID, "trend-alpha", options.trend_alpha)?;
        let series = monthly(Self::ID, input, 2)?;
        let n_months = series.months.len();
        let units = tested(input);
        let near = input
            .neighbours(Contiguity::Queen)
            .among(&input.tested())
            .map_err(|wrong| StatError::refused(Self::ID, wrong))?;
        let counts: Vec<f64> = (0..n_months)
            .flat_map(|month| {
                let counts = &series.counts;
                units.iter().map(move |&unit| f64::from(counts[unit * n_months + month]))
            })
            .collect();
        let cube = space_time_cube(&counts, &near, options)
            .map_err(|wrong| StatError::refused(Self::ID, wrong))?;
        let n = input.counts.n_units();
        let number = |id, label, of: &dyn Fn(usize) -> Option<f64>| {
            ScoreColumn::numbers(id, label, "", spread(&units, n, of))
        };
        let last = |values: &[Option<f64>], i: usize| values[(n_months - 1) * units.len() + i];
        let label = |id, label, of: &dyn Fn(usize) -> &'static str| {
            ScoreColumn::labels(id, label, spread(&units, n, |i| Some(of(i))))
        };
        let columns = vec![
            label("class", "Emerging class", &|i| cube.classes[i].label()),
            label("five_classes", "Class, shorter list", &|i| cube.recent[i]),
            number("months_hot", "Months hot", &|i| Some(cube.hot_and_cold[i].0 as f64)),
            number("months_cold", "Months cold", &|i| Some(cube.hot_and_cold[i].1 as f64)),
            number("trend_z", "Trend, z-score", &|i| cube.trends[i].map(|t| t.z)),
            number("trend_p", "Trend, p-value", &|i| cube.trends[i].map(|t| t.p)),
            number("trend_slope", "Change of z a month", &|i| cube.trends[i].map(|t| t.sen_slope)),
            number("last_z", "z-score, last month", &|i| last(&cube.z, i)),
            number("last_q", "q-value, last month", &|i| last(&cube.q, i)),
        ];
        let mut outcome = Outcome::of([Scores::PerUnit(columns)]).note(format!(
            "{} units in {n_months} months; hot and cold are relative to the mean over all of them, \
             so a rise everywhere makes late months hot.",
            units.len()
        ));
        if n_months < FEWEST_PERIODS {
            outcome = outcome
                .note(format!("{n_months} months are few: classes want {FEWEST_PERIODS} or more."));
        }
        outcome.notes.extend(series.notes);
        Ok(outcome)
    }
}

//! `knox`: whether incidents near in space are also near in time.

use crate::stats::space_time::{KnoxIncident, KnoxOptions, knox};
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{dated, spread, table};

/// Knox's test.
pub(in crate::stats) struct KnoxFace;

impl Statistic for KnoxFace {
    type Options = KnoxOptions;
    const ID: &'static str = "knox";
    const LABEL: &'static str = "Knox";
    const ABOUT: &'static str = "Pairs of incidents near in space and time (both limits included), against times dealt out over the places anew; with Baker's statistic, and an exact p-value of each incident's own near pairs.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("pointpats", "Knox, KnoxLocal, modified_knox"),
        ("surveillance", "knox"),
        ("CrimeStat", "Knox index"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &KnoxOptions) -> Result<Outcome, StatError> {
        let dated = dated(Self::ID, input)?;
        let found = knox(&dated.positions, &dated.days, options, input.watch)
            .map_err(|wrong| StatError::refused(Self::ID, wrong))?;
        let row = |what: &str, value: Value| vec![what.into(), value];
        let count = |n: u64| Value::Count(n as i64);
        let rows = vec![
            row("Pairs", count(found.pairs)),
            row("Pairs near in space", count(found.near_space)),
            row("Pairs near in time", count(found.near_time)),
            row("Pairs near in both", count(found.near_both)),
            row("Expected near in both", Value::Number(found.expected)),
            row("Times as many", Value::number(found.ratio)),
            row("p-value, permutations, one-sided", Value::Number(found.p)),
            row("p-value, Poisson, a quick look", Value::Number(found.p_poisson)),
            row("Baker's statistic", Value::Number(found.modified)),
            row("Its p-value, permutations, one-sided", Value::Number(found.modified_p)),
        ];
        let columns =
            vec![Column::new("measure", "Measure", "", 0), Column::new("value", "Value", "", 4)];
        let number = |id, label, of: &dyn Fn(&KnoxIncident) -> Option<f64>| {
            let values = spread(&dated.rows, input.points.len(), |i| of(&found.incidents[i]));
            ScoreColumn::numbers(id, label, "", values)
        };
        let incidents = vec![
            number("near_space", "Others near in space", &|i| Some(f64::from(i.near_space))),
            number("near_time", "Others near in time", &|i| Some(f64::from(i.near_time))),
            number("near_both", "Others near in both", &|i| Some(f64::from(i.near_both))),
            number("p", "p-value, one-sided", &|i| Some(i.p)),
            number("q", "q-value", &|i| i.q),
        ];
        let mut outcome =
            Outcome::of([table(Self::ID, Self::LABEL, columns, rows), Scores::PerPoint(incidents)]);
        outcome.notes = dated.notes;
        Ok(outcome)
    }
}

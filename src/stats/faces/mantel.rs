//! `mantel`: whether distance in space goes along with distance in time.

use crate::stats::space_time::{MantelOptions, mantel};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{dated, table};

/// Mantel's test.
pub(in crate::stats) struct MantelFace;

impl Statistic for MantelFace {
    type Options = MantelOptions;
    const ID: &'static str = "mantel";
    const LABEL: &'static str = "Mantel";
    const ABOUT: &'static str = "Correlation between distance and days apart over all pairs of incidents, with a one-sided p-value from times dealt out over the places anew.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("vegan", "mantel"), ("pointpats", "mantel"), ("CrimeStat", "Mantel index")];

    fn score(&self, input: &StatInput<'_>, options: &MantelOptions) -> Result<Outcome, StatError> {
        let dated = dated(Self::ID, input)?;
        let found = mantel(&dated.positions, &dated.days, options, input.watch)
            .map_err(|wrong| StatError::refused(Self::ID, wrong))?;
        let rows = vec![
            vec!["Incidents".into(), Value::Count(dated.rows.len() as i64)],
            vec!["Correlation".into(), Value::Number(found.r)],
            vec!["p-value, permutations, one-sided".into(), Value::Number(found.p)],
        ];
        let columns =
            vec![Column::new("measure", "Measure", "", 0), Column::new("value", "Value", "", 4)];
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows));
        outcome.notes = dated.notes;
        Ok(outcome.note(
            "Far pairs weigh most in a correlation of distances: a pattern of short distances shows \
             better in reciprocals, or in Knox's test.",
        ))
    }
}

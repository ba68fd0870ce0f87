//! `near-repeat`: pairs of incidents by bands of distance and of days apart.

use crate::stats::space_time::{NearRepeatOptions, near_repeats};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{dated, table};

/// The near-repeat table.
pub(in crate::stats) struct NearRepeatFace;

impl Statistic for NearRepeatFace {
    type Options = NearRepeatOptions;
    const ID: &'static str = "near-repeat";
    const LABEL: &'static str = "Near repeats";
    const ABOUT: &'static str = "Pairs of incidents in bands of distance and days apart, over the mean of times dealt out over the places anew; a band is reported at 1.2 times as many or more with a one-sided p-value of 0.05 or less.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("NearRepeat", "NearRepeat"),
        ("Near Repeat Calculator", "(J. Ratcliffe)"),
        ("ArcGIS", "Near Repeat Victimization"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &NearRepeatOptions,
    ) -> Result<Outcome, StatError> {
        let dated = dated(Self::ID, input)?;
        let bands = near_repeats(&dated.positions, &dated.days, options, input.watch)
            .map_err(|wrong| StatError::refused(Self::ID, wrong))?;
        let mut rows = Vec::new();
        for (distance, row) in options.distances.windows(2).zip(&bands) {
            for (days, cell) in options.days.windows(2).zip(row) {
                rows.push(vec![
                    Value::Number(distance[0]),
                    Value::Number(distance[1]),
                    Value::Number(days[0]),
                    Value::Number(days[1]),
                    Value::Count(cell.pairs as i64),
                    Value::Number(cell.expected),
                    Value::number(cell.ratio),
                    Value::Number(cell.p),
                    Value::Flag(cell.reported),
                ]);
            }
        }
        let columns = vec![
            Column::new("distance_from", "From", "m", 3),
            Column::new("distance_to", "To", "m", 3),
            Column::new("days_from", "From day", "days", 0),
            Column::new("days_to", "To day", "days", 0),
            Column::new("pairs", "Pairs", "", 0),
            Column::new("expected", "Expected", "", 1),
            Column::new("ratio", "Times as many", "", 2),
            Column::new("p", "p-value", "one-sided", 4),
            Column::new("reported", "Near repeat", "", 0),
        ];
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows));
        outcome.notes = dated.notes;
        Ok(outcome.note(format!(
            "{} bands were looked at: of so many, {:.1} pass a p-value of {} by chance.",
            bands.iter().map(Vec::len).sum::<usize>(),
            bands.iter().map(Vec::len).sum::<usize>() as f64 * options.alpha,
            options.alpha
        )))
    }
}

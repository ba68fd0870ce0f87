//! `change-points`: when the level of the months became another.

use crate::stats::series::{ChangePointOptions, change_points};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{monthly, table};

/// Change points.
pub(in crate::stats) struct ChangePointsFace;

impl Statistic for ChangePointsFace {
    type Options = ChangePointOptions;
    const ID: &'static str = "change-points";
    const LABEL: &'static str = "Change points";
    const ABOUT: &'static str = "The levels of incidents a day that explain the months of the window best at a price for each change of level, by exact search.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("changepoint", "cpt.meanvar(test.stat = \"Poisson\", method = \"PELT\")"),
        ("ArcGIS", "Change Point Detection"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &ChangePointOptions,
    ) -> Result<Outcome, StatError> {
        let series = monthly(Self::ID, input, 2)?;
        let levels = change_points(&series.totals(), &series.days(), options)
            .ok_or_else(|| StatError::refused(Self::ID, "an option is out of range"))?;
        let rows = levels
            .iter()
            .map(|level| {
                vec![
                    series.months[level.start].label().into(),
                    series.months[level.end].label().into(),
                    Value::Count((level.end - level.start + 1) as i64),
                    Value::Count(level.count as i64),
                    Value::Number(level.rate),
                    Value::number(level.change.and_then(|c| c.ratio)),
                    Value::number(level.change.map(|c| c.low)),
                    Value::number(level.change.and_then(|c| c.high)),
                ]
            })
            .collect();
        let columns = vec![
            Column::new("from", "From", "", 0),
            Column::new("to", "To", "", 0),
            Column::new("months", "Months", "", 0),
            Column::new("count", "Incidents", "", 0),
            Column::new("rate", "A day", "incidents a day", 2),
            Column::new("change", "Times the level before", "", 2),
            Column::new("change_low", "Change, lower", "", 2),
            Column::new("change_high", "Change, upper", "", 2),
        ];
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows)).note(
            "A season that returns every year looks like changes of level: see expected-range. \
             The change is flattered by having been picked where it is largest.",
        );
        outcome.notes.extend(series.notes);
        Ok(outcome)
    }
}

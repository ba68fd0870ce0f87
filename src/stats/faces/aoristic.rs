//! `aoristic`: hour by weekday, and the hours that hold half of it.

use serde::{Deserialize, Serialize};

use crate::stats::time_of_day::{Clock, Span, aoristic, by_day_and_hour, nights, peak};
use crate::stats::{Outcome, StatError, StatInput, Statistic};
use crate::table::{Column, Value};
use crate::time::{NightBand, WEEKDAYS};

use super::{share, table};

/// Fewest incidents from which hours are worth a look.
const FEWEST: u64 = 50;

/// Aoristic weights.
pub(in crate::stats) struct AoristicFace;

/// Options of `aoristic`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AoristicOptions {
    /// Share of all weight that the peak holds.
    pub peak: f64,
    /// Whether hours are those that went by in the United Kingdom, so that the hour skipped in
    /// spring takes no weight and the one repeated in autumn twice as much.
    pub clock_changes: bool,
}

impl Default for AoristicOptions {
    fn default() -> Self {
        Self { peak: 0.5, clock_changes: true }
    }
}

impl Statistic for AoristicFace {
    type Options = AoristicOptions;
    const ID: &'static str = "aoristic";
    const LABEL: &'static str = "Time of day and week";
    const ABOUT: &'static str = "Each incident spread over the hours between the earliest and the latest time it can have happened, by hour and weekday (aoristic weights), and the fewest hours of the week that hold half of them.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("aoristic", "aoristic.df"), ("ArcGIS", "Data clock")];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &AoristicOptions,
    ) -> Result<Outcome, StatError> {
        share(Self::ID, "peak", options.peak)?;
        let times = input.times.ok_or_else(|| StatError::Lacks {
            statistic: Self::ID,
            wanted: "incidents with a time of day",
            found: "these have months only, which cannot give hours".to_owned(),
        })?;
        let spans: Vec<Span> = times
            .iter()
            .map(|time| time.map_or((None, None), |time| (Some(time.from), time.to)))
            .collect();
        let clock = if options.clock_changes { Clock::Elapsed } else { Clock::AsWritten };
        let sum = aoristic(&spans, &clock);
        let counts = sum.counts;
        let Some(peak) = peak(&sum.weights, options.peak) else {
            return Err(StatError::Lacks {
                statistic: Self::ID,
                wanted: "incidents with a time of day",
                found: format!("none of {} has one", counts.all),
            });
        };
        let (days, hours) = by_day_and_hour(&sum.weights);
        let mut rows: Vec<Vec<Value>> = (0..24)
            .map(|hour| {
                let mut row = vec![Value::Text(format!("{hour:02}:00"))];
                row.extend((0..7).map(|day| Value::Number(sum.weights[day * 24 + hour])));
                row.push(Value::Number(hours[hour]));
                row
            })
            .collect();
        let mut all = vec![Value::from("all")];
        all.extend(days.iter().map(|&weight| Value::Number(weight)));
        all.push(Value::Number(days.iter().sum()));
        rows.push(all);
        let mut columns = vec![Column::new("hour", "Hour", "", 0)];
        let ids = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        columns.extend(
            ids.into_iter().zip(WEEKDAYS).map(|(id, day)| Column::new(id, day, "incidents", 2)),
        );
        columns.push(Column::new("all", "All", "incidents", 2));
        let mut outcome = Outcome::from(table(Self::ID, Self::LABEL, columns, rows)).note(format!(
            "Peak: {:.0}% of the weight lies in {} of 168 hours: {}.",
            peak.share * 100.0,
            peak.hours.len(),
            peak.in_words()
        ));
        outcome = outcome.note(format!(
            "Of {} incidents, {} have no hour to tell and are left out; {} are spread over their span, {} \
             count at their start alone, {} span a week or more and count evenly in all hours, {} \
             end before they start and count at their start.",
            counts.all, counts.untimed, counts.spread, counts.moment, counts.even, counts.reversed
        ));
        let usual = NightBand::default();
        let nights = nights(&spans, input.night.unwrap_or(&usual));
        if nights.total() > 0 {
            outcome = outcome.note(format!(
                "{} lie wholly in the night-time band ({}), by the evening on which the night began: \
                 {}. In the table hours after midnight stand under their own day.",
                nights.total(),
                nights.band,
                nights.in_words()
            ));
        }
        if counts.used() < FEWEST {
            outcome = outcome.note(format!(
                "{} incidents are few for 168 hours: chance alone makes peaks of them.",
                counts.used()
            ));
        }
        let midnight = spans
            .iter()
            .filter(|(from, to)| {
                to.is_none() && from.is_some_and(|at| at.time() == jiff::civil::Time::midnight())
            })
            .count();
        if midnight as f64 > 0.1 * counts.used() as f64 {
            outcome = outcome.note(format!(
                "{midnight} start at exactly midnight without an end: in many systems that stands \
                 for a time not known."
            ));
        }
        Ok(outcome)
    }
}

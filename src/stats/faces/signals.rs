//! `signals`: units that departed from the course of the whole area.

use crate::stats::series::{SignalKind, SignalOptions, signals};
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};
use crate::table::{Column, Value};

use super::{monthly, table, tested};

/// Signals with a budget of false alarms.
pub(in crate::stats) struct SignalsFace;

impl Statistic for SignalsFace {
    type Options = SignalOptions;
    const ID: &'static str = "signals";
    const LABEL: &'static str = "Signals: emerging, shift, trend";
    const ABOUT: &'static str = "Units whose months departed from the course of the rest of the area (season and citywide change allowed for): more than their share lately, another share from some month on, or a steady trend; at a stated number of false alarms over all units.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("surveillance", "farringtonFlexible (per unit)"),
        ("SaTScan", "prospective temporal scan"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &SignalOptions) -> Result<Outcome, StatError> {
        let series = monthly(Self::ID, input, 4)?;
        let n_months = series.months.len();
        let units = tested(input);
        let counts: Vec<u32> = units
            .iter()
            .flat_map(|&unit| series.counts[unit * n_months..(unit + 1) * n_months].iter().copied())
            .collect();
        let found = signals(&counts, n_months, options).ok_or_else(|| {
            StatError::refused(
                Self::ID,
                "false-alarms must be above 0, and recent below the number of months",
            )
        })?;
        let kinds = [SignalKind::Emerging, SignalKind::Shift, SignalKind::Trend];
        let n = input.counts.n_units();
        let columns = kinds
            .into_iter()
            .map(|kind| {
                let mut values = vec![None; n];
                for signal in found.found.iter().filter(|signal| signal.kind == kind) {
                    values[units[signal.unit]] = Some(if signal.up { "up" } else { "down" });
                }
                ScoreColumn::labels(kind.label(), capital(kind), values)
            })
            .collect();
        let rows = found
            .found
            .iter()
            .map(|signal| {
                let unit = units[signal.unit];
                vec![
                    input.units.ids[unit].as_str().into(),
                    input.units.names[unit].as_str().into(),
                    signal.kind.label().into(),
                    if signal.up { "up" } else { "down" }.into(),
                    series.months[signal.from].label().into(),
                    Value::Count(signal.count as i64),
                    Value::Number(signal.expected),
                    Value::Number(signal.p),
                ]
            })
            .collect();
        let heads = vec![
            Column::new("id", "Code", "", 0),
            Column::new("name", "Name", "", 0),
            Column::new("kind", "Signal", "", 0),
            Column::new("direction", "Direction", "", 0),
            Column::new("from", "From", "", 0),
            Column::new("count", "Incidents since", "", 0),
            Column::new("expected", "Expected", "", 1),
            Column::new("p", "p-value", "", 6),
        ];
        let mut outcome = Outcome::of([Scores::PerUnit(columns)]).note(format!(
            "{} signals among {} units looked at ({} with fewer than {} incidents were not); if \
             nothing departed, {} would be expected at most. Counts vary {:.2} times as much as \
             Poisson counts.",
            found.found.len(),
            found.looked_at,
            found.too_few,
            options.fewest,
            options.false_alarms,
            found.dispersion
        ));
        if !found.found.is_empty() {
            outcome.scores.push(table(Self::ID, Self::LABEL, heads, rows));
        }
        outcome.notes.extend(series.notes);
        Ok(outcome)
    }
}

const fn capital(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Emerging => "Emerging",
        SignalKind::Shift => "Shift",
        SignalKind::Trend => "Trend",
    }
}

//! `change`: change of each unit against a year earlier.

use crate::stats::comparison::{ChangeOptions, UnitChange, unit_changes};
use crate::stats::english::note;
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};

use super::{share, spread, tested};

/// Change of each unit.
pub(in crate::stats) struct ChangeFace;

impl Statistic for ChangeFace {
    type Options = ChangeOptions;
    const ID: &'static str = "change";
    const LABEL: &'static str = "Change against a year earlier";
    const ABOUT: &'static str = "Count of each unit over that of the same months a year earlier, with its exact interval, the p-value of the E-test and a false discovery rate over the units that have enough incidents in both.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("sfhotspot", "hotspot_change"),
        ("ptools", "e_test"),
        ("statsmodels", "test_poisson_2indep(method=\"etest\")"),
        ("ArcGIS", "Summarize Percent Change"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &ChangeOptions) -> Result<Outcome, StatError> {
        share(Self::ID, "alpha", options.alpha)?;
        share(Self::ID, "confidence", options.confidence)?;
        if !options.tests_one_change() {
            return Err(StatError::refused(
                Self::ID,
                "what is tested against is a ratio above zero, or a difference by the E-test, not both",
            ));
        }
        let (now, then) = two_years(Self::ID, input)?;
        let units = tested(input);
        let of = |counts: &[u64]| units.iter().map(|&unit| counts[unit]).collect::<Vec<_>>();
        let changes = unit_changes(&of(&now), &of(&then), (1.0, 1.0), options)
            .ok_or_else(|| StatError::refused(Self::ID, "an option is out of range"))?;
        let n = now.len();
        let number = |id, label, unit, of: &dyn Fn(&UnitChange) -> Option<f64>| {
            ScoreColumn::numbers(id, label, unit, spread(&units, n, |i| of(&changes[i])))
        };
        let times = "times as many";
        let counted = |counts: &[u64]| counts.iter().map(|&c| Some(c as f64)).collect();
        let too_few = changes.iter().filter(|change| change.q.is_none()).count();
        Ok(Outcome::of([Scores::PerUnit(vec![
            ScoreColumn::numbers("count", "Incidents", "", counted(&now)),
            ScoreColumn::numbers("earlier", "A year earlier", "", counted(&then)),
            number("change", "Change", times, &|c| c.ratio.and_then(|r| r.ratio)),
            number("change_low", "Change, lower", times, &|c| c.ratio.map(|r| r.low)),
            number("change_high", "Change, upper", times, &|c| c.ratio.and_then(|r| r.high)),
            number("p", "p-value", "", &|c| c.p),
            number("q", "q-value", "", &|c| c.q),
            ScoreColumn::labels(
                "change_class",
                "Against a year earlier",
                spread(&units, n, |i| Some(changes[i].class.label())),
            ),
        ])])
        .note(format!(
            "{too_few} of {} units hold fewer than {} incidents in one of the years: no change is \
             called there.",
            units.len(),
            options.fewest
        ))
        .note(format!(
            "p-values are {}, of {}.",
            options.alternative.in_words(),
            options.in_words()
        ))
        .note(
            "One year is set against one other: a change that chance explains poorly may still be \
             last year's exception, and a place picked because it is high will be lower next time.",
        ))
    }
}

/// Counts of the window and of the same months a year earlier.
pub(super) fn two_years(
    statistic: &'static str,
    input: &StatInput<'_>,
) -> Result<(Vec<u64>, Vec<u64>), StatError> {
    let earlier = input.earlier.ok_or_else(|| StatError::Lacks {
        statistic,
        wanted: note::YEAR_EARLIER,
        found: if input.years.is_none() {
            note::UNDATED.to_owned()
        } else {
            note::no_year_earlier(&input.window.year_earlier().label())
        },
    })?;
    Ok((input.counts.by_unit(), earlier.by_unit()))
}

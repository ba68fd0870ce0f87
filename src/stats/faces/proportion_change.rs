//! `proportion-change`: whether each unit's share of incidents changed.

use serde::{Deserialize, Serialize};

use crate::stats::comparison::{ProportionChange, proportion_changes, similarity};
use crate::stats::english::class as say;
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};

use super::change::two_years;
use super::{share, spread, tested};

/// Change of shares.
pub(in crate::stats) struct ProportionChangeFace;

/// Options of `proportion-change`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProportionChangeOptions {
    /// False discovery rate (Benjamini-Yekutieli) at which a share is called another.
    pub alpha: f64,
    /// Whether the chi-square is corrected for small counts, after Yates.
    pub yates: bool,
}

impl Default for ProportionChangeOptions {
    fn default() -> Self {
        Self { alpha: 0.05, yates: true }
    }
}

impl Statistic for ProportionChangeFace {
    type Options = ProportionChangeOptions;
    const ID: &'static str = "proportion-change";
    const LABEL: &'static str = "Change of shares (SPPT)";
    const ABOUT: &'static str = "Share of all incidents that each unit has, against the same months a year earlier, by a chi-square test (with Yates's correction unless set otherwise) at a false discovery rate that allows for shares depending on each other.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("crimepy", "sppt"), ("sppt", "sppt")];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &ProportionChangeOptions,
    ) -> Result<Outcome, StatError> {
        let alpha = share(Self::ID, "alpha", options.alpha)?;
        let (now, then) = two_years(Self::ID, input)?;
        let units = tested(input);
        let of = |counts: &[u64]| units.iter().map(|&unit| counts[unit]).collect::<Vec<_>>();
        let changes =
            proportion_changes(&of(&then), &of(&now), options.yates).ok_or_else(|| {
                StatError::refused(Self::ID, "one of the windows holds no incident in these units")
            })?;
        let n = now.len();
        let number = |id, label, of: &dyn Fn(&ProportionChange) -> Option<f64>| {
            ScoreColumn::numbers(id, label, "", spread(&units, n, |i| of(&changes[i])))
        };
        let class = |change: &ProportionChange| match change.q_dependent {
            None => say::NOT_TESTED,
            Some(q) if q > alpha => "as before",
            Some(_) if change.difference > 0.0 => "larger share",
            Some(_) => "smaller share",
        };
        let outcome = Outcome::of([Scores::PerUnit(vec![
            number("difference", "Share now less share then", &|c| Some(c.difference)),
            number("p", "p-value", &|c| c.p),
            number("q_bh", "q-value, Benjamini-Hochberg", &|c| c.q),
            number("q_by", "q-value, Benjamini-Yekutieli", &|c| c.q_dependent),
            ScoreColumn::labels("class", "Share", spread(&units, n, |i| Some(class(&changes[i])))),
        ])]);
        Ok(match similarity(&changes, alpha) {
            Some(s) => outcome.note(format!(
                "Similarity of the two patterns: {:.0}% of units with incidents kept their share.",
                s * 100.0
            )),
            None => outcome.note("No unit could be tested."),
        })
    }
}

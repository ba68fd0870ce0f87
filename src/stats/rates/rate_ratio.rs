//! `rate-ratio`: how many times the rate of a unit is that of the rest, or of one unit named.

use serde::{Deserialize, Serialize};

use crate::aggregate::{
    Confidence, Exposed, Interval, log_wald_interval, rate_ratio, score_interval,
};
use crate::stats::english::class as say;
use crate::stats::{
    Adjustment, Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic, adjust,
};

use super::{bases, count_column, counts, judged, without_base};

/// Rate ratios.
pub(in crate::stats) struct RateRatioFace;

/// Which interval a rate ratio is given.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RatioInterval {
    /// Clopper and Pearson's, given both counts together.
    #[default]
    Exact,
    /// By the score test.
    Score,
    /// From the normal error of the logarithm.
    LogWald,
}

/// Options of `rate-ratio`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RateRatioOptions {
    /// Code or name of the unit that others are compared with; all other units together if not set.
    pub reference: Option<String>,
    /// Exact, by the score test, or from the normal error of the logarithm.
    pub interval: RatioInterval,
    /// Coverage of the intervals.
    pub confidence: f64,
    /// How p-values account for there being many.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a unit is called higher or lower.
    pub alpha: f64,
}

impl Default for RateRatioOptions {
    fn default() -> Self {
        Self {
            reference: None,
            interval: RatioInterval::Exact,
            confidence: 0.95,
            adjustment: Adjustment::BenjaminiHochberg,
            alpha: 0.05,
        }
    }
}

/// A unit against what it is compared with.
struct Compared {
    ratio: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    p: f64,
}

fn compared(
    own: Exposed,
    other: Exposed,
    interval: RatioInterval,
    confidence: Confidence,
) -> Option<Compared> {
    let exact = rate_ratio(own, other, confidence)?;
    let ends = |ends: Option<Interval>| (ends.map(|i| i.low), ends.map(|i| i.high));
    let (low, high) = match interval {
        RatioInterval::Exact => (Some(exact.low), exact.high),
        RatioInterval::Score => ends(score_interval(own, other, confidence)),
        RatioInterval::LogWald => ends(log_wald_interval(own, other, confidence)),
    };
    Some(Compared { ratio: exact.ratio, low, high, p: exact.p })
}

impl Statistic for RateRatioFace {
    type Options = RateRatioOptions;
    const ID: &'static str = "rate-ratio";
    const LABEL: &'static str = "Rate ratio";
    const ABOUT: &'static str = "How many times the rate of a unit is that of all other units together, or of one unit named, with its interval; p-values are exact given both counts, two-sided and at a false discovery rate unless set otherwise.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("R", "poisson.test"),
        ("statsmodels", "confint_poisson_2indep(compare=\"ratio\")"),
        ("epitools", "rateratio"),
    ];
    const UNITS: &'static str = "ward";

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &RateRatioOptions,
    ) -> Result<Outcome, StatError> {
        let (confidence, alpha) = judged(Self::ID, options.confidence, options.alpha)?;
        let counts = counts(Self::ID, input)?;
        let bases = bases(Self::ID, input)?;
        let exposed = |i: usize| Some(Exposed { count: counts[i], exposure: bases[i]?.get() });
        let known: Vec<Option<Exposed>> = (0..counts.len()).map(exposed).collect();
        let all = known
            .iter()
            .flatten()
            .fold((0, 0.0), |sum, unit| (sum.0 + unit.count, sum.1 + unit.exposure));
        let reference = options.reference.as_deref().map(|of| named(input, of)).transpose()?;
        let other = |i: usize, own: Exposed| match reference {
            Some(unit) => known[unit].filter(|_| unit != i),
            None => Some(Exposed { count: all.0 - own.count, exposure: all.1 - own.exposure }),
        };
        let found: Vec<Option<Compared>> = known
            .iter()
            .enumerate()
            .map(|(i, own)| compared((*own)?, other(i, (*own)?)?, options.interval, confidence))
            .collect();
        let p: Vec<Option<f64>> = found.iter().map(|of| of.as_ref().map(|of| of.p)).collect();
        let q = adjust(&p, options.adjustment);
        let number = |id, label, unit, f: &dyn Fn(&Compared) -> Option<f64>| {
            let values = found.iter().map(|of| of.as_ref().and_then(f)).collect();
            ScoreColumn::numbers(id, label, unit, values)
        };
        let rate = |unit: Option<Exposed>| unit.map(|u| 1_000.0 * u.count as f64 / u.exposure);
        let class = |i: usize| match (&found[i], q[i]) {
            (Some(_), Some(q)) if q > alpha => "as the others",
            // Without an incident to compare with a ratio has no number, and is higher all the same.
            (Some(of), Some(_)) if of.ratio.is_none_or(|ratio| ratio > 1.0) => "higher",
            (Some(_), Some(_)) => "lower",
            _ => say::NOT_TESTED,
        };
        let times = "times as high";
        let mut outcome = Outcome::from(Scores::PerUnit(vec![
            count_column(&counts),
            ScoreColumn::numbers(
                "rate",
                "Rate",
                "per 1,000",
                known.iter().map(|unit| rate(*unit)).collect(),
            ),
            number("ratio", "Rate ratio", times, &|of| of.ratio),
            number("ratio_low", "Ratio, lower", times, &|of| of.low),
            number("ratio_high", "Ratio, upper", times, &|of| of.high),
            number("p", "p-value", "", &|of| Some(of.p)),
            ScoreColumn::numbers("q", "q-value", "", q.clone()),
            ScoreColumn::labels(
                "class",
                "Class",
                (0..found.len()).map(|i| Some(class(i))).collect(),
            ),
        ]));
        outcome.notes.extend(without_base(bases));
        outcome.notes.push(match reference {
            Some(unit) => format!(
                "Compared with {}, which has {} incidents: its own chance is in every ratio.",
                input.units.names[unit], counts[unit]
            ),
            None => "Each unit is compared with all others together: ratios of two units are not \
                     against one another."
                .to_owned(),
        });
        outcome.notes.push(format!(
            "{} over {} tests. Incidents that come in series make true intervals wider; of two counts \
             of nothing there is no ratio.",
            options.adjustment.in_words(),
            p.iter().flatten().count()
        ));
        Ok(outcome)
    }
}

/// The unit with this code, or else this name.
fn named(input: &StatInput<'_>, of: &str) -> Result<usize, StatError> {
    let units = input.units;
    let place = |list: &[String]| list.iter().position(|one| one.eq_ignore_ascii_case(of));
    place(&units.ids).or_else(|| place(&units.names)).ok_or_else(|| {
        StatError::refused(RateRatioFace::ID, format!("no unit has the code or name `{of}`"))
    })
}

//! `standardised-ratio`: how many times what its population leads to expect happened in each unit.

use serde::{Deserialize, Serialize};

use crate::aggregate::{
    CountInterval, StandardisedRatio, expected_at_overall_rate, standardised_ratio,
};
use crate::stats::english::class as say;
use crate::stats::{
    Adjustment, Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic, adjust,
};

use super::{bases, count_column, counts, judged, without_base};

/// Observed over expected.
pub(in crate::stats) struct StandardisedRatioFace;

/// Options of `standardised-ratio`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct StandardisedRatioOptions {
    /// Table of people by unit and stratum (age, kind of household), to standardise by the rates of
    /// strata in place of the rate of all.
    pub strata: Option<String>,
    /// Table of the standard's rate per 1,000 of each stratum, such as the country's.
    pub rates: Option<String>,
    /// Coverage of the intervals.
    pub confidence: f64,
    /// Exact (Garwood) or Byar's.
    pub interval: CountInterval,
    /// How p-values account for there being many.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a unit is called higher or lower.
    pub alpha: f64,
}

impl Default for StandardisedRatioOptions {
    fn default() -> Self {
        Self {
            strata: None,
            rates: None,
            confidence: 0.95,
            interval: CountInterval::Exact,
            adjustment: Adjustment::BenjaminiHochberg,
            alpha: 0.05,
        }
    }
}

impl Statistic for StandardisedRatioFace {
    type Options = StandardisedRatioOptions;
    const ID: &'static str = "standardised-ratio";
    const LABEL: &'static str = "Standardised ratio";
    const ABOUT: &'static str = "How many times as many incidents a unit had as its population would have at the rate of all units together, with its interval; two-sided and at a false discovery rate unless set otherwise.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("esda", "smoothing.Excess_Risk"),
        ("GeoDa", "Excess risk"),
        ("spdep", "probmap (relRisk)"),
        ("PHEindicatormethods", "calculate_ISRatio"),
    ];
    const UNITS: &'static str = "ward";

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &StandardisedRatioOptions,
    ) -> Result<Outcome, StatError> {
        let (confidence, alpha) = judged(Self::ID, options.confidence, options.alpha)?;
        let counts = counts(Self::ID, input)?;
        let expected = match input.expected {
            Some(expected) => expected.to_vec(),
            None => expected_at_overall_rate(&counts, bases(Self::ID, input)?),
        };
        let ratios: Vec<Option<StandardisedRatio>> = counts
            .iter()
            .zip(&expected)
            .map(|(&count, expected)| {
                standardised_ratio(count, (*expected)?, options.interval, confidence)
            })
            .collect();
        let p: Vec<Option<f64>> = ratios.iter().map(|ratio| ratio.map(|r| r.p)).collect();
        let q = adjust(&p, options.adjustment);
        let number = |id, label, unit, f: &dyn Fn(StandardisedRatio) -> f64| {
            let values = ratios.iter().map(|ratio| ratio.map(f)).collect();
            ScoreColumn::numbers(id, label, unit, values)
        };
        let class = |(ratio, q): (&Option<StandardisedRatio>, &Option<f64>)| {
            Some(match (ratio, q) {
                (Some(ratio), Some(q)) if *q <= alpha && ratio.ratio > 1.0 => "higher",
                (Some(_), Some(q)) if *q <= alpha => "lower",
                (Some(_), Some(_)) => "as expected",
                _ => say::NOT_TESTED,
            })
        };
        let times = "times as many";
        let mut outcome = Outcome::from(Scores::PerUnit(vec![
            count_column(&counts),
            ScoreColumn::numbers("expected", "Expected", "", expected.clone()),
            number("ratio", "Observed over expected", times, &|r| r.ratio),
            number("ratio_low", "Ratio, lower", times, &|r| r.low),
            number("ratio_high", "Ratio, upper", times, &|r| r.high),
            number("p", "p-value", "", &|r| r.p),
            ScoreColumn::numbers("q", "q-value", "", q.clone()),
            ScoreColumn::labels("class", "Class", ratios.iter().zip(&q).map(class).collect()),
        ]));
        if input.expected.is_some() {
            let without = expected.iter().filter(|expected| expected.is_none()).count();
            outcome.notes.push(format!(
                "Expected is what each unit's people would have at the standard's rate of their stratum \
                 (indirect standardisation); {without} of {} units have no people in the table. Ratios \
                 are each against the standard: those of two units whose strata differ do not compare.",
                expected.len()
            ));
        } else {
            outcome.notes.extend(input.bases.and_then(without_base));
        }
        outcome.notes.push(format!(
            "p-values are two-sided and exact for Poisson counts; {} over {} units. Incidents that \
             come in series make true intervals wider.",
            options.adjustment.in_words(),
            p.iter().flatten().count()
        ));
        outcome.notes.push(
            "Expected is what the same residents or households would have at the rate of all: in a \
             town centre, where others come to, that says little."
                .to_owned(),
        );
        Ok(outcome)
    }
}

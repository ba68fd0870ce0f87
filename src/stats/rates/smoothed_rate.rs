//! `smoothed-rate`: rates drawn together where they are of few.

use serde::{Deserialize, Serialize};

use crate::aggregate::{LocalSpread, empirical_bayes, local_empirical_bayes};
use crate::stats::english::note;
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};
use crate::weights::WeightsChoice;

use super::{bases, counts, without_base};

/// Empirical Bayes rates, global and local.
pub(in crate::stats) struct SmoothedRateFace;

/// Options of `smoothed-rate`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SmoothedRateOptions {
    /// Which units the local rate is drawn towards, each counted once: queen, rook, band:500
    /// (metres), nearest:6, or a .gal, .gwt or .kwt file.
    pub weights: WeightsChoice,
    /// What the spread among neighbours is measured from.
    pub spread: LocalSpread,
}

impl Statistic for SmoothedRateFace {
    type Options = SmoothedRateOptions;
    const ID: &'static str = "smoothed-rate";
    const LABEL: &'static str = "Smoothed rates";
    const ABOUT: &'static str = "Rates drawn towards that of all units, or of the unit and its neighbours, the more so the fewer people they are of (empirical Bayes).";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("spdep", "EBest, EBlocal"),
        ("esda", "smoothing.Empirical_Bayes"),
        ("GeoDa", "Empirical Bayes, spatial empirical Bayes"),
        ("ArcGIS", "Calculate Rates"),
    ];
    const UNITS: &'static str = "ward";

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &SmoothedRateOptions,
    ) -> Result<Outcome, StatError> {
        let counts = counts(Self::ID, input)?;
        let bases = bases(Self::ID, input)?;
        let weights = input.weights(&options.weights)?;
        let crude: Vec<Option<f64>> = counts
            .iter()
            .zip(bases)
            .map(|(&count, base)| base.map(|base| count as f64 / base.get()))
            .collect();
        let global = empirical_bayes(&counts, bases);
        let local = local_empirical_bayes(&counts, bases, weights.near(), options.spread);
        let column = |id, label, rates: Vec<Option<f64>>| {
            let per_1000 = rates.into_iter().map(|rate| rate.map(|r| r * 1_000.0)).collect();
            ScoreColumn::numbers(id, label, "per 1,000", per_1000)
        };
        let mut outcome = Outcome::from(Scores::PerUnit(vec![
            column("rate", "Rate", crude),
            column("rate_global", "Rate, drawn towards that of all", global),
            column("rate_local", "Rate, drawn towards that of its neighbours", local),
        ]));
        outcome.notes.push(note::weights(&options.weights, &weights.in_words()));
        outcome.notes.extend(without_base(bases));
        outcome.notes.extend(input.weights_notes(&options.weights));
        outcome.notes.push(
            "A smoothed rate is the better guess of what the rate will be, and hides what is odd \
             about a small unit: use it for a map, not to find exceptions."
                .to_owned(),
        );
        Ok(outcome)
    }
}

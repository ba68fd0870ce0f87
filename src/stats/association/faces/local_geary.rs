//! `local-geary`: local Geary of each unit among its family.

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::stats::{Adjustment, Alternative, Outcome, Scores, StatError, StatInput, Statistic};
use crate::weights::WeightsChoice;

use super::super::{local_geary, permuted_differences};
use super::{Tested, Testing, noted};

/// Local Geary of each unit.
pub(in crate::stats) struct LocalGearyFace;

/// Options of `local-geary`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LocalGearyOptions {
    /// Which units are near: queen, rook, band:500 (metres), nearest:6,
    /// kernel:triangular:1000, or a .gal, .gwt or .kwt file.
    pub weights: WeightsChoice,
    /// Whether the weights of a unit are divided so that they add up to 1.
    pub standardise: bool,
    /// Conditional permutations of the test; 0 takes p-values from the normal distribution of the z-score, which is a rough guide.
    pub permutations: u32,
    /// Seed of the permutations.
    pub seed: u64,
    /// Which outcomes speak against chance: less is alike, greater is unlike.
    pub alternative: Alternative,
    /// How p-values account for there being many.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a unit is significant.
    pub alpha: f64,
}

impl Default for LocalGearyOptions {
    fn default() -> Self {
        Self {
            weights: WeightsChoice::Queen,
            standardise: true,
            permutations: 9_999,
            seed: 2025,
            alternative: Alternative::TwoSided,
            adjustment: Adjustment::BenjaminiHochberg,
            alpha: 0.05,
        }
    }
}

impl Statistic for LocalGearyFace {
    type Options = LocalGearyOptions;
    const ID: &'static str = "local-geary";
    const LABEL: &'static str = "Local Geary";
    const ABOUT: &'static str = "Whether a unit differs less, or more, from its neighbours than chance would leave; by conditional permutation, two-sided and at a false discovery rate unless set otherwise.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("spdep", "localC, localC_perm"),
        ("esda", "Geary_Local"),
        ("GeoDa", "Univariate local Geary"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &LocalGearyOptions,
    ) -> Result<Outcome, StatError> {
        let testing = Testing::new(
            Self::ID,
            (options.alternative, options.adjustment, options.alpha),
            (options.permutations, options.seed),
        )?;
        let tested = Tested::of(input, &options.weights)?;
        let weights = tested.weights(options.standardise);
        let scores = local_geary(&tested.values, &weights)?;
        let z: Vec<Option<f64>> = scores.iter().map(|s| s.and_then(|s| s.z)).collect();
        let test = testing.test(input, &z, |permutations, watch| {
            permuted_differences(&tested.values, &weights, permutations, watch)
        })?;
        let class = |i: usize| scores[i].map_or(say::NOT_TESTED, |score| score.class.label());
        let mut columns = vec![
            tested.number("c", "Local Geary", |i| scores[i].map(|s| s.c)),
            tested.number("expected", "Expected by chance", |i| scores[i].map(|s| s.expected)),
        ];
        columns.extend(tested.significance(&z, &test));
        columns.push(tested.classes(&test, testing.alpha, class));
        let outcome = Outcome::from(Scores::PerUnit(columns));
        let notes = testing.notes(&test);
        Ok(noted(outcome, tested.notes.into_iter().chain(notes)))
    }
}

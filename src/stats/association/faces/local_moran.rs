//! `local-moran`: local Moran's I of each unit among its family.

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::stats::{
    Adjustment, Alternative, Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic,
};
use crate::weights::WeightsChoice;

use super::super::{Divisor, LocalMoments, LocalMoran, Tails, local_moran, permuted_lags};
use super::{Tested, Testing, noted};

/// Local Moran's I of each unit.
pub(in crate::stats) struct LocalMoranFace;

/// Options of `local-moran`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LocalMoranOptions {
    /// Which units are near: queen, rook, band:500 (metres), nearest:6,
    /// kernel:triangular:1000, or a .gal, .gwt or .kwt file.
    pub weights: WeightsChoice,
    /// Whether the weights of a unit are divided so that they add up to 1.
    pub standardise: bool,
    /// What mean and variance of the z-score are given: the unit's own value (as a permutation test
    /// has it), or nothing.
    pub moments: LocalMoments,
    /// What the sum of squares is divided by: the number of units, as spdep does, or one less
    /// (`units-less-one`), as esda and `GeoDa` do.
    pub divisor: Divisor,
    /// Conditional permutations of the test; 0 takes p-values from the normal distribution of the z-score.
    pub permutations: u32,
    /// Seed of the permutations.
    pub seed: u64,
    /// Which outcomes speak against chance: greater is alike, less is unlike.
    pub alternative: Alternative,
    /// How p-values account for there being many.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a unit is significant.
    pub alpha: f64,
}

impl Default for LocalMoranOptions {
    fn default() -> Self {
        Self {
            weights: WeightsChoice::Queen,
            standardise: true,
            moments: LocalMoments::Conditional,
            divisor: Divisor::Units,
            permutations: 9_999,
            seed: 2025,
            alternative: Alternative::TwoSided,
            adjustment: Adjustment::BenjaminiHochberg,
            alpha: 0.05,
        }
    }
}

impl Statistic for LocalMoranFace {
    type Options = LocalMoranOptions;
    const ID: &'static str = "local-moran";
    const LABEL: &'static str = "Local Moran's I";
    const ABOUT: &'static str = "Whether a unit is like its neighbours, high among high or low among low, or stands out from them; by conditional permutation, two-sided and at a false discovery rate unless set otherwise.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("spdep", "localmoran, localmoran_perm"),
        ("esda", "Moran_Local"),
        ("GeoDa", "Univariate local Moran's I"),
        ("CrimeStat", "Anselin's local Moran"),
        ("ArcGIS", "Cluster and Outlier Analysis"),
    ];

    fn score(
        &self,
        input: &StatInput<'_>,
        options: &LocalMoranOptions,
    ) -> Result<Outcome, StatError> {
        let testing = Testing::new(
            Self::ID,
            (options.alternative, options.adjustment, options.alpha),
            (options.permutations, options.seed),
        )?;
        let tested = Tested::of(input, &options.weights)?;
        let weights = tested.weights(options.standardise);
        let scores = local_moran(&tested.values, &weights, options.moments, options.divisor)?;
        let z: Vec<Option<f64>> = scores.iter().map(|s| s.and_then(|s| s.z)).collect();
        let test = testing.test(input, &z, |permutations, watch| {
            let tails = permuted_lags(&tested.values, &weights, permutations, watch)?;
            // I is the lag times the unit's own deviation: below the mean, high lags are low values
            // of I.
            let turned = |(tails, score): (Option<Tails>, &Option<LocalMoran>)| {
                let (tails, score) = (tails?, score.as_ref()?);
                Some(if score.deviation < 0.0 { tails.turned() } else { tails })
            };
            Ok(tails.into_iter().zip(&scores).map(turned).collect())
        })?;
        let quadrant = |i: usize| scores[i].map(|score| score.quadrant.label());
        let mut columns = vec![
            tested.number("i", "Local Moran's I", |i| scores[i].map(|s| s.i)),
            tested.number("expected", "Expected by chance", |i| scores[i].map(|s| s.expected)),
        ];
        columns.extend(tested.significance(&z, &test));
        columns.push(ScoreColumn::labels(
            "quadrant",
            "Unit and neighbours",
            tested.over_all(quadrant),
        ));
        columns
            .push(tested.classes(&test, testing.alpha, |i| quadrant(i).unwrap_or(say::NOT_TESTED)));
        let outcome = Outcome::from(Scores::PerUnit(columns));
        let notes = testing.notes(&test);
        Ok(noted(outcome, tested.notes.into_iter().chain(notes)))
    }
}

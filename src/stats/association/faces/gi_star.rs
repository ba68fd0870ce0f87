//! `gi-star`: Getis-Ord Gi* or Gi of each unit among its family.

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::stats::{Adjustment, Alternative, Outcome, Scores, StatError, StatInput, Statistic};
use crate::weights::WeightsChoice;

use super::super::{Star, Weighting, local_g, permuted_lags};
use super::{Tested, Testing, noted};

/// Getis-Ord Gi* of each unit.
pub(in crate::stats) struct GiStarFace;

/// Options of `gi-star`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GiStarOptions {
    /// Which units are near: queen, rook, band:500 (metres), nearest:6,
    /// kernel:triangular:1000, or a .gal, .gwt or .kwt file.
    pub weights: WeightsChoice,
    /// Whether a unit counts itself, with a weight of 1: Gi* if so, Gi if not.
    pub star: bool,
    /// Conditional permutations of the test; 0 takes p-values from the normal distribution.
    pub permutations: u32,
    /// Seed of the permutations.
    pub seed: u64,
    /// Which outcomes speak against chance: greater is a hotspot.
    pub alternative: Alternative,
    /// How p-values account for there being many.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a unit is significant.
    pub alpha: f64,
}

impl Default for GiStarOptions {
    fn default() -> Self {
        Self {
            weights: WeightsChoice::Queen,
            star: true,
            permutations: 0,
            seed: 2025,
            alternative: Alternative::TwoSided,
            adjustment: Adjustment::BenjaminiHochberg,
            alpha: 0.05,
        }
    }
}

impl Statistic for GiStarFace {
    type Options = GiStarOptions;
    const ID: &'static str = "gi-star";
    const LABEL: &'static str = "Getis-Ord Gi*";
    const ABOUT: &'static str = "How far the incidents of a unit and its neighbours are above or below what chance would leave among the units tested; two-sided and at a false discovery rate unless set otherwise.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("sfhotspot", "hotspot_gistar"),
        ("spdep", "localG, localG_perm"),
        ("esda", "G_Local(star=True)"),
        ("CrimeStat", "Getis-Ord local G"),
        ("ArcGIS", "Hot Spot Analysis"),
        ("QGIS", "Hotspot Analysis plugin"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &GiStarOptions) -> Result<Outcome, StatError> {
        let testing = Testing::new(
            Self::ID,
            (options.alternative, options.adjustment, options.alpha),
            (options.permutations, options.seed),
        )?;
        let tested = Tested::of(input, &options.weights)?;
        let star = if options.star { Star::IncludesSelf } else { Star::ExcludesSelf };
        let z = local_g(&tested.values, &tested.weights, star, Weighting::Plain)?;
        // The unit's own value is held, so Gi and Gi* have the same tails.
        let test = testing.test(input, &z, |permutations, watch| {
            permuted_lags(&tested.values, &tested.weights, permutations, watch)
        })?;
        let hot = |i: usize| if z[i] > Some(0.0) { say::HOTSPOT } else { say::COLDSPOT };
        let mut columns = tested.significance(&z, &test).to_vec();
        columns.push(tested.classes(&test, testing.alpha, hot));
        let outcome = Outcome::from(Scores::PerUnit(columns));
        let notes = testing.notes(&test);
        Ok(noted(outcome, tested.notes.into_iter().chain(notes)))
    }
}

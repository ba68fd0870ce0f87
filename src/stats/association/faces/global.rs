//! `global-association`: Moran's I, Geary's C and the general G of the whole map.

use serde::{Deserialize, Serialize};

use crate::stats::{Adjustment, Alternative, Outcome, Scores, StatError, StatInput, Statistic};
use crate::table::{Column, Table, Value};
use crate::weights::WeightsChoice;

use super::super::{
    AssociationError, Chance, GlobalScore, Tails, geary, general_g, moran, permuted_globals,
};
use super::{Tested, Testing, noted, watched};

/// Global association.
pub(in crate::stats) struct GlobalFace;

/// Options of `global-association`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GlobalOptions {
    /// Which units are near: queen, rook, band:500 (metres), nearest:6,
    /// kernel:triangular:1000, or a .gal, .gwt or .kwt file.
    pub weights: WeightsChoice,
    /// Whether the weights of a unit are divided so that they add up to 1; the general G takes them
    /// as they are.
    pub standardise: bool,
    /// What chance is taken to be for the variance: these values in any order, or normal ones.
    pub chance: Chance,
    /// Permutations of all values; 0 for none.
    pub permutations: u32,
    /// Seed of the permutations.
    pub seed: u64,
    /// Which outcomes speak against chance: greater is clustered.
    pub alternative: Alternative,
}

impl Default for GlobalOptions {
    fn default() -> Self {
        Self {
            weights: WeightsChoice::Queen,
            standardise: true,
            chance: Chance::Randomisation,
            permutations: 999,
            seed: 2025,
            alternative: Alternative::TwoSided,
        }
    }
}

impl Statistic for GlobalFace {
    type Options = GlobalOptions;
    const ID: &'static str = "global-association";
    const LABEL: &'static str = "Global association";
    const ABOUT: &'static str = "Whether like values are near one another over the whole map (Moran's I, Geary's C), and high ones in particular (general G), against these values in any order.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] = &[
        ("spdep", "moran.test, geary.test, globalG.test, moran.mc"),
        ("esda", "Moran, Geary, G"),
        ("CrimeStat", "Moran's I, Geary's C, Getis-Ord G"),
        ("ArcGIS", "Spatial Autocorrelation, High/Low Clustering"),
    ];

    fn score(&self, input: &StatInput<'_>, options: &GlobalOptions) -> Result<Outcome, StatError> {
        // One test each, with no threshold to pass: alpha and adjustment have no part here.
        let testing = Testing::new(
            Self::ID,
            (options.alternative, Adjustment::None, 0.5),
            (options.permutations, options.seed),
        )?;
        let tested = Tested::of(input, &options.weights)?;
        let values = &tested.values;
        let plain = &tested.weights;
        let standardised = options.standardise.then(|| plain.row_standardised());
        let weights = standardised.as_ref().unwrap_or(plain);
        let i = moran(values, weights, options.chance)?;
        let c = geary(values, weights, options.chance)?;
        let mut notes = tested.notes.clone();
        let g = match general_g(values, plain) {
            Ok(g) => Some(g),
            Err(why @ (AssociationError::Negative(_) | AssociationError::NoAmounts)) => {
                notes.push(format!("No general G: {why}."));
                None
            }
            Err(error) => return Err(error.into()),
        };
        let permuted = |weights| {
            testing
                .permutations
                .map(|permutations| {
                    watched(input, |watch| permuted_globals(values, weights, permutations, watch))
                })
                .transpose()
        };
        let tails = permuted(weights)?;
        // The general G has weights of its own.
        let plain_tails = if options.standardise && g.is_some() { permuted(plain)? } else { tails };
        let row = |name: &str, score: GlobalScore, tails: Option<Tails>| {
            vec![
                Value::from(name),
                Value::Number(score.value),
                Value::Number(score.expected),
                Value::number(score.variance),
                Value::number(score.z),
                Value::number(score.p(options.alternative)),
                Value::number(tails.map(|tails| tails.p(options.alternative))),
            ]
        };
        let mut rows = vec![
            row("Moran's I", i, tails.map(|t| t.moran)),
            row("Geary's C", c, tails.map(|t| t.geary)),
        ];
        if let Some(g) = g {
            rows.push(row("General G", g, plain_tails.and_then(|t| t.general_g)));
        }
        notes.push(format!(
            "p-values are {}; scores above zero are clustered, also for Geary's C, which is then \
             below 1.",
            options.alternative.in_words()
        ));
        notes.push(
            "One figure for a whole map: that it is clustered does not say where, and counts of \
             areas with unequal populations cluster as their people do."
                .to_owned(),
        );
        if let Some(permutations) = testing.permutations {
            notes.push(format!(
                "Pseudo p-values from {} permutations of all values, seed {}.",
                permutations.count, permutations.seed
            ));
        }
        let column = |id, label, decimals| Column::new(id, label, "", decimals);
        let table = Table {
            id: Self::ID.to_owned(),
            title: Self::LABEL.to_owned(),
            columns: vec![
                column("statistic", "Statistic", 0),
                column("value", "Value", 4),
                column("expected", "Expected by chance", 4),
                column("variance", "Variance by chance", 6),
                column("z", "z-score", 2),
                column("p", "p-value", 4),
                column("p_permuted", "Pseudo p-value", 4),
            ],
            rows,
        };
        Ok(noted(Scores::Table(table).into(), notes))
    }
}

//! `location-quotient`: what a unit has more of than others, compared with all it has.

use serde::{Deserialize, Serialize};

use crate::aggregate::location_quotients;
use crate::stats::{Outcome, ScoreColumn, Scores, StatError, StatInput, Statistic};

use super::counts;

/// Fewer incidents of all kinds than this make a quotient that says little.
const FEW: u64 = 20;

/// Location quotients.
pub(in crate::stats) struct LocationQuotientFace;

/// Options of `location-quotient`: none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LocationQuotientOptions {}

impl Statistic for LocationQuotientFace {
    type Options = LocationQuotientOptions;
    const ID: &'static str = "location-quotient";
    const LABEL: &'static str = "Location quotient";
    const ABOUT: &'static str = "Share of these incidents among all incidents of a unit, over the same share of all units together: 1 is the usual mix.";
    const EQUIVALENTS: &'static [(&'static str, &'static str)] =
        &[("PySAL", "segregation (location quotient)"), ("ArcGIS", "Location Quotient")];
    const UNITS: &'static str = "ward";

    fn score(
        &self,
        input: &StatInput<'_>,
        _: &LocationQuotientOptions,
    ) -> Result<Outcome, StatError> {
        let counts = counts(Self::ID, input)?;
        let totals: Vec<u64> = match (input.totals, input.bases) {
            (Some(totals), _) => totals.to_vec(),
            (None, Some(bases)) => {
                bases.iter().map(|base| base.map_or(0, |base| base.get() as u64)).collect()
            }
            (None, None) => {
                return Err(StatError::Lacks {
                    statistic: Self::ID,
                    wanted: "counts of all incidents to compare with",
                    found: "there are none (name their column with --population)".to_owned(),
                });
            }
        };
        let quotients = location_quotients(&counts, &totals);
        let number = |id, label, values: &[u64]| {
            ScoreColumn::numbers(id, label, "", values.iter().map(|&v| Some(v as f64)).collect())
        };
        let few = totals.iter().filter(|&&total| total < FEW).count();
        let mut outcome = Outcome::from(Scores::PerUnit(vec![
            number("count", "Incidents", &counts),
            number("all", "Incidents of all kinds", &totals),
            ScoreColumn::numbers("quotient", "Location quotient", "1 is the usual mix", quotients),
        ]));
        if few > 0 {
            outcome.notes.push(format!(
                "{few} of {} units have fewer than {FEW} incidents of all kinds: one more or less \
                 moves their quotient far.",
                totals.len()
            ));
        }
        if input.totals.is_none() {
            outcome.notes.push("Compared with the column named as population.".to_owned());
        }
        outcome.notes.push(
            "A quotient above 1 can come from little of everything else: look at the count beside it."
                .to_owned(),
        );
        Ok(outcome)
    }
}

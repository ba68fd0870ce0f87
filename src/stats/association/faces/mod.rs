//! Statistics of association made selectable by name: a file each, and what they share.

mod gi_star;
mod global;
mod local_geary;
mod local_moran;

pub(in crate::stats) use gi_star::GiStarFace;
pub use gi_star::GiStarOptions;
pub(in crate::stats) use global::GlobalFace;
pub use global::GlobalOptions;
pub(in crate::stats) use local_geary::LocalGearyFace;
pub use local_geary::LocalGearyOptions;
pub(in crate::stats) use local_moran::LocalMoranFace;
pub use local_moran::LocalMoranOptions;

use std::borrow::Cow;

use crate::stats::english::{class, head, method, note};
use crate::stats::significance::{Adjustment, Alternative, adjust};
use crate::stats::statistic::between_none_and_all;
use crate::stats::{Outcome, ScoreColumn, StatError, StatInput, Watch};
use crate::weights::{Weights, WeightsChoice};

use super::{AssociationError, Permutations, Tails};

/// Permutations that may be asked for.
pub const MOST_PERMUTATIONS: u32 = 999_999;
/// Islands named in a note.
const NAMED: usize = 5;

/// The units tested, their values, and who is near whom among them.
struct Tested {
    values: Vec<f64>,
    /// As chosen, not standardised.
    weights: Weights,
    /// Position of each among all units.
    units: Vec<usize>,
    n_units: usize,
    notes: Vec<String>,
}

impl Tested {
    fn of(input: &StatInput<'_>, choice: &WeightsChoice) -> Result<Self, StatError> {
        let all = input.weights(choice)?;
        let family = input.tested();
        let weights = all.among(&family).map_err(super::AssociationError::from)?;
        let units: Vec<usize> = (0..family.len()).filter(|&unit| family[unit]).collect();
        let values = input.values();
        let mut notes = vec![note::weights(choice, &weights.in_words())];
        let islands: Vec<&str> = weights
            .islands()
            .take(NAMED)
            .map(|island| input.units.names[units[island]].as_str())
            .collect();
        if !islands.is_empty() {
            notes.push(note::islands(&islands));
        }
        if units.len() < family.len() {
            notes.push(note::tested_alone(units.len(), family.len()));
        }
        notes.extend(input.weights_notes(choice));
        let values = units.iter().map(|&unit| values[unit]).collect();
        Ok(Self { values, weights, n_units: family.len(), units, notes })
    }

    /// Rows that add up to 1 each, where wanted; the weights as they are if not.
    fn weights(&self, standardise: bool) -> Cow<'_, Weights> {
        if standardise {
            Cow::Owned(self.weights.row_standardised())
        } else {
            Cow::Borrowed(&self.weights)
        }
    }

    /// A column of scores of tested units.
    fn number(
        &self,
        id: &'static str,
        label: &'static str,
        of: impl Fn(usize) -> Option<f64>,
    ) -> ScoreColumn {
        ScoreColumn::numbers(id, label, "", self.over_all(of))
    }

    /// Score, p-value and q-value of tested units.
    fn significance(&self, z: &[Option<f64>], test: &Test) -> [ScoreColumn; 3] {
        [
            self.number("z", head::Z_SCORE, |i| z[i]),
            self.number("p", head::P_VALUE, |i| test.p[i]),
            self.number("q", head::Q_VALUE, |i| test.q[i]),
        ]
    }

    /// A class of every unit: `of` a tested one that is significant.
    fn classes(&self, test: &Test, alpha: f64, of: impl Fn(usize) -> &'static str) -> ScoreColumn {
        let of_tested = |i: usize| match test.q[i] {
            None => None,
            Some(q) if q > alpha => Some(class::NOT_SIGNIFICANT),
            Some(_) => Some(of(i)),
        };
        let classes =
            self.over_all(of_tested).into_iter().map(|name| name.or(Some(class::NOT_TESTED)));
        ScoreColumn::labels("class", head::CLASS, classes.collect())
    }

    /// Scores of tested units over all units; `None` for the rest.
    fn over_all<T>(&self, of: impl Fn(usize) -> Option<T>) -> Vec<Option<T>> {
        let mut all: Vec<Option<T>> = (0..self.n_units).map(|_| None).collect();
        for (i, &unit) in self.units.iter().enumerate() {
            all[unit] = of(i);
        }
        all
    }
}

/// How scores become findings: the options that all tests of association have.
#[derive(Debug, Clone, Copy)]
struct Testing {
    alternative: Alternative,
    adjustment: Adjustment,
    alpha: f64,
    /// `None` for the normal distribution.
    permutations: Option<Permutations>,
}

impl Testing {
    fn new(
        statistic: &'static str,
        (alternative, adjustment, alpha): (Alternative, Adjustment, f64),
        (count, seed): (u32, u64),
    ) -> Result<Self, StatError> {
        let alpha = between_none_and_all(statistic, "alpha", alpha)?;
        if count > MOST_PERMUTATIONS {
            return Err(StatError::OutOfRange {
                statistic,
                option: "permutations",
                value: f64::from(count),
                wanted: note::PERMUTATIONS,
            });
        }
        let permutations = (count > 0).then_some(Permutations { count, seed });
        Ok(Self { alternative, adjustment, alpha, permutations })
    }

    /// p-values from scores, or from the tails that `permute` gives where permutations are asked for;
    /// adjusted for there being many.
    fn test(
        &self,
        input: &StatInput<'_>,
        z: &[Option<f64>],
        permute: impl FnOnce(Permutations, &Watch) -> Result<Vec<Option<Tails>>, AssociationError>,
    ) -> Result<Test, StatError> {
        let p: Vec<Option<f64>> = match self.permutations {
            None => z.iter().map(|z| z.map(|z| self.alternative.p(z))).collect(),
            Some(permutations) => watched(input, |watch| permute(permutations, watch))?
                .iter()
                .map(|tails| tails.map(|tails| tails.p(self.alternative)))
                .collect(),
        };
        Ok(Test { q: adjust(&p, self.adjustment), p })
    }

    /// What was tested how, and whether permutations can find anything at all.
    fn notes(&self, test: &Test) -> Vec<String> {
        let n_tests = test.p.iter().flatten().count();
        let from = match self.permutations {
            None => method::FROM_THE_NORMAL.to_owned(),
            Some(permutations) => method::permuted(permutations),
        };
        let mut notes = vec![note::p_values(self.alternative, &from, self.adjustment, n_tests)];
        if self.adjustment == Adjustment::None && n_tests > 1 {
            notes.push(note::by_chance(n_tests, self.alpha * n_tests as f64));
        }
        let sides = if self.alternative == Alternative::TwoSided { 2.0 } else { 1.0 };
        let needed = (sides * n_tests as f64 / self.alpha).ceil();
        if let Some(permutations) = self.permutations
            && self.adjustment != Adjustment::None
            && f64::from(permutations.count) + 1.0 < needed
        {
            let least = sides / (f64::from(permutations.count) + 1.0);
            notes.push(note::too_few_permutations(least, n_tests, needed - 1.0));
        }
        notes
    }
}

/// What a test gave each unit.
struct Test {
    p: Vec<Option<f64>>,
    q: Vec<Option<f64>>,
}

/// `outcome` with notes in order.
fn noted(outcome: Outcome, notes: impl IntoIterator<Item = String>) -> Outcome {
    notes.into_iter().fold(outcome, Outcome::note)
}

/// Runs `f` with the watch of the input, or one of its own.
fn watched<T>(input: &StatInput<'_>, f: impl FnOnce(&Watch) -> T) -> T {
    let own = Watch::default();
    f(input.watch.unwrap_or(&own))
}

#[cfg(test)]
mod tests;

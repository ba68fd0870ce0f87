//! Getis-Ord Gi*: which units sit in a concentration of high, or low, values.

use rayon::prelude::*;
use thiserror::Error;

use crate::weights::{Neighbours, NeighboursError};

use super::significance::{q_values, two_sided_p};

/// Units that one thread scores at a time.
const CHUNK: usize = 4_096;
/// Spread below this share of the whole is none.
const ROUNDING: f64 = 1e-12;

/// Why Gi* cannot be computed.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum GiStarError {
    /// Values and neighbours do not describe the same units.
    #[error("{values} values for {units} units")]
    Shape {
        /// Length of `values`.
        values: usize,
        /// Length of `neighbours`.
        units: usize,
    },
    /// A value that is not a finite number.
    #[error("the value of unit {0} is not a finite number")]
    NotFinite(usize),
    /// Too few units for a spread.
    #[error("{0} units: at least 2 are needed for one to stand out")]
    TooFew(usize),
    /// Every unit has the same value.
    #[error("all {0} units have the same value, so none stands out")]
    NoVariation(usize),
    /// The family does not describe the units.
    #[error(transparent)]
    Family(#[from] NeighboursError),
}

/// Whether a unit counts among its own neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Star {
    /// It does, with weight 1 (Gi*): what hotspot maps use.
    #[default]
    IncludesSelf,
    /// It does not (Gi): is the unit surrounded by high values?
    ExcludesSelf,
}

/// What a neighbour weighs. The z-scores are the same either way; the choice is here to compare with
/// tools that ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weighting {
    /// Each counts 1.
    #[default]
    Binary,
    /// The weights of a unit add up to 1, its own included where it counts.
    RowStandardised,
}

/// Gi* of each unit, as a z-score: positive in a hotspot, negative in a coldspot.
///
/// ```text
/// z_i = (Σ_j w_ij x_j - x̄ W_i) / (S √((n Σ_j w_ij² - W_i²) / (n - 1))),   W_i = Σ_j w_ij
/// ```
///
/// Weights are binary and each unit counts itself (the star). S divides by n.
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, counts or rates, finite.
/// - `neighbours`: `[n_units]`, in the same order, itself excluded.
/// - returns: `[n_units]`, dimensionless; `None` where the neighbourhood is every unit. An island
///   is scored by its own value alone.
///
/// # Errors
///
/// [`GiStarError::Shape`] if the lengths differ, [`GiStarError::NotFinite`],
/// [`GiStarError::TooFew`] below 2 units, [`GiStarError::NoVariation`] if S = 0.
///
/// # Source
///
/// Ord and Getis (1995), *Geographical Analysis* 27(4), 286-306,
/// <https://doi.org/10.1111/j.1538-4632.1995.tb00912.x>.
#[doc(alias = "hotspot_gistar")]
#[doc(alias = "localG")]
pub fn gi_star(values: &[f64], neighbours: &Neighbours) -> Result<Vec<Option<f64>>, GiStarError> {
    local_g(values, neighbours, Star::IncludesSelf, Weighting::Binary)
}

/// Gi or Gi* of each unit, with binary or row-standardised weights: see [`gi_star`].
///
/// Gi leaves the unit itself out of mean and spread as well:
///
/// ```text
/// z_i = (Σ_j w_ij x_j - x̄(i) W_i) / (S(i) √(((n - 1) Σ_j w_ij² - W_i²) / (n - 2)))
/// ```
///
/// An island has no Gi.
///
/// # Errors
///
/// As [`gi_star`].
pub fn local_g(
    values: &[f64],
    neighbours: &Neighbours,
    star: Star,
    weighting: Weighting,
) -> Result<Vec<Option<f64>>, GiStarError> {
    let units = neighbours.n_units();
    if values.len() != units {
        return Err(GiStarError::Shape { values: values.len(), units });
    }
    if let Some(unit) = values.iter().position(|x| !x.is_finite()) {
        return Err(GiStarError::NotFinite(unit));
    }
    if units < 2 {
        return Err(GiStarError::TooFew(units));
    }
    #[expect(clippy::float_cmp, reason = "exact equality is the case in question")]
    if values.iter().all(|&x| x == values[0]) {
        return Err(GiStarError::NoVariation(units));
    }
    let n = units as f64;
    let mean = values.iter().sum::<f64>() / n;
    // About the mean, so that nothing is lost where values are large and alike.
    let all_squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();

    let score = |i: usize| {
        let near = neighbours.of(i);
        let own = values[i] - mean;
        let sum: f64 = near.iter().map(|&j| values[j as usize] - mean).sum();
        let links = near.len() as f64;
        // Population, its mean and its squares about that mean; all relative to the overall mean.
        let (n, links, sum, mean, squares) = match star {
            Star::IncludesSelf => (n, links + 1.0, sum + own, 0.0, all_squares),
            Star::ExcludesSelf => {
                let others = -own / (n - 1.0);
                (n - 1.0, links, sum, others, all_squares - own * own * n / (n - 1.0))
            }
        };
        let weight = match weighting {
            Weighting::Binary => 1.0,
            Weighting::RowStandardised => 1.0 / links,
        };
        let total = weight * links;
        let bracket = (n * weight * weight * links - total * total) / (n - 1.0);
        // Rounding leaves a trace of spread where the others are all equal.
        let defined = links > 0.0 && links < n && squares > ROUNDING * all_squares;
        defined.then(|| (weight * sum - mean * total) / (squares / n * bracket).sqrt())
    };
    let mut scores = vec![None; units];
    scores.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, scores)| {
        for (i, z) in scores.iter_mut().enumerate() {
            *z = score(chunk * CHUNK + i);
        }
    });
    Ok(scores)
}

/// Gi* of one unit with its significance within a family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GiStarScore {
    /// z-score: positive among high values.
    pub z: f64,
    /// Two-sided p-value under the normal distribution.
    pub p: f64,
    /// Benjamini-Hochberg q-value within the family.
    pub q: f64,
}

impl GiStarScore {
    /// What a unit is called at a false discovery rate of `alpha`: `hotspot`, `coldspot`, `not
    /// significant` or, without a score, `not tested`.
    pub fn class(score: Option<&Self>, alpha: f64) -> &'static str {
        match score {
            None => "not tested",
            Some(score) if score.q > alpha => "not significant",
            Some(score) if score.z > 0.0 => "hotspot",
            Some(_) => "coldspot",
        }
    }
}

/// Gi* among a stated family of units, with p-values and q-values over that family.
///
/// Gi* is relative to the mean and spread of the units it is given: with fields and water among
/// them everything built-up is hot. So mean, spread, neighbours and the false discovery rate are
/// all taken among the family alone.
///
/// # Shapes and units
///
/// - `values`, `family`: `[n_units]`, as `neighbours`.
/// - returns: `[n_units]`; `None` outside the family and where Gi* is not defined.
///
/// # Errors
///
/// As [`gi_star`], about the units of the family; [`GiStarError::Family`] if `family` has another
/// length.
pub fn gi_star_in_family(
    values: &[f64],
    neighbours: &Neighbours,
    family: &[bool],
) -> Result<Vec<Option<GiStarScore>>, GiStarError> {
    if values.len() != neighbours.n_units() {
        return Err(GiStarError::Shape { values: values.len(), units: neighbours.n_units() });
    }
    let near = neighbours.among(family)?;
    let members: Vec<f64> =
        values.iter().zip(family).filter(|(_, member)| **member).map(|(x, _)| *x).collect();
    let z = gi_star(&members, &near)?;
    let p: Vec<Option<f64>> = z.iter().map(|z| z.map(two_sided_p)).collect();
    let q = q_values(&p);
    let mut scores = z
        .iter()
        .zip(&p)
        .zip(&q)
        .map(|((z, p), q)| Some(GiStarScore { z: (*z)?, p: (*p)?, q: (*q)? }));
    Ok(family.iter().map(|&member| if member { scores.next().flatten() } else { None }).collect())
}

#[cfg(test)]
#[path = "gi_star_tests.rs"]
mod tests;

//! Getis-Ord Gi*: which units sit in a concentration of high, or low, values.

use rayon::prelude::*;

use crate::weights::{Neighbours, Weights};

use super::error::{AssociationError, check_values};
use crate::stats::english::class as say;
use crate::stats::significance::{q_values, two_sided_p};

/// Units that one thread scores at a time.
const CHUNK: usize = 4_096;
/// Spread below this share of the whole is none.
const ROUNDING: f64 = 1e-12;

/// Whether a unit counts among its own neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Star {
    /// It does, with weight 1 (Gi*): what hotspot maps use.
    #[default]
    IncludesSelf,
    /// It does not (Gi): is the unit surrounded by high values?
    ExcludesSelf,
}

/// Whether the weights of a unit are taken as they are or divided so that they add up to 1.
///
/// The z-scores are the same either way, as they are for any factor; the choice is here to compare
/// with tools that ask for it. (`esda` 2.9.0 gives others for its default, row-standardised: it has
/// `Σ w` where `Σ w²` belongs.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weighting {
    /// As they are.
    #[default]
    Plain,
    /// The weights of a unit add up to 1, its own included where it counts.
    RowStandardised,
}

/// Gi* of each unit, as a z-score: positive in a hotspot, negative in a coldspot.
///
/// ```text
/// z_i = (Σ_j w_ij x_j - x̄ W_i) / (S √((n Σ_j w_ij² - W_i²) / (n - 1))),   W_i = Σ_j w_ij
/// ```
///
/// Each neighbour counts 1 and so does the unit itself (the star). S divides by n.
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
/// [`AssociationError::Shape`] if the lengths differ, [`AssociationError::NotFinite`],
/// [`AssociationError::TooFew`] below 2 units, [`AssociationError::NoVariation`] if S = 0.
///
/// # Source
///
/// Ord and Getis (1995), *Geographical Analysis* 27(4), 286-306,
/// <https://doi.org/10.1111/j.1538-4632.1995.tb00912.x>.
#[doc(alias = "hotspot_gistar")]
#[doc(alias = "localG")]
pub fn gi_star(
    values: &[f64],
    neighbours: &Neighbours,
) -> Result<Vec<Option<f64>>, AssociationError> {
    let row = |i: usize, mean: f64| {
        let near = neighbours.of(i);
        let links = near.len() as f64;
        let lag = near.iter().map(|&j| values[j as usize] - mean).sum();
        Row { lag, sum: links, squares: links }
    };
    scores(values, neighbours.n_units(), Star::IncludesSelf, Weighting::Plain, row)
}

/// Gi or Gi* of each unit, with any weights: see [`gi_star`].
///
/// Gi leaves the unit itself out of mean and spread as well:
///
/// ```text
/// z_i = (Σ_j w_ij x_j - x̄(i) W_i) / (S(i) √(((n - 1) Σ_j w_ij² - W_i²) / (n - 2)))
/// ```
///
/// With the star a unit counts itself with a weight of 1, before any standardising, so `weights`
/// are given as they are. An island has no Gi.
///
/// # Errors
///
/// As [`gi_star`].
pub fn local_g(
    values: &[f64],
    weights: &Weights,
    star: Star,
    weighting: Weighting,
) -> Result<Vec<Option<f64>>, AssociationError> {
    let row = |i: usize, mean: f64| Row {
        lag: weights.lag_of(i, values, |x| x - mean),
        sum: weights.sum(i),
        squares: weights.sum_of_squares(i),
    };
    scores(values, weights.n_units(), star, weighting, row)
}

/// Sums over the neighbours of a unit, itself left out.
struct Row {
    /// `Σ_j w_ij (x_j - x̄)`.
    lag: f64,
    /// `Σ_j w_ij`.
    sum: f64,
    /// `Σ_j w_ij²`.
    squares: f64,
}

fn scores(
    values: &[f64],
    units: usize,
    star: Star,
    weighting: Weighting,
    row: impl Fn(usize, f64) -> Row + Sync,
) -> Result<Vec<Option<f64>>, AssociationError> {
    check_values(values, units, 2)?;
    let n = units as f64;
    let mean = values.iter().sum::<f64>() / n;
    // About the mean, so that nothing is lost where values are large and alike.
    let all_squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();

    let score = |i: usize| {
        let mut near = row(i, mean);
        let own = values[i] - mean;
        // Population, its mean and its squares about that mean; all relative to the overall mean.
        let (n, mean, squares) = match star {
            Star::IncludesSelf => {
                near =
                    Row { lag: near.lag + own, sum: near.sum + 1.0, squares: near.squares + 1.0 };
                (n, 0.0, all_squares)
            }
            Star::ExcludesSelf => {
                let others = -own / (n - 1.0);
                (n - 1.0, others, all_squares - own * own * n / (n - 1.0))
            }
        };
        if weighting == Weighting::RowStandardised {
            let whole = near.sum;
            near = Row { lag: near.lag / whole, sum: 1.0, squares: near.squares / (whole * whole) };
        }
        // Zero where all units weigh alike; rounding leaves a trace of it.
        let bracket = n * near.squares - near.sum * near.sum;
        let defined = near.sum > 0.0
            && bracket > ROUNDING * n * near.squares
            && squares > ROUNDING * all_squares;
        let spread = (squares / n * bracket / (n - 1.0)).sqrt();
        defined.then(|| (near.lag - mean * near.sum) / spread)
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
            None => say::NOT_TESTED,
            Some(score) if score.q > alpha => say::NOT_SIGNIFICANT,
            Some(score) if score.z > 0.0 => say::HOTSPOT,
            Some(_) => say::COLDSPOT,
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
/// As [`gi_star`], about the units of the family; [`AssociationError::Family`] if `family` has another
/// length.
pub fn gi_star_in_family(
    values: &[f64],
    neighbours: &Neighbours,
    family: &[bool],
) -> Result<Vec<Option<GiStarScore>>, AssociationError> {
    if values.len() != neighbours.n_units() {
        return Err(AssociationError::Shape { values: values.len(), units: neighbours.n_units() });
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

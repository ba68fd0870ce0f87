//! Global association: whether a whole map is clustered, in one figure.

use serde::{Deserialize, Serialize};

use crate::weights::{Constants, Weights};

use super::error::{AssociationError, check_linked, check_values};
use super::permutation::{Permutations, TOGETHER, Tails, Together, shuffled};
use super::sums::{centred, sum_over};
use crate::stats::significance::Alternative;
use crate::stats::watch::Watch;

/// What chance is taken to be.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Chance {
    /// These values in any order over the units.
    #[default]
    Randomisation,
    /// Values drawn from a normal distribution.
    Normality,
}

/// A global statistic, with what it would be by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GlobalScore {
    /// The statistic.
    pub value: f64,
    /// Its mean by chance.
    pub expected: f64,
    /// Its variance by chance; `None` where there are too few units for one.
    pub variance: Option<f64>,
    /// Standard score, above zero where like values are near one another.
    pub z: Option<f64>,
}

impl GlobalScore {
    fn new(value: f64, expected: f64, variance: f64, turned: bool) -> Self {
        let variance = Some(variance).filter(|v| v.is_finite() && *v > 0.0);
        let above = if turned { expected - value } else { value - expected };
        Self { value, expected, variance, z: variance.map(|v| above / v.sqrt()) }
    }

    /// p-value under the normal distribution: greater is more clustered than chance.
    pub fn p(&self, alternative: Alternative) -> Option<f64> {
        self.z.map(|z| alternative.p(z))
    }
}

/// Checked values and weights, with the sums that every global statistic needs.
struct Whole<'a> {
    values: &'a [f64],
    z: Vec<f64>,
    /// `Σ z²`.
    squares: f64,
    sums: Constants,
}

impl<'a> Whole<'a> {
    fn of(values: &'a [f64], weights: &Weights) -> Result<Self, AssociationError> {
        check_values(values, weights.n_units(), 3)?;
        check_linked(weights)?;
        let z = centred(values);
        let squares = sum_over(z.len(), |i| z[i] * z[i]);
        Ok(Self { values, squares, sums: weights.constants(), z })
    }

    /// Units that have a neighbour.
    fn n(&self) -> f64 {
        self.sums.n_linked as f64
    }

    /// `Σ z⁴ / (Σ z²)²`: the kurtosis, but for a factor n.
    fn fourth(&self) -> f64 {
        sum_over(self.z.len(), |i| self.z[i].powi(4)) / (self.squares * self.squares)
    }
}

/// `Σ_ij w_ij x_i x_j`.
fn products(weights: &Weights, values: &[f64]) -> f64 {
    sum_over(values.len(), |i| values[i] * weights.lag(i, values))
}

/// Moran's I: above its expectation where like values are near one another.
///
/// ```text
/// I = (n / S₀) Σ_ij w_ij z_i z_j / Σ z²,   E = -1/(n-1)
///
/// normality:     V = (n² S₁ - n S₂ + 3 S₀²) / ((n² - 1) S₀²) - E²
/// randomisation: V = [n((n² - 3n + 3) S₁ - n S₂ + 3 S₀²) - k((n² - n) S₁ - 2n S₂ + 6 S₀²)]
///                    / ((n-1)(n-2)(n-3) S₀²) - E²,   k the kurtosis
/// ```
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, finite; `weights`: `[n_units]`, the unit itself left out.
/// - islands: n counts the units that have a neighbour, while mean, spread and kurtosis are of all,
///   as `moran.test` of spdep has it; leave islands out beforehand to have it otherwise.
///
/// # Errors
///
/// [`AssociationError`] if lengths differ, a value is not finite, there are fewer than 3 units, all
/// values are equal, or no unit has a neighbour.
///
/// # Source
///
/// Cliff and Ord (1981), *Spatial Processes*, Pion, pages 42 to 46. Follows `moran.test` of spdep.
#[doc(alias = "moran.test")]
pub fn moran(
    values: &[f64],
    weights: &Weights,
    chance: Chance,
) -> Result<GlobalScore, AssociationError> {
    let whole = Whole::of(values, weights)?;
    let n = whole.n();
    let Constants { s0, s1, s2, .. } = whole.sums;
    let value = n / s0 * products(weights, &whole.z) / whole.squares;
    let expected = -1.0 / (n - 1.0);
    let variance = match chance {
        Chance::Normality => (n * n * s1 - n * s2 + 3.0 * s0 * s0) / ((n * n - 1.0) * s0 * s0),
        Chance::Randomisation => {
            let kurtosis = values.len() as f64 * whole.fourth();
            let flat = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
            let peaked = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
            (flat - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0)
        }
    };
    Ok(GlobalScore::new(value, expected, variance - expected * expected, false))
}

/// Geary's C: below 1 where like values are near one another.
///
/// ```text
/// C = (n-1)/(2 S₀) Σ_ij w_ij (z_i - z_j)² / Σ z²,   E = 1
///
/// normality:     V = ((2 S₁ + S₂)(n-1) - 4 S₀²) / (2 (n+1) S₀²)
/// randomisation: V = [(n-1) S₁ (n² - 3n + 3 - (n-1) k) - ¼ (n-1) S₂ (n² + 3n - 6 - (n² - n + 2) k)
///                    + S₀² (n² - 3 - (n-1)² k)] / (n (n-2)(n-3) S₀²),   k the kurtosis
/// ```
///
/// The score is `(1 - C) / √V`, so that it is above zero where values are clustered, as Moran's is.
///
/// # Shapes and units
///
/// As [`moran`]. With islands, `geary.test` of spdep (1.2-7 to date) takes some of the n in V from
/// all units and others from those with a neighbour; so do we, to be comparable: leave islands out
/// beforehand for the textbook's.
///
/// # Errors
///
/// As [`moran`].
///
/// # Source
///
/// Cliff and Ord (1981), *Spatial Processes*, Pion, pages 42 to 46. Follows `geary.test` of spdep.
#[doc(alias = "geary.test")]
pub fn geary(
    values: &[f64],
    weights: &Weights,
    chance: Chance,
) -> Result<GlobalScore, AssociationError> {
    let whole = Whole::of(values, weights)?;
    let (n, all) = (whole.n(), values.len() as f64);
    let Constants { s0, s1, s2, .. } = whole.sums;
    let z = &whole.z;
    let differences = sum_over(z.len(), |i| weights.lag_of(i, z, |other| (z[i] - other).powi(2)));
    let value = (n - 1.0) / (2.0 * s0) * differences / whole.squares;
    let variance = match chance {
        Chance::Normality => {
            ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0 * s0) / (2.0 * (all + 1.0) * s0 * s0)
        }
        Chance::Randomisation => {
            let k = n * whole.fourth();
            let first = (n - 1.0) * s1 * (n * n - 3.0 * all + 3.0 - k * (n - 1.0));
            let second = (n - 1.0) * s2 / 4.0 * (n * n + 3.0 * all - 6.0 - k * (n * n - all + 2.0));
            let third = s0 * s0 * (n * n - 3.0 - k * (n - 1.0).powi(2));
            (first - second + third) / (all * (n - 2.0) * (n - 3.0) * s0 * s0)
        }
    };
    Ok(GlobalScore::new(value, 1.0, variance, true))
}

/// Sums of powers of the values of units that have a neighbour.
fn powers(weights: &Weights, values: &[f64]) -> [f64; 4] {
    let linked = |i: usize| if weights.of(i).is_empty() { 0.0 } else { values[i] };
    [1, 2, 3, 4].map(|k| sum_over(values.len(), |i| linked(i).powi(k)))
}

/// Getis and Ord's general G: above its expectation where *high* values are near one another, below
/// where low ones are.
///
/// ```text
/// G = Σ_ij w_ij x_i x_j / Σ_ij x_i x_j,   i ≠ j,   E = S₀ / (n(n-1))
/// ```
///
/// with the variance of the paper, its coefficient of `S₀²` in B₁ corrected to 6 as in the erratum.
/// Binary weights are usual.
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, finite amounts from zero up; `weights`: `[n_units]`, the unit itself left
///   out.
/// - islands are left out of n and of every sum, as `globalG.test` of spdep has it.
///
/// # Errors
///
/// As [`moran`], [`AssociationError::Negative`], and [`AssociationError::NoAmounts`] where no two units
/// with a neighbour have a value above zero.
///
/// # Source
///
/// Getis and Ord (1992), *Geographical Analysis* 24(3), 189-206,
/// <https://doi.org/10.1111/j.1538-4632.1992.tb00261.x>, with the erratum in 25(3), 276 (1993).
/// Follows `globalG.test` of spdep.
#[doc(alias = "globalG.test")]
pub fn general_g(values: &[f64], weights: &Weights) -> Result<GlobalScore, AssociationError> {
    let whole = Whole::of(values, weights)?;
    check_amounts(values, weights)?;
    let n = whole.n();
    let Constants { s0, s1, s2, .. } = whole.sums;
    let [x1, x2, x3, x4] = powers(weights, values);
    let value = products(weights, whole.values) / (x1 * x1 - x2);
    let expected = s0 / (n * (n - 1.0));
    let s02 = s0 * s0;
    let b0 = (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s02;
    let b1 = -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s02);
    let b2 = -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * s02);
    let b3 = 4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * s02;
    let b4 = s1 - s2 + s02;
    let above = b0 * x2 * x2 + b1 * x4 + b2 * x1 * x1 * x2 + b3 * x1 * x3 + b4 * x1.powi(4);
    let below = (x1 * x1 - x2).powi(2) * n * (n - 1.0) * (n - 2.0) * (n - 3.0);
    Ok(GlobalScore::new(value, expected, above / below - expected * expected, false))
}

/// `Σ_j w_ij x_j` of unit `i` in several permutations.
fn lag_together(weights: &Weights, i: usize, values: &[Together]) -> Together {
    let mut lag = [0.0; TOGETHER];
    let near = weights.of(i).iter().map(|&j| &values[j as usize]);
    match weights.values_of(i) {
        None => near.for_each(|x| (0..TOGETHER).for_each(|k| lag[k] += x[k])),
        Some(w) => near.zip(w).for_each(|(x, w)| (0..TOGETHER).for_each(|k| lag[k] += w * x[k])),
    }
    lag
}

fn check_amounts(values: &[f64], weights: &Weights) -> Result<(), AssociationError> {
    if let Some(unit) = values.iter().position(|x| *x < 0.0) {
        return Err(AssociationError::Negative(unit));
    }
    let amount = |i: &usize| values[*i] > 0.0 && !weights.of(*i).is_empty();
    let has_pair = (0..values.len()).filter(amount).nth(1).is_some();
    if has_pair { Ok(()) } else { Err(AssociationError::NoAmounts) }
}

/// Where each global statistic lies among those of values shuffled over all units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GlobalTails {
    /// Of Moran's I: at least is more clustered.
    pub moran: Tails,
    /// Of Geary's C, turned: at least is more clustered.
    pub geary: Tails,
    /// Of the general G; `None` where it is not defined.
    pub general_g: Option<Tails>,
}

/// Permutation test of Moran's I, Geary's C and the general G, on the same permutations.
///
/// # Shapes and units
///
/// As [`moran`]; islands take part in the shuffling, as in `moran.mc` of spdep.
///
/// # Errors
///
/// As [`moran`], without permutations, or if `watch` was cancelled.
#[doc(alias = "moran.mc")]
pub fn permuted_globals(
    values: &[f64],
    weights: &Weights,
    permutations: Permutations,
    watch: &Watch,
) -> Result<GlobalTails, AssociationError> {
    let whole = Whole::of(values, weights)?;
    let n = values.len();
    // What unit i counts for all and all count for it: Σ w (z_i - z_j)² = Σ both z² - 2 Σ w z z.
    let mut both: Vec<f64> = (0..n).map(|i| weights.sum(i)).collect();
    for i in 0..n {
        weights.row(i).for_each(|(j, weight)| both[j] += weight);
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let of = |z: &[Together]| -> [[f64; 3]; TOGETHER] {
        let none = [0.0; TOGETHER];
        let (mut pairs, mut squares, mut sum) = (none, none, none);
        // Of units that have a neighbour alone: sums of the values and of their squares.
        let (mut outer, mut outer2) = (none, none);
        for (i, own) in z.iter().enumerate() {
            let lag = lag_together(weights, i, z);
            let linked = f64::from(u8::from(!weights.of(i).is_empty()));
            for k in 0..TOGETHER {
                pairs[k] += own[k] * lag[k];
                squares[k] += both[i] * own[k] * own[k];
                sum[k] += both[i] * own[k];
                let x = linked * (own[k] + mean);
                outer[k] += x;
                outer2[k] += x * x;
            }
        }
        std::array::from_fn(|k| {
            // Σ w x x from deviations: Σ w z z + x̄ Σ both z + x̄² S₀.
            let products = pairs[k] + mean * sum[k] + mean * mean * whole.sums.s0;
            let all = outer[k] * outer[k] - outer2[k];
            // Only one of the amounts has a neighbour in this permutation: nothing is near another.
            let none_paired = all <= 1e-12 * outer2[k];
            let g = if none_paired { 0.0 } else { products / all };
            [pairs[k], 2.0 * pairs[k] - squares[k], g]
        })
    };
    let [observed, ..] = of(&whole.z.iter().map(|&z| [z; TOGETHER]).collect::<Vec<_>>());
    let permuted = shuffled(&whole.z, permutations, watch, of)?;
    let tails = |k: usize| Tails::of(observed[k], permuted.iter().map(|p| p[k]));
    Ok(GlobalTails {
        moran: tails(0),
        geary: tails(1),
        general_g: check_amounts(values, weights).is_ok().then(|| tails(2)),
    })
}

#[cfg(test)]
#[path = "global_tests.rs"]
mod tests;

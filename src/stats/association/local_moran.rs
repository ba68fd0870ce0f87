//! Local Moran's I: which units are like their neighbours, and which stand out from them.

use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::weights::Weights;

use super::error::{AssociationError, check_values};
use super::sums::{by_unit, centred, sum_over};

/// Which mean and variance a local Moran's I is measured against.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum LocalMoments {
    /// Given the unit's own value, the others in any order: what conditional permutation tends to.
    #[default]
    Conditional,
    /// All values in any order, the unit's own as well.
    Total,
}

/// What the sum of squares in the statistic is divided by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Divisor {
    /// The number of units: spdep's `mlvar = TRUE`.
    #[default]
    Units,
    /// One less, as in a sample: spdep's `mlvar = FALSE`, and the I of esda and `GeoDa`.
    UnitsLessOne,
}

/// The unit against its neighbours: each high or low by the mean of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quadrant {
    /// High among high ones.
    HighHigh,
    /// Low among low ones.
    LowLow,
    /// High among low ones.
    HighLow,
    /// Low among high ones.
    LowHigh,
}

impl Quadrant {
    /// Name in files and on screen.
    pub const fn label(self) -> &'static str {
        say::quadrant(self)
    }

    /// A deviation of exactly zero is low, as in spdep.
    pub(super) fn of(own: f64, lag: f64) -> Self {
        match (own > 0.0, lag > 0.0) {
            (true, true) => Self::HighHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
            (false, true) => Self::LowHigh,
        }
    }
}

/// Local Moran's I of one unit, with what it would be by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMoran {
    /// The statistic: above zero among like values, below zero among unlike ones.
    pub i: f64,
    /// Its mean by chance.
    pub expected: f64,
    /// Its variance by chance.
    pub variance: f64,
    /// Standard score; `None` where there is no variance, as for a unit that is at the mean.
    pub z: Option<f64>,
    /// The unit's deviation from the mean: below zero, the tails of its permutations turn.
    pub deviation: f64,
    /// Where the unit and its neighbours lie.
    pub quadrant: Quadrant,
}

/// Local Moran's I of each unit.
///
/// ```text
/// I_i = (z_i / s₂) Σ_j w_ij z_j,   z_i = x_i - x̄,   m₂ = Σ z² / n,   s₂ = m₂
///
/// conditional: E = -z_i² W_i / ((n-1) m₂)
///              V = (z_i/m₂)² n/(n-2) (S_i - W_i²/(n-1)) (m₂ - z_i²/(n-1))
/// total:       E = -W_i / (n-1)
///              V = S_i (n - b₂)/(n-1) + (W_i² - S_i) (2b₂ - n)/((n-1)(n-2)) - E²
///
/// W_i = Σ_j w_ij,   S_i = Σ_j w_ij²,   b₂ = (Σ z⁴ / n) / s₂²
/// ```
///
/// Under [`Divisor::UnitsLessOne`] s₂ is `Σ z² / (n - 1)`, and so is the mean in b₂; the conditional
/// mean and variance stay as they are, which is what spdep and esda do: I is (n-1)/n of what it is
/// otherwise, and its score a little off.
///
/// The conditional score is the same as that of Gi, but for its sign below the mean.
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, finite; `weights`: `[n_units]`, the unit itself left out, usually
///   row-standardised.
/// - returns: `[n_units]`, dimensionless; `None` for an island, which counts in mean and variance
///   all the same.
///
/// # Errors
///
/// [`AssociationError`] if lengths differ, a value is not finite, there are fewer than 3 units, or
/// all values are equal.
///
/// # Source
///
/// Anselin (1995), *Geographical Analysis* 27(2), 93-115,
/// <https://doi.org/10.1111/j.1538-4632.1995.tb00338.x>; conditional moments after Sokal, Oden and
/// Thomson (1998), *Geographical Analysis* 30(4), 331-354,
/// <https://doi.org/10.1111/j.1538-4632.1998.tb00406.x>, equations A7 and A8. Follows `localmoran`
/// of spdep; `esda.Moran_Local` and `GeoDa` give the I of [`Divisor::UnitsLessOne`].
/// Quadrants are those spdep names `pysal`: by the signs of deviation and lagged deviation.
#[doc(alias = "localmoran")]
#[doc(alias = "Moran_Local")]
pub fn local_moran(
    values: &[f64],
    weights: &Weights,
    moments: LocalMoments,
    divisor: Divisor,
) -> Result<Vec<Option<LocalMoran>>, AssociationError> {
    check_values(values, weights.n_units(), 3)?;
    let z = centred(values);
    let n = values.len() as f64;
    let m2 = sum_over(z.len(), |i| z[i] * z[i]) / n;
    let over = match divisor {
        Divisor::Units => n,
        Divisor::UnitsLessOne => n - 1.0,
    };
    let s2 = m2 * n / over;
    let b2 = sum_over(z.len(), |i| z[i].powi(4)) / over / (s2 * s2);
    let of = |i: usize| {
        let (w, s) = (weights.sum(i), weights.sum_of_squares(i));
        let lag = weights.lag(i, &z);
        let own = z[i];
        let (expected, variance) = match moments {
            LocalMoments::Conditional => (
                -own * own * w / ((n - 1.0) * m2),
                (own / m2).powi(2) * n / (n - 2.0)
                    * (s - w * w / (n - 1.0))
                    * (m2 - own * own / (n - 1.0)),
            ),
            LocalMoments::Total => {
                let expected = -w / (n - 1.0);
                let apart = (n - b2) / (n - 1.0) * s;
                let together = (2.0 * b2 - n) / ((n - 1.0) * (n - 2.0)) * (w * w - s);
                (expected, apart + together - expected * expected)
            }
        };
        let value = own / s2 * lag;
        // Rounding leaves a trace where every other unit is a neighbour.
        let known = variance > 1e-12 * (own / m2).powi(2) * m2 * s && variance > 0.0;
        (w > 0.0).then(|| LocalMoran {
            i: value,
            expected,
            variance,
            z: known.then(|| (value - expected) / variance.sqrt()),
            deviation: own,
            quadrant: Quadrant::of(own, lag),
        })
    };
    Ok(by_unit(values.len(), of))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;
    use crate::stats::{Star, Weighting, local_g};

    fn line(n: usize) -> Weights {
        crate::stats::testing::line(n).into()
    }

    fn score(values: &[f64], weights: &Weights, moments: LocalMoments) -> Vec<LocalMoran> {
        local_moran(values, weights, moments, Divisor::Units)
            .unwrap()
            .into_iter()
            .flatten()
            .collect()
    }

    /// spdep's definition, worked by hand: x = 1, 2, 6; mean 3, z = -2, -1, 3, m2 = 14/3.
    #[test]
    fn three_units_are_as_worked_by_hand() {
        let scores = score(&[1.0, 2.0, 6.0], &line(3), LocalMoments::Conditional);

        assert_relative_eq!(scores[0].i, 2.0 / (14.0 / 3.0));
        assert_relative_eq!(scores[1].i, -1.0 / (14.0 / 3.0));
        assert_relative_eq!(scores[0].expected, -4.0 / 2.0 / (14.0 / 3.0));
        assert_eq!(
            scores.iter().map(|s| s.quadrant).collect::<Vec<_>>(),
            [Quadrant::LowLow, Quadrant::LowHigh, Quadrant::HighLow]
        );
    }

    /// Mean and variance over every order of the other values, and over every order of all.
    #[test]
    fn moments_are_those_of_every_permutation() {
        let values = [4.0, 0.0, 1.5, 7.0, 2.0, 2.0];
        let weights = Weights::from_lists(&[
            vec![(1, 0.5), (2, 1.0)],
            vec![(0, 1.0)],
            vec![(0, 0.2), (4, 0.3), (5, 2.0)],
            vec![(2, 1.0)],
            vec![(3, 1.0), (5, 1.0)],
            vec![(1, 1.0)],
        ])
        .unwrap();
        let i = 2;
        let mut orders = vec![vec![]];
        for _ in 0..6 {
            orders = orders
                .into_iter()
                .flat_map(|order: Vec<usize>| {
                    (0..6)
                        .filter(|j| !order.contains(j))
                        .map(|j| [order.clone(), vec![j]].concat())
                        .collect::<Vec<_>>()
                })
                .collect();
        }
        for (moments, holds) in [(LocalMoments::Conditional, true), (LocalMoments::Total, false)] {
            let all: Vec<f64> = orders
                .iter()
                .filter(|order| !holds || order[i] == i)
                .map(|order| {
                    let moved: Vec<f64> = order.iter().map(|&j| values[j]).collect();
                    score(&moved, &weights, moments)[i].i
                })
                .collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;

            let ours = score(&values, &weights, moments)[i];

            assert_relative_eq!(ours.expected, mean, max_relative = 1e-9);
            assert_relative_eq!(ours.variance, variance, max_relative = 1e-9);
        }
    }

    #[test]
    fn an_island_has_none_and_a_unit_at_the_mean_no_score() {
        let weights = Weights::from_lists(&[
            vec![(1, 1.0)],
            vec![(0, 1.0), (2, 1.0)],
            vec![(1, 1.0)],
            vec![],
        ])
        .unwrap();

        let scores =
            local_moran(&[1.0, 2.0, 4.0, 1.0], &weights, LocalMoments::default(), Divisor::Units)
                .unwrap();

        assert_eq!(scores[3], None);
        let middle = scores[1].unwrap();
        assert_eq!((middle.i, middle.z, middle.quadrant), (0.0, None, Quadrant::LowHigh));
    }

    /// By hand, as above: s2 = 14/2, b2 = (98/2)/49 = 1; for the unit in the middle W = S = 2, so
    /// that V = 2 (3-1)/2 + (4-2)(2-3)/2 - 1 = 0.
    #[test]
    fn a_sample_variance_makes_less_of_it() {
        let of = |moments| {
            local_moran(&[1.0, 2.0, 6.0], &line(3), moments, Divisor::UnitsLessOne).unwrap()
        };

        let (given, total) = (of(LocalMoments::Conditional), of(LocalMoments::Total));

        assert_relative_eq!(given[0].unwrap().i, 2.0 / 7.0);
        assert_relative_eq!(given[0].unwrap().expected, -4.0 / 2.0 / (14.0 / 3.0));
        assert_relative_eq!(total[0].unwrap().variance, 1.0 - 0.25);
        assert_relative_eq!(total[1].unwrap().variance, 0.0);
    }

    #[test]
    fn what_cannot_be_scored_is_refused() {
        let refused = |values: &[f64], n| {
            local_moran(values, &line(n), LocalMoments::default(), Divisor::Units)
        };

        assert_eq!(refused(&[], 0), Err(AssociationError::TooFew { units: 0, wanted: 3 }));
        assert_eq!(refused(&[5.0; 4], 4), Err(AssociationError::NoVariation(4)));
        assert_eq!(refused(&[1.0], 3), Err(AssociationError::Shape { values: 1, units: 3 }));
        assert_eq!(refused(&[1.0, f64::NAN, 2.0], 3), Err(AssociationError::NotFinite(1)));
    }

    proptest! {
        #[test]
        fn scaling_and_shifting_values_moves_nothing(
            values in prop::collection::vec(0.0_f64..50.0, 4..30),
            factor in 0.1_f64..100.0,
            shift in -100.0_f64..100.0,
        ) {
            let weights = line(values.len()).row_standardised();
            let moved: Vec<_> = values.iter().map(|x| x * factor + shift).collect();
            for moments in [LocalMoments::Conditional, LocalMoments::Total] {
                let (Ok(a), Ok(b)) = (
                    local_moran(&values, &weights, moments, Divisor::Units),
                    local_moran(&moved, &weights, moments, Divisor::Units),
                ) else { continue };
                for (a, b) in a.into_iter().flatten().zip(b.into_iter().flatten()) {
                    prop_assert!((a.i - b.i).abs() < 1e-6 * (1.0 + a.i.abs()));
                }
            }
        }

        /// Two ways to the same test.
        #[test]
        fn the_conditional_score_is_that_of_gi(
            values in prop::collection::vec(0.0_f64..50.0, 6..30),
        ) {
            let weights = line(values.len());
            let moran =
                local_moran(&values, &weights, LocalMoments::Conditional, Divisor::Units).unwrap();
            let gi = local_g(&values, &weights, Star::ExcludesSelf, Weighting::Plain).unwrap();
            for (moran, gi) in moran.into_iter().flatten().zip(gi.into_iter().flatten()) {
                if let Some(z) = moran.z.filter(|_| moran.deviation.abs() > 1e-3) {
                    prop_assert!((z - gi * moran.deviation.signum()).abs() < 1e-5 * (1.0 + gi.abs()));
                }
            }
        }
    }
}

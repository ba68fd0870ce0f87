//! Local Geary: which units differ little, or much, from their neighbours.

use crate::stats::english::class as say;
use crate::weights::Weights;

use super::error::{AssociationError, check_values};
use super::local_moran::Quadrant;
use super::sums::{by_unit, centred, sum_over};

/// What a local Geary that is unlike chance says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GearyClass {
    /// Like its neighbours, all high.
    HighHigh,
    /// Like its neighbours, all low.
    LowLow,
    /// Like its neighbours, though on the other side of the mean than they are.
    OtherPositive,
    /// Unlike its neighbours.
    Negative,
}

impl GearyClass {
    /// Name in files and on screen.
    pub const fn label(self) -> &'static str {
        say::geary(self)
    }
}

/// Local Geary of one unit, with what it would be by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalGeary {
    /// The statistic: small where neighbours are alike, large where they differ.
    pub c: f64,
    /// Its mean by chance, given the unit's own value.
    pub expected: f64,
    /// Its variance by chance, given the unit's own value.
    pub variance: f64,
    /// Standard score: below zero where neighbours are alike; `None` without variance.
    pub z: Option<f64>,
    /// What it says, should it be unlike chance.
    pub class: GearyClass,
}

/// Local Geary of each unit.
///
/// ```text
/// c_i = Σ_j w_ij (z_i - z_j)²,   z = (x - x̄) / s,   s² = Σ (x - x̄)² / (n-1)
///
/// E = W_i D̄_i,   V = (N S_i - W_i²) / (N - 1) · var_i,   N = n - 1
/// ```
///
/// where D̄ and var are the mean and the variance (over N) of `(z_i - z_j)²` over all others: the
/// exact moments of conditional permutation. Squares are skewed, so a normal p-value from them is a
/// quick look; the permutation test ([`permuted_differences`](super::permuted_differences)) is the
/// one to report.
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, finite; `weights`: `[n_units]`, the unit itself left out, usually
///   row-standardised.
/// - returns: `[n_units]`, dimensionless; `None` for an island, which counts in mean and spread all
///   the same.
///
/// # Errors
///
/// [`AssociationError`] if lengths differ, a value is not finite, there are fewer than 3 units, or
/// all values are equal.
///
/// # Source
///
/// Anselin (1995), *Geographical Analysis* 27(2), 93-115,
/// <https://doi.org/10.1111/j.1538-4632.1995.tb00338.x>; Anselin (2019), *Geographical Analysis*
/// 51(2), 133-150, <https://doi.org/10.1111/gean.12164>. Follows `localC` of spdep, whose spread
/// divides by n - 1; `esda.Geary_Local` divides by n and always standardises rows, so its c is
/// n/(n-1) times ours with standardised rows. Classes are those of `GeoDa`; a c below what chance
/// gives is positive association.
#[doc(alias = "localC")]
#[doc(alias = "Geary_Local")]
pub fn local_geary(
    values: &[f64],
    weights: &Weights,
) -> Result<Vec<Option<LocalGeary>>, AssociationError> {
    check_values(values, weights.n_units(), 3)?;
    let n = values.len() as f64;
    let mut z = centred(values);
    let spread = (sum_over(z.len(), |i| z[i] * z[i]) / (n - 1.0)).sqrt();
    for z in &mut z {
        *z /= spread;
    }
    let power = |k: i32| sum_over(z.len(), |i| z[i].powi(k));
    let powers = [power(1), power(2), power(3), power(4)];
    let others = n - 1.0;
    let of = |i: usize| {
        let own = z[i];
        let (w, s) = (weights.sum(i), weights.sum_of_squares(i));
        let c = weights.lag_of(i, &z, |other| (own - other) * (own - other));
        // Means over the others of their powers.
        let [m1, m2, m3, m4] = [1, 2, 3, 4].map(|k| (powers[k - 1] - own.powi(k as i32)) / others);
        let mean = own * own - 2.0 * own * m1 + m2;
        let square =
            own.powi(4) - 4.0 * own.powi(3) * m1 + 6.0 * own * own * m2 - 4.0 * own * m3 + m4;
        let spread = square - mean * mean;
        let bracket = others * s - w * w;
        // Rounding leaves a trace where there is none.
        let known = spread > 1e-10 * square && bracket > 1e-12 * others * s;
        let variance = if known { spread * bracket / (others - 1.0) } else { 0.0 };
        let expected = w * mean;
        let class = match Quadrant::of(own, weights.lag(i, &z)) {
            _ if c > expected => GearyClass::Negative,
            Quadrant::HighHigh => GearyClass::HighHigh,
            Quadrant::LowLow => GearyClass::LowLow,
            Quadrant::HighLow | Quadrant::LowHigh => GearyClass::OtherPositive,
        };
        let z = known.then(|| (c - expected) / variance.sqrt());
        (w > 0.0).then_some(LocalGeary { c, expected, variance, z, class })
    };
    Ok(by_unit(values.len(), of))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn weights() -> Weights {
        Weights::from_lists(&[
            vec![(1, 0.5), (2, 1.0)],
            vec![(0, 1.0)],
            vec![(0, 0.2), (4, 0.3), (5, 2.0)],
            vec![(2, 1.0)],
            vec![(3, 1.0), (5, 1.0)],
            vec![],
        ])
        .unwrap()
    }

    const VALUES: [f64; 6] = [4.0, 0.0, 1.5, 7.0, 2.0, 2.0];

    /// `libpysal` 4.14.1 and `esda` 2.9.0: `Geary_Local(w, permutations=0).fit(x).localG` of the six
    /// points of libpysal's documentation within 15 units, times (n-1)/n = 5/6.
    #[test]
    fn agrees_with_esda_but_for_its_spread() {
        let near: [&[usize]; 6] = [&[1, 3], &[0, 3, 4], &[4], &[0, 1, 4], &[1, 2, 3, 5], &[4]];
        let lists: Vec<Vec<(usize, f64)>> =
            near.iter().map(|list| list.iter().map(|&j| (j, 1.0)).collect()).collect();
        let weights = Weights::from_lists(&lists).unwrap().row_standardised();
        let esda = [
            1.045_296_167_247_386_8,
            2.090_592_334_494_773_7,
            4.816_724_738_675_958,
            1.533_101_045_296_167_5,
            3.033_449_477_351_916_7,
            0.209_059_233_449_477_44,
        ];

        let scores = local_geary(&[2.0, 3.0, 3.2, 5.0, 8.0, 7.0], &weights).unwrap();

        for (ours, theirs) in scores.into_iter().zip(esda) {
            assert_relative_eq!(ours.unwrap().c, theirs * 5.0 / 6.0, max_relative = 1e-9);
        }
    }

    /// Mean and variance over every order of the other values.
    #[test]
    fn moments_are_those_of_every_permutation() {
        let scores = local_geary(&VALUES, &weights()).unwrap();
        for i in [0, 2, 4] {
            let others: Vec<usize> = (0..6).filter(|&j| j != i).collect();
            let mut orders: Vec<Vec<usize>> = vec![vec![]];
            for _ in 0..5 {
                orders = orders
                    .into_iter()
                    .flat_map(|order| {
                        let left = others.iter().filter(|j| !order.contains(j));
                        left.map(|&j| [order.clone(), vec![j]].concat()).collect::<Vec<_>>()
                    })
                    .collect();
            }
            let all: Vec<f64> = orders
                .iter()
                .map(|order| {
                    let mut moved = VALUES;
                    for (&to, &from) in others.iter().zip(order) {
                        moved[to] = VALUES[from];
                    }
                    local_geary(&moved, &weights()).unwrap()[i].unwrap().c
                })
                .collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;

            let ours = scores[i].unwrap();

            assert_relative_eq!(ours.expected, mean, max_relative = 1e-9);
            assert_relative_eq!(ours.variance, variance, max_relative = 1e-9);
        }
        assert_eq!(scores[5], None);
    }

    #[test]
    fn classes_say_in_which_way_units_are_alike() {
        let lists: Vec<Vec<(usize, f64)>> = (0..6)
            .map(|i: usize| {
                (0..6).filter(|&j| j + 1 == i || i + 1 == j).map(|j| (j, 1.0)).collect()
            })
            .collect();
        let weights = Weights::from_lists(&lists).unwrap().row_standardised();

        let scores = local_geary(&[9.0, 9.0, 9.0, 0.0, 0.0, 0.0], &weights).unwrap();

        let classes: Vec<_> = scores.iter().map(|score| score.unwrap().class.label()).collect();
        assert_eq!(classes[0], "high-high");
        assert_eq!(classes[5], "low-low");
        assert_relative_eq!(scores[0].unwrap().c, 0.0);
        assert!(scores[0].unwrap().z.unwrap() < 0.0);
    }

    #[test]
    fn what_cannot_be_scored_is_refused() {
        assert_eq!(local_geary(&[3.0; 6], &weights()), Err(AssociationError::NoVariation(6)));
        assert_eq!(
            local_geary(&[3.0; 2], &weights()),
            Err(AssociationError::Shape { values: 2, units: 6 })
        );
    }

    #[test]
    fn others_that_are_all_equal_leave_no_score() {
        let scores = local_geary(&[9.0, 2.0, 2.0, 2.0, 2.0, 2.0], &weights()).unwrap();

        assert_eq!(scores[0].unwrap().z, None);
        assert!(scores[2].unwrap().z.is_some());
    }
}

//! Rates drawn together where they are of few: empirical Bayes smoothing.

use crate::quantity::Population;
use crate::weights::Neighbours;

/// Mean rate of some units, and how much it varies beyond chance.
#[derive(Debug, Clone, Copy)]
struct Pool {
    /// Rate of all together, per one of the base.
    mean: f64,
    /// Variance between units, at least zero.
    between: f64,
}

impl Pool {
    /// Of units with these counts and bases: at least one.
    ///
    /// `about` gives the rate that a unit's own is compared with.
    fn of(units: &[(f64, f64)], about: impl Fn(usize, f64) -> f64) -> Self {
        let (all, base) = units.iter().fold((0.0, 0.0), |sum, (c, b)| (sum.0 + c, sum.1 + b));
        let mean = all / base;
        let spread = units
            .iter()
            .enumerate()
            .map(|(i, (c, b))| b * (c / b - about(i, mean)).powi(2))
            .sum::<f64>()
            / base;
        let between = (spread - mean / (base / units.len() as f64)).max(0.0);
        Self { mean, between }
    }

    fn smoothed(self, count: f64, base: f64) -> f64 {
        let within = self.mean / base;
        // No incident anywhere: nothing to weigh, and the rate of the whole is zero.
        let sum = self.between + within;
        let weight = if sum > 0.0 { self.between / sum } else { 0.0 };
        weight * (count / base) + (1.0 - weight) * self.mean
    }
}

/// Rates drawn towards the rate of the whole, the more so the smaller the base: empirical Bayes.
///
/// ```text
/// m = Σc/Σb, s² = Σb(r - m)²/Σb, a = max(0, s² - m/b̄), smoothed = w r + (1 - w) m, w = a/(a + m/b)
/// ```
///
/// Where the rates differ by no more than chance (a = 0) every smoothed rate is m. (`esda` 2.9.0
/// does not clamp a.)
///
/// # Shapes and units
///
/// - `counts`, `bases`: `[n_units]`.
/// - returns: `[n_units]`, per one of the base; `None` where the base is not known, which is left
///   out of the whole as well.
///
/// # Source
///
/// Marshall (1991), *Applied Statistics* 40(2), 283-294, <https://doi.org/10.2307/2347593>.
#[doc(alias = "EBest")]
pub fn empirical_bayes(counts: &[u64], bases: &[Option<Population>]) -> Vec<Option<f64>> {
    let known: Vec<(f64, f64)> = counts
        .iter()
        .zip(bases)
        .filter_map(|(&c, base)| Some((c as f64, base.as_ref()?.get())))
        .collect();
    if known.is_empty() {
        return vec![None; counts.len()];
    }
    let pool = Pool::of(&known, |_, mean| mean);
    let smoothed = |(&count, base): (&u64, &Option<Population>)| {
        Some(pool.smoothed(count as f64, base.as_ref()?.get()))
    };
    counts.iter().zip(bases).map(smoothed).collect()
}

/// What the rate of a neighbour is compared with when the spread among neighbours is measured.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum LocalSpread {
    /// The neighbour's own local mean, as `EBlocal` of spdep has it (after Bailey and Gatrell).
    #[default]
    EachMean,
    /// The local mean of the unit being smoothed, as `GeoDa` has it (after Marshall).
    UnitMean,
}

/// Rates drawn towards the rate of the unit and its neighbours together: local empirical Bayes.
///
/// ```text
/// m_i = Σc/Σb, a_i = max(0, Σb(r - m)²/Σb - m_i/b̄), smoothed = w r + (1 - w) m_i, w = a_i/(a_i + m_i/b_i)
/// ```
///
/// with every sum over the unit and its neighbours.
///
/// # Shapes and units
///
/// - `counts`, `bases`, `neighbours`: `[n_units]`, the unit itself left out of its neighbours.
/// - returns: `[n_units]`, per one of the base; `None` where the base is not known, which is left out
///   of its neighbours' sums as well, or where lengths differ. An island keeps its own rate.
///
/// # Source
///
/// Marshall (1991), *Applied Statistics* 40(2), 283-294, <https://doi.org/10.2307/2347593>; Bailey and
/// Gatrell (1995), *Interactive Spatial Data Analysis*, Longman, pages 305 to 307. Follows `EBlocal`
/// of spdep, whose two readings of the spread are [`LocalSpread`].
#[doc(alias = "EBlocal")]
pub fn local_empirical_bayes(
    counts: &[u64],
    bases: &[Option<Population>],
    neighbours: &Neighbours,
    spread: LocalSpread,
) -> Vec<Option<f64>> {
    let n = counts.len();
    if bases.len() != n || neighbours.n_units() != n {
        return vec![None; n];
    }
    let unit = |i: usize| Some((counts[i] as f64, bases[i].as_ref()?.get()));
    // The unit first, then its neighbours.
    let around = |i: usize| std::iter::once(i).chain(neighbours.of(i).iter().map(|&j| j as usize));
    let means: Vec<f64> = (0..n)
        .map(|i| {
            let sums = around(i).filter_map(unit);
            let (all, base) = sums.fold((0.0, 0.0), |sum, (c, b)| (sum.0 + c, sum.1 + b));
            if base > 0.0 { all / base } else { 0.0 }
        })
        .collect();
    (0..n)
        .map(|i| {
            let (count, base) = unit(i)?;
            let near: Vec<usize> = around(i).filter(|&j| bases[j].is_some()).collect();
            let units: Vec<(f64, f64)> = near.iter().filter_map(|&j| unit(j)).collect();
            let about = |at: usize, mean: f64| match spread {
                LocalSpread::EachMean => means[near[at]],
                LocalSpread::UnitMean => mean,
            };
            Some(Pool::of(&units, about).smoothed(count, base))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn bases(of: &[f64]) -> Vec<Option<Population>> {
        of.iter().map(|&b| Population::new(b)).collect()
    }

    #[test]
    fn equal_rates_stay_as_they_are() {
        let bases = [Population::new(100.0), Population::new(200.0), None];

        let smoothed = empirical_bayes(&[1, 2, 9], &bases);

        assert_relative_eq!(smoothed[0].unwrap(), 0.01);
        assert_relative_eq!(smoothed[1].unwrap(), 0.01);
        assert_eq!(smoothed[2], None);
        assert_eq!(empirical_bayes(&[0, 0], &bases[..2]), [Some(0.0), Some(0.0)]);
        assert_eq!(empirical_bayes(&[4], &[None]), [None]);
        assert_eq!(empirical_bayes(&[], &[]), []);
    }

    /// Computed apart from this code, with numpy, by the formulae of spdep's `EBlocal` with
    /// `geoda = FALSE` and `TRUE`.
    #[test]
    fn local_rates_agree_with_both_readings_of_spdep() {
        let counts = [2, 9, 1, 14, 0, 30];
        let bases = bases(&[1_000.0, 2_500.0, 400.0, 1_200.0, 300.0, 900.0]);
        let near = Neighbours::from_lists(&[
            vec![1, 2],
            vec![0, 3],
            vec![0, 3, 4],
            vec![1, 2, 5],
            vec![2],
            vec![3],
        ])
        .unwrap();

        let theirs_each = [
            0.002_815_898_212_313_581_5,
            0.005_319_148_936_170_213,
            0.005_862_068_965_517_241_5,
            0.011_411_047_305_568_004,
            0.000_848_848_819_981_903_9,
            0.029_183_088_327_910_653,
        ];
        let theirs_unit = [
            0.003_076_923_076_923_077,
            0.003_882_767_952_965_330_4,
            0.004_101_346_129_073_812,
            0.011_603_440_511_573_45,
            0.001_428_571_428_571_428_6,
            0.030_896_698_615_548_453,
        ];

        let each = local_empirical_bayes(&counts, &bases, &near, LocalSpread::EachMean);
        let unit = local_empirical_bayes(&counts, &bases, &near, LocalSpread::UnitMean);

        for (ours, theirs) in
            each.into_iter().zip(theirs_each).chain(unit.into_iter().zip(theirs_unit))
        {
            assert_relative_eq!(ours.unwrap(), theirs, max_relative = 1e-12);
        }
    }

    #[test]
    fn an_island_keeps_its_own_rate_and_an_unknown_base_none() {
        let near = Neighbours::from_lists(&[vec![2], vec![], vec![0]]).unwrap();
        let bases = [Population::new(50.0), Population::new(20.0), None];

        let smoothed = local_empirical_bayes(&[5, 4, 7], &bases, &near, LocalSpread::default());

        assert_relative_eq!(smoothed[0].unwrap(), 0.1);
        assert_relative_eq!(smoothed[1].unwrap(), 0.2);
        assert_eq!(smoothed[2], None);
        assert_eq!(local_empirical_bayes(&[1], &bases, &near, LocalSpread::default()), [None]);
    }

    #[test]
    fn where_everyone_is_a_neighbour_local_is_global() {
        let counts = [2, 9, 1, 14];
        let bases = bases(&[1_000.0, 2_500.0, 400.0, 1_200.0]);
        let all: Vec<Vec<usize>> = (0..4).map(|i| (0..4).filter(|&j| j != i).collect()).collect();
        let near = Neighbours::from_lists(&all).unwrap();

        let global = empirical_bayes(&counts, &bases);

        for spread in [LocalSpread::EachMean, LocalSpread::UnitMean] {
            let local = local_empirical_bayes(&counts, &bases, &near, spread);
            for (local, global) in local.into_iter().zip(&global) {
                assert_relative_eq!(local.unwrap(), global.unwrap(), max_relative = 1e-12);
            }
        }
    }
}

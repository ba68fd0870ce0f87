//! The E-test: whether two Poisson counts come of one rate.

use crate::aggregate::{Exposed, poisson_at_least, poisson_at_most, poisson_exactly};
use crate::stats::Alternative;

/// Statistics that differ by less than this share are taken as equal.
const TIE: f64 = 1e-12;
/// Counts whose chance is below this are left out of the sum.
const NEGLIGIBLE: f64 = 1e-17;

/// p-value of two counts having one rate, under the pooled rate.
///
/// ```text
/// T = (k1/n1 - k2/n2) / √((k1 + k2)/(n1 + n2)),   λ = (k1 + k2)/(n1 + n2)
/// p = Σ Poi(x1; n1 λ) Poi(x2; n2 λ) over every (x1, x2) whose |T|, T or -T is as large or larger
/// ```
///
/// Of both zero T is 0, which a two-sided test does not count as extreme even where the rates seen are
/// equal. Stronger than the exact conditional test of [`rate_ratio`](crate::aggregate::rate_ratio),
/// which is on the safe side for small counts. Incidents that come in series make either p-value too
/// small.
///
/// That the first rate is `r` times the second is tested by giving the first an exposure `r` times
/// its own; that it is so much higher, by [`e_test_of_difference`].
///
/// # Shapes and units
///
/// - exposures above zero: periods, areas, people.
/// - `alternative`: greater is a first rate higher than the second.
/// - returns: `None` where both counts are zero or an exposure is not above zero.
///
/// # Source
///
/// Krishnamoorthy and Thomson (2004), *Journal of Statistical Planning and Inference* 119(1), 23-35,
/// <https://doi.org/10.1016/S0378-3758(02)00408-1>. As `ptools::e_test`, and statsmodels'
/// `test_poisson_2indep(method="etest")` but for both zero under equal rates.
#[doc(alias = "etest_poisson_2indep")]
pub fn e_test(first: Exposed, second: Exposed, alternative: Alternative) -> Option<f64> {
    e_test_of_difference(first, second, 0.0, alternative)
}

/// p-value of the first count having a rate `difference` higher than the second.
///
/// ```text
/// T = (k1/n1 - k2/n2 - d) / √(λ1/n1 + λ2/n2)
/// p = Σ Poi(x1; n1 λ1) Poi(x2; n2 λ2) over every (x1, x2) whose |T|, T or -T is as large or larger
/// ```
///
/// λ1 and λ2 are the likeliest rates with λ1 - λ2 = d: those of each pair in its T, those of the
/// counts seen in p. Of no difference both are the pooled rate, and this is [`e_test`].
///
/// # Shapes and units
///
/// - exposures above zero: periods, areas, people.
/// - `difference`: incidents per unit of exposure, below zero for a first rate that is lower.
/// - `alternative`: greater is a first rate that is higher by more than that.
/// - returns: `None` where an exposure is not above zero, the difference is not finite, or no
///   difference is tested and both counts are zero.
///
/// # Source
///
/// Krishnamoorthy and Thomson (2004), as [`e_test`], for the test; they divide by √(k1/n1² + k2/n2²)
/// and take λ2 for the pooled rate less d n1/(n1 + n2), which may fall below zero. The likeliest rates
/// cannot: Ng, Gu and Tang (2007), *Computational Statistics & Data Analysis* 51(6), 3085-3099,
/// <https://doi.org/10.1016/j.csda.2006.02.004>, and statsmodels'
/// `test_poisson_2indep(method="etest", compare="diff")`.
pub fn e_test_of_difference(
    first: Exposed,
    second: Exposed,
    difference: f64,
    alternative: Alternative,
) -> Option<f64> {
    let usable = |x: f64| x.is_finite() && x > 0.0;
    let neither = difference == 0.0 && first.count + second.count == 0;
    if !usable(first.exposure) || !usable(second.exposure) || !difference.is_finite() || neither {
        return None;
    }
    let test = Test::new(first, second, difference);
    let seen = test.square(first.count, second.count);
    let first_is_higher = test.difference(first.count, second.count) > 0.0;
    let p = match alternative {
        Alternative::TwoSided => {
            let (higher, lower) = test.extreme(seen * (1.0 - TIE));
            if seen > 0.0 { higher + lower } else { 1.0 - test.never_extreme() }
        }
        Alternative::Greater | Alternative::Less => {
            let towards = first_is_higher == (alternative == Alternative::Greater);
            // What is not as extreme lies beyond what was seen on the other side.
            let limit = if towards && seen > 0.0 { seen * (1.0 - TIE) } else { seen * (1.0 + TIE) };
            let (higher, lower) = test.extreme(limit.max(f64::MIN_POSITIVE));
            let greater = alternative == Alternative::Greater;
            match (towards && seen > 0.0, greater) {
                (true, true) => higher,
                (true, false) => lower,
                (false, true) => 1.0 - lower,
                (false, false) => 1.0 - higher,
            }
        }
    };
    Some(p.clamp(0.0, 1.0))
}

/// Chances of every pair of counts under the rates tested.
struct Test {
    /// Exposures.
    n: (f64, f64),
    /// First rate less the second, as tested.
    difference: f64,
    /// Means.
    m: (f64, f64),
    /// First and last counts that matter of the first.
    range: (u64, u64),
    tails: Tails,
    /// First and last counts that matter of the second.
    other: (u64, u64),
}

impl Test {
    fn new(first: Exposed, second: Exposed, difference: f64) -> Self {
        let n = (first.exposure, second.exposure);
        let rates = likeliest_rates((first.count, second.count), n, difference);
        let m = (n.0 * rates.0, n.1 * rates.1);
        let other = counts_that_matter(m.1);
        let tails = Tails::new(m.1, other.0, other.1);
        Self { n, difference, m, range: counts_that_matter(m.0), tails, other }
    }

    /// How much the first rate is higher than the second by more than is tested; zero where that is
    /// rounding alone.
    fn difference(&self, x1: u64, x2: u64) -> f64 {
        let (r1, r2) = (x1 as f64 / self.n.0, x2 as f64 / self.n.1);
        let beyond = r1 - r2 - self.difference;
        if beyond.abs() <= TIE * (r1 + r2 + self.difference.abs()) { 0.0 } else { beyond }
    }

    /// The square of T.
    fn square(&self, x1: u64, x2: u64) -> f64 {
        let rates = likeliest_rates((x1, x2), self.n, self.difference);
        let variance = rates.0 / self.n.0 + rates.1 / self.n.1;
        if variance > 0.0 { self.difference(x1, x2).powi(2) / variance } else { 0.0 }
    }

    /// Chance of both zero where none is tested: a T of 0 that is never extreme.
    fn never_extreme(&self) -> f64 {
        if self.difference == 0.0 {
            poisson_exactly(0, self.m.0) * poisson_exactly(0, self.m.1)
        } else {
            0.0
        }
    }

    /// Chances of a T whose square is at least `limit`, above zero, with the first rate higher and
    /// lower.
    fn extreme(&self, limit: f64) -> (f64, f64) {
        let (low2, high2) = self.other;
        // T grows with x1 and falls with x2. As x1 grows, so do both ends of the x2 that are too near
        // to count: each is found from the last.
        let (mut below, mut above) = (low2, low2);
        let (mut higher, mut lower) = (0.0, 0.0);
        for x1 in self.range.0..=self.range.1 {
            let even = x1 as f64 * self.n.1 / self.n.0 - self.difference * self.n.1;
            let is_far = |x2: u64| self.square(x1, x2) >= limit;
            // First x2 of those at or below the even one that is too near.
            while below as f64 <= even && below <= high2 && is_far(below) {
                below += 1;
            }
            // First x2 above the even one that is far enough.
            while above <= high2 && (above as f64 <= even || !is_far(above)) {
                above += 1;
            }
            let chance = poisson_exactly(x1, self.m.0);
            higher += chance * self.tails.below(below);
            lower += chance * self.tails.from(above.max(below));
        }
        (higher, lower)
    }
}

/// The likeliest rates of two counts, of those whose first is `d` above the second.
fn likeliest_rates(x: (u64, u64), n: (f64, f64), d: f64) -> (f64, f64) {
    let both = n.0 + n.1;
    let pooled = (x.0 + x.1) as f64 / both;
    // The root of r² - linear r - constant that is no rate below zero, without the difference of
    // two near numbers.
    let root = |linear: f64, constant: f64| {
        let width = (linear * linear + 4.0 * constant).max(0.0).sqrt();
        match (linear >= 0.0, width > linear) {
            (true, _) => 0.5 * (linear + width),
            (false, true) => 2.0 * constant / (width - linear),
            (false, false) => 0.0,
        }
    };
    (
        root(pooled + d, -d * x.0 as f64 / both).max(0.0),
        root(pooled - d, d * x.1 as f64 / both).max(0.0),
    )
}

/// First and last count around the mean whose chance is not negligible.
fn counts_that_matter(mean: f64) -> (u64, u64) {
    let matters = |count: u64| poisson_exactly(count, mean) > NEGLIGIBLE;
    let middle = mean.floor() as u64;
    let reach = 9.5 * mean.sqrt() + 40.0;
    let mut low = (mean - reach).max(0.0) as u64;
    while low < middle && !matters(low) {
        low += 1;
    }
    let mut high = (mean + reach) as u64;
    while high > middle && !matters(high) {
        high -= 1;
    }
    (low, high)
}

/// Chances of a Poisson count below and from each of a range of counts.
struct Tails {
    low: u64,
    below: Vec<f64>,
    from: Vec<f64>,
}

impl Tails {
    fn new(mean: f64, low: u64, high: u64) -> Self {
        let chances: Vec<f64> = (low..=high).map(|count| poisson_exactly(count, mean)).collect();
        let mut below = vec![if low == 0 { 0.0 } else { poisson_at_most(low - 1, mean) }];
        for chance in &chances {
            below.push(below[below.len() - 1] + chance);
        }
        let mut from = vec![poisson_at_least(high + 1, mean)];
        for chance in chances.iter().rev() {
            from.push(from[from.len() - 1] + chance);
        }
        from.reverse();
        Self { low, below, from }
    }

    /// Chance of fewer than `count`.
    fn below(&self, count: u64) -> f64 {
        self.below[(count - self.low) as usize]
    }

    /// Chance of `count` or more.
    fn from(&self, count: u64) -> f64 {
        self.from[(count - self.low) as usize]
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    fn of(count: u64, exposure: f64) -> Exposed {
        Exposed { count, exposure }
    }

    fn two_sided(first: Exposed, second: Exposed) -> Option<f64> {
        e_test(first, second, Alternative::TwoSided)
    }

    /// statsmodels 0.15: `test_poisson_2indep(6, 1, 2, 1, method="etest")`; and 3 against 0.
    #[test]
    fn small_counts_agree_with_statsmodels() {
        let p = |k1, k2| two_sided(of(k1, 1.0), of(k2, 1.0)).unwrap();

        assert_relative_eq!(p(6, 2), 0.174_874_820_943_707_65, max_relative = 1e-9);
        assert_relative_eq!(p(3, 0), 0.088_379_009_454_835_23, max_relative = 1e-9);
    }

    /// statsmodels 0.15: `etest_poisson_2indep(k1, n1, k2, n2, value=ratio, alternative=...)`, larger
    /// and smaller; of equal rates both sides hold T = 0.
    #[test]
    fn one_sided_p_values_agree_with_statsmodels() {
        for (k1, n1, k2, n2, ratio, larger, smaller) in [
            (6, 1.0, 2, 1.0, 1.0, 0.087_437_410_471_853_85, 0.930_580_410_272_497_2),
            (2, 1.0, 6, 1.0, 1.0, 0.930_580_410_272_497_2, 0.087_437_410_471_853_83),
            (3, 1.0, 0, 1.0, 1.0, 0.044_189_504_727_417_6, 0.983_818_688_091_735_2),
            (10, 2.0, 5, 1.0, 1.0, 0.548_925_447_591_985_8, 0.524_315_383_542_143_9),
            (12, 3.0, 9, 1.5, 1.0, 0.827_845_333_104_197, 0.182_134_761_804_017_47),
            (20, 1.0, 10, 1.0, 2.0, 0.534_464_099_490_638_3, 0.517_182_272_665_075_4),
            (12, 3.0, 9, 1.5, 2.0, 0.992_431_872_367_811_5, 0.008_464_876_583_276_694),
        ] {
            let p = |side| e_test(of(k1, n1 * ratio), of(k2, n2), side).unwrap();

            assert_relative_eq!(p(Alternative::Greater), larger, max_relative = 1e-9);
            assert_relative_eq!(p(Alternative::Less), smaller, max_relative = 1e-9);
        }
    }

    /// statsmodels 0.15: `test_poisson_2indep(k1, n1, k2, n2, value=d, method="etest",
    /// compare="diff", alternative=...)`, both sides, larger and smaller.
    #[test]
    fn differences_other_than_none_agree_with_statsmodels() {
        for (k1, n1, k2, n2, d, both, larger, smaller) in [
            (
                6,
                1.0,
                2,
                1.0,
                1.0,
                0.294_556_916_637_624_8,
                0.156_948_848_348_726_38,
                0.866_975_433_380_925_3,
            ),
            (
                6,
                1.0,
                2,
                1.0,
                -2.0,
                0.053_188_388_518_873_04,
                0.022_484_547_500_115_56,
                0.982_307_873_058_023_6,
            ),
            (
                2,
                1.0,
                6,
                1.0,
                3.0,
                0.029_727_668_364_768_253,
                0.991_602_991_194_256_8,
                0.010_846_773_756_091_383,
            ),
            (0, 1.0, 0, 1.0, 2.0, 0.278_211_822_738_065_6, 1.0, 0.135_335_283_236_612_7),
            (
                0,
                1.0,
                5,
                2.0,
                1.5,
                0.049_760_419_980_941_22,
                0.994_569_157_570_527_1,
                0.010_586_669_565_889_398,
            ),
            (
                12,
                3.0,
                9,
                1.5,
                -1.25,
                0.747_729_211_072_522_4,
                0.645_288_986_833_482_9,
                0.368_976_433_821_948_17,
            ),
            (
                30,
                2.0,
                18,
                1.0,
                4.0,
                0.142_634_415_854_527_96,
                0.928_162_693_168_002_6,
                0.074_221_247_830_650_03,
            ),
            (10, 1.0, 5, 1.0, 5.0, 1.0, 0.546_070_566_003_163_1, 0.557_648_713_879_829_8),
            (
                60,
                1.0,
                40,
                1.0,
                -8.0,
                0.005_497_453_612_152_663,
                0.002_655_812_949_793_516_4,
                0.997_408_842_115_526_9,
            ),
            (
                5,
                0.5,
                0,
                2.0,
                7.0,
                0.595_402_245_552_529_5,
                0.274_555_046_690_395_5,
                0.857_613_553_095_778_5,
            ),
        ] {
            let p = |side| e_test_of_difference(of(k1, n1), of(k2, n2), d, side).unwrap();

            assert_relative_eq!(p(Alternative::TwoSided), both, max_relative = 1e-9);
            assert_relative_eq!(p(Alternative::Greater), larger, max_relative = 1e-9);
            assert_relative_eq!(p(Alternative::Less), smaller, max_relative = 1e-9);
        }
    }

    /// Every outcome but both zero: 1 - Poi(0; 3) Poi(0; 1). A third of a tenth is not a thirtieth.
    #[test]
    fn rates_that_differ_by_rounding_are_equal() {
        for (n1, n2) in [(3.0, 1.0), (0.3, 0.1), (0.7 * 3.0, 0.7), (1e-9 * 3.0, 1e-9)] {
            let p = two_sided(of(3, n1), of(1, n2)).unwrap();

            assert_relative_eq!(p, 1.0 - (-4.0_f64).exp(), max_relative = 1e-12);
        }
    }

    #[test]
    fn what_cannot_be_tested_is_none() {
        assert_eq!(two_sided(of(0, 1.0), of(0, 1.0)), None);
        assert_eq!(two_sided(of(3, 0.0), of(1, 1.0)), None);
        assert_eq!(two_sided(of(3, f64::INFINITY), of(1, 1.0)), None);
        let none = (of(0, 1.0), of(0, 1.0));
        let apart = |d| e_test_of_difference(none.0, none.1, d, Alternative::TwoSided);
        assert_eq!(apart(f64::NAN), None);
        assert_eq!(apart(0.0), None);
        assert!(apart(0.5).is_some());
    }

    #[test]
    fn large_counts_come_near_the_score_test() {
        let p = two_sided(of(100_500, 1.0), of(100_000, 1.0)).unwrap();
        let z: f64 = 500.0 / 200_500_f64.sqrt();

        assert_relative_eq!(p, crate::stats::two_sided_p(z), max_relative = 1e-3);
    }

    fn slowly(k1: u64, k2: u64, n1: f64, n2: f64) -> f64 {
        let rate = (k1 + k2) as f64 / (n1 + n2);
        let t = |x1: u64, x2: u64| {
            (x1 as f64 / n1 - x2 as f64 / n2).powi(2) * (n1 + n2) / (x1 + x2) as f64
        };
        let mut p = 0.0;
        for x1 in 0..300 {
            for x2 in 0..300 {
                if x1 + x2 > 0 && t(x1, x2) >= t(k1, k2) * (1.0 - TIE) {
                    p += poisson_exactly(x1, n1 * rate) * poisson_exactly(x2, n2 * rate);
                }
            }
        }
        p
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn it_is_the_sum_it_says_it_is(k1 in 0_u64..40, k2 in 0_u64..40, n in 1_u8..6) {
            prop_assume!(k1 + k2 > 0);
            let (n1, n2) = (1.0, f64::from(n) * 0.75);

            let ours = two_sided(of(k1, n1), of(k2, n2)).unwrap();

            prop_assert!((ours - slowly(k1, k2, n1, n2)).abs() < 1e-9);
        }

        /// Likeliest rates have a slope of the likelihood of zero, or lie at its edge.
        #[test]
        fn the_likeliest_rates_are_the_likeliest(
            k1 in 0_u64..60, k2 in 0_u64..60, n1 in 0.2_f64..4.0, d in -20.0_f64..20.0,
        ) {
            let (r1, r2) = likeliest_rates((k1, k2), (n1, 1.0), d);

            prop_assert!(r1 >= 0.0 && r2 >= 0.0 && (r1 - r2 - d).abs() < 1e-9);
            let part = |k: u64, r: f64, n: f64| {
                if k == 0 { -n * r } else { k as f64 * (n * r).ln() - n * r }
            };
            let likely = |r2: f64| part(k1, r2 + d, n1) + part(k2, r2, 1.0);
            for other in [r2 * 1.001 + 1e-4, r2 * 0.999 - 1e-4] {
                if other > 0.0 && other + d > 0.0 {
                    prop_assert!(likely(other) <= likely(r2.max(1e-300)) + 1e-9);
                }
            }
        }

        #[test]
        fn a_difference_turned_about_is_the_same_question(
            k1 in 0_u64..200, k2 in 0_u64..200, d in 0.1_f64..30.0,
        ) {
            let ours = e_test_of_difference(of(k1, 2.0), of(k2, 3.0), d, Alternative::Greater);
            let turned = e_test_of_difference(of(k2, 3.0), of(k1, 2.0), -d, Alternative::Less);

            prop_assert!((ours.unwrap() - turned.unwrap()).abs() < 1e-9);
        }

        #[test]
        fn which_comes_first_does_not_matter(k1 in 0_u64..400, k2 in 0_u64..400) {
            prop_assume!(k1 + k2 > 0);
            let ours = two_sided(of(k1, 2.0), of(k2, 3.0)).unwrap();
            let turned = two_sided(of(k2, 3.0), of(k1, 2.0)).unwrap();

            prop_assert!((ours - turned).abs() < 1e-9);
        }
    }
}

//! The E-test: whether two Poisson counts come of one rate.

use crate::aggregate::{Exposed, poisson_at_least, poisson_at_most, poisson_exactly};

/// Statistics that differ by less than this share are taken as equal.
const TIE: f64 = 1e-12;
/// Counts whose chance is below this are left out of the sum.
const NEGLIGIBLE: f64 = 1e-17;

/// Two-sided p-value of two counts having one rate, under the pooled rate.
///
/// ```text
/// T = |k1/n1 - k2/n2| / √((k1 + k2)/(n1 + n2)),   λ = (k1 + k2)/(n1 + n2)
/// p = Σ Poi(x1; n1 λ) Poi(x2; n2 λ) over every (x1, x2) whose T is as large or larger
/// ```
///
/// Both zero adds nothing. Stronger than the exact conditional test of
/// [`rate_ratio`](crate::aggregate::rate_ratio), which is on the safe side for small counts.
/// Incidents that come in series make either p-value too small.
///
/// # Shapes and units
///
/// - exposures above zero: periods, areas, people.
/// - returns: `None` where both counts are zero or an exposure is not above zero.
///
/// # Source
///
/// Krishnamoorthy and Thomson (2004), *Journal of Statistical Planning and Inference* 119(1), 23-35,
/// <https://doi.org/10.1016/S0378-3758(02)00408-1>. As `ptools::e_test` and statsmodels'
/// `test_poisson_2indep(method="etest")`.
#[doc(alias = "etest_poisson_2indep")]
pub fn e_test(first: Exposed, second: Exposed) -> Option<f64> {
    let usable = |x: f64| x.is_finite() && x > 0.0;
    if !usable(first.exposure) || !usable(second.exposure) || first.count + second.count == 0 {
        return None;
    }
    let (n1, n2) = (first.exposure, second.exposure);
    let rate = (first.count + second.count) as f64 / (n1 + n2);
    let square = |x1: u64, x2: u64| {
        if x1 + x2 == 0 {
            return 0.0;
        }
        let (x1, x2) = (x1 as f64, x2 as f64);
        (x1 / n1 - x2 / n2).powi(2) * (n1 + n2) / (x1 + x2)
    };
    let limit = square(first.count, second.count) * (1.0 - TIE);
    let (m1, m2) = (n1 * rate, n2 * rate);
    let (low1, high1) = counts_that_matter(m1);
    let (low2, high2) = counts_that_matter(m2);
    let tails = Tails::new(m2, low2, high2);
    // As x1 grows, so do both ends of the x2 that are too near to count: each is found from the last.
    let (mut below, mut above) = (low2, low2);
    let mut p = 0.0;
    for x1 in low1..=high1 {
        let even = x1 as f64 * n2 / n1;
        // First x2 of those at or below the even one that is too near.
        while below as f64 <= even && below <= high2 && square(x1, below) >= limit && x1 + below > 0
        {
            below += 1;
        }
        // First x2 above the even one that is far enough.
        above = above.max(low2);
        while above <= high2
            && (above as f64 <= even || square(x1, above) < limit || x1 + above == 0)
        {
            above += 1;
        }
        let far = if limit > 0.0 {
            tails.below(below) + tails.from(above.max(below))
        } else if x1 == 0 {
            1.0 - poisson_exactly(0, m2)
        } else {
            1.0
        };
        p += poisson_exactly(x1, m1) * far;
    }
    Some(p.min(1.0))
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

    /// statsmodels 0.15: `test_poisson_2indep(6, 1, 2, 1, method="etest")`; and 3 against 0.
    #[test]
    fn small_counts_agree_with_statsmodels() {
        let p = |k1, k2| e_test(of(k1, 1.0), of(k2, 1.0)).unwrap();

        assert_relative_eq!(p(6, 2), 0.174_874_820_943_707_65, max_relative = 1e-9);
        assert_relative_eq!(p(3, 0), 0.088_379_009_454_835_23, max_relative = 1e-9);
    }

    #[test]
    fn what_cannot_be_tested_is_none() {
        assert_eq!(e_test(of(0, 1.0), of(0, 1.0)), None);
        assert_eq!(e_test(of(3, 0.0), of(1, 1.0)), None);
        assert_eq!(e_test(of(3, f64::INFINITY), of(1, 1.0)), None);
    }

    #[test]
    fn large_counts_come_near_the_score_test() {
        let p = e_test(of(100_500, 1.0), of(100_000, 1.0)).unwrap();
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

            let ours = e_test(of(k1, n1), of(k2, n2)).unwrap();

            prop_assert!((ours - slowly(k1, k2, n1, n2)).abs() < 1e-9);
        }

        #[test]
        fn which_comes_first_does_not_matter(k1 in 0_u64..400, k2 in 0_u64..400) {
            prop_assume!(k1 + k2 > 0);
            let ours = e_test(of(k1, 2.0), of(k2, 3.0)).unwrap();
            let turned = e_test(of(k2, 3.0), of(k1, 2.0)).unwrap();

            prop_assert!((ours - turned).abs() < 1e-9);
        }
    }
}

//! How sure a count is: intervals for the mean of a Poisson count.

use super::quantile::{Tail, gamma_quantile, normal_quantile};

/// Coverage of an interval, such as 95%.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence(f64);

impl Confidence {
    /// 95%, as partnerships publish.
    pub const P95: Self = Self(0.95);

    /// `None` unless the coverage lies between 0 and 1.
    pub fn new(coverage: f64) -> Option<Self> {
        (coverage > 0.0 && coverage < 1.0).then_some(Self(coverage))
    }

    /// What is left out on each side.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// Standard errors on each side of a normal mean.
    pub fn z(self) -> f64 {
        -normal_quantile(self.tail())
    }
}

impl Default for Confidence {
    fn default() -> Self {
        Self::P95
    }
}

/// From lowest to highest plausible value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

impl Interval {
    /// Both ends times `factor`, which is not negative.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }
}

/// Exact interval for the mean of a Poisson count.
///
/// ```text
/// low = G(α/2; k), high = G(1 - α/2; k + 1), G the quantile of the gamma distribution
/// ```
///
/// A count of zero has a lower end of zero and still leaves out α/2 above.
///
/// # Source
///
/// Garwood (1936), *Biometrika* 28(3/4), 437-442, <https://doi.org/10.1093/biomet/28.3-4.437>.
#[doc(alias = "garwood")]
pub fn poisson_interval(count: u64, confidence: Confidence) -> Interval {
    let (k, tail) = (count as f64, confidence.tail());
    Interval {
        low: if count == 0 { 0.0 } else { gamma_quantile(k, tail, Tail::Lower) },
        high: gamma_quantile(k + 1.0, tail, Tail::Upper),
    }
}

/// Byar's approximation to [`poisson_interval`], as public health tables print it.
///
/// ```text
/// low = k (1 - 1/(9k) - z/(3 √k))³, high = (k+1) (1 - 1/(9(k+1)) + z/(3 √(k+1)))³
/// ```
///
/// # Source
///
/// Breslow and Day (1987), *Statistical Methods in Cancer Research* II, IARC, chapter 2.
#[doc(alias = "byar")]
pub fn byar_interval(count: u64, confidence: Confidence) -> Interval {
    let z = confidence.z();
    let end = |k: f64, z: f64| k * (1.0 - 1.0 / (9.0 * k) + z / (3.0 * k.sqrt())).powi(3);
    let k = count as f64;
    Interval { low: if count == 0 { 0.0 } else { end(k, -z) }, high: end(k + 1.0, z) }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// R 4.2.2: `poisson.test(k)$conf.int` for 0, 4 and 140.
    #[test]
    fn exact_intervals_agree_with_r() {
        let r = [
            (0, 0.0, 3.688_879_454_113_936),
            (4, 1.089_865_373_626_329, 10.241_588_675_403_694),
            (140, 117.770_571_233_252_19, 165.205_490_400_771_48),
        ];

        for (count, low, high) in r {
            let ours = poisson_interval(count, Confidence::P95);
            assert_relative_eq!(ours.low, low, max_relative = 1e-9);
            assert_relative_eq!(ours.high, high, max_relative = 1e-9);
        }
    }

    #[test]
    fn byar_stays_close_to_exact() {
        for count in [5_u64, 50, 5_000] {
            let (exact, byar) =
                (poisson_interval(count, Confidence::P95), byar_interval(count, Confidence::P95));
            assert_relative_eq!(exact.low, byar.low, max_relative = 0.01);
            assert_relative_eq!(exact.high, byar.high, max_relative = 0.01);
        }
    }

    #[test]
    fn a_coverage_is_between_none_and_all() {
        assert_eq!(Confidence::new(1.0), None);
        assert_eq!(Confidence::new(f64::NAN), None);
        assert_relative_eq!(Confidence::P95.z(), 1.959_963_984_540_054, max_relative = 1e-14);
    }
}

//! Observed over expected: indirect standardisation.

use crate::quantity::Population;

use super::interval::{Confidence, Interval, byar_interval, poisson_interval};
use super::tails::{poisson_at_least, poisson_at_most};

/// Which interval of a Poisson count is meant.
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
pub enum CountInterval {
    /// Garwood's exact one.
    #[default]
    Exact,
    /// Byar's approximation, as public health tables print it.
    Byar,
}

impl CountInterval {
    /// The interval for the mean of a count.
    pub fn of(self, count: u64, confidence: Confidence) -> Interval {
        match self {
            Self::Exact => poisson_interval(count, confidence),
            Self::Byar => byar_interval(count, confidence),
        }
    }
}

/// A count over what was expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedRatio {
    /// Incidents expected.
    pub expected: f64,
    /// Observed over expected: 1 is as everywhere.
    pub ratio: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Exact p-value, two-sided: twice the smaller tail of the Poisson distribution, at most 1.
    pub p: f64,
}

/// Counts that are expected if every unit had the rates of a standard: indirect standardisation.
///
/// ```text
/// E_i = Σ_k b_ik r_k, r_k the standard's rate of stratum k (an age group, a kind of household)
/// ```
///
/// # Shapes and units
///
/// - `bases`: `[n_units][n_strata]`; `rates`: `[n_strata]`, incidents per one of the base.
/// - returns: `[n_units]`; `None` where a unit has another number of strata than there are rates, or
///   nothing is expected.
pub fn expected_counts(bases: &[Vec<f64>], rates: &[f64]) -> Vec<Option<f64>> {
    bases
        .iter()
        .map(|strata| {
            let expected: f64 = strata.iter().zip(rates).map(|(base, rate)| base * rate).sum();
            (strata.len() == rates.len() && expected > 0.0).then_some(expected)
        })
        .collect()
}

/// Counts that are expected if every unit had the rate of all units together.
///
/// # Shapes and units
///
/// - `counts`, `bases`: `[n_units]`.
/// - returns: `[n_units]`; `None` where the base is not known, which is left out of the whole as well,
///   or where no incident happened anywhere.
pub fn expected_at_overall_rate(counts: &[u64], bases: &[Option<Population>]) -> Vec<Option<f64>> {
    let known = counts.iter().zip(bases).filter_map(|(&c, b)| Some((c as f64, b.as_ref()?.get())));
    let (all, base) = known.fold((0.0, 0.0), |sum, (c, b)| (sum.0 + c, sum.1 + b));
    let rate = if base > 0.0 { all / base } else { 0.0 };
    bases.iter().map(|b| b.map(|b| b.get() * rate).filter(|e| *e > 0.0)).collect()
}

/// How many times what was expected was observed (SMR and SIR in health), with its interval.
///
/// ```text
/// ratio = O / E, interval: that of the count O over E
/// ```
///
/// The expected count is taken as known. With the exact interval, the interval leaves out 1 where
/// p is below one less the confidence. Ratios of two units are each against the standard, not
/// against one another, where their strata differ.
///
/// `None` where nothing is expected.
///
/// # Source
///
/// Breslow and Day (1987), *Statistical Methods in Cancer Research* II, IARC, chapter 2.
#[doc(alias = "SMR")]
#[doc(alias = "excess risk")]
pub fn standardised_ratio(
    observed: u64,
    expected: f64,
    interval: CountInterval,
    confidence: Confidence,
) -> Option<StandardisedRatio> {
    if !(expected.is_finite() && expected > 0.0) {
        return None;
    }
    let k = observed as f64;
    let ends = interval.of(observed, confidence).scaled(1.0 / expected);
    let at_most = poisson_at_most(observed, expected);
    let at_least = poisson_at_least(observed, expected);
    Some(StandardisedRatio {
        expected,
        ratio: k / expected,
        low: ends.low,
        high: ends.high,
        p: (2.0 * at_most.min(at_least)).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn ratio(observed: u64, expected: f64) -> StandardisedRatio {
        standardised_ratio(observed, expected, CountInterval::Exact, Confidence::P95).unwrap()
    }

    /// Breslow and Day's interval of a count of 11 is 5.491 to 19.682 (digits from scipy 1.17); p is
    /// twice `poisson.sf(10, 6.5)`.
    #[test]
    fn eleven_against_six_and_a_half() {
        let ours = ratio(11, 6.5);

        assert_relative_eq!(ours.ratio, 11.0 / 6.5);
        assert_relative_eq!(ours.low * 6.5, 5.491_160_367_236_84, max_relative = 1e-9);
        assert_relative_eq!(ours.high * 6.5, 19.682_038_513_301_954, max_relative = 1e-9);
        assert_relative_eq!(ours.p, 0.133_677_580_491_607, max_relative = 1e-9);
    }

    #[test]
    fn the_exact_interval_leaves_out_one_where_p_is_small() {
        for observed in 0..40 {
            for expected in [0.4, 3.0, 12.5, 20.0] {
                let ours = ratio(observed, expected);
                let outside = ours.low > 1.0 || ours.high < 1.0;
                assert_eq!(outside, ours.p < 0.05, "{observed} of {expected}: {ours:?}");
            }
        }
    }

    #[test]
    fn none_observed_may_still_be_what_was_expected() {
        let ours = ratio(0, 1.0);

        assert_eq!((ours.ratio, ours.low), (0.0, 0.0));
        assert_relative_eq!(ours.p, 2.0 * (-1.0_f64).exp());
        assert_eq!(standardised_ratio(3, 0.0, CountInterval::Exact, Confidence::P95), None);
        assert_eq!(standardised_ratio(3, f64::NAN, CountInterval::Byar, Confidence::P95), None);
    }

    #[test]
    fn strata_add_up_to_what_is_expected() {
        let bases = [vec![100.0, 50.0], vec![0.0, 0.0], vec![10.0]];

        assert_eq!(expected_counts(&bases, &[0.01, 0.1]), [Some(6.0), None, None]);
    }

    #[test]
    fn expected_at_the_overall_rate_adds_up_to_what_was_observed() {
        let bases = [Population::new(100.0), Population::new(300.0), None];

        let expected = expected_at_overall_rate(&[3, 1, 50], &bases);

        assert_eq!(expected, [Some(1.0), Some(3.0), None]);
        assert_eq!(expected_at_overall_rate(&[0, 0], &bases[..2]), [None, None]);
        assert_eq!(expected_at_overall_rate(&[], &[]), []);
    }
}

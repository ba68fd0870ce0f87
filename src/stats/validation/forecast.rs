//! How much a forecast of counts was worth, incident by incident: likelihood and Brier score.

use libm::lgamma;

/// Logarithm of the chance of the counts observed, each Poisson about what was expected of it.
///
/// ```text
/// Σ_i (o_i ln λ_i - λ_i - ln o_i!)
/// ```
///
/// Of two forecasts the one with the higher figure told better; the difference over the number of
/// incidents is what each incident speaks for it, in nats. A proper score: no forecast does better
/// than what is truly expected.
///
/// # Shapes and units
///
/// - `expected`, `observed`: `[n_units]`, finite and 0 or more.
/// - returns: `None` if the lists differ in length, a number is out of range, or something was
///   observed where nothing was expected: no finite figure is bad enough for that.
///
/// # Source
///
/// Good (1952), *JRSS B* 14(1), 107-114, <https://doi.org/10.1111/j.2517-6161.1952.tb00104.x>;
/// as the likelihood scores of `open_cp`.
#[doc(alias = "log score")]
pub fn poisson_log_likelihood(expected: &[f64], observed: &[f64]) -> Option<f64> {
    in_range(expected, observed)?;
    let mut sum = 0.0;
    for (&expected, &observed) in expected.iter().zip(observed) {
        if expected > 0.0 {
            sum += observed * expected.ln() - expected - lgamma(observed + 1.0);
        } else if observed > 0.0 {
            return None;
        }
    }
    Some(sum)
}

/// Brier score of "at least one incident here": the mean squared distance of its chance to what came.
///
/// ```text
/// 1/n Σ_i (1 - exp(-λ_i) - [o_i > 0])²
/// ```
///
/// 0 is certainty that was right, 1 certainty that was wrong; lower is better. Where incidents are
/// few most units have none and every forecast scores low: compare forecasts of the same units and
/// months alone.
///
/// # Shapes and units
///
/// - as [`poisson_log_likelihood`]; `None` without units or with numbers out of range.
///
/// # Source
///
/// Brier (1950), *Monthly Weather Review* 78(1), 1-3,
/// <https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2>.
pub fn brier_score(expected: &[f64], observed: &[f64]) -> Option<f64> {
    in_range(expected, observed)?;
    let squares: f64 = expected
        .iter()
        .zip(observed)
        .map(|(expected, &observed)| {
            let came = f64::from(u8::from(observed > 0.0));
            (-(-expected).exp_m1() - came).powi(2)
        })
        .sum();
    (!expected.is_empty()).then(|| squares / expected.len() as f64)
}

fn in_range(expected: &[f64], observed: &[f64]) -> Option<()> {
    let usable = |x: &f64| x.is_finite() && *x >= 0.0;
    let all = expected.len() == observed.len()
        && expected.iter().all(usable)
        && observed.iter().all(usable);
    all.then_some(())
}

/// Counts expected by a map: `total` incidents shared out as the map has them, but for `even` of them,
/// which are shared out by area, so that nowhere is said to be impossible.
///
/// # Shapes and units
///
/// - `map`: `[n_units]`, incidents of each in any unit, 0 or more; `areas`: `[n_units]`, above 0.
/// - `even`: share, 0 to 1.
/// - returns: `[n_units]`; by area alone where the map is empty of incidents.
pub fn expected_by_map(map: &[f64], areas: &[f64], total: f64, even: f64) -> Vec<f64> {
    let (all, land): (f64, f64) = (map.iter().sum(), areas.iter().sum());
    let even = if all > 0.0 { even } else { 1.0 };
    let of_map = |x: f64| if all > 0.0 { (1.0 - even) * x / all } else { 0.0 };
    map.iter().zip(areas).map(|(&x, area)| total * (of_map(x) + even * area / land)).collect()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    /// `sum(dpois(c(0, 3, 1), c(0.5, 2, 1), log = TRUE))` in R 4.2.2: -3.2123179...
    #[test]
    fn the_likelihood_is_that_of_poisson_counts() {
        let by_hand = -0.5 + (3.0 * 2.0_f64.ln() - 2.0 - 6.0_f64.ln()) - 1.0;

        let ours = poisson_log_likelihood(&[0.5, 2.0, 1.0], &[0.0, 3.0, 1.0]).unwrap();

        assert_relative_eq!(ours, by_hand, max_relative = 1e-14);
        assert_relative_eq!(ours, -3.212_317_927_548_219, max_relative = 1e-12);
    }

    #[test]
    fn the_brier_score_is_between_right_and_wrong() {
        let none = 0.0;
        assert_relative_eq!(brier_score(&[800.0, none], &[2.0, 0.0]).unwrap(), 0.0);
        assert_relative_eq!(brier_score(&[none, 800.0], &[2.0, 0.0]).unwrap(), 1.0);
        let even = 2.0_f64.ln();
        assert_relative_eq!(brier_score(&[even, even], &[5.0, 0.0]).unwrap(), 0.25);
    }

    #[test]
    fn a_map_is_shared_out_and_nowhere_is_impossible() {
        let shared = expected_by_map(&[3.0, 0.0, 1.0], &[1.0, 1.0, 2.0], 100.0, 0.04);

        assert_relative_eq!(shared[0], 73.0);
        assert_relative_eq!(shared[1], 1.0);
        assert_relative_eq!(shared[2], 26.0);
        assert_eq!(expected_by_map(&[0.0, 0.0], &[1.0, 3.0], 8.0, 0.0), [2.0, 6.0]);
    }

    #[test]
    fn what_cannot_be_scored_is_none() {
        assert_eq!(poisson_log_likelihood(&[0.0], &[1.0]), None);
        assert_eq!(poisson_log_likelihood(&[0.0], &[0.0]), Some(0.0));
        assert_eq!(poisson_log_likelihood(&[1.0], &[]), None);
        assert_eq!(poisson_log_likelihood(&[f64::NAN], &[1.0]), None);
        assert_eq!(brier_score(&[], &[]), None);
        assert_eq!(brier_score(&[-1.0], &[0.0]), None);
    }

    proptest! {
        #[test]
        fn no_shares_are_likelier_than_those_observed(
            rows in prop::collection::vec((1_u8..30, 1_u8..30), 2..20),
        ) {
            let observed: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
            let other: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();

            let best = poisson_log_likelihood(&observed, &observed).unwrap();

            prop_assert!(poisson_log_likelihood(&other, &observed).unwrap() <= best + 1e-9);
        }
    }
}

//! Before, after and control: how many times as much changed where something was done.

use thiserror::Error;

use crate::aggregate::{Confidence, Interval};
use crate::stats::two_sided_p;

use super::wdd::BeforeAfter;

/// Why there is no ratio of ratios.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DifferenceRefusal {
    /// A window without incidents.
    #[error(
        "the {area} area has no incident {when} the intervention: a ratio needs some in every window"
    )]
    Empty {
        /// Which area.
        area: &'static str,
        /// Which window.
        when: &'static str,
    },
}

/// Change where something was done over change where nothing was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioOfRatios {
    /// Below 1: fewer than the control area would have it.
    pub ratio: f64,
    /// Interval of the ratio.
    pub interval: Interval,
    /// Two-sided p-value of a ratio of 1.
    pub p: f64,
    /// How many times as much counts vary as Poisson counts; 1 at least.
    pub dispersion: f64,
}

/// Difference in differences on the scale of logarithms.
///
/// ```text
/// ratio = (T1/T0) / (C1/C0),   error of its logarithm = √(dispersion (1/T0 + 1/T1 + 1/C0 + 1/C1))
/// ```
///
/// Lengths of the windows cancel. It rests on treated and control areas going the same way without
/// the intervention; [`dispersion_before`] of their months tells how much they did not.
///
/// # Errors
///
/// [`DifferenceRefusal::Empty`].
///
/// # Source
///
/// Braga and Weisburd (2022), *Journal of Experimental Criminology* 18, 1-22,
/// <https://doi.org/10.1007/s11292-020-09440-6>, for the relative incident rate ratio and its
/// variance with overdispersion.
pub fn ratio_of_ratios(
    control: BeforeAfter,
    treated: BeforeAfter,
    dispersion: f64,
    confidence: Confidence,
) -> Result<RatioOfRatios, DifferenceRefusal> {
    for (area, of) in [("treated", treated), ("control", control)] {
        for (count, when) in [(of.before, "before"), (of.after, "after")] {
            if count == 0 {
                return Err(DifferenceRefusal::Empty { area, when });
            }
        }
    }
    let change = |of: BeforeAfter| of.after as f64 / of.before as f64;
    let parts = |of: BeforeAfter| 1.0 / of.before as f64 + 1.0 / of.after as f64;
    let dispersion = if dispersion.is_finite() { dispersion.max(1.0) } else { 1.0 };
    let ratio = change(treated) / change(control);
    let error = (dispersion * (parts(treated) + parts(control))).sqrt();
    let factor = (confidence.z() * error).exp();
    Ok(RatioOfRatios {
        ratio,
        interval: Interval { low: ratio / factor, high: ratio * factor },
        p: two_sided_p(ratio.ln() / error),
        dispersion,
    })
}

/// How many times as much the months of two areas vary about a common course as Poisson counts would:
/// Pearson's chi-square of the table of both, over its degrees of freedom, 1 at least.
///
/// `None` with fewer than 6 months, or an area without incidents.
pub fn dispersion_before(treated: &[u64], control: &[u64]) -> Option<f64> {
    let months: Vec<(f64, f64)> = treated
        .iter()
        .zip(control)
        .map(|(&t, &c)| (t as f64, c as f64))
        .filter(|(t, c)| t + c > 0.0)
        .collect();
    let (all_treated, all_control) =
        months.iter().fold((0.0, 0.0), |sum, month| (sum.0 + month.0, sum.1 + month.1));
    if months.len() < 6 || all_treated == 0.0 || all_control == 0.0 {
        return None;
    }
    let share = all_treated / (all_treated + all_control);
    let chi_square: f64 = months
        .iter()
        .map(|(t, c)| {
            let expected = (t + c) * share;
            (t - expected).powi(2) / (expected * (1.0 - share))
        })
        .sum();
    Some((chi_square / (months.len() as f64 - 1.0)).max(1.0))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn of(before: u64, after: u64) -> BeforeAfter {
        BeforeAfter { before, after }
    }

    #[test]
    fn halving_against_a_steady_control_is_a_half() {
        let ours = ratio_of_ratios(of(400, 400), of(100, 50), 1.0, Confidence::P95).unwrap();
        let error: f64 = (1.0_f64 / 100.0 + 1.0 / 50.0 + 2.0 / 400.0).sqrt();

        assert_relative_eq!(ours.ratio, 0.5);
        assert_relative_eq!(ours.interval.high, 0.5 * (1.959_963_984_540_054 * error).exp());
        assert_relative_eq!(ours.p, two_sided_p(0.5_f64.ln() / error), max_relative = 1e-12);
    }

    #[test]
    fn what_both_areas_did_is_no_effect() {
        let ours = ratio_of_ratios(of(200, 300), of(40, 60), 2.0, Confidence::P95).unwrap();

        assert_relative_eq!(ours.ratio, 1.0);
        assert_relative_eq!(ours.p, 1.0);
        assert_relative_eq!(ours.dispersion, 2.0);
    }

    #[test]
    fn an_empty_window_is_named() {
        assert_eq!(
            ratio_of_ratios(of(5, 5), of(3, 0), 1.0, Confidence::P95),
            Err(DifferenceRefusal::Empty { area: "treated", when: "after" })
        );
    }

    #[test]
    fn areas_that_go_together_are_no_more_dispersed_than_chance() {
        let control: Vec<u64> = (0..12).map(|m| 100 + m * 10).collect();
        let together: Vec<u64> = control.iter().map(|c| c / 2).collect();
        let apart: Vec<u64> = (0..12).map(|m| if m % 2 == 0 { 20 } else { 140 }).collect();

        assert_eq!(dispersion_before(&together, &control), Some(1.0));
        assert!(dispersion_before(&apart, &control).unwrap() > 10.0);
        assert_eq!(dispersion_before(&[1, 2], &[3, 4]), None);
        assert_eq!(dispersion_before(&[0; 12], &control), None);
    }
}

//! Mann-Kendall: whether a series rises or falls, whatever the shape of the rise.

use std::cmp::Ordering;

use crate::stats::english::class as say;
use crate::stats::two_sided_p;

/// Whether the score is drawn in by one, for the sum moves in steps and the normal does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Continuity {
    /// By one, as `pymannkendall` does.
    #[default]
    Corrected,
    /// Not, as Kendall's tau tests of ranks have it.
    Plain,
}

/// Trend of one series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Pairs that rise less pairs that fall.
    pub s: i64,
    /// Variance of `s` without a trend, ties allowed for.
    pub variance: f64,
    /// Standard score; 0 where all values are alike.
    pub z: f64,
    /// Two-sided p-value; 1 where all values are alike.
    pub p: f64,
    /// `s` over all pairs, -1 to 1.
    pub tau_a: f64,
    /// `s` over the pairs that are not tied; `None` where all are.
    pub tau_b: Option<f64>,
    /// Median slope over all pairs, per step.
    pub sen_slope: f64,
}

impl MannKendall {
    /// What the trend is called at this level: `increasing`, `decreasing` or `no trend`.
    pub fn trend(&self, alpha: f64) -> &'static str {
        match self.direction(alpha) {
            Ordering::Greater => say::INCREASING,
            Ordering::Less => say::DECREASING,
            Ordering::Equal => say::NO_TREND,
        }
    }

    /// Up, down, or neither, at this level.
    pub(crate) fn direction(&self, alpha: f64) -> Ordering {
        if self.p < alpha { self.s.cmp(&0) } else { Ordering::Equal }
    }
}

/// Trend of a series of equal steps; `None` below two values or with one that is not finite.
///
/// ```text
/// S = Σ_i<j sgn(x_j - x_i),   sgn(0) = 0
/// Var = (n(n-1)(2n+5) - Σ t(t-1)(2t+5)) / 18,   t the sizes of groups of equal values
/// z = (S - 1)/√Var, (S + 1)/√Var or 0, as S is above, below or at 0;
///     S/√Var without the correction
/// ```
///
/// Sen's slope is the median of `(x_j - x_i)/(j - i)` over all pairs. Equal values are neither a rise
/// nor a fall: a series of zeros has no trend. Counts of months in sequence carry over from one to
/// the next, which makes the p-value too small; the slope is not touched by that.
///
/// # Shapes and units
///
/// - `series`: `[n_periods]`, in order of time. `n_periods²/2` pairs are looked at.
/// - returns: p two-sided under the normal distribution, which wants about ten values or more.
///
/// # Source
///
/// Mann (1945), *Econometrica* 13(3), 245-259, <https://doi.org/10.2307/1907187>; Kendall (1975),
/// *Rank Correlation Methods*, 4th edition, Griffin; Sen (1968), *JASA* 63(324), 1379-1389,
/// <https://doi.org/10.1080/01621459.1968.10480934>.
#[doc(alias = "mk_test")]
#[doc(alias = "original_test")]
pub fn mann_kendall(series: &[f64], continuity: Continuity) -> Option<MannKendall> {
    let n = series.len();
    if n < 2 || series.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let mut s = 0_i64;
    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    for (i, x) in series.iter().enumerate() {
        for (j, later) in series.iter().enumerate().skip(i + 1) {
            s += match later.partial_cmp(x) {
                Some(Ordering::Greater) => 1,
                Some(Ordering::Less) => -1,
                _ => 0,
            };
            slopes.push((later - x) / (j - i) as f64);
        }
    }
    let pairs = slopes.len() as f64;
    let (tied_variance, tied_pairs) = ties(series);
    let nf = n as f64;
    let variance = (nf * (nf - 1.0) * (2.0 * nf + 5.0) - tied_variance) / 18.0;
    let score = match continuity {
        Continuity::Corrected => s - s.signum(),
        Continuity::Plain => s,
    };
    let z = if variance > 0.0 { score as f64 / variance.sqrt() } else { 0.0 };
    let untied = ((pairs - tied_pairs) * pairs).sqrt();
    Some(MannKendall {
        s,
        variance,
        z,
        p: two_sided_p(z),
        tau_a: s as f64 / pairs,
        tau_b: (untied > 0.0).then(|| s as f64 / untied),
        sen_slope: median(&mut slopes),
    })
}

/// `Σ t(t-1)(2t+5)` and `Σ t(t-1)/2` over groups of t equal values.
#[expect(clippy::float_cmp, reason = "ties are values that are exactly equal")]
fn ties(series: &[f64]) -> (f64, f64) {
    let mut sorted = series.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (mut variance, mut pairs) = (0.0, 0.0);
    for group in sorted.chunk_by(|a, b| a == b) {
        let t = group.len() as f64;
        variance += t * (t - 1.0) * (2.0 * t + 5.0);
        pairs += t * (t - 1.0) / 2.0;
    }
    (variance, pairs)
}

/// Middle value, or the mean of the middle two; of at least one number.
fn median(values: &mut [f64]) -> f64 {
    let (middle, odd) = (values.len() / 2, values.len() % 2 == 1);
    let (below, high, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let high = *high;
    if odd {
        return high;
    }
    let low = below.iter().copied().max_by(f64::total_cmp).unwrap_or(high);
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    /// pymannkendall 1.4.3 on 0, 1, ..., 11.
    #[test]
    fn a_steady_rise_agrees_with_pymannkendall() {
        let series: Vec<f64> = (0..12).map(f64::from).collect();

        let ours = mann_kendall(&series, Continuity::Corrected).unwrap();

        assert_eq!(ours.s, 66);
        assert_relative_eq!(ours.z, 4.457_215_628_604_32, max_relative = 1e-12);
        assert_relative_eq!(ours.p, 8.303_107_353_668_793e-6, max_relative = 1e-10);
        assert_relative_eq!(ours.sen_slope, 1.0);
        assert_eq!(ours.trend(0.05), "increasing");
    }

    /// S = 66 over the root of 12 11 29 / 18.
    #[test]
    fn without_the_correction_the_score_is_the_sum_over_its_spread() {
        let series: Vec<f64> = (0..12).map(f64::from).collect();

        let ours = mann_kendall(&series, Continuity::Plain).unwrap();

        assert_relative_eq!(ours.z, 66.0 / (12.0 * 11.0 * 29.0 / 18.0_f64).sqrt());
    }

    #[test]
    fn equal_values_are_no_rise() {
        let flat = mann_kendall(&[5.0; 20], Continuity::Corrected).unwrap();

        assert_eq!((flat.s, flat.variance, flat.z, flat.p), (0, 0.0, 0.0, 1.0));
        assert_eq!(flat.tau_b, None);
        assert_eq!(flat.trend(0.05), "no trend");
    }

    #[test]
    fn a_series_too_short_or_not_finite_has_no_trend_to_tell() {
        assert_eq!(mann_kendall(&[], Continuity::Corrected), None);
        assert_eq!(mann_kendall(&[1.0], Continuity::Corrected), None);
        assert_eq!(mann_kendall(&[1.0, f64::NAN, 2.0], Continuity::Corrected), None);
    }

    proptest! {
        #[test]
        fn turning_time_round_turns_the_trend_round(
            series in prop::collection::vec(0_u8..6, 2..40),
        ) {
            let series: Vec<f64> = series.into_iter().map(f64::from).collect();
            let turned: Vec<f64> = series.iter().rev().copied().collect();

            let (ours, theirs) = (mann_kendall(&series, Continuity::Corrected).unwrap(), mann_kendall(&turned, Continuity::Corrected).unwrap());

            prop_assert_eq!(ours.s, -theirs.s);
            prop_assert!((ours.p - theirs.p).abs() < 1e-12);
            prop_assert!((ours.sen_slope + theirs.sen_slope).abs() < 1e-12);
        }

        #[test]
        fn only_the_order_of_values_matters_to_the_score(
            series in prop::collection::vec(0_u8..6, 2..40),
        ) {
            let series: Vec<f64> = series.into_iter().map(f64::from).collect();
            let bent: Vec<f64> = series.iter().map(|x| x.exp()).collect();

            let (ours, theirs) = (mann_kendall(&series, Continuity::Corrected).unwrap(), mann_kendall(&bent, Continuity::Corrected).unwrap());

            prop_assert!((ours.z - theirs.z).abs() < 1e-12);
        }
    }
}

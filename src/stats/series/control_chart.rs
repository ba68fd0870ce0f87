//! Control charts: whether a series stays within what chance makes of a steady rate.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// Periods in a row on one side of the centre line that make a signal.
const RUN: usize = 8;

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChartOptions {
    /// Periods at the start that the centre line is taken from; all of them where `None`.
    pub baseline: Option<usize>,
    /// Standard errors on each side of the centre line.
    pub sigmas: f64,
    /// Whether the limits are widened by how much more the baseline varies than Poisson counts do
    /// (Laney's u').
    pub dispersed: bool,
}

impl Default for ChartOptions {
    fn default() -> Self {
        Self { baseline: None, sigmas: 3.0, dispersed: false }
    }
}

/// One period on a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartPoint {
    /// Rate: count over exposure.
    pub rate: f64,
    /// Lower limit; `None` where it would lie below zero, so that no rate is too low.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: f64,
    /// Above the upper limit, or below the lower.
    pub beyond: bool,
    /// The last of eight or more in a row on one side of the centre line.
    pub run: bool,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Centre line: rate of the baseline.
    pub centre: f64,
    /// By how much the limits are widened; 1 unless asked for, and 1 at least.
    pub widened: f64,
    /// `[n_periods]`.
    pub points: Vec<ChartPoint>,
}

/// A Poisson chart: u of counts over exposures, and c where exposures are all alike.
///
/// ```text
/// ū = Σ counts / Σ exposures (baseline),   limits ū ± sigmas √(ū / exposure)
/// ```
///
/// Three standard errors give a false alarm in about 370 periods where counts are large; where fewer
/// than about 10 are expected the chart is lopsided, and [`cusum`](super::cusum) is better.
///
/// # Shapes and units
///
/// - `counts`, `exposures`: `[n_periods]`; exposures above zero.
/// - returns: `None` if the lists differ in length or are empty, an exposure or option is out of
///   range, or the baseline has no incident.
///
/// # Source
///
/// Shewhart's chart for counts: Montgomery (2013), *Introduction to Statistical Quality Control*, 7th
/// edition, Wiley, section 7.3; Laney (2002), *Quality Engineering* 14(4), 531-537,
/// <https://doi.org/10.1081/QEN-120003555>; runs of eight: Nelson (1984), *Journal of Quality
/// Technology* 16(4), 237-239, who wants nine, and the Western Electric rules, which we follow.
#[doc(alias = "c-chart")]
#[doc(alias = "u-chart")]
pub fn control_chart(counts: &[u64], exposures: &[f64], options: &ChartOptions) -> Option<Chart> {
    let n = counts.len();
    let baseline = options.baseline.unwrap_or(n);
    let usable = |x: f64| x.is_finite() && x > 0.0;
    if n == 0
        || exposures.len() != n
        || !exposures.iter().all(|&e| usable(e))
        || !usable(options.sigmas)
        || !(2..=n).contains(&baseline)
    {
        return None;
    }
    let total: u64 = counts[..baseline].iter().sum();
    if total == 0 {
        return None;
    }
    let centre = total as f64 / exposures[..baseline].iter().sum::<f64>();
    let score = |i: usize| {
        let exposure = exposures[i];
        (counts[i] as f64 / exposure - centre) / (centre / exposure).sqrt()
    };
    let widened = if options.dispersed {
        // From one period to the next, so that a slow drift does not widen the limits.
        let moves: f64 = (1..baseline).map(|i| (score(i) - score(i - 1)).abs()).sum();
        (moves / (baseline - 1) as f64 / 1.128).max(1.0)
    } else {
        1.0
    };
    let mut side = Ordering::Equal;
    let mut run = 0;
    let points = (0..n)
        .map(|i| {
            let rate = counts[i] as f64 / exposures[i];
            let reach = options.sigmas * widened * (centre / exposures[i]).sqrt();
            let low = (centre - reach > 0.0).then_some(centre - reach);
            let this = rate.total_cmp(&centre);
            run = if this == side { run + 1 } else { 1 };
            side = this;
            ChartPoint {
                rate,
                low,
                high: centre + reach,
                beyond: rate > centre + reach || low.is_some_and(|low| rate < low),
                run: side != Ordering::Equal && run >= RUN,
            }
        })
        .collect();
    Some(Chart { centre, widened, points })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// Worked by hand: 12 months of 16 incidents, limits 16 ± 3 * 4.
    #[test]
    fn a_steady_series_has_limits_of_three_roots() {
        let mut counts = vec![16; 12];
        counts[11] = 29;
        let options = ChartOptions { baseline: Some(11), ..ChartOptions::default() };

        let chart = control_chart(&counts, &[1.0; 12], &options).unwrap();

        assert_relative_eq!(chart.centre, 16.0);
        assert_relative_eq!(chart.points[0].high, 28.0);
        assert_relative_eq!(chart.points[0].low.unwrap(), 4.0);
        assert!(chart.points[11].beyond);
        assert!(!chart.points[..11].iter().any(|point| point.beyond || point.run));
    }

    #[test]
    fn a_low_rate_has_no_lower_limit_and_longer_periods_narrower_ones() {
        let chart = control_chart(&[4, 4, 12], &[1.0, 1.0, 3.0], &ChartOptions::default()).unwrap();

        assert_eq!(chart.points[0].low, None);
        assert!(chart.points[2].high < chart.points[0].high);
    }

    #[test]
    fn eight_in_a_row_on_one_side_are_a_signal() {
        let counts: Vec<u64> = (0..24).map(|i| if i < 12 { 98 } else { 102 }).collect();

        let chart = control_chart(&counts, &[1.0; 24], &ChartOptions::default()).unwrap();

        let runs: Vec<usize> = (0..24).filter(|&i| chart.points[i].run).collect();
        assert_eq!(runs, [7, 8, 9, 10, 11, 19, 20, 21, 22, 23]);
    }

    #[test]
    fn limits_widen_with_months_that_vary_more() {
        let counts: Vec<u64> = (0..24).map(|i| if i % 2 == 0 { 60 } else { 140 }).collect();
        let options = ChartOptions { dispersed: true, ..ChartOptions::default() };

        let chart = control_chart(&counts, &[1.0; 24], &options).unwrap();

        assert_relative_eq!(chart.widened, 8.0 / 1.128, max_relative = 1e-9);
        assert!(!chart.points.iter().any(|point| point.beyond));
    }

    #[test]
    fn what_cannot_be_charted_is_none() {
        let default = ChartOptions::default();
        assert_eq!(control_chart(&[], &[], &default), None);
        assert_eq!(control_chart(&[0, 0], &[1.0, 1.0], &default), None);
        assert_eq!(control_chart(&[1, 2], &[1.0, 0.0], &default), None);
        assert_eq!(control_chart(&[1, 2], &[1.0], &default), None);
    }
}

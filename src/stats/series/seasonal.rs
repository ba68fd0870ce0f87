//! What a month would usually hold: the same month of earlier years, brought up to date, with a range.

use serde::{Deserialize, Serialize};

use crate::aggregate::{Confidence, dispersed_quantile};

/// Earlier years looked at, at most.
pub const MOST_YEARS: usize = 3;
/// Months of both years that a trend between them is taken from, at least.
const FEWEST_FOR_TREND: usize = 6;
/// Earlier expectations that the spread about them is taken from, at least.
const FEWEST_FOR_SPREAD: usize = 6;

/// How months are judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeasonalOptions {
    /// Coverage of the range.
    pub confidence: f64,
    /// Earlier years, 1 to 3.
    pub years: usize,
    /// Whether earlier years are brought up to the level of the last twelve months.
    pub trend: bool,
}

impl Default for SeasonalOptions {
    fn default() -> Self {
        Self { confidence: 0.95, years: MOST_YEARS, trend: true }
    }
}

/// What one month was expected to hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expectation {
    /// Expected count.
    pub expected: f64,
    /// Lowest count that would be usual.
    pub low: u64,
    /// Highest.
    pub high: u64,
    /// Earlier years it rests on.
    pub years: usize,
    /// How many times as much months vary about their expectations as Poisson counts would, 1 at
    /// least; `None` where too few earlier months tell, and the range is that of a Poisson count
    /// and of the error of its mean: too narrow if months vary more.
    pub dispersion: Option<f64>,
}

/// Where a count lies against its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usual {
    /// Above.
    Higher,
    /// Within.
    AsUsual,
    /// Below.
    Lower,
}

impl Usual {
    /// Where `count` lies against a range whose ends are inside.
    pub fn of(count: u64, low: u64, high: u64) -> Self {
        if count > high {
            Self::Higher
        } else if count < low {
            Self::Lower
        } else {
            Self::AsUsual
        }
    }
}

impl Expectation {
    /// Where `count` lies.
    pub fn place(&self, count: u64) -> Usual {
        Usual::of(count, self.low, self.high)
    }
}

/// Expectation of each month from the months before it alone.
///
/// ```text
/// expected_m = mean over k = 1..years of y[m - 12k] g_k
/// g_k = Σ y[m - j] / Σ y[m - j - 12k],   j = 1..12, as many as both years hold, 6 at least
/// dispersion = max(1, mean of (y - expected)² / expected over the earlier months that have one)
/// range: quantiles of a negative binomial count with this mean and dispersion times its variance
/// ```
///
/// Years for which `g_k` cannot be had are left out, unless it can be had for none: then it is 1.
///
/// The dispersion is that of earlier months about expectations made the same way, so it holds the
/// error of the expectation too. A month of upheaval (a lockdown) counts as one of the same months
/// for three years and widens every later range: leave it out by passing `None`.
///
/// A place picked because it is high flatters its own range: judge it on months after it was picked.
///
/// # Shapes and units
///
/// - `counts`: `[n_months]`, consecutive calendar months; `None` for months without data.
/// - returns: `[n_months]`; `None` for a month with no same month before it, or options out of range.
///
/// # Source
///
/// The mean of same months as Farrington and others (1996), *JRSS A* 159(3), 547-563,
/// <https://doi.org/10.2307/2983331>, whose quasi-Poisson dispersion this follows; growth by a ratio
/// of years in place of their regression.
#[doc(alias = "farrington")]
pub fn seasonal_expectations(
    counts: &[Option<u64>],
    options: &SeasonalOptions,
) -> Vec<Option<Expectation>> {
    let confidence = Confidence::new(options.confidence);
    let Some(confidence) = confidence.filter(|_| (1..=MOST_YEARS).contains(&options.years)) else {
        return vec![None; counts.len()];
    };
    let (tail, years) = (confidence.tail(), options.years);
    let mut squares: Vec<f64> = Vec::new();
    let mut expectations = Vec::with_capacity(counts.len());
    for month in 0..counts.len() {
        let Some((mean, n_years)) = mean_of_years(counts, month, years, options.trend) else {
            expectations.push(None);
            continue;
        };
        let dispersion = (squares.len() >= FEWEST_FOR_SPREAD)
            .then(|| (squares.iter().sum::<f64>() / squares.len() as f64).max(1.0));
        // Without it, the error of a mean of so many counts is all that can be allowed for.
        let spread = dispersion.unwrap_or(1.0 + 1.0 / n_years as f64);
        expectations.push(Some(Expectation {
            expected: mean,
            low: dispersed_quantile(tail, mean, spread),
            high: dispersed_quantile(1.0 - tail, mean, spread),
            years: n_years,
            dispersion,
        }));
        if let (Some(count), true) = (counts[month], mean > 0.0) {
            squares.push((count as f64 - mean).powi(2) / mean);
        }
    }
    expectations
}

/// Mean of the same months of earlier years, each brought up to date, and how many there were. Years
/// that cannot be brought up to date are used only where none can.
fn mean_of_years(
    counts: &[Option<u64>],
    month: usize,
    years: usize,
    trend: bool,
) -> Option<(f64, usize)> {
    let at = |month: usize, back: usize| month.checked_sub(back).and_then(|m| counts[m]);
    let growth = |year: usize| {
        let both: Vec<(u64, u64)> = (1..=12)
            .filter_map(|back| Some((at(month, back)?, at(month, back + 12 * year)?)))
            .collect();
        let (late, early): (u64, u64) =
            both.iter().fold((0, 0), |sum, both| (sum.0 + both.0, sum.1 + both.1));
        (both.len() >= FEWEST_FOR_TREND && early > 0).then(|| late as f64 / early as f64)
    };
    let (mut plain, mut updated) = (Vec::new(), Vec::new());
    for year in 1..=years {
        let Some(same) = at(month, 12 * year) else { continue };
        plain.push(same as f64);
        if trend && let Some(growth) = growth(year) {
            updated.push(same as f64 * growth);
        }
    }
    let values = if updated.is_empty() { plain } else { updated };
    (!values.is_empty()).then(|| (values.iter().sum::<f64>() / values.len() as f64, values.len()))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use crate::stats::random::{poisson, stream};

    use super::*;

    fn of(counts: &[u64]) -> Vec<Option<Expectation>> {
        let counts: Vec<Option<u64>> = counts.iter().copied().map(Some).collect();
        seasonal_expectations(&counts, &SeasonalOptions::default())
    }

    #[test]
    fn a_season_that_grows_evenly_is_expected_exactly() {
        // Twice as many each year; each July twice as many as other months.
        let counts: Vec<u64> =
            (0..48).map(|m| (1 << (m / 12)) * if m % 12 == 6 { 200 } else { 100 }).collect();

        let ours = of(&counts);

        assert_eq!(ours[11], None);
        // The last twelve months before a January are one year whole.
        assert_relative_eq!(ours[36].unwrap().expected, 800.0, max_relative = 1e-12);
        assert_eq!((ours[36].unwrap().years, ours[12].unwrap().years), (2, 1));
        assert_eq!(ours[12].unwrap().dispersion, None);
    }

    #[test]
    fn ranges_hold_about_what_they_say() {
        let (mut held, mut all) = (0, 0);
        for series in 0..60 {
            let mut rng = stream(8, series);
            let counts: Vec<u64> =
                (0..60).map(|m| poisson(&mut rng, 80.0 + 30.0 * f64::from(m % 12).sin())).collect();
            for (month, expectation) in of(&counts).into_iter().enumerate().skip(36) {
                let expectation = expectation.unwrap();
                held += u32::from(expectation.place(counts[month]) == Usual::AsUsual);
                all += 1;
            }
        }

        let share = f64::from(held) / f64::from(all);
        assert!((0.93..=0.98).contains(&share), "{share}");
    }

    #[test]
    fn months_that_vary_more_have_wider_ranges() {
        let steady: Vec<u64> = vec![100; 48];
        let wild: Vec<u64> = (0..48).map(|m| if m * m % 7 < 3 { 60 } else { 140 }).collect();

        let (steady, wild) = (of(&steady)[47].unwrap(), of(&wild)[47].unwrap());

        assert_eq!(steady.dispersion, Some(1.0));
        assert!(wild.dispersion.unwrap() > 5.0);
        assert!(wild.high - wild.low > 2 * (steady.high - steady.low));
    }

    #[test]
    fn months_without_data_are_left_out() {
        let mut counts: Vec<Option<u64>> = vec![Some(50); 40];
        counts[20] = None;
        let ours = seasonal_expectations(&counts, &SeasonalOptions::default());

        assert_relative_eq!(ours[32].unwrap().expected, 50.0);
        assert_eq!(ours[32].unwrap().years, 1);
        assert_eq!(seasonal_expectations(&[], &SeasonalOptions::default()), []);
        let zeros = of(&[0; 30]);
        assert_eq!((zeros[29].unwrap().low, zeros[29].unwrap().high), (0, 0));
    }
}

//! The space-time cube: Gi* of every place in every period, and what has become of each place.

use std::cmp::Ordering;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::stats::{Adjustment, adjust, two_sided_p};
use crate::weights::Neighbours;

use super::emerging::{ALL_ALONG, Emerging, Heat, RecentOptions, emerging_class, recent_class};
use super::mann_kendall::{Continuity, MannKendall, mann_kendall};

/// Fewest periods of a cube whose classes mean anything, as the source of the classes advises.
pub const FEWEST_PERIODS: usize = 10;

/// Why there is no cube.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CubeError {
    /// Counts and neighbours do not describe the same places.
    #[error("{found} counts for {units} units in {periods} periods")]
    Shape {
        /// Counts given.
        found: usize,
        /// Units.
        units: usize,
        /// Periods.
        periods: usize,
    },
    /// Too few periods for a history.
    #[error(
        "{0} periods make no history: at least 2 are needed, and 10 for the classes to mean anything"
    )]
    TooFewPeriods(usize),
    /// A count that is not a finite number.
    #[error("the count of unit {unit} in period {period} is not a finite number")]
    NotFinite {
        /// Unit.
        unit: usize,
        /// Period.
        period: usize,
    },
    /// Every bin holds the same.
    #[error("all {0} bins of the cube hold the same count, so none stands out")]
    NoVariation(usize),
}

/// What the mean and the spread of a bin's Gi* are taken over.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Reference {
    /// All bins: a citywide rise makes late bins hot.
    #[default]
    Cube,
    /// The bin's own period and the earlier ones of its neighbourhood.
    NeighbourhoodPeriods,
    /// The bin's own period alone; its neighbourhood has no past.
    Period,
}

/// How a cube is scored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CubeOptions {
    /// Earlier periods in the neighbourhood of a bin.
    pub lags: usize,
    /// What the mean and the spread are taken over.
    pub reference: Reference,
    /// Whether a bin is part of its own neighbourhood (Gi*) or not (Gi); its unit in the periods
    /// before is either way.
    pub star: bool,
    /// How p-values account for there being many bins.
    pub adjustment: Adjustment,
    /// Adjusted p-value at most which a bin is hot or cold.
    pub alpha: f64,
    /// Level at which a place's trend counts.
    pub trend_alpha: f64,
    /// Share of periods that makes a place hot all along.
    pub share: f64,
    /// Thresholds of the shorter list of classes.
    pub recent: RecentOptions,
}

impl Default for CubeOptions {
    fn default() -> Self {
        Self {
            lags: 1,
            reference: Reference::Cube,
            star: true,
            adjustment: Adjustment::BenjaminiHochberg,
            alpha: 0.05,
            trend_alpha: 0.05,
            share: ALL_ALONG,
            recent: RecentOptions::default(),
        }
    }
}

/// A scored cube.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    n_units: usize,
    /// `[n_periods x n_units]`, period by period: Gi* (or Gi) as a z-score.
    pub z: Vec<Option<f64>>,
    /// `[n_periods x n_units]`: p-values, adjusted over all bins.
    pub q: Vec<Option<f64>>,
    /// `[n_units]`: trend of the z-scores; `None` where one of them is not defined.
    pub trends: Vec<Option<MannKendall>>,
    /// `[n_units]`: one of the seventeen classes.
    pub classes: Vec<Emerging>,
    /// `[n_units]`: one of the five classes of the shorter list.
    pub recent: Vec<&'static str>,
    /// `[n_units]`: periods hot, and periods cold.
    pub hot_and_cold: Vec<(usize, usize)>,
}

impl Cube {
    /// z and q of one unit by period.
    pub fn history(&self, unit: usize) -> impl Iterator<Item = (Option<f64>, Option<f64>)> + '_ {
        (unit..self.z.len()).step_by(self.n_units).map(|bin| (self.z[bin], self.q[bin]))
    }
}

/// Scores every bin of a cube and classes every place.
///
/// A bin's neighbourhood is its unit and the unit's neighbours in its own period and the `lags`
/// periods before, those there are: never a later one. Each counts 1:
///
/// ```text
/// z = (Σ x - x̄ W) / (S √((n W - W²)/(n - 1))),   W the bins of the neighbourhood
/// ```
///
/// over n bins of the [`Reference`]; without itself (`star` false) mean and spread are those
/// of the n - 1 other bins. A bin is hot or cold at a false discovery rate taken over all bins of
/// the cube at once. A place's trend is [`mann_kendall`] of its z-scores.
///
/// # Shapes and units
///
/// - `counts`: `[n_periods x n_units]`, period by period, finite.
/// - `neighbours`: `[n_units]`, itself excluded. Units that cannot have incidents belong out of the
///   cube: water among them makes everything built-up hot.
///
/// # Errors
///
/// [`CubeError`].
///
/// # Source
///
/// Ord and Getis (1995), as [`gi_star`](crate::stats::gi_star); cube, neighbourhood and classes as
/// in `ArcGIS` Pro, *How Emerging Hot Spot Analysis works*.
#[doc(alias = "emerging_hotspot_analysis")]
pub fn space_time_cube(
    counts: &[f64],
    neighbours: &Neighbours,
    options: &CubeOptions,
) -> Result<Cube, CubeError> {
    let units = neighbours.n_units();
    let periods = counts.len().checked_div(units).unwrap_or(0);
    if units == 0 || periods * units != counts.len() {
        return Err(CubeError::Shape { found: counts.len(), units, periods });
    }
    if periods < 2 {
        return Err(CubeError::TooFewPeriods(periods));
    }
    if let Some(bin) = counts.iter().position(|x| !x.is_finite()) {
        return Err(CubeError::NotFinite { unit: bin % units, period: bin / units });
    }
    #[expect(clippy::float_cmp, reason = "exact equality is the case in question")]
    if counts.iter().all(|&x| x == counts[0]) {
        return Err(CubeError::NoVariation(counts.len()));
    }
    let z = scores(counts, neighbours, options);
    let p: Vec<Option<f64>> = z.par_iter().map(|z| z.map(two_sided_p)).collect();
    let q = adjust(&p, options.adjustment);
    let places: Vec<_> = (0..units)
        .into_par_iter()
        .map(|unit| {
            let bins = || (unit..z.len()).step_by(units);
            let history: Vec<Heat> =
                bins().map(|bin| Heat::of(z[bin], q[bin], options.alpha)).collect();
            let series: Option<Vec<f64>> = bins().map(|bin| z[bin]).collect();
            let trend = series.and_then(|series| mann_kendall(&series, Continuity::Corrected));
            let direction =
                trend.map_or(Ordering::Equal, |trend| trend.direction(options.trend_alpha));
            let count = |heat| history.iter().filter(|&&h| h == heat).count();
            (
                trend,
                emerging_class(&history, direction, options.share),
                recent_class(&history, options.recent),
                (count(Heat::Hot), count(Heat::Cold)),
            )
        })
        .collect();
    Ok(Cube {
        n_units: units,
        trends: places.iter().map(|place| place.0).collect(),
        classes: places.iter().map(|place| place.1).collect(),
        recent: places.iter().map(|place| place.2).collect(),
        hot_and_cold: places.iter().map(|place| place.3).collect(),
        z,
        q,
    })
}

/// Sum, squares and number of the bins a z-score is relative to; squares about `about`.
#[derive(Clone, Copy)]
struct Whole {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Whole {
    fn without(self, x: f64) -> Self {
        Self { n: self.n - 1.0, sum: self.sum - x, squares: self.squares - x * x }
    }
}

/// Number, mean and variance of the bins a z-score is relative to.
#[derive(Clone, Copy)]
struct Moments {
    n: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    fn of(whole: Whole, about: f64) -> Self {
        let from_about = whole.sum / whole.n;
        let variance = (whole.squares / whole.n - from_about * from_about).max(0.0);
        Self { n: whole.n, mean: about + from_about, variance }
    }
}

fn scores(counts: &[f64], neighbours: &Neighbours, options: &CubeOptions) -> Vec<Option<f64>> {
    let units = neighbours.n_units();
    let includes_self = options.star;
    let lags = match options.reference {
        Reference::Period => 0,
        _ => options.lags,
    };
    // About the mean, so that nothing is lost where counts are large and alike; a whole number, so
    // that the sums of counts are exact and periods alike are alike to the last digit.
    let about = (counts.iter().sum::<f64>() / counts.len() as f64).round();
    let period_sums: Vec<Whole> = counts
        .chunks(units)
        .map(|period| Whole {
            n: units as f64,
            sum: period.iter().map(|x| x - about).sum(),
            squares: period.iter().map(|x| (x - about).powi(2)).sum(),
        })
        .collect();
    let whole = |periods: &[Whole]| Whole {
        n: periods.iter().map(|w| w.n).sum(),
        sum: periods.iter().map(|w| w.sum).sum(),
        squares: periods.iter().map(|w| w.squares).sum(),
    };
    let all = whole(&period_sums);
    // Sum over a unit and its neighbours, period by period; of the counts themselves, so that equal
    // sums are equal to the last digit, and tied scores are ties.
    let mut near = vec![0.0; counts.len()];
    near.par_chunks_mut(units).zip(counts.par_chunks(units)).for_each(|(near, period)| {
        for (unit, sum) in near.iter_mut().enumerate() {
            let own = if includes_self { period[unit] } else { 0.0 };
            *sum = own + neighbours.of(unit).iter().map(|&j| period[j as usize]).sum::<f64>();
        }
    });
    let mut z = vec![None; counts.len()];
    z.par_chunks_mut(units).enumerate().for_each(|(period, z)| {
        let first = period.saturating_sub(lags);
        let whole = match options.reference {
            Reference::Cube => all,
            Reference::NeighbourhoodPeriods | Reference::Period => {
                whole(&period_sums[first..=period])
            }
        };
        let all_bins = Moments::of(whole, about);
        for (unit, z) in z.iter_mut().enumerate() {
            let mut sum: f64 = (first..=period).map(|t| near[t * units + unit]).sum();
            let n_near = neighbours.of(unit).len() + usize::from(includes_self);
            let mut weight = (n_near * (period - first + 1)) as f64;
            let mut moments = all_bins;
            if !includes_self {
                let own = |t: usize| counts[t * units + unit];
                sum += (first..period).map(own).sum::<f64>();
                weight += (period - first) as f64;
                moments = Moments::of(whole.without(own(period) - about), about);
            }
            let Moments { n, mean, variance } = moments;
            let bracket = (n * weight - weight * weight) / (n - 1.0);
            let spread = (variance * bracket).sqrt();
            *z = (spread > 1e-12 * all.squares.sqrt()).then(|| (sum - mean * weight) / spread);
        }
    });
    z
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use crate::stats::testing::line;
    use crate::stats::{Star, Weighting, gi_star, local_g};

    use super::*;

    fn counts(units: usize, periods: usize) -> Vec<f64> {
        (0..units * periods).map(|i| f64::from((i * i % 11 + i % 3) as u32)).collect()
    }

    #[test]
    fn one_period_at_a_time_is_plain_gi_star() {
        let (near, counts) = (line(8), counts(8, 4));
        let options = CubeOptions { reference: Reference::Period, ..CubeOptions::default() };

        let cube = space_time_cube(&counts, &near, &options).unwrap();

        for (period, z) in counts.chunks(8).zip(cube.z.chunks(8)) {
            for (ours, plain) in z.iter().zip(gi_star(period, &near).unwrap()) {
                assert_relative_eq!(ours.unwrap(), plain.unwrap(), max_relative = 1e-9);
            }
        }
    }

    /// Without itself a bin's score is Gi of its period.
    #[test]
    fn a_cube_without_itself_is_plain_gi() {
        let (near, counts) = (line(8), counts(8, 4));
        let options =
            CubeOptions { reference: Reference::Period, star: false, ..CubeOptions::default() };

        let cube = space_time_cube(&counts, &near, &options).unwrap();

        for (period, z) in counts.chunks(8).zip(cube.z.chunks(8)) {
            let gi = local_g(period, &near.clone().into(), Star::ExcludesSelf, Weighting::Plain);
            for (ours, plain) in z.iter().zip(gi.unwrap()) {
                assert_relative_eq!(ours.unwrap(), plain.unwrap(), max_relative = 1e-9);
            }
        }
    }

    /// A period with the counts of another in another order has the same mean and spread: a unit with
    /// the same sum about it in both has the same score, and no trend.
    #[test]
    fn periods_alike_give_scores_that_tie() {
        let first = [3.0, 1.0, 0.0, 2.0, 7.0, 1.0, 5.0];
        let second = [3.0, 1.0, 0.0, 7.0, 2.0, 5.0, 1.0];
        let counts: Vec<f64> = [first, second].concat();
        let options = CubeOptions { reference: Reference::Period, ..CubeOptions::default() };

        let cube = space_time_cube(&counts, &line(7), &options).unwrap();

        assert_eq!(cube.trends[0].unwrap().s, 0);
        assert_eq!(cube.z[0], cube.z[7]);
    }

    #[test]
    fn the_future_changes_no_earlier_sum() {
        let near = line(6);
        let early = counts(6, 12);
        let mut late = early.clone();
        // Trade two counts of the last period: mean and spread of the cube stay.
        late.swap(66, 71);

        let options = CubeOptions::default();
        let (a, b) = (
            space_time_cube(&early, &near, &options).unwrap(),
            space_time_cube(&late, &near, &options).unwrap(),
        );

        for (x, y) in a.z[..60].iter().zip(&b.z[..60]) {
            assert_relative_eq!(x.unwrap(), y.unwrap(), max_relative = 1e-9);
        }
    }

    #[test]
    fn steady_counts_are_no_trend() {
        let near = line(30);
        let counts: Vec<f64> =
            (0..24 * 30).map(|bin| if bin % 30 < 4 { 9.0 } else { 1.0 }).collect();

        let options = CubeOptions { lags: 0, ..CubeOptions::default() };
        let cube = space_time_cube(&counts, &near, &options).unwrap();

        assert_eq!(cube.trends[1].unwrap().s, 0);
        assert_eq!(cube.classes[1].label(), "persistent hotspot");
        assert_eq!(cube.recent[1], "persistent hotspot");
        assert_eq!(cube.classes[20].label(), "no pattern");
    }

    #[test]
    fn a_cube_that_cannot_be_scored_is_refused() {
        let near = line(3);
        let refuse =
            |counts: &[f64]| space_time_cube(counts, &near, &CubeOptions::default()).unwrap_err();

        assert_eq!(refuse(&[1.0; 4]), CubeError::Shape { found: 4, units: 3, periods: 1 });
        assert_eq!(refuse(&[1.0, 2.0, 3.0]), CubeError::TooFewPeriods(1));
        assert_eq!(refuse(&[2.0; 6]), CubeError::NoVariation(6));
        assert_eq!(
            refuse(&[1.0, 2.0, 3.0, 4.0, f64::NAN, 5.0]),
            CubeError::NotFinite { unit: 1, period: 1 }
        );
        assert!(space_time_cube(&[], &line(0), &CubeOptions::default()).is_err());
    }
}

//! Signals: which of many places departed from the course of the whole area, at a stated number of
//! false alarms.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::stats::english::class as say;
use crate::stats::two_sided_p;

/// How many kinds of departure are looked for at each place.
const KINDS: f64 = 3.0;

/// What a place did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignalKind {
    /// More than its share in the most recent periods.
    Emerging,
    /// Another level from some period on.
    Shift,
    /// A steady rise or fall.
    Trend,
}

impl SignalKind {
    /// In words.
    pub const fn label(self) -> &'static str {
        say::signal(self)
    }
}

/// How signals are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignalOptions {
    /// False alarms to be expected at most, over all places and kinds together.
    pub false_alarms: f64,
    /// Most recent periods that *emerging* is about.
    pub recent: usize,
    /// Incidents of a place, over all periods, for it to be looked at.
    pub fewest: u64,
}

impl Default for SignalOptions {
    fn default() -> Self {
        Self { false_alarms: 1.0, recent: 3, fewest: 20 }
    }
}

/// One signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// The place.
    pub unit: usize,
    /// What it did.
    pub kind: SignalKind,
    /// First period of what departs (for a trend the first of all).
    pub from: usize,
    /// Whether upwards.
    pub up: bool,
    /// Count in those periods.
    pub count: u64,
    /// Count to be expected, had the place kept its share; for a trend that of all periods.
    pub expected: f64,
    /// p-value of that kind of departure at that place alone.
    pub p: f64,
}

/// Signals, and what they are judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Signals {
    /// By place, then kind.
    pub found: Vec<Signal>,
    /// Places looked at.
    pub looked_at: usize,
    /// Places with too few incidents.
    pub too_few: usize,
    /// Largest p-value that is a signal.
    pub limit: f64,
    /// How many times as much counts vary about their shares as Poisson counts do, over the places
    /// looked at on average.
    pub dispersion: f64,
}

/// Places whose counts departed from the course of the whole area.
///
/// Given its total, a place that keeps its share has its incidents spread over the periods as those
/// of the rest of the area are: season, long months and citywide rises are allowed for. Three
/// departures are looked for:
///
/// ```text
/// emerging  more than its share in the last `recent` periods (one-sided)
/// shift     another share after some period than before it: the largest signed root of the
///           likelihood ratio over all periods, its p-value times their number (two-sided)
/// trend     Σ t y_t against its mean and variance under the shares (two-sided)
/// ```
///
/// Counts vary by their mean and by κ times its square (negative binomial), κ pooled over places;
/// scores are divided by the root of the dispersion 1 + κ mean of their place. A signal is a p-value of at
/// most `false_alarms / (3 * places looked at)`: if nothing departed, that many false alarms are to
/// be expected at most, however the tests depend on each other.
///
/// # Shapes and units
///
/// - `counts`: `[n_units x n_periods]`, unit by unit.
/// - returns: `None` if the length does not fit, there are fewer than 4 periods, `recent` is not
///   below their number, or `false_alarms` is not above zero.
///
/// # Source
///
/// Cox and Lewis (1966), *The Statistical Analysis of Series of Events*, Methuen, chapter 3, for the
/// trend; Worsley (1983), *Biometrika* 70(2), 455-464, <https://doi.org/10.1093/biomet/70.2.455>,
/// for the shift.
pub fn signals(counts: &[u32], n_periods: usize, options: &SignalOptions) -> Option<Signals> {
    let in_range = n_periods >= 4
        && counts.len().is_multiple_of(n_periods)
        && (1..n_periods).contains(&options.recent)
        && options.false_alarms > 0.0
        && options.false_alarms.is_finite();
    if !in_range {
        return None;
    }
    let places: Vec<&[u32]> = counts.chunks(n_periods).collect();
    let mut all = vec![0.0; n_periods];
    for place in &places {
        all.iter_mut().zip(*place).for_each(|(sum, &count)| *sum += f64::from(count));
    }
    let total = |place: &[u32]| place.iter().map(|&count| u64::from(count)).sum::<u64>();
    let looked_at: Vec<usize> =
        (0..places.len()).filter(|&unit| total(places[unit]) >= options.fewest.max(1)).collect();
    let extra = extra_variation(&places, &looked_at, &all);
    let dispersion = |unit: usize| 1.0 + extra * total(places[unit]) as f64 / n_periods as f64;
    let limit = (options.false_alarms / (KINDS * looked_at.len().max(1) as f64)).min(1.0);
    let found = looked_at
        .par_iter()
        .flat_map_iter(|&unit| {
            let course = Course::new(places[unit], &all);
            let dispersion = dispersion(unit);
            let signals = course.map(|course| {
                [
                    course.emerging(unit, options.recent, dispersion),
                    course.shift(unit, dispersion),
                    course.trend(unit, dispersion),
                ]
            });
            signals.into_iter().flatten().flatten().filter(|signal| signal.p <= limit)
        })
        .collect();
    Some(Signals {
        found,
        looked_at: looked_at.len(),
        too_few: places.len() - looked_at.len(),
        limit,
        dispersion: looked_at.iter().map(|&unit| dispersion(unit)).sum::<f64>()
            / looked_at.len().max(1) as f64,
    })
}

/// κ of a variance of `mean + κ mean²` about the shares, by moments; 0 at least.
fn extra_variation(places: &[&[u32]], looked_at: &[usize], all: &[f64]) -> f64 {
    let n_all: f64 = all.iter().sum();
    let periods = all.iter().filter(|n| **n > 0.0).count() as f64;
    let (mut more, mut squares, mut cells) = (0.0, 0.0, 0.0);
    for &unit in looked_at {
        let total: f64 = places[unit].iter().map(|&count| f64::from(count)).sum();
        for (&count, of_all) in places[unit].iter().zip(all) {
            let expected = total * of_all / n_all;
            more += (f64::from(count) - expected).powi(2);
            squares += expected * expected;
            cells += expected;
        }
    }
    // Shares and totals are taken from the same counts: less is left to vary.
    let n = looked_at.len() as f64;
    let left = (n - 1.0) * (periods - 1.0) / (n * periods);
    if squares > 0.0 && left > 0.0 { ((more / left - cells) / squares).max(0.0) } else { 0.0 }
}

/// Counts of one place and the shares of the periods in the rest of the area.
struct Course<'a> {
    counts: &'a [u32],
    shares: Vec<f64>,
    total: f64,
}

impl<'a> Course<'a> {
    /// `None` where the rest of the area has no incident.
    fn new(counts: &'a [u32], all: &[f64]) -> Option<Self> {
        let rest: Vec<f64> =
            all.iter().zip(counts).map(|(all, &own)| all - f64::from(own)).collect();
        let n: f64 = rest.iter().sum();
        let total = counts.iter().map(|&count| f64::from(count)).sum();
        (n > 0.0).then(|| Self { counts, shares: rest.iter().map(|x| x / n).collect(), total })
    }

    fn after(&self, from: usize) -> (f64, f64) {
        let count = self.counts[from..].iter().map(|&count| f64::from(count)).sum();
        (count, self.shares[from..].iter().sum::<f64>() * self.total)
    }

    /// Signed root of the likelihood ratio of another share from `from` on.
    fn root(&self, from: usize) -> f64 {
        let (count, expected) = self.after(from);
        let part = |x: f64, m: f64| if x > 0.0 { x * (x / m).ln() } else { 0.0 };
        if expected <= 0.0 || expected >= self.total {
            return 0.0;
        }
        let ratio = part(count, expected) + part(self.total - count, self.total - expected);
        (2.0 * ratio).max(0.0).sqrt() * (count - expected).signum()
    }

    fn signal(&self, unit: usize, kind: SignalKind, from: usize, up: bool, p: f64) -> Signal {
        let (count, expected) = self.after(from);
        Signal { unit, kind, from, up, count: count as u64, expected, p: p.min(1.0) }
    }

    fn emerging(&self, unit: usize, recent: usize, dispersion: f64) -> Option<Signal> {
        let from = self.counts.len() - recent;
        let root = self.root(from) / dispersion.sqrt();
        (root > 0.0)
            .then(|| self.signal(unit, SignalKind::Emerging, from, true, two_sided_p(root) / 2.0))
    }

    fn shift(&self, unit: usize, dispersion: f64) -> Option<Signal> {
        let splits = 1..self.counts.len();
        let n_splits = splits.len() as f64;
        let (from, root) = splits
            .map(|from| (from, self.root(from)))
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(&a.0)))?;
        let p = two_sided_p(root / dispersion.sqrt()) * n_splits;
        Some(self.signal(unit, SignalKind::Shift, from, root > 0.0, p))
    }

    fn trend(&self, unit: usize, dispersion: f64) -> Option<Signal> {
        let at = |f: &dyn Fn(f64) -> f64, weights: &dyn Fn(usize) -> f64| {
            (0..self.counts.len()).map(|t| f(t as f64) * weights(t)).sum::<f64>()
        };
        let mean = at(&|t| t, &|t| self.shares[t]);
        let variance = at(&|t| (t - mean).powi(2), &|t| self.shares[t]);
        let observed = at(&|t| t - mean, &|t| f64::from(self.counts[t]));
        let spread = (self.total * variance * dispersion).sqrt();
        (spread > 0.0).then(|| {
            let p = two_sided_p(observed / spread);
            self.signal(unit, SignalKind::Trend, 0, observed > 0.0, p)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::stats::random::{poisson, stream};

    use super::*;

    fn town(seed: u64, units: usize, dispersed: bool) -> Vec<u32> {
        let mut rng = stream(seed, 0);
        (0..units * 36)
            .map(|bin| {
                let (unit, period) = (bin / 36, bin % 36);
                let season = 1.0 + 0.4 * (period as f64 / 6.0 * std::f64::consts::PI).sin();
                let mut mean = (2.0 + (unit % 9) as f64) * season;
                if dispersed {
                    // A gamma of shape 2 for a mean: the sum of two exponentials.
                    let two: f64 = (0..2)
                        .map(|_| -rand::RngExt::random::<f64>(&mut rng).max(1e-12).ln())
                        .sum();
                    mean *= two / 2.0;
                }
                poisson(&mut rng, mean) as u32
            })
            .collect()
    }

    #[test]
    fn false_alarms_stay_within_their_budget() {
        for dispersed in [false, true] {
            let alarms: usize = (0..20)
                .map(|seed| {
                    let town = town(seed, 300, dispersed);
                    signals(&town, 36, &SignalOptions::default()).unwrap().found.len()
                })
                .sum();

            // 20 expected at most.
            assert!(alarms <= 32, "{alarms} in 20 towns, dispersed {dispersed}");
        }
    }

    #[test]
    fn places_that_depart_are_found_and_told_apart() {
        let mut town = town(5, 100, false);
        for period in 0..36 {
            // A shift of share in the middle, and a burst at the end.
            if period >= 18 {
                town[8 * 36 + period] *= 3;
            }
            if period >= 33 {
                town[17 * 36 + period] += 20;
            }
        }

        let ours = signals(&town, 36, &SignalOptions::default()).unwrap();

        let of = |unit, kind| ours.found.iter().find(|s| s.unit == unit && s.kind == kind);
        let shift = of(8, SignalKind::Shift).unwrap();
        assert!(shift.up && shift.from.abs_diff(18) <= 2, "{shift:?}");
        assert!(of(17, SignalKind::Emerging).is_some());
        assert!(ours.found.iter().filter(|s| s.unit != 8 && s.unit != 17).count() <= 3);
    }

    #[test]
    fn what_all_places_do_is_no_departure() {
        let town: Vec<u32> = (0..50 * 24).map(|bin| if bin % 24 >= 12 { 30 } else { 10 }).collect();

        assert_eq!(signals(&town, 24, &SignalOptions::default()).unwrap().found, []);
    }

    #[test]
    fn places_with_few_incidents_are_counted_and_not_judged() {
        let mut town = vec![5_u32; 3 * 12];
        town[..12].fill(0);
        town[11] = 19;

        let ours = signals(&town, 12, &SignalOptions::default()).unwrap();

        assert_eq!((ours.looked_at, ours.too_few), (2, 1));
        assert_eq!(signals(&[], 12, &SignalOptions::default()).unwrap().looked_at, 0);
        assert_eq!(signals(&town, 7, &SignalOptions::default()), None);
        assert_eq!(signals(&town, 3, &SignalOptions::default()), None);
    }
}

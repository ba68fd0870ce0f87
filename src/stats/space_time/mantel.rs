//! Mantel: does distance in space go along with distance in time?

use rand::seq::SliceRandom as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::stats::Watch;
use crate::stats::monte_carlo::{Runs, upper_p};
use crate::stats::random::stream;

use super::knox::{NearnessError, check};

/// Incidents at most where every pair is ranked: eight bytes a pair, twice over.
pub const MOST_RANKED: usize = 6_000;
/// Incidents at most; every run looks at every pair.
pub const MOST_INCIDENTS: usize = 50_000;
/// Runs that are looked at together, so that each distance is worked out once for all of them.
const BATCH: usize = 64;
/// First incidents of pairs that make one partial sum: partial sums are added in order.
const CHUNK: usize = 64;

/// What is correlated.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Correlation {
    /// Distances themselves.
    #[default]
    Pearson,
    /// Their ranks among all pairs, ties sharing theirs.
    Spearman,
    /// Each plus a constant, to a power: what is near weighs most where the power is below zero, as
    /// the -1 of the defaults.
    Reciprocal,
}

/// How distances are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MantelOptions {
    /// What is correlated.
    pub correlation: Correlation,
    /// Added to a distance before its reciprocal, m.
    pub distance_constant: f64,
    /// Power of that sum in its place; -1 is the reciprocal.
    pub distance_power: f64,
    /// Added to days apart before their reciprocal.
    pub days_constant: f64,
    /// Power of that sum in its place; -1 is the reciprocal.
    pub days_power: f64,
    /// How often times are dealt out over the places anew.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
}

/// Fewer permutations than elsewhere, since each looks at every pair.
impl Default for MantelOptions {
    fn default() -> Self {
        Self {
            correlation: Correlation::Pearson,
            distance_constant: 1.0,
            distance_power: -1.0,
            days_constant: 1.0,
            days_power: -1.0,
            permutations: 199,
            seed: 2025,
        }
    }
}

/// Correlation over all pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mantel {
    /// Correlation, -1 to 1.
    pub r: f64,
    /// One-sided permutation p-value of a correlation as high.
    pub p: f64,
}

/// Correlation between distance and days apart over the n(n-1)/2 pairs of incidents, and its
/// permutation p-value: one-sided, positive, times dealt out over the places anew.
///
/// # Shapes and units
///
/// - `positions`: `[n_incidents]`, National Grid, m (euclidean distance). `times`: `[n_incidents]`,
///   days.
///
/// # Errors
///
/// [`NearnessError`]; [`NearnessError::TooMany`] above [`MOST_INCIDENTS`], or [`MOST_RANKED`] for
/// ranks; [`NearnessError::NoVariation`] if all distances or all times are alike.
///
/// # Source
///
/// Mantel (1967), *Cancer Research* 27(2), 209-220. Reciprocals with a constant of 1 as
/// `pointpats.mantel`, whose `scon`, `spow`, `tcon` and `tpow` are constants and powers here.
#[doc(alias = "mantel_test")]
pub fn mantel(
    positions: &[Bng],
    times: &[f64],
    options: &MantelOptions,
    watch: Option<&Watch>,
) -> Result<Mantel, NearnessError> {
    check(positions, times)?;
    let n = positions.len();
    let (most, method) = match options.correlation {
        Correlation::Spearman => (MOST_RANKED, "Mantel on ranks"),
        _ => (MOST_INCIDENTS, "Mantel"),
    };
    if n > most {
        return Err(NearnessError::TooMany { found: n, method, most });
    }
    if options.correlation == Correlation::Reciprocal {
        let constants = [options.distance_constant, options.days_constant];
        if let Some(wrong) = constants.into_iter().find(|c| !(c.is_finite() && *c > 0.0)) {
            return Err(NearnessError::Threshold(wrong));
        }
        let powers = [options.distance_power, options.days_power];
        if let Some(wrong) = powers.into_iter().find(|power| !power.is_finite()) {
            return Err(NearnessError::Power(wrong));
        }
    }
    let distance = |i: usize, j: usize| {
        let (a, b) = (positions[i], positions[j]);
        let (dx, dy) = (a.easting() - b.easting(), a.northing() - b.northing());
        (dx * dx + dy * dy).sqrt()
    };
    let runs = Runs { count: options.permutations, seed: options.seed, watch };
    match options.correlation {
        Correlation::Pearson => correlate(n, runs, distance, Times::Plain(times)),
        Correlation::Reciprocal => {
            let of_distance = Transform(options.distance_constant, options.distance_power);
            let of_days = Transform(options.days_constant, options.days_power);
            let near = |i, j| of_distance.of(distance(i, j));
            correlate(n, runs, near, Times::Transformed(times, of_days))
        }
        Correlation::Spearman => {
            let space = ranks_of_pairs(n, distance);
            let apart = ranks_of_pairs(n, |i, j| (times[i] - times[j]).abs());
            correlate(n, runs, |i, j| space[pair(i, j)], Times::Ranks(&apart))
        }
    }
}

/// `(constant + x)^power`.
#[derive(Clone, Copy)]
struct Transform(f64, f64);

impl Transform {
    #[expect(clippy::float_cmp, reason = "a reciprocal is far quicker than a power")]
    fn of(self, x: f64) -> f64 {
        if self.1 == -1.0 { 1.0 / (self.0 + x) } else { (self.0 + x).powf(self.1) }
    }
}

/// Place of a pair in a list of all, i before j or not.
fn pair(i: usize, j: usize) -> usize {
    let (low, high) = (i.min(j), i.max(j));
    high * (high - 1) / 2 + low
}

/// Ranks of all pairs by a distance, ties sharing the mean of theirs; in the order of [`pair`].
#[expect(clippy::float_cmp, reason = "ties are distances that are exactly equal")]
fn ranks_of_pairs(n: usize, distance: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut sorted: Vec<(f64, u32)> = (1..n)
        .flat_map(|high| (0..high).map(move |low| (high, low)))
        .map(|(high, low)| (distance(low, high), pair(low, high) as u32))
        .collect();
    sorted.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0.0; sorted.len()];
    let mut before = 0;
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let rank = before as f64 + f64::midpoint(tied.len() as f64, 1.0);
        for &(_, pair) in tied {
            ranks[pair as usize] = rank;
        }
        before += tied.len();
    }
    ranks
}

/// What stands for days apart.
#[derive(Clone, Copy)]
enum Times<'a> {
    Plain(&'a [f64]),
    Transformed(&'a [f64], Transform),
    Ranks(&'a [f64]),
}

impl Times<'_> {
    fn apart(self, i: usize, j: usize) -> f64 {
        match self {
            Self::Plain(times) => (times[i] - times[j]).abs(),
            Self::Transformed(times, transform) => transform.of((times[i] - times[j]).abs()),
            Self::Ranks(ranks) => ranks[pair(i, j)],
        }
    }
}

/// Pearson's correlation of `space` and `times` over all pairs, and its permutation p-value.
fn correlate(
    n: usize,
    runs: Runs<'_>,
    space: impl Fn(usize, usize) -> f64 + Sync,
    times: Times<'_>,
) -> Result<Mantel, NearnessError> {
    let pairs = (n * (n - 1) / 2) as f64;
    // About their means, so that the products keep their digits.
    let mean = |f: &(dyn Fn(usize, usize) -> f64 + Sync)| sum_over_pairs(n, f) / pairs;
    let (mean_space, mean_time) = (mean(&space), mean(&|i, j| times.apart(i, j)));
    let squares = |f: &(dyn Fn(usize, usize) -> f64 + Sync), mean: f64| {
        sum_over_pairs(n, &|i, j| (f(i, j) - mean).powi(2))
    };
    let spread_space = squares(&space, mean_space);
    let spread_time = squares(&|i, j| times.apart(i, j), mean_time);
    let alike = |spread: f64, mean: f64| spread <= 1e-20 * pairs * mean * mean;
    if alike(spread_space, mean_space) {
        return Err(NearnessError::NoVariation("distances"));
    }
    if alike(spread_time, mean_time) {
        return Err(NearnessError::NoVariation("times"));
    }
    let scale = (spread_space * spread_time).sqrt();
    let order: Vec<u32> = (0..n as u32).collect();
    let observed = products(n, std::slice::from_ref(&order), &space, mean_space, times)[0];
    let mut simulated = Vec::with_capacity(runs.count);
    if let Some(watch) = runs.watch {
        watch.expect(runs.count.div_ceil(BATCH) as u64);
    }
    for first in (0..runs.count).step_by(BATCH) {
        runs.watch.map_or(Ok(()), Watch::step)?;
        let orders: Vec<Vec<u32>> = (first..(first + BATCH).min(runs.count))
            .map(|run| {
                let mut dealt = order.clone();
                dealt.shuffle(&mut stream(runs.seed, run as u64));
                dealt
            })
            .collect();
        simulated.extend(products(n, &orders, &space, mean_space, times));
    }
    // Sums in other orders are rounded differently: equal to the last digits is equal.
    let p = upper_p(observed - 1e-12 * scale, &simulated);
    Ok(Mantel { r: (observed / scale).clamp(-1.0, 1.0), p })
}

/// `Σ (space - mean) times` over all pairs, for the times dealt in each of `orders`.
fn products(
    n: usize,
    orders: &[Vec<u32>],
    space: &(impl Fn(usize, usize) -> f64 + Sync),
    mean: f64,
    times: Times<'_>,
) -> Vec<f64> {
    let dealt: Vec<Vec<f64>> = match times {
        Times::Plain(times) | Times::Transformed(times, _) => {
            orders.iter().map(|order| order.iter().map(|&i| times[i as usize]).collect()).collect()
        }
        Times::Ranks(_) => Vec::new(),
    };
    let starts: Vec<usize> = (0..n).step_by(CHUNK).collect();
    let partials: Vec<Vec<f64>> = starts
        .into_par_iter()
        .map(|start| {
            let mut sums = vec![0.0; orders.len()];
            let mut row = vec![0.0; n];
            for i in start..(start + CHUNK).min(n) {
                for (j, value) in row[..i].iter_mut().enumerate() {
                    *value = space(i, j) - mean;
                }
                for (order, sum) in sums.iter_mut().enumerate() {
                    *sum += match times {
                        Times::Plain(_) => {
                            let (own, others) = (dealt[order][i], &dealt[order][..i]);
                            in_lanes(&row[..i], others, |t| (own - t).abs())
                        }
                        Times::Transformed(_, transform) => {
                            let (own, others) = (dealt[order][i], &dealt[order][..i]);
                            in_lanes(&row[..i], others, |t| transform.of((own - t).abs()))
                        }
                        Times::Ranks(ranks) => {
                            let order = &orders[order];
                            let own = order[i] as usize;
                            let apart = |j: usize| ranks[pair(own, order[j] as usize)];
                            (0..i).map(|j| row[j] * apart(j)).sum::<f64>()
                        }
                    };
                }
            }
            sums
        })
        .collect();
    let mut sums = vec![0.0; orders.len()];
    for partial in partials {
        sums.iter_mut().zip(partial).for_each(|(sum, part)| *sum += part);
    }
    sums
}

/// `Σ a f(b)` in eight sums side by side, which one processor instruction can add at once.
fn in_lanes(a: &[f64], b: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    let (a_rest, b_rest) = (a.chunks_exact(8).remainder(), b.chunks_exact(8).remainder());
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += a[lane] * f(b[lane]);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * f(*b)).sum();
    sums.iter().sum::<f64>() + rest
}

fn sum_over_pairs(n: usize, f: &(dyn Fn(usize, usize) -> f64 + Sync)) -> f64 {
    let rows: Vec<f64> =
        (1..n).into_par_iter().map(|i| (0..i).map(|j| f(i, j)).sum::<f64>()).collect();
    rows.iter().sum()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn options(correlation: Correlation) -> MantelOptions {
        MantelOptions { correlation, permutations: 199, seed: 9, ..MantelOptions::default() }
    }

    fn line(n: u32) -> Vec<Bng> {
        (0..n).map(|i| Bng::new(f64::from(i * i % 37) * 10.0, 0.0)).collect()
    }

    #[test]
    fn times_that_are_distances_correlate_wholly() {
        let positions = line(25);
        let times: Vec<f64> = positions.iter().map(|p| p.easting() / 10.0).collect();

        for correlation in [Correlation::Pearson, Correlation::Spearman] {
            let ours = mantel(&positions, &times, &options(correlation), None).unwrap();
            assert_relative_eq!(ours.r, 1.0, max_relative = 1e-12);
            assert_relative_eq!(ours.p, 1.0 / 200.0);
        }
    }

    #[test]
    fn times_without_a_pattern_do_not() {
        let times: Vec<f64> = (0..40).map(|i| f64::from(i * 17 % 41)).collect();

        for correlation in [Correlation::Pearson, Correlation::Spearman, Correlation::Reciprocal] {
            let ours = mantel(&line(40), &times, &options(correlation), None).unwrap();
            assert!(ours.r.abs() < 0.15 && ours.p > 0.02, "{correlation:?} {ours:?}");
        }
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "halves are exact")]
    fn ranks_share_their_ties() {
        // Distances 1, 1, 2 between three in a row.
        let ranks = ranks_of_pairs(3, |i, j| i.abs_diff(j) as f64);

        assert_eq!(ranks[pair(0, 1)], 1.5);
        assert_eq!(ranks[pair(2, 1)], 1.5);
        assert_eq!(ranks[pair(0, 2)], 3.0);
    }

    /// By hand: distances 1, 2, 3 and days 1, 2, 3 of the same pairs; squares of 1 + x on both sides
    /// go along wholly, and squares against reciprocals the other way.
    #[test]
    fn any_power_of_a_distance_may_be_compared() {
        let positions = [0.0, 1.0, 3.0].map(|x| Bng::new(x, 0.0));
        let with = |distance_power, days_power| {
            let options = MantelOptions {
                distance_power,
                days_power,
                permutations: 0,
                ..options(Correlation::Reciprocal)
            };
            mantel(&positions, &[0.0, 1.0, 3.0], &options, None)
        };

        assert_relative_eq!(with(2.0, 2.0).unwrap().r, 1.0, max_relative = 1e-12);
        // 4, 9, 16 and 1/2, 1/3, 1/4: sums of products about the means.
        let (a, b) = ([4.0, 9.0, 16.0], [1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0]);
        let about = |v: [f64; 3]| v.map(|x| x - v.iter().sum::<f64>() / 3.0);
        let dot = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (a, b) = (about(a), about(b));
        let r = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
        assert_relative_eq!(with(2.0, -1.0).unwrap().r, r, max_relative = 1e-12);
        assert_eq!(with(f64::INFINITY, 1.0), Err(NearnessError::Power(f64::INFINITY)));
    }

    #[test]
    fn what_does_not_vary_is_refused() {
        let here = [Bng::new(5.0, 5.0); 4];
        let apart = line(4);

        let refuse = |positions: &[Bng], times: &[f64]| {
            mantel(positions, times, &options(Correlation::Pearson), None).unwrap_err()
        };

        assert_eq!(refuse(&here, &[1.0, 2.0, 3.0, 4.0]), NearnessError::NoVariation("distances"));
        assert_eq!(refuse(&apart, &[2.0; 4]), NearnessError::NoVariation("times"));
    }
}

//! Knox: are incidents that are near in space also near in time, more than chance would have it?

use rand::seq::SliceRandom as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::aggregate::{hypergeometric_at_least, poisson_at_least};
use crate::crs::Bng;
use crate::quantity::Metres;
use crate::stats::monte_carlo::{Runs, simulate, upper_p};
use crate::stats::{Cancelled, Watch, q_values};

use super::pairs::{Metric, near_pairs};

/// Pairs that may be held at once: 12 bytes each.
const MOST_PAIRS: usize = 250_000_000;

/// Why there is no test of nearness in space and time.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum NearnessError {
    /// Positions and times of different incidents.
    #[error("{positions} positions and {times} times: each incident needs one of each")]
    Lengths {
        /// Positions.
        positions: usize,
        /// Times.
        times: usize,
    },
    /// Too few incidents.
    #[error("{0} incidents: at least 3 are needed to be near each other or not")]
    TooFew(usize),
    /// A time that is not a finite number.
    #[error("the time of incident {0} is not a finite number")]
    NotFinite(usize),
    /// A threshold below zero, or none.
    #[error("a threshold is {0}; wanted a number of 0 or more")]
    Threshold(f64),
    /// A power that is not a finite number.
    #[error("a power is {0}; wanted a finite number")]
    Power(f64),
    /// Bands that do not rise.
    #[error("the edges of the {0} bands do not rise")]
    Bands(&'static str),
    /// More pairs than fit in memory.
    #[error(
        "{found} pairs are within {reach} m, more than the {MOST_PAIRS} that are looked at: choose a shorter distance or fewer incidents"
    )]
    TooManyPairs {
        /// Pairs found.
        found: usize,
        /// Distance.
        reach: f64,
    },
    /// More incidents than the method can take.
    #[error("{found} incidents: {method} looks at every pair of them, and takes {most} at most")]
    TooMany {
        /// Incidents given.
        found: usize,
        /// What looks at every pair.
        method: &'static str,
        /// Most it takes.
        most: usize,
    },
    /// All distances or all times alike.
    #[error("all {0} are alike, so nothing can vary with them")]
    NoVariation(&'static str),
    /// It was stopped from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// When two incidents are near each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KnoxOptions {
    /// Distance at most, m.
    pub distance: Metres,
    /// Days apart at most.
    pub days: f64,
    /// How distance is measured.
    pub metric: Metric,
    /// How often times are dealt out over the places anew.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
}

impl Default for KnoxOptions {
    /// 200 m and 14 days: where near repeats of burglary are usually looked for.
    fn default() -> Self {
        Self {
            distance: Metres::new(200.0),
            days: 14.0,
            metric: Metric::Euclidean,
            permutations: 999,
            seed: 2025,
        }
    }
}

/// Pairs near in space, in time, and in both.
#[derive(Debug, Clone, PartialEq)]
pub struct Knox {
    /// All pairs, n(n-1)/2.
    pub pairs: u64,
    /// Pairs near in space.
    pub near_space: u64,
    /// Pairs near in time.
    pub near_time: u64,
    /// Pairs near in both.
    pub near_both: u64,
    /// Pairs near in both to be expected if times had nothing to do with places.
    pub expected: f64,
    /// `near_both` over `expected`; `None` where nothing is expected.
    pub ratio: Option<f64>,
    /// Chance of more than `near_both` under a Poisson count: a quick look, which takes pairs for
    /// independent. Strictly more, as surveillance and pointpats have it; the permutation p-value
    /// counts ties.
    pub p_poisson: f64,
    /// One-sided permutation p-value.
    pub p: f64,
    /// Mean of `near_both` over the permutations; `None` without any.
    pub permuted_mean: Option<f64>,
    /// Baker's statistic: pairs near in both, less those expected of each incident's own numbers of
    /// near incidents.
    pub modified: f64,
    /// One-sided permutation p-value of `modified`.
    pub modified_p: f64,
    /// `[n_incidents]`: how each fares on its own.
    pub incidents: Vec<KnoxIncident>,
}

/// One incident's share in the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnoxIncident {
    /// Others near in space.
    pub near_space: u32,
    /// Others near in time.
    pub near_time: u32,
    /// Others near in both.
    pub near_both: u32,
    /// One-sided exact p-value: the times of the others dealt out over their places.
    pub p: f64,
    /// Benjamini-Hochberg q-value over the incidents that have an other near in space and in time.
    pub q: Option<f64>,
}

/// Knox's test, with Baker's statistic and each incident's own share.
///
/// ```text
/// near in space  d <= distance        near in time  |t_i - t_j| <= days
/// expected = near_space * near_time / pairs
/// modified = near_both - Σ_i s_i t_i / (2 (n - 1)),   s_i, t_i: others near incident i
/// ```
///
/// Both thresholds include their edge. Permutations deal the times out over the places anew; p is
/// one-sided: as many near pairs or more. Of each incident, given its own numbers of others near in
/// space and in time, the number near in both is hypergeometric, so its p-value is exact and needs
/// no permutation.
///
/// Times are numbers of days; whole months cannot be used (see
/// [`check_days`](super::check_days)). Repeats at one address are at distance 0 and count as near.
///
/// # Shapes and units
///
/// - `positions`: `[n_incidents]`, National Grid, m. `times`: `[n_incidents]`, days.
///
/// # Errors
///
/// [`NearnessError`].
///
/// # Source
///
/// Knox (1964), *Applied Statistics* 13(1), 25-30, <https://doi.org/10.2307/2985220>; Baker (2004),
/// *Statistics in Medicine* 23(4), 649-662, <https://doi.org/10.1002/sim.1606>; each incident's
/// share as `Knox_Local` of pointpats.
#[doc(alias = "knox_test")]
#[doc(alias = "Knox_Local")]
pub fn knox(
    positions: &[Bng],
    times: &[f64],
    options: &KnoxOptions,
    watch: Option<&Watch>,
) -> Result<Knox, NearnessError> {
    let (reach, days) = (options.distance.get(), options.days);
    check(positions, times)?;
    for threshold in [reach, days] {
        if !(threshold.is_finite() && threshold >= 0.0) {
            return Err(NearnessError::Threshold(threshold));
        }
    }
    let n = positions.len();
    let near = near_pairs(positions, reach, options.metric, |i, j, _| Some([i, j]));
    if near.len() > MOST_PAIRS {
        return Err(NearnessError::TooManyPairs { found: near.len(), reach });
    }
    let near_in_time = others_near_in_time(times, days);
    let both = |times: &[f64]| {
        near.iter().filter(|[i, j]| (times[*i as usize] - times[*j as usize]).abs() <= days).count()
    };
    let pairs = n as u64 * (n as u64 - 1) / 2;
    let near_time = near_in_time.iter().map(|&t| u64::from(t)).sum::<u64>() / 2;
    let near_both = both(times) as u64;
    let expected = near.len() as f64 * near_time as f64 / pairs as f64;

    let mut near_in_space = vec![0_u32; n];
    let mut near_in_both = vec![0_u32; n];
    for [i, j] in &near {
        let (i, j) = (*i as usize, *j as usize);
        let close = u32::from((times[i] - times[j]).abs() <= days);
        for incident in [i, j] {
            near_in_space[incident] += 1;
            near_in_both[incident] += close;
        }
    }
    let per_other = 1.0 / (2.0 * (n as f64 - 1.0));
    let runs = Runs { count: options.permutations, seed: options.seed, watch };
    // Which time is dealt to a place changes Σ s_i t_i too: both are followed.
    let simulated: Vec<(f64, f64)> = simulate(runs, |rng| {
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.shuffle(rng);
        let dealt: Vec<f64> = order.iter().map(|&i| times[i as usize]).collect();
        let product: f64 = order
            .iter()
            .zip(&near_in_space)
            .map(|(&i, &s)| f64::from(s) * f64::from(near_in_time[i as usize]))
            .sum();
        let both = both(&dealt) as f64;
        (both, both - product * per_other)
    })?;
    let product: f64 =
        near_in_space.iter().zip(&near_in_time).map(|(&s, &t)| f64::from(s) * f64::from(t)).sum();
    let modified = near_both as f64 - product * per_other;
    let (plain, baker): (Vec<f64>, Vec<f64>) = simulated.into_iter().unzip();
    Ok(Knox {
        pairs,
        near_space: near.len() as u64,
        near_time,
        near_both,
        expected,
        ratio: (expected > 0.0).then(|| near_both as f64 / expected),
        p_poisson: poisson_at_least(near_both + 1, expected),
        p: upper_p(near_both as f64, &plain),
        permuted_mean: (!plain.is_empty()).then(|| plain.iter().sum::<f64>() / plain.len() as f64),
        modified,
        // Sums of products are rounded differently in other orders.
        modified_p: upper_p(modified - 1e-9 * modified.abs().max(1.0), &baker),
        incidents: incidents(&near_in_space, &near_in_time, &near_in_both),
    })
}

fn incidents(space: &[u32], time: &[u32], both: &[u32]) -> Vec<KnoxIncident> {
    let others = space.len() as u64 - 1;
    let p: Vec<f64> = (0..space.len())
        .into_par_iter()
        .map(|i| {
            let [s, t, b] = [space[i], time[i], both[i]].map(u64::from);
            hypergeometric_at_least(b, s, t, others)
        })
        .collect();
    let tested: Vec<Option<f64>> =
        p.iter().enumerate().map(|(i, &p)| (space[i] > 0 && time[i] > 0).then_some(p)).collect();
    let q = q_values(&tested);
    (0..space.len())
        .map(|i| KnoxIncident {
            near_space: space[i],
            near_time: time[i],
            near_both: both[i],
            p: p[i],
            q: q[i],
        })
        .collect()
}

/// How many other times each time is within `days` of, the edge included.
fn others_near_in_time(times: &[f64], days: f64) -> Vec<u32> {
    let mut sorted: Vec<f64> = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    times
        .iter()
        .map(|&t| {
            // By difference, as pairs are: t + days may round across the edge.
            let first = sorted.partition_point(|&other| t - other > days);
            let end = sorted.partition_point(|&other| other - t <= days);
            (end - first - 1) as u32
        })
        .collect()
}

pub(super) fn check(positions: &[Bng], times: &[f64]) -> Result<(), NearnessError> {
    if positions.len() != times.len() {
        return Err(NearnessError::Lengths { positions: positions.len(), times: times.len() });
    }
    if positions.len() < 3 {
        return Err(NearnessError::TooFew(positions.len()));
    }
    match times.iter().position(|t| !t.is_finite()) {
        Some(i) => Err(NearnessError::NotFinite(i)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    fn options(distance: f64, days: f64, runs: usize) -> KnoxOptions {
        KnoxOptions {
            distance: Metres::new(distance),
            days,
            permutations: runs,
            seed: 5,
            ..KnoxOptions::default()
        }
    }

    /// Five incidents by hand: three in a street within days, two far off.
    #[test]
    fn pairs_are_counted_with_their_edges() {
        let at = |x: f64| Bng::new(x, 0.0);
        let positions = [at(0.0), at(100.0), at(200.0), at(5_000.0), at(9_000.0)];

        let ours =
            knox(&positions, &[0.0, 7.0, 21.0, 0.0, 14.0], &options(100.0, 7.0, 99), None).unwrap();

        assert_eq!((ours.pairs, ours.near_space, ours.near_time, ours.near_both), (10, 2, 5, 1));
        assert_relative_eq!(ours.expected, 1.0);
        assert_eq!(ours.incidents[1].near_space, 2);
        // Of four others two are near in space and two (days 0, 0 and 14: three) in time.
        assert_eq!(ours.incidents[1].near_time, 3);
        assert_relative_eq!(ours.incidents[1].p, 1.0, max_relative = 1e-12);
    }

    #[test]
    fn incidents_in_series_are_found_and_scattered_ones_are_not() {
        let series: Vec<(f64, f64)> = (0..40)
            .flat_map(|k| {
                (0..3).map(move |i| {
                    (f64::from(k) * 997.0 + f64::from(i) * 20.0, f64::from((k * 37) % 400 + i * 2))
                })
            })
            .collect();
        let positions: Vec<Bng> = series.iter().map(|s| Bng::new(s.0, 0.0)).collect();
        let times: Vec<f64> = series.iter().map(|s| s.1).collect();
        let scattered: Vec<f64> = (0..120).map(|i| f64::from(i * 53 % 401)).collect();

        let found = knox(&positions, &times, &options(100.0, 7.0, 199), None).unwrap();
        let none = knox(&positions, &scattered, &options(100.0, 7.0, 199), None).unwrap();

        assert_relative_eq!(found.p, 1.0 / 200.0);
        assert_relative_eq!(found.modified_p, 1.0 / 200.0);
        assert!(found.incidents.iter().all(|i| i.p < 0.05));
        assert!(none.p > 0.05, "{}", none.p);
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let at = [Bng::new(0.0, 0.0); 3];
        let knox = |positions: &[Bng], times: &[f64], days: f64| {
            knox(positions, times, &options(10.0, days, 9), None).unwrap_err()
        };

        assert_eq!(knox(&at, &[1.0], 1.0), NearnessError::Lengths { positions: 3, times: 1 });
        assert_eq!(knox(&[], &[], 1.0), NearnessError::TooFew(0));
        assert_eq!(knox(&at, &[1.0, f64::NAN, 2.0], 1.0), NearnessError::NotFinite(1));
        assert_eq!(knox(&at, &[1.0, 2.0, 3.0], -1.0), NearnessError::Threshold(-1.0));
    }

    proptest! {
        #[test]
        fn the_order_of_incidents_does_not_matter(
            rows in prop::collection::vec((0_u8..40, 0_u8..30), 3..30),
        ) {
            let positions: Vec<Bng> =
                rows.iter().map(|r| Bng::new(f64::from(r.0) * 10.0, 0.0)).collect();
            let times: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();
            let back = |list: &[f64]| list.iter().rev().copied().collect::<Vec<_>>();
            let turned: Vec<Bng> = positions.iter().rev().copied().collect();

            let ours = knox(&positions, &times, &options(50.0, 3.0, 0), None).unwrap();
            let theirs = knox(&turned, &back(&times), &options(50.0, 3.0, 0), None).unwrap();

            prop_assert_eq!(ours.near_both, theirs.near_both);
            prop_assert_eq!(ours.near_time, theirs.near_time);
            prop_assert!((ours.modified - theirs.modified).abs() < 1e-9);
            let near: u32 = ours.incidents.iter().map(|i| i.near_both).sum();
            prop_assert_eq!(u64::from(near), 2 * ours.near_both);
        }
    }
}

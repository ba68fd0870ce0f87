//! The near-repeat table: how near in space and time repeats are, band by band.

use rand::seq::SliceRandom as _;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::stats::Watch;
use crate::stats::monte_carlo::{Runs, simulate};

use super::knox::{NearnessError, check};
use super::pairs::{Metric, near_pairs};

/// Which edge of a band belongs to it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// `[a, b)`: its lower edge, as `NearRepeat` has it.
    #[default]
    Left,
    /// `[a, b)`, and the last band its upper edge as well.
    LeftAndHighest,
    /// `(a, b]`: its upper edge.
    Right,
    /// `(a, b]`, and the first band its lower edge as well.
    RightAndLowest,
}

impl Closing {
    /// The band that holds `x`. Bands are few: counting the edges passed is quicker than a search.
    #[expect(clippy::float_cmp, reason = "the edge itself is in the band")]
    fn band(self, edges: &[f64], x: f64) -> Option<usize> {
        let n_bands = edges.len() - 1;
        let passed = match self {
            Self::LeftAndHighest if x == edges[n_bands] => n_bands,
            Self::RightAndLowest if x == edges[0] => 1,
            Self::Left | Self::LeftAndHighest => edges.iter().filter(|&&e| e <= x).count(),
            Self::Right | Self::RightAndLowest => edges.iter().filter(|&&e| e < x).count(),
        };
        (passed > 0 && passed <= n_bands).then(|| passed - 1)
    }
}

/// Bands of a near-repeat table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NearRepeatOptions {
    /// Edges of the distance bands, m, rising.
    pub distances: Vec<f64>,
    /// Edges of the time bands, days, rising.
    pub days: Vec<f64>,
    /// How distance is measured.
    pub metric: Metric,
    /// Which edge belongs to a band of distance.
    pub closing: Closing,
    /// Which edge belongs to a band of days.
    pub days_closing: Closing,
    /// How often times are dealt out over the places anew.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// Ratio from which a band is reported as a near repeat.
    pub least_ratio: f64,
    /// p-value up to which it is.
    pub alpha: f64,
}

impl Default for NearRepeatOptions {
    /// The same place, then bands of 100 m to 500 m; weeks to four.
    fn default() -> Self {
        Self {
            distances: vec![0.0, 0.001, 100.0, 200.0, 300.0, 400.0, 500.0],
            days: vec![0.0, 7.0, 14.0, 21.0, 28.0],
            metric: Metric::Euclidean,
            closing: Closing::Left,
            days_closing: Closing::Left,
            permutations: 999,
            seed: 2025,
            least_ratio: 1.2,
            alpha: 0.05,
        }
    }
}

/// One band of distance by one band of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearRepeat {
    /// Pairs of incidents in the band.
    pub pairs: u64,
    /// Mean pairs over the permutations.
    pub expected: f64,
    /// `pairs` over `expected`; `None` where no permutation had any.
    pub ratio: Option<f64>,
    /// One-sided permutation p-value of as many pairs or more.
    pub p: f64,
    /// Whether it is reported: ratio and p-value both pass.
    pub reported: bool,
}

/// Pairs in each band of distance and time, against times dealt out over the places anew.
///
/// Many bands are looked at, and one in twenty passes 0.05 by chance: so a band is *reported* only
/// at a ratio of 1.2 or more as well.
///
/// # Shapes and units
///
/// - `positions`: `[n_incidents]`, National Grid, m. `times`: `[n_incidents]`, days.
/// - returns: `[n_distance_bands][n_time_bands]`, nearest and soonest first.
///
/// # Errors
///
/// [`NearnessError`].
///
/// # Source
///
/// Townsley, Homel and Chaseling (2003), *British Journal of Criminology* 43(3), 615-633,
/// <https://doi.org/10.1093/bjc/43.3.615>; ratio as the mean over permutations and the band rule as
/// `NearRepeat` 0.1.1; ratio 1.2 as J. Ratcliffe's Near Repeat Calculator reports.
#[doc(alias = "NearRepeat")]
pub fn near_repeats(
    positions: &[Bng],
    times: &[f64],
    options: &NearRepeatOptions,
    watch: Option<&Watch>,
) -> Result<Vec<Vec<NearRepeat>>, NearnessError> {
    check(positions, times)?;
    let rising = |edges: &[f64]| {
        edges.len() >= 2
            && edges.iter().all(|e| e.is_finite() && *e >= 0.0)
            && edges.windows(2).all(|e| e[0] < e[1])
    };
    if !rising(&options.distances) {
        return Err(NearnessError::Bands("distance"));
    }
    if !rising(&options.days) {
        return Err(NearnessError::Bands("time"));
    }
    let (n_rows, n_columns) = (options.distances.len() - 1, options.days.len() - 1);
    let reach = options.distances[n_rows];
    let mut by_band: Vec<Vec<[u32; 2]>> = vec![Vec::new(); n_rows];
    let found = near_pairs(positions, reach, options.metric, |i, j, distance| {
        Some((options.closing.band(&options.distances, distance)?, [i, j]))
    });
    for (band, pair) in found {
        by_band[band].push(pair);
    }
    let count = |times: &[f64]| -> Vec<u64> {
        let mut counts = vec![0; n_rows * n_columns];
        for (pairs, row) in by_band.iter().zip(counts.chunks_mut(n_columns)) {
            for [i, j] in pairs {
                let apart = (times[*i as usize] - times[*j as usize]).abs();
                if let Some(column) = options.days_closing.band(&options.days, apart) {
                    row[column] += 1;
                }
            }
        }
        counts
    };
    let observed = count(times);
    let runs = Runs { count: options.permutations, seed: options.seed, watch };
    let simulated = simulate(runs, |rng| {
        let mut dealt = times.to_vec();
        dealt.shuffle(rng);
        count(&dealt)
    })?;
    let cell = |cell: usize| {
        let pairs = observed[cell];
        let total: u64 = simulated.iter().map(|counts| counts[cell]).sum();
        let as_many = simulated.iter().filter(|counts| counts[cell] >= pairs).count();
        let expected = total as f64 / simulated.len().max(1) as f64;
        let ratio = (expected > 0.0).then(|| pairs as f64 / expected);
        let p = (as_many + 1) as f64 / (simulated.len() + 1) as f64;
        let reported = ratio.is_some_and(|r| r >= options.least_ratio) && p <= options.alpha;
        NearRepeat { pairs, expected, ratio, p, reported }
    };
    Ok((0..n_rows)
        .map(|row| (0..n_columns).map(|column| cell(row * n_columns + column)).collect())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_in_the_band_they_are_said_to_be_in() {
        let edges = [0.0, 0.001, 100.0, 200.0];
        for (closing, bands) in [
            (Closing::Left, [Some(0), Some(2), None]),
            (Closing::LeftAndHighest, [Some(0), Some(2), Some(2)]),
            (Closing::Right, [None, Some(1), Some(2)]),
            (Closing::RightAndLowest, [Some(0), Some(1), Some(2)]),
        ] {
            let of = |x| closing.band(&edges, x);

            assert_eq!([0.0, 100.0, 200.0].map(of), bands, "{closing:?}");
            assert_eq!([0.0005, 50.0, 199.9, 200.1].map(of), [Some(0), Some(1), Some(2), None]);
        }
    }

    /// Pairs a metre and a day apart: closed on the right, their band of days is the first and their
    /// band of metres the second.
    #[test]
    fn distance_and_days_are_closed_each_in_their_own_way() {
        let positions: Vec<Bng> =
            (0..20).map(|i| Bng::new(f64::from(i / 2) * 1e4 + f64::from(i % 2), 0.0)).collect();
        let times: Vec<f64> = (0..20).map(|i| f64::from(i / 2 * 100 + i % 2)).collect();
        let options = NearRepeatOptions {
            distances: vec![0.0, 1.0, 2.0],
            days: vec![0.0, 1.0, 2.0],
            days_closing: Closing::Right,
            permutations: 0,
            ..NearRepeatOptions::default()
        };

        let table = near_repeats(&positions, &times, &options, None).unwrap();

        let pairs: Vec<Vec<u64>> =
            table.iter().map(|row| row.iter().map(|cell| cell.pairs).collect()).collect();
        assert_eq!(pairs, [[0, 0], [10, 0]]);
    }

    #[test]
    fn repeats_at_one_place_within_days_stand_out() {
        let positions: Vec<Bng> =
            (0..60).map(|i| Bng::new(f64::from(i / 2) * 1_000.0, 0.0)).collect();
        let times: Vec<f64> =
            (0..60).map(|i| f64::from((i / 2) * 61 % 360) + f64::from(i % 2) * 2.0).collect();
        let options =
            NearRepeatOptions { permutations: 199, seed: 1, ..NearRepeatOptions::default() };

        let table = near_repeats(&positions, &times, &options, None).unwrap();

        assert_eq!(table[0][0].pairs, 30);
        assert!(table[0][0].reported && table[0][0].p <= 0.005);
        assert_eq!((table[1][0].pairs, table[1][0].ratio, table[1][0].p), (0, None, 1.0));
    }

    #[test]
    fn bands_that_do_not_rise_are_refused() {
        let at = [Bng::new(0.0, 0.0); 3];
        for days in [vec![], vec![1.0], vec![2.0, 1.0], vec![0.0, f64::NAN]] {
            let options = NearRepeatOptions { days, ..NearRepeatOptions::default() };

            let refused = near_repeats(&at, &[1.0, 2.0, 3.0], &options, None).unwrap_err();

            assert_eq!(refused, NearnessError::Bands("time"));
        }
    }
}

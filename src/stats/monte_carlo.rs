//! Chance as a yardstick: what a statistic would be if only chance were at work, run many times.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::random::stream;
use super::{Cancelled, Watch};

/// How often chance is run, from which seed, and who watches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Runs<'a> {
    pub count: usize,
    pub seed: u64,
    pub watch: Option<&'a Watch>,
}

/// What every run gives, in order of the runs: the same at any number of threads, since run number i
/// draws from stream i of the seed.
pub(super) fn simulate<T: Send>(
    runs: Runs<'_>,
    one: impl Fn(&mut Xoshiro256PlusPlus) -> T + Sync,
) -> Result<Vec<T>, Cancelled> {
    if let Some(watch) = runs.watch {
        watch.expect(runs.count as u64);
    }
    (0..runs.count as u64)
        .into_par_iter()
        .map(|run| {
            runs.watch.map_or(Ok(()), Watch::step)?;
            Ok(one(&mut stream(runs.seed, run)))
        })
        .collect()
}

/// As [`simulate`], several runs at a time; what runs past the last give is not looked at.
pub(super) fn simulate_together<const N: usize, T: Send>(
    runs: Runs<'_>,
    several: impl Fn(&mut [Xoshiro256PlusPlus; N]) -> [T; N] + Sync,
) -> Result<Vec<T>, Cancelled> {
    if let Some(watch) = runs.watch {
        watch.expect(runs.count as u64);
    }
    let batches = (0..runs.count.div_ceil(N))
        .into_par_iter()
        .map(|batch| {
            let first = batch * N;
            for _ in first..runs.count.min(first + N) {
                runs.watch.map_or(Ok(()), Watch::step)?;
            }
            let mut rngs = std::array::from_fn(|k| stream(runs.seed, (first + k) as u64));
            Ok(several(&mut rngs))
        })
        .collect::<Result<Vec<[T; N]>, Cancelled>>()?;
    Ok(batches.into_iter().flatten().take(runs.count).collect())
}

/// One-sided p-value of a figure as high as `observed`: `(r + 1) / (runs + 1)`, r being the runs that
/// came out as high or higher.
///
/// # Source
///
/// Davison and Hinkley (1997), *Bootstrap Methods and their Application*, Cambridge, section 4.2.
pub fn upper_p(observed: f64, simulated: &[f64]) -> f64 {
    let as_high = simulated.iter().filter(|&&x| x >= observed).count();
    (as_high + 1) as f64 / (simulated.len() + 1) as f64
}

/// Draws indices with chances in proportion to weights, in constant time each.
///
/// # Source
///
/// Walker (1977), *ACM Transactions on Mathematical Software* 3(3), 253-256,
/// <https://doi.org/10.1145/355744.355749>; tables built as Vose (1991), *IEEE Transactions on
/// Software Engineering* 17(9), 972-975, <https://doi.org/10.1109/32.92917>.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    keep: Vec<f64>,
    other: Vec<u32>,
}

impl Alias {
    /// `None` unless all weights are finite and not negative and some are above zero.
    pub(super) fn new(weights: &[f64]) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        if !(total.is_finite() && total > 0.0) || weights.iter().any(|w| w.is_nan() || *w < 0.0) {
            return None;
        }
        let n = weights.len();
        let mut keep: Vec<f64> = weights.iter().map(|w| w * n as f64 / total).collect();
        let mut other: Vec<u32> = (0..n as u32).collect();
        let (mut low, mut high): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| keep[i] < 1.0);
        while let (Some(small), Some(&large)) = (low.pop(), high.last()) {
            other[small] = large as u32;
            keep[large] -= 1.0 - keep[small];
            if keep[large] < 1.0 {
                high.pop();
                low.push(large);
            }
        }
        // What is left differs from 1 by rounding alone.
        for i in low.into_iter().chain(high) {
            keep[i] = 1.0;
        }
        // Rounding must not hand a draw to what has no weight.
        for i in 0..n {
            if weights[i] == 0.0 {
                keep[i] = 0.0;
                if other[i] as usize == i {
                    let heaviest = (0..n).max_by(|&a, &b| weights[a].total_cmp(&weights[b]))?;
                    other[i] = heaviest as u32;
                }
            }
        }
        Some(Self { keep, other })
    }

    pub(super) fn draw(&self, rng: &mut Xoshiro256PlusPlus) -> usize {
        let i = rng.random_range(0..self.keep.len());
        if rng.random::<f64>() < self.keep[i] { i } else { self.other[i] as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_p_value_counts_ties_and_the_observation_itself() {
        assert!((upper_p(3.0, &[1.0, 3.0, 5.0]) - 0.75).abs() < 1e-15);
        assert!((upper_p(9.0, &[1.0, 3.0, 5.0]) - 0.25).abs() < 1e-15);
        assert!((upper_p(9.0, &[]) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn draws_follow_their_weights_and_never_what_has_none() {
        let weights = [5.0, 0.0, 1.0, 0.25, 3.75];
        let alias = Alias::new(&weights).unwrap();
        let mut rng = stream(11, 0);
        let mut seen = [0_u32; 5];

        for _ in 0..100_000 {
            seen[alias.draw(&mut rng)] += 1;
        }

        assert_eq!(seen[1], 0);
        for (seen, weight) in seen.iter().zip(weights) {
            assert!((f64::from(*seen) / 100_000.0 - weight / 10.0).abs() < 0.006);
        }
    }

    #[test]
    fn weights_that_are_none_draw_nothing() {
        assert!(Alias::new(&[]).is_none());
        assert!(Alias::new(&[0.0, 0.0]).is_none());
        assert!(Alias::new(&[1.0, f64::NAN]).is_none());
        assert!(Alias::new(&[1.0, -1.0]).is_none());
    }

    #[test]
    fn a_run_that_is_no_longer_wanted_stops() {
        let watch = Watch::default();
        let runs = Runs { count: 5, seed: 1, watch: Some(&watch) };

        assert_eq!(simulate(runs, RngExt::random::<u64>).unwrap().len(), 5);
        assert_eq!(watch.progress(), (5, 5));
        watch.cancel();
        assert_eq!(simulate(runs, RngExt::random::<u64>), Err(Cancelled));
    }
}

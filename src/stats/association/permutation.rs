//! Permutation tests: one engine for every statistic of association.
//!
//! **Conditional** permutation holds the value of a unit and gives it the values of other units,
//! drawn without replacement, in place of its neighbours'. **Whole** permutation shuffles all values
//! over all units.
//!
//! Every permutation has a stream of its own from the seed, so that the result is the same at any
//! number of threads. In one conditional permutation all units move by the same steps along the
//! list of units (a unit draws those 17, 402 and 96 places further on, the next unit likewise, past
//! the end to the start): for each unit every set of others is as likely as any, and the draws of
//! its permutations are independent, so each pseudo p-value is exact; those of two units are drawn
//! together, as they are in `esda` and `GeoDa`, which use one table of draws for all. It lets the
//! sums of many units be made at once from neighbouring memory.

use rand::seq::SliceRandom;
use rand::seq::index;
use rayon::prelude::*;

use crate::weights::Weights;

use super::error::{AssociationError, check_values};
use crate::stats::random::stream;
use crate::stats::significance::Alternative;
use crate::stats::watch::Watch;

/// Units whose sums are made at once, where they have few neighbours.
const BLOCK: usize = 512;
/// Weights that a block holds at most, unless one unit alone has more.
const BLOCK_WEIGHTS: usize = 65_536;
/// Steps held at once.
const STEPS: usize = 1 << 22;
/// Sums closer than this share of their terms are equal: the same values may come in another order.
const TIE: f64 = 1e-12;

/// How many permutations, and the seed they are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permutations {
    /// How many. A pseudo p-value is at least 1 over one more than this.
    pub count: u32,
    /// Seed of their streams.
    pub seed: u64,
}

/// Where a statistic lies among those of its permutations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tails {
    /// Permutations whose statistic is at least as high.
    pub at_least: u32,
    /// Permutations whose statistic is at most as high.
    pub at_most: u32,
    /// Permutations.
    pub count: u32,
}

impl Tails {
    /// Pseudo p-value: `(r + 1)/(B + 1)`, where r of B permutations are as extreme. Equal ones count
    /// as extreme, in both tails.
    ///
    /// Two-sided is twice the smaller tail, at most 1. (The smaller tail itself, which `esda` gives
    /// unless told otherwise, is half an honest p-value.)
    ///
    /// # Source
    ///
    /// Phipson and Smyth (2010), *Statistical Applications in Genetics and Molecular Biology* 9(1),
    /// <https://doi.org/10.2202/1544-6115.1585>.
    pub fn p(self, alternative: Alternative) -> f64 {
        let p = |extreme: u32| (f64::from(extreme) + 1.0) / (f64::from(self.count) + 1.0);
        match alternative {
            Alternative::Greater => p(self.at_least),
            Alternative::Less => p(self.at_most),
            Alternative::TwoSided => (2.0 * p(self.at_least.min(self.at_most))).min(1.0),
        }
    }

    /// The same for the statistic with its sign turned.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { at_least: self.at_most, at_most: self.at_least, count: self.count }
    }

    /// Where `observed` lies among `permuted`.
    pub(super) fn of(observed: f64, permuted: impl Iterator<Item = f64>) -> Self {
        let tie = TIE * observed.abs();
        let mut tails = Self::default();
        for value in permuted {
            tails.at_least += u32::from(value >= observed - tie);
            tails.at_most += u32::from(value <= observed + tie);
            tails.count += 1;
        }
        tails
    }
}

/// What one neighbour adds to the local statistic of a unit, before its weight.
pub(super) trait Term: Sync {
    fn term(own: f64, other: f64) -> f64;
}

/// The neighbour's value: Gi, Gi* and local Moran's I.
pub(super) struct Lag;

impl Term for Lag {
    #[inline]
    fn term(_own: f64, other: f64) -> f64 {
        other
    }
}

/// The square of the difference: local Geary.
pub(super) struct SquaredDifference;

impl Term for SquaredDifference {
    #[inline]
    fn term(own: f64, other: f64) -> f64 {
        (own - other) * (own - other)
    }
}

/// Conditional permutation of the spatial lag `Σ_j w_ij x_j`: the test of Gi, of Gi* (which only adds
/// what is held) and, its tails turned for units below the mean, of local Moran's I.
///
/// # Shapes and units
///
/// - `values`: `[n_units]`, finite; `weights`: `[n_units]`, the unit itself left out. A factor common
///   to a row changes nothing.
/// - returns: `[n_units]`; `None` for an island.
///
/// # Errors
///
/// [`AssociationError`] as for the statistics, without permutations, or if `watch` was cancelled.
///
/// # Source
///
/// Anselin (1995), *Geographical Analysis* 27(2), 93-115,
/// <https://doi.org/10.1111/j.1538-4632.1995.tb00338.x>.
pub fn permuted_lags(
    values: &[f64],
    weights: &Weights,
    permutations: Permutations,
    watch: &Watch,
) -> Result<Vec<Option<Tails>>, AssociationError> {
    conditional::<Lag>(values, weights, permutations, watch)
}

/// Conditional permutation of `Σ_j w_ij (x_i - x_j)²`: the test of local Geary.
///
/// # Errors
///
/// As [`permuted_lags`].
pub fn permuted_differences(
    values: &[f64],
    weights: &Weights,
    permutations: Permutations,
    watch: &Watch,
) -> Result<Vec<Option<Tails>>, AssociationError> {
    conditional::<SquaredDifference>(values, weights, permutations, watch)
}

fn conditional<T: Term>(
    values: &[f64],
    weights: &Weights,
    permutations: Permutations,
    watch: &Watch,
) -> Result<Vec<Option<Tails>>, AssociationError> {
    let n = weights.n_units();
    check_values(values, n, 2)?;
    if permutations.count == 0 {
        return Err(AssociationError::NoPermutations);
    }
    let most = (0..n).map(|i| weights.of(i).len()).max().unwrap_or(0);
    // Twice round, so that no step runs past the end.
    let ring: Vec<f64> = values.iter().chain(values).copied().collect();
    let length = (BLOCK_WEIGHTS / most.max(1)).clamp(8, BLOCK);
    let mut blocks: Vec<Block> = (0..n.div_ceil(length))
        .map(|b| Block::new(b * length, length.min(n - b * length)))
        .collect();
    let per_batch = (STEPS / most.max(1)).clamp(1, permutations.count as usize);
    let batches = (permutations.count as usize).div_ceil(per_batch);
    watch.expect((batches * blocks.len()) as u64);
    for batch in 0..batches {
        let numbers = batch * per_batch..((batch + 1) * per_batch).min(permutations.count as usize);
        let steps: Vec<u32> = numbers
            .into_par_iter()
            .flat_map_iter(|number| {
                let mut rng = stream(permutations.seed, number as u64);
                // 1 to n - 1 further on: never the unit itself, and no two the same.
                index::sample(&mut rng, n - 1, most).into_iter().map(|step| step as u32 + 1)
            })
            .collect();
        blocks.par_iter_mut().try_for_each(|block| {
            watch.step()?;
            block.count::<T>(&ring, weights, &steps, most);
            Ok::<(), AssociationError>(())
        })?;
    }
    let of = |(i, (&at_least, &at_most)): (usize, (&u64, &u64))| {
        let linked = weights.sum(i) > 0.0;
        let (at_least, at_most) = (at_least as u32, at_most as u32);
        linked.then_some(Tails { at_least, at_most, count: permutations.count })
    };
    let counts = blocks.iter().flat_map(|block| block.at_least.iter().zip(&block.at_most));
    Ok(counts.enumerate().map(of).collect())
}

/// A run of units counted together.
struct Block {
    first: usize,
    /// `[length]` each.
    at_least: Vec<u64>,
    at_most: Vec<u64>,
}

impl Block {
    fn new(first: usize, length: usize) -> Self {
        Self { first, at_least: vec![0; length], at_most: vec![0; length] }
    }

    /// Counts permutations, whose `steps` are `[permutations x most]`.
    fn count<T: Term>(&mut self, ring: &[f64], weights: &Weights, steps: &[u32], most: usize) {
        let length = self.at_least.len();
        let units = self.first..self.first + length;
        let most_here = units.clone().map(|i| weights.of(i).len()).max().unwrap_or(0);
        if most_here == 0 {
            return;
        }
        let own = &ring[units.clone()];
        // `[most_here x length]`: what the j-th draw of each unit counts; nothing past its last.
        let mut factors = vec![0.0; most_here * length];
        let mut limits = (vec![0.0; length], vec![0.0; length]);
        let mut all_alike = true;
        for (at, i) in units.clone().enumerate() {
            let mut row = weights.row(i).map(|(_, weight)| weight);
            // Weights that are all the same count 1 each, so that whole numbers stay whole.
            let first = row.next().unwrap_or(0.0);
            #[expect(clippy::float_cmp, reason = "the same to the last digit, or not the same")]
            let alike = row.all(|weight| weight == first);
            all_alike &= alike;
            let factor = |weight: f64| if alike && weight > 0.0 { 1.0 } else { weight };
            let (mut observed, mut size) = (0.0, 0.0);
            for (j, (near, weight)) in weights.row(i).enumerate() {
                let factor = factor(weight);
                factors[j * length + at] = factor;
                let term = factor * T::term(own[at], ring[near]);
                observed += term;
                size += term.abs();
            }
            limits.0[at] = observed - TIE * size;
            limits.1[at] = observed + TIE * size;
        }
        let all_have = units.clone().map(|i| weights.of(i).len()).min().unwrap_or(0);
        let plain = if all_alike { all_have } else { 0 };
        let mut sums = vec![0.0; length];
        for steps in steps.chunks_exact(most) {
            let other = |j: usize| &ring[self.first + steps[j] as usize..][..length];
            sums.fill(0.0);
            for j in 0..plain {
                for ((sum, &own), &other) in sums.iter_mut().zip(own).zip(other(j)) {
                    *sum += T::term(own, other);
                }
            }
            for j in plain..most_here {
                let factors = &factors[j * length..][..length];
                let terms = sums.iter_mut().zip(factors).zip(own).zip(other(j));
                for (((sum, &factor), &own), &other) in terms {
                    *sum += factor * T::term(own, other);
                }
            }
            let counts = self.at_least.iter_mut().zip(&mut self.at_most);
            let limits = limits.0.iter().zip(&limits.1);
            for ((&sum, (at_least, at_most)), (&low, &high)) in sums.iter().zip(counts).zip(limits)
            {
                *at_least += u64::from(sum >= low);
                *at_most += u64::from(sum <= high);
            }
        }
    }
}

/// Statistics of values shuffled over all units: `[permutations]`, each as `statistics` gives it.
pub(super) fn shuffled<T: Send>(
    values: &[f64],
    permutations: Permutations,
    watch: &Watch,
    statistics: impl Fn(&[f64]) -> T + Sync,
) -> Result<Vec<T>, AssociationError> {
    if permutations.count == 0 {
        return Err(AssociationError::NoPermutations);
    }
    watch.expect(u64::from(permutations.count));
    (0..permutations.count)
        .into_par_iter()
        .map_init(
            || values.to_vec(),
            |shuffled, number| {
                watch.step()?;
                // From the same start each time, so that no permutation depends on another.
                shuffled.copy_from_slice(values);
                shuffled.shuffle(&mut stream(permutations.seed, u64::from(number)));
                Ok(statistics(shuffled))
            },
        )
        .collect()
}

#[cfg(test)]
#[path = "permutation_tests.rs"]
mod tests;

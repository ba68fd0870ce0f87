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
/// Units of a block whose sums stay in registers while their draws are added up.
const LANE: usize = 16;
/// Permutations of the whole that are looked at together, so that each link is read once for all.
pub(super) const TOGETHER: usize = 8;
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
    // Twice round and a lane more, so that no step runs past the end.
    let ring: Vec<f64> = values.iter().copied().cycle().take(2 * n + LANE).collect();
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
    let of = |(i, (at_least, at_most)): (usize, (u64, u64))| {
        let linked = weights.sum(i) > 0.0;
        let (at_least, at_most) = (at_least as u32, at_most as u32);
        linked.then_some(Tails { at_least, at_most, count: permutations.count })
    };
    let counts = blocks.iter().flat_map(Block::counts);
    Ok(counts.enumerate().map(of).collect())
}

/// One number for each unit of a lane.
type Lane<T> = [T; LANE];

/// A run of units counted together, in whole lanes: what is counted past the last unit is not looked
/// at.
struct Block {
    first: usize,
    length: usize,
    /// `[n_lanes]` each.
    at_least: Vec<Lane<u64>>,
    at_most: Vec<Lane<u64>>,
}

impl Block {
    fn new(first: usize, length: usize) -> Self {
        let lanes = || vec![[0; LANE]; length.div_ceil(LANE)];
        Self { first, length, at_least: lanes(), at_most: lanes() }
    }

    /// Permutations at least and at most as high, of each unit.
    fn counts(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let at_least = self.at_least.as_flattened().iter().copied();
        at_least.zip(self.at_most.as_flattened().iter().copied()).take(self.length)
    }

    /// Counts permutations, whose `steps` are `[permutations x most]`.
    fn count<T: Term>(&mut self, ring: &[f64], weights: &Weights, steps: &[u32], most: usize) {
        let links = |i: usize| weights.of(i).len();
        let units = self.first..self.first + self.length;
        let most_here = units.clone().map(links).max().unwrap_or(0);
        if most_here == 0 {
            return;
        }
        let n_lanes = self.at_least.len();
        // `[most_here x n_lanes]`: what the j-th draw of each unit counts; nothing past its last.
        let mut factors = vec![[0.0; LANE]; most_here * n_lanes];
        let mut limits = vec![[[0.0; LANE]; 2]; n_lanes];
        let mut all_alike = true;
        for (at, i) in units.clone().enumerate() {
            let (lane, l) = (at / LANE, at % LANE);
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
                factors[j * n_lanes + lane][l] = factor;
                let term = factor * T::term(ring[i], ring[near]);
                observed += term;
                size += term.abs();
            }
            limits[lane][0][l] = observed - TIE * size;
            limits[lane][1][l] = observed + TIE * size;
        }
        let all_have = units.map(links).min().unwrap_or(0);
        let plain = if all_alike { all_have } else { 0 };
        for steps in steps.chunks_exact(most) {
            let (plainly, weighted) = steps[..most_here].split_at(plain);
            for (lane, [low, high]) in limits.iter().enumerate() {
                let here = self.first + lane * LANE;
                let own = lane_at(ring, here);
                let mut sums = [0.0; LANE];
                for &step in plainly {
                    let other = lane_at(ring, here + step as usize);
                    for l in 0..LANE {
                        sums[l] += T::term(own[l], other[l]);
                    }
                }
                for (j, &step) in (plain..).zip(weighted) {
                    let other = lane_at(ring, here + step as usize);
                    let factors = &factors[j * n_lanes + lane];
                    for l in 0..LANE {
                        sums[l] += factors[l] * T::term(own[l], other[l]);
                    }
                }
                let (at_least, at_most) = (&mut self.at_least[lane], &mut self.at_most[lane]);
                for l in 0..LANE {
                    at_least[l] += u64::from(sums[l] >= low[l]);
                    at_most[l] += u64::from(sums[l] <= high[l]);
                }
            }
        }
    }
}

/// The values from `first` on.
fn lane_at(ring: &[f64], first: usize) -> &Lane<f64> {
    ring[first..].first_chunk().expect("the ring is a lane longer than any step")
}

/// The same value of several permutations.
pub(super) type Together = [f64; TOGETHER];

/// Statistics of values shuffled over all units: `[permutations]`, several of them at a time, as
/// `statistics` gives them.
pub(super) fn shuffled<T: Send>(
    values: &[f64],
    permutations: Permutations,
    watch: &Watch,
    statistics: impl Fn(&[Together]) -> [T; TOGETHER] + Sync,
) -> Result<Vec<T>, AssociationError> {
    if permutations.count == 0 {
        return Err(AssociationError::NoPermutations);
    }
    watch.expect(u64::from(permutations.count));
    let count = permutations.count as usize;
    let batches: Vec<[T; TOGETHER]> = (0..count.div_ceil(TOGETHER))
        .into_par_iter()
        .map_init(
            || (values.to_vec(), vec![[0.0; TOGETHER]; values.len()]),
            |(shuffled, together), batch| {
                for lane in 0..TOGETHER {
                    let number = batch * TOGETHER + lane;
                    if number < count {
                        watch.step()?;
                    }
                    // From the same start each time, so that no permutation depends on another.
                    shuffled.copy_from_slice(values);
                    shuffled.shuffle(&mut stream(permutations.seed, number as u64));
                    for (row, &value) in together.iter_mut().zip(shuffled.iter()) {
                        row[lane] = value;
                    }
                }
                Ok::<_, AssociationError>(statistics(together))
            },
        )
        .collect::<Result<_, _>>()?;
    Ok(batches.into_iter().flatten().take(count).collect())
}

#[cfg(test)]
#[path = "permutation_tests.rs"]
mod tests;

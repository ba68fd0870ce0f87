//! Ranks with their intervals: how sure it is that a place comes first.

use rayon::prelude::*;
use thiserror::Error;

use crate::aggregate::Confidence;
use crate::quantity::Population;

use super::random::{poisson, stream};

/// Draws that a rank interval is made of unless another number is asked for.
pub const RANK_DRAWS: usize = 5_000;
/// Ranks that may be held at once, over all draws and units.
const MOST_RANKS: usize = 200_000_000;

/// Where a unit stands among all, 1 being the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// Its place; units that are level share the better one, and the next place is left empty.
    pub rank: u32,
    /// Best place that chance alone could have given it.
    pub low: u32,
    /// Worst place that chance alone could have given it.
    pub high: u32,
    /// Whether another unit shares the place.
    pub tied: bool,
}

/// Why ranks cannot be made.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RankError {
    /// Counts and bases do not describe the same units.
    #[error("{counts} counts for {bases} bases")]
    Shape {
        /// Length of `counts`.
        counts: usize,
        /// Length of `bases`.
        bases: usize,
    },
    /// No draw to take an interval from.
    #[error("an interval needs at least one draw")]
    NoDraws,
    /// More than memory should hold.
    #[error("{draws} draws of {units} units are more ranks than can be held ({most})")]
    TooMany {
        /// Draws asked for.
        draws: usize,
        /// Units to be ranked.
        units: usize,
        /// Ranks that can be held.
        most: usize,
    },
}

/// Ranks units by count, or by rate where `bases` are given, with intervals by simulation.
///
/// Each draw gives every unit a Poisson count whose mean is its own count, and ranks them all; the
/// interval holds the middle of those ranks. In a draw, units that are level share the mean of
/// their places; the ends of the interval are rounded outwards and always hold the rank itself.
///
/// A unit with no incident draws none, so its interval shows ties at the end of the list and not
/// that it might have had some.
///
/// # Shapes and units
///
/// - `counts`: `[n_units]`; `bases`: `[n_units]`, or `None` to rank by count.
/// - `seed`: each draw has a stream of its own from it, so the intervals are the same at any number
///   of threads; within a draw, units take their counts in order.
/// - returns: `[n_units]`; `None` where the base is not known, which is left out of the ranking.
///
/// # Errors
///
/// [`RankError`] if lengths differ, no draw is asked for, or too many.
///
/// # Source
///
/// Goldstein and Spiegelhalter (1996), *JRSS A* 159(3), 385-443, <https://doi.org/10.2307/2983325>,
/// on league tables and why ranks need intervals.
pub fn ranks(
    counts: &[u64],
    bases: Option<&[Option<Population>]>,
    draws: usize,
    seed: u64,
    confidence: Confidence,
) -> Result<Vec<Option<Rank>>, RankError> {
    if let Some(bases) = bases.filter(|bases| bases.len() != counts.len()) {
        return Err(RankError::Shape { counts: counts.len(), bases: bases.len() });
    }
    if draws == 0 {
        return Err(RankError::NoDraws);
    }
    let per = |unit: usize| match bases {
        Some(bases) => bases[unit].map(|base| 1.0 / base.get()),
        None => Some(1.0),
    };
    let ranked: Vec<(usize, f64)> =
        (0..counts.len()).filter_map(|unit| Some((unit, per(unit)?))).collect();
    let n = ranked.len();
    if n.saturating_mul(draws) > MOST_RANKS {
        return Err(RankError::TooMany { draws, units: n, most: MOST_RANKS });
    }
    let mut given = vec![None; counts.len()];
    if n == 0 {
        return Ok(given);
    }

    let values: Vec<f64> = ranked.iter().map(|&(unit, per)| counts[unit] as f64 * per).collect();
    let places = doubled_places(&values);
    // `[draws x n]`: the sum of the first and last place of each group of equals, twice its mean.
    let mut drawn = vec![0_u32; draws * n];
    drawn.par_chunks_mut(n).enumerate().for_each(|(draw, drawn)| {
        let mut rng = stream(seed, draw as u64);
        let values: Vec<f64> = ranked
            .iter()
            .map(|&(unit, per)| poisson(&mut rng, counts[unit] as f64) as f64 * per)
            .collect();
        for (drawn, place) in drawn.iter_mut().zip(doubled_places(&values)) {
            *drawn = place.0 + place.1;
        }
    });
    let skipped = (confidence.tail() * draws as f64).floor() as usize;
    let intervals: Vec<(u32, u32)> = (0..n)
        .into_par_iter()
        .map(|i| {
            let mut of_unit: Vec<u32> = drawn.iter().skip(i).step_by(n).copied().collect();
            of_unit.sort_unstable();
            (of_unit[skipped] / 2, of_unit[draws - 1 - skipped].div_ceil(2))
        })
        .collect();
    for ((&(unit, _), &(first, last)), (low, high)) in ranked.iter().zip(&places).zip(intervals) {
        given[unit] = Some(Rank {
            rank: first,
            low: low.min(first),
            high: high.max(first),
            tied: first < last,
        });
    }
    Ok(given)
}

/// First and last place of the group of equals that each value is in, 1 for the highest.
fn doubled_places(values: &[f64]) -> Vec<(u32, u32)> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let mut places = vec![(0, 0); values.len()];
    let mut start = 0;
    for group in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]).is_eq()) {
        let place = (start as u32 + 1, (start + group.len()) as u32);
        for &unit in group {
            places[unit] = place;
        }
        start += group.len();
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_count(counts: &[u64]) -> Vec<Rank> {
        let ranks = ranks(counts, None, RANK_DRAWS, 2025, Confidence::P95).unwrap();
        ranks.into_iter().map(Option::unwrap).collect()
    }

    #[test]
    fn far_apart_is_certain_and_close_is_not() {
        let ranks = by_count(&[10_000, 100, 101, 1]);

        assert_eq!(ranks[0], Rank { rank: 1, low: 1, high: 1, tied: false });
        assert_eq!(ranks[1], Rank { rank: 3, low: 2, high: 3, tied: false });
        assert_eq!(ranks[2], Rank { rank: 2, low: 2, high: 3, tied: false });
        assert_eq!(ranks[3], Rank { rank: 4, low: 4, high: 4, tied: false });
    }

    #[test]
    fn equals_share_the_better_place() {
        let ranks = by_count(&[5, 9, 5, 5, 0]);

        assert_eq!(ranks.iter().map(|r| r.rank).collect::<Vec<_>>(), [2, 1, 2, 2, 5]);
        assert_eq!(
            ranks.iter().map(|r| r.tied).collect::<Vec<_>>(),
            [true, false, true, true, false]
        );
    }

    #[test]
    fn a_small_place_may_have_the_higher_rate() {
        let bases = [Population::new(10_000.0), Population::new(500.0), None];

        let ranks = ranks(&[200, 20, 999], Some(&bases), RANK_DRAWS, 1, Confidence::P95).unwrap();

        assert_eq!(ranks[1].unwrap().rank, 1);
        assert_eq!(ranks[0].unwrap().rank, 2);
        assert_eq!(ranks[2], None);
    }

    #[test]
    fn awkward_inputs_are_answered_or_refused() {
        assert_eq!(ranks(&[], None, 10, 1, Confidence::P95), Ok(vec![]));
        assert_eq!(ranks(&[4], Some(&[None]), 10, 1, Confidence::P95), Ok(vec![None]));
        assert_eq!(by_count(&[7]), [Rank { rank: 1, low: 1, high: 1, tied: false }]);
        assert!(by_count(&[0, 0, 0]).iter().all(|r| r.rank == 1 && r.low == 1 && r.high == 2));
        assert_eq!(ranks(&[1], None, 0, 1, Confidence::P95), Err(RankError::NoDraws));
        assert!(ranks(&[1], Some(&[]), 10, 1, Confidence::P95).is_err());
        assert!(matches!(
            ranks(&vec![1; 50_000], None, 5_000, 1, Confidence::P95),
            Err(RankError::TooMany { .. })
        ));
    }

    #[test]
    fn one_thread_and_many_give_the_same() {
        let counts: Vec<u64> = (0..40).map(|i| i * i % 97).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| by_count(&counts))
        };

        assert_eq!(with(1), with(7));
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_rank(counts in prop::collection::vec(0_u64..60, 1..15)) {
            for rank in by_count(&counts) {
                prop_assert!(rank.low <= rank.rank && rank.rank <= rank.high);
                prop_assert!((1..=counts.len() as u32).contains(&rank.low));
                prop_assert!((1..=counts.len() as u32).contains(&rank.high));
            }
        }
    }
}

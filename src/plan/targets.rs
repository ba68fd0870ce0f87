//! Targets: the fewest places of one size that hold a share of the incidents.

use std::collections::HashMap;

use rand::RngExt as _;
use rayon::prelude::*;

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::Metres;
use crate::stats::random::stream;

use super::branch::Effort;
use super::covering::Covering;
use super::enough::{Enough, covers, is_too_few};

/// Work of looking for one place fewer, and for the proof that there is none: a borough takes a tenth
/// of it, and few incidents at many places, all alike, would take any.
const EFFORT: Effort = Effort { starts: 4, operations: 100_000_000, gap: 0.0 };

/// Round places of one size over positions at which incidents are recorded. A place may be centred
/// at any of the positions.
#[derive(Debug)]
pub struct Targets {
    positions: Vec<Bng>,
    /// `[n_positions]`: positions within the radius of each, itself among them.
    near: Vec<Vec<u32>>,
}

/// Places that hold a share of the incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fewest {
    /// Positions at which they are centred; the one that adds most first.
    pub centres: Vec<usize>,
    /// Incidents that each adds to those before it.
    pub adds: Vec<u64>,
    /// No set of fewer places than this holds the share.
    pub at_least: usize,
}

impl Fewest {
    /// Whether no smaller set holds the share.
    pub fn is_proven(&self) -> bool {
        self.at_least >= self.centres.len()
    }

    /// Incidents in all of them together.
    pub fn held(&self) -> u64 {
        self.adds.iter().sum()
    }
}

impl Targets {
    /// Places of this radius over these positions, each given once.
    pub fn new(positions: Vec<Bng>, radius: Metres) -> Self {
        let index = PointIndex::for_radius(&positions, radius);
        let near = positions
            .par_iter()
            .map(|at| index.within(*at, radius).into_iter().map(|i| i as u32).collect())
            .collect();
        Self { positions, near }
    }

    /// Positions that places may be centred at.
    pub fn positions(&self) -> &[Bng] {
        &self.positions
    }

    /// Positions within the place centred at `centre`.
    pub fn inside(&self, centre: usize) -> impl Iterator<Item = usize> + '_ {
        self.near[centre].iter().map(|&i| i as usize)
    }

    /// Incidents within any of the places.
    pub fn held(&self, counts: &[u64], centres: &[usize]) -> u64 {
        let mut inside = vec![false; self.positions.len()];
        for &centre in centres {
            self.inside(centre).for_each(|i| inside[i] = true);
        }
        counts.iter().zip(inside).filter(|(_, inside)| *inside).map(|(n, _)| n).sum()
    }

    /// The place that adds most each time, until `enough` incidents are held or `most` places are
    /// taken. Of equals the first; gains are updated as positions are taken.
    pub fn greedy(&self, counts: &[u64], enough: u64, most: usize) -> (Vec<usize>, Vec<u64>) {
        let mut left = counts.to_vec();
        let mut gains: Vec<u64> =
            self.near.iter().map(|near| near.iter().map(|&i| counts[i as usize]).sum()).collect();
        let (mut centres, mut adds, mut held) = (Vec::new(), Vec::new(), 0);
        while held < enough && centres.len() < most {
            let Some(best) = (0..gains.len()).max_by_key(|&i| (gains[i], std::cmp::Reverse(i)))
            else {
                break;
            };
            let gain = gains[best];
            if gain == 0 {
                break;
            }
            centres.push(best);
            adds.push(gain);
            held += gain;
            for i in self.inside(best) {
                let taken = std::mem::take(&mut left[i]);
                if taken > 0 {
                    self.inside(i).for_each(|other| gains[other] -= taken);
                }
            }
        }
        (centres, adds)
    }

    /// The fewest places that hold `share` of the incidents.
    ///
    /// ```text
    /// min Σ_j x_j,   Σ_i n_i y_i >= share Σ_i n_i,   y_i <= Σ_{j near i} x_j,   x, y in {0, 1}
    /// ```
    ///
    /// Places overlap, so the ones that hold most each are not the fewest together, and greedy choice
    /// takes some too many. Greedy choice, then one place fewer while such a set is found; then the
    /// number of places below which the bound of maximal covering leaves none.
    ///
    /// # Shapes and units
    ///
    /// - `counts`: `[n_positions]`, incidents at each. No incident: no place.
    ///
    /// # Source
    ///
    /// Partial covering by the Lagrangian of maximal covering, as [`super::maximal_covering`].
    pub fn fewest(&self, counts: &[u64], share: f64, seed: u64) -> Fewest {
        let total: u64 = counts.iter().sum();
        let enough = (total as f64 * share).ceil() as u64;
        let (mut centres, mut adds) = self.greedy(counts, enough, usize::MAX);
        let (sites, covering) = self.model(counts);
        while let Some(fewer) = centres.len().checked_sub(1) {
            match covers(&covering, fewer, enough, EFFORT, seed) {
                Enough::With(chosen) => {
                    let chosen = chosen.into_iter().map(|site| sites[site]).collect();
                    (centres, adds) = self.in_order(counts, chosen);
                }
                Enough::Never => return Fewest { at_least: centres.len(), centres, adds },
                Enough::Unknown => {
                    let too_few = |k: &usize| is_too_few(&covering, *k, enough);
                    let by_bound = (0..fewer).rev().find(too_few).map_or(0, |k| k + 1);
                    // Farther from what can be done, branches close sooner.
                    let never =
                        |k: &usize| covers(&covering, *k, enough, EFFORT, seed) == Enough::Never;
                    let at_least = by_bound + (by_bound..fewer).take_while(never).count();
                    return Fewest { centres, adds, at_least };
                }
            }
        }
        Fewest { at_least: centres.len(), centres, adds }
    }

    /// Centres that a smallest set may be made of, and what each holds: a centre whose incidents are
    /// all within reach of another is never needed.
    fn model(&self, counts: &[u64]) -> (Vec<usize>, Covering) {
        let held = |near: &[u32]| -> Vec<u32> {
            let mut held: Vec<u32> =
                near.iter().copied().filter(|&i| counts[i as usize] > 0).collect();
            held.sort_unstable();
            held
        };
        let held: Vec<Vec<u32>> = self.near.par_iter().map(|near| held(near)).collect();
        let is_within = |a: &[u32], b: &[u32]| a.iter().all(|i| b.binary_search(i).is_ok());
        let is_needed = |&centre: &usize| {
            let own = &held[centre];
            // Whoever holds all of them holds the one that fewest centres are near to.
            let rarest = own.iter().min_by_key(|&&i| self.near[i as usize].len());
            let Some(&rarest) = rarest else { return false };
            !self.near[rarest as usize].iter().any(|&other| {
                let other = other as usize;
                let theirs = &held[other];
                let wins =
                    theirs.len() > own.len() || (theirs.len() == own.len() && other < centre);
                wins && is_within(own, theirs)
            })
        };
        let sites: Vec<usize> = (0..held.len()).into_par_iter().filter(is_needed).collect();
        let number: HashMap<usize, u32> = sites.iter().copied().zip(0..).collect();
        let near = |i: usize| {
            let mut near: Vec<u32> =
                self.inside(i).filter_map(|centre| number.get(&centre).copied()).collect();
            near.sort_unstable();
            near
        };
        let rows =
            (0..counts.len()).filter(|&i| counts[i] > 0).map(|i| (counts[i] as f64, near(i)));
        let covering = Covering::merged(sites.len(), rows);
        (sites, covering)
    }

    /// These centres, the one that adds most first.
    fn in_order(&self, counts: &[u64], mut rest: Vec<usize>) -> (Vec<usize>, Vec<u64>) {
        let mut left = counts.to_vec();
        let (mut centres, mut adds) = (Vec::new(), Vec::new());
        rest.sort_unstable();
        while !rest.is_empty() {
            let gain = |centre: usize| self.inside(centre).map(|i| left[i]).sum::<u64>();
            let gains: Vec<u64> = rest.iter().map(|&centre| gain(centre)).collect();
            let best = (0..rest.len()).max_by_key(|&i| (gains[i], std::cmp::Reverse(i)));
            let Some(best) = best.filter(|&best| gains[best] > 0) else { break };
            adds.push(gains[best]);
            let centre = rest.remove(best);
            self.inside(centre).for_each(|i| left[i] = 0);
            centres.push(centre);
        }
        (centres, adds)
    }

    /// How many places chance alone would take: the fewest and the most of `times` draws of as many
    /// incidents, thrown evenly over the positions, by greedy choice.
    pub fn by_chance(&self, n: u64, share: f64, times: usize, seed: u64) -> Option<(usize, usize)> {
        if self.positions.is_empty() || times == 0 || n == 0 {
            return None;
        }
        let enough = (n as f64 * share).ceil() as u64;
        let drawn: Vec<usize> = (0..times)
            .into_par_iter()
            .map(|draw| {
                let mut random = stream(seed, draw as u64);
                let mut counts = vec![0_u64; self.positions.len()];
                for _ in 0..n {
                    counts[random.random_range(0..self.positions.len())] += 1;
                }
                self.greedy(&counts, enough, usize::MAX).0.len()
            })
            .collect();
        Some((*drawn.iter().min()?, *drawn.iter().max()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(x: f64, y: f64) -> Bng {
        Bng::new(444_000.0 + x, 518_000.0 + y)
    }

    /// Every set of `k` centres, tried one by one.
    fn smallest_by_hand(targets: &Targets, counts: &[u64], enough: u64) -> usize {
        let n = targets.positions().len();
        let sets = |set: &u32| -> Vec<usize> { (0..n).filter(|i| set >> i & 1 == 1).collect() };
        (0..1_u32 << n)
            .filter(|set| targets.held(counts, &sets(set)) >= enough)
            .map(u32::count_ones)
            .min()
            .unwrap() as usize
    }

    #[test]
    fn greedy_takes_three_places_where_two_do() {
        // The middle reaches 15 of 25, but the second and the fourth together reach all.
        let places =
            vec![at(0.0, 0.0), at(90.0, 0.0), at(180.0, 0.0), at(270.0, 0.0), at(360.0, 0.0)];
        let targets = Targets::new(places, Metres::new(100.0));
        let counts = [5, 7, 1, 7, 5];

        let fewest = targets.fewest(&counts, 0.95, 1);

        assert_eq!(targets.greedy(&counts, 24, 9).0, [2, 0, 3]);
        assert_eq!(fewest.centres.len(), 2, "{fewest:?}");
        assert!(fewest.is_proven());
        assert_eq!(fewest.held(), 25);
    }

    #[test]
    fn nothing_recorded_needs_no_place() {
        let targets = Targets::new(vec![at(0.0, 0.0)], Metres::new(100.0));

        assert_eq!(targets.fewest(&[0], 0.5, 1).centres, [] as [usize; 0]);
        assert_eq!(Targets::new(vec![], Metres::new(9.0)).fewest(&[], 0.5, 1).at_least, 0);
        assert_eq!(targets.by_chance(0, 0.5, 9, 1), None);
    }

    #[test]
    fn chance_needs_more_places_than_a_cluster() {
        let places: Vec<Bng> =
            (0..100).map(|i| at(f64::from(i % 10) * 400.0, f64::from(i / 10) * 400.0)).collect();
        let targets = Targets::new(places, Metres::new(100.0));
        let mut counts = vec![1; 100];
        counts[3] = 200;

        let (low, high) = targets.by_chance(299, 0.5, 19, 5).unwrap();

        assert_eq!(targets.fewest(&counts, 0.5, 1).centres, [3]);
        assert!(low > 25 && high <= 50, "{low} to {high}");
        assert_eq!(targets.by_chance(299, 0.5, 19, 5), Some((low, high)));
    }

    /// The most incidents that `k` places hold of positions on a line, by dynamic programming: of two
    /// places in order only neighbouring ones share positions.
    fn most_on_a_line(xs: &[f64], counts: &[u64], radius: f64, k: usize) -> u64 {
        let holds = |from: f64, to: f64| -> u64 {
            let inside = xs.iter().zip(counts).filter(|(x, _)| **x > from && **x <= to);
            inside.map(|(_, n)| n).sum()
        };
        let edge = 1e-9;
        let alone = |x: f64| holds(x - radius - edge, x + radius + edge);
        let mut last: Vec<u64> = xs.iter().map(|x| alone(*x)).collect();
        let mut most = last.iter().copied().max().unwrap_or(0);
        for _ in 1..k {
            let next = (0..xs.len()).map(|j| {
                let after = |i: usize| {
                    let from = (xs[j] - radius - edge).max(xs[i] + radius + edge);
                    last[i] + holds(from, xs[j] + radius + edge)
                };
                (0..j).map(after).max().unwrap_or(0).max(alone(xs[j]))
            });
            last = next.collect();
            most = most.max(last.iter().copied().max().unwrap_or(0));
        }
        most
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn dozens_of_places_are_as_few_as_dynamic_programming_finds(
            spots in prop::collection::btree_map(0_u16..600, 0_u64..12, 40..90),
            share in 0.3_f64..0.9,
        ) {
            let xs: Vec<f64> = spots.keys().map(|x| f64::from(*x) * 10.0).collect();
            let counts: Vec<u64> = spots.values().copied().collect();
            let targets =
                Targets::new(xs.iter().map(|x| at(*x, 0.0)).collect(), Metres::new(75.0));
            let enough = (counts.iter().sum::<u64>() as f64 * share).ceil() as u64;

            let fewest = targets.fewest(&counts, share, 1);

            let n = fewest.centres.len();
            prop_assert!(fewest.is_proven() && fewest.held() >= enough);
            prop_assert!(n == 0 || most_on_a_line(&xs, &counts, 75.0, n) >= enough);
            prop_assert!(n < 2 || most_on_a_line(&xs, &counts, 75.0, n - 1) < enough);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn as_few_as_trying_every_set_finds(
            spots in prop::collection::vec((0_u8..8, 0_u8..8, 0_u64..9), 1..11),
            share in 0.2_f64..1.0,
        ) {
            let mut spots = spots;
            spots.sort_unstable();
            spots.dedup_by_key(|spot| (spot.0, spot.1));
            let places = spots.iter().map(|s| at(f64::from(s.0) * 60.0, f64::from(s.1) * 60.0));
            let targets = Targets::new(places.collect(), Metres::new(100.0));
            let counts: Vec<u64> = spots.iter().map(|spot| spot.2).collect();
            let enough = (counts.iter().sum::<u64>() as f64 * share).ceil() as u64;

            let fewest = targets.fewest(&counts, share, 3);

            let best = smallest_by_hand(&targets, &counts, enough);
            prop_assert!(fewest.held() >= enough);
            prop_assert!(fewest.is_proven());
            prop_assert_eq!(fewest.centres.len(), best);
        }
    }
}

//! Targets: the fewest places of one size that hold a share of the incidents.

use rand::RngExt as _;
use rayon::prelude::*;

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::Metres;
use crate::stats::random::stream;

use super::branch::Effort;
use super::choose::maximal_covering;
use super::distances::Distances;
use super::rules::Rules;

/// Places times centres they may have, up to which fewer places than greedy choice takes are looked
/// for: the search weighs every exchange of one for another.
const MOST_EXCHANGES: usize = 20_000;
/// Work of one such look.
const EFFORT: Effort = Effort { starts: 8, operations: 60_000_000, gap: 0.0 };

/// Round places of one size over positions at which incidents are recorded. A place may be centred
/// at any of the positions.
#[derive(Debug)]
pub struct Targets {
    positions: Vec<Bng>,
    radius: Metres,
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
        Self { positions, radius, near }
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
    /// Greedy choice, then sets of one place fewer by maximal covering until none is found; with the
    /// number that is proven to be too few. Past 20,000 exchanges of a place for a centre
    /// greedy choice stands, and the proof is the sum of the largest places alone.
    ///
    /// # Shapes and units
    ///
    /// - `counts`: `[n_positions]`, incidents at each. No incident: no place.
    pub fn fewest(&self, counts: &[u64], share: f64, seed: u64) -> Fewest {
        let total: u64 = counts.iter().sum();
        let enough = (total as f64 * share).ceil() as u64;
        let (mut centres, mut adds) = self.greedy(counts, enough, usize::MAX);
        let mut at_least = self.by_largest(counts, enough);
        let used: Vec<usize> = (0..counts.len()).filter(|&i| counts[i] > 0).collect();
        let reaches = |&i: &usize| self.inside(i).any(|near| counts[near] > 0);
        let sites: Vec<usize> = (0..counts.len()).filter(reaches).collect();
        if centres.len().saturating_mul(sites.len()) <= MOST_EXCHANGES {
            let model = Model::new(self, &used, sites, counts);
            while at_least < centres.len() {
                let (found, bound) = model.best(centres.len() - 1, seed);
                if self.held(counts, &found) >= enough {
                    (centres, adds) = self.in_order(counts, found);
                } else {
                    if bound < enough as f64 - 0.5 {
                        at_least = centres.len();
                    }
                    break;
                }
            }
        }
        Fewest { centres, adds, at_least }
    }

    /// Places so many that even if no two shared an incident, fewer would not hold enough.
    fn by_largest(&self, counts: &[u64], enough: u64) -> usize {
        let mut sizes: Vec<u64> =
            self.near.iter().map(|near| near.iter().map(|&i| counts[i as usize]).sum()).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut held = 0;
        let fewer = sizes.iter().take_while(|size| {
            let short = held < enough;
            held += **size;
            short
        });
        fewer.count()
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

/// Maximal covering of the positions that hold incidents, by places centred anywhere near one.
struct Model {
    sites: Vec<usize>,
    distances: Distances,
    weights: Vec<f64>,
    reach: Metres,
}

impl Model {
    fn new(targets: &Targets, used: &[usize], sites: Vec<usize>, counts: &[u64]) -> Self {
        let place = |&i: &usize| targets.positions[i];
        let points: Vec<Bng> = used.iter().map(place).collect();
        let centres: Vec<Bng> = sites.iter().map(place).collect();
        Self {
            distances: Distances::straight(&points, &centres, 1.0),
            weights: used.iter().map(|&i| counts[i] as f64).collect(),
            reach: targets.radius,
            sites,
        }
    }

    /// The best centres that were found for `k` places, and what no choice exceeds.
    fn best(&self, k: usize, seed: u64) -> (Vec<usize>, f64) {
        let (rules, weights) = (Rules::default(), &self.weights);
        match maximal_covering(&self.distances, weights, self.reach, k, &rules, EFFORT, seed) {
            Ok(choice) => (choice.sites.iter().map(|&i| self.sites[i]).collect(), choice.bound),
            // The rules are none and the weights are counts: nothing can be refused.
            Err(_) => (Vec::new(), f64::INFINITY),
        }
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
            prop_assert!(fewest.at_least <= best);
            if fewest.is_proven() {
                prop_assert_eq!(fewest.centres.len(), best);
            }
        }
    }
}

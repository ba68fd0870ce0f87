//! Need per place, in parts that stay visible: crime and anti-social behaviour ranked apart, each
//! from its own parts, and both required. They are never one number.

use rand::RngExt as _;
use rayon::prelude::*;
use thiserror::Error;

use crate::quantity::Population;
use crate::stats::random::{poisson, stream};

use super::part::{PARTS, Part};

/// Draws that the intervals of ranks are made of.
pub const NEED_DRAWS: usize = 1_000;
/// Part of the middle of the draws that an interval holds.
const CONFIDENCE: f64 = 0.95;

/// Parts that are known apart from incidents.
pub const KNOWN: usize = 4;

/// Records of one kind by place, as need counts them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recorded {
    /// `[n_places][n_months]`: incidents in significant hotspots, and others.
    pub monthly: Vec<Vec<(u64, u64)>>,
    /// `[n_places]`: incidents of the year before; `None` where it is not held whole.
    pub earlier: Option<Vec<u64>>,
    /// `[n_places]`: what an incident weighs there on average by a table of harm, `None` where none
    /// has a weight; empty without a table.
    pub harm: Vec<Option<f64>>,
    /// `[n_places]`: what is known apart from incidents, in the order of [`Part::ALL`] from
    /// [`Part::Vulnerability`] on; empty where nothing is. More is more need.
    pub known: Vec<[Option<f64>; KNOWN]>,
}

/// Weights of the parts, and what counts as top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// In the order of [`Part::ALL`]; zero or more.
    pub parts: [f64; PARTS],
    /// Share of the places that is the top of a ranking.
    pub top_share: f64,
    /// In each draw a weight is scaled by up to this factor, either way.
    pub factor: f64,
}

/// Why need cannot be worked out.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum NeedError {
    /// Lists that do not describe the same places.
    #[error("{records} places with records for {bases} with residents")]
    Shape {
        /// Places with records.
        records: usize,
        /// Places with residents.
        bases: usize,
    },
}

/// One place's need for one kind of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Incidents in the window.
    pub count: u64,
    /// Each part as measured, in the order of [`Part::ALL`]; `None` where it cannot be.
    pub parts: [Option<f64>; PARTS],
    /// Each part's place among all, 1 the highest and 0 the lowest.
    pub places: [Option<f64>; PARTS],
    /// Weighted mean of `places`, by which the ranking goes.
    pub score: f64,
    /// Rank, 1 the most; equal scores share the better.
    pub rank: u32,
    /// Best rank in the middle 95% of draws.
    pub low: u32,
    /// Worst rank in the middle 95% of draws.
    pub high: u32,
    /// Whether another place has the same score.
    pub tied: bool,
    /// Whether the rank is in the top share.
    pub top: bool,
}

/// Number of places in the top share of `n`: at least one, rounded to the nearest.
pub fn top_of(n: usize, share: f64) -> usize {
    ((n as f64 * share).round() as usize).clamp(1, n.max(1))
}

/// Need of every place for one kind of record.
///
/// ```text
/// score = Σ_p weight_p place_p / Σ_p weight_p,   place_p = (n - rank_p) / (n - 1)
/// ```
///
/// over the parts that can be measured at that place; equal values share the mean of their ranks.
/// A place's rank in a part counts, not by how much: one extreme value cannot decide alone.
///
/// Each draw gives every month, in hotspots and outside, a Poisson count with its own count as mean,
/// scales each weight by a factor between `1 / factor` and `factor` (evenly on a log scale), and
/// ranks again: the interval holds what chance and the choice of weights could have given.
///
/// # Shapes and units
///
/// - `recorded`: `[n_places]`; `residents`: `[n_places]`, `None` where not known: such a place has
///   no rate and no persistence.
/// - returns: `[n_places]`; the same at any number of threads.
///
/// # Errors
///
/// [`NeedError::Shape`] if the lists differ in length.
pub fn need(
    recorded: &Recorded,
    residents: &[Option<Population>],
    weights: &Weights,
    draws: usize,
    seed: u64,
) -> Result<Vec<Need>, NeedError> {
    let n = recorded.monthly.len();
    let fits = |len: usize| len == 0 || len == n;
    let others = fits(recorded.harm.len()) && fits(recorded.known.len());
    if residents.len() != n || !others || recorded.earlier.as_ref().is_some_and(|e| e.len() != n) {
        return Err(NeedError::Shape { records: n, bases: residents.len() });
    }
    let parts = measure(recorded, residents, weights.top_share);
    let (places, scores) = scores(&parts, &weights.parts);
    let ranks = ranks(&scores);
    let drawn: Vec<Vec<u32>> = (0..draws)
        .into_par_iter()
        .map(|draw| {
            let mut random = stream(seed, draw as u64);
            let mut again = |count: &u64| poisson(&mut random, *count as f64);
            let redrawn = Recorded {
                monthly: recorded
                    .monthly
                    .iter()
                    .map(|row| row.iter().map(|(hot, not)| (again(hot), again(not))).collect())
                    .collect(),
                earlier: recorded.earlier.as_ref().map(|e| e.iter().map(&mut again).collect()),
                harm: recorded.harm.clone(),
                known: recorded.known.clone(),
            };
            let factor = weights.factor.ln();
            let scaled = weights
                .parts
                .map(|weight| weight * ((random.random::<f64>() * 2.0 - 1.0) * factor).exp());
            let parts = measure(&redrawn, residents, weights.top_share);
            self::ranks(&self::scores(&parts, &scaled).1)
        })
        .collect();
    let top = top_of(n, weights.top_share) as u32;
    let skipped = ((1.0 - CONFIDENCE) / 2.0 * draws as f64).floor() as usize;
    Ok((0..n)
        .map(|i| {
            let mut of_place: Vec<u32> = drawn.iter().map(|ranks| ranks[i]).collect();
            of_place.sort_unstable();
            let at = |k: usize| of_place.get(k).copied().unwrap_or(ranks[i]);
            Need {
                count: recorded.monthly[i].iter().map(|(hot, not)| hot + not).sum(),
                parts: parts[i],
                places: places[i],
                score: scores[i],
                rank: ranks[i],
                low: at(skipped).min(ranks[i]),
                high: at(of_place.len().saturating_sub(1 + skipped)).max(ranks[i]),
                tied: (0..n).any(|j| j != i && same(scores[i], scores[j])),
                top: ranks[i] <= top,
            }
        })
        .collect())
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

/// The parts of every place.
fn measure(
    recorded: &Recorded,
    residents: &[Option<Population>],
    top_share: f64,
) -> Vec<[Option<f64>; PARTS]> {
    let n = residents.len();
    let n_months = recorded.monthly.first().map_or(0, Vec::len);
    let top = top_of(n, top_share) as u32;
    let mut often = vec![0_u32; n];
    for month in 0..n_months {
        let rates: Vec<f64> = (0..n)
            .map(|i| {
                let (hot, not) = recorded.monthly[i][month];
                residents[i].map_or(-1.0, |base| (hot + not) as f64 / base.get())
            })
            .collect();
        for (i, rank) in ranks(&rates).into_iter().enumerate() {
            often[i] += u32::from(rank <= top && rates[i] > 0.0);
        }
    }
    (0..n)
        .map(|i| {
            let hot: u64 = recorded.monthly[i].iter().map(|(hot, _)| hot).sum();
            let all: u64 = recorded.monthly[i].iter().map(|(hot, not)| hot + not).sum();
            let earlier = recorded.earlier.as_ref().map(|earlier| earlier[i]);
            let harm = recorded.harm.get(i).copied().flatten();
            let known = recorded.known.get(i).copied().unwrap_or_default();
            [
                Some(all as f64),
                residents[i].map(|base| all as f64 * 1_000.0 / base.get()),
                // Half an incident more on either side: a year without any can be compared too.
                earlier.map(|earlier| (all as f64 + 0.5) / (earlier as f64 + 0.5)),
                Some(if all > 0 { hot as f64 / all as f64 } else { 0.0 }),
                (residents[i].is_some() && n_months > 0)
                    .then(|| f64::from(often[i]) / n_months as f64),
                residents[i].zip(harm).map(|(base, mean)| all as f64 * mean * 1_000.0 / base.get()),
                known[0],
                known[1],
                known[2],
                known[3],
            ]
        })
        .collect()
}

type Places = Vec<[Option<f64>; PARTS]>;

/// Where each place stands in each part, and the score of each.
fn scores(parts: &Places, weights: &[f64; PARTS]) -> (Places, Vec<f64>) {
    let n = parts.len();
    let mut places = vec![[None; PARTS]; n];
    for part in 0..PARTS {
        let mut known: Vec<usize> = (0..n).filter(|&i| parts[i][part].is_some()).collect();
        let value = |i: usize| parts[i][part].unwrap_or(0.0);
        known.sort_by(|&a, &b| value(b).total_cmp(&value(a)).then(a.cmp(&b)));
        let mut start = 0;
        for group in known.chunk_by(|&a, &b| same(value(a), value(b))) {
            let middle = start as f64 + (group.len() as f64 - 1.0) / 2.0;
            let last = known.len() as f64 - 1.0;
            for &i in group {
                places[i][part] = Some(if last > 0.0 { 1.0 - middle / last } else { 1.0 });
            }
            start += group.len();
        }
    }
    let score = |places: &[Option<f64>; PARTS]| {
        let (mut sum, mut all) = (0.0, 0.0);
        for (place, weight) in places.iter().zip(weights) {
            if let Some(place) = place {
                sum += place * weight;
                all += weight;
            }
        }
        if all > 0.0 { sum / all } else { 0.0 }
    };
    let scores = places.iter().map(score).collect();
    (places, scores)
}

/// Ranks of values, 1 the highest; equals share the better.
fn ranks(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let mut ranks = vec![0; values.len()];
    let mut start = 0;
    for group in order.chunk_by(|&a, &b| same(values[a], values[b])) {
        for &i in group {
            ranks[i] = start as u32 + 1;
        }
        start += group.len();
    }
    ranks
}

/// One line of the tornado: a choice of weight, and what it would do to the top of the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// Which part's weight.
    pub part: Part,
    /// Weight that was tried.
    pub weight: f64,
    /// Places that would enter the first five.
    pub enter: Vec<usize>,
    /// Places that would leave the first five.
    pub leave: Vec<usize>,
}

/// What each weight would change in the first five if it were nothing, or doubled; the widest first.
/// Parts that cannot be measured are left out.
pub fn tornado(needs: &[Need], weights: &Weights) -> Vec<Swing> {
    let parts: Places = needs.iter().map(|need| need.parts).collect();
    let first = |weights: &[f64; PARTS]| -> Vec<usize> {
        let ranks = ranks(&scores(&parts, weights).1);
        (0..ranks.len()).filter(|&i| ranks[i] <= 5).collect()
    };
    let usual = first(&weights.parts);
    let mut swings = Vec::new();
    for (p, part) in Part::ALL.into_iter().enumerate() {
        if parts.iter().all(|place| place[p].is_none()) {
            continue;
        }
        for scale in [0.0, 2.0] {
            let mut tried = weights.parts;
            // A part without weight is tried with a weight of its own.
            tried[p] = if weights.parts[p] > 0.0 { tried[p] * scale } else { scale };
            let changes = (tried[p] - weights.parts[p]).abs() > 0.0;
            if tried.iter().sum::<f64>() <= 0.0 || !changes {
                continue;
            }
            let then = first(&tried);
            let enter = then.iter().copied().filter(|i| !usual.contains(i)).collect();
            let leave = usual.iter().copied().filter(|i| !then.contains(i)).collect();
            swings.push(Swing { part, weight: tried[p], enter, leave });
        }
    }
    swings.sort_by_key(|swing| std::cmp::Reverse(swing.enter.len() + swing.leave.len()));
    swings
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: Weights = Weights {
        parts: [1.0, 1.0, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0],
        top_share: 1.0 / 3.0,
        factor: 1.5,
    };

    fn places(counts: &[u64]) -> Recorded {
        let monthly = counts.iter().map(|n| vec![(n / 4, n / 4), (0, n - n / 4 * 2)]).collect();
        Recorded { monthly, ..Recorded::default() }
    }

    fn residents(of: &[f64]) -> Vec<Option<Population>> {
        of.iter().map(|n| Population::new(*n)).collect()
    }

    #[test]
    fn parts_are_what_they_say() {
        let recorded = Recorded {
            monthly: vec![vec![(6, 2), (0, 2)], vec![(0, 1), (0, 1)], vec![(0, 0), (0, 0)]],
            earlier: Some(vec![4, 2, 0]),
            harm: vec![Some(30.0), Some(5.0), None],
            known: vec![[Some(210.0), None, Some(12.5), Some(1.0)], [None; 4], [None; 4]],
        };

        let found =
            need(&recorded, &residents(&[2_000.0, 1_000.0, 500.0]), &WEIGHTS, 50, 1).unwrap();

        assert_eq!(found[0].count, 10);
        assert_eq!(found[0].parts[1], Some(5.0));
        assert_eq!(found[0].parts[2], Some(10.5 / 4.5));
        assert_eq!(found[0].parts[3], Some(0.6));
        // Ten incidents of 30 days among 2,000 residents: 150 days for 1,000 of them.
        assert_eq!(found[0].parts[5], Some(150.0));
        assert_eq!(found[2].parts[5], None);
        assert_eq!(found[0].parts[6..], [Some(210.0), None, Some(12.5), Some(1.0)]);
        // Months: 4 and 1 per 1,000 against 1 and 1: the first leads once and shares once.
        assert_eq!(found[0].parts[4], Some(1.0));
        assert_eq!(found[1].parts[4], Some(0.5));
        assert_eq!(found[2].parts[4], Some(0.0));
        assert_eq!(found[0].places[0], Some(1.0));
        assert_eq!(found[1].places[0], Some(0.5));
        assert_eq!(found[2].places[0], Some(0.0));
        assert!(found[0].top && !found[1].top);
    }

    #[test]
    fn far_apart_is_certain_and_alike_is_not() {
        let recorded = places(&[4_000, 101, 100, 8]);

        let found = need(&recorded, &residents(&[1_000.0; 4]), &WEIGHTS, NEED_DRAWS, 7).unwrap();

        assert_eq!((found[0].low, found[0].high), (1, 1));
        assert!(found[1].low <= 2 && found[1].high >= 3, "{:?}", found[1]);
        for need in &found {
            assert!(need.low <= need.rank && need.rank <= need.high);
        }
    }

    #[test]
    fn ties_are_declared_and_share_the_better_rank() {
        let found = need(&places(&[8, 8, 4]), &residents(&[100.0; 3]), &WEIGHTS, 20, 1).unwrap();

        assert_eq!((found[0].rank, found[1].rank, found[2].rank), (1, 1, 3));
        assert!(found[0].tied && found[1].tied && !found[2].tied);
    }

    #[test]
    fn a_place_without_residents_is_ranked_by_what_is_known() {
        let bases = [Population::new(100.0), None, Population::new(100.0)];

        let found = need(&places(&[8, 80, 4]), &bases, &WEIGHTS, 20, 1).unwrap();

        assert_eq!(found[1].parts[1], None);
        assert_eq!(found[1].rank, 1);
        assert!(need(&places(&[1]), &[], &WEIGHTS, 1, 1).is_err());
        assert_eq!(need(&Recorded::default(), &[], &WEIGHTS, 9, 1), Ok(vec![]));
    }

    #[test]
    fn what_is_known_apart_counts_by_its_weight_alone() {
        let mut recorded = places(&[8, 9, 4]);
        recorded.known = vec![[None; 4], [None; 4], [None, Some(40.0), None, None]];
        recorded.known[0][1] = Some(10.0);
        let ranks = |recorded: &Recorded, weights: &Weights| -> Vec<u32> {
            let found = need(recorded, &residents(&[100.0; 3]), weights, 0, 1).unwrap();
            found.iter().map(|need| need.rank).collect()
        };
        let mut heavy = WEIGHTS;
        heavy.parts[7] = 20.0;

        assert_eq!(ranks(&recorded, &WEIGHTS), [2, 1, 3]);
        assert_eq!(ranks(&recorded, &heavy)[2], 1);
        recorded.known.pop();
        assert!(need(&recorded, &residents(&[100.0; 3]), &WEIGHTS, 0, 1).is_err());
    }

    #[test]
    fn one_thread_and_many_give_the_same() {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let counts: Vec<u64> = (0..20).map(|i| i * i % 37).collect();
            pool.install(|| need(&places(&counts), &residents(&[500.0; 20]), &WEIGHTS, 200, 3))
        };

        assert_eq!(with(1), with(7));
    }

    #[test]
    fn the_tornado_says_who_would_enter_and_leave() {
        // Six large places first by volume; a seventh, tiny, first by rate.
        let bases = residents(&[1e5, 1e5, 1e5, 1e5, 1e5, 1e5, 10.0]);
        let mut weights = WEIGHTS;
        weights.parts = [0.0; PARTS];
        (weights.parts[0], weights.parts[1]) = (3.0, 1.0);
        let found = need(&places(&[90, 80, 70, 60, 50, 40, 30]), &bases, &weights, 20, 1).unwrap();

        let swings = tornado(&found, &weights);

        let without_volume =
            swings.iter().find(|s| s.part == Part::Volume && s.weight == 0.0).unwrap();
        assert_eq!((&without_volume.enter, &without_volume.leave), (&vec![6], &vec![4]));
        assert!(swings.iter().all(|swing| swing.part != Part::Change));
    }
}

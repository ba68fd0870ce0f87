//! Branch and bound: the best choice of sites, and proof that there is none better.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

use rayon::prelude::*;

use super::objective::Fixed;
use super::relax::Relaxed;
use super::search::Task;

/// Nodes worked on at a time. Fixed, so that the outcome is the same at any number of threads.
const BATCH: usize = 8;
/// Rounds of the bound at the root, and at every other node.
pub(super) const ROOT_ROUNDS: usize = 600;
const NODE_ROUNDS: usize = 40;
/// First step of the root and of the others, which start near their bound.
const ROOT_STEP: f64 = 1.5;
const NODE_STEP: f64 = 0.6;
/// One node in this many improves its choice by exchanges, past the first few hundred.
const IMPROVE_EVERY: u64 = 16;

/// How much work a proof may take. Counted in operations, never in seconds: the same task ends with
/// the same answer on any machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Starts of the search by exchanges.
    pub starts: usize,
    /// Operations (pairs of demand point and site looked at) after which the proof is given up and
    /// the gap is stated; about 400 million a second and core.
    pub operations: u64,
    /// Gap, as a share of the value, that is small enough to stop at.
    pub gap: f64,
}

impl Effort {
    /// About a second: an answer with its bound.
    pub const QUICK: Self = Self { starts: 24, operations: 250_000_000, gap: 0.0 };
    /// Up to half a minute for the largest tasks.
    pub const THOROUGH: Self = Self { starts: 160, operations: 5_000_000_000, gap: 0.0 };
}

/// What a search found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub chosen: Vec<usize>,
    pub value: f64,
    /// No choice is worth more.
    pub bound: f64,
    pub nodes: u64,
}

struct Node {
    fixed: Vec<Fixed>,
    /// Multipliers to start from, shared between the two children of a node.
    start: Arc<Vec<f32>>,
    bound: f64,
    number: u64,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    /// The highest bound first; of equals the one made first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound).then(other.number.cmp(&self.number))
    }
}

/// What working on a node gave.
struct Worked {
    choice: Option<(Vec<usize>, f64)>,
    /// Fixings of both children and their bounds; none where the node is done.
    children: Option<[(Vec<Fixed>, f64); 2]>,
    multipliers: Vec<f32>,
    work: u64,
}

impl Task<'_> {
    pub fn root(&self) -> Vec<Fixed> {
        let mut fixed = vec![Fixed::Free; self.objective.n_sites()];
        for &site in &self.rules.excluded {
            fixed[site] = Fixed::Out;
        }
        for &site in &self.rules.locked {
            fixed[site] = Fixed::In;
        }
        fixed
    }

    /// Relaxes a root; sites that a choice better than `target` cannot have are fixed.
    pub fn relax_from(&self, mut fixed: Vec<Fixed>, target: f64) -> (Relaxed, Vec<Fixed>) {
        let relaxed = self.relax(&fixed, &self.start(), target, self.root_rounds, ROOT_STEP);
        self.fix(&mut fixed, &relaxed, target);
        (relaxed, fixed)
    }

    /// Takes what does not fit the budget out of the free sites; false if what is in does not.
    fn fits(&self, fixed: &mut [Fixed]) -> bool {
        let spent: f64 = (0..fixed.len())
            .filter(|&site| fixed[site] == Fixed::In)
            .map(|site| self.rules.cost(site))
            .sum();
        let left = self.rules.budget() - spent;
        if left < -1e-9 * spent {
            return false;
        }
        for (site, fixed) in fixed.iter_mut().enumerate() {
            if *fixed == Fixed::Free && self.rules.cost(site) > left {
                *fixed = Fixed::Out;
            }
        }
        true
    }

    /// The choice that a relaxation points to, made to keep the budget and filled up, and the
    /// operations that took.
    pub fn rounded(&self, relaxed: &Relaxed, improve: bool) -> ((Vec<usize>, f64), u64) {
        let mut chosen = self.rules.locked.clone();
        let mut left = self.rules.budget() - self.cost(&chosen);
        for &site in &relaxed.taken {
            if !chosen.contains(&site) && chosen.len() < self.k && self.rules.cost(site) <= left {
                left -= self.rules.cost(site);
                chosen.push(site);
            }
        }
        let looks = if improve { self.improve(&mut chosen) } else { 0 };
        let value = self.value(&chosen);
        ((chosen, value), looks)
    }

    fn work_on(&self, node: &Node, target: f64) -> Worked {
        let done = |choice, work| Worked { choice, children: None, multipliers: Vec::new(), work };
        let mut fixed = node.fixed.clone();
        if !self.fits(&mut fixed) {
            return done(None, 0);
        }
        let inside: Vec<usize> = (0..fixed.len()).filter(|&s| fixed[s] == Fixed::In).collect();
        let has_free = fixed.contains(&Fixed::Free);
        if inside.len() > self.k {
            return done(None, 0);
        }
        if inside.len() == self.k || !has_free {
            let value = self.value(&inside);
            return done(Some((inside, value)), self.objective.work());
        }
        let start: Vec<f64> = node.start.iter().map(|&u| f64::from(u)).collect();
        let relaxed = self.relax(&fixed, &start, target, NODE_ROUNDS, NODE_STEP);
        let improve = node.number < 200 || node.number.is_multiple_of(IMPROVE_EVERY);
        let (choice, looks) = self.rounded(&relaxed, improve);
        let work = relaxed.work + looks;
        let reached = choice.1.max(target);
        if relaxed.bound <= reached + self.tolerance {
            return done(Some(choice), work);
        }
        self.fix(&mut fixed, &relaxed, reached);
        let Some(site) = branching_site(&fixed, &relaxed) else {
            // Everything is settled: one choice is left, and it is looked at as a leaf.
            let leaf = (fixed.clone(), relaxed.bound);
            let mut none = fixed;
            none.fill(Fixed::Out);
            return Worked {
                choice: Some(choice),
                children: Some([leaf, (none, f64::NEG_INFINITY)]),
                multipliers: compact(&relaxed.multipliers),
                work,
            };
        };
        let child = |state| {
            let mut fixed = fixed.clone();
            fixed[site] = state;
            (fixed, relaxed.bound)
        };
        Worked {
            choice: Some(choice),
            children: Some([child(Fixed::In), child(Fixed::Out)]),
            multipliers: compact(&relaxed.multipliers),
            work,
        }
    }

    /// The best choice from `first` on, with the bound that is proven when the work is used up.
    pub fn prove(&self, first: Found, fixed: Vec<Fixed>, start: &[f64], effort: Effort) -> Found {
        let mut best = first;
        let mut heap = BinaryHeap::new();
        heap.push(Node { fixed, start: Arc::new(compact(start)), bound: best.bound, number: 0 });
        let (mut made, mut work) = (1, 0);
        let enough = |best: &Found, bound: f64| {
            let slack = self.tolerance + effort.gap * (best.value.abs() - self.service_in(best));
            bound <= best.value + slack.max(self.tolerance)
        };
        loop {
            let top = heap.peek().map_or(f64::NEG_INFINITY, |node: &Node| node.bound);
            best.bound = best.bound.min(top.max(best.value));
            if enough(&best, top) || best.value >= self.goal || work >= effort.operations {
                return best;
            }
            let batch: Vec<Node> = (0..BATCH)
                .map_while(|_| heap.pop())
                .filter(|node| node.bound > best.value + self.tolerance)
                .collect();
            let worked: Vec<Worked> =
                batch.par_iter().map(|node| self.work_on(node, best.value)).collect();
            for one in worked {
                best.nodes += 1;
                work += one.work;
                if let Some((chosen, value)) = one.choice
                    && value > best.value + self.tolerance
                {
                    (best.chosen, best.value) = (chosen, value);
                }
                let Some(children) = one.children else { continue };
                let start = Arc::new(one.multipliers);
                for (fixed, bound) in children {
                    if bound > best.value + self.tolerance {
                        heap.push(Node { fixed, start: Arc::clone(&start), bound, number: made });
                        made += 1;
                    }
                }
            }
        }
    }

    fn service_in(&self, found: &Found) -> f64 {
        self.rules.served(&found.chosen) as f64 * self.service
    }
}

/// The free site about which the relaxation is least sure.
fn branching_site(fixed: &[Fixed], relaxed: &Relaxed) -> Option<usize> {
    let doubt = |site: &usize| (relaxed.often[*site] - 0.5).abs();
    (0..fixed.len()).filter(|&site| fixed[site] == Fixed::Free).min_by(|a, b| {
        doubt(a)
            .total_cmp(&doubt(b))
            .then(relaxed.prices[*b].total_cmp(&relaxed.prices[*a]))
            .then(a.cmp(b))
    })
}

/// Multipliers as kept between nodes: any are good, so half the digits do.
fn compact(multipliers: &[f64]) -> Vec<f32> {
    multipliers.iter().map(|&u| u as f32).collect()
}

//! Good choices of sites quickly: greedy, and exchanges of one site from many starts.

use rand::RngExt as _;
use rayon::prelude::*;

use crate::stats::random::stream;

use super::branch::ROOT_ROUNDS;
use super::objective::{Exchange, Objective};
use super::rules::Rules;

/// A difference smaller than this share of the value at stake is none.
pub(super) const TOLERANCE: f64 = 1e-9;

/// Share of the best gain within which a start at random may take a site.
const CANDIDATE: f64 = 0.75;

/// What is to be chosen and under which rules.
pub(super) struct Task<'a> {
    pub objective: &'a dyn Objective,
    pub rules: &'a Rules,
    pub k: usize,
    /// Required groups of each site.
    pub groups_of: Vec<Vec<usize>>,
    /// What serving one more required group is worth: more than everything else together.
    pub service: f64,
    /// A difference that counts.
    pub tolerance: f64,
    /// Value that is enough: the proof ends once a choice has it.
    pub goal: f64,
    /// Rounds of the bound at the root.
    pub root_rounds: usize,
}

impl<'a> Task<'a> {
    pub fn new(objective: &'a dyn Objective, rules: &'a Rules, k: usize) -> Self {
        let n_sites = objective.n_sites();
        let all: Vec<usize> = (0..n_sites).collect();
        let range = objective.value(&all) - objective.value(&[]);
        let preference: f64 = rules.preference.iter().sum();
        let mut groups_of = vec![Vec::new(); n_sites];
        for (group, sites) in rules.required.iter().enumerate() {
            for &site in sites {
                if !groups_of[site].contains(&group) {
                    groups_of[site].push(group);
                }
            }
        }
        let stake = range + preference + 1.0;
        let (service, tolerance, goal) = (stake, TOLERANCE * stake, f64::INFINITY);
        Self { objective, rules, k, groups_of, service, tolerance, goal, root_rounds: ROOT_ROUNDS }
    }

    /// Value of a choice: of the objective, of the sites themselves, and of required groups served.
    pub fn value(&self, chosen: &[usize]) -> f64 {
        let preference: f64 = chosen.iter().map(|&site| self.rules.preference(site)).sum();
        let served = self.rules.served(chosen) as f64;
        self.objective.value(chosen) + preference + served * self.service
    }

    /// What no choice exceeds, however many sites it has.
    pub fn ceiling(&self) -> f64 {
        let all: Vec<usize> = (0..self.objective.n_sites()).collect();
        self.value(&all)
    }

    pub fn cost(&self, chosen: &[usize]) -> f64 {
        chosen.iter().map(|&site| self.rules.cost(site)).sum()
    }

    fn may_enter(&self, chosen: &[usize]) -> Vec<bool> {
        let mut may = vec![true; self.objective.n_sites()];
        for &site in self.rules.excluded.iter().chain(chosen) {
            may[site] = false;
        }
        may
    }

    /// What serving groups changes when `out` leaves and `site` enters.
    fn service_change(&self, times: &[u32], out: Option<usize>, site: usize) -> f64 {
        let entering = &self.groups_of[site];
        let mut change = 0.0;
        for &group in entering {
            if times[group] == 0 {
                change += self.service;
            }
        }
        for &group in out.iter().flat_map(|&out| &self.groups_of[out]) {
            if times[group] == 1 && !entering.contains(&group) {
                change -= self.service;
            }
        }
        change
    }

    fn times_served(&self, chosen: &[usize]) -> Vec<u32> {
        let mut times = vec![0; self.rules.required.len()];
        for &group in chosen.iter().flat_map(|&site| &self.groups_of[site]) {
            times[group] += 1;
        }
        times
    }

    /// What adding each site would give; `None` where it may not be added.
    fn additions(&self, chosen: &[usize], exchange: &mut Exchange) -> Vec<Option<f64>> {
        self.objective.exchange(chosen, exchange);
        let (times, may) = (self.times_served(chosen), self.may_enter(chosen));
        let left = self.rules.budget() - self.cost(chosen);
        (0..self.objective.n_sites())
            .map(|site| {
                (may[site] && self.rules.cost(site) <= left).then(|| {
                    exchange.gain[site]
                        + self.rules.preference(site)
                        + self.service_change(&times, None, site)
                })
            })
            .collect()
    }

    /// Adds one site after the other until `k` are chosen or none may be added; `pick` says which
    /// of the gains to take.
    pub fn fill(
        &self,
        chosen: &mut Vec<usize>,
        mut pick: impl FnMut(&[Option<f64>]) -> Option<usize>,
    ) {
        let mut exchange = Exchange::default();
        while chosen.len() < self.k {
            match pick(&self.additions(chosen, &mut exchange)) {
                Some(site) => chosen.push(site),
                None => break,
            }
        }
    }

    /// The site of the largest gain; of equals the first.
    pub fn largest(&self, gains: &[Option<f64>]) -> Option<usize> {
        let best = gains.iter().flatten().copied().reduce(f64::max)?;
        gains.iter().position(|gain| gain.is_some_and(|gain| gain >= best - self.tolerance))
    }

    /// Locked sites, then the largest gain each time.
    pub fn greedy(&self) -> Vec<usize> {
        let mut chosen = self.rules.locked.clone();
        self.fill(&mut chosen, |gains| self.largest(gains));
        chosen
    }

    /// Exchanges one site for another, or adds one, while that gives more. Gives the operations
    /// that took.
    pub fn improve(&self, chosen: &mut Vec<usize>) -> u64 {
        let mut exchange = Exchange::default();
        let (n_sites, pairs) = (self.objective.n_sites() as u64, self.objective.pairs());
        let mut looks = 0;
        // Every exchange gives more, so none comes twice; the bound is for rounding alone.
        for _ in 0..10_000 {
            looks += pairs + n_sites * chosen.len() as u64;
            let gains = self.additions(chosen, &mut exchange);
            if chosen.len() < self.k
                && let Some(site) = self.largest(&gains)
            {
                chosen.push(site);
                continue;
            }
            let Some((r, site)) = self.best_exchange(chosen, &exchange) else { break };
            chosen[r] = site;
        }
        looks
    }

    fn best_exchange(&self, chosen: &[usize], exchange: &Exchange) -> Option<(usize, usize)> {
        let (times, may) = (self.times_served(chosen), self.may_enter(chosen));
        let spent = self.cost(chosen);
        let mut best = (self.tolerance, None);
        for (r, &out) in chosen.iter().enumerate() {
            if self.rules.locked.contains(&out) {
                continue;
            }
            let without = -exchange.loss[r] - self.rules.preference(out);
            let left = self.rules.budget() - spent + self.rules.cost(out);
            for site in (0..may.len()).filter(|&site| may[site]) {
                if self.rules.cost(site) > left {
                    continue;
                }
                let change = without
                    + exchange.gain[site]
                    + exchange.keep[r][site]
                    + self.rules.preference(site)
                    + self.service_change(&times, Some(out), site);
                if change > best.0 {
                    best = (change, Some((r, site)));
                }
            }
        }
        best.1
    }

    /// The best of the greedy choice and `starts` others, each improved by exchanges. The same at
    /// any number of threads: each start has a stream of its own, and of equals the first stays.
    pub fn many_starts(&self, starts: usize, seed: u64) -> (Vec<usize>, f64) {
        let from = |start: usize| {
            let mut chosen = self.rules.locked.clone();
            if start == 0 {
                chosen = self.greedy();
            } else {
                let mut random = stream(seed, start as u64);
                self.fill(&mut chosen, |gains| {
                    let best = gains.iter().flatten().copied().reduce(f64::max)?;
                    let near: Vec<usize> = (0..gains.len())
                        .filter(|&site| gains[site].is_some_and(|gain| gain >= CANDIDATE * best))
                        .collect();
                    Some(near[random.random_range(0..near.len())])
                });
            }
            self.improve(&mut chosen);
            let value = self.value(&chosen);
            (chosen, value)
        };
        let found: Vec<_> = (0..starts.max(1)).into_par_iter().map(from).collect();
        let better = |best: (Vec<usize>, f64), next: (Vec<usize>, f64)| {
            if next.1 > best.1 + self.tolerance { next } else { best }
        };
        found.into_iter().reduce(better).unwrap_or_default()
    }
}

//! The Lagrangian bound of a node: what no choice that keeps to its fixed sites can exceed.

use super::objective::Fixed;
use super::search::Task;

/// Share of the new slope in the direction of descent; the rest is the old direction.
const FRESH: f64 = 0.2;
/// Rounds without a better bound after which steps shrink.
const PATIENCE: usize = 20;
/// What steps shrink to after that.
const SHRINK: f64 = 0.7;

/// What relaxing a node gave.
pub(super) struct Relaxed {
    /// No choice at this node is worth more.
    pub bound: f64,
    /// Multipliers at the bound: of demand points, then required groups, then the budget.
    pub multipliers: Vec<f64>,
    /// Price of each site at the bound.
    pub prices: Vec<f64>,
    /// Sites of the highest prices at the bound, those fixed in first.
    pub taken: Vec<usize>,
    /// Share of rounds in which each site was taken, late ones counting more.
    pub often: Vec<f64>,
    /// Operations used.
    pub work: u64,
}

/// One evaluation of the bound.
struct Round {
    bound: f64,
    prices: Vec<f64>,
    taken: Vec<usize>,
}

impl Task<'_> {
    /// Multipliers of the root.
    pub fn start(&self) -> Vec<f64> {
        let mut u = self.objective.start();
        u.resize(u.len() + self.rules.required.len() + 1, 0.0);
        u
    }

    fn relative_cost(&self, site: usize) -> f64 {
        let budget = self.rules.budget();
        if budget > 0.0 && budget.is_finite() { self.rules.cost(site) / budget } else { 0.0 }
    }

    fn served_by_fixed(&self, fixed: &[Fixed]) -> Vec<bool> {
        let inside = |site: &usize| fixed[*site] == Fixed::In;
        self.rules.required.iter().map(|group| group.iter().any(inside)).collect()
    }

    fn round(&self, multipliers: &[f64], fixed: &[Fixed], served: &[bool]) -> Round {
        let n_points = multipliers.len() - self.rules.required.len() - 1;
        let (u, rest) = multipliers.split_at(n_points);
        let (v, budget) = rest.split_at(self.rules.required.len());
        let n_sites = self.objective.n_sites();
        let mut prices = vec![0.0; n_sites];
        let mut bound = self.objective.price(u, fixed, &mut prices);
        for (group, sites) in self.rules.required.iter().enumerate() {
            bound += self.service;
            if !served[group] {
                bound -= v[group];
                for &site in sites {
                    prices[site] += v[group];
                }
            }
        }
        bound += budget[0];
        let mut taken = Vec::with_capacity(self.k);
        let mut free = Vec::with_capacity(n_sites);
        for site in 0..n_sites {
            prices[site] += self.rules.preference(site) - budget[0] * self.relative_cost(site);
            match fixed[site] {
                Fixed::In => taken.push(site),
                Fixed::Free if prices[site] > 0.0 => free.push(site),
                Fixed::Free | Fixed::Out => {}
            }
        }
        let slots = self.k.saturating_sub(taken.len());
        let order = |a: &usize, b: &usize| prices[*b].total_cmp(&prices[*a]).then(a.cmp(b));
        if free.len() > slots {
            if slots > 0 {
                free.select_nth_unstable_by(slots - 1, order);
            }
            free.truncate(slots);
        }
        free.sort_by(order);
        taken.extend(free);
        bound += taken.iter().map(|&site| prices[site]).sum::<f64>();
        Round { bound, prices, taken }
    }

    /// Lowers the bound of a node for some rounds, or until it is no better than `target`.
    pub fn relax(
        &self,
        fixed: &[Fixed],
        start: &[f64],
        target: f64,
        rounds: usize,
        first_step: f64,
    ) -> Relaxed {
        let n_groups = self.rules.required.len();
        let n_points = start.len() - n_groups - 1;
        let served = self.served_by_fixed(fixed);
        let mut here = start.to_vec();
        let mut slope = vec![0.0; start.len()];
        // Within what they may be: multipliers kept with half their digits may lie just outside.
        self.objective.step(&mut here[..n_points], &slope[..n_points], 0.0);
        let mut best = self.round(&here, fixed, &served);
        let mut best_at = here.clone();
        let mut often = vec![0.0; self.objective.n_sites()];
        let mut direction = vec![0.0; start.len()];
        let (mut theta, mut stale) = (first_step, 0);
        let mut taken = best.taken.clone();
        let mut bound = best.bound;
        let mut done = 1;
        for round in 0..rounds {
            for often in &mut often {
                *often *= 0.9;
            }
            for &site in &taken {
                often[site] += 0.1;
            }
            if best.bound <= target + self.tolerance {
                break;
            }
            let u = &here[..n_points];
            self.objective.slope(u, fixed, &taken, &mut slope[..n_points]);
            for (group, sites) in self.rules.required.iter().enumerate() {
                let times = sites.iter().filter(|site| taken.contains(site)).count() as f64;
                slope[n_points + group] = if served[group] { 0.0 } else { times - 1.0 };
            }
            let spent: f64 = taken.iter().map(|&site| self.relative_cost(site)).sum();
            let limited = self.rules.budget.is_some();
            slope[n_points + n_groups] = if limited { 1.0 - spent } else { 0.0 };
            let fresh = if round == 0 { 1.0 } else { FRESH };
            let mut length = 0.0;
            for (direction, slope) in direction.iter_mut().zip(&slope) {
                *direction += fresh * (slope - *direction);
                length += *direction * *direction;
            }
            if length <= 0.0 {
                break;
            }
            // The target may be the optimum itself: a little above it keeps steps from dying out.
            let step = theta * (bound - target).max(self.tolerance) / length;
            self.objective.step(&mut here[..n_points], &direction[..n_points], step);
            for (v, slope) in here[n_points..].iter_mut().zip(&direction[n_points..]) {
                *v = (*v - step * slope).max(0.0);
            }
            for v in &mut here[n_points..n_points + n_groups] {
                *v = v.min(self.service);
            }
            let next = self.round(&here, fixed, &served);
            done += 1;
            bound = next.bound;
            taken.clone_from(&next.taken);
            if next.bound < best.bound - self.tolerance {
                best = next;
                best_at.clone_from(&here);
                stale = 0;
            } else {
                stale += 1;
                if stale >= PATIENCE {
                    (theta, stale) = (theta * SHRINK, 0);
                }
            }
        }
        Relaxed {
            bound: best.bound,
            multipliers: best_at,
            prices: best.prices,
            taken: best.taken,
            often,
            work: done * self.objective.work(),
        }
    }

    /// Fixes every free site that a choice better than `target` must have, or cannot have.
    pub fn fix(&self, fixed: &mut [Fixed], relaxed: &Relaxed, target: f64) {
        let inside = fixed.iter().filter(|fixed| **fixed == Fixed::In).count();
        let slots = self.k.saturating_sub(inside);
        let chosen: Vec<usize> =
            relaxed.taken.iter().copied().filter(|&site| fixed[site] == Fixed::Free).collect();
        let in_free = |site: usize| chosen.contains(&site);
        // Leaving a slot empty costs nothing, so the last and the next price are at least zero.
        let last = if chosen.len() < slots {
            0.0
        } else {
            chosen.last().map_or(f64::INFINITY, |&site| relaxed.prices[site])
        };
        let next = (0..fixed.len())
            .filter(|&site| fixed[site] == Fixed::Free && !in_free(site))
            .map(|site| relaxed.prices[site])
            .fold(0.0, f64::max);
        for (site, fixed) in fixed.iter_mut().enumerate() {
            if *fixed != Fixed::Free {
                continue;
            }
            let price = relaxed.prices[site];
            if in_free(site) {
                if relaxed.bound - price + next <= target + self.tolerance {
                    *fixed = Fixed::In;
                }
            } else if relaxed.bound - last + price <= target + self.tolerance {
                *fixed = Fixed::Out;
            }
        }
    }
}

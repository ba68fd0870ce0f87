//! p-median: the sites that leave people the shortest way to the nearest of them.

use super::distances::Distances;
use super::objective::{Exchange, Fixed, Objective};

/// Weighted distances from each demand point to each site, nearest first.
#[derive(Debug)]
pub(super) struct Median {
    n_sites: usize,
    /// `[n_points x n_sites]`: weight times distance, in order of site.
    costs: Vec<f64>,
    /// `[n_points x n_sites]`: site and cost, the nearest first.
    nearest: Vec<(u32, f64)>,
    /// Cost of each point where no site is chosen.
    far: Vec<f64>,
}

impl Median {
    /// Weights are zero or more. A site without a way to a point is taken to be as far as the
    /// farthest of all.
    pub fn new(distances: &Distances, weights: &[f64]) -> Self {
        let longest = distances.longest();
        let n_sites = distances.n_sites();
        let mut built = Self { n_sites, costs: vec![], nearest: vec![], far: vec![] };
        for (point, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let row = distances.of(point).iter().map(|d| weight * d.min(longest));
            let start = built.costs.len();
            built.costs.extend(row);
            let mut order: Vec<(u32, f64)> =
                (0..).zip(built.costs[start..].iter().copied()).collect();
            order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            built.nearest.extend(order);
            built.far.push(weight * longest);
        }
        built
    }

    fn costs_of(&self, point: usize) -> &[f64] {
        &self.costs[point * self.n_sites..(point + 1) * self.n_sites]
    }

    fn nearest_of(&self, point: usize) -> &[(u32, f64)] {
        &self.nearest[point * self.n_sites..(point + 1) * self.n_sites]
    }
}

impl Objective for Median {
    fn n_sites(&self) -> usize {
        self.n_sites
    }

    /// The weighted distance, negative: more is better.
    fn value(&self, chosen: &[usize]) -> f64 {
        let cost = |point: usize| {
            let costs = self.costs_of(point);
            chosen.iter().map(|&site| costs[site]).fold(self.far[point], f64::min)
        };
        -(0..self.far.len()).map(cost).sum::<f64>()
    }

    fn exchange(&self, chosen: &[usize], out: &mut Exchange) {
        out.clear(self.n_sites, chosen.len());
        for point in 0..self.far.len() {
            let costs = self.costs_of(point);
            let far = self.far[point];
            let (mut first, mut second, mut owner) = (far, far, None);
            for (r, &site) in chosen.iter().enumerate() {
                let cost = costs[site];
                if cost < first || owner.is_none() {
                    second = first;
                    first = cost;
                    owner = Some(r);
                } else if cost < second {
                    second = cost;
                }
            }
            let keep = match owner {
                Some(r) => {
                    out.loss[r] += second - first;
                    Some(&mut out.keep[r])
                }
                None => None,
            };
            for &(site, cost) in self.nearest_of(point).iter().take_while(|(_, c)| *c < first) {
                out.gain[site as usize] += first - cost;
            }
            if let Some(keep) = keep {
                for &(site, cost) in self.nearest_of(point).iter().take_while(|(_, c)| *c < second)
                {
                    keep[site as usize] += second - cost.max(first);
                }
            }
        }
    }

    fn start(&self) -> Vec<f64> {
        let second = |point| self.nearest_of(point).get(1).map_or(self.far[point], |near| near.1);
        (0..self.far.len()).map(second).collect()
    }

    /// `-L(u) = -Σ_i u_i + Σ_j x_j Σ_i max(0, u_i - w_i d_ij)`.
    fn price(&self, u: &[f64], fixed: &[Fixed], prices: &mut [f64]) -> f64 {
        prices.fill(0.0);
        let mut constant = 0.0;
        for (point, &u) in u.iter().enumerate() {
            constant -= u;
            for &(site, cost) in self.nearest_of(point) {
                if cost >= u {
                    break;
                }
                prices[site as usize] += u - cost;
            }
        }
        for (price, fixed) in prices.iter_mut().zip(fixed) {
            if *fixed == Fixed::Out {
                *price = 0.0;
            }
        }
        constant
    }

    fn slope(&self, u: &[f64], _: &[Fixed], taken: &[usize], slope: &mut [f64]) {
        for (point, slope) in slope.iter_mut().enumerate() {
            let costs = self.costs_of(point);
            *slope = taken.iter().filter(|&&site| costs[site] < u[point]).count() as f64 - 1.0;
        }
    }

    fn step(&self, u: &mut [f64], slope: &[f64], step: f64) {
        for ((u, slope), far) in u.iter_mut().zip(slope).zip(&self.far) {
            *u = (*u - step * slope).clamp(0.0, *far);
        }
    }

    fn pairs(&self) -> u64 {
        self.costs.len() as u64
    }

    fn work(&self) -> u64 {
        // Prices stop at the multiplier: a tenth of all pairs or less, once they have settled.
        (self.far.len() * (self.n_sites / 8 + 8)) as u64
    }
}

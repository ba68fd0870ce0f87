//! Maximal covering: the sites that have most demand within reach.

use std::collections::HashMap;

use super::distances::Distances;
use super::objective::{Exchange, Fixed, Objective};

/// Which sites have which demand within reach. Points that the same sites reach are one.
#[derive(Debug, Clone)]
pub(super) struct Covering {
    n_sites: usize,
    weights: Vec<f64>,
    /// Sites of each point, and where those of point `i` start.
    sites: Vec<u32>,
    site_starts: Vec<u32>,
    /// Points of each site.
    points: Vec<u32>,
    point_starts: Vec<u32>,
}

impl Covering {
    /// Demand within `reach` (its edge included) of each site. Weights are zero or more.
    pub fn within(distances: &Distances, weights: &[f64], reach: f64) -> Self {
        let rows = weights.iter().enumerate().map(|(i, &weight)| {
            let near = distances.of(i).iter().enumerate().filter(|(_, d)| **d <= reach);
            (weight, near.map(|(site, _)| site as u32).collect())
        });
        Self::merged(distances.n_sites(), rows)
    }

    /// Demand with the sites that reach it, which come in one order everywhere.
    pub fn merged(n_sites: usize, rows: impl Iterator<Item = (f64, Vec<u32>)>) -> Self {
        let mut index: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut merged: Vec<(Vec<u32>, f64)> = Vec::new();
        for (weight, sites) in rows {
            if weight <= 0.0 || sites.is_empty() {
                continue;
            }
            if let Some(&at) = index.get(&sites) {
                merged[at].1 += weight;
            } else {
                index.insert(sites.clone(), merged.len());
                merged.push((sites, weight));
            }
        }
        let mut built = Self {
            n_sites,
            weights: merged.iter().map(|(_, weight)| *weight).collect(),
            sites: Vec::new(),
            site_starts: vec![0],
            points: Vec::new(),
            point_starts: vec![0; n_sites + 1],
        };
        for (sites, _) in &merged {
            built.sites.extend(sites);
            built.site_starts.push(built.sites.len() as u32);
            for &site in sites {
                built.point_starts[site as usize + 1] += 1;
            }
        }
        for site in 0..n_sites {
            built.point_starts[site + 1] += built.point_starts[site];
        }
        let mut next = built.point_starts.clone();
        built.points = vec![0; built.sites.len()];
        for (point, (sites, _)) in merged.iter().enumerate() {
            for &site in sites {
                let slot = &mut next[site as usize];
                built.points[*slot as usize] = point as u32;
                *slot += 1;
            }
        }
        built
    }

    /// The same where only these sites may be chosen: fewer pairs, fewer distinct points.
    pub fn restricted(&self, allowed: &[bool]) -> Self {
        let rows = (0..self.weights.len()).map(|point| {
            let sites = self.sites_of(point).iter().copied().filter(|s| allowed[*s as usize]);
            (self.weights[point], sites.collect())
        });
        Self::merged(self.n_sites, rows)
    }

    /// All the demand that any site reaches.
    pub fn reachable(&self) -> f64 {
        self.weights.iter().sum()
    }

    fn sites_of(&self, point: usize) -> &[u32] {
        &self.sites[self.site_starts[point] as usize..self.site_starts[point + 1] as usize]
    }

    fn points_of(&self, site: usize) -> &[u32] {
        &self.points[self.point_starts[site] as usize..self.point_starts[site + 1] as usize]
    }

    /// How many of `chosen` reach each point.
    fn times_covered(&self, chosen: &[usize]) -> Vec<u32> {
        let mut times = vec![0; self.weights.len()];
        for &site in chosen {
            for &point in self.points_of(site) {
                times[point as usize] += 1;
            }
        }
        times
    }

    fn covered_by_fixed(&self, fixed: &[Fixed]) -> Vec<u32> {
        let inside: Vec<usize> =
            (0..self.n_sites).filter(|&site| fixed[site] == Fixed::In).collect();
        self.times_covered(&inside)
    }
}

impl Objective for Covering {
    fn n_sites(&self) -> usize {
        self.n_sites
    }

    fn value(&self, chosen: &[usize]) -> f64 {
        let times = self.times_covered(chosen);
        times.iter().zip(&self.weights).filter(|(n, _)| **n > 0).map(|(_, weight)| weight).sum()
    }

    fn exchange(&self, chosen: &[usize], out: &mut Exchange) {
        out.clear(self.n_sites, chosen.len());
        let times = self.times_covered(chosen);
        let mut owner = vec![u32::MAX; self.weights.len()];
        for (r, &site) in chosen.iter().enumerate() {
            for &point in self.points_of(site) {
                if times[point as usize] == 1 {
                    owner[point as usize] = r as u32;
                    out.loss[r] += self.weights[point as usize];
                }
            }
        }
        for point in 0..self.weights.len() {
            let weight = self.weights[point];
            let row = match times[point] {
                0 => &mut out.gain,
                1 => &mut out.keep[owner[point] as usize],
                _ => continue,
            };
            for &site in self.sites_of(point) {
                row[site as usize] += weight;
            }
        }
    }

    fn start(&self) -> Vec<f64> {
        let share = |point| self.weights[point] / self.sites_of(point).len() as f64;
        (0..self.weights.len()).map(share).collect()
    }

    /// `L(u) = Σ_i (w_i - u_i) + Σ_j x_j Σ_{i near j} u_i`, with `0 <= u_i <= w_i`; what a fixed
    /// site covers is certain, and has no price;
    /// what no free site can cover counts for nothing.
    fn price(&self, u: &[f64], fixed: &[Fixed], prices: &mut [f64]) -> f64 {
        prices.fill(0.0);
        let covered = self.covered_by_fixed(fixed);
        let mut constant = 0.0;
        for (point, &weight) in self.weights.iter().enumerate() {
            if covered[point] > 0 {
                constant += weight;
                continue;
            }
            let mut within_reach = false;
            for &site in self.sites_of(point) {
                prices[site as usize] += u[point];
                within_reach |= fixed[site as usize] == Fixed::Free;
            }
            if within_reach {
                constant += weight - u[point];
            }
        }
        constant
    }

    fn slope(&self, _: &[f64], fixed: &[Fixed], taken: &[usize], slope: &mut [f64]) {
        slope.fill(-1.0);
        for &site in taken {
            for &point in self.points_of(site) {
                slope[point as usize] += 1.0;
            }
        }
        for (slope, covered) in slope.iter_mut().zip(self.covered_by_fixed(fixed)) {
            if covered > 0 {
                *slope = 0.0;
            }
        }
    }

    fn step(&self, u: &mut [f64], slope: &[f64], step: f64) {
        for ((u, slope), weight) in u.iter_mut().zip(slope).zip(&self.weights) {
            *u = (*u - step * slope).clamp(0.0, *weight);
        }
    }

    fn pairs(&self) -> u64 {
        self.sites.len() as u64
    }

    fn work(&self) -> u64 {
        (self.sites.len() + self.weights.len()) as u64
    }
}

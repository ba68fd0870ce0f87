//! Cutting a patch of mesh cells into areas of wanted sizes, each of one piece.
//!
//! Areas grow from seeds over rough ground, cheapest cell first, so an area is always connected
//! and its edge follows the ridges of the ground. Seeds move to the middle of their people and
//! areas that are too big start later, round after round.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::mesh::{Mesh, NONE};
use super::plane::at;
use super::random::{Stream, Weighted};

/// Deviation from the wanted sizes beyond which another attempt is made.
const UNEVEN: f64 = 0.3;
/// Attempts in all.
const ATTEMPTS: usize = 5;

/// What is cut, and into how much each.
pub(super) struct Cut<'a> {
    pub mesh: &'a Mesh,
    /// Cells to cut.
    pub cells: &'a [usize],
    /// Weight of every cell of the mesh: people, or ground.
    pub weight: &'a [f64],
    /// What crossing every cell of the mesh costs, about 1.
    pub rough: &'a [f64],
    /// Which cells may be neighbours: those on the same side of the river.
    pub side: &'a [u8],
    /// Wanted weight of each area.
    pub targets: &'a [f64],
    /// Rounds of moving and balancing.
    pub rounds: usize,
}

impl Cut<'_> {
    /// Area of each cell of the mesh, numbered like `targets`; [`NONE`] for cells not cut.
    ///
    /// Where the sizes come out too uneven, it starts again from other seeds.
    pub(super) fn run(&self, stream: &mut Stream) -> Vec<u16> {
        let mut best = self.attempt(stream);
        for _ in 1..ATTEMPTS {
            if best.0 < UNEVEN {
                break;
            }
            let other = self.attempt(stream);
            if other.0 < best.0 {
                best = other;
            }
        }
        best.1
    }

    /// Largest deviation from a target, as a share of it, and the areas.
    fn attempt(&self, stream: &mut Stream) -> (f64, Vec<u16>) {
        let mut member = vec![false; self.mesh.len()];
        for &cell in self.cells {
            member[cell] = true;
        }
        let mut seeds = self.scatter(stream);
        let mut head_start = vec![0.0; seeds.len()];
        let mut labels = self.grow(&member, &seeds, &head_start);
        let mut best = (f64::INFINITY, labels.clone());
        for round in 0..self.rounds {
            let sums = self.sums(&labels, seeds.len());
            let worst = sums
                .iter()
                .zip(self.targets)
                .map(|(sum, &target)| (sum.weight / target - 1.0).abs())
                .fold(0.0, f64::max);
            if worst < best.0 {
                best = (worst, labels.clone());
            }
            if worst < 0.08 {
                break;
            }
            if round < self.rounds / 2 {
                self.recentre(&labels, &sums, &mut seeds);
            }
            // Less and less, so that areas settle instead of swinging.
            let gain = 0.6 - 0.35 * round as f64 / self.rounds as f64;
            for (start, (sum, target)) in head_start.iter_mut().zip(sums.iter().zip(self.targets)) {
                let radius = (sum.cells / std::f64::consts::PI).sqrt() * self.mesh.step();
                let excess = (sum.weight / target - 1.0).clamp(-0.6, 0.6);
                *start += excess * radius * gain;
            }
            labels = self.grow(&member, &seeds, &head_start);
        }
        best
    }

    /// First seeds: by weight, away from each other.
    fn scatter(&self, stream: &mut Stream) -> Vec<usize> {
        let mut nearest = vec![f64::INFINITY; self.cells.len()];
        let mut seeds = Vec::with_capacity(self.targets.len());
        while seeds.len() < self.targets.len().min(self.cells.len()) {
            let draw =
                Weighted::new(self.cells.iter().zip(&nearest).map(|(&cell, &d)| {
                    if d == 0.0 { 0.0 } else { self.weight[cell] * d.min(1e7) }
                }));
            let seed = self.cells[draw.draw(stream)];
            let centre = self.mesh.centres[seed];
            for (d, &cell) in nearest.iter_mut().zip(self.cells) {
                let apart = self.mesh.centres[cell].distance(centre);
                *d = d.min(apart * apart);
            }
            seeds.push(seed);
        }
        seeds
    }

    /// Grows every seed's area over the members, the cheapest cell next.
    fn grow(&self, member: &[bool], seeds: &[usize], head_start: &[f64]) -> Vec<u16> {
        let least = head_start.iter().copied().fold(f64::INFINITY, f64::min);
        let mut labels = vec![NONE; self.mesh.len()];
        let mut queue = BinaryHeap::new();
        // Costs in whole millimetres, so that order never hangs on a last digit.
        let whole = |cost: f64| (cost * 1000.0) as u64;
        for (i, &seed) in seeds.iter().enumerate() {
            labels[seed] = i as u16;
        }
        for (i, &seed) in seeds.iter().enumerate() {
            let cost = whole(head_start[i] - least);
            self.reach(member, seed, cost, i as u16, &labels, &mut queue);
        }
        while let Some(Reverse((cost, cell, label))) = queue.pop() {
            if labels[cell] == NONE {
                labels[cell] = label;
                self.reach(member, cell, cost, label, &labels, &mut queue);
            }
        }
        labels
    }

    fn reach(
        &self,
        member: &[bool],
        from: usize,
        cost: u64,
        label: u16,
        labels: &[u16],
        queue: &mut BinaryHeap<Reverse<(u64, usize, u16)>>,
    ) {
        for cell in self.mesh.neighbours(from) {
            if member[cell] && labels[cell] == NONE && self.side[cell] == self.side[from] {
                let rough = f64::midpoint(self.rough[from], self.rough[cell]);
                let step = (rough * self.mesh.step() * 1000.0) as u64;
                queue.push(Reverse((cost + step, cell, label)));
            }
        }
    }

    fn sums(&self, labels: &[u16], n: usize) -> Vec<Sum> {
        let mut sums = vec![Sum::default(); n];
        for &cell in self.cells {
            if let Some(sum) = sums.get_mut(usize::from(labels[cell])) {
                let (weight, centre) = (self.weight[cell], self.mesh.centres[cell]);
                sum.weight += weight;
                sum.cells += 1.0;
                sum.x += centre.x;
                sum.y += centre.y;
                sum.weighted_x += centre.x * weight;
                sum.weighted_y += centre.y * weight;
            }
        }
        sums
    }

    /// Moves each seed to the cell of its area that is nearest the middle of its people and ground.
    fn recentre(&self, labels: &[u16], sums: &[Sum], seeds: &mut [usize]) {
        let middles: Vec<_> = sums
            .iter()
            .map(|sum| {
                let people = at(sum.weighted_x / sum.weight, sum.weighted_y / sum.weight);
                people.towards(at(sum.x / sum.cells, sum.y / sum.cells), 0.5)
            })
            .collect();
        let mut nearest = vec![f64::INFINITY; seeds.len()];
        for &cell in self.cells {
            let label = usize::from(labels[cell]);
            if let Some(middle) = middles.get(label) {
                let apart = self.mesh.centres[cell].distance(*middle);
                if apart < nearest[label] {
                    nearest[label] = apart;
                    seeds[label] = cell;
                }
            }
        }
    }
}

#[derive(Clone, Default)]
struct Sum {
    weight: f64,
    cells: f64,
    x: f64,
    y: f64,
    weighted_x: f64,
    weighted_y: f64,
}

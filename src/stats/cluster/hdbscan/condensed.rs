//! The tree of clusters, which of them are chosen, and which points they hold.

use super::merges::{Merge, Merges};
use super::{ClusterSelection, HdbscanSettings};

/// What is left of the merges where groups below the least size fall out point by point.
pub(super) struct Condensed {
    /// `[n_points]`: the cluster each point falls out of, and at which density.
    points: Vec<(u32, f64)>,
    /// Parent, density at birth and size of each cluster; the first is all points.
    clusters: Vec<(u32, f64, u32)>,
}

impl Condensed {
    pub(super) fn new(merges: &Merges, least: usize) -> Self {
        let n = merges.n_points;
        let mut points = vec![(0, 0.0); n];
        let mut clusters = vec![(0, 0.0, n as u32)];
        // Groups still to be taken apart, with the cluster they are.
        let last = (n + merges.list.len()).saturating_sub(1) as u32;
        let mut waiting: Vec<(&Merge, u32)> =
            merges.of(last).map(|all| (all, 0)).into_iter().collect();
        let mut next = 0;
        let mut falling = Vec::new();
        while next < waiting.len() {
            let (merge, cluster) = waiting[next];
            next += 1;
            let is_large = |part: &u32| merges.size(*part) as usize >= least;
            let n_large = merges.parts(merge).iter().filter(|part| is_large(part)).count();
            for part in merges.parts(merge) {
                if let Some(inner) = merges.of(*part).filter(|_| is_large(part)) {
                    let mut same = cluster;
                    if n_large > 1 {
                        clusters.push((cluster, merge.density, inner.size));
                        same = clusters.len() as u32 - 1;
                    }
                    waiting.push((inner, same));
                    continue;
                }
                falling.push(*part);
                while let Some(group) = falling.pop() {
                    match merges.of(group) {
                        None => points[group as usize] = (cluster, merge.density),
                        Some(inner) => falling.extend(merges.parts(inner)),
                    }
                }
            }
        }
        Self { points, clusters }
    }

    /// Whether each cluster is chosen.
    pub(super) fn chosen(&self, settings: &HdbscanSettings) -> Vec<bool> {
        let mut chosen = match settings.selection {
            ClusterSelection::ExcessOfMass => self.longest_lasting(settings),
            ClusterSelection::Leaf => self.leaves(settings.may_be_one),
        };
        // Distances here are those of the points times alpha.
        let apart = settings.apart.get() * settings.alpha;
        if apart > 0.0 && !chosen[0] {
            chosen = self.taken_together(&chosen, apart, settings.may_be_one);
        }
        // Within a chosen cluster none is chosen.
        let mut inside = vec![false; chosen.len()];
        for cluster in 1..chosen.len() {
            let parent = self.parent(cluster);
            inside[cluster] = inside[parent] || chosen[parent];
            chosen[cluster] &= !inside[cluster];
        }
        chosen
    }

    fn parent(&self, cluster: usize) -> usize {
        self.clusters[cluster].0 as usize
    }

    /// Those that last longer than those they split into.
    fn longest_lasting(&self, settings: &HdbscanSettings) -> Vec<bool> {
        let n = self.clusters.len();
        // Densities may be without bound; what is born and gone there lasted for nothing.
        let lasted = |until: f64, cluster: u32| {
            let born = self.clusters[cluster as usize].1;
            if born.is_infinite() { 0.0 } else { until - born }
        };
        let mut mass = vec![0.0; n];
        for &(cluster, density) in &self.points {
            mass[cluster as usize] += lasted(density, cluster);
        }
        for &(parent, born, size) in &self.clusters[1..] {
            mass[parent as usize] += lasted(born, parent) * f64::from(size);
        }
        let mut chosen = vec![true; n];
        let mut of_children = vec![0.0; n];
        let mut has_children = vec![false; n];
        // Children come after their parents.
        for cluster in (0..n).rev() {
            // Sums in other orders are rounded differently: equal to the last digits is equal.
            let outlasted =
                has_children[cluster] && of_children[cluster] > mass[cluster] * (1.0 + 1e-10);
            let too_large =
                settings.most.is_some_and(|most| self.clusters[cluster].2 as usize > most);
            if outlasted || too_large {
                chosen[cluster] = false;
                mass[cluster] = of_children[cluster];
            }
            if cluster > 0 {
                of_children[self.parent(cluster)] += mass[cluster];
                has_children[self.parent(cluster)] = true;
            }
        }
        chosen[0] &= settings.may_be_one;
        chosen
    }

    /// Those that split no further; all points together where nothing splits and they may be one.
    fn leaves(&self, may_be_one: bool) -> Vec<bool> {
        let mut leaf = vec![true; self.clusters.len()];
        leaf[0] = may_be_one;
        self.clusters[1..].iter().for_each(|&(parent, ..)| leaf[parent as usize] = false);
        leaf
    }

    /// Chosen clusters, each that was born at less than the distance `apart` replaced by the first
    /// above it that was born beyond it: by the last but all points together where there is none.
    fn taken_together(&self, chosen: &[bool], apart: f64, may_be_one: bool) -> Vec<bool> {
        let born_at = |cluster: usize| 1.0 / self.clusters[cluster].1;
        let mut together = vec![false; chosen.len()];
        for cluster in (1..chosen.len()).filter(|&cluster| chosen[cluster]) {
            let mut taken = cluster;
            if born_at(cluster) < apart {
                loop {
                    let above = self.parent(taken);
                    if above == 0 && !may_be_one {
                        break;
                    }
                    taken = above;
                    if taken == 0 || born_at(taken) > apart {
                        break;
                    }
                }
            }
            together[taken] = true;
        }
        together
    }

    /// Density until which a point must stay to be a member of all points together.
    fn density_of_all(&self, settings: &HdbscanSettings) -> f64 {
        let apart = settings.apart.get() * settings.alpha;
        if apart > 0.0 {
            return 1.0 / apart;
        }
        let points = self.points.iter().filter(|(cluster, _)| *cluster == 0).map(|point| point.1);
        let clusters = self.clusters[1..].iter().filter(|c| c.0 == 0).map(|cluster| cluster.1);
        points.chain(clusters).fold(0.0, f64::max)
    }

    /// The chosen cluster of each point, and how far into it the point is.
    pub(super) fn label(
        &self,
        chosen: &[bool],
        settings: &HdbscanSettings,
    ) -> (Vec<Option<u32>>, Vec<f64>) {
        let mut within: Vec<Option<u32>> = vec![None; self.clusters.len()];
        within[0] = chosen[0].then_some(0);
        for cluster in 1..self.clusters.len() {
            let parent = self.parent(cluster);
            within[cluster] = if chosen[cluster] { Some(cluster as u32) } else { within[parent] };
        }
        let mut densest = vec![0.0_f64; self.clusters.len()];
        let of_all = if chosen[0] { self.density_of_all(settings) } else { 0.0 };
        let label = |(cluster, density): &(u32, f64)| {
            within[*cluster as usize].filter(|_| *density >= of_all)
        };
        let labels: Vec<Option<u32>> = self.points.iter().map(label).collect();
        for (label, (_, density)) in labels.iter().zip(&self.points) {
            if let Some(label) = label {
                densest[*label as usize] = densest[*label as usize].max(*density);
            }
        }
        let depth = |(label, (_, density)): (&Option<u32>, &(u32, f64))| match label {
            None => 0.0,
            Some(label) => {
                let most = densest[*label as usize];
                if density.is_infinite() || most <= 0.0 { 1.0 } else { density / most }
            }
        };
        let membership = labels.iter().zip(&self.points).map(depth).collect();
        (labels, membership)
    }
}

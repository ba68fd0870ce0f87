//! HDBSCAN: dense groups of any shape, each at the density that suits it.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::index::PointTree;

use super::spanning_tree::{Link, shortest_tree};
use super::{ClusterError, Joined, check};

/// Which clusters of the tree of clusters are chosen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterSelection {
    /// Those that last longest: excess of mass.
    #[default]
    ExcessOfMass,
    /// Those that split no further: many small ones.
    Leaf,
}

/// What HDBSCAN found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hdbscan {
    /// `[n_points]`: number of the cluster from 0, in the order of first points; `None` for a point
    /// in none.
    pub labels: Vec<Option<u32>>,
    /// Number of clusters.
    pub n_clusters: usize,
    /// `[n_points]`: how far into its cluster each point is, 0 to 1: 1 at the densest, 0 outside.
    pub membership: Vec<f64>,
}

/// Clusters that last longest as the density asked for rises, or those that split no further.
///
/// The distance of two points is the mutual reachability distance: as far as they are apart, and at
/// least as far as either has to go for its `near`-th nearest, itself counted. Clusters of fewer
/// than `least` points fall apart. All points together are never one cluster.
///
/// Points in one place are at distance zero, so their density has no bound: `least` of them at a
/// snap point are a cluster on their own, whatever stands around.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, finite; `least`: 2 or more; `near`: 1 or more.
/// - returns: `[n_points]` labels. Where several shortest trees exist, as with equal distances,
///   labels follow ours, which is the same at any number of threads; other programs may take
///   another.
///
/// # Errors
///
/// [`ClusterError`] if `least` or `near` are too small or a position is not finite.
///
/// # Source
///
/// Campello, Moulavi and Sander (2013), *PAKDD*, 160-172,
/// <https://doi.org/10.1007/978-3-642-37456-2_14>. `near` counts the point itself, as
/// `min_samples` of scikit-learn does; the hdbscan package does not, so ours is one more than its.
pub fn hdbscan(
    points: &[Bng],
    least: usize,
    near: usize,
    selection: ClusterSelection,
) -> Result<Hdbscan, ClusterError> {
    for (what, found, wanted) in [("least points", least, 2), ("near points", near, 1)] {
        if found < wanted {
            return Err(ClusterError::Least { what, found, wanted });
        }
    }
    check(points)?;
    let n = points.len();
    if n < least.max(near) {
        return Ok(Hdbscan { labels: vec![None; n], n_clusters: 0, membership: vec![0.0; n] });
    }
    let tree = PointTree::new(points);
    let core2: Vec<f64> = (0..n)
        .into_par_iter()
        .map_init(
            || (Vec::new(), Vec::new()),
            |(found, path), i| {
                tree.nearest2(i, near, found, path);
                found[near - 1]
            },
        )
        .collect();
    let merges = merges(&shortest_tree(&tree, &core2), n);
    let condensed = Condensed::new(&merges, n, least);
    let chosen = match selection {
        ClusterSelection::ExcessOfMass => condensed.longest_lasting(),
        ClusterSelection::Leaf => condensed.leaves(),
    };
    let (labels, membership) = condensed.label(&chosen);

    // From the order of the tree to that of the points, numbered by first points.
    let mut given = vec![None; n];
    let mut depth = vec![0.0; n];
    for (i, &number) in tree.numbers.iter().enumerate() {
        given[number as usize] = labels[i];
        depth[number as usize] = membership[i];
    }
    let mut numbers = std::collections::HashMap::new();
    for label in given.iter_mut().flatten() {
        let next = numbers.len() as u32;
        *label = *numbers.entry(*label).or_insert(next);
    }
    Ok(Hdbscan { labels: given, n_clusters: numbers.len(), membership: depth })
}

/// Two groups that become one: points are groups 0 to n - 1, the i-th merge makes group n + i.
struct Merge {
    groups: [u32; 2],
    /// Density at which they part: one over the distance.
    density: f64,
    size: u32,
}

fn merges(links: &[Link], n: usize) -> Vec<Merge> {
    let mut joined = Joined::new(n);
    // The group that each set of points is, by the set's root.
    let mut group: Vec<u32> = (0..n as u32).collect();
    let mut size = vec![1_u32; n];
    let mut merges = Vec::with_capacity(links.len());
    for (i, link) in links.iter().enumerate() {
        let [a, b] = link.ends.map(|end| joined.root(end));
        let together = size[a as usize] + size[b as usize];
        merges.push(Merge {
            groups: [group[a as usize], group[b as usize]],
            density: 1.0 / link.weight.sqrt(),
            size: together,
        });
        joined.join(a, b);
        let root = joined.root(a) as usize;
        group[root] = (n + i) as u32;
        size[root] = together;
    }
    merges
}

/// What is left of the merges where groups below the least size fall out point by point.
struct Condensed {
    /// `[n_points]`: the cluster each point falls out of, and at which density.
    points: Vec<(u32, f64)>,
    /// Parent, density at birth and size of each cluster; the first is all points.
    clusters: Vec<(u32, f64, u32)>,
}

impl Condensed {
    fn new(merges: &[Merge], n: usize, least: usize) -> Self {
        let mut points = vec![(0, 0.0); n];
        let mut clusters = vec![(0, 0.0, n as u32)];
        let size = |group: u32| {
            if (group as usize) < n { 1 } else { merges[group as usize - n].size }
        };
        // Groups still to be taken apart, with the cluster they are.
        let mut waiting = vec![((n + merges.len() - 1) as u32, 0_u32)];
        if merges.is_empty() {
            waiting.clear();
        }
        let mut next = 0;
        let mut falling = Vec::new();
        while next < waiting.len() {
            let (group, cluster) = waiting[next];
            next += 1;
            let merge = &merges[group as usize - n];
            let large = merge.groups.map(|half| size(half) as usize >= least);
            for (half, is_large) in merge.groups.into_iter().zip(large) {
                if large == [true, true] {
                    clusters.push((cluster, merge.density, size(half)));
                    waiting.push((half, clusters.len() as u32 - 1));
                } else if is_large {
                    waiting.push((half, cluster));
                } else {
                    falling.push(half);
                    while let Some(group) = falling.pop() {
                        match (group as usize).checked_sub(n) {
                            None => points[group as usize] = (cluster, merge.density),
                            Some(inner) => falling.extend(merges[inner].groups),
                        }
                    }
                }
            }
        }
        Self { points, clusters }
    }

    /// Whether each cluster is chosen: it lasts longer than those it splits into.
    fn longest_lasting(&self) -> Vec<bool> {
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
        for cluster in (1..n).rev() {
            if has_children[cluster] && of_children[cluster] > mass[cluster] {
                chosen[cluster] = false;
                mass[cluster] = of_children[cluster];
            }
            let parent = self.clusters[cluster].0 as usize;
            of_children[parent] += mass[cluster];
            has_children[parent] = true;
        }
        chosen[0] = false;
        // Within a chosen cluster none is chosen.
        let mut inside = vec![false; n];
        for cluster in 1..n {
            let parent = self.clusters[cluster].0 as usize;
            inside[cluster] = inside[parent] || chosen[parent];
            chosen[cluster] &= !inside[cluster];
        }
        chosen
    }

    /// Whether each cluster is chosen: it splits no further. All points together are none.
    fn leaves(&self) -> Vec<bool> {
        let mut leaf = vec![true; self.clusters.len()];
        leaf[0] = false;
        self.clusters[1..].iter().for_each(|&(parent, ..)| leaf[parent as usize] = false);
        leaf
    }

    /// The chosen cluster of each point, and how far into it the point is.
    fn label(&self, chosen: &[bool]) -> (Vec<Option<u32>>, Vec<f64>) {
        let mut within: Vec<Option<u32>> = vec![None; self.clusters.len()];
        for cluster in 1..self.clusters.len() {
            let parent = self.clusters[cluster].0 as usize;
            within[cluster] = if chosen[cluster] { Some(cluster as u32) } else { within[parent] };
        }
        let mut densest = vec![0.0_f64; self.clusters.len()];
        let labels: Vec<Option<u32>> =
            self.points.iter().map(|(cluster, _)| within[*cluster as usize]).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    const EOM: ClusterSelection = ClusterSelection::ExcessOfMass;

    /// Rings of points about these centres, and a few far from all.
    fn towns(centres: &[(f64, f64)], each: u32) -> Vec<Bng> {
        let mut points = Vec::new();
        for i in 0..each {
            for (x, y) in centres {
                let (angle, radius) = (f64::from(i) * 2.4, 8.0 * f64::from(i).sqrt());
                points.push(Bng::new(x + radius * angle.cos(), y + radius * angle.sin()));
            }
        }
        points.push(Bng::new(5_000.0, 5_000.0));
        points
    }

    #[test]
    fn two_towns_are_two_clusters_and_a_stray_is_none() {
        let points = towns(&[(0.0, 0.0), (1_000.0, 0.0)], 40);

        let found = hdbscan(&points, 10, 5, EOM).unwrap();

        assert_eq!(found.n_clusters, 2);
        assert_eq!((found.labels[0], found.labels[1], found.labels[80]), (Some(0), Some(1), None));
        assert!(found.membership[80] <= 0.0);
        let most = found.membership.iter().copied().fold(0.0, f64::max);
        assert!((most - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_order_of_points_does_not_matter() {
        let points = towns(&[(0.0, 0.0), (900.0, 100.0), (400.0, 700.0)], 30);
        let turned: Vec<Bng> = points.iter().rev().copied().collect();

        let (a, b) = (hdbscan(&points, 8, 4, EOM).unwrap(), hdbscan(&turned, 8, 4, EOM).unwrap());

        let n = points.len();
        for i in 0..n {
            for j in 0..n {
                let same = |labels: &[Option<u32>], i: usize, j: usize| labels[i] == labels[j];
                assert_eq!(same(&a.labels, i, j), same(&b.labels, n - 1 - i, n - 1 - j));
            }
        }
    }

    #[test]
    fn enough_incidents_at_snap_points_are_clusters() {
        let mut points = vec![Bng::new(0.0, 0.0); 12];
        points.extend([Bng::new(50.0, 0.0); 15]);
        points.extend((0..6).map(|i| Bng::new(f64::from(i) * 31.0, 400.0)));

        let found = hdbscan(&points, 10, 5, EOM).unwrap();

        assert_eq!(found.n_clusters, 2);
        assert_eq!((found.labels[3], found.labels[20], found.labels[30]), (Some(0), Some(1), None));
        assert!(found.membership.iter().all(|m| m.is_finite()));
    }

    /// A town of two quarters and a town of one: the former lasts longer whole.
    #[test]
    fn leaves_are_the_quarters_of_a_town() {
        let points = towns(&[(0.0, 0.0), (130.0, 0.0), (9_000.0, 0.0)], 40);

        let whole = hdbscan(&points, 10, 5, EOM).unwrap();
        let leaves = hdbscan(&points, 10, 5, ClusterSelection::Leaf).unwrap();

        assert_eq!((whole.n_clusters, leaves.n_clusters), (2, 3));
        assert_ne!(leaves.labels[0], leaves.labels[1]);
        assert_eq!(whole.labels[0], whole.labels[1]);
    }

    #[test]
    fn one_thread_and_many_give_the_same() {
        let points = towns(&[(0.0, 0.0), (300.0, 100.0), (200.0, 300.0)], 300);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| hdbscan(&points, 12, 5, EOM)).unwrap()
        };

        assert_eq!(with(1), with(7));
    }

    #[test]
    fn awkward_inputs_are_answered_or_refused() {
        assert_eq!(hdbscan(&[], 5, 5, EOM).unwrap().n_clusters, 0);
        assert_eq!(hdbscan(&[Bng::new(1.0, 1.0)], 2, 1, EOM).unwrap().labels, [None]);
        // All in one place, or in a line: no density stands out.
        assert_eq!(hdbscan(&[Bng::new(1.0, 1.0); 50], 5, 5, EOM).unwrap().n_clusters, 0);
        let line: Vec<Bng> = (0..50).map(|i| Bng::new(f64::from(i), 0.0)).collect();
        assert!(hdbscan(&line, 5, 5, EOM).unwrap().labels.len() == 50);

        assert!(matches!(hdbscan(&line, 1, 5, EOM), Err(ClusterError::Least { .. })));
        assert!(matches!(hdbscan(&line, 5, 0, EOM), Err(ClusterError::Least { .. })));
        let lost = [Bng::new(f64::INFINITY, 0.0)];
        assert!(matches!(hdbscan(&lost, 5, 5, EOM), Err(ClusterError::NotFinite(0))));
    }
}

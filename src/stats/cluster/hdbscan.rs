//! HDBSCAN: dense groups of any shape, each at the density that suits it.

use std::ops::Range;

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
/// The distance of two points is the mutual reachability distance: as far as they are apart, over
/// `alpha`, and at least as far as either has to go for its `near`-th nearest, itself counted.
/// Clusters of fewer than `least` points fall apart. All points together are never one cluster.
///
/// Points in one place are at distance zero, so their density has no bound: `least` of them at a
/// snap point are a cluster on their own, whatever stands around.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, finite; `least`: 2 or more; `near`: 1 or more; `alpha`: above zero, 1
///   for the distance as it is.
/// - returns: `[n_points]` labels, the same whatever the order of points and the number of threads.
///
/// # Equal distances
///
/// Groups that part at the same distance part at once, as the paper's algorithm has it. Programs
/// that split in two at every step (scikit-learn, the hdbscan package) part them one after another,
/// in the order that sorting happened to leave them in, which for scikit-learn depends on the order
/// of rows and on the processor: where coordinates are coarse their labels differ from ours as they
/// do from their own for the same points in another order. A point as near to two groups as they
/// are to each other is in neither here, and in one of them there.
///
/// # Errors
///
/// [`ClusterError`] if `least`, `near` or `alpha` are too small or a position is not finite.
///
/// # Source
///
/// Campello, Moulavi and Sander (2013), *PAKDD*, 160-172,
/// <https://doi.org/10.1007/978-3-642-37456-2_14>, algorithm 1; `alpha` after Chaudhuri and Dasgupta
/// (2010), *NIPS* 23, 343-351, as scikit-learn takes it. `near` counts the point itself, as
/// `min_samples` of scikit-learn does; the hdbscan package does not, so ours is one more than its.
pub fn hdbscan(
    points: &[Bng],
    least: usize,
    near: usize,
    alpha: f64,
    selection: ClusterSelection,
) -> Result<Hdbscan, ClusterError> {
    for (what, found, wanted) in [("least points", least, 2), ("near points", near, 1)] {
        if found < wanted {
            return Err(ClusterError::Least { what, found, wanted });
        }
    }
    if !(alpha.is_finite() && alpha > 0.0) {
        return Err(ClusterError::Alpha(alpha));
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
                // Distances as they are against these times alpha: all densities are alpha times
                // too small, and what lasts longest is the same.
                found[near - 1] * alpha * alpha
            },
        )
        .collect();
    let merges = Merges::new(&shortest_tree(&tree, &core2), n);
    let condensed = Condensed::new(&merges, least);
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

/// Groups that become one: points are groups 0 to n - 1, the i-th merge makes group n + i.
struct Merge {
    /// Where its groups are in [`Merges::groups`].
    groups: Range<usize>,
    /// Density at which they part: one over the distance.
    density: f64,
    size: u32,
}

/// All merges, those at the largest density first.
struct Merges {
    n_points: usize,
    list: Vec<Merge>,
    groups: Vec<u32>,
}

impl Merges {
    /// Groups joined by links of one length become one group at once.
    fn new(links: &[Link], n: usize) -> Self {
        let mut joined = Joined::new(n);
        // The group that each set of points is, and its size, by the set's root.
        let mut group: Vec<u32> = (0..n as u32).collect();
        let mut size = vec![1_u32; n];
        let mut merges =
            Self { n_points: n, list: Vec::with_capacity(n), groups: Vec::with_capacity(2 * n) };
        // Roots before the links of this length, and after.
        let mut roots: Vec<(u32, u32)> = Vec::new();
        #[expect(clippy::float_cmp, reason = "lengths that are exactly equal part at once")]
        for links in links.chunk_by(|a, b| a.weight == b.weight) {
            roots.clear();
            roots.extend(links.iter().flat_map(|link| link.ends).map(|end| (0, joined.root(end))));
            for link in links {
                joined.join(link.ends[0], link.ends[1]);
            }
            for (after, before) in &mut roots {
                *after = joined.root(*before);
            }
            roots.sort_unstable();
            roots.dedup();
            for parts in roots.chunk_by(|a, b| a.0 == b.0) {
                let first = merges.groups.len();
                merges.groups.extend(parts.iter().map(|&(_, part)| group[part as usize]));
                let together = parts.iter().map(|&(_, part)| size[part as usize]).sum();
                let root = parts[0].0 as usize;
                group[root] = (n + merges.list.len()) as u32;
                size[root] = together;
                merges.list.push(Merge {
                    groups: first..merges.groups.len(),
                    density: 1.0 / links[0].weight.sqrt(),
                    size: together,
                });
            }
        }
        merges
    }

    /// The merge that made a group; `None` of a point.
    fn of(&self, group: u32) -> Option<&Merge> {
        self.list.get((group as usize).checked_sub(self.n_points)?)
    }

    fn parts(&self, merge: &Merge) -> &[u32] {
        &self.groups[merge.groups.clone()]
    }

    fn size(&self, group: u32) -> u32 {
        self.of(group).map_or(1, |merge| merge.size)
    }
}

/// What is left of the merges where groups below the least size fall out point by point.
struct Condensed {
    /// `[n_points]`: the cluster each point falls out of, and at which density.
    points: Vec<(u32, f64)>,
    /// Parent, density at birth and size of each cluster; the first is all points.
    clusters: Vec<(u32, f64, u32)>,
}

impl Condensed {
    fn new(merges: &Merges, least: usize) -> Self {
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
            // Sums in other orders are rounded differently: equal to the last digits is equal.
            if has_children[cluster] && of_children[cluster] > mass[cluster] * (1.0 + 1e-10) {
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
    use proptest::prelude::*;

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

        let found = hdbscan(&points, 10, 5, 1.0, EOM).unwrap();

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

        let (a, b) =
            (hdbscan(&points, 8, 4, 1.0, EOM).unwrap(), hdbscan(&turned, 8, 4, 1.0, EOM).unwrap());

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

        let found = hdbscan(&points, 10, 5, 1.0, EOM).unwrap();

        assert_eq!(found.n_clusters, 2);
        assert_eq!((found.labels[3], found.labels[20], found.labels[30]), (Some(0), Some(1), None));
        assert!(found.membership.iter().all(|m| m.is_finite()));
    }

    /// A town of two quarters and a town of one: the former lasts longer whole.
    #[test]
    fn leaves_are_the_quarters_of_a_town() {
        let points = towns(&[(0.0, 0.0), (130.0, 0.0), (9_000.0, 0.0)], 40);

        let whole = hdbscan(&points, 10, 5, 1.0, EOM).unwrap();
        let leaves = hdbscan(&points, 10, 5, 1.0, ClusterSelection::Leaf).unwrap();

        assert_eq!((whole.n_clusters, leaves.n_clusters), (2, 3));
        assert_ne!(leaves.labels[0], leaves.labels[1]);
        assert_eq!(whole.labels[0], whole.labels[1]);
    }

    /// Three groups of five, 10 m apart from next to next, each 1 m wide: at 10 m they part at once,
    /// and none is inside another.
    #[test]
    fn groups_equally_far_apart_part_at_once() {
        let points: Vec<Bng> =
            (0..15).map(|i| Bng::new(f64::from(i / 5) * 14.0 + f64::from(i % 5), 0.0)).collect();

        let found = hdbscan(&points, 5, 2, 1.0, EOM).unwrap();

        let labels: Vec<u32> = found.labels.into_iter().flatten().collect();
        assert_eq!(labels, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    }

    proptest! {
        /// On a lattice nearly every distance is one of many that are equal.
        #[test]
        fn the_order_of_points_does_not_matter_where_distances_are_equal(
            places in prop::collection::vec((0_u8..12, 0_u8..12), 10..80),
            least in 2_usize..8,
            near in 1_usize..6,
            turn in 1_usize..79,
        ) {
            let points: Vec<Bng> =
                places.iter().map(|&(x, y)| Bng::new(f64::from(x), f64::from(y))).collect();
            let n = points.len();
            let moved = |i: usize| (i + turn) % n;
            let mut turned = points.clone();
            (0..n).for_each(|i| turned[moved(i)] = points[i]);

            for selection in [EOM, ClusterSelection::Leaf] {
                let a = hdbscan(&points, least, near, 1.0, selection).unwrap();
                let b = hdbscan(&turned, least, near, 1.0, selection).unwrap();

                prop_assert_eq!(a.n_clusters, b.n_clusters);
                for i in 0..n {
                    for j in 0..i {
                        prop_assert_eq!(
                            a.labels[i] == a.labels[j],
                            b.labels[moved(i)] == b.labels[moved(j)]
                        );
                    }
                }
            }
        }
    }

    /// The smaller alpha is, the more distance counts against what a point needs: as all distances
    /// over alpha, with what each needs left as it is.
    #[test]
    fn alpha_stretches_distances_alone() {
        let points = [
            (0.8, -0.8),
            (3.8, 0.6),
            (-3.2, 2.2),
            (7.8, 5.7),
            (-4.2, -7.6),
            (-3.7, 0.2),
            (-14.0, -1.3),
            (-7.5, -4.4),
            (-3.3, -1.9),
            (28.7, 14.4),
            (23.8, 17.3),
            (19.0, 8.2),
            (33.1, 5.8),
            (18.3, -3.3),
            (20.9, 7.0),
            (15.9, 3.1),
            (23.6, 9.9),
            (26.9, 8.2),
            (7.4, 29.5),
            (13.1, 36.0),
            (5.0, 36.1),
            (15.4, 33.1),
            (11.1, 28.7),
            (15.8, 37.8),
            (17.2, 35.3),
        ]
        .map(|(x, y)| Bng::new(x, y));
        // scikit-learn 1.9.1: `HDBSCAN(min_cluster_size=5, min_samples=4, alpha=alpha)`; the tenth,
        // as near to one group as to another where they part, is in neither here and in one there.
        for (alpha, wanted) in [
            (0.5, "000000000111111111 2222222"),
            (1.0, "000000000000000000 1111111"),
            (2.0, "000000-000-0--0000 1111111"),
        ] {
            let found = hdbscan(&points, 5, 4, alpha, EOM).unwrap();

            let label = |label: &Option<u32>| label.map_or("-".to_owned(), |l| l.to_string());
            let labels: String = found.labels.iter().map(label).collect();
            assert_eq!(labels, wanted.replace(' ', ""), "{alpha}");
        }
    }

    #[test]
    fn one_thread_and_many_give_the_same() {
        let points = towns(&[(0.0, 0.0), (300.0, 100.0), (200.0, 300.0)], 300);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| hdbscan(&points, 12, 5, 1.0, EOM)).unwrap()
        };

        assert_eq!(with(1), with(7));
    }

    #[test]
    fn awkward_inputs_are_answered_or_refused() {
        assert_eq!(hdbscan(&[], 5, 5, 1.0, EOM).unwrap().n_clusters, 0);
        assert_eq!(hdbscan(&[Bng::new(1.0, 1.0)], 2, 1, 1.0, EOM).unwrap().labels, [None]);
        // All in one place, or in a line: no density stands out.
        assert_eq!(hdbscan(&[Bng::new(1.0, 1.0); 50], 5, 5, 1.0, EOM).unwrap().n_clusters, 0);
        let line: Vec<Bng> = (0..50).map(|i| Bng::new(f64::from(i), 0.0)).collect();
        assert!(hdbscan(&line, 5, 5, 1.0, EOM).unwrap().labels.len() == 50);

        assert!(matches!(hdbscan(&line, 1, 5, 1.0, EOM), Err(ClusterError::Least { .. })));
        assert!(matches!(hdbscan(&line, 5, 0, 1.0, EOM), Err(ClusterError::Least { .. })));
        assert!(matches!(hdbscan(&line, 5, 5, 0.0, EOM), Err(ClusterError::Alpha(_))));
        let lost = [Bng::new(f64::INFINITY, 0.0)];
        assert!(matches!(hdbscan(&lost, 5, 5, 1.0, EOM), Err(ClusterError::NotFinite(0))));
    }
}

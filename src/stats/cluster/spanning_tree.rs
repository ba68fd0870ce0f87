//! The shortest tree over all points, where two points are as far apart as either needs to have
//! enough others near it.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::index::PointTree;

use super::Joined;

/// A box whose points are in several parts.
const MIXED: u32 = u32::MAX;
/// No point found yet.
const NONE: u32 = u32::MAX;
/// Points looked at together by one thread.
const CHUNK: usize = 256;

/// Two points and the squared distance between them, in the order of the tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub(super) weight: f64,
    pub(super) ends: [u32; 2],
}

/// The links of a shortest tree under the mutual reachability distance, shortest first.
///
/// ```text
/// weight(p, q) = max(core(p), core(q), |p - q|²)
/// ```
///
/// By Borůvka's rounds: every part of the tree so far takes its shortest link to another part.
/// Of equally short links a part takes that of its first point, and that point the first it meets
/// in the tree of boxes, so the result is the same at any number of threads; searches that stop
/// early at what another thread has found only ever leave out longer links.
///
/// # Source
///
/// March, Ram and Gray (2010), *KDD-10*, 603-612, <https://doi.org/10.1145/1835804.1835882>;
/// `McInnes` and Healy (2017), *ICDM Workshops*, 33-42, <https://doi.org/10.1109/ICDMW.2017.12>.
pub(super) fn shortest_tree(tree: &PointTree, core2: &[f64]) -> Vec<Link> {
    let n = tree.places.len();
    let mut parts = Joined::new(n);
    let mut part: Vec<u32> = (0..n as u32).collect();
    let mut links = Vec::with_capacity(n.saturating_sub(1));
    let mut nearest = vec![Nearest { weight: 0.0, other: NONE }; n];
    let mut search = Search::new(tree, core2);
    while links.len() + 1 < n {
        search.look_at(&part);
        let shortest: Vec<AtomicU64> = Search::bounds(&part, &nearest);
        nearest.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, nearest)| {
            let mut path = Vec::new();
            for (i, nearest) in nearest.iter_mut().enumerate() {
                let from = chunk * CHUNK + i;
                search.improve(from, &part, &shortest[part[from] as usize], nearest, &mut path);
            }
        });
        let mut taken = vec![NONE; n];
        for (from, nearest) in nearest.iter().enumerate() {
            let own = part[from] as usize;
            let foreign = nearest.other != NONE && part[nearest.other as usize] != part[from];
            if taken[own] == NONE && foreign && nearest.weight <= load(&shortest[own]) {
                taken[own] = from as u32;
            }
        }
        for from in taken.into_iter().filter(|&from| from != NONE) {
            let Nearest { weight, other } = nearest[from as usize];
            if parts.join(from, other) {
                links.push(Link { weight, ends: [from, other] });
            }
        }
        for (i, part) in part.iter_mut().enumerate() {
            *part = parts.root(i as u32);
        }
    }
    links.par_sort_unstable_by(|a, b| {
        a.weight.total_cmp(&b.weight).then_with(|| a.ends.cmp(&b.ends))
    });
    links
}

/// The nearest point of another part, or how far away it is at least where `other` is none or has
/// since come into the same part.
#[derive(Debug, Clone, Copy)]
struct Nearest {
    weight: f64,
    other: u32,
}

/// Weights are not below zero, so their bits are in their order.
fn load(weight: &AtomicU64) -> f64 {
    f64::from_bits(weight.load(Ordering::Relaxed))
}

struct Search<'a> {
    tree: &'a PointTree,
    core2: &'a [f64],
    /// `[n_nodes]`: smallest core distance in each box.
    least_core2: Vec<f64>,
    /// `[n_nodes]`: the part that all points of a box are in, or [`MIXED`].
    part_of_node: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(tree: &'a PointTree, core2: &'a [f64]) -> Self {
        let least = |node: &crate::index::Node| {
            core2[node.start as usize..node.end as usize]
                .iter()
                .copied()
                .fold(f64::INFINITY, f64::min)
        };
        let least_core2 = tree.nodes.par_iter().map(least).collect();
        Self { tree, core2, least_core2, part_of_node: vec![MIXED; tree.nodes.len()] }
    }

    /// Notes which boxes lie in one part.
    fn look_at(&mut self, part: &[u32]) {
        for node in (0..self.tree.nodes.len()).rev() {
            let this = &self.tree.nodes[node];
            self.part_of_node[node] = if this.half > 0 {
                let half = this.half as usize;
                let (a, b) = (self.part_of_node[half], self.part_of_node[half + 1]);
                if a == b { a } else { MIXED }
            } else {
                let points = &part[this.start as usize..this.end as usize];
                if points.iter().all(|p| *p == points[0]) { points[0] } else { MIXED }
            };
        }
    }

    /// The shortest link out of each part that is already known.
    fn bounds(part: &[u32], nearest: &[Nearest]) -> Vec<AtomicU64> {
        let mut shortest = vec![f64::INFINITY; part.len()];
        for (from, nearest) in nearest.iter().enumerate() {
            let own = part[from];
            if nearest.other != NONE && part[nearest.other as usize] != own {
                let known = &mut shortest[own as usize];
                *known = known.min(nearest.weight);
            }
        }
        shortest.into_iter().map(|weight| AtomicU64::new(weight.to_bits())).collect()
    }

    /// Looks for the nearest point in another part, unless it is sure to be beyond the shortest
    /// link out of this part.
    fn improve(
        &self,
        from: usize,
        part: &[u32],
        shortest: &AtomicU64,
        nearest: &mut Nearest,
        path: &mut Vec<(f64, u32)>,
    ) {
        let own = part[from];
        if nearest.other != NONE && part[nearest.other as usize] != own {
            return;
        }
        let (at, core2) = (self.tree.places[from], self.core2[from]);
        // A part only grows, so what is outside it only ever is farther away.
        let least = nearest.weight.max(core2);
        let mut bound = load(shortest);
        *nearest = Nearest { weight: least, other: NONE };
        if least > bound {
            return;
        }
        let mut best = Nearest { weight: f64::INFINITY, other: NONE };
        path.clear();
        path.push((0.0, 0));
        while let Some((away, node)) = path.pop() {
            bound = bound.min(load(shortest));
            if away > bound || away >= best.weight {
                continue;
            }
            let this = &self.tree.nodes[node as usize];
            if this.half > 0 {
                let reach = |half: u32| {
                    let half_index = half as usize;
                    let away = self.tree.nodes[half_index].distance2(at);
                    let away = away.max(core2).max(self.least_core2[half_index]);
                    (self.part_of_node[half_index] != own).then_some((away, half))
                };
                match (reach(this.half), reach(this.half + 1)) {
                    // The nearer half last, so that it is taken first.
                    (Some(a), Some(b)) if a.0 <= b.0 => path.extend([b, a]),
                    (a, b) => path.extend(a.into_iter().chain(b)),
                }
                continue;
            }
            for other in this.start..this.end {
                let i = other as usize;
                if part[i] == own {
                    continue;
                }
                let place = self.tree.places[i];
                let d2 = (place[0] - at[0]).powi(2) + (place[1] - at[1]).powi(2);
                let weight = d2.max(core2).max(self.core2[i]);
                if weight < best.weight {
                    best = Nearest { weight, other };
                    // Nothing is nearer than what this point itself needs.
                    if weight <= core2 {
                        break;
                    }
                }
            }
        }
        bound = bound.min(load(shortest));
        if best.weight <= bound {
            *nearest = best;
            shortest.fetch_min(best.weight.to_bits(), Ordering::Relaxed);
        } else {
            // What was left out lies beyond the bound.
            nearest.weight = least.max(bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crs::Bng;

    proptest! {
        /// The total length against Prim's algorithm over every pair.
        #[test]
        fn no_tree_is_shorter(
            points in prop::collection::vec((0_u8..40, 0_u8..40), 1..120),
            k in 1_usize..6,
        ) {
            let points: Vec<Bng> =
                points.iter().map(|&(x, y)| Bng::new(f64::from(x), f64::from(y))).collect();
            let tree = PointTree::new(&points);
            let n = points.len();
            let (mut found, mut path) = (Vec::new(), Vec::new());
            let core2: Vec<f64> = (0..n).map(|i| {
                tree.nearest2(i, k.min(n), &mut found, &mut path);
                found[k.min(n) - 1]
            }).collect();
            let weight = |i: usize, j: usize| {
                let (a, b) = (tree.places[i], tree.places[j]);
                ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).max(core2[i]).max(core2[j])
            };
            let (mut near, mut inside) = (vec![f64::INFINITY; n], vec![false; n]);
            let mut prim = Vec::new();
            near[0] = 0.0;
            for _ in 0..n {
                let next = (0..n).filter(|&i| !inside[i])
                    .min_by(|&a, &b| near[a].total_cmp(&near[b])).unwrap();
                inside[next] = true;
                prim.push(near[next]);
                for (i, near) in near.iter_mut().enumerate() {
                    *near = near.min(weight(next, i));
                }
            }
            prim.sort_by(f64::total_cmp);

            let links = shortest_tree(&tree, &core2);

            let ours: Vec<f64> = links.iter().map(|link| link.weight).collect();
            // All shortest trees have the same lengths; Prim's first point came at no cost.
            prop_assert_eq!(&ours, &prim[1..]);
            let mut joined = Joined::new(n);
            for link in &links {
                let [a, b] = link.ends.map(|end| end as usize);
                prop_assert!((link.weight - weight(a, b)).abs() < 1e-12);
                prop_assert!(joined.join(link.ends[0], link.ends[1]));
            }
        }
    }

    #[test]
    fn one_thread_and_many_give_the_same() {
        let points: Vec<Bng> = (0..4_000_u32)
            .map(|i| Bng::new(f64::from(i * 7919 % 97), f64::from(i * 104_729 % 89)))
            .collect();
        let tree = PointTree::new(&points);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| shortest_tree(&tree, &vec![1.0; points.len()]))
        };

        let one = with(1);
        for _ in 0..5 {
            assert_eq!(one, with(8));
        }
    }
}

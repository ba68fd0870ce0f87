//! How points become one group, step by step.

use std::ops::Range;

use super::super::Joined;
use super::super::spanning_tree::Link;

/// Groups that become one: points are groups 0 to n - 1, the i-th merge makes group n + i.
pub(super) struct Merge {
    /// Where its groups are in [`Merges::groups`].
    groups: Range<usize>,
    /// Density at which they part: one over the distance.
    pub(super) density: f64,
    pub(super) size: u32,
}

/// All merges, those at the largest density first.
pub(super) struct Merges {
    pub(super) n_points: usize,
    pub(super) list: Vec<Merge>,
    groups: Vec<u32>,
}

impl Merges {
    /// Groups joined by links of one length become one group at once.
    pub(super) fn new(links: &[Link], n: usize) -> Self {
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
    pub(super) fn of(&self, group: u32) -> Option<&Merge> {
        self.list.get((group as usize).checked_sub(self.n_points)?)
    }

    pub(super) fn parts(&self, merge: &Merge) -> &[u32] {
        &self.groups[merge.groups.clone()]
    }

    pub(super) fn size(&self, group: u32) -> u32 {
        self.of(group).map_or(1, |merge| merge.size)
    }
}

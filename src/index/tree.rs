//! Positions in a tree of boxes, for searches that leave out whole groups at once.

use crate::crs::Bng;

/// Positions in a box that is not divided further.
const LEAF: usize = 8;

/// One box, and the positions in it.
#[derive(Debug, Clone)]
pub struct Node {
    /// South-west corner, in m.
    pub min: [f64; 2],
    /// North-east corner, in m.
    pub max: [f64; 2],
    /// First of its positions.
    pub start: u32,
    /// One past its last position.
    pub end: u32,
    /// Its first half; the other follows it. Zero for a box that is not divided.
    pub half: u32,
}

impl Node {
    /// Squared distance from `at` to the box, in m².
    #[inline]
    pub fn distance2(&self, at: [f64; 2]) -> f64 {
        let along =
            |axis: usize| (self.min[axis] - at[axis]).max(at[axis] - self.max[axis]).max(0.0);
        along(0).powi(2) + along(1).powi(2)
    }
}

/// A k-d tree: every box holds one half of the positions of the box above it.
///
/// Positions are kept in the order of the tree, so that those of a box lie beside each other.
#[derive(Debug, Clone)]
pub struct PointTree {
    /// `[n_points]`: easting and northing in m.
    pub places: Vec<[f64; 2]>,
    /// `[n_points]`: which of the positions given each is.
    pub numbers: Vec<u32>,
    /// Boxes, each before its halves.
    pub nodes: Vec<Node>,
}

impl PointTree {
    /// A tree of finite positions, fewer than 2^31.
    pub fn new(points: &[Bng]) -> Self {
        let mut keyed: Vec<([f64; 2], u32)> = points
            .iter()
            .enumerate()
            .map(|(i, p)| ([p.easting(), p.northing()], i as u32))
            .collect();
        let mut nodes = Vec::with_capacity(2 * points.len() / LEAF + 1);
        if !keyed.is_empty() {
            let all = 0..keyed.len();
            nodes.push(boxed(&keyed, all));
            let mut next = 0;
            while next < nodes.len() {
                divide(&mut keyed, &mut nodes, next);
                next += 1;
            }
        }
        let (places, numbers) = keyed.into_iter().unzip();
        Self { places, numbers, nodes }
    }

    /// The `k` nearest positions to the one at `from` in the order of the tree, itself included, as
    /// squared distances, nearest first: what is needed for the distance to the k-th.
    pub fn nearest2(
        &self,
        from: usize,
        k: usize,
        found: &mut Vec<f64>,
        path: &mut Vec<(f64, u32)>,
    ) {
        found.clear();
        path.clear();
        let at = self.places[from];
        path.push((0.0, 0));
        while let Some((away, node)) = path.pop() {
            if found.len() == k && away >= found[k - 1] {
                continue;
            }
            let node = &self.nodes[node as usize];
            if node.half > 0 {
                let halves = [node.half, node.half + 1]
                    .map(|half| (self.nodes[half as usize].distance2(at), half));
                // The nearer half last, so that it is taken first.
                let [a, b] = halves;
                path.extend(if a.0 <= b.0 { [b, a] } else { [a, b] });
                continue;
            }
            for place in &self.places[node.start as usize..node.end as usize] {
                let d2 = (place[0] - at[0]).powi(2) + (place[1] - at[1]).powi(2);
                if found.len() == k {
                    if d2 >= found[k - 1] {
                        // Thousands may stand in one place: nothing is nearer than they.
                        if found[k - 1] <= 0.0 {
                            return;
                        }
                        continue;
                    }
                    found.pop();
                }
                let slot = found.partition_point(|held| *held <= d2);
                found.insert(slot, d2);
            }
        }
    }
}

fn boxed(keyed: &[([f64; 2], u32)], range: std::ops::Range<usize>) -> Node {
    let (mut min, mut max) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for (at, _) in &keyed[range.clone()] {
        for axis in 0..2 {
            min[axis] = min[axis].min(at[axis]);
            max[axis] = max[axis].max(at[axis]);
        }
    }
    Node { min, max, start: range.start as u32, end: range.end as u32, half: 0 }
}

/// Divides a box at the middle position along its longer side.
fn divide(keyed: &mut [([f64; 2], u32)], nodes: &mut Vec<Node>, node: usize) {
    let (start, end) = (nodes[node].start as usize, nodes[node].end as usize);
    let size = [0, 1].map(|axis| nodes[node].max[axis] - nodes[node].min[axis]);
    // Positions all in one place stay together.
    if end - start <= LEAF || (size[0] <= 0.0 && size[1] <= 0.0) {
        return;
    }
    let axis = usize::from(size[1] > size[0]);
    let middle = (end - start) / 2;
    keyed[start..end]
        .select_nth_unstable_by(middle, |a, b| a.0[axis].total_cmp(&b.0[axis]).then(a.1.cmp(&b.1)));
    let halves = [start..start + middle, start + middle..end].map(|half| boxed(keyed, half));
    nodes[node].half = nodes.len() as u32;
    nodes.extend(halves);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_nearest_are_those_of_a_full_search(
            points in prop::collection::vec((0_u8..50, 0_u8..50), 1..200),
            k in 1_usize..12,
        ) {
            let points: Vec<Bng> = points
                .iter()
                .map(|&(x, y)| Bng::new(4e5 + f64::from(x), 3e5 + f64::from(y)))
                .collect();
            let tree = PointTree::new(&points);
            let (mut found, mut path) = (Vec::new(), Vec::new());
            for from in 0..points.len() {
                let at = tree.places[from];
                let mut wanted: Vec<f64> = points
                    .iter()
                    .map(|p| (p.easting() - at[0]).powi(2) + (p.northing() - at[1]).powi(2))
                    .collect();
                wanted.sort_by(f64::total_cmp);
                wanted.truncate(k);

                tree.nearest2(from, k, &mut found, &mut path);

                prop_assert_eq!(&found, &wanted);
            }
        }
    }

    #[test]
    fn every_box_holds_its_positions() {
        let points: Vec<Bng> =
            (0..500).map(|i| Bng::new(f64::from(i * 37 % 101), f64::from(i * 53 % 97))).collect();

        let tree = PointTree::new(&points);

        for node in &tree.nodes {
            for place in &tree.places[node.start as usize..node.end as usize] {
                assert!(node.distance2(*place) <= 0.0);
            }
        }
        assert!(PointTree::new(&[]).nodes.is_empty());
        // Nine thousand positions in one place are one box.
        assert_eq!(PointTree::new(&vec![points[0]; 9_000]).nodes.len(), 1);
    }
}

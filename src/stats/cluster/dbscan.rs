//! DBSCAN: dense groups of any shape, and the points that belong to none.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::quantity::Metres;

use super::{ClusterError, Clustering, Joined, check};

/// A cell is this much smaller than would hold two points a radius apart in its corners: more than
/// rounding can move a point.
const ROUNDING: f64 = 1e-9;
/// Cells along an axis that their numbers keep exact.
const MOST_ALONG: f64 = 1e9;

/// Clusters of points that have at least `least` points, themselves included, within `radius`, and
/// of the points within `radius` of one of those.
///
/// Clusters are numbered by their first core point. A point that is no core point and is near
/// several clusters belongs to the lowest of them, so labels are those of scikit-learn.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, finite; `radius`: its circle is part of it.
/// - returns: `[n_points]` labels.
///
/// # Errors
///
/// [`ClusterError`] if the radius is not above zero, `least` is zero or a position is not finite.
///
/// # Source
///
/// Ester, Kriegel, Sander and Xu (1996), *KDD-96*, 226-231; by cells as Gunawan (2013), whose
/// corners are a radius apart, so that all points of a full cell are core points of one cluster.
pub fn dbscan(points: &[Bng], radius: Metres, least: usize) -> Result<Clustering, ClusterError> {
    let r = radius.get();
    if !(r.is_finite() && r > 0.0) {
        return Err(ClusterError::Radius(radius));
    }
    if least == 0 {
        return Err(ClusterError::Least { what: "least points", found: 0, wanted: 1 });
    }
    check(points)?;
    let cells = Cells::new(points, radius)?;
    let r2 = r * r;
    let core = cells.core(r2, least);
    let clusters = cells.join(&core, r2);

    // Number clusters by their first core point.
    let mut first = vec![u32::MAX; cells.all.len()];
    for (cell, range) in cells.all.iter().enumerate() {
        let root = &mut first[clusters[cell] as usize];
        for i in range.points().filter(|&i| core[i]) {
            *root = (*root).min(cells.numbers[i]);
        }
    }
    let mut order: Vec<u32> = (0..first.len() as u32)
        .filter(|&cell| first[cell as usize] != u32::MAX && clusters[cell as usize] == cell)
        .collect();
    order.sort_unstable_by_key(|&cell| first[cell as usize]);
    let mut number = vec![u32::MAX; first.len()];
    for (n, &cell) in order.iter().enumerate() {
        number[cell as usize] = n as u32;
    }

    let cluster_of = |cell: usize| number[clusters[cell] as usize];
    let label = |cell: usize, i: usize| -> Option<u32> {
        if core[i] {
            return Some(cluster_of(cell));
        }
        let at = cells.places[i];
        cells.near[cell]
            .iter()
            .map(|&other| other as usize)
            .filter(|&other| {
                cells.all[other].points().any(|j| core[j] && d2(at, cells.places[j]) <= r2)
            })
            .map(cluster_of)
            .min()
    };
    let by_cell: Vec<Vec<Option<u32>>> = (0..cells.all.len())
        .into_par_iter()
        .map(|cell| cells.all[cell].points().map(|i| label(cell, i)).collect())
        .collect();
    let mut labels = vec![None; points.len()];
    let mut is_core = vec![false; points.len()];
    for (i, label) in by_cell.into_iter().flatten().enumerate() {
        labels[cells.numbers[i] as usize] = label;
        is_core[cells.numbers[i] as usize] = core[i];
    }
    Ok(Clustering { labels, n_clusters: order.len(), core: is_core })
}

#[inline]
fn d2(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

/// Points of one cell, and the box round them.
struct Cell {
    start: u32,
    end: u32,
    min: [f64; 2],
    max: [f64; 2],
}

impl Cell {
    fn points(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Squared distance from `at` to the nearest and to the farthest place of the box.
    fn range2(&self, at: [f64; 2]) -> (f64, f64) {
        let along = |axis: usize| {
            let (past, short) = (at[axis] - self.max[axis], self.min[axis] - at[axis]);
            (past.max(short).max(0.0), past.abs().max(short.abs()))
        };
        let [(x, far_x), (y, far_y)] = [along(0), along(1)];
        (x * x + y * y, far_x * far_x + far_y * far_y)
    }
}

/// Points sorted into cells so small that all points of a cell are within the radius of each other.
struct Cells {
    all: Vec<Cell>,
    places: Vec<[f64; 2]>,
    numbers: Vec<u32>,
    /// Cells within reach of each, itself first.
    near: Vec<Vec<u32>>,
}

impl Cells {
    fn new(points: &[Bng], radius: Metres) -> Result<Self, ClusterError> {
        let side = radius.get() / std::f64::consts::SQRT_2 * (1.0 - ROUNDING);
        let least =
            |of: fn(Bng) -> f64| points.iter().map(|&p| of(p)).fold(f64::INFINITY, f64::min);
        let (west, south) = (least(Bng::easting), least(Bng::northing));
        let extent = points
            .iter()
            .map(|p| (p.easting() - west).max(p.northing() - south))
            .fold(0.0, f64::max);
        if extent / side > MOST_ALONG {
            return Err(ClusterError::Extent { radius, extent: Metres::new(extent) });
        }
        let mut keyed: Vec<(u32, u32, u32)> = points
            .par_iter()
            .enumerate()
            .map(|(i, p)| {
                let along = |at: f64, from: f64| ((at - from) / side) as u32;
                (along(p.northing(), south), along(p.easting(), west), i as u32)
            })
            .collect();
        keyed.par_sort_unstable();
        let numbers: Vec<u32> = keyed.iter().map(|key| key.2).collect();
        let places: Vec<[f64; 2]> = numbers
            .iter()
            .map(|&i| [points[i as usize].easting(), points[i as usize].northing()])
            .collect();
        let mut cells: Vec<Cell> = Vec::new();
        let mut keys: Vec<(u32, u32)> = Vec::new();
        for (i, (key, at)) in keyed.iter().zip(&places).enumerate() {
            if keys.last() != Some(&(key.0, key.1)) {
                keys.push((key.0, key.1));
                cells.push(Cell { start: i as u32, end: i as u32, min: *at, max: *at });
            }
            if let Some(cell) = cells.last_mut() {
                cell.end += 1;
                cell.min = [cell.min[0].min(at[0]), cell.min[1].min(at[1])];
                cell.max = [cell.max[0].max(at[0]), cell.max[1].max(at[1])];
            }
        }
        let near = (0..cells.len()).into_par_iter().map(|cell| near(cell, &keys)).collect();
        Ok(Self { all: cells, places, numbers, near })
    }

    /// `[n_points]` in the order of cells: whether each has enough near it.
    fn core(&self, r2: f64, least: usize) -> Vec<bool> {
        let enough = |cell: usize, i: usize| {
            let at = self.places[i];
            let mut count = 0;
            for &other in &self.near[cell] {
                let other = &self.all[other as usize];
                let (nearest, farthest) = other.range2(at);
                if farthest <= r2 {
                    count += other.points().len();
                } else if nearest <= r2 {
                    count +=
                        self.places[other.points()].iter().filter(|p| d2(at, **p) <= r2).count();
                }
                if count >= least {
                    return true;
                }
            }
            false
        };
        let of_cell = |cell: usize| -> Vec<bool> {
            let points = self.all[cell].points();
            let full = points.len() >= least;
            points.map(|i| full || enough(cell, i)).collect()
        };
        let by_cell: Vec<Vec<bool>> = (0..self.all.len()).into_par_iter().map(of_cell).collect();
        by_cell.into_iter().flatten().collect()
    }

    /// The cell that stands for the cluster of each cell's core points.
    fn join(&self, core: &[bool], r2: f64) -> Vec<u32> {
        let has_core: Vec<bool> =
            self.all.iter().map(|cell| core[cell.points()].contains(&true)).collect();
        let touch = |a: &Cell, b: &Cell| {
            let (a, b) = if a.points().len() > b.points().len() { (b, a) } else { (a, b) };
            a.points().filter(|&i| core[i]).any(|i| {
                let at = self.places[i];
                b.range2(at).0 <= r2 && b.points().any(|j| core[j] && d2(at, self.places[j]) <= r2)
            })
        };
        let links = |cell: usize| {
            let later = self.near[cell].iter().filter(move |&&other| other as usize > cell);
            later
                .filter(|&&other| has_core[cell] && has_core[other as usize])
                .filter(|&&other| touch(&self.all[cell], &self.all[other as usize]))
                .map(|&other| (cell as u32, other))
                .collect::<Vec<_>>()
        };
        let all: Vec<Vec<(u32, u32)>> = (0..self.all.len()).into_par_iter().map(links).collect();
        let mut joined = Joined::new(self.all.len());
        for (a, b) in all.into_iter().flatten() {
            joined.join(a, b);
        }
        (0..self.all.len() as u32).map(|cell| joined.root(cell)).collect()
    }
}

/// Cells two rows and two columns away at most, the cell itself first.
fn near(cell: usize, keys: &[(u32, u32)]) -> Vec<u32> {
    let (row, column) = keys[cell];
    let mut found = vec![cell as u32];
    for other_row in row.saturating_sub(2)..=row + 2 {
        let start = keys.partition_point(|key| *key < (other_row, column.saturating_sub(2)));
        let beside = keys[start..].iter().take_while(|key| **key <= (other_row, column + 2));
        let all = beside.enumerate().map(|(i, _)| (start + i) as u32);
        found.extend(all.filter(|&other| other as usize != cell));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, with every distance.
    fn by_definition(points: &[Bng], r: f64, least: usize) -> Clustering {
        let n = points.len();
        let near = |i: usize, j: usize| {
            let at = |p: Bng| [p.easting(), p.northing()];
            d2(at(points[i]), at(points[j])) <= r * r
        };
        let core: Vec<bool> =
            (0..n).map(|i| (0..n).filter(|&j| near(i, j)).count() >= least).collect();
        let mut labels: Vec<Option<u32>> = vec![None; n];
        let mut n_clusters = 0;
        for i in 0..n {
            if !core[i] || labels[i].is_some() {
                continue;
            }
            let mut waiting = vec![i];
            while let Some(j) = waiting.pop() {
                if labels[j].is_some() {
                    continue;
                }
                labels[j] = Some(n_clusters);
                if core[j] {
                    waiting.extend((0..n).filter(|&k| near(j, k) && labels[k].is_none()));
                }
            }
            n_clusters += 1;
        }
        Clustering { labels, n_clusters: n_clusters as usize, core }
    }

    proptest! {
        /// Lattice points, so that many distances are exactly the radius and many points repeat.
        #[test]
        fn labels_are_those_of_the_definition(
            points in prop::collection::vec((0_u8..60, 0_u8..60), 0..150),
            r in prop_oneof![1.0_f64..12.0, Just(5.0), Just(1.0)],
            least in 1_usize..8,
        ) {
            let points: Vec<Bng> = points
                .iter()
                .map(|&(x, y)| Bng::new(4e5 + f64::from(x), 3e5 + f64::from(y)))
                .collect();

            let found = dbscan(&points, Metres::new(r), least).unwrap();

            prop_assert_eq!(found, by_definition(&points, r, least));
        }
    }

    #[test]
    fn one_thread_and_many_give_the_same() {
        let points: Vec<Bng> = (0..3_000_u32)
            .map(|i| Bng::new(f64::from(i * 7919 % 2003), f64::from(i * 104_729 % 1999)))
            .collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| dbscan(&points, Metres::new(40.0), 6)).unwrap()
        };

        assert_eq!(with(1), with(7));
    }

    #[test]
    fn awkward_inputs_are_answered_or_refused() {
        let r = Metres::new(10.0);
        let none = dbscan(&[], r, 3).unwrap();
        assert_eq!((none.labels.len(), none.n_clusters), (0, 0));

        let same = dbscan(&[Bng::new(1.0, 2.0); 5], r, 5).unwrap();
        assert_eq!((same.n_clusters, same.labels[4]), (1, Some(0)));
        let alone = dbscan(&[Bng::new(1.0, 2.0)], r, 2).unwrap();
        assert_eq!((alone.n_clusters, alone.labels[0]), (0, None));

        assert!(matches!(dbscan(&[], Metres::new(0.0), 3), Err(ClusterError::Radius(_))));
        assert!(matches!(dbscan(&[], r, 0), Err(ClusterError::Least { .. })));
        let lost = [Bng::new(0.0, f64::NAN)];
        assert_eq!(dbscan(&lost, r, 3), Err(ClusterError::NotFinite(0)));
        let far = [Bng::new(0.0, 0.0), Bng::new(1e6, 0.0)];
        assert!(matches!(dbscan(&far, Metres::new(1e-6), 1), Err(ClusterError::Extent { .. })));
    }
}

//! Pairs of incidents that are near each other: what every test of nearness in space and time walks.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;

/// How distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// As the crow flies.
    #[default]
    Euclidean,
    /// East-west plus north-south, as along a street grid.
    Manhattan,
}

impl Metric {
    /// Distance between two positions, m.
    pub fn between(self, a: Bng, b: Bng) -> f64 {
        let (dx, dy) = (a.easting() - b.easting(), a.northing() - b.northing());
        match self {
            Self::Euclidean => (dx * dx + dy * dy).sqrt(),
            Self::Manhattan => dx.abs() + dy.abs(),
        }
    }
}

/// Calls `found` for every unordered pair within `reach` metres (its edge included), and gathers what
/// it gives: pairs in order of their first incident, then as the grid holds them, at any number of
/// threads.
pub(super) fn near_pairs<T: Send>(
    positions: &[Bng],
    reach: f64,
    metric: Metric,
    found: impl Fn(u32, u32, f64) -> Option<T> + Sync,
) -> Vec<T> {
    let Some(grid) = Grid::new(positions, reach) else { return Vec::new() };
    let chunks: Vec<Vec<T>> = (0..positions.len())
        .into_par_iter()
        .with_min_len(256)
        .map(|i| {
            let mut mine = Vec::new();
            grid.after(i, positions[i], |j| {
                let distance = metric.between(positions[i], positions[j as usize]);
                if distance <= reach {
                    mine.extend(found(i as u32, j, distance));
                }
            });
            mine
        })
        .collect();
    chunks.into_iter().flatten().collect()
}

/// Positions sorted into square cells as wide as the reach, so that a pair is in touching cells.
struct Grid {
    west: f64,
    south: f64,
    side: f64,
    columns: i64,
    rows: i64,
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Grid {
    fn new(positions: &[Bng], reach: f64) -> Option<Self> {
        if positions.is_empty() || !(reach >= 0.0) {
            return None;
        }
        let fold = |f: fn(f64, f64) -> f64, x: fn(Bng) -> f64| {
            positions.iter().map(|&p| x(p)).reduce(f).unwrap_or(0.0)
        };
        let (west, east) = (fold(f64::min, Bng::easting), fold(f64::max, Bng::easting));
        let (south, north) = (fold(f64::min, Bng::northing), fold(f64::max, Bng::northing));
        // No more cells than a few per incident, however short the reach.
        let finest = ((east - west).max(north - south) / 2_000.0)
            .max((east - west) * (north - south) / (4.0 * positions.len() as f64 + 16.0)
                / (east - west).max(north - south).max(1.0));
        let side = reach.max(finest).max(1e-3);
        let columns = ((east - west) / side).floor() as i64 + 1;
        let rows = ((north - south) / side).floor() as i64 + 1;
        let mut grid = Self {
            west,
            south,
            side,
            columns,
            rows,
            starts: vec![0; (columns * rows) as usize + 1],
            members: vec![0; positions.len()],
        };
        let cells: Vec<usize> = positions.iter().map(|&p| grid.cell(p)).collect();
        for &cell in &cells {
            grid.starts[cell + 1] += 1;
        }
        for cell in 1..grid.starts.len() {
            grid.starts[cell] += grid.starts[cell - 1];
        }
        let mut next = grid.starts.clone();
        for (i, &cell) in cells.iter().enumerate() {
            grid.members[next[cell] as usize] = i as u32;
            next[cell] += 1;
        }
        Some(grid)
    }

    fn column_and_row(&self, at: Bng) -> (i64, i64) {
        let column = ((at.easting() - self.west) / self.side).floor() as i64;
        let row = ((at.northing() - self.south) / self.side).floor() as i64;
        (column.min(self.columns - 1), row.min(self.rows - 1))
    }

    fn cell(&self, at: Bng) -> usize {
        let (column, row) = self.column_and_row(at);
        (row * self.columns + column) as usize
    }

    /// Members of the touching cells with a higher number than `i`.
    fn after(&self, i: usize, at: Bng, mut found: impl FnMut(u32)) {
        let (column, row) = self.column_and_row(at);
        for r in (row - 1).max(0)..=(row + 1).min(self.rows - 1) {
            let first = (r * self.columns + (column - 1).max(0)) as usize;
            let last = (r * self.columns + (column + 1).min(self.columns - 1)) as usize;
            let members = self.starts[first] as usize..self.starts[last + 1] as usize;
            self.members[members].iter().filter(|&&j| j as usize > i).for_each(|&j| found(j));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slowly(positions: &[Bng], reach: f64, metric: Metric) -> Vec<(u32, u32)> {
        let n = positions.len() as u32;
        (0..n)
            .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
            .filter(|&(i, j)| {
                metric.between(positions[i as usize], positions[j as usize]) <= reach
            })
            .collect()
    }

    proptest! {
        #[test]
        fn every_near_pair_is_found_once(
            points in prop::collection::vec((0_u16..400, 0_u16..90), 0..60),
            reach in 0_u16..120,
        ) {
            let positions: Vec<Bng> = points
                .into_iter()
                .map(|(x, y)| Bng::new(f64::from(x) * 0.5, 1e6 + f64::from(y) * 0.5))
                .collect();
            for metric in [Metric::Euclidean, Metric::Manhattan] {
                let reach = f64::from(reach) * 0.5;
                let mut found =
                    near_pairs(&positions, reach, metric, |i, j, _| Some((i, j)));
                found.sort_unstable();
                prop_assert_eq!(found, slowly(&positions, reach, metric));
            }
        }
    }

    #[test]
    fn no_incidents_have_no_pairs() {
        assert!(near_pairs(&[], 10.0, Metric::Euclidean, |i, j, _| Some((i, j))).is_empty());
    }
}

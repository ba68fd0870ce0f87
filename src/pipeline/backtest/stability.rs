//! Whether the top places stay the top places: later on, under a grid moved by half a cell, and under
//! cells of half and twice the side.

use std::collections::{HashMap, HashSet};

use crate::crs::Bng;
use crate::incident::CrimeTypes;
use crate::quantity::Metres;
use crate::stats::validation::{shared_land, shared_top};

/// Probes along each side of a cell, by which shared land is measured.
const PROBES: usize = 8;

/// Incidents before a cut, and those after it.
pub(super) type BeforeAfter = (Vec<Bng>, Vec<Bng>);

/// Stability of the places of one crime type, means over the cuts.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub types: CrimeTypes,
    pub cell: Metres,
    pub history: usize,
    /// Share of the top cells that are top cells of the months after, too.
    pub persistence: Option<f64>,
    /// Land shared with the top cells of a grid moved by half a cell.
    pub moved: Option<f64>,
    /// Land shared with the top cells of half the side.
    pub halved: Option<f64>,
    /// Land shared with the top cells of twice the side.
    pub doubled: Option<f64>,
}

/// The top cells of a plain grid, as many as cover some land.
struct Top {
    side: f64,
    /// South-west corner of cell (0, 0).
    corner: f64,
    cells: HashSet<(i64, i64)>,
}

impl Top {
    fn of(points: &[Bng], side: f64, corner: f64, land: f64) -> Self {
        let mut counts: HashMap<(i64, i64), u32> = HashMap::new();
        for point in points {
            *counts.entry(cell(*point, side, corner)).or_default() += 1;
        }
        let mut order: Vec<((i64, i64), u32)> = counts.into_iter().collect();
        order.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let most = (land / (side * side)).floor().max(1.0) as usize;
        let cells = order.into_iter().take(most).map(|(cell, _)| cell).collect();
        Self { side, corner, cells }
    }

    fn holds(&self, at: Bng) -> bool {
        self.cells.contains(&cell(at, self.side, self.corner))
    }

    fn land(&self) -> f64 {
        self.cells.len() as f64 * self.side * self.side
    }

    /// Land that lies in both, by probes.
    fn shared(&self, other: &Self) -> Option<f64> {
        let step = self.side / PROBES as f64;
        let mut held = 0_usize;
        for &(column, row) in &self.cells {
            for probe in 0..PROBES * PROBES {
                let (i, j) = ((probe % PROBES) as f64 + 0.5, (probe / PROBES) as f64 + 0.5);
                let at = Bng::new(
                    self.corner + column as f64 * self.side + i * step,
                    self.corner + row as f64 * self.side + j * step,
                );
                held += usize::from(other.holds(at));
            }
        }
        shared_land(held as f64 * step * step, self.land(), other.land())
    }

    fn sorted(&self) -> Vec<usize> {
        // Cells as numbers, so that lists of them can be compared.
        let key = |&(column, row): &(i64, i64)| ((row << 32) ^ (column & 0xFFFF_FFFF)) as usize;
        let mut keys: Vec<usize> = self.cells.iter().map(key).collect();
        keys.sort_unstable();
        keys
    }
}

fn cell(at: Bng, side: f64, corner: f64) -> (i64, i64) {
    let index = |x: f64| ((x - corner) / side).floor() as i64;
    (index(at.easting()), index(at.northing()))
}

/// `pairs`: for each cut the points before and after it; `land`: m² that the top cells cover.
pub(super) fn row(
    types: CrimeTypes,
    cell: Metres,
    history: usize,
    pairs: &[BeforeAfter],
    land: f64,
) -> Row {
    let side = cell.get();
    let mean = |of: &dyn Fn(&BeforeAfter) -> Option<f64>| {
        let values: Vec<f64> = pairs.iter().filter_map(of).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let against = |side_2: f64, corner: f64| {
        mean(&|(before, _)| {
            let top = Top::of(before, side, 0.0, land);
            top.shared(&Top::of(before, side_2, corner, land))
        })
    };
    Row {
        types,
        cell,
        history,
        persistence: mean(&|(before, after)| {
            let of = |points| Top::of(points, side, 0.0, land).sorted();
            shared_top(&of(before), &of(after))
        }),
        moved: against(side, side / 2.0),
        halved: against(side / 2.0, 0.0),
        doubled: against(side * 2.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Bng {
        Bng::new(x, y)
    }

    #[test]
    fn the_same_grid_shares_all_its_land_and_another_what_it_covers() {
        let points = [at(110.0, 110.0), at(120.0, 130.0), at(950.0, 950.0)];
        let top = Top::of(&points, 100.0, 0.0, 10_000.0);

        assert_eq!(top.shared(&Top::of(&points, 100.0, 0.0, 10_000.0)), Some(1.0));
        // A cell of half the side that holds both points lies within.
        let half = Top::of(&points, 50.0, 0.0, 2_500.0);
        assert!((top.shared(&half).unwrap() - 2.0 * 2_500.0 / 12_500.0).abs() < 1e-12);
    }

    #[test]
    fn places_that_stay_are_persistent() {
        let here = vec![at(10.0, 10.0); 5];
        let there = vec![at(910.0, 10.0); 5];

        let stays =
            row(CrimeTypes::All, Metres::new(100.0), 3, &[(here.clone(), here.clone())], 1e4);
        let moves = row(CrimeTypes::All, Metres::new(100.0), 3, &[(here, there)], 1e4);

        assert_eq!((stays.persistence, moves.persistence), (Some(1.0), Some(0.0)));
    }
}

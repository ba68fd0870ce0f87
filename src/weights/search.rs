//! Finding what is near: over a grid by columns and rows, elsewhere by an index of positions.

use std::sync::OnceLock;

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::units::{Grid, UnitIdx};

/// How far beyond a reach a position still counts as on its edge, as a share of the reach: rounding
/// must not decide whether the corner of a square lies within the square root of two sides.
pub(super) const EDGE: f64 = 1e-12;

/// Units found, with their distance in metres.
pub(super) type Found = Vec<(u32, f64)>;

/// A way to find the other units near one.
pub(super) trait Search: Sync {
    /// Number of units.
    fn n_units(&self) -> usize;

    /// An order of units in which near ones follow each other; `None` where theirs is one.
    fn order(&self) -> Option<&[u32]>;

    /// Writes all others within `reach` metres of unit `i`, edge included, to `found`, in any order.
    fn within(&self, i: usize, reach: f64, found: &mut Found);

    /// Writes the `k` nearest others of unit `i`, nearest first, to `found`; of equally near ones
    /// the first in the list. All others where there are fewer.
    fn nearest(&self, i: usize, k: usize, found: &mut Found);
}

fn by_distance(found: &mut Found) {
    found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
}

/// Positions anywhere.
pub(super) struct Positions<'a> {
    at: &'a [Bng],
    index: PointIndex,
}

impl<'a> Positions<'a> {
    /// Ready to find the nearest.
    pub(super) fn new(at: &'a [Bng]) -> Self {
        Self { at, index: PointIndex::new(at) }
    }
}

impl Search for Positions<'_> {
    fn n_units(&self) -> usize {
        self.at.len()
    }

    fn order(&self) -> Option<&[u32]> {
        Some(self.index.order())
    }

    fn within(&self, i: usize, reach: f64, found: &mut Found) {
        let reach = reach * (1.0 + EDGE);
        // The square of a distance rounds: ask a little wider, then measure.
        self.index.each_within(self.at[i], reach * (1.0 + EDGE), |j, squared| {
            let distance = squared.sqrt();
            if j != i && distance <= reach {
                found.push((j as u32, distance));
            }
        });
    }

    fn nearest(&self, i: usize, k: usize, found: &mut Found) {
        let mut near = Vec::with_capacity(k.min(self.at.len()));
        self.index.nearest_into(self.at[i], k, Some(i), &mut near);
        found.extend(near.into_iter().map(|(squared, j)| (j, squared.sqrt())));
    }
}

/// One step from a cell to another.
struct Step {
    east: i64,
    north: i64,
    /// Distance in metres.
    distance: f64,
}

/// Cells of a grid, at their centres.
pub(super) struct Cells<'a> {
    grid: &'a Grid,
    /// Every step within reach, shortest first; of equally long ones, southernmost and
    /// westernmost first, which is the order of cells.
    steps: Vec<Step>,
    elsewhere: OnceLock<(Vec<Bng>, PointIndex)>,
}

impl<'a> Cells<'a> {
    /// Ready to find everything within `reach` metres by arithmetic.
    pub(super) fn within_reach(grid: &'a Grid, reach: f64) -> Self {
        let side = grid.cell_size().get();
        let reach = if reach.is_nan() { 0.0 } else { reach.max(0.0) * (1.0 + EDGE) };
        let (columns, rows) = grid.columns_rows();
        let limit = |cells: usize| ((reach / side).floor() as i64).min(cells as i64);
        let (furthest_east, furthest_north) = (limit(columns), limit(rows));
        let mut steps = Vec::new();
        for north in -furthest_north..=furthest_north {
            for east in -furthest_east..=furthest_east {
                // As between two centres: the root of a sum of squares, not of cells.
                let distance = (east as f64 * side).hypot(north as f64 * side);
                if (east, north) != (0, 0) && distance <= reach {
                    steps.push(Step { east, north, distance });
                }
            }
        }
        // Whole numbers decide what is equally long.
        let squared = |step: &Step| step.east * step.east + step.north * step.north;
        steps.sort_by_key(|step| (squared(step), step.north, step.east));
        Self { grid, steps, elsewhere: OnceLock::new() }
    }

    /// Ready to find about `k` nearest by arithmetic; the few cells at the edge of a ragged grid
    /// that have fewer so near are looked up among the centres.
    pub(super) fn nearest_of(grid: &'a Grid, k: usize) -> Self {
        let radius = 2.0 * (k as f64 / std::f64::consts::PI).sqrt().ceil() + 2.0;
        Self::within_reach(grid, radius * grid.cell_size().get())
    }

    fn follow(&self, i: usize, step: &Step) -> Option<(u32, f64)> {
        let (column, row) = self.grid.column_row(UnitIdx::new(i));
        let column = usize::try_from(column as i64 + step.east).ok()?;
        let row = usize::try_from(row as i64 + step.north).ok()?;
        self.grid.at(column, row).map(|near| (near.index() as u32, step.distance))
    }
}

impl Search for Cells<'_> {
    fn n_units(&self) -> usize {
        self.grid.len()
    }

    fn order(&self) -> Option<&[u32]> {
        None
    }

    fn within(&self, i: usize, reach: f64, found: &mut Found) {
        let reach = reach * (1.0 + EDGE);
        let near = self.steps.iter().take_while(|step| step.distance <= reach);
        found.extend(near.filter_map(|step| self.follow(i, step)));
    }

    fn nearest(&self, i: usize, k: usize, found: &mut Found) {
        found.extend(self.steps.iter().filter_map(|step| self.follow(i, step)).take(k));
        if found.len() >= k || found.len() + 1 >= self.n_units() {
            return;
        }
        found.clear();
        let (centres, index) = self.elsewhere.get_or_init(|| {
            let centres: Vec<Bng> =
                (0..self.grid.len()).map(|cell| self.grid.centre(UnitIdx::new(cell))).collect();
            let index = PointIndex::new(&centres);
            (centres, index)
        });
        let mut near = Vec::new();
        index.nearest_into(centres[i], k, Some(i), &mut near);
        // Distances by whole columns and rows, so that ties are ties here as well; those of centres
        // round: look until clearly past the last.
        let reach = near.last().map_or(0.0, |last| last.0.sqrt()) * (1.0 + 1e-9);
        let side = self.grid.cell_size().get();
        let place = |cell: usize| {
            let (column, row) = self.grid.column_row(UnitIdx::new(cell));
            (column as f64, row as f64)
        };
        let (column, row) = place(i);
        index.each_within(centres[i], reach, |j, _| {
            let (other_column, other_row) = place(j);
            let away = ((other_column - column) * side).hypot((other_row - row) * side);
            if j != i {
                found.push((j as u32, away));
            }
        });
        by_distance(found);
        found.truncate(k);
    }
}

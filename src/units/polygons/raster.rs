//! The raster that lies over all polygons.

use geo::Coord;

use crate::crs::Bng;
use crate::geometry::Bounds;

/// Raster cells per edge: more answer at once, fewer are built sooner.
const CELLS_PER_EDGE: f64 = 2.5;
/// Raster cells at least, so that a few simple polygons still answer at once.
const FEWEST_CELLS: f64 = 65_536.0;
/// Raster cells at most: 64 MB.
const MOST_CELLS: f64 = 16_777_216.0;
/// How far an edge reaches beyond itself, in raster cells: far above rounding, far below a cell.
const MARGIN: f64 = 1e-6;

/// Where the raster lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raster {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) side: f64,
    per_metre: f64,
    pub(super) n_columns: usize,
    pub(super) n_rows: usize,
}

impl Raster {
    pub(super) fn over(bounds: Option<Bounds>, n_edges: usize) -> Self {
        let empty =
            Self { west: 0.0, south: 0.0, side: 1.0, per_metre: 1.0, n_columns: 0, n_rows: 0 };
        let Some(bounds) = bounds else { return empty };
        let (width, height) = (bounds.width(), bounds.height());
        if !(width.is_finite() && height.is_finite()) {
            return empty;
        }
        let wanted = (n_edges as f64 * CELLS_PER_EDGE).clamp(FEWEST_CELLS, MOST_CELLS);
        let longest = width.max(height).max(1e-3);
        let side = (width * height / wanted).sqrt().max(longest / wanted);
        Self {
            west: bounds.min.easting(),
            south: bounds.min.northing(),
            side,
            per_metre: 1.0 / side,
            n_columns: (width / side) as usize + 2,
            n_rows: (height / side) as usize + 2,
        }
    }

    #[inline]
    pub(super) fn column_row(&self, position: Bng) -> Option<(usize, usize)> {
        let x = (position.easting() - self.west) * self.per_metre;
        let y = (position.northing() - self.south) * self.per_metre;
        // Not-a-number fails all four.
        let within = x >= 0.0 && y >= 0.0 && x < self.n_columns as f64 && y < self.n_rows as f64;
        within.then_some((x as usize, y as usize))
    }

    /// Rows that an edge from `y0` to `y1` may have a position in.
    pub(super) fn rows(&self, y0: f64, y1: f64) -> std::ops::RangeInclusive<usize> {
        let row = |y: f64, margin: f64| ((y - self.south) * self.per_metre + margin).max(0.0);
        let last = self.n_rows.saturating_sub(1);
        (row(y0.min(y1), -MARGIN) as usize)..=(row(y0.max(y1), MARGIN) as usize).min(last)
    }

    /// First and last column that an edge may have a position in within `row`.
    pub(super) fn columns(&self, a: Coord, b: Coord, row: usize) -> (u32, u32) {
        let south = self.south + (row as f64 - MARGIN) * self.side;
        let north = self.south + (row as f64 + 1.0 + MARGIN) * self.side;
        let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
        let x_at = |y: f64| {
            if y <= low.y {
                low.x
            } else if y >= high.y {
                high.x
            } else {
                low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x)
            }
        };
        // Where the whole edge is one height, both ends count.
        let (x0, x1) = if low.y < high.y { (x_at(south), x_at(north)) } else { (a.x, b.x) };
        let column = |x: f64, margin: f64| ((x - self.west) * self.per_metre + margin).max(0.0);
        let last = self.n_columns as u32 - 1;
        (
            (column(x0.min(x1), -MARGIN) as u32).min(last),
            (column(x0.max(x1), MARGIN) as u32).min(last),
        )
    }
}

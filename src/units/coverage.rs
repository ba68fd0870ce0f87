//! How much of each cell of a raster lies inside a shape, exactly and in one pass over its edges.

use geo::{LineString, winding_order::Winding};

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Metres;

/// A share closer than this to none or to all is taken as none or all: it is rounding.
const ROUNDING: f64 = 1e-9;

/// Share of each cell that lies inside `shape`.
///
/// Every edge adds the area to its east, with the sign of its direction, to the cell it runs
/// through and to all cells east of it; the sum along a row is the area inside.
///
/// # Shapes and units
///
/// - `origin`: south-west corner of the first cell; `cell`: its side.
/// - returns: `[n_rows x n_columns]`, southernmost row first, 0 to 1. Where polygons of the shape
///   overlap, the share counts once at most. Parts of the shape beyond the raster are left out.
pub fn shares_inside(
    shape: &Shape,
    origin: Bng,
    cell: Metres,
    n_columns: usize,
    n_rows: usize,
) -> Vec<f64> {
    let mut sums = Sums::new(n_columns, n_rows);
    let local = |x: f64, y: f64| {
        ((x - origin.easting()) / cell.get(), (y - origin.northing()) / cell.get())
    };
    for polygon in shape.polygons() {
        let rings = std::iter::once((polygon.exterior(), 1.0))
            .chain(polygon.interiors().iter().map(|hole| (hole, -1.0)));
        for (ring, role) in rings {
            let sign = role * orientation(ring);
            for line in ring.lines() {
                let (x0, y0) = local(line.start.x, line.start.y);
                let (x1, y1) = local(line.end.x, line.end.y);
                if y0 < y1 {
                    sums.add_edge(x0, y0, x1, y1, -sign);
                } else if y1 < y0 {
                    sums.add_edge(x1, y1, x0, y0, sign);
                }
            }
        }
    }
    sums.into_shares()
}

/// 1 where the ring runs anticlockwise, -1 where it runs clockwise.
fn orientation(ring: &LineString<f64>) -> f64 {
    if ring.is_cw() { -1.0 } else { 1.0 }
}

/// What the edges have added so far, in cells: area within a cell, and height passed on eastwards.
struct Sums {
    n_columns: usize,
    n_rows: usize,
    area: Vec<f64>,
    passed_on: Vec<f64>,
}

impl Sums {
    fn new(n_columns: usize, n_rows: usize) -> Self {
        let n = n_columns * n_rows;
        Self { n_columns, n_rows, area: vec![0.0; n], passed_on: vec![0.0; n] }
    }

    /// Adds an edge that runs north from (x0, y0) to (x1, y1), row by row.
    fn add_edge(&mut self, x0: f64, y0: f64, x1: f64, y1: f64, sign: f64) {
        let slope = (x1 - x0) / (y1 - y0);
        let x_at = |y: f64| (x0 + (y - y0) * slope).clamp(x0.min(x1), x0.max(x1));
        let first = y0.floor().max(0.0) as usize;
        let last = (y1.ceil().max(0.0) as usize).min(self.n_rows);
        for row in first..last {
            let (south, north) = (y0.max(row as f64), y1.min(row as f64 + 1.0));
            if north > south {
                self.add_in_row(row, x_at(south), x_at(north), (north - south) * sign);
            }
        }
    }

    /// Adds a piece that climbs `height` within `row` while it runs from `xa` to `xb`.
    fn add_in_row(&mut self, row: usize, xa: f64, xb: f64, height: f64) {
        let (west, east) = (xa.min(xb), xa.max(xb));
        let width = east - west;
        let mut from = west;
        let mut column = west.floor();
        loop {
            let to = east.min(column + 1.0);
            let part = if width > 0.0 { height * ((to - from) / width) } else { height };
            self.add_in_cell(row, column, f64::midpoint(from, to) - column, part);
            if east <= column + 1.0 {
                break;
            }
            from = to;
            column += 1.0;
        }
    }

    /// Adds a piece of mean position `x` (0 to 1 from the west) in one cell.
    fn add_in_cell(&mut self, row: usize, column: f64, x: f64, height: f64) {
        if column >= self.n_columns as f64 {
            return;
        }
        let start = row * self.n_columns;
        if column < 0.0 {
            self.area[start] += height;
            self.passed_on[start] += height;
        } else {
            let at = start + column as usize;
            self.area[at] += height * (1.0 - x);
            self.passed_on[at] += height;
        }
    }

    fn into_shares(self) -> Vec<f64> {
        let mut shares = self.area;
        let rows = shares.chunks_mut(self.n_columns.max(1));
        for (row, passed_on) in rows.zip(self.passed_on.chunks(self.n_columns.max(1))) {
            let mut from_west = 0.0;
            for (share, height) in row.iter_mut().zip(passed_on) {
                let sum = *share + from_west;
                from_west += height;
                *share = match sum {
                    s if s < ROUNDING => 0.0,
                    s if s > 1.0 - ROUNDING => 1.0,
                    s => s,
                };
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use geo::{Area as _, BooleanOps as _, Polygon, Rect, coord};
    use proptest::prelude::*;

    use super::*;

    fn shares(polygon: Polygon<f64>, n: usize) -> Vec<f64> {
        let shape = Shape::new(geo::MultiPolygon::new(vec![polygon]));
        shares_inside(&shape, Bng::new(0.0, 0.0), Metres::new(10.0), n, n)
    }

    #[test]
    fn a_triangle_fills_half_of_the_cells_on_its_diagonal() {
        let triangle =
            Polygon::new(LineString::from(vec![(0.0, 0.0), (20.0, 0.0), (20.0, 20.0)]), vec![]);

        assert_eq!(shares(triangle, 2), [0.5, 1.0, 0.0, 0.5]);
    }

    #[test]
    fn a_hole_is_left_out_whichever_way_it_runs() {
        let square = |from: f64, to: f64| {
            LineString::from(vec![(from, from), (to, from), (to, to), (from, to), (from, from)])
        };
        let mut clockwise = square(2.5, 7.5);
        clockwise.0.reverse();

        for hole in [square(2.5, 7.5), clockwise] {
            assert_eq!(shares(Polygon::new(square(0.0, 10.0), vec![hole]), 1), [0.75]);
        }
    }

    #[test]
    fn what_lies_beyond_the_raster_is_left_out() {
        let wide = Rect::new(coord! { x: -35.0, y: -35.0 }, coord! { x: 95.0, y: 15.0 });

        assert_eq!(shares(wide.to_polygon(), 2), [1.0, 1.0, 0.5, 0.5]);
    }

    proptest! {
        /// Star-shaped polygons of any outline: each share equals the area that `geo` clips out.
        #[test]
        fn shares_are_the_areas_of_the_clipped_polygon(
            radii in prop::collection::vec(3.0_f64..48.0, 3..20),
            clockwise: bool,
        ) {
            let n = radii.len() as f64;
            let mut ring: Vec<_> = radii.iter().enumerate().map(|(i, r)| {
                let angle = std::f64::consts::TAU * i as f64 / n;
                coord! { x: 50.0 + r * angle.cos(), y: 50.0 + r * angle.sin() }
            }).collect();
            if clockwise {
                ring.reverse();
            }
            let polygon = Polygon::new(LineString::new(ring), vec![]);

            let ours = shares(polygon.clone(), 10);

            for (i, share) in ours.iter().enumerate() {
                let (x, y) = ((i % 10) as f64 * 10.0, (i / 10) as f64 * 10.0);
                let cell = Rect::new(coord! { x: x, y: y }, coord! { x: x + 10.0, y: y + 10.0 });
                let theirs = polygon.intersection(&cell.to_polygon()).unsigned_area() / 100.0;
                prop_assert!((share - theirs).abs() < 1e-6, "cell {i}: {share} and {theirs}");
            }
        }
    }
}

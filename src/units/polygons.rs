//! Point in polygon over many areas: a raster that knows most answers beforehand.
//!
//! A raster lies over all polygons. A raster cell that no edge runs through is wholly inside one
//! unit or outside all, and answers at once. Every other cell holds a short list of the polygons
//! that may own a position in it, in order of unit, and those are tested exactly, against the edges
//! of one row of the raster only. The edge rule is that of `geo`'s `Intersects`: a position on an
//! edge or a vertex is inside.

use std::sync::OnceLock;

use geo::kernels::{Kernel as _, Orientation, RobustKernel};
use geo::{Coord, Distance as _, Euclidean, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Metres;

use super::UnitIdx;

/// Raster cells per edge: more answer at once, fewer are built sooner.
const CELLS_PER_EDGE: f64 = 2.5;
/// Raster cells at least, so that a few simple polygons still answer at once.
const FEWEST_CELLS: f64 = 65_536.0;
/// Raster cells at most: 64 MB.
const MOST_CELLS: f64 = 16_777_216.0;
/// How far an edge reaches beyond itself, in raster cells: far above rounding, far below a cell.
const MARGIN: f64 = 1e-6;

/// Raster cell outside all units.
const NOWHERE: u32 = u32::MAX;
/// Set where a raster cell refers to a list, and where a polygon of a list covers the whole cell.
const FLAG: u32 = 1 << 31;

type Boxed = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Units by their polygons, ready to be asked which of them holds a position.
#[derive(Debug)]
pub struct PolygonIndex {
    raster: Raster,
    /// `[n_rows x n_columns]`: a unit, [`NOWHERE`], or [`FLAG`] and the number of a list.
    cells: Vec<u32>,
    /// Where each list starts in `listed`; one more than there are lists.
    starts: Vec<u32>,
    /// Parts in order of unit; with [`FLAG`] where no test is needed.
    listed: Vec<u32>,
    /// Every polygon, in order of unit.
    parts: Vec<Part>,
    /// Boxes of the parts, built when distances are first asked for.
    boxes: OnceLock<RTree<Boxed>>,
}

impl PolygonIndex {
    /// Over these units; building takes one pass over all edges, in parallel.
    pub fn new(shapes: &[Shape]) -> Self {
        let bounds = shapes.iter().filter_map(Shape::bounds).reduce(Bounds::union);
        let n_edges: usize = shapes
            .iter()
            .flat_map(|shape| shape.polygons().iter())
            .map(|p| p.exterior().0.len() + p.interiors().iter().map(|r| r.0.len()).sum::<usize>())
            .sum();
        let raster = Raster::over(bounds, n_edges);
        let parts: Vec<Part> = shapes
            .par_iter()
            .enumerate()
            .flat_map_iter(|(unit, shape)| {
                shape
                    .polygons()
                    .iter()
                    .filter_map(move |polygon| Part::new(UnitIdx::new(unit), polygon, &raster))
            })
            .collect();
        let rows = build_rows(&raster, &parts);

        let mut cells = Vec::with_capacity(raster.n_columns * raster.n_rows);
        let mut starts = vec![0];
        let mut listed = Vec::new();
        for row in rows {
            let lists_before = starts.len() as u32 - 1;
            let listed_before = listed.len() as u32;
            cells.extend(row.cells.iter().map(|&cell| match cell {
                NOWHERE => NOWHERE,
                cell if cell & FLAG != 0 => cell + lists_before,
                unit => unit,
            }));
            starts.extend(row.ends.iter().map(|&end| end + listed_before));
            listed.extend(row.listed);
        }
        Self { raster, cells, starts, listed, parts, boxes: OnceLock::new() }
    }

    /// The unit that holds `position`, edges included; of several, the first.
    #[inline]
    pub fn locate(&self, position: Bng) -> Option<UnitIdx> {
        let (column, row) = self.raster.column_row(position)?;
        match self.cells[row * self.raster.n_columns + column] {
            NOWHERE => None,
            cell if cell & FLAG != 0 => self.locate_in_list((cell & !FLAG) as usize, position, row),
            unit => Some(UnitIdx::new(unit as usize)),
        }
    }

    fn locate_in_list(&self, list: usize, position: Bng, row: usize) -> Option<UnitIdx> {
        let at = Coord { x: position.easting(), y: position.northing() };
        self.listed[self.starts[list] as usize..self.starts[list + 1] as usize]
            .iter()
            .find(|&&part| part & FLAG != 0 || self.parts[part as usize].covers(at, row))
            .map(|&part| self.parts[(part & !FLAG) as usize].unit)
    }

    /// The nearest unit within `reach`, and its distance; of equally near ones, the first.
    pub fn nearest(&self, position: Bng, reach: Metres) -> Option<(UnitIdx, Metres)> {
        if let Some(unit) = self.locate(position) {
            return (reach.get() >= 0.0).then_some((unit, Metres::new(0.0)));
        }
        let boxes = self.boxes.get_or_init(|| {
            let boxed = |(i, part): (usize, &Part)| {
                let b = part.bounds;
                let corners = AABB::from_corners(
                    [b.min.easting(), b.min.northing()],
                    [b.max.easting(), b.max.northing()],
                );
                GeomWithData::new(Rectangle::from_aabb(corners), i as u32)
            };
            RTree::bulk_load(self.parts.iter().enumerate().map(boxed).collect())
        });
        let at = [position.easting(), position.northing()];
        if !at.iter().all(|x| x.is_finite()) {
            return None;
        }
        let mut best: Option<(f64, UnitIdx)> = None;
        for (boxed, to_box) in boxes.nearest_neighbor_iter_with_distance_2(&at) {
            let limit = best.map_or(reach.get(), |(distance, _)| distance);
            if to_box.sqrt() > limit {
                break;
            }
            let part = &self.parts[boxed.data as usize];
            let distance = part.distance(position);
            let nearer = best.is_none_or(|best| (distance, part.unit) < best);
            if distance <= reach.get() && nearer {
                best = Some((distance, part.unit));
            }
        }
        best.map(|(distance, unit)| (unit, Metres::new(distance)))
    }
}

/// Where the raster lies.
#[derive(Debug, Clone, Copy)]
struct Raster {
    west: f64,
    south: f64,
    side: f64,
    per_metre: f64,
    n_columns: usize,
    n_rows: usize,
}

impl Raster {
    fn over(bounds: Option<Bounds>, n_edges: usize) -> Self {
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
    fn column_row(&self, position: Bng) -> Option<(usize, usize)> {
        let x = (position.easting() - self.west) * self.per_metre;
        let y = (position.northing() - self.south) * self.per_metre;
        // Not-a-number fails all four.
        let within = x >= 0.0 && y >= 0.0 && x < self.n_columns as f64 && y < self.n_rows as f64;
        within.then_some((x as usize, y as usize))
    }

    /// Rows that an edge from `y0` to `y1` may have a position in.
    fn rows(&self, y0: f64, y1: f64) -> std::ops::RangeInclusive<usize> {
        let row = |y: f64, margin: f64| ((y - self.south) * self.per_metre + margin).max(0.0);
        let last = self.n_rows.saturating_sub(1);
        (row(y0.min(y1), -MARGIN) as usize)..=(row(y0.max(y1), MARGIN) as usize).min(last)
    }

    /// Columns that an edge may have a position in within `row`.
    fn columns(&self, a: Coord, b: Coord, row: usize) -> (usize, usize) {
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
        let last = self.n_columns - 1;
        (
            (column(x0.min(x1), -MARGIN) as usize).min(last),
            (column(x0.max(x1), MARGIN) as usize).min(last),
        )
    }

    fn centre(&self, column: usize, row: usize) -> Coord {
        Coord {
            x: self.west + (column as f64 + 0.5) * self.side,
            y: self.south + (row as f64 + 0.5) * self.side,
        }
    }
}

/// One polygon of a unit, its edges sorted into the rows of the raster.
#[derive(Debug)]
struct Part {
    unit: UnitIdx,
    bounds: Bounds,
    /// Rings one after the other, each closed.
    ring: Vec<Coord>,
    /// Row of the raster that the first slab is.
    first_row: usize,
    /// Where the edges of each slab start; one more than there are slabs.
    starts: Vec<u32>,
    /// Edges by their first position in `ring`; with [`FLAG`] if the edge is of a hole.
    edges: Vec<u32>,
}

impl Part {
    fn new(unit: UnitIdx, polygon: &geo::Polygon<f64>, raster: &Raster) -> Option<Self> {
        let mut ring: Vec<Coord> = Vec::new();
        let mut edges: Vec<u32> = Vec::new();
        let rings = std::iter::once((polygon.exterior(), 0))
            .chain(polygon.interiors().iter().map(|hole| (hole, FLAG)));
        for (line, role) in rings {
            let first = ring.len() as u32;
            ring.extend_from_slice(&line.0);
            edges.extend((first..(ring.len() as u32).max(1) - 1).map(|i| i | role));
        }
        let finite = |c: &Coord| c.x.is_finite() && c.y.is_finite();
        if polygon.exterior().0.is_empty() || !ring.iter().all(finite) || raster.n_rows == 0 {
            return None;
        }
        let corner = |pick: fn(f64, f64) -> f64| {
            let x = ring.iter().map(|c| c.x).reduce(pick).unwrap_or_default();
            let y = ring.iter().map(|c| c.y).reduce(pick).unwrap_or_default();
            Bng::new(x, y)
        };
        let bounds = Bounds { min: corner(f64::min), max: corner(f64::max) };

        let rows = raster.rows(bounds.min.northing(), bounds.max.northing());
        let first_row = *rows.start();
        let rows_of = |edge: u32| {
            let i = (edge & !FLAG) as usize;
            let rows = raster.rows(ring[i].y, ring[i + 1].y);
            rows.start() - first_row..rows.end() - first_row + 1
        };
        let mut starts = vec![0_u32; rows.end() - first_row + 2];
        for &edge in &edges {
            rows_of(edge).for_each(|slab| starts[slab + 1] += 1);
        }
        for slab in 1..starts.len() {
            starts[slab] += starts[slab - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0; *starts.last()? as usize];
        for &edge in &edges {
            for slab in rows_of(edge) {
                sorted[next[slab] as usize] = edge;
                next[slab] += 1;
            }
        }
        Some(Self { unit, bounds, ring, first_row, starts, edges: sorted })
    }

    fn rows(&self) -> std::ops::Range<usize> {
        self.first_row..self.first_row + self.starts.len() - 1
    }

    /// Edges that may have a position in this row of the raster.
    #[inline]
    fn edges_in(&self, row: usize) -> &[u32] {
        let slab = row - self.first_row;
        &self.edges[self.starts[slab] as usize..self.starts[slab + 1] as usize]
    }

    /// Whether the position, which lies in this row of the raster, is inside or on an edge: the
    /// winding number, as `geo` counts it, over the edges of the row.
    fn covers(&self, at: Coord, row: usize) -> bool {
        let (mut outer, mut holes) = (0, 0);
        for &edge in self.edges_in(row) {
            let i = (edge & !FLAG) as usize;
            let (start, end) = (self.ring[i], self.ring[i + 1]);
            let upward = start.y <= at.y;
            if (upward && end.y < at.y) || (!upward && end.y > at.y) {
                continue;
            }
            let (west, east) = (start.x.min(end.x), start.x.max(end.x));
            if at.x > east {
                continue;
            }
            let side = if at.x < west {
                if upward { Orientation::CounterClockwise } else { Orientation::Clockwise }
            } else {
                RobustKernel::orient2d(start, end, at)
            };
            let turn = match side {
                // Collinear and between both ends' eastings: on the edge.
                Orientation::Collinear => return true,
                Orientation::CounterClockwise if upward && end.y > at.y => 1,
                Orientation::Clockwise if !upward => -1,
                _ => 0,
            };
            if edge & FLAG == 0 {
                outer += turn;
            } else {
                holes += turn;
            }
        }
        outer != 0 && holes == 0
    }

    /// Distance from a position outside to the nearest edge, in metres.
    fn distance(&self, position: Bng) -> f64 {
        let at = Point::new(position.easting(), position.northing());
        self.edges
            .iter()
            .map(|edge| {
                let i = (edge & !FLAG) as usize;
                Euclidean.distance(&geo::Line::new(self.ring[i], self.ring[i + 1]), &at)
            })
            .fold(f64::INFINITY, f64::min)
    }
}

/// One row of the raster as it is built: lists are numbered from its own start.
struct Row {
    cells: Vec<u32>,
    ends: Vec<u32>,
    listed: Vec<u32>,
}

fn build_rows(raster: &Raster, parts: &[Part]) -> Vec<Row> {
    let mut starts = vec![0_usize; raster.n_rows + 1];
    for part in parts {
        part.rows().for_each(|row| starts[row + 1] += 1);
    }
    for row in 0..raster.n_rows {
        starts[row + 1] += starts[row];
    }
    let mut next = starts.clone();
    let mut in_rows = vec![0_u32; starts[raster.n_rows]];
    for (i, part) in parts.iter().enumerate() {
        for row in part.rows() {
            in_rows[next[row]] = i as u32;
            next[row] += 1;
        }
    }
    (0..raster.n_rows)
        .into_par_iter()
        .map(|row| build_row(raster, parts, row, &in_rows[starts[row]..starts[row + 1]]))
        .collect()
}

/// Fills one row from the parts that reach it, which are in order of unit.
fn build_row(raster: &Raster, parts: &[Part], row: usize, in_row: &[u32]) -> Row {
    // The first part that covers each cell whole, and cells that some edge runs through.
    let mut covering = vec![NOWHERE; raster.n_columns];
    let mut crossed: Vec<(u32, u32)> = Vec::new();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &i in in_row {
        let part = &parts[i as usize];
        runs.clear();
        runs.extend(part.edges_in(row).iter().map(|edge| {
            let at = (edge & !FLAG) as usize;
            raster.columns(part.ring[at], part.ring[at + 1], row)
        }));
        runs.sort_unstable();
        let mut done = runs.first().map_or(0, |run| run.0);
        for &(first, last) in &runs {
            if first > done && part.covers(raster.centre(done, row), row) {
                for cell in &mut covering[done..first] {
                    *cell = (*cell).min(i);
                }
            }
            crossed.extend((first.max(done)..=last).map(|column| (column as u32, i)));
            done = done.max(last + 1);
        }
    }
    crossed.sort_unstable();

    let mut built =
        Row { cells: Vec::with_capacity(raster.n_columns), ends: vec![], listed: vec![] };
    let mut crossed = crossed.into_iter().peekable();
    for (column, &whole) in covering.iter().enumerate() {
        let before = built.listed.len();
        while let Some((_, i)) = crossed.next_if(|&(at, _)| at as usize == column) {
            // What comes after the first part that covers the cell can never be asked.
            if i < whole {
                built.listed.push(i);
            }
        }
        built.cells.push(if built.listed.len() > before {
            if whole != NOWHERE {
                built.listed.push(whole | FLAG);
            }
            built.ends.push(built.listed.len() as u32);
            FLAG | (built.ends.len() as u32 - 1)
        } else if whole == NOWHERE {
            NOWHERE
        } else {
            parts[whole as usize].unit.index() as u32
        });
    }
    built
}

#[cfg(test)]
#[path = "polygons_tests.rs"]
mod tests;

//! Point in polygon over many areas: a raster that knows most answers beforehand.
//!
//! A raster lies over all polygons. A raster cell that no edge runs through is wholly inside one
//! unit or outside all, and answers at once. Every other cell holds a short list of the polygons
//! that may own a position in it, in order of unit, and each is tested exactly, against the few
//! edges around that cell: cells side by side that edges run through make a *run*, and what lies
//! east of a run turns round every position in it the same number of times. The edge rule is that of
//! `geo`'s `Intersects`: a position on an edge or a vertex is inside.

mod build;
mod raster;

use std::sync::OnceLock;

use geo::kernels::{Kernel as _, Orientation, RobustKernel};
use geo::{Coord, Polygon};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Metres;

use build::{Part, Row, build_row, parts_by_row};
use raster::Raster;

use super::UnitIdx;

/// Positions that are located side by side.
const BATCH: usize = 64;

/// Raster cell outside all units.
const NOWHERE: u32 = u32::MAX;
/// Set where a raster cell refers to a list, where an entry of a list is a unit that needs no test,
/// and where an edge is of a hole.
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
    /// Runs to be tested, in order of unit; with [`FLAG`], the unit that covers the whole cell.
    listed: Vec<u32>,
    runs: Vec<Run>,
    chains: Vec<Chain>,
    /// Every ring of every polygon, one after the other, each closed.
    ring: Vec<Coord>,
    parts: Vec<Part>,
    /// Boxes of the parts, built when distances are first asked for.
    boxes: OnceLock<RTree<Boxed>>,
}

/// Cells side by side in one row that edges of one polygon run through.
#[derive(Debug, Clone, Copy)]
struct Run {
    unit: u32,
    /// How often outer rings east of the run turn round it, and how often holes do.
    outer: i32,
    holes: i32,
    /// Where its edges start in `chains`; they end where those of the next run start.
    chains: u32,
}

/// Edges in a row: from the first position in `ring` to the one before the last. The first carries
/// [`FLAG`] where the edges are of a hole.
#[derive(Debug, Clone, Copy)]
struct Chain {
    first: u32,
    end: u32,
}

/// What a raster cell says.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// The unit, or none, for sure.
    Known(Option<UnitIdx>),
    /// A stretch of `listed`, to be tested in order, and its first run.
    Ask { list: u32, end: u32, run: Run },
}

impl PolygonIndex {
    /// Over these units; building takes one pass over all edges, in parallel.
    pub fn new(shapes: &[Shape]) -> Self {
        let bounds = shapes.iter().filter_map(Shape::bounds).reduce(Bounds::union);
        let polygons = || {
            let parts = |(unit, shape)| Shape::polygons(shape).iter().map(move |p| (unit, p));
            shapes.iter().enumerate().flat_map(parts)
        };
        let rings = |p| std::iter::once(Polygon::exterior(p)).chain(p.interiors());
        let n_positions = polygons().flat_map(|(_, p)| rings(p)).map(|ring| ring.0.len()).sum();
        let raster = Raster::over(bounds, n_positions);
        let mut ring = Vec::with_capacity(n_positions);
        let mut outlines = Vec::new();
        for (unit, polygon) in polygons() {
            let first = ring.len() as u32;
            let mut closed = Vec::with_capacity(1 + polygon.interiors().len());
            for line in rings(polygon) {
                ring.extend_from_slice(&line.0);
                closed.push(ring.len() as u32);
            }
            outlines.push((UnitIdx::new(unit), first, closed));
        }
        let parts: Vec<Part> = outlines
            .into_par_iter()
            .filter_map(|(unit, first, closed)| Part::new(unit, first, &closed, &ring, &raster))
            .collect();

        let in_rows = parts_by_row(&raster, &parts);
        let mut cells = vec![NOWHERE; raster.n_columns * raster.n_rows];
        let rows: Vec<Row> = cells
            .par_chunks_mut(raster.n_columns.max(1))
            .zip(in_rows)
            .enumerate()
            .map(|(row, (cells, in_row))| build_row(&raster, &ring, &parts, row, &in_row, cells))
            .collect();

        let mut index = Self {
            raster,
            cells,
            starts: vec![0],
            listed: Vec::new(),
            runs: Vec::new(),
            chains: Vec::new(),
            ring,
            parts,
            boxes: OnceLock::new(),
        };
        let lists_before: Vec<u32> = rows.iter().map(|row| index.append(row)).collect();
        let by_row = index.cells.par_chunks_mut(raster.n_columns.max(1));
        by_row.zip(lists_before).for_each(|(cells, before)| {
            for cell in cells.iter_mut().filter(|cell| **cell != NOWHERE && **cell & FLAG != 0) {
                *cell += before;
            }
        });
        index.parts.iter_mut().for_each(Part::forget_slabs);
        index
    }

    /// Adds the lists and runs of one row; gives the number of lists before it.
    fn append(&mut self, row: &Row) -> u32 {
        let lists = self.starts.len() as u32 - 1;
        let (listed, runs, chains) =
            (self.listed.len() as u32, self.runs.len() as u32, self.chains.len() as u32);
        self.starts.extend(row.ends.iter().map(|end| end + listed));
        let entry = |&entry: &u32| if entry & FLAG == 0 { entry + runs } else { entry };
        self.listed.extend(row.listed.iter().map(entry));
        let moved = |&(_, run): &(u32, Run)| Run { chains: run.chains + chains, ..run };
        self.runs.extend(row.runs.iter().map(moved));
        self.chains.extend_from_slice(&row.chains);
        lists
    }

    /// The unit that holds `position`, edges included; of several, the first.
    pub fn locate(&self, position: Bng) -> Option<UnitIdx> {
        let cell = self.cell_at(position);
        match self.at_once(cell) {
            Answer::Known(unit) => unit,
            Answer::Ask { list, end, run } => self.locate_in_list(list, end, run, position),
        }
    }

    /// [`Self::locate`] for many positions. Goes through a batch of them step by step, so that the
    /// memory that one waits for is fetched while others are worked on: twice as fast for positions
    /// that are all over a country.
    pub(super) fn locate_into(&self, positions: &[Bng], found: &mut [Option<UnitIdx>]) {
        let mut cells = [NOWHERE; BATCH];
        let mut answers = [Answer::Known(None); BATCH];
        for (positions, found) in positions.chunks(BATCH).zip(found.chunks_mut(BATCH)) {
            for (cell, &position) in cells.iter_mut().zip(positions) {
                *cell = self.cell_at(position);
            }
            for (answer, &cell) in answers.iter_mut().zip(&cells[..positions.len()]) {
                *answer = self.at_once(cell);
            }
            for ((found, answer), &position) in found.iter_mut().zip(&answers).zip(positions) {
                *found = match *answer {
                    Answer::Known(unit) => unit,
                    Answer::Ask { list, end, run } => self.locate_in_list(list, end, run, position),
                };
            }
        }
    }

    /// What the raster says of a position.
    #[inline]
    fn cell_at(&self, position: Bng) -> u32 {
        self.raster
            .column_row(position)
            .map_or(NOWHERE, |(column, row)| self.cells[row * self.raster.n_columns + column])
    }

    /// The answer for a raster cell, or the list to ask and its first run.
    #[inline]
    fn at_once(&self, cell: u32) -> Answer {
        if cell == NOWHERE {
            Answer::Known(None)
        } else if cell & FLAG == 0 {
            Answer::Known(Some(UnitIdx::new(cell as usize)))
        } else {
            let list = (cell & !FLAG) as usize;
            let (list, end) = (self.starts[list], self.starts[list + 1]);
            // A list starts with a run: a unit that needs no test comes last, and not alone.
            Answer::Ask { list, end, run: self.runs[self.listed[list as usize] as usize] }
        }
    }

    fn locate_in_list(&self, list: u32, end: u32, first: Run, position: Bng) -> Option<UnitIdx> {
        let at = Coord { x: position.easting(), y: position.northing() };
        let entries = &self.listed[list as usize..end as usize];
        if self.covers(entries[0] as usize, first, at) {
            return Some(UnitIdx::new(first.unit as usize));
        }
        for &entry in &entries[1..] {
            if entry & FLAG != 0 {
                return Some(UnitIdx::new((entry & !FLAG) as usize));
            }
            let run = self.runs[entry as usize];
            if self.covers(entry as usize, run, at) {
                return Some(UnitIdx::new(run.unit as usize));
            }
        }
        None
    }

    /// Whether a position in the cells of a run is inside or on an edge: the winding number, as
    /// `geo` counts it.
    fn covers(&self, number: usize, run: Run, at: Coord) -> bool {
        let (mut outer, mut holes) = (run.outer, run.holes);
        let end = self.runs.get(number + 1).map_or(self.chains.len(), |next| next.chains as usize);
        for chain in &self.chains[run.chains as usize..end] {
            let mut turns = 0;
            for edge in self.ring[(chain.first & !FLAG) as usize..=chain.end as usize].windows(2) {
                match turn(edge[0], edge[1], at) {
                    Some(turn) => turns += turn,
                    None => return true,
                }
            }
            if chain.first & FLAG == 0 {
                outer += turns;
            } else {
                holes += turns;
            }
        }
        outer != 0 && holes == 0
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
            let distance = part.distance(&self.ring, position);
            let nearer = best.is_none_or(|best| (distance, part.unit) < best);
            if distance <= reach.get() && nearer {
                best = Some((distance, part.unit));
            }
        }
        best.map(|(distance, unit)| (unit, Metres::new(distance)))
    }
}

/// Which way an edge turns round `at`, seen eastwards from it: 1, -1 or 0; `None` if `at` is on the
/// edge. An upward edge includes its start and not its end, a downward edge the other way about.
#[inline]
fn turn(start: Coord, end: Coord, at: Coord) -> Option<i32> {
    let upward = start.y <= at.y;
    if (upward && end.y < at.y) || (!upward && end.y > at.y) || at.x > start.x.max(end.x) {
        return Some(0);
    }
    let side = if at.x < start.x.min(end.x) {
        if upward { Orientation::CounterClockwise } else { Orientation::Clockwise }
    } else {
        RobustKernel::orient2d(start, end, at)
    };
    match side {
        // Between both ends, east to west and south to north.
        Orientation::Collinear => None,
        Orientation::CounterClockwise if upward && end.y > at.y => Some(1),
        Orientation::Clockwise if !upward => Some(-1),
        _ => Some(0),
    }
}

#[cfg(test)]
mod tests;

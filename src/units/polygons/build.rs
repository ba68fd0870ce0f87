//! Building the index: edges by row of the raster, then runs and lists row by row.

use geo::{Coord, Distance as _, Euclidean, Point};

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::units::UnitIdx;

use super::raster::Raster;
use super::{Chain, FLAG, NOWHERE, Run};

/// One polygon of a unit; while the index is built, with its edges by row of the raster.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) unit: UnitIdx,
    pub(super) bounds: Bounds,
    /// Its positions in `ring`.
    ring: std::ops::Range<usize>,
    /// Row of the raster that the first slab is.
    first_row: usize,
    /// Where the edges of each slab start; one more than there are slabs.
    starts: Vec<u32>,
    /// Edges by their first position in `ring`; with [`FLAG`] if the edge is of a hole.
    edges: Vec<u32>,
}

impl Part {
    /// The polygon whose rings start at `first` and are closed at each of `closed`; `None` if it is
    /// empty or not finite.
    pub(super) fn new(
        unit: UnitIdx,
        first: u32,
        closed: &[u32],
        ring: &[Coord],
        raster: &Raster,
    ) -> Option<Self> {
        let own = &ring[first as usize..*closed.last()? as usize];
        let finite = |c: &Coord| c.x.is_finite() && c.y.is_finite();
        if first == closed[0] || !own.iter().all(finite) || raster.n_rows == 0 {
            return None;
        }
        let (mut min, mut max) = (own[0], own[0]);
        for c in own {
            min = Coord { x: min.x.min(c.x), y: min.y.min(c.y) };
            max = Coord { x: max.x.max(c.x), y: max.y.max(c.y) };
        }
        let rows = raster.rows(min.y, max.y);
        let first_row = *rows.start();
        let mut starts = vec![0_u32; rows.end() - first_row + 2];
        // Each edge with its slabs, the last included.
        let mut spans: Vec<(u32, u32, u32)> = Vec::with_capacity(own.len());
        let mut from = first;
        for (i, &end) in closed.iter().enumerate() {
            let role = if i == 0 { 0 } else { FLAG };
            for at in from..end.max(from + 1) - 1 {
                let rows = raster.rows(ring[at as usize].y, ring[at as usize + 1].y);
                let (low, high) = (rows.start() - first_row, rows.end() - first_row);
                spans.push((at | role, low as u32, high as u32));
                starts[low + 1..=high + 1].iter_mut().for_each(|n| *n += 1);
            }
            from = end;
        }
        for slab in 1..starts.len() {
            starts[slab] += starts[slab - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![0; *starts.last()? as usize];
        for (edge, low, high) in spans {
            for next in &mut next[low as usize..=high as usize] {
                edges[*next as usize] = edge;
                *next += 1;
            }
        }
        let bounds = Bounds { min: Bng::new(min.x, min.y), max: Bng::new(max.x, max.y) };
        let ring = first as usize..*closed.last()? as usize;
        Some(Self { unit, bounds, ring, first_row, starts, edges })
    }

    /// What was needed to build the index, and is not to ask it, is given back.
    pub(super) fn forget_slabs(&mut self) {
        self.starts = Vec::new();
        self.edges = Vec::new();
    }

    fn rows(&self) -> std::ops::Range<usize> {
        self.first_row..self.first_row + self.starts.len() - 1
    }

    /// Edges that may have a position in this row of the raster, in order of ring.
    fn edges_in(&self, row: usize) -> &[u32] {
        let slab = row - self.first_row;
        &self.edges[self.starts[slab] as usize..self.starts[slab + 1] as usize]
    }

    /// Distance from a position outside to the nearest edge, in metres.
    pub(super) fn distance(&self, ring: &[Coord], position: Bng) -> f64 {
        let at = Point::new(position.easting(), position.northing());
        ring[self.ring.clone()]
            .windows(2)
            .map(|edge| Euclidean.distance(&geo::Line::new(edge[0], edge[1]), &at))
            .fold(f64::INFINITY, f64::min)
    }
}

/// Parts that reach each row of the raster, in order of unit.
pub(super) fn parts_by_row(raster: &Raster, parts: &[Part]) -> Vec<Vec<u32>> {
    let mut in_rows = vec![Vec::new(); raster.n_rows];
    for (i, part) in parts.iter().enumerate() {
        for row in part.rows() {
            in_rows[row].push(i as u32);
        }
    }
    in_rows
}

/// One row of the raster as it is built: lists, runs and chains are numbered from its own start.
#[derive(Default)]
pub(super) struct Row {
    pub(super) ends: Vec<u32>,
    pub(super) listed: Vec<u32>,
    /// Each with the part it is of.
    pub(super) runs: Vec<(u32, Run)>,
    pub(super) chains: Vec<Chain>,
}

/// Fills one row from the parts that reach it, which are in order of unit.
pub(super) fn build_row(
    raster: &Raster,
    ring: &[Coord],
    parts: &[Part],
    row: usize,
    in_row: &[u32],
    cells: &mut [u32],
) -> Row {
    let mut built = Row::default();
    // The first part that covers each cell whole, and cells with the runs through them.
    let mut covering = vec![NOWHERE; raster.n_columns];
    let mut crossed: Vec<(u32, u32)> = Vec::new();
    let mut spans: Vec<(u32, u32, u32)> = Vec::new();
    let middle = raster.south + (row as f64 + 0.5) * raster.side;
    for &i in in_row {
        let part = &parts[i as usize];
        spans.clear();
        spans.extend(part.edges_in(row).iter().map(|&edge| {
            let at = (edge & !FLAG) as usize;
            let (first, last) = raster.columns(ring[at], ring[at + 1], row);
            (first, last, edge)
        }));
        spans.sort_unstable();
        // From east to west: what is east of a run turns round all of it alike.
        let (mut outer, mut holes, mut east) = (0, 0, None);
        let mut rest = &mut spans[..];
        while let Some((start, first, last)) = last_run(rest) {
            let (before, run) = rest.split_at_mut(start);
            rest = before;
            if let Some(east) = east.filter(|_| outer != 0 && holes == 0) {
                for cell in &mut covering[last as usize + 1..east] {
                    *cell = (*cell).min(i);
                }
            }
            crossed.extend((first..=last).map(|column| (column, built.runs.len() as u32)));
            let (unit, chains) = (part.unit.index() as u32, built.chains.len() as u32);
            built.runs.push((i, Run { unit, outer, holes, chains }));
            run.sort_unstable_by_key(|&(.., edge)| edge);
            for &(.., edge) in &*run {
                match built.chains[chains as usize..].last_mut() {
                    Some(chain) if chain.end | (chain.first & FLAG) == edge => chain.end += 1,
                    _ => built.chains.push(Chain { first: edge, end: (edge & !FLAG) + 1 }),
                }
                let at = (edge & !FLAG) as usize;
                let (up, down) = (ring[at].y <= middle, ring[at + 1].y <= middle);
                let turns = i32::from(up && !down) - i32::from(!up && down);
                *if edge & FLAG == 0 { &mut outer } else { &mut holes } += turns;
            }
            east = Some(first as usize);
        }
    }
    // Runs are numbered in order of part, so this is the order of unit within each cell.
    crossed.sort_unstable();

    let mut crossed = crossed.into_iter().peekable();
    for (column, (cell, &whole)) in cells.iter_mut().zip(&covering).enumerate() {
        let before = built.listed.len();
        while let Some((_, run)) = crossed.next_if(|&(at, _)| at as usize == column) {
            // What comes after the first part that covers the cell can never be asked.
            if built.runs[run as usize].0 < whole {
                built.listed.push(run);
            }
        }
        let unit =
            if whole == NOWHERE { NOWHERE } else { parts[whole as usize].unit.index() as u32 };
        *cell = if built.listed.len() > before {
            if unit != NOWHERE {
                built.listed.push(unit | FLAG);
            }
            built.ends.push(built.listed.len() as u32);
            FLAG | (built.ends.len() as u32 - 1)
        } else {
            unit
        };
    }
    built
}

/// The easternmost run of spans sorted from the west: where it starts among them, its first column
/// and its last.
fn last_run(spans: &[(u32, u32, u32)]) -> Option<(usize, u32, u32)> {
    let (mut start, mut first, mut last) = (0, spans.first()?.0, spans.first()?.1);
    for (i, span) in spans.iter().enumerate().skip(1) {
        if span.0 > last + 1 {
            (start, first) = (i, span.0);
        }
        last = last.max(span.1);
    }
    Some((start, first, last))
}

//! Densities at the pixels of small squares of a picture, hill by hill.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use std::sync::Arc;

use fearless_simd::{Level, Simd, dispatch};

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;

use super::block::{Block, Group};
use super::{BLOCK, BUCKET, Held, Hills, Reader, Spots};

/// Most places along the side of a quad.
pub const QUAD: usize = 16;
/// Places of a row that are filled together: what the widest registers hold.
const LANES: usize = 8;
/// Where a row has no place: far beyond the reach of anything, and its square is a number.
const NOWHERE: f32 = 1e15;

/// What a quad is known by: its level, and its first column and row there.
pub type QuadId = (u8, u32, u32);

/// Places in rows: the middles of `side` x `side` equal parts of the ground between four corners.
#[derive(Debug, Clone, Copy)]
pub struct Quad {
    /// North-west, north-east, south-west, south-east.
    pub corners: [Bng; 4],
    /// Places along a side, [`QUAD`] at the most.
    pub side: usize,
    /// What it is known by, if its densities may be kept.
    pub id: Option<QuadId>,
}

impl Quad {
    /// The place in this column from the west and row from the north.
    pub fn place(&self, column: usize, row: usize) -> Bng {
        let side = self.side as f64;
        let (across, down) = ((column as f64 + 0.5) / side, (row as f64 + 0.5) / side);
        let [nw, ne, sw, se] = self.corners;
        between(between(nw, sw, down), between(ne, se, down), across)
    }

    /// The box that holds it.
    pub fn bounds(&self) -> Bounds {
        let one = |at| Bounds { min: at, max: at };
        let [first, rest @ ..] = self.corners;
        rest.into_iter().fold(one(first), |all, at| all.union(one(at)))
    }
}

fn between(a: Bng, b: Bng, share: f64) -> Bng {
    Bng::new(
        a.easting() + (b.easting() - a.easting()) * share,
        a.northing() + (b.northing() - a.northing()) * share,
    )
}

/// Densities at the places of one quad after another; hills are merged when first looked at.
pub struct Quads<S> {
    hills: Hills<S>,
    blocks: Held<Arc<Block>>,
    level: Level,
    /// Reads places that are far apart one by one.
    alone: Option<Reader<S>>,
    /// What hills add up to at the places of the quad that was read last; nothing where all are zero.
    sums: Vec<f32>,
}

impl<S: Spots + Copy> Hills<S> {
    /// Densities at the places of quads within these bounds, whose places are about so far `apart`.
    pub fn quads(self, within: Bounds, apart: Metres) -> Quads<S> {
        let side = BUCKET * f64::from(BLOCK);
        let blocks = Held::new(within.grown(self.bandwidth + BUCKET), side);
        // So far apart, most hills are in reach of no place, and each place is read for itself.
        let alone = (apart.get() >= 2.0 * self.bandwidth).then(|| self.reader(within));
        Quads { hills: self, blocks, level: Level::new(), alone, sums: Vec::new() }
    }
}

impl<S: Spots + Copy> Quads<S> {
    /// Densities at the places of `quad`, in weight per m²: `[side x side]`, northernmost row first.
    /// Zero from what lies beyond the bounds that were given.
    pub fn read(&mut self, quad: &Quad, values: &mut Vec<f64>) {
        let peak = self.hills.peak();
        let kept = quad.id.and_then(|id| self.hills.spots.kept(id));
        if kept.is_none() {
            self.add_up(quad);
        }
        values.clear();
        let sums = kept.as_deref().unwrap_or(&self.sums);
        values.extend(sums.iter().map(|&sum| f64::from(sum) * peak));
        values.resize(quad.side * quad.side, 0.0);
    }

    /// Has the densities at the places of `quad` kept, if what holds the positions keeps any.
    pub fn keep(&mut self, quad: &Quad) {
        if let Some(id) = quad.id {
            self.add_up(quad);
            self.hills.spots.keep(id, &self.sums);
        }
    }

    /// Puts into `sums` what hills add up to.
    fn add_up(&mut self, quad: &Quad) {
        self.sums.clear();
        if let Some(reader) = &mut self.alone {
            let places = (0..quad.side * quad.side).map(|i| (i % quad.side, i / quad.side));
            self.sums.extend(places.map(|(x, y)| reader.sum_at(quad.place(x, y))));
            if self.sums.iter().all(|&sum| sum == 0.0) {
                self.sums.clear();
            }
            return;
        }
        let reach = self.hills.bandwidth;
        let bounds = quad.bounds();
        let reached = bounds.grown(reach);
        let bucket = |metres: f64| (metres / BUCKET).floor() as i32;
        let columns = bucket(reached.min.easting())..=bucket(reached.max.easting());
        let rows = bucket(reached.min.northing())..=bucket(reached.max.northing());
        // A corner of a bucket, so that rounding is the same whatever else is read.
        let origin = (*columns.start(), *rows.start());
        let mut cells: Option<Cells> = None;
        for row in rows {
            let mut column = *columns.start();
            while column <= *columns.end() {
                let at = (column.div_euclid(BLOCK), row.div_euclid(BLOCK));
                let last = (at.0 * BLOCK + BLOCK - 1).min(*columns.end());
                if let Some(held) = self.blocks.get_mut(at) {
                    let block = held.get_or_insert_with(|| self.hills.block(at));
                    if !block.is_empty() {
                        let level = self.level;
                        let cells = cells.get_or_insert_with(|| Cells::new(quad, origin, reach));
                        let hills = block.lanes(column..=last, row);
                        let off = [at.0 * BLOCK - origin.0, row - origin.1]
                            .map(|buckets| buckets as f32 * BUCKET as f32);
                        dispatch!(level, simd => cells.add(simd, hills, off));
                    }
                }
                column = last + 1;
            }
        }
        let rows = cells.iter().flat_map(|cells| cells.sums.chunks_exact(QUAD));
        for row in rows.take(quad.side) {
            self.sums.extend_from_slice(&row[..quad.side]);
        }
    }
}

/// The places of a quad, in m from the corner of a bucket, and what hills add up to there.
struct Cells {
    x: [f32; QUAD * QUAD],
    y: [f32; QUAD * QUAD],
    sums: [f32; QUAD * QUAD],
    per_reach2: f32,
    /// From metres to columns and rows: the first place, then what one metre east and one north add.
    column: [f32; 3],
    row: [f32; 3],
    /// How far a hill reaches, in columns and rows.
    across: f32,
    down: f32,
    /// How many columns and rows it reaches at the most.
    columns: usize,
    rows: usize,
}

impl Cells {
    fn new(quad: &Quad, origin: (i32, i32), reach: f64) -> Self {
        let corner = [origin.0, origin.1].map(|bucket| f64::from(bucket) * BUCKET);
        let (mut x, mut y) = ([NOWHERE; QUAD * QUAD], [NOWHERE; QUAD * QUAD]);
        for row in 0..quad.side {
            for column in 0..quad.side {
                let place = quad.place(column, row);
                x[row * QUAD + column] = (place.easting() - corner[0]) as f32;
                y[row * QUAD + column] = (place.northing() - corner[1]) as f32;
            }
        }
        // The quad is a parallelogram but for `bent`; what one place to the east and one to the south
        // are on the ground, turned round.
        let side = quad.side as f64;
        let [nw, ne, sw, se] = quad.corners.map(|at| [at.easting(), at.northing()]);
        let east = [0, 1].map(|i| (ne[i] - nw[i]) / side);
        let south = [0, 1].map(|i| (sw[i] - nw[i]) / side);
        let area = east[0] * south[1] - east[1] * south[0];
        let column = [south[1] / area, -south[0] / area];
        let row = [-east[1] / area, east[0] / area];
        let bent = f64::hypot(nw[0] - ne[0] - sw[0] + se[0], nw[1] - ne[1] - sw[1] + se[1]);
        let whole = |per: [f64; 2]| {
            let first = (corner[0] - nw[0]) * per[0] + (corner[1] - nw[1]) * per[1] - 0.5;
            [first, per[0], per[1]].map(|number| number as f32)
        };
        let reached = |per: [f64; 2]| ((reach + bent) * f64::hypot(per[0], per[1]) + 0.01) as f32;
        let (across, down) = (reached(column), reached(row));
        let most = |reached: f32| ((2.0 * reached) as usize + 1).min(QUAD);
        Self {
            x,
            y,
            sums: [0.0; QUAD * QUAD],
            per_reach2: (1.0 / (reach * reach)) as f32,
            columns: most(across),
            rows: most(down),
            across,
            down,
            column: whole(column),
            row: whole(row),
        }
    }

    /// Adds hills that are counted from `off`; their number is of whole [`LANES`].
    #[inline(always)]
    fn add(&mut self, simd: impl Simd, hills: Group<'_>, off: [f32; 2]) {
        simd.vectorize(
            #[inline(always)]
            || {
                let (xs, ys) = (hills.x.as_chunks::<LANES>().0, hills.y.as_chunks::<LANES>().0);
                let weights = hills.weight.as_chunks::<LANES>().0;
                for ((xs, ys), weights) in xs.iter().zip(ys).zip(weights) {
                    self.add_some(xs.map(|x| x + off[0]), ys.map(|y| y + off[1]), weights);
                }
            },
        );
    }

    #[inline(always)]
    fn add_some(&mut self, x: [f32; LANES], y: [f32; LANES], weight: &[f32; LANES]) {
        let (mut rows, mut columns) = ([0_i32; LANES], [0_i32; LANES]);
        let (last_row, last_column) = ((QUAD - self.rows) as i32, (QUAD - LANES) as i32);
        for k in 0..LANES {
            let row = self.row[0] + x[k] * self.row[1] + y[k] * self.row[2] - self.down;
            rows[k] = ((row + 1.0) as i32).max(0).min(last_row);
        }
        for k in 0..LANES {
            let column = self.column[0] + x[k] * self.column[1] + y[k] * self.column[2];
            columns[k] = ((column - self.across + 1.0) as i32).max(0).min(last_column);
        }
        for k in 0..LANES {
            if self.columns <= LANES {
                let column = columns[k] as usize;
                self.add_one::<LANES>(rows[k] as usize, column, x[k], y[k], weight[k]);
            } else {
                self.add_one::<QUAD>(rows[k] as usize, 0, x[k], y[k], weight[k]);
            }
        }
    }

    /// Adds a hill to all places of the rows and columns that hold the places it can reach: always
    /// as many, because to foresee how many costs more than to add nothing to some.
    #[inline(always)]
    fn add_one<const N: usize>(&mut self, row: usize, column: usize, x: f32, y: f32, weight: f32) {
        let per_reach2 = self.per_reach2;
        for row in row..row + self.rows {
            let lanes = row * QUAD + column..row * QUAD + column + N;
            let of = |all: &[f32; QUAD * QUAD]| -> [f32; N] {
                all[lanes.clone()].try_into().expect("so many lanes")
            };
            let (xs, ys, mut sums) = (of(&self.x), of(&self.y), of(&self.sums));
            for k in 0..N {
                let (dx, dy) = (xs[k] - x, ys[k] - y);
                let near = (1.0 - (dx * dx + dy * dy) * per_reach2).max(0.0);
                sums[k] += weight * near * near;
            }
            self.sums[lanes].copy_from_slice(&sums);
        }
    }
}

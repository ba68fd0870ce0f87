//! Densities at the centres of a lattice that is fixed on the ground.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use std::sync::Arc;

use fearless_simd::{Level, Simd, dispatch};

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::stats::Surface;

use super::block::{Block, Group};
use super::{BLOCK, BUCKET, Hills, Spots, Square, squares};

/// Lattice cells along the side of a patch, at least: few enough that a deep tile has little to work
/// out that it does not show, and enough that hills are not looked at again by each neighbour.
const LEAST: i32 = 40;

/// Sums at the lattice centres of one square of the ground.
#[derive(Debug, Default)]
pub struct Patch {
    /// `[side²]`, southernmost row first; nothing where all are zero.
    sums: Vec<f32>,
}

impl Patch {
    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + 4 * self.sums.len()
    }
}

/// Columns that are filled together: what the widest registers hold.
const LANES: usize = 8;

/// What hills add up to at the centres of a patch.
struct Sums {
    side: usize,
    /// Columns with room for [`LANES`] more on either side, so that what is filled together is never
    /// cut.
    stride: usize,
    /// How far a hill reaches, in lattice cells.
    reach: f32,
    cells: Vec<f32>,
    any: bool,
}

impl Sums {
    fn new(side: usize, reach: f32) -> Self {
        let stride = side + 2 * LANES;
        Self { side, stride, reach, cells: vec![0.0; stride * side], any: false }
    }

    /// Adds the hills of a bucket whose first cell is in this column and row of the patch.
    #[inline(always)]
    fn add(
        &mut self,
        simd: impl Simd,
        hills: Group<'_>,
        bucket_west: f32,
        [west, south]: [i32; 2],
        per_cell: f32,
    ) {
        simd.vectorize(
            #[inline(always)]
            || {
                for ((&x, &y), &weight) in hills.x.iter().zip(hills.y).zip(hills.weight) {
                    let at = [(x - bucket_west) * per_cell - 0.5, y * per_cell - 0.5];
                    self.add_one(at, [west, south], weight);
                }
            },
        );
    }

    #[inline(always)]
    fn add_one(&mut self, [x, y]: [f32; 2], [west, south]: [i32; 2], weight: f32) {
        let reach = self.reach;
        self.any = true;
        let (reach2, per_reach2) = (reach * reach, 1.0 / (reach * reach));
        let (side, room) = (self.side as i32, LANES as i32);
        // Columns are counted from the bucket, as positions are.
        let mut column = ((x - reach).floor() as i32 + 1).max(-west);
        let end = ((x + reach).floor() as i32).min(side - 1 - west);
        while column <= end {
            let from = column as f32;
            let nearest = x.clamp(from, from + (LANES - 1) as f32) - x;
            let mut dx2 = [0.0_f32; LANES];
            for (k, dx2) in dx2.iter_mut().enumerate() {
                let dx = from + k as f32 - x;
                *dx2 = dx * dx;
            }
            // Rows that one of these columns is reached in; beyond, the kernel is zero.
            let half = (reach2 - nearest * nearest).max(0.0).sqrt();
            let first = ((y - half).floor() as i32).max(-south);
            let after = ((y + half).floor() as i32 + 1).min(side - south);
            for row in first..after {
                let dy = y - row as f32;
                let dy2 = dy * dy;
                let start = (row + south) as usize * self.stride + (column + west + room) as usize;
                let Some(cells) = self.cells.get_mut(start..start + LANES) else { continue };
                let mut sums: [f32; LANES] = [0.0; LANES];
                sums.copy_from_slice(cells);
                for k in 0..LANES {
                    let near = (1.0 - (dx2[k] + dy2) * per_reach2).max(0.0);
                    sums[k] += weight * near * near;
                }
                cells.copy_from_slice(&sums);
            }
            column += LANES as i32;
        }
    }

    fn patch(self) -> Patch {
        if !self.any {
            return Patch::default();
        }
        let rows = self.cells.chunks_exact(self.stride);
        let inner = rows.flat_map(|row| &row[LANES..LANES + self.side]);
        Patch { sums: inner.copied().collect() }
    }
}

impl<S: Spots + Copy> Hills<S> {
    /// Buckets along the side of a patch.
    fn patch_buckets(&self) -> i32 {
        (LEAST + self.per_bucket - 1) / self.per_bucket
    }

    /// Lattice cells along the side of a patch.
    fn patch_cells(&self) -> i32 {
        self.patch_buckets() * self.per_bucket
    }

    fn patch(&self, patch: Square) -> Arc<Patch> {
        self.spots.patch(patch, || self.work_out(patch))
    }

    fn work_out(&self, (column, row): Square) -> Patch {
        let (k, side) = (self.per_bucket, self.patch_cells());
        let cell = self.cell().get();
        let (first_column, first_row) = (column * side, row * side);
        let reach = self.bandwidth / cell;
        let margin = reach.ceil() as i32 + 1;
        let mut sums = Sums::new(side as usize, reach as f32);
        let per_cell = (1.0 / cell) as f32;
        let buckets =
            |first: i32| (first - margin).div_euclid(k)..=(first + side + margin).div_euclid(k);
        let level = Level::new();
        let mut held: Option<(Square, Arc<Block>)> = None;
        for row in buckets(first_row) {
            for column in buckets(first_column) {
                let at = (column.div_euclid(BLOCK), row.div_euclid(BLOCK));
                if held.as_ref().is_none_or(|(held, _)| *held != at) {
                    held = Some((at, self.block(at)));
                }
                let Some((_, block)) = &held else { continue };
                let hills = block.hills(column..=column, row);
                if hills.x.is_empty() {
                    continue;
                }
                // Lattice cells are counted from the bucket, so that rounding is the bucket's own.
                let corner = [column * k - first_column, row * k - first_row];
                let west = (column.rem_euclid(BLOCK) * BUCKET as i32) as f32;
                dispatch!(level, simd => sums.add(simd, hills, west, corner, per_cell));
            }
        }
        sums.patch()
    }

    /// Densities at the centres of the lattice cells that cover `within`, in weight per m².
    pub fn surface(&self, within: Bounds) -> Surface {
        let cell = self.cell().get();
        let (west, columns) = squares(within.min.easting(), within.max.easting(), cell);
        let (south, rows) = squares(within.min.northing(), within.max.northing(), cell);
        let (columns, rows) = (columns.max(1), rows.max(1));
        let (side, peak) = (self.patch_cells(), self.peak());
        let mut values = vec![0.0; columns as usize * rows as usize];
        let patches =
            |first: i32, n: i32| first.div_euclid(side)..=(first + n - 1).div_euclid(side);
        for patch_row in patches(south, rows) {
            for patch_column in patches(west, columns) {
                let patch = self.patch((patch_column, patch_row));
                if patch.sums.is_empty() {
                    continue;
                }
                let both = |first: i32, n: i32, patch: i32| {
                    first.max(patch * side)..(first + n).min((patch + 1) * side)
                };
                let shown = both(west, columns, patch_column);
                for row in both(south, rows, patch_row) {
                    let from = (row - patch_row * side) * side + shown.start - patch_column * side;
                    let to = (row - south) * columns + shown.start - west;
                    let sums = &patch.sums[from as usize..from as usize + shown.len()];
                    let values = &mut values[to as usize..to as usize + shown.len()];
                    for (value, &sum) in values.iter_mut().zip(sums) {
                        *value = f64::from(sum) * peak;
                    }
                }
            }
        }
        Surface {
            origin: Bng::new(f64::from(west) * cell, f64::from(south) * cell),
            cell: self.cell(),
            n_columns: columns as usize,
            n_rows: rows as usize,
            values,
        }
    }
}

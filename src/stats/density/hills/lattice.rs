//! Densities at the centres of a lattice that is fixed on the ground, and bilinear between them.

use std::sync::Arc;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::stats::Surface;

use super::block::Block;
use super::{BLOCK, Held, Hills, Spots, Square, squares};

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

    fn get(&self, index: usize) -> f64 {
        self.sums.get(index).map_or(0.0, |&sum| f64::from(sum))
    }
}

/// The least whole number that is not below `x`; without a call, as the library's own would be.
fn above(x: f32) -> i32 {
    let cut = x as i32;
    cut + i32::from(x > cut as f32)
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
        // Each hill adds to a run as wide as the kernel, of rows that have room for all of it: beyond
        // its reach it adds nothing, and a run that is never cut is quick. A hill that reaches the
        // patch stands up to one reach beyond its edge, and its run begins another reach further.
        let reach = self.bandwidth / cell;
        let margin = reach.ceil() as i32 + 1;
        let room = 2 * margin;
        let stride = (side + 2 * room) as usize;
        let width = (2.0 * reach).ceil() as usize + 1;
        let mut sums = vec![0.0_f32; stride * side as usize];
        let mut any = false;
        let per_reach2 = (1.0 / (reach * reach)) as f32;
        let per_cell = (1.0 / cell) as f32;
        let reach = reach as f32;
        let steps: Vec<f32> = (0..width as u16).map(f32::from).collect();
        let buckets =
            |first: i32| (first - margin).div_euclid(k)..=(first + side + margin).div_euclid(k);
        let mut held: Option<(Square, Arc<Block>)> = None;
        for row in buckets(first_row) {
            for column in buckets(first_column) {
                let at = (column.div_euclid(BLOCK), row.div_euclid(BLOCK));
                if held.as_ref().is_none_or(|(held, _)| *held != at) {
                    held = Some((at, self.block(at)));
                }
                let Some((_, block)) = &held else { continue };
                let hills = block.hills();
                // Lattice cells are counted from the bucket, so that rounding is the bucket's own.
                let (west, south) = (column * k - first_column, row * k - first_row);
                for i in block.bucket(column, row) {
                    let (x, y) = (hills.x[i] * per_cell - 0.5, hills.y[i] * per_cell - 0.5);
                    let weight = hills.weight[i];
                    let first = above(x - reach);
                    let (low, high) = (above(y - reach), above(y + reach));
                    let start = first + west + room;
                    // Too far off to reach it.
                    if start < 0 || start as usize + width > stride {
                        continue;
                    }
                    any = true;
                    let x = x - first as f32;
                    for j in low.max(-south)..high.min(side - south) {
                        let dy = y - j as f32;
                        let dy2 = dy * dy;
                        let start = (j + south) as usize * stride + start as usize;
                        let run = &mut sums[start..start + width];
                        for (sum, step) in run.iter_mut().zip(&steps) {
                            let dx = x - step;
                            let near = (1.0 - (dx * dx + dy2) * per_reach2).max(0.0);
                            *sum += weight * near * near;
                        }
                    }
                }
            }
        }
        if !any {
            return Patch::default();
        }
        let rows = sums.chunks_exact(stride);
        let inner = rows.flat_map(|row| &row[room as usize..(room + side) as usize]);
        Patch { sums: inner.copied().collect() }
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

    /// Densities of the same surface one by one, at places within these bounds.
    pub fn lattice(self, within: Bounds) -> Lattice<S> {
        let cell = self.cell().get();
        let side = self.patch_cells();
        let patches = Held::new(within.grown(cell), f64::from(side) * cell);
        Lattice { side, per_cell: 1.0 / cell, peak: self.peak(), patches, hills: self }
    }
}

/// Densities at single places, bilinear between lattice centres; patches are worked out when first
/// looked at.
pub struct Lattice<S> {
    hills: Hills<S>,
    side: i32,
    per_cell: f64,
    peak: f64,
    patches: Held<Arc<Patch>>,
}

impl<S: Spots + Copy> Lattice<S> {
    /// Density at `place`, in weight per m²; zero outside the bounds that were given.
    pub fn at(&mut self, place: Bng) -> f64 {
        let (x, y) =
            (place.easting() * self.per_cell - 0.5, place.northing() * self.per_cell - 0.5);
        let (column, row) = (x.floor() as i32, y.floor() as i32);
        let (fx, fy) = (x - f64::from(column), y - f64::from(row));
        let south = self.sum(column, row) * (1.0 - fx) + self.sum(column + 1, row) * fx;
        let north = self.sum(column, row + 1) * (1.0 - fx) + self.sum(column + 1, row + 1) * fx;
        (south * (1.0 - fy) + north * fy) * self.peak
    }

    fn sum(&mut self, column: i32, row: i32) -> f64 {
        let at = (column.div_euclid(self.side), row.div_euclid(self.side));
        let Some(held) = self.patches.get_mut(at) else { return 0.0 };
        let patch = held.get_or_insert_with(|| self.hills.patch(at));
        let (x, y) = (column - at.0 * self.side, row - at.1 * self.side);
        patch.get((y * self.side + x) as usize)
    }
}

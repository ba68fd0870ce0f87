//! Densities at any place of any size of country, computed where they are looked at and nowhere
//! else: what filtered heat is drawn from.
//!
//! Positions are merged into hills block by block ([`Block`]); a surface is worked out patch by
//! patch ([`Patch`]). Both are the same whatever else is looked at, so whoever holds the positions
//! may keep them ([`Spots`]): what is drawn next then costs nothing of how many positions there are.

mod block;
mod lattice;
mod quad;
mod reader;

pub use block::Block;
pub use lattice::Patch;
pub use quad::{QUAD, Quad, QuadId, Quads};
pub use reader::Reader;

use std::sync::Arc;

use rayon::prelude::*;

use crate::geometry::Bounds;
use crate::quantity::Metres;

use super::Kernel;

/// Side of a bucket, in metres; corners lie on multiples of it from the grid's origin.
pub const BUCKET: f64 = 250.0;
/// Steps of a metre that positions inside a bucket are rounded to.
pub const STEPS: f64 = 256.0;
/// Buckets along the side of a block.
pub const BLOCK: i32 = 16;
/// Lattice cells to one bandwidth: bilinear reading between centres this near stays within half a
/// per cent of the kernel's peak.
const CELLS_PER_BANDWIDTH: f64 = 12.0;

/// A square by its column and row, counted from the grid's origin.
pub type Square = (i32, i32);

/// Weighted positions, by bucket.
pub trait Spots: Sync {
    /// Tells `each` of every position of the bucket in this column and row: how far east and north
    /// of the bucket's corner it lies, in 1/256 m, and its weight. In the same order every time.
    fn bucket(&self, column: i32, row: i32, each: impl FnMut(u16, u16, f64));

    /// Everything with a weight lies in here; `None` where nothing has.
    fn bounds(&self) -> Option<Bounds>;

    /// The hills of a block: as kept from before, or as `make` gives them.
    fn block(&self, block: Square, make: impl FnOnce() -> Block) -> Arc<Block> {
        let _ = block;
        Arc::new(make())
    }

    /// A part of the surface: as kept from before, or as `make` gives it.
    fn patch(&self, patch: Square, make: impl FnOnce() -> Patch) -> Arc<Patch> {
        let _ = patch;
        Arc::new(make())
    }

    /// What hills add up to at the places of this quad, if [`Self::keep`] was told.
    fn kept(&self, quad: QuadId) -> Option<Arc<[f32]>> {
        let _ = quad;
        None
    }

    /// May keep what hills add up to at the places of this quad.
    fn keep(&self, quad: QuadId, sums: &[f32]) {
        let _ = (quad, sums);
    }
}

impl<S: Spots> Spots for &S {
    fn bucket(&self, column: i32, row: i32, each: impl FnMut(u16, u16, f64)) {
        (**self).bucket(column, row, each);
    }

    fn bounds(&self) -> Option<Bounds> {
        (**self).bounds()
    }

    fn block(&self, block: Square, make: impl FnOnce() -> Block) -> Arc<Block> {
        (**self).block(block, make)
    }

    fn patch(&self, patch: Square, make: impl FnOnce() -> Patch) -> Arc<Patch> {
        (**self).patch(patch, make)
    }

    fn kept(&self, quad: QuadId) -> Option<Arc<[f32]>> {
        (**self).kept(quad)
    }

    fn keep(&self, quad: QuadId, sums: &[f32]) {
        (**self).keep(quad, sums);
    }
}

/// Densities by the quartic kernel, of positions merged into hills.
///
/// Positions of one lattice cell (a twelfth of a bandwidth) are one hill at their centre of gravity.
/// A position alone in its cell, or a stack of them on one spot, is exactly where it is. Positions
/// spread over a cell are, at their own centre, off by 0.2% of the height of their hill, and by 0.7%
/// (a twelfth squared) if they stand in opposite corners; where the kernel ends, where it bends most,
/// by twice that at the most. The lattice is fixed on the ground and hills add up in one order, so a
/// density is the same to the last bit whatever else is computed with it.
///
/// # Source
///
/// Silverman (1986), *Density Estimation for Statistics and Data Analysis*, section 4.2, with hills
/// in place of positions as in Wand (1994), <https://doi.org/10.1080/10618600.1994.10474656>.
#[derive(Debug, Clone, Copy)]
pub struct Hills<S> {
    spots: S,
    bandwidth: f64,
    /// Lattice cells along the side of a bucket.
    per_bucket: i32,
}

impl<S: Spots + Copy> Hills<S> {
    /// Densities of `spots` at this bandwidth: the distance at which the kernel ends.
    pub fn new(spots: S, bandwidth: Metres) -> Self {
        let per_bucket = (BUCKET * CELLS_PER_BANDWIDTH / bandwidth.get()).round().max(1.0) as i32;
        Self { spots, bandwidth: bandwidth.get(), per_bucket }
    }

    /// Side of a lattice cell.
    pub fn cell(&self) -> Metres {
        Metres::new(BUCKET / f64::from(self.per_bucket))
    }

    /// Where densities may be above zero; `None` where nothing has a weight.
    pub fn bounds(&self) -> Option<Bounds> {
        Some(self.spots.bounds()?.grown(self.bandwidth))
    }

    /// Height of a hill of weight 1, per m².
    fn peak(&self) -> f64 {
        Kernel::Quartic.peak(Metres::new(self.bandwidth))
    }

    /// Has the hills of all blocks within these bounds kept, if what holds the positions keeps any.
    pub fn warm(&self, within: Bounds) {
        let side = BUCKET * f64::from(BLOCK);
        let (west, columns) = squares(within.min.easting(), within.max.easting(), side);
        let (south, rows) = squares(within.min.northing(), within.max.northing(), side);
        (south..south + rows).into_par_iter().for_each(|row| {
            (west..west + columns).for_each(|column| drop(self.block((column, row))));
        });
    }

    /// The hills of one block.
    fn block(&self, block: Square) -> Arc<Block> {
        self.spots.block(block, || Block::of(&self.spots, block, self.per_bucket))
    }
}

/// Columns or rows of squares of this side, in metres, that cover `low` to `high`: the first, and how
/// many.
fn squares(low: f64, high: f64, side: f64) -> (i32, i32) {
    let first = (low / side).floor() as i32;
    (first, ((high / side).floor() as i32 - first + 1).max(0))
}

/// Squares held by column and row, all of one rectangle.
struct Held<T> {
    west: i32,
    south: i32,
    columns: i32,
    squares: Vec<Option<T>>,
}

impl<T> Held<T> {
    /// Room for the squares of this side that cover `within`, none held yet.
    fn new(within: Bounds, side: f64) -> Self {
        let (west, columns) = squares(within.min.easting(), within.max.easting(), side);
        let (south, rows) = squares(within.min.northing(), within.max.northing(), side);
        let n = columns as usize * rows as usize;
        Self { west, south, columns, squares: (0..n).map(|_| None).collect() }
    }

    /// The place of a square; `None` outside the rectangle.
    fn get_mut(&mut self, (column, row): Square) -> Option<&mut Option<T>> {
        let (across, up) = (column - self.west, row - self.south);
        if across < 0 || across >= self.columns || up < 0 {
            return None;
        }
        self.squares.get_mut((up * self.columns + across) as usize)
    }
}

#[cfg(test)]
mod tests;

//! What heat is drawn from: values at any place, whatever computes them.

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::{Quad, Surface};

/// Puts the values at the places of a quad in place of what the numbers were: `[side x side]`,
/// northernmost row first.
pub type QuadReader<'a> = Box<dyn FnMut(&Quad, &mut Vec<f64>) + 'a>;

/// Values of one unit over the ground, the same at a place whatever else is read with it.
pub trait Field: Sync {
    /// Beyond this all values are zero; `None` where they are everywhere.
    fn bounds(&self) -> Option<Bounds>;
    /// Side of the cells of [`Self::surface`].
    fn spacing(&self) -> Metres;
    /// Values at the centres of the cells that cover `within`; the cells of every surface lie on one
    /// lattice.
    fn surface(&self, within: Bounds) -> Surface;
    /// Reads values at the places of quads in `within`, about so far `apart`, one quad after another.
    fn quads(&self, within: Bounds, apart: Metres) -> QuadReader<'_>;
    /// Reads values one by one at places in `within`.
    fn reader(&self, within: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_>;
}

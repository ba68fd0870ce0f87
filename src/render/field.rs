//! What heat is drawn from: values at any place, whatever computes them.

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::Surface;

/// Values of one unit over the ground, the same at a place whatever else is read with it.
pub trait Field: Sync {
    /// Beyond this all values are zero; `None` where they are everywhere.
    fn bounds(&self) -> Option<Bounds>;
    /// Side of the cells of [`Self::surface`].
    fn spacing(&self) -> Metres;
    /// Values at the centres of the cells that cover `within`; the cells of every surface lie on one
    /// lattice.
    fn surface(&self, within: Bounds) -> Surface;
    /// Reads values of the surface one by one at places in `within`: bilinear between its centres.
    fn lattice(&self, within: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_>;
    /// Reads values one by one at places in `within`.
    fn reader(&self, within: Bounds) -> Box<dyn FnMut(Bng) -> f64 + '_>;
}

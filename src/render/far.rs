//! Where a field is read when a whole country is looked at.

use std::ops::RangeInclusive;

use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::Quad;

use super::raster_tile::{Frame, PixelRect, TILE, each_lattice_cell, pixel_on_ground};

/// Levels at which a country is looked at whole: their quads are known again.
pub(super) const FAR: RangeInclusive<u8> = 4..=9;

/// The quads of `within` on which a field is read where a country is looked at whole: of each such
/// level, how far apart their places are, and the quads whose northernmost corner lies in it.
pub fn far_quads(within: Bounds) -> Vec<(Metres, Vec<Quad>)> {
    let of_level = |level: u8| {
        let side = TILE << level;
        let world = PixelRect { level, west: 0, north: 0, width: side, height: side };
        let (low, high) = (within.min.northing(), within.max.northing());
        let frame = Frame::of_metres(within);
        let mut quads = Vec::new();
        each_lattice_cell(world, frame, |cell, x, y| {
            let quad = cell.quad(frame.origin, (level, x, y));
            let north = quad.bounds().max.northing();
            if low < north && north <= high {
                quads.push(quad);
            }
        });
        (Metres::new(pixel_on_ground(level)), quads)
    };
    FAR.map(of_level).collect()
}

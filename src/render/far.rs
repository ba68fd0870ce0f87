//! Where a field is read when a whole country is looked at.

use std::ops::RangeInclusive;

use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::Quad;

use super::raster_tile::{Frame, PixelRect, each_lattice_cell, pixel_on_ground};

/// Levels at which a country is looked at whole: their quads are known again.
pub(super) const FAR: RangeInclusive<u8> = 4..=9;

/// The quads of `within` on which a field is read where a country is looked at whole: of each such
/// level, how far apart their places are, and the quads whose northernmost corner lies in it.
pub fn far_quads(within: Bounds) -> Vec<(Metres, Vec<Quad>)> {
    let (low, high) = (within.min.northing(), within.max.northing());
    let frame = Frame::of_metres(within);
    let of_level = |level: u8| {
        let mut quads = Vec::new();
        // Where not all of it has a place on the plane, none are known ahead.
        let rect = PixelRect::about(level, frame)?;
        each_lattice_cell(rect, frame, |cell, x, y| {
            let quad = cell.quad(frame.origin, (level, x, y));
            let north = quad.bounds().max.northing();
            if low < north && north <= high {
                quads.push(quad);
            }
        });
        Some((Metres::new(pixel_on_ground(level)), quads))
    };
    FAR.filter_map(of_level).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::crs::Bng;

    fn ids(south: f64, north: f64) -> BTreeSet<Option<(u8, u32, u32)>> {
        let at = |easting, northing| Bng::new(easting, northing);
        let quads = far_quads(Bounds { min: at(300_000.0, south), max: at(500_000.0, north) });
        // Beyond its sides a band may have more or fewer.
        let inner = |quad: &Quad| {
            let bounds = quad.bounds();
            bounds.min.easting() > 300_000.0 && bounds.max.easting() < 500_000.0
        };
        let all = quads.into_iter().flat_map(|(_, quads)| quads).filter(inner);
        all.map(|quad| quad.id).collect()
    }

    #[test]
    fn every_quad_belongs_to_one_band() {
        let (low, high) = (ids(400_000.0, 404_000.0), ids(404_000.0, 408_000.0));
        let both = ids(400_000.0, 408_000.0);

        assert!(low.len() > 50 && high.len() > 50, "{} {}", low.len(), high.len());
        assert!(low.is_disjoint(&high) && !both.contains(&None));
        assert!(low.union(&high).all(|id| both.contains(id)));
        assert_eq!(low.len() + high.len(), both.len());
    }

    #[test]
    fn ground_without_a_place_has_no_quads() {
        let beyond = Bounds { min: Bng::new(-2e6, 0.0), max: Bng::new(-1.9e6, 4e3) };

        assert!(far_quads(beyond).is_empty());
    }
}

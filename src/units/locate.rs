//! Position to unit. (Helper: stats. First draft: to become the raster-of-candidates index.)

use rayon::prelude::*;

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};

use super::UnitIdx;

/// Which unit of a fixed list holds a position.
#[derive(Debug)]
pub struct Locator {
    shapes: Vec<(Shape, Option<Bounds>)>,
}

impl Locator {
    /// Over polygons; the first in the list wins on a shared edge.
    pub fn polygons(shapes: &[Shape]) -> Self {
        Self { shapes: shapes.iter().map(|s| (s.clone(), s.bounds())).collect() }
    }

    /// The unit that holds `position`, edges included.
    pub fn locate(&self, position: Bng) -> Option<UnitIdx> {
        self.shapes
            .iter()
            .position(|(s, b)| b.is_some_and(|b| b.contains(position)) && s.covers(position))
            .map(UnitIdx::new)
    }

    /// [`Self::locate`] for many positions, in parallel, in order.
    pub fn locate_all(&self, positions: &[Bng]) -> Vec<Option<UnitIdx>> {
        positions.par_iter().map(|&p| self.locate(p)).collect()
    }
}

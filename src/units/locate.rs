//! Position to unit, for polygons and for cells alike.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Metres;

use super::polygons::PolygonIndex;
use super::{Grid, H3Index, UnitIdx};

/// Positions that one thread takes at a time.
const CHUNK: usize = 8_192;

/// Which unit of a fixed list holds a position.
#[derive(Debug)]
pub enum Locator {
    /// Any polygons. An edge counts as inside; where several units hold a position, the first in
    /// the list does.
    Polygons(PolygonIndex),
    /// Cells of a grid. A position on an edge belongs to the cell to its north-east.
    Squares(Grid),
    /// Cells of H3: each position is in the cell that H3 says.
    H3(H3Index),
}

impl Locator {
    /// Over polygons; the first in the list wins on a shared edge.
    pub fn polygons(shapes: &[Shape]) -> Self {
        Self::Polygons(PolygonIndex::new(shapes))
    }

    /// The unit that holds `position`, edges included; `None` outside all of them.
    pub fn locate(&self, position: Bng) -> Option<UnitIdx> {
        match self {
            Self::Polygons(index) => index.locate(position),
            Self::Squares(grid) => grid.locate(position),
            Self::H3(index) => index.locate(position),
        }
    }

    /// [`Self::locate`] for many positions, in parallel, in order.
    pub fn locate_all(&self, positions: &[Bng]) -> Vec<Option<UnitIdx>> {
        let mut found = vec![None; positions.len()];
        let chunks = found.par_chunks_mut(CHUNK).zip(positions.par_chunks(CHUNK));
        match self {
            Self::Polygons(index) => {
                chunks.for_each(|(found, positions)| index.locate_into(positions, found));
            }
            Self::Squares(_) | Self::H3(_) => chunks.for_each(|(found, positions)| {
                for (found, &position) in found.iter_mut().zip(positions) {
                    *found = self.locate(position);
                }
            }),
        }
        found
    }

    /// The unit nearest to `position` and how far away it is (zero inside); `None` if none is
    /// within `reach`, that distance included.
    ///
    /// For positions that fall just outside, where a coast or a boundary was simplified.
    pub fn nearest(&self, position: Bng, reach: Metres) -> Option<(UnitIdx, Metres)> {
        match self {
            Self::Polygons(index) => index.nearest(position, reach),
            Self::Squares(grid) => grid.nearest(position, reach),
            Self::H3(index) => index.nearest(position, reach),
        }
    }

    /// The grid, where units are cells.
    pub const fn grid(&self) -> Option<&Grid> {
        match self {
            Self::Squares(grid) => Some(grid),
            Self::Polygons(_) | Self::H3(_) => None,
        }
    }
}

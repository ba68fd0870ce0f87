//! Findings to pictures: heat tiles, drawn maps and the one legend that explains them all.
//!
//! Start at [`palette`] for colours, at [`classify`] for what is in which class, and at
//! [`raster_tile`] for heat. Colours and classes are data: the legend, the tiles, the drawn map and
//! the page read the same.

pub mod classify;
pub mod contour;
pub mod legend;
pub mod palette;
pub mod raster_tile;
#[cfg(test)]
pub(crate) mod testing;

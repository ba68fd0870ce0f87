//! Findings to pictures: heat tiles, drawn maps and the one legend that explains them all.
//!
//! Start at [`palette`] for colours, at [`classify`] for what is in which class, at
//! [`raster_tile`] for heat tiles ([`tile_image`] writes them) and at [`picture`] for a whole map. Colours and classes are data:
//! the legend, the tiles, the drawn map and the page read the same.

pub mod bitmap;
pub mod classify;
mod codes;
pub mod contour;
pub mod contour_tile;
mod english;
pub mod far;
pub mod field;
pub mod ground;
mod labels;
pub mod legend;
pub mod legend_picture;
pub mod palette;
pub mod pdf;
pub mod picture;
pub mod raster_tile;
pub mod sheet;
mod svg;
#[cfg(test)]
pub(crate) mod testing;
pub mod tile_image;
pub mod unit_classes;
pub mod vector_tile;
pub mod venue_map;

pub use svg::Letters;

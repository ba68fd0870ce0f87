//! Which units are near which, and how much each neighbour counts, as compressed rows.
//!
//! Start with [`WeightsChoice`], which names every rule (`queen`, `rook`, `band:500`, `nearest:6`,
//! `kernel:triangular:1000`, or a file) and builds its [`Weights`] for any units. A grid finds its
//! neighbours by the arithmetic of its columns and rows, so that a million cells take a blink.

mod band;
mod choice;
mod contiguity;
mod distance;
mod english;
mod file;
mod kernel;
mod neighbours;
mod search;
mod weighted;

pub use choice::{Pairing, WeightsChoice, WeightsError};
pub use contiguity::{Contiguity, area_contiguity, cell_contiguity};
pub use distance::{cell_band, cell_nearest, distance_band, nearest};
pub use file::{WeightsFile, WeightsFileError, WeightsFormat};
pub use kernel::{Reach, WeightKernel, cell_kernel, kernel_weights};
pub use neighbours::{MOST_LINKS, Neighbours, NeighboursError};
pub use weighted::{Constants, Weights};

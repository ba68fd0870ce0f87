//! Statistics: pure functions from counts, positions and neighbours to scores.
//!
//! Nothing here sees a text field, a file, a URL or a colour.

mod bandwidth;
mod gi_star;
mod kde;
mod output;
mod significance;

pub use bandwidth::{Bandwidths, normal_reference, scott};
pub use gi_star::{GiStarError, GiStarScore, Star, Weighting, gi_star, gi_star_in_family, local_g};
pub use kde::{KdeError, Kernel, Layout, MOST_SURFACE_CELLS, kde, per_km2_year, within};
pub use output::Surface;
pub use significance::{Adjustment, adjust, esda_cut_off, q_values, two_sided_p};

//! Statistics: pure functions from counts, positions and neighbours to scores.
//!
//! Nothing here sees a text field, a file, a URL or a colour.

mod bandwidth;
mod change;
mod concentration;
mod gi_star;
mod hotspots;
mod kde;
mod output;
mod random;
mod rank;
mod significance;

pub use bandwidth::{Bandwidths, normal_reference, scott};
pub use change::{Change, ChangeClass, FEWEST_TO_CALL, change};
pub use concentration::{fewest_units_with, generalised_gini, gini, share_of_top};
pub use gi_star::{GiStarError, GiStarScore, Star, Weighting, gi_star, gi_star_in_family, local_g};
pub use hotspots::{Hotspot, HotspotError, hotspots};
pub use kde::{KdeError, Kernel, Layout, MOST_SURFACE_CELLS, kde, per_km2_year, within};
pub use output::Surface;
pub use rank::{RANK_DRAWS, Rank, RankError, ranks};
pub use significance::{Adjustment, adjust, esda_cut_off, q_values, two_sided_p};

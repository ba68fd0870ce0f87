//! Space and time together: what has become of each place, and whether incidents breed incidents
//! nearby.
//!
//! Start with [`space_time_cube`] for places over months, and with [`near_repeats`] for incidents
//! with dates.

mod cube;
mod emerging;
mod knox;
mod mann_kendall;
mod mantel;
mod near_repeat;
mod pairs;
mod timing;

pub use cube::{Cube, CubeError, CubeOptions, FEWEST_PERIODS, Reference, space_time_cube};
pub use emerging::{
    ALL_ALONG, Emerging, Heat, Pattern, RecentOptions, emerging_class, matching_classes,
    recent_class,
};
pub use knox::{Knox, KnoxIncident, KnoxOptions, NearnessError, knox};
pub use mann_kendall::{Continuity, MannKendall, mann_kendall};
pub use mantel::{Correlation, MOST_INCIDENTS, MOST_RANKED, Mantel, MantelOptions, mantel};
pub use near_repeat::{Closing, NearRepeat, NearRepeatOptions, near_repeats};
pub use pairs::Metric;
pub use timing::{TimingError, check_days};

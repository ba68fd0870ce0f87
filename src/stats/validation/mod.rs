//! Whether a map was right: judged on incidents after those it was made from.
//!
//! Start with [`accuracy`].

mod accuracy;
mod forecast;
mod stability;

pub use accuracy::{Accuracy, accuracy, accuracy_of_densities, at_coverage};
pub use forecast::{brier_score, expected_by_map, poisson_log_likelihood};
pub use stability::{shared_land, shared_top, top_units};

//! Whether a map was right: judged on incidents after those it was made from.
//!
//! Start with [`accuracy`].

mod accuracy;
mod stability;

pub use accuracy::{Accuracy, accuracy, at_coverage};
pub use stability::{shared_land, shared_top, top_units};

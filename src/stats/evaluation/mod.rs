//! Whether something that was done made a difference.
//!
//! Start with [`wdd`] for how many incidents, and with [`ratio_of_ratios`] for how many times as
//! many.

mod comparison_areas;
mod cost;
mod difference;
mod wdd;

pub use comparison_areas::{Candidate, FEWEST_MONTHS, comparison_areas};
pub use cost::{CostPerCrime, CostRefusal, cost_per_crime};
pub use difference::{DifferenceRefusal, RatioOfRatios, dispersion_before, ratio_of_ratios};
pub use wdd::{BeforeAfter, Estimate, Wdd, WddCounts, WddWeights, Wdq, WdqRefusal, wdd, wdq};

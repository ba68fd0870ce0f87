//! Two windows compared, unit by unit.
//!
//! Start with [`unit_changes`] for counts and with [`proportion_changes`] for shares.

mod e_test;
mod proportion;
mod units;

pub use e_test::{e_test, e_test_of_difference};
pub use proportion::{ProportionChange, proportion_changes, similarity};
pub use units::{ChangeOptions, ChangeTest, UnitChange, unit_changes};

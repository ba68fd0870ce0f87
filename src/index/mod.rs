//! Where positions are, arranged so that the near ones are found without looking at all.
//!
//! [`PointIndex`] answers "all within this distance" and "the nearest few"; it is what weights,
//! densities and cluster searches are built on.

mod points;
mod tree;

pub use points::PointIndex;
pub use tree::{Node, PointTree};

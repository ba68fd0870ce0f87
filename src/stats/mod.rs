//! Statistics: pure functions from counts, positions and neighbours to scores.
//!
//! Nothing here sees a text field, a file, a URL or a colour.

mod output;

pub use output::Surface;

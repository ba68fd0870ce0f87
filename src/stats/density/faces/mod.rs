//! Densities that can be chosen by name.

mod dual_kde;
mod kde;

pub use dual_kde::{DualBase, DualKde, DualKdeOptions};
pub use kde::{Adaptive, BandwidthChoice, Edge, Kde, KdeOptions};

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;

use super::{KdeError, Layout};
use crate::stats::StatInput;

/// Cells over the study area and all of `points`, with `room` beyond for the hills of those at the
/// edge.
fn layout(
    input: &StatInput<'_>,
    points: &[&[Bng]],
    room: f64,
    cell: Metres,
) -> Result<Layout, KdeError> {
    let at = |p: &Bng| Bounds { min: *p, max: *p };
    let all = points.iter().flat_map(|points| points.iter().map(at));
    let none = Bng::new(0.0, 0.0);
    let bounds = all
        .chain(input.study_area.bounds())
        .reduce(Bounds::union)
        .unwrap_or(Bounds { min: none, max: none });
    Layout::covering(bounds.grown(room.max(0.0)), cell)
}

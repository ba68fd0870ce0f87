//! Densities: from positions to a surface of incidents per area.
//!
//! Start with [`kde`]; [`kde_varying`] gives each incident a bandwidth of its own, [`within`] and
//! [`edge_weights`] mend the edge of the study area, [`dual`] compares two surfaces, and
//! [`bandwidth_by`] and [`likelihoods`] help to choose how far to smooth. [`Hills`] computes densities
//! only where they are looked at.

mod at;
mod bandwidth;
mod dual;
mod edge;
mod faces;
mod gaussian;
mod hills;
mod kde;
mod kernel;
mod scatter;
mod search;
mod varying;

pub use at::density_at;
pub use bandwidth::{
    BandwidthRule, Bandwidths, bandwidth_by, mean_nearest, normal_reference, scott, sfhotspot_cell,
    silverman,
};
pub use dual::{Comparison, DualError, dual};
pub use edge::{edge_weights, within};
pub use faces::{
    Adaptive, BandwidthChoice, DualBase, DualKde, DualKdeOptions, Edge, Kde, KdeOptions,
};
pub use hills::{
    BLOCK, BUCKET, Block, Hills, Patch, QUAD, Quad, QuadId, Quads, Reader, STEPS, Spots, Square,
};
pub use kde::{KdeError, Layout, MOST_SURFACE_CELLS, kde, per_km2_year};
pub use kernel::Kernel;
pub use search::{HeldOut, Likelihood, held_out, likelihoods};
pub use varying::{abramson, kde_varying, to_nearest};

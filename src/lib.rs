//! wardheat: from geocoded incident files to ward and cell hotspot maps whose every number says how
//! sure it is and how it was made.
//!
//! Data flows one way:
//!
//! ```text
//! read -> clean -> store -> locate -> aggregate -> score -> layer -> present
//!                          (units)               (stats)           (render, export, report)
//! ```
#![warn(missing_docs)]

pub mod aggregate;
pub mod clean;
pub mod cli;
pub mod crs;
pub mod demo;
pub mod export;
pub mod geometry;
pub mod hint;
pub mod incident;
pub mod layer;
pub mod pipeline;
pub mod provenance;
pub mod quantity;
pub mod read;
pub mod render;
pub mod server;
pub mod stats;
pub mod store;
pub mod table;
pub mod time;
pub mod units;
pub mod weights;
pub mod workspace;

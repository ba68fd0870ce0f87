//! The store: cleaned incidents and areas on disk, replaced whole or not at all.

mod dataset;

pub use dataset::{Dataset, Street};

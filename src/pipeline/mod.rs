//! The conductor: steps put in order, nothing else.

mod request;

pub use request::{AnalysisRequest, Family, RequestError};

use crate::layer::Findings;
use crate::store::Dataset;

/// Runs one analysis.
///
/// # Errors
///
/// If the window holds no data, or a step cannot work on what there is.
pub fn analyse(request: &AnalysisRequest, data: &Dataset) -> anyhow::Result<Findings> {
    anyhow::bail!("not yet: {request:?} on {}", data.name)
}

//! What can be asked of an analysis: the same on the command line and over HTTP.

use serde::{Deserialize, Serialize};

use crate::incident::CrimeTypes;
use crate::quantity::{Metres, SquareMetres};
use crate::time::WindowSpec;

/// Which cells Gi* compares with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Cells inside the study area that hold an address or snap point, or failing such a layer any
    /// incident of any kind in the whole store: where an incident can be recorded at all.
    #[default]
    AtRisk,
    /// Every cell that touches the study area.
    All,
}

/// One analysis, as a user asks for it. The default is what the guide recommends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnalysisRequest {
    /// Which incidents.
    #[serde(rename = "type")]
    pub crime_types: CrimeTypes,
    /// Which months.
    pub window: WindowSpec,
    /// Only this source, or all of them.
    pub source: Option<String>,
    /// Side of a square cell.
    pub cell: Metres,
    /// Bandwidth of the density: the distance at which the kernel reaches zero.
    pub bandwidth: Metres,
    /// Which cells are tested together.
    pub family: Family,
    /// False discovery rate at which a cell is significant.
    pub alpha: f64,
    /// A hotspot larger than this is split at its saddles.
    pub largest_hotspot: SquareMetres,
    /// Seed of the rank intervals.
    pub seed: u64,
}

impl Default for AnalysisRequest {
    fn default() -> Self {
        Self {
            crime_types: CrimeTypes::default(),
            window: WindowSpec::default(),
            source: None,
            cell: Metres::new(250.0),
            bandwidth: Metres::new(300.0),
            family: Family::default(),
            alpha: 0.05,
            largest_hotspot: SquareMetres::new(1e6),
            seed: 2025,
        }
    }
}

//! Findings: everything one analysis has to say.

use serde::Serialize;

use crate::provenance::Provenance;
use crate::stats::Surface;
use crate::table::Table;
use crate::time::Month;

use super::Layer;

/// One analysis, whole: what was asked, what was found, how sure and how made.
#[derive(Debug)]
pub struct Findings {
    /// Layers in drawing order: wards, cells, hotspots.
    pub layers: Vec<Layer>,
    /// Density of incidents, for heat.
    pub density: Surface,
    /// Lower edges of the heat classes, rising, in incidents per km² a year; less than the first
    /// is not drawn.
    pub density_breaks: Vec<f64>,
    /// Tables without a map of their own (by type, by month).
    pub tables: Vec<Table>,
    /// How it was made.
    pub how_made: HowMade,
    /// What the reader must know, in sentences.
    pub notes: Vec<String>,
}

impl Findings {
    /// The layer with this id.
    pub fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }

    /// The table with this id.
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }
}

/// Everything needed to make the same findings again, and to defend them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HowMade {
    /// Version of wardheat.
    pub wardheat: String,
    /// Name of the study area.
    pub area: String,
    /// Whether the data are invented.
    pub fictional: bool,
    /// Version of the dataset.
    pub dataset: String,
    /// Which incidents, as asked: `all`, `burglary`, ...
    pub crime_types: String,
    /// The same on screen.
    pub crime_types_label: String,
    /// Window, as `2025-01..2025-12`.
    pub window: String,
    /// The same on screen.
    pub window_label: String,
    /// Window compared with, where the data hold it whole.
    pub compared_with: Option<String>,
    /// Sources, and the months of the window that each lacks: counts are too low by what they would
    /// have held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<(String, Vec<Month>)>,
    /// Sources, and the months of either window that each may hold only in part: counts and changes
    /// that rest on them are in doubt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_part: Vec<(String, Vec<Month>)>,
    /// Incidents counted.
    pub n_incidents: u64,
    /// Of them, those with a position that density and hotspots may use.
    pub n_mapped: u64,
    /// Steps in words: what (`Heat`) and how (`quartic kernel, 300 m, ...`).
    pub methods: Vec<(String, String)>,
    /// Seed of everything drawn by chance.
    pub seed: u64,
    /// The request as JSON.
    pub request: serde_json::Value,
    /// Where the data came from.
    pub provenance: Provenance,
}

//! Layers and findings: what an analysis found, how it was made, and for whom.
//!
//! Everything shown (tiles, GeoJSON, tables, reports) is made from [`Findings`], so nothing shown
//! can disagree.

mod cells;
pub mod disclosure;
pub(crate) mod english;
mod findings;
mod foremost;
mod hotspots;
mod scored;
mod wards;

pub use cells::{CellFigures, CellTest, cells};
pub use english::words;
pub use findings::{Findings, HowMade};
pub use foremost::{foremost, telling_columns};
pub use hotspots::{HotspotContext, HotspotFigures, hotspots};
pub use scored::{Scored, Subject, scored};
pub use wards::{WardFigures, wards};

use serde::Serialize;

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::table::{Column, Table, Value};

/// Units with their columns, ready to be drawn or written.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Name in URLs: `wards`, `cells`, `hotspots`.
    pub id: &'static str,
    /// Name on screen.
    pub title: String,
    /// One row per feature: its outline and the cells of its columns.
    pub features: Vec<Feature>,
    /// What each cell of a feature is.
    pub columns: Vec<Column>,
}

/// One place of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Code of the place, unique in its layer.
    pub id: String,
    /// Outline on the National Grid; empty for a place without one.
    pub shape: Shape,
    /// Position, of a place that is a point.
    pub at: Option<Bng>,
    /// Cells, as many as the layer has columns.
    pub values: Vec<Value>,
}

impl Layer {
    /// The same figures without outlines.
    pub fn table(&self) -> Table {
        Table {
            id: self.id.to_owned(),
            title: self.title.clone(),
            columns: self.columns.clone(),
            rows: self.features.iter().map(|feature| feature.values.clone()).collect(),
        }
    }

    /// Position of the column with this id.
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    /// Short facts for a list of layers.
    pub fn summary(&self) -> LayerSummary<'_> {
        LayerSummary {
            id: self.id,
            title: &self.title,
            n_features: self.features.len(),
            columns: &self.columns,
        }
    }
}

/// What a list of layers says of each.
#[derive(Debug, Serialize)]
pub struct LayerSummary<'a> {
    /// Name in URLs.
    pub id: &'a str,
    /// Name on screen.
    pub title: &'a str,
    /// Number of features.
    pub n_features: usize,
    /// What each feature carries.
    pub columns: &'a [Column],
}

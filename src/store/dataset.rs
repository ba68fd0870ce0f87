//! What a workspace holds once it is imported.

use crate::context::Context;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::{Incidents, PrioritySet};
use crate::meeting::{Meeting, Venue};
use crate::provenance::Provenance;
use crate::time::NightBand;
use crate::units::AreaLayer;

/// Everything analyses work on, as one version of the store holds it.
#[derive(Debug)]
pub struct Dataset {
    /// Name of the study area on screen, such as `Stockton-on-Tees`.
    pub name: String,
    /// Boundary layers with their populations.
    pub layers: Vec<AreaLayer>,
    /// Outline of everything studied: the union of the wards.
    pub study_area: Shape,
    /// Cleaned incidents, their location rules applied.
    pub incidents: Incidents,
    /// Streets for the map and for naming hotspots; empty where the workspace has none.
    pub streets: Vec<Street>,
    /// Addresses or snap points: where an incident can be recorded at all; empty where the
    /// workspace has none.
    pub snap_points: Vec<Bng>,
    /// Named sets of crime types, as the workspace describes them; the store holds none.
    pub priorities: Vec<&'static PrioritySet>,
    /// The night-time band, as the workspace describes it; the store holds none.
    pub night: NightBand,
    /// What else is known: indicators, lookups, interventions, surveys, priorities, peers, harm.
    pub context: Context,
    /// Halls where the public may be met; empty where the workspace lists none.
    pub venues: Vec<Venue>,
    /// The diary of meetings; empty where the workspace has none.
    pub meetings: Vec<Meeting>,
    /// Whether the data are invented: printed on everything.
    pub fictional: bool,
    /// Where it came from.
    pub provenance: Provenance,
    /// Checksum of the manifest: the same data have the same version.
    pub version: String,
}

/// One street, or a stretch of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Street {
    /// Name as published; `None` where it has none.
    pub name: Option<String>,
    /// Centre line, two positions or more.
    pub line: Vec<Bng>,
}

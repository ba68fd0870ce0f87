//! How findings were made, in words that stand beside every output.

use crate::layer::HowMade;
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::time::{Month, Window};

use super::AnalysisRequest;
use super::english::made as say;
use super::ground::Ground;

/// What the words need besides the request.
pub(super) struct Facts<'a> {
    pub request: &'a AnalysisRequest,
    pub data: &'a Dataset,
    pub ground: &'a Ground,
    pub window: Window,
    pub earlier: Option<Window>,
    /// Sources, and the months of the window that each lacks.
    pub gaps: Vec<(String, Vec<Month>)>,
    /// Sources, and the months of either window that each may hold only in part.
    pub in_part: Vec<(String, Vec<Month>)>,
    pub n_incidents: u64,
    pub n_mapped: u64,
    pub n_tested: usize,
    /// Side of a cell of the raster of heat.
    pub raster: Metres,
}

pub(super) fn how_made(facts: &Facts<'_>) -> anyhow::Result<HowMade> {
    let Facts { request, data, window, .. } = facts;
    Ok(HowMade {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        area: data.name.clone(),
        fictional: data.fictional,
        dataset: data.version.clone(),
        crime_types: request.crime_types.to_string(),
        crime_types_label: request.crime_types.label().to_owned(),
        window: window.to_string(),
        window_label: request.hours.of_window(&window.label()),
        compared_with: facts.earlier.map(|earlier| earlier.to_string()),
        gaps: facts.gaps.clone(),
        in_part: facts.in_part.clone(),
        n_incidents: facts.n_incidents,
        n_mapped: facts.n_mapped,
        methods: methods(facts),
        seed: request.seed,
        request: serde_json::to_value(request)?,
        provenance: data.provenance.clone(),
    })
}

fn methods(facts: &Facts<'_>) -> Vec<(String, String)> {
    let Facts { request, data, ground, .. } = facts;
    let cells = (facts.n_tested, ground.cells.len());
    let lines = [
        say::heat(request.bandwidth, facts.raster),
        say::heat_classes(),
        say::hotspots(request),
        say::tested(cells, request.family, ground.has_snap_points),
        say::rate(request.crime_types.base().noun(), data.provenance.residents.as_deref()),
        say::rank(request.seed),
        say::change(facts.earlier.map(Window::label).as_deref()),
    ];
    lines.into_iter().map(|(what, how)| (what.to_owned(), how)).collect()
}

//! How findings were made, in words that stand beside every output.

use crate::layer::HowMade;
use crate::layer::english::METHOD_HOTSPOT;
use crate::layer::words::thousands;
use crate::quantity::Metres;
use crate::stats::{FEWEST_TO_CALL, RANK_DRAWS};
use crate::store::Dataset;
use crate::time::Window;

use super::ground::Ground;
use super::{AnalysisRequest, Family, names};

/// What the words need besides the request.
pub(super) struct Facts<'a> {
    pub request: &'a AnalysisRequest,
    pub data: &'a Dataset,
    pub ground: &'a Ground,
    pub window: Window,
    pub earlier: Option<Window>,
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
        n_incidents: facts.n_incidents,
        n_mapped: facts.n_mapped,
        methods: methods(facts),
        seed: request.seed,
        request: serde_json::to_value(request)?,
        provenance: data.provenance.clone(),
    })
}

fn methods(facts: &Facts<'_>) -> Vec<(String, String)> {
    let Facts { request, ground, .. } = facts;
    let metres = |m: crate::quantity::Metres| format!("{} m", m.get());
    let family = match (request.family, ground.has_snap_points) {
        (Family::AtRisk, true) => "at risk: those with an address, snap point or any record",
        (Family::AtRisk, false) => "at risk: those with any record of any kind and month",
        (Family::All, _) => "all that touch the study area",
    };
    let base = request.crime_types.base().noun();
    let lines = [
        (
            "Heat",
            format!(
                "quartic kernel, bandwidth {}, incidents per km² a year, British National Grid, \
                 exact at centres every {}, bilinear between; no edge correction: nothing beyond \
                 the study area is held, so heat within {} of its edge is too low",
                metres(request.bandwidth),
                metres(facts.raster),
                metres(request.bandwidth),
            ),
        ),
        (
            "Heat classes",
            "1, 2, 3, 4, 5 and 8 times the mean (to two figures) of places above zero inside the \
             study area; less than the mean is not drawn"
                .to_owned(),
        ),
        (
            METHOD_HOTSPOT,
            format!(
                "Getis-Ord Gi*, square cells of {}, each with its eight neighbours in the family, \
                 two-sided, Benjamini-Hochberg false discovery rate {}; significant high cells that \
                 share an edge and hold an incident are one hotspot, split at the saddles of its counts above {} \
                 km²; {}",
                metres(request.cell()),
                request.alpha,
                request.largest_hotspot.km2(),
                names::RULE,
            ),
        ),
        (
            "Cells tested",
            format!(
                "{} of {} ({family})",
                thousands(facts.n_tested as i64),
                thousands(ground.cells.len() as i64)
            ),
        ),
        ("Rate", format!("per 1,000 {base}, exact Poisson 95% interval (Garwood)")),
        (
            "Rank",
            format!(
                "1 is highest; 95% interval from {} Poisson draws, seed {}",
                thousands(RANK_DRAWS as i64),
                request.seed
            ),
        ),
        (
            "Change",
            match facts.earlier {
                Some(earlier) => format!(
                    "against {}; ratio of counts with exact 95% interval; called only where both \
                     hold at least {FEWEST_TO_CALL}",
                    earlier.label()
                ),
                None => {
                    "none: the data do not hold the same months a year earlier whole".to_owned()
                }
            },
        ),
    ];
    lines.into_iter().map(|(what, how)| (what.to_owned(), how)).collect()
}

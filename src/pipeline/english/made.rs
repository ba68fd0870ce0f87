//! How findings were made: what, and how.

use crate::layer::english::METHOD_HOTSPOT;
use crate::layer::words::thousands;
use crate::pipeline::{AnalysisRequest, Family};
use crate::quantity::Metres;
use crate::stats::{FEWEST_TO_CALL, RANK_DRAWS};

/// The rule of names of hotspots.
const NAMED: &str = "named after the street most often published with their incidents, else the street \
     with most length inside, else the ward; where an earlier hotspot has that name, after the next \
     street";

fn metres(metres: Metres) -> String {
    format!("{} m", metres.get())
}

/// Heat on a raster of cells of this side.
pub fn heat(bandwidth: Metres, raster: Metres) -> (&'static str, String) {
    let how = format!(
        "quartic kernel, bandwidth {bandwidth}, incidents per km² a year, British National Grid, exact \
         at centres every {}, bilinear between; no edge correction: nothing beyond the study area is \
         held, so heat within {bandwidth} of its edge is too low",
        metres(raster),
        bandwidth = metres(bandwidth),
    );
    ("Heat", how)
}

pub fn heat_classes() -> (&'static str, String) {
    let how = "1, 2, 3, 4, 5 and 8 times the mean (to two figures) of places above zero inside the \
               study area; less than the mean is not drawn";
    ("Heat classes", how.to_owned())
}

pub fn hotspots(request: &AnalysisRequest) -> (&'static str, String) {
    let how = format!(
        "Getis-Ord Gi*, square cells of {}, each with its eight neighbours in the family, two-sided, \
         Benjamini-Hochberg false discovery rate {}; significant high cells that share an edge and \
         hold an incident are one hotspot, split at the saddles of its counts above {} km²; {NAMED}",
        metres(request.cell()),
        request.alpha,
        request.largest_hotspot.km2(),
    );
    (METHOD_HOTSPOT, how)
}

/// How many cells of all were tested, of which family; whether addresses or snap points are known.
pub fn tested(
    (n, of): (usize, usize),
    family: Family,
    has_snap_points: bool,
) -> (&'static str, String) {
    let family = match (family, has_snap_points) {
        (Family::AtRisk, true) => "at risk: those with an address, snap point or any record",
        (Family::AtRisk, false) => "at risk: those with any record of any kind and month",
        (Family::All, _) => "all that touch the study area",
    };
    let how = format!("{} of {} ({family})", thousands(n as i64), thousands(of as i64));
    ("Cells tested", how)
}

/// `residents` says whence wards have theirs, where no file gives them.
pub fn rate(base: &str, residents: Option<&str>) -> (&'static str, String) {
    let residents = residents.map(|how| format!("; {how}")).unwrap_or_default();
    ("Rate", format!("per 1,000 {base}, exact Poisson 95% interval (Garwood){residents}"))
}

pub fn rank(seed: u64) -> (&'static str, String) {
    let how = format!(
        "1 is highest; 95% interval from {} Poisson draws, seed {seed}",
        thousands(RANK_DRAWS as i64),
    );
    ("Rank", how)
}

/// Change against earlier months, where there are such.
pub fn change(earlier: Option<&str>) -> (&'static str, String) {
    let how = match earlier {
        Some(earlier) => format!(
            "against {earlier}; ratio of counts with exact 95% interval; called only where both hold \
             at least {FEWEST_TO_CALL}"
        ),
        None => "none: the data do not hold the same months a year earlier whole".to_owned(),
    };
    ("Change", how)
}

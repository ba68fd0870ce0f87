//! What can be asked of an analysis: the same on the command line and over HTTP.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::incident::{CrimeTypes, UnknownCrimeType};
use crate::quantity::{Metres, SquareMetres};
use crate::store::Dataset;
use crate::time::{HoursOfWeek, WindowSpec};
use crate::units::MOST_CELLS;

/// Sides of a cell to choose from, in metres; each is prepared once and kept.
pub const CELLS: [u16; 5] = [100, 200, 250, 500, 1000];

/// Side of a cell of a borough: about the extent of a place that people would call one.
pub(super) const USUAL_CELL: Metres = Metres::new(250.0);

/// Share of the cells that there may be at most which those inside an area may take: the ones on
/// its outline come to them.
const INSIDE: f64 = 0.75;

/// Sides of square cells that suit a dataset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellSizes {
    /// The smallest that the audience of the data may be shown, and that the area is not too large
    /// for.
    pub finest: Metres,
    /// The one that an analysis takes unless told otherwise.
    pub usual: Metres,
}

impl CellSizes {
    /// Those of `data`, out of [`CELLS`]; an area too large for all of them has the largest.
    pub fn of(data: &Dataset) -> Self {
        let allowed = data.provenance.disclosure.as_ref().map_or(0.0, |held| held.rule.cell.get());
        let area = data.study_area.area().get();
        let fits = |side: f64| area / (side * side) <= MOST_CELLS as f64 * INSIDE;
        let from = |least: f64| {
            let known = CELLS.into_iter().map(f64::from);
            let mut large = known.filter(|&side| side >= least && fits(side));
            Metres::new(large.next().unwrap_or(f64::from(CELLS[CELLS.len() - 1]).max(allowed)))
        };
        Self { finest: from(allowed), usual: from(allowed.max(USUAL_CELL.get())) }
    }
}

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

impl Family {
    /// Name in addresses and requests.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AtRisk => "at-risk",
            Self::All => "all",
        }
    }
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
    /// Which hours of the week.
    #[serde(skip_serializing_if = "HoursOfWeek::is_all")]
    pub hours: HoursOfWeek,
    /// Side of a square cell; the usual one of the data ([`CellSizes`]) where absent.
    pub cell: Option<Metres>,
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

/// A setting that no analysis can use.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum RequestError {
    /// A number outside what the setting allows.
    #[error("{setting} is {found}; wanted {wanted}")]
    OutOfRange {
        /// Name of the setting, as in the request.
        setting: &'static str,
        /// Number given.
        found: f64,
        /// What is allowed, in words.
        wanted: &'static str,
    },
}

impl AnalysisRequest {
    /// The same for `data`: a priority that is only named put in place, and the size of a cell.
    ///
    /// # Errors
    ///
    /// If there is no priority of its name.
    pub fn resolved(&self, data: &Dataset) -> Result<Self, UnknownCrimeType> {
        let crime_types = self.crime_types.resolve(&data.priorities)?;
        let cell = self.cell.unwrap_or_else(|| CellSizes::of(data).usual);
        Ok(Self { crime_types, cell: Some(cell), ..self.clone() })
    }

    /// Side of a square cell: as asked for, or else the usual one of a borough.
    pub fn cell(&self) -> Metres {
        self.cell.unwrap_or(USUAL_CELL)
    }

    /// Checks every number against its bounds, before any work.
    ///
    /// # Errors
    ///
    /// [`RequestError::OutOfRange`] names the first that lies outside.
    pub fn check(&self) -> Result<(), RequestError> {
        let within = |setting, found: f64, low: f64, high: f64, wanted| {
            if found >= low && found <= high {
                Ok(())
            } else {
                Err(RequestError::OutOfRange { setting, found, wanted })
            }
        };
        within("cell", self.cell().get(), 25.0, 10_000.0, "25 to 10,000 m")?;
        within("bandwidth", self.bandwidth.get(), 50.0, 10_000.0, "50 to 10,000 m")?;
        within("alpha", self.alpha, 1e-6, 0.5, "0.000001 to 0.5")?;
        within("largest-hotspot", self.largest_hotspot.km2(), 0.01, 1_000.0, "0.01 to 1,000 km²")
    }
}

impl Default for AnalysisRequest {
    fn default() -> Self {
        Self {
            crime_types: CrimeTypes::default(),
            window: WindowSpec::default(),
            source: None,
            hours: HoursOfWeek::default(),
            cell: None,
            bandwidth: Metres::new(300.0),
            family: Family::default(),
            alpha: 0.05,
            largest_hotspot: SquareMetres::new(1e6),
            seed: 2025,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_allowed_and_round_trips() {
        let request = AnalysisRequest::default();

        let json = serde_json::to_string(&request).unwrap();

        assert_eq!(request.check(), Ok(()));
        assert_eq!(serde_json::from_str::<AnalysisRequest>(&json).unwrap(), request);
    }

    #[test]
    fn settings_no_analysis_can_use_are_refused_by_name() {
        for cell in [0.0, -5.0, f64::NAN, f64::INFINITY, 1.0] {
            let request =
                AnalysisRequest { cell: Some(Metres::new(cell)), ..AnalysisRequest::default() };

            assert!(request.check().unwrap_err().to_string().starts_with("cell is"));
        }
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        let refused = serde_json::from_str::<AnalysisRequest>(r#"{"bandwith": 300}"#).unwrap_err();

        assert!(refused.to_string().contains("bandwith"), "{refused}");
    }
}

//! The flags of an analysis: the command line's side of [`AnalysisRequest`].

use clap::{Args, ValueEnum};

use crate::incident::CrimeTypes;
use crate::pipeline::{AnalysisRequest, Family};
use crate::quantity::{Metres, SquareMetres};
use crate::time::{HoursError, HoursOfWeek, WindowSpec};

/// Which incidents of a workspace.
#[derive(Debug, Clone, Args)]
pub(super) struct Choice {
    /// Which incidents: a crime type, `all`, `all-crime`, `fire` (see `wardheat list`), or
    /// `priority:NAME` for a [[priority]] of wardheat.toml
    #[arg(long = "type", value_name = "TYPE", default_value_t)]
    crime_types: CrimeTypes,
    /// Which months: 2025-01..2025-12, 2025-03, oct-sep, jan-dec, apr-mar, latest or all
    #[arg(long, value_name = "WINDOW", default_value_t)]
    pub(super) window: WindowSpec,
    /// Only incidents of this source of the workspace
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

/// Which hours of the week.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct HoursFlags {
    /// Only these days: mon,tue, fri-sun, weekday or weekend
    #[arg(long, value_name = "DAYS")]
    day: Option<String>,
    /// Only this band of the clock: 18-24, or 21-5 past midnight
    #[arg(long, value_name = "HOURS")]
    hour: Option<String>,
}

impl HoursFlags {
    pub(super) fn hours(&self) -> Result<HoursOfWeek, HoursError> {
        HoursOfWeek::parse(self.day.as_deref(), self.hour.as_deref())
    }
}

impl Choice {
    /// These incidents, everything else as the guide recommends.
    pub(super) fn request(&self) -> AnalysisRequest {
        AnalysisRequest {
            crime_types: self.crime_types,
            window: self.window,
            source: self.source.clone(),
            ..AnalysisRequest::default()
        }
    }
}

/// What to analyse and how.
#[derive(Debug, Clone, Args)]
pub(super) struct RequestFlags {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    hours: HoursFlags,
    /// Side of a square cell, in metres [default: 250, or more where the study area is too large
    /// for that or its audience may not be shown it]
    #[arg(long, value_name = "METRES")]
    cell: Option<f64>,
    /// Distance at which the kernel of the density reaches zero, in metres
    #[arg(long, value_name = "METRES", default_value_t = AnalysisRequest::default().bandwidth.get())]
    bandwidth: f64,
    /// Which cells Gi* compares with each other
    #[arg(long, value_enum, default_value_t)]
    family: FamilyFlag,
    /// False discovery rate at which a cell is significant
    #[arg(long, value_name = "RATE", default_value_t = AnalysisRequest::default().alpha)]
    alpha: f64,
    /// Split hotspots larger than this, in km²
    #[arg(long, value_name = "KM2", default_value_t = AnalysisRequest::default().largest_hotspot.km2())]
    largest_hotspot: f64,
    /// Seed of the rank intervals
    #[arg(long, value_name = "N", default_value_t = AnalysisRequest::default().seed)]
    seed: u64,
}

/// [`Family`] as a flag.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum FamilyFlag {
    /// Cells where an incident can be recorded at all
    #[default]
    AtRisk,
    /// Every cell that touches the study area
    All,
}

impl RequestFlags {
    pub(super) fn request(&self) -> Result<AnalysisRequest, HoursError> {
        Ok(AnalysisRequest {
            hours: self.hours.hours()?,
            cell: self.cell.map(Metres::new),
            bandwidth: Metres::new(self.bandwidth),
            family: match self.family {
                FamilyFlag::AtRisk => Family::AtRisk,
                FamilyFlag::All => Family::All,
            },
            alpha: self.alpha,
            largest_hotspot: SquareMetres::new(self.largest_hotspot * 1e6),
            seed: self.seed,
            ..self.choice.request()
        })
    }
}

//! The ground an analysis stands on: units, who neighbours whom, and where each incident fell.
//!
//! It depends on the dataset and the cell size alone, so every choice of type and window shares it.

use std::collections::HashMap;

use rayon::prelude::*;

use super::heat::sample;
use crate::crs::Bng;
use crate::incident::{Flags, Incidents};
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::units::{UnitIdx, UnitSource, Units, UnitsError, unit_kind};
use crate::weights::{Contiguity, Neighbours, area_contiguity, cell_contiguity};

/// Units of one dataset at one cell size, with every incident located in them.
#[derive(Debug)]
pub(super) struct Ground {
    /// Wards, sorted by code.
    pub wards: Units,
    /// Square cells that touch the study area.
    pub cells: Units,
    /// `[n_incidents]`: the ward each is counted in; by position where it has one, else as given.
    pub ward_of: Vec<Option<UnitIdx>>,
    /// `[n_incidents]`: the cell each is counted in; `None` unless its position may be mapped.
    pub cell_of: Vec<Option<UnitIdx>>,
    /// `[n_cells]`: whether an incident can be recorded there at all.
    pub at_risk: Vec<bool>,
    /// Cells that share an edge or a corner.
    pub near: Neighbours,
    /// Cells that share an edge.
    pub sides: Neighbours,
    /// Places inside the study area that the mean density is taken over.
    pub sample: Vec<Bng>,
    /// Whether `at_risk` comes from a layer of addresses or snap points, beside the incidents.
    pub has_snap_points: bool,
}

impl Ground {
    pub fn new(data: &Dataset, cell_size: Metres) -> Result<Self, UnitsError> {
        let source = UnitSource { layers: &data.layers, study_area: &data.study_area, cell_size };
        let build = |kind| {
            unit_kind(kind)
                .ok_or_else(|| UnitsError::NoLayer {
                    kind: String::from(kind),
                    known: String::new(),
                })
                .and_then(|kind| kind.build(&source))
        };
        let (wards, cells) = rayon::join(|| build("ward"), || build("square"));
        let (wards, cells) = (wards?, cells?);

        let ward_index: HashMap<&str, UnitIdx> =
            wards.ids.iter().enumerate().map(|(i, id)| (id.as_str(), UnitIdx::new(i))).collect();
        let incidents = &data.incidents;
        let rows = 0..incidents.len();
        let ward_of = rows
            .clone()
            .into_par_iter()
            .map(|i| incidents.ward(i).and_then(|code| ward_index.get(code).copied()))
            .collect();
        let cell_of: Vec<Option<UnitIdx>> = rows
            .into_par_iter()
            .map(|i| mappable(incidents, i, cell_size).and_then(|position| cells.locate(position)))
            .collect();

        let mut at_risk = vec![false; cells.len()];
        for cell in cell_of.iter().flatten() {
            at_risk[cell.index()] = true;
        }
        for cell in cells.locator.locate_all(&data.snap_points).into_iter().flatten() {
            at_risk[cell.index()] = true;
        }
        let has_snap_points = !data.snap_points.is_empty();
        let contiguity = |rule| match cells.locator.grid() {
            Some(grid) => cell_contiguity(grid, rule),
            None => area_contiguity(&cells.shapes, rule),
        };
        let (near, sides) = (contiguity(Contiguity::Queen), contiguity(Contiguity::Rook));
        let sample = sample(data.study_area.bounds(), &wards);
        Ok(Self { wards, cells, ward_of, cell_of, at_risk, near, sides, sample, has_snap_points })
    }
}

/// The position of row `i` if density and hotspots may use it: a real place, known at least as
/// finely as a cell.
#[inline]
pub(super) fn mappable(incidents: &Incidents, i: usize, finest: Metres) -> Option<Bng> {
    let position = incidents.position(i)?;
    let fine_enough = incidents.precision(i).is_none_or(|precision| precision <= finest);
    (fine_enough && !incidents.flags(i).has(Flags::DEFAULT_PLACE)).then_some(position)
}

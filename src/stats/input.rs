//! What a statistic may ask for.

use std::sync::OnceLock;

use crate::aggregate::{Counts, HarmCounts};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Population;
use crate::time::{Month, NightBand, TimeSpan, Window};
use crate::units::Units;
use crate::weights::{
    Contiguity, Neighbours, Weights, WeightsChoice, WeightsError, WeightsFile, area_contiguity,
    cell_contiguity,
};

use super::Watch;

/// Counts of the months up to the end of the window.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// Month of the first period.
    pub first: Month,
    /// Counts by unit and month.
    pub counts: &'a Counts,
    /// `[n_periods]`: whether each month is there whole; one that is not says nothing.
    pub whole: &'a [bool],
}

/// Everything that may be scored, of one choice of incidents and one window. Dear parts are built
/// when first asked for.
#[derive(Debug)]
pub struct StatInput<'a> {
    /// Places counted in.
    pub units: &'a Units,
    /// Their counts, by month of the window.
    pub counts: &'a Counts,
    /// Counts of the same window a year earlier, where the data hold it whole.
    pub earlier: Option<&'a Counts>,
    /// Months counted.
    pub window: Window,
    /// Years that a yearly density is divided by; `None` where the incidents are of no known window,
    /// so that a density is of all of them together.
    pub years: Option<f64>,
    /// `[n_units]`: figure of each unit where it is no count of incidents, such as a rate.
    pub measured: Option<&'a [f64]>,
    /// Positions of the incidents that may be mapped.
    pub points: &'a [Bng],
    /// `[n_points]`: what each point counts; `None` where each counts once.
    pub point_weights: Option<&'a [f64]>,
    /// `[n_points]`: when each happened, on the local clock; `None` where only months are known. A
    /// statistic of hours alone is given those of all incidents, on the map or not.
    pub times: Option<&'a [Option<TimeSpan>]>,
    /// The night-time band, where it is another than the usual one.
    pub night: Option<&'a NightBand>,
    /// Whether positions are those of shared snap points instead of where it happened.
    pub anonymised: bool,
    /// A second set of points to compare with, such as the same months of another year.
    pub against: Option<&'a [Bng]>,
    /// Counts of every month there are data of, the window's and those before.
    pub history: Option<History<'a>>,
    /// Outline of everything studied.
    pub study_area: &'a Shape,
    /// `[n_units]`: what rates are taken over; `None` where rates make no sense.
    pub bases: Option<&'a [Option<Population>]>,
    /// `[n_units]`: incidents of all kinds in the same months, where these are of some.
    pub totals: Option<&'a [u64]>,
    /// `[n_units]`: incidents that a standard leads to expect of each; `None` where none is given.
    pub expected: Option<&'a [Option<f64>]>,
    /// Harm of the incidents by unit, where harm weights are at hand.
    pub harm: Option<&'a HarmCounts>,
    /// The file of weights that an option names, read.
    pub weights_file: Option<&'a WeightsFile>,
    /// `[n_units]`: units tested together; `None` for all of them.
    pub family: Option<&'a [bool]>,
    /// Where progress is told, and whether the scores are still wanted.
    pub watch: Option<&'a Watch>,
    near: [OnceLock<Neighbours>; 2],
}

impl<'a> StatInput<'a> {
    /// Nothing but counts and points; set the other fields where there is more.
    pub fn new(
        units: &'a Units,
        counts: &'a Counts,
        window: Window,
        points: &'a [Bng],
        study_area: &'a Shape,
    ) -> Self {
        Self {
            units,
            counts,
            earlier: None,
            window,
            years: Some(window.years()),
            measured: None,
            points,
            point_weights: None,
            times: None,
            night: None,
            anonymised: false,
            against: None,
            history: None,
            study_area,
            bases: None,
            totals: None,
            expected: None,
            harm: None,
            weights_file: None,
            family: None,
            watch: None,
            near: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// Units that touch, by the arithmetic of the grid or by their outlines.
    pub fn neighbours(&self, rule: Contiguity) -> &Neighbours {
        let slot = match rule {
            Contiguity::Queen => 0,
            Contiguity::Rook => 1,
        };
        self.near[slot].get_or_init(|| match self.units.locator.grid() {
            Some(grid) => cell_contiguity(grid, rule),
            None => area_contiguity(&self.units.shapes, rule),
        })
    }

    /// Who is near whom among all units, and how much each counts, by a rule of choice.
    ///
    /// # Errors
    ///
    /// [`WeightsError`] if the units or the file do not allow it.
    pub fn weights(&self, choice: &WeightsChoice) -> Result<Weights, WeightsError> {
        choice.build(self.units, self.weights_file)
    }

    /// What the reader should know of a file of weights, where the choice is one.
    pub fn weights_notes(&self, choice: &WeightsChoice) -> Vec<String> {
        match (choice, self.weights_file) {
            (WeightsChoice::File { weighted, .. }, Some(file)) => file.notes(*weighted),
            _ => Vec::new(),
        }
    }

    /// `[n_units]`: what was measured of each, or else its count over the window.
    pub fn values(&self) -> Vec<f64> {
        if let Some(measured) = self.measured {
            return measured.to_vec();
        }
        self.counts.by_unit().into_iter().map(|count| count as f64).collect()
    }

    /// One step of a long computation.
    ///
    /// # Errors
    ///
    /// [`Cancelled`](super::Cancelled) if the scores are no longer wanted.
    pub fn step(&self) -> Result<(), super::Cancelled> {
        self.watch.map_or(Ok(()), Watch::step)
    }

    /// `[n_units]`: whether each is tested.
    pub fn tested(&self) -> Vec<bool> {
        self.family.map_or_else(|| vec![true; self.counts.n_units()], <[bool]>::to_vec)
    }
}

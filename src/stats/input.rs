//! What a statistic may ask for.

use std::sync::OnceLock;

use crate::aggregate::Counts;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Population;
use crate::time::Window;
use crate::units::Units;
use crate::weights::{Contiguity, Neighbours, area_contiguity, cell_contiguity};

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
    /// Outline of everything studied.
    pub study_area: &'a Shape,
    /// `[n_units]`: what rates are taken over; `None` where rates make no sense.
    pub bases: Option<&'a [Option<Population>]>,
    /// `[n_units]`: units tested together; `None` for all of them.
    pub family: Option<&'a [bool]>,
    near: [OnceLock<Neighbours>; 2],
}

impl<'a> StatInput<'a> {
    /// Without an earlier window, figures measured, bases or family; set those fields where there are any.
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
            study_area,
            bases: None,
            family: None,
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

    /// `[n_units]`: what was measured of each, or else its count over the window.
    pub fn values(&self) -> Vec<f64> {
        if let Some(measured) = self.measured {
            return measured.to_vec();
        }
        self.counts.by_unit().into_iter().map(|count| count as f64).collect()
    }

    /// `[n_units]`: whether each is tested.
    pub fn tested(&self) -> Vec<bool> {
        self.family.map_or_else(|| vec![true; self.counts.n_units()], <[bool]>::to_vec)
    }
}

//! How far every demand point is from every site.

use thiserror::Error;

use crate::crs::Bng;
use crate::quantity::Metres;

/// Why distances cannot be used.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DistancesError {
    /// A table that is no table.
    #[error("{cells} distances for {points} points and {sites} sites")]
    Shape {
        /// Distances given.
        cells: usize,
        /// Demand points.
        points: usize,
        /// Sites.
        sites: usize,
    },
    /// A distance below zero or not a number.
    #[error("the distance from point {point} to site {site} is {found}; wanted zero or more")]
    Value {
        /// Row, from 0.
        point: usize,
        /// Column, from 0.
        site: usize,
        /// What was found.
        found: f64,
    },
}

/// Distances in metres, `[n_points x n_sites]` by row. A pair without a way between is infinite.
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    n_sites: usize,
    cells: Vec<f64>,
}

impl Distances {
    /// Distances as they stand in a table, by point and then by site.
    ///
    /// # Errors
    ///
    /// [`DistancesError`] if there are not as many as points times sites, or one is negative.
    pub fn new(n_points: usize, n_sites: usize, cells: Vec<f64>) -> Result<Self, DistancesError> {
        if n_points.checked_mul(n_sites) != Some(cells.len()) {
            let (points, sites) = (n_points, n_sites);
            return Err(DistancesError::Shape { cells: cells.len(), points, sites });
        }
        if let Some(at) = cells.iter().position(|cell| cell.is_nan() || *cell < 0.0) {
            let (point, site) = (at / n_sites, at % n_sites);
            return Err(DistancesError::Value { point, site, found: cells[at] });
        }
        Ok(Self { n_sites, cells })
    }

    /// Straight lines times `detour`: how much longer a walk is than the crow flies.
    pub fn straight(points: &[Bng], sites: &[Bng], detour: f64) -> Self {
        let cells = points
            .iter()
            .flat_map(|point| sites.iter().map(move |site| point.distance(*site) * detour))
            .collect();
        Self { n_sites: sites.len(), cells }
    }

    /// Number of demand points.
    pub fn n_points(&self) -> usize {
        self.cells.len().checked_div(self.n_sites).unwrap_or(0)
    }

    /// Number of sites.
    pub fn n_sites(&self) -> usize {
        self.n_sites
    }

    /// Distances of one point to every site.
    pub fn of(&self, point: usize) -> &[f64] {
        &self.cells[point * self.n_sites..(point + 1) * self.n_sites]
    }

    /// Distance of one pair.
    pub fn between(&self, point: usize, site: usize) -> Metres {
        Metres::new(self.of(point)[site])
    }

    /// The longest there is, infinite ones apart; 0 where there is none.
    pub(super) fn longest(&self) -> f64 {
        self.cells.iter().copied().filter(|cell| cell.is_finite()).fold(0.0, f64::max)
    }
}

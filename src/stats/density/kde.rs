//! Kernel density: how many incidents there are around each place, per area.

use thiserror::Error;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;

use super::super::output::{Surface, cell_centre};
use super::scatter::{Hill, scatter};
use super::{Kernel, gaussian};

/// Cells that a surface may have.
pub const MOST_SURFACE_CELLS: usize = 16_000_000;

/// Why a density cannot be computed.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum KdeError {
    /// Bandwidth not above zero.
    #[error("a bandwidth of {0} is not above zero")]
    Bandwidth(Metres),
    /// Bandwidth below the cell size: most incidents would fall between the centres of cells.
    #[error("a bandwidth of {bandwidth} is less than the cell size of {cell}")]
    BandwidthBelowCell {
        /// Bandwidth asked for.
        bandwidth: Metres,
        /// Side of a cell.
        cell: Metres,
    },
    /// Cell size not above zero.
    #[error("a cell size of {0} is not above zero")]
    Cell(Metres),
    /// Too fine a raster.
    #[error("cells of {cell} make a surface of {wanted} cells; at most {most} are allowed")]
    TooManyCells {
        /// Side of a cell.
        cell: Metres,
        /// Cells that would make.
        wanted: f64,
        /// Cells allowed.
        most: usize,
    },
    /// As many weights as points are needed.
    #[error("{weights} weights for {points} points")]
    Weights {
        /// Weights given.
        weights: usize,
        /// Points given.
        points: usize,
    },
    /// As many bandwidths as points are needed.
    #[error("{bandwidths} bandwidths for {points} points")]
    Bandwidths {
        /// Bandwidths given.
        bandwidths: usize,
        /// Points given.
        points: usize,
    },
    /// A position or weight that is not a finite number.
    #[error("point {0} has a position or weight that is not a finite number")]
    NotFinite(usize),
}

/// Where the cells of a surface lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// South-west corner of the first cell.
    pub origin: Bng,
    /// Side of a cell.
    pub cell: Metres,
    /// Cells from west to east.
    pub n_columns: usize,
    /// Cells from south to north.
    pub n_rows: usize,
}

impl Layout {
    /// Cells that cover `bounds`, their corners on whole multiples of the side from the National
    /// Grid origin.
    ///
    /// # Errors
    ///
    /// [`KdeError::Cell`], [`KdeError::TooManyCells`] past [`MOST_SURFACE_CELLS`].
    pub fn covering(bounds: Bounds, cell: Metres) -> Result<Self, KdeError> {
        let side = cell.get();
        if !(side.is_finite() && side > 0.0) {
            return Err(KdeError::Cell(cell));
        }
        let (west, south) =
            ((bounds.min.easting() / side).floor(), (bounds.min.northing() / side).floor());
        let n_columns = (bounds.max.easting() / side).ceil() - west;
        let n_rows = (bounds.max.northing() / side).ceil() - south;
        let wanted = n_columns.max(1.0) * n_rows.max(1.0);
        if wanted.is_nan() || wanted > MOST_SURFACE_CELLS as f64 {
            return Err(KdeError::TooManyCells { cell, wanted, most: MOST_SURFACE_CELLS });
        }
        Ok(Self {
            origin: Bng::new(west * side, south * side),
            cell,
            n_columns: n_columns.max(1.0) as usize,
            n_rows: n_rows.max(1.0) as usize,
        })
    }

    /// Centre of the cell in this column and row.
    pub fn centre(self, column: usize, row: usize) -> Bng {
        cell_centre(self.origin, self.cell, column, row)
    }

    pub(super) fn surface(self, values: Vec<f64>) -> Surface {
        Surface {
            origin: self.origin,
            cell: self.cell,
            n_columns: self.n_columns,
            n_rows: self.n_rows,
            values,
        }
    }

    /// How far into the raster a position lies, in metres.
    pub(super) fn local(self, position: Bng) -> (f64, f64) {
        (position.easting() - self.origin.easting(), position.northing() - self.origin.northing())
    }
}

/// Density of `points` at the centres of cells: every point adds its kernel to every centre within
/// reach.
///
/// ```text
/// density(c) = Σ_j w_j K(|c - p_j| / h)
/// ```
///
/// The sum is exact, but for the Gaussian kernel over many points, whose every value is then within
/// 1e-9 of what the points would give if all stood on its centre.
///
/// No correction at the edge of the study area: near it the density is too low by what lies beyond,
/// unless `points` reach beyond too. [`within`](super::within) and
/// [`edge_weights`](super::edge_weights) correct.
///
/// Each cell adds its points up in one order, so that the result is the same to the last bit at any
/// number of threads.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`; `weights`: `[n_points]`, or `None` for 1 each.
/// - `bandwidth`: distance at which the kernel ends; for the Gaussian, its standard deviation.
/// - returns: `[n_rows x n_columns]`, in 1/m² (weight per square metre); see [`per_km2_year`].
///
/// # Errors
///
/// [`KdeError`] if the bandwidth is not above zero or is below the cell size, weights and points
/// differ in number, or one is not finite.
///
/// # Source
///
/// Silverman (1986), *Density Estimation for Statistics and Data Analysis*, Chapman and Hall,
/// section 4.2.
pub fn kde(
    points: &[Bng],
    weights: Option<&[f64]>,
    kernel: Kernel,
    bandwidth: Metres,
    layout: Layout,
) -> Result<Surface, KdeError> {
    check(points, weights, bandwidth)?;
    if bandwidth.get() < layout.cell.get() {
        return Err(KdeError::BandwidthBelowCell { bandwidth, cell: layout.cell });
    }
    let reach = kernel.reach(bandwidth.get());
    let peak = kernel.peak(bandwidth);
    if kernel == Kernel::Gaussian && gaussian::is_worth_it(points.len(), bandwidth, layout) {
        let sums = gaussian::expanded(points, weights, bandwidth, layout);
        return Ok(layout.surface(sums.into_iter().map(|sum| sum * peak).collect()));
    }
    let hill = |i: usize| {
        let (x, y) = layout.local(points[i]);
        Hill { x, y, weight: weights.map_or(1.0, |w| w[i]), reach }
    };
    let sums = scatter(points.len(), hill, kernel, layout);
    Ok(layout.surface(sums.into_iter().map(|sum| sum * peak).collect()))
}

/// Refuses what no density can be made of.
pub(super) fn check(
    points: &[Bng],
    weights: Option<&[f64]>,
    bandwidth: Metres,
) -> Result<(), KdeError> {
    if !(bandwidth.get().is_finite() && bandwidth.get() > 0.0) {
        return Err(KdeError::Bandwidth(bandwidth));
    }
    check_weights(points, weights)
}

pub(super) fn check_weights(points: &[Bng], weights: Option<&[f64]>) -> Result<(), KdeError> {
    if let Some(weights) = weights.filter(|weights| weights.len() != points.len()) {
        return Err(KdeError::Weights { weights: weights.len(), points: points.len() });
    }
    let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
    let finite = |i: usize| {
        points[i].easting().is_finite() && points[i].northing().is_finite() && weight(i).is_finite()
    };
    (0..points.len()).find(|&i| !finite(i)).map_or(Ok(()), |i| Err(KdeError::NotFinite(i)))
}

/// A density per square metre over some years, as incidents per square kilometre and year.
pub fn per_km2_year(density: &Surface, years: f64) -> Surface {
    let mut scaled = density.clone();
    scaled.values.iter_mut().for_each(|value| *value *= 1e6 / years);
    scaled
}

#[cfg(test)]
#[path = "kde_tests.rs"]
mod tests;

//! Kernel density: how many incidents there are around each place, per area.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::Metres;
use crate::units::shares_inside;

use super::Surface;

/// Rows of the raster that one thread fills at a time.
const BAND: usize = 16;
/// Cells that a surface may have.
pub const MOST_SURFACE_CELLS: usize = 16_000_000;

/// Shape of the hill that each incident adds. Its volume is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kernel {
    /// `3/(π h²) (1 - u²)²`, u = distance over bandwidth: what hotspot maps use.
    #[default]
    Quartic,
    /// `4/(π h²) (1 - u²)³`.
    Triweight,
    /// `2/(π h²) (1 - u²)`.
    Epanechnikov,
    /// `3/(π h²) (1 - u)`: a cone.
    Triangular,
    /// `1/(π h²)` nearer than the bandwidth.
    Uniform,
    /// `1/(2 π h²) exp(-u²/2)`: the bandwidth is the standard deviation. Left out beyond 8.5 of
    /// them, where less than 1e-15 of the hill is left.
    Gaussian,
}

/// Standard deviations at which the Gaussian kernel ends.
const GAUSSIAN_REACH: f64 = 8.5;

impl Kernel {
    /// Every kernel, the recommended first.
    pub const ALL: [Self; 6] = [
        Self::Quartic,
        Self::Triweight,
        Self::Epanechnikov,
        Self::Triangular,
        Self::Uniform,
        Self::Gaussian,
    ];

    /// Name in requests and texts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Quartic => "quartic",
            Self::Triweight => "triweight",
            Self::Epanechnikov => "epanechnikov",
            Self::Triangular => "triangular",
            Self::Uniform => "uniform",
            Self::Gaussian => "gaussian",
        }
    }

    /// Height of the hill at its top, in 1/m²: what makes its volume 1.
    pub fn peak(self, bandwidth: Metres) -> f64 {
        let circle = std::f64::consts::PI * bandwidth.get().powi(2);
        match self {
            Self::Quartic | Self::Triangular => 3.0 / circle,
            Self::Triweight => 4.0 / circle,
            Self::Epanechnikov => 2.0 / circle,
            Self::Uniform => 1.0 / circle,
            Self::Gaussian => 0.5 / circle,
        }
    }

    /// Distance at which the hill ends, in metres.
    fn reach(self, bandwidth: f64) -> f64 {
        if self == Self::Gaussian { GAUSSIAN_REACH * bandwidth } else { bandwidth }
    }
}

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

    fn surface(self, values: Vec<f64>) -> Surface {
        Surface {
            origin: self.origin,
            cell: self.cell,
            n_columns: self.n_columns,
            n_rows: self.n_rows,
            values,
        }
    }

    /// How far into the raster a position lies, in metres.
    fn local(self, position: Bng) -> (f64, f64) {
        (position.easting() - self.origin.easting(), position.northing() - self.origin.northing())
    }
}

/// Density of `points` at the centres of cells, exactly: every point adds its kernel to every centre
/// within reach.
///
/// ```text
/// density(c) = Σ_j w_j K(|c - p_j| / h)
/// ```
///
/// No correction at the edge of the study area: near it the density is too low by what lies beyond,
/// unless `points` reach beyond too. [`within`] corrects.
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
    let h = bandwidth.get();
    if !(h.is_finite() && h > 0.0) {
        return Err(KdeError::Bandwidth(bandwidth));
    }
    if h < layout.cell.get() {
        return Err(KdeError::BandwidthBelowCell { bandwidth, cell: layout.cell });
    }
    if let Some(weights) = weights.filter(|weights| weights.len() != points.len()) {
        return Err(KdeError::Weights { weights: weights.len(), points: points.len() });
    }
    let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
    let finite = |i: usize| {
        points[i].easting().is_finite() && points[i].northing().is_finite() && weight(i).is_finite()
    };
    if let Some(i) = (0..points.len()).find(|&i| !finite(i)) {
        return Err(KdeError::NotFinite(i));
    }
    let reach = kernel.reach(h);
    let sorted = SortedPoints::new(points, weight, layout, reach);
    let fill = match kernel {
        Kernel::Quartic => scatter(&sorted, layout, reach, |u2| (1.0 - u2).max(0.0).powi(2)),
        Kernel::Triweight => scatter(&sorted, layout, reach, |u2| (1.0 - u2).max(0.0).powi(3)),
        Kernel::Epanechnikov => scatter(&sorted, layout, reach, |u2| (1.0 - u2).max(0.0)),
        Kernel::Triangular => scatter(&sorted, layout, reach, |u2| (1.0 - u2.sqrt()).max(0.0)),
        Kernel::Uniform => scatter(&sorted, layout, reach, |u2| f64::from(u8::from(u2 < 1.0))),
        Kernel::Gaussian => {
            let steep = -0.5 * GAUSSIAN_REACH * GAUSSIAN_REACH;
            scatter(&sorted, layout, reach, |u2| (steep * u2).exp())
        }
    };
    let peak = kernel.peak(bandwidth);
    Ok(layout.surface(fill.into_iter().map(|sum| sum * peak).collect()))
}

/// Points in the order of the rows they lie in, so that a band of rows finds its own at once.
struct SortedPoints {
    /// Distance east of the raster's origin, distance north of it, weight.
    points: Vec<(f64, f64, f64)>,
    /// Where the points of each row start. Points beyond the raster stand in the row they would
    /// have, `margin` rows at most beyond it.
    starts: Vec<usize>,
    margin: i64,
}

impl SortedPoints {
    fn new(points: &[Bng], weight: impl Fn(usize) -> f64, layout: Layout, reach: f64) -> Self {
        let side = layout.cell.get();
        let margin = (reach / side).ceil() as i64 + 1;
        let n_slots = layout.n_rows + 2 * margin as usize;
        let width = layout.n_columns as f64 * side;
        let slot = |&point: &Bng| {
            let (x, y) = layout.local(point);
            let slot = (y / side).floor() + margin as f64;
            let near = slot >= 0.0 && slot < n_slots as f64 && x > -reach && x < width + reach;
            near.then_some(slot as usize)
        };
        let mut starts = vec![0; n_slots + 1];
        for slot in points.iter().filter_map(slot) {
            starts[slot + 1] += 1;
        }
        for slot in 0..n_slots {
            starts[slot + 1] += starts[slot];
        }
        let mut next = starts.clone();
        let mut sorted = vec![(0.0, 0.0, 0.0); starts[n_slots]];
        for (i, point) in points.iter().enumerate() {
            if let Some(slot) = slot(point) {
                let (x, y) = layout.local(*point);
                sorted[next[slot]] = (x, y, weight(i));
                next[slot] += 1;
            }
        }
        Self { points: sorted, starts, margin }
    }

    /// Points that may reach one of these rows, southernmost first.
    fn near(&self, rows: &std::ops::Range<usize>) -> &[(f64, f64, f64)] {
        // A row stands `margin` slots on, so the points `margin` rows south of it start here.
        let first = self.starts[rows.start];
        let last = (rows.end + 2 * self.margin as usize).min(self.starts.len() - 1);
        &self.points[first..self.starts[last]]
    }
}

/// Sums `shape` of the squared distance in reaches, weighted, over all points, at every centre.
fn scatter(
    sorted: &SortedPoints,
    layout: Layout,
    reach: f64,
    shape: impl Fn(f64) -> f64 + Sync,
) -> Vec<f64> {
    let n_columns = layout.n_columns;
    let mut sums = vec![0.0; n_columns * layout.n_rows];
    // From here on a cell is the unit of length, and centres lie on whole numbers.
    let per_cell = 1.0 / layout.cell.get();
    let reach = reach * per_cell;
    let (reach2, per_reach2) = (reach * reach, 1.0 / (reach * reach));
    sums.par_chunks_mut(BAND * n_columns.max(1)).enumerate().for_each(|(band, sums)| {
        let first_row = band * BAND;
        let rows = first_row..first_row + sums.len() / n_columns;
        for &(x, y, weight) in sorted.near(&rows) {
            let (x, y) = (x * per_cell - 0.5, y * per_cell - 0.5);
            for row in centres_within(y, reach, &rows) {
                let dy2 = (y - row as f64).powi(2);
                if dy2 >= reach2 {
                    continue;
                }
                let columns = centres_within(x, (reach2 - dy2).sqrt(), &(0..n_columns));
                let west = columns.start as f64 - x;
                let start = (row - first_row) * n_columns;
                // A 32-bit counter, because two of them turn into numbers at once.
                for (sum, step) in sums[start..][columns].iter_mut().zip(0_i32..) {
                    let dx = west + f64::from(step);
                    *sum += weight * shape((dx * dx + dy2) * per_reach2);
                }
            }
        }
    });
    sums
}

/// Whole numbers of `range` within `reach` of `at`; at most one too many on either side, where the
/// kernel is zero.
#[inline]
fn centres_within(at: f64, reach: f64, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    // A cast cuts off decimals and stops at zero: cheaper than rounding, and as good here.
    let first = ((at - reach) as usize).max(range.start);
    let end = ((at + reach + 1.0) as usize).min(range.end);
    first.min(end)..end
}

/// The same density without the shortfall at the edge of the study area: each cell divided by the
/// share of its kernel that lies inside; zero where no part of the cell is inside.
///
/// ```text
/// corrected(c) = density(c) / Σ_k a_k K(|c - k| / h),   a_k the area of cell k inside
/// ```
///
/// The share is taken on the cells of the surface, so a bandwidth of a few cells is needed for it
/// to be close.
///
/// # Shapes and units
///
/// - `density`: from [`kde`], with the same `kernel` and `bandwidth`.
/// - returns: the same raster, in the same unit.
///
/// # Errors
///
/// As [`kde`].
///
/// # Source
///
/// Diggle (1985), *Applied Statistics* 34(2), 138-147, <https://doi.org/10.2307/2347366>; the form
/// that divides at the place of evaluation.
pub fn within(
    density: &Surface,
    study_area: &Shape,
    kernel: Kernel,
    bandwidth: Metres,
) -> Result<Surface, KdeError> {
    let Surface { origin, cell, n_columns, n_rows, .. } = *density;
    let layout = Layout { origin, cell, n_columns, n_rows };
    let shares = shares_inside(study_area, origin, cell, n_columns, n_rows);
    // The kernel may reach beyond the raster; what lies there counts as outside only if it is.
    let inside: Vec<usize> = (0..shares.len()).filter(|&i| shares[i] > 0.0).collect();
    let centre = |&i: &usize| density.centre(i % n_columns, i / n_columns);
    let centres: Vec<Bng> = inside.iter().map(centre).collect();
    let areas: Vec<f64> = inside.iter().map(|&i| shares[i] * cell.get().powi(2)).collect();
    let mass = kde(&centres, Some(&areas), kernel, bandwidth, layout)?;
    let corrected = (0..shares.len())
        .map(|i| {
            let whole = shares[i] > 0.0 && mass.values[i] > 0.0;
            // Cells are coarse: a share a little above 1 is 1.
            if whole { density.values[i] / mass.values[i].min(1.0) } else { 0.0 }
        })
        .collect();
    Ok(layout.surface(corrected))
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

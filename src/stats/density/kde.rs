//! Kernel density: how many incidents there are around each place, per area.

use rayon::prelude::*;
use thiserror::Error;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;

use super::super::Surface;
use super::{Kernel, gaussian, kernel};

/// Rows of the raster that one thread fills at a time.
const BAND: usize = 32;
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
        let side = self.cell.get();
        Bng::new(
            self.origin.easting() + (column as f64 + 0.5) * side,
            self.origin.northing() + (row as f64 + 0.5) * side,
        )
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
    let hills = points.iter().enumerate().map(|(i, &point)| {
        let (x, y) = layout.local(point);
        Hill { x, y, weight: weights.map_or(1.0, |w| w[i]), reach }
    });
    let sums = scatter_kernel(hills, kernel, layout);
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

/// One incident's hill: where it stands from the raster's origin, how much it weighs and how far it
/// reaches, all lengths in m.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hill {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) weight: f64,
    pub(super) reach: f64,
}

/// Sums the kernel's height over its peak, weighted, over all hills, at every centre.
pub(super) fn scatter_kernel(
    hills: impl Iterator<Item = Hill> + Clone,
    kernel: Kernel,
    layout: Layout,
) -> Vec<f64> {
    let hills = HillsByRow::new(hills, layout);
    match kernel {
        Kernel::Quartic => scatter(&hills, layout, kernel::quartic),
        Kernel::Triweight => scatter(&hills, layout, kernel::triweight),
        Kernel::Epanechnikov => scatter(&hills, layout, kernel::epanechnikov),
        Kernel::Triangular => scatter(&hills, layout, kernel::triangular),
        Kernel::Uniform => scatter(&hills, layout, kernel::uniform),
        Kernel::Gaussian => scatter(&hills, layout, kernel::gaussian),
    }
}

/// Hills in the order of the rows they stand in, so that a band of rows finds its own at once; a
/// cell is the unit of length from here on, and centres lie on whole numbers.
struct HillsByRow {
    hills: Vec<Hill>,
    /// Where the hills of each row start. Hills beyond the raster stand in the row they would have,
    /// `margin` rows at most beyond it.
    starts: Vec<usize>,
    margin: usize,
}

impl HillsByRow {
    fn new(hills: impl Iterator<Item = Hill> + Clone, layout: Layout) -> Self {
        let per_cell = 1.0 / layout.cell.get();
        let in_cells = hills.map(|hill| Hill {
            x: hill.x * per_cell - 0.5,
            y: hill.y * per_cell - 0.5,
            weight: hill.weight,
            reach: hill.reach * per_cell,
        });
        let width = layout.n_columns as f64;
        // A hill that cannot reach the raster adds nothing to it.
        let height = layout.n_rows as f64;
        let near = in_cells.filter(|hill| {
            let over = |at: f64, n: f64| at > -hill.reach - 1.0 && at < n + hill.reach;
            over(hill.x, width) && over(hill.y, height)
        });
        let widest = near.clone().map(|hill| hill.reach).fold(0.0, f64::max);
        let margin = widest.ceil() as usize + 2;
        let slot = |hill: &Hill| (hill.y.floor() + margin as f64) as usize;
        let mut starts = vec![0; layout.n_rows + 2 * margin + 1];
        for hill in near.clone() {
            starts[slot(&hill) + 1] += 1;
        }
        for slot in 1..starts.len() {
            starts[slot] += starts[slot - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![Hill::default(); starts.last().copied().unwrap_or(0)];
        for hill in near {
            let slot = slot(&hill);
            sorted[next[slot]] = hill;
            next[slot] += 1;
        }
        Self { hills: sorted, starts, margin }
    }

    /// Hills that may reach one of these rows, southernmost first.
    fn near(&self, rows: &std::ops::Range<usize>) -> &[Hill] {
        // A row stands `margin` slots on, so the hills `margin` rows south of it start here.
        let last = (rows.end + 2 * self.margin).min(self.starts.len() - 1);
        &self.hills[self.starts[rows.start]..self.starts[last]]
    }
}

/// Columns of one short run: what two registers of four numbers hold.
const RUN: usize = 8;

/// Sums `height` of the squared distance in reaches, weighted, over all hills, at every centre.
fn scatter(hills: &HillsByRow, layout: Layout, height: impl Fn(f64) -> f64 + Sync) -> Vec<f64> {
    let n_columns = layout.n_columns;
    let mut sums = vec![0.0; n_columns * layout.n_rows];
    sums.par_chunks_mut(BAND * n_columns.max(1)).enumerate().for_each(|(band, sums)| {
        let first_row = band * BAND;
        let rows = first_row..first_row + sums.len() / n_columns;
        // Room on either side, so that a short run is never cut.
        let stride = n_columns + 2 * RUN;
        let mut padded = vec![0.0; stride * rows.len()];
        for hill in hills.near(&rows) {
            let per_reach2 = 1.0 / (hill.reach * hill.reach);
            let within = centres_within(hill.y, hill.reach, &rows);
            if 2.0 * hill.reach < (RUN - 1) as f64 {
                // All columns in reach lie in one run: no row needs to find its own.
                let first = (hill.x - hill.reach).ceil();
                let west = first - hill.x;
                let dx2: [f64; RUN] =
                    std::array::from_fn(|k| (west + k as f64).powi(2) * per_reach2);
                let start = (first + RUN as f64) as usize;
                for row in within {
                    let dy2 = (hill.y - row as f64).powi(2) * per_reach2;
                    let start = (row - first_row) * stride + start;
                    for (sum, dx2) in padded[start..start + RUN].iter_mut().zip(dx2) {
                        *sum += hill.weight * height(dx2 + dy2);
                    }
                }
                continue;
            }
            let reach2 = hill.reach * hill.reach;
            for row in within {
                let dy2 = (hill.y - row as f64).powi(2);
                if dy2 >= reach2 {
                    continue;
                }
                let columns = centres_within(hill.x, (reach2 - dy2).sqrt(), &(0..n_columns));
                let west = columns.start as f64 - hill.x;
                let start = (row - first_row) * stride + RUN;
                // A 32-bit counter, because two of them turn into numbers at once.
                for (sum, step) in padded[start..][columns].iter_mut().zip(0_i32..) {
                    let dx = west + f64::from(step);
                    *sum += hill.weight * height((dx * dx + dy2) * per_reach2);
                }
            }
        }
        for (sums, padded) in sums.chunks_mut(n_columns).zip(padded.chunks(stride)) {
            sums.copy_from_slice(&padded[RUN..RUN + n_columns]);
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

/// A density per square metre over some years, as incidents per square kilometre and year.
pub fn per_km2_year(density: &Surface, years: f64) -> Surface {
    let mut scaled = density.clone();
    scaled.values.iter_mut().for_each(|value| *value *= 1e6 / years);
    scaled
}

#[cfg(test)]
#[path = "kde_tests.rs"]
mod tests;

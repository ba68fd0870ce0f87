//! Densities at the edge of the study area, where part of each hill lies outside.

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Metres;
use crate::units::shares_inside;

use super::super::Surface;
use super::{KdeError, Kernel, Layout, density_at, kde};

/// Cells that the study area is cut into, per bandwidth, to see how much of a hill lies inside.
const CELLS_PER_BANDWIDTH: f64 = 8.0;

/// The same density without the shortfall at the edge of the study area: each cell divided by the
/// share of its kernel that lies inside; zero where no part of the cell is inside.
///
/// ```text
/// corrected(c) = density(c) / Σ_k a_k K(|c - k| / h),   a_k the area of cell k inside
/// ```
///
/// The share is taken on the cells of the surface, so a bandwidth of a few cells is needed for it
/// to be close. An even spread stays even up to the edge; the whole no longer adds up to the number
/// of incidents, for which see [`edge_weights`].
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
/// Diggle (1985), *Applied Statistics* 34(2), 138-147, <https://doi.org/10.2307/2347366>: the form
/// that divides at the place of evaluation, which spatstat calls uniform.
pub fn within(
    density: &Surface,
    study_area: &Shape,
    kernel: Kernel,
    bandwidth: Metres,
) -> Result<Surface, KdeError> {
    let Surface { origin, cell, n_columns, n_rows, .. } = *density;
    let layout = Layout { origin, cell, n_columns, n_rows };
    let (centres, areas) = pieces(study_area, layout);
    let mass = kde(&centres, Some(&areas), kernel, bandwidth, layout)?;
    let shares = shares_inside(study_area, origin, cell, n_columns, n_rows);
    let corrected = (0..shares.len())
        .map(|i| {
            let whole = shares[i] > 0.0 && mass.values[i] > 0.0;
            // Cells are coarse: a share a little above 1 is 1.
            if whole { density.values[i] / mass.values[i].min(1.0) } else { 0.0 }
        })
        .collect();
    Ok(layout.surface(corrected))
}

/// Weights that give each incident back what its hill leaves outside the study area, for [`kde`]
/// with the surface cut to the study area.
///
/// ```text
/// w_j = 1 / ∫_A K(|p_j - s| / h) ds
/// ```
///
/// The whole inside the study area then adds up to the number of incidents. The integral is taken
/// over cells of an eighth of the bandwidth.
///
/// # Shapes and units
///
/// - returns: `[n_points]`, 1 or more; `None` for an incident outside the study area, whose hill
///   belongs to no part of it.
///
/// # Errors
///
/// As [`kde`].
///
/// # Source
///
/// Jones (1993), *Statistics and Computing* 3(3), 135-146, <https://doi.org/10.1007/BF00147776>;
/// `diggle = TRUE` in spatstat.
pub fn edge_weights(
    points: &[Bng],
    study_area: &Shape,
    kernel: Kernel,
    bandwidth: Metres,
) -> Result<Vec<Option<f64>>, KdeError> {
    let Some(bounds) = study_area.bounds() else { return Ok(vec![None; points.len()]) };
    let cell = Metres::new(bandwidth.get() / CELLS_PER_BANDWIDTH);
    let (centres, areas) = pieces(study_area, Layout::covering(bounds, cell)?);
    let mass = density_at(&centres, Some(&areas), kernel, bandwidth, points)?;
    let weight = |(point, mass): (&Bng, f64)| {
        (study_area.covers(*point) && mass > 0.0).then(|| 1.0 / mass.min(1.0))
    };
    Ok(points.iter().zip(mass).map(weight).collect())
}

/// Centre and area inside, in m², of every cell that the study area reaches into.
fn pieces(study_area: &Shape, layout: Layout) -> (Vec<Bng>, Vec<f64>) {
    let Layout { origin, cell, n_columns, n_rows } = layout;
    let shares = shares_inside(study_area, origin, cell, n_columns, n_rows);
    let whole = cell.get().powi(2);
    let inside = |(i, share): (usize, f64)| {
        (share > 0.0).then(|| (layout.centre(i % n_columns, i / n_columns), share * whole))
    };
    shares.into_iter().enumerate().filter_map(inside).unzip()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use geo::{MultiPolygon, Rect, coord};

    use super::*;

    fn rectangle(width: f64, height: f64) -> Shape {
        let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: width, y: height });
        Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))
    }

    #[test]
    fn an_even_spread_stays_even_up_to_a_straight_edge() {
        let study = rectangle(2000.0, 1000.0);
        let at = Layout {
            origin: Bng::new(0.0, 0.0),
            cell: Metres::new(50.0),
            n_columns: 40,
            n_rows: 20,
        };
        // One incident in the middle of every 25 m square of the study area.
        let points: Vec<_> = (0..80 * 40)
            .map(|i| Bng::new(f64::from(i % 80) * 25.0 + 12.5, f64::from(i / 80) * 25.0 + 12.5))
            .collect();
        let plain = kde(&points, None, Kernel::Quartic, Metres::new(400.0), at).unwrap();

        let corrected = within(&plain, &study, Kernel::Quartic, Metres::new(400.0)).unwrap();

        let even = 1.0 / (25.0 * 25.0);
        assert!(plain.values[0] < 0.35 * even, "{}", plain.values[0] / even);
        for value in corrected.values {
            assert_relative_eq!(value, even, max_relative = 0.02);
        }
    }

    /// Half of a hill on a straight edge lies outside, three quarters of one in a corner.
    #[test]
    fn an_incident_on_the_edge_counts_twice_and_in_a_corner_four_times() {
        let study = rectangle(2000.0, 1000.0);
        let points = [
            Bng::new(1000.0, 500.0),
            Bng::new(1000.0, 0.0),
            Bng::new(2000.0, 1000.0),
            Bng::new(2000.1, 1000.0),
        ];
        for kernel in [Kernel::Quartic, Kernel::Triangular, Kernel::Gaussian] {
            let h = Metres::new(if kernel == Kernel::Gaussian { 60.0 } else { 300.0 });

            let weights = edge_weights(&points, &study, kernel, h).unwrap();

            for (weight, wanted) in weights.iter().zip([1.0, 2.0, 4.0]) {
                assert_relative_eq!(weight.unwrap(), wanted, max_relative = 2e-3);
            }
            assert_eq!(weights[3], None);
        }
    }

    /// The sum over the study area is the number of incidents again.
    #[test]
    fn weighted_incidents_add_up_inside() {
        let study = rectangle(1000.0, 800.0);
        let points = [Bng::new(10.0, 20.0), Bng::new(990.0, 400.0), Bng::new(333.0, 790.0)];
        let h = Metres::new(250.0);
        let weights: Vec<f64> = edge_weights(&points, &study, Kernel::Quartic, h)
            .unwrap()
            .into_iter()
            .map(Option::unwrap)
            .collect();
        let at = Layout {
            origin: Bng::new(0.0, 0.0),
            cell: Metres::new(10.0),
            n_columns: 100,
            n_rows: 80,
        };

        let surface = kde(&points, Some(&weights), Kernel::Quartic, h, at).unwrap();

        assert_relative_eq!(surface.values.iter().sum::<f64>() * 100.0, 3.0, max_relative = 3e-3);
    }

    #[test]
    fn an_empty_study_area_has_no_incident_inside() {
        let none = Shape::new(MultiPolygon::new(vec![]));

        let weights = edge_weights(&[Bng::new(0.0, 0.0)], &none, Kernel::Quartic, Metres::new(9.0));

        assert_eq!(weights, Ok(vec![None]));
    }
}

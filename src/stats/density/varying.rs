//! Densities whose bandwidth varies from incident to incident: narrow where there are many.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::Metres;

use super::super::Surface;
use super::kde::check_weights;
use super::scatter::{Hill, scatter};
use super::{KdeError, Kernel, Layout, density_at};

/// Density of `points` at the centres of cells, each point with a bandwidth of its own.
///
/// ```text
/// density(c) = Σ_j w_j K(|c - p_j| / h_j)
/// ```
///
/// A bandwidth below the cell size, zero too, is raised to it, as otherwise most of that hill would fall
/// between the centres of cells: see `raised` of what is returned.
///
/// # Shapes and units
///
/// - `points`, `bandwidths`: `[n_points]`; `weights`: `[n_points]`, or `None` for 1 each.
/// - returns: `[n_rows x n_columns]`, in 1/m², and how many bandwidths were raised.
///
/// # Errors
///
/// [`KdeError`] if lengths differ, or a bandwidth is below zero or not finite.
///
/// # Source
///
/// Silverman (1986), *Density Estimation for Statistics and Data Analysis*, Chapman and Hall,
/// section 5.3.
pub fn kde_varying(
    points: &[Bng],
    weights: Option<&[f64]>,
    kernel: Kernel,
    bandwidths: &[Metres],
    layout: Layout,
) -> Result<(Surface, usize), KdeError> {
    check_weights(points, weights)?;
    if bandwidths.len() != points.len() {
        let (weights, points) = (bandwidths.len(), points.len());
        return Err(KdeError::Bandwidths { bandwidths: weights, points });
    }
    if let Some(bad) = bandwidths.iter().find(|h| !(h.get().is_finite() && h.get() >= 0.0)) {
        return Err(KdeError::Bandwidth(*bad));
    }
    let raised = bandwidths.iter().filter(|h| h.get() < layout.cell.get()).count();
    let hill = |i: usize| {
        let h = Metres::new(bandwidths[i].get().max(layout.cell.get()));
        let (x, y) = layout.local(points[i]);
        let weight = weights.map_or(1.0, |w| w[i]) * kernel.peak(h);
        Hill { x, y, weight, reach: kernel.reach(h.get()) }
    };
    Ok((layout.surface(scatter(points.len(), hill, kernel, layout)), raised))
}

/// Bandwidths that reach the `k`-th nearest other incident.
///
/// Incidents at one place are at distance zero: with more than `k` at a snap point theirs are zero.
///
/// # Shapes and units
///
/// - returns: `[n_points]`; the farthest of all others where there are fewer than `k`.
///
/// # Source
///
/// Breiman, Meisel and Purcell (1977), *Technometrics* 19(2), 135-144,
/// <https://doi.org/10.1080/00401706.1977.10489521>. `CrimeStat`'s adaptive bandwidth reaches a
/// number of incidents from each cell instead; from each incident, as here, the volume stays 1.
pub fn to_nearest(points: &[Bng], k: usize) -> Vec<Metres> {
    let index = PointIndex::new(points);
    let reach = |found: &mut Vec<(f64, u32)>, (i, point): (usize, &Bng)| {
        index.nearest_into(*point, k, Some(i), found);
        Metres::new(found.last().map_or(0.0, |last| last.0.sqrt()))
    };
    points.par_iter().enumerate().map_init(Vec::new, reach).collect()
}

/// Abramson's bandwidths: a pilot density with `bandwidth` everywhere, and then narrower where it
/// is high and wider where it is low.
///
/// ```text
/// h_j = h √(g / f(p_j)),   g the geometric mean of the pilot f over the incidents
/// ```
///
/// None is more than `widest` times the pilot's, so that a lone incident does not cover the map.
///
/// # Shapes and units
///
/// - returns: `[n_points]`.
///
/// # Errors
///
/// As [`super::kde`].
///
/// # Source
///
/// Abramson (1982), *The Annals of Statistics* 10(4), 1217-1223,
/// <https://doi.org/10.1214/aos/1176345986>; the cap as in Davies and Hazelton (2010), *Statistics
/// in Medicine* 29(23), 2423-2437, <https://doi.org/10.1002/sim.3995>.
pub fn abramson(
    points: &[Bng],
    weights: Option<&[f64]>,
    kernel: Kernel,
    bandwidth: Metres,
    widest: f64,
) -> Result<Vec<Metres>, KdeError> {
    let pilot = density_at(points, weights, kernel, bandwidth, points)?;
    // A point of weight zero far from all others has no pilot density; it adds nothing either.
    let known: Vec<f64> = pilot.iter().copied().filter(|&f| f > 0.0).collect();
    let log_mean = known.iter().map(|f| f.ln()).sum::<f64>() / (known.len().max(1)) as f64;
    let factor = |f: f64| {
        let factor = if f > 0.0 { ((log_mean - f.ln()) / 2.0).exp() } else { widest };
        Metres::new(bandwidth.get() * factor.min(widest))
    };
    Ok(pilot.into_iter().map(factor).collect())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::stats::kde;

    fn layout() -> Layout {
        Layout { origin: Bng::new(0.0, 0.0), cell: Metres::new(20.0), n_columns: 60, n_rows: 50 }
    }

    fn points() -> Vec<Bng> {
        (0..120_u32)
            .map(|i| Bng::new(f64::from(i * 7919 % 1201), f64::from(i * 104_729 % 1009)))
            .collect()
    }

    #[test]
    fn one_bandwidth_for_all_is_the_plain_density() {
        let points = points();
        for kernel in Kernel::ALL {
            let h = Metres::new(90.0);
            let plain = kde(&points, None, kernel, h, layout()).unwrap();

            let (varying, raised) =
                kde_varying(&points, None, kernel, &vec![h; points.len()], layout()).unwrap();

            assert_eq!(raised, 0);
            for (a, b) in plain.values.iter().zip(&varying.values) {
                assert_relative_eq!(a, b, max_relative = 1e-9, epsilon = 1e-18);
            }
        }
    }

    #[test]
    fn each_hill_has_its_own_width_and_a_volume_of_one() {
        let at = [Bng::new(300.0, 500.0), Bng::new(800.0, 500.0)];
        let h = [Metres::new(100.0), Metres::new(300.0)];

        let (surface, _) = kde_varying(&at, None, Kernel::Quartic, &h, layout()).unwrap();

        assert_relative_eq!(surface.values.iter().sum::<f64>() * 400.0, 2.0, max_relative = 1e-3);
        let (narrow, wide) = (surface.at(at[0]), surface.at(at[1]));
        assert_relative_eq!(narrow / wide, 9.0, max_relative = 0.05);
    }

    #[test]
    fn a_bandwidth_below_the_cell_is_raised_and_counted() {
        let at = [Bng::new(300.0, 500.0), Bng::new(800.0, 500.0)];
        let h = [Metres::new(5.0), Metres::new(300.0)];

        let (_, raised) = kde_varying(&at, None, Kernel::Quartic, &h, layout()).unwrap();

        assert_eq!(raised, 1);
        let none = [Metres::new(0.0), Metres::new(300.0)];
        assert_eq!(kde_varying(&at, None, Kernel::Quartic, &none, layout()).unwrap().1, 1);
        let impossible = [Metres::new(-1.0), Metres::new(300.0)];
        assert!(kde_varying(&at, None, Kernel::Quartic, &impossible, layout()).is_err());
        assert!(kde_varying(&at, None, Kernel::Quartic, &h[..1], layout()).is_err());
    }

    #[test]
    fn bandwidths_reach_the_nearest_others() {
        let at = [0.0, 10.0, 30.0, 1000.0].map(|x| Bng::new(x, 0.0));

        let reach = |k| to_nearest(&at, k).into_iter().map(Metres::get).collect::<Vec<_>>();

        assert_eq!(reach(2), [30.0, 20.0, 30.0, 990.0]);
        assert_eq!(reach(1), [10.0, 10.0, 20.0, 970.0]);
        assert_eq!(reach(9), [1000.0, 990.0, 970.0, 1000.0]);
        assert_eq!(to_nearest(&[], 3), []);
    }

    #[test]
    fn abramson_is_narrow_where_there_are_many() {
        let mut at = vec![Bng::new(0.0, 0.0); 50];
        at.push(Bng::new(5000.0, 0.0));

        let h = abramson(&at, None, Kernel::Quartic, Metres::new(100.0), 5.0).unwrap();

        // 50 of density 50, one of density 1: the geometric mean is 50^(50/51).
        let mean = 50_f64.powf(50.0 / 51.0);
        assert_relative_eq!(h[0].get(), 100.0 * (mean / 50.0).sqrt(), max_relative = 1e-12);
        assert_relative_eq!(h[50].get(), 500.0);
    }
}

//! Density at places of choice, where a whole surface is not wanted.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::Metres;

use super::{KdeError, Kernel, kde};

/// Density of `points` at each of `places`, exactly: the same sum as [`kde`], place by place.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`; `weights`: `[n_points]`, or `None` for 1 each.
/// - returns: `[n_places]`, in 1/m².
///
/// # Errors
///
/// As [`kde`].
pub fn density_at(
    points: &[Bng],
    weights: Option<&[f64]>,
    kernel: Kernel,
    bandwidth: Metres,
    places: &[Bng],
) -> Result<Vec<f64>, KdeError> {
    kde::check(points, weights, bandwidth)?;
    let reach = kernel.reach(bandwidth.get());
    let per_reach2 = 1.0 / (reach * reach);
    let index = PointIndex::for_radius(points, Metres::new(reach));
    let peak = kernel.peak(bandwidth);
    let at = |place: &Bng| {
        let mut sum = 0.0;
        index.each_within(*place, reach, |i, d2| {
            sum += weights.map_or(1.0, |w| w[i]) * kernel.height(d2 * per_reach2);
        });
        sum * peak
    };
    Ok(places.par_iter().map(at).collect())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::stats::Layout;

    #[test]
    fn places_have_the_density_of_the_surface() {
        let points: Vec<Bng> = (0..200_u32)
            .map(|i| Bng::new(f64::from(i * 7919 % 997), f64::from(i * 104_729 % 811)))
            .collect();
        let layout = Layout {
            origin: Bng::new(-300.0, -300.0),
            cell: Metres::new(100.0),
            n_columns: 16,
            n_rows: 14,
        };
        for kernel in Kernel::ALL {
            let h = Metres::new(150.0);
            let surface = kde(&points, None, kernel, h, layout).unwrap();
            let centres: Vec<Bng> = (0..16 * 14).map(|i| surface.centre(i % 16, i / 16)).collect();

            let at = density_at(&points, None, kernel, h, &centres).unwrap();

            for (a, b) in at.iter().zip(&surface.values) {
                assert_relative_eq!(a, b, max_relative = 1e-9, epsilon = 1e-18);
            }
        }
    }

    #[test]
    fn no_points_are_no_density_and_no_places_no_answer() {
        let place = [Bng::new(0.0, 0.0)];
        let h = Metres::new(10.0);

        assert_eq!(density_at(&[], None, Kernel::Quartic, h, &place), Ok(vec![0.0]));
        assert_eq!(density_at(&place, None, Kernel::Quartic, h, &[]), Ok(vec![]));
        assert!(density_at(&place, None, Kernel::Quartic, Metres::new(0.0), &place).is_err());
    }
}

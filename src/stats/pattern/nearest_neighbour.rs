//! The nearest neighbour index: mean distance to the nearest other incident against chance.

use std::f64::consts::PI;

use rayon::prelude::*;

use crate::aggregate::normal_below;
use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::{Metres, SquareMetres};

use super::super::two_sided_p;
use super::{PatternError, Repeats, check};

/// Mean distance to the nearest other incident, and what chance would leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearestNeighbour {
    /// Incidents.
    pub n: usize,
    /// Mean distance to the nearest other.
    pub mean: Metres,
    /// Standard error of that mean under chance.
    pub standard_error: Metres,
    /// The same as `CrimeStat` prints it, with the constant cut to 0.26136.
    pub standard_error_cut: Metres,
    /// Against chance on a plane without end.
    pub plain: Spacing,
    /// Against chance within a study area of this perimeter (Donnelly).
    pub donnelly: Option<Spacing>,
    /// Incidents at shared places, whose nearest other is at distance zero.
    pub repeats: Repeats,
}

/// A mean distance against that of chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spacing {
    /// Mean distance that chance would leave.
    pub expected: Metres,
    /// Observed over expected: below 1 clustered, above 1 dispersed.
    pub index: f64,
    /// (observed - expected) over the standard error.
    pub z: f64,
    /// Two-sided p-value under the normal distribution.
    pub p: f64,
    /// p-value of a mean this small or smaller: clustering.
    pub p_clustered: f64,
}

/// The nearest neighbour index of Clark and Evans.
///
/// ```text
/// R = d / E,  E = 0.5 √(A / n),  SE = √((4 - π) / (4 π)) √A / n,  z = (d - E) / SE
/// Donnelly:   E = 0.5 √(A / n) + (0.0514 + 0.0412 / √n) P / n, the same SE
/// ```
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, two at least.
/// - `area`: of the study area, not of the box round the points: a larger area makes any pattern
///   look clustered.
/// - `perimeter`: of the study area, for Donnelly's correction: incidents near the edge have their
///   nearest neighbour outside, where it is not seen. Made for areas of a simple outline.
/// - p-values under the normal distribution, sidedness by name.
///
/// # Errors
///
/// [`PatternError`] for fewer than two points, an area that is not above zero, or a position that
/// is not finite.
///
/// # Source
///
/// Clark and Evans (1954), *Ecology* 35(4), 445-453, <https://doi.org/10.2307/1931034>; Donnelly
/// (1978), in Hodder, *Simulation Studies in Archaeology*, Cambridge, 91-95. With Donnelly's mean we
/// keep the plain standard error, as spatstat does.
#[doc(alias = "clark-evans")]
pub fn nearest_neighbour(
    points: &[Bng],
    area: SquareMetres,
    perimeter: Option<Metres>,
) -> Result<NearestNeighbour, PatternError> {
    check(points, 2)?;
    let a = area.get();
    if !(a.is_finite() && a > 0.0) {
        return Err(PatternError::Area(area));
    }
    let index = PointIndex::new(points);
    let to_nearest = |found: &mut Vec<(f64, u32)>, (i, point): (usize, &Bng)| {
        index.nearest_into(*point, 1, Some(i), found);
        found.first().map_or(0.0, |first| first.0.sqrt())
    };
    let distances: Vec<f64> =
        points.par_iter().enumerate().map_init(Vec::new, to_nearest).collect();
    let n = points.len() as f64;
    let mean = distances.iter().sum::<f64>() / n;
    let standard_error = ((4.0 - PI) / (4.0 * PI)).sqrt() * a.sqrt() / n;
    let against = |expected: f64| {
        let z = (mean - expected) / standard_error;
        Spacing {
            expected: Metres::new(expected),
            index: mean / expected,
            z,
            p: two_sided_p(z),
            p_clustered: normal_below(z),
        }
    };
    let endless = 0.5 * (a / n).sqrt();
    let donnelly = perimeter.map(|p| against(endless + (0.0514 + 0.0412 / n.sqrt()) * p.get() / n));
    Ok(NearestNeighbour {
        n: points.len(),
        mean: Metres::new(mean),
        standard_error: Metres::new(standard_error),
        standard_error_cut: Metres::new(0.261_36 * a.sqrt() / n),
        plain: against(endless),
        donnelly,
        repeats: Repeats::of(points),
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    /// A square lattice of side 1: every nearest neighbour is at 1, so R is 2.
    #[test]
    fn a_lattice_is_twice_as_far_apart_as_chance() {
        let points: Vec<Bng> =
            (0..400).map(|i| Bng::new(f64::from(i % 20), f64::from(i / 20))).collect();

        let found = nearest_neighbour(&points, SquareMetres::new(400.0), None).unwrap();

        assert_relative_eq!(found.plain.index, 2.0);
        assert!(found.plain.z > 30.0 && found.plain.p_clustered > 0.999);
        assert_eq!(found.repeats.n_sharing, 0);
    }

    #[test]
    fn one_place_for_all_is_an_index_of_zero_with_a_warning() {
        let found =
            nearest_neighbour(&[Bng::new(3.0, 4.0); 5], SquareMetres::new(1e6), None).unwrap();

        assert_relative_eq!(found.plain.index, 0.0);
        assert!(found.repeats.warning().is_some());
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let point = Bng::new(0.0, 0.0);
        let of = |points: &[Bng], area| nearest_neighbour(points, SquareMetres::new(area), None);

        assert_eq!(of(&[], 1.0), Err(PatternError::TooFew { found: 0, wanted: 2 }));
        assert_eq!(of(&[point], 1.0), Err(PatternError::TooFew { found: 1, wanted: 2 }));
        assert!(matches!(of(&[point, point], 0.0), Err(PatternError::Area(_))));
        assert!(matches!(of(&[point, point], f64::NAN), Err(PatternError::Area(_))));
        let lost = Bng::new(f64::NAN, 0.0);
        assert_eq!(of(&[point, lost], 1.0), Err(PatternError::NotFinite(1)));
    }

    proptest! {
        #[test]
        fn a_larger_map_of_the_same_pattern_has_the_same_index(
            points in prop::collection::vec((0_u32..900, 0_u32..900), 3..60),
            scale in 0.01_f64..100.0,
        ) {
            let at = |scale: f64| -> Vec<Bng> {
                let scaled = |x| f64::from(x) * scale;
                points.iter().map(|&(x, y)| Bng::new(scaled(x), scaled(y))).collect()
            };
            let of = |scale: f64| {
                let area = SquareMetres::new(810_000.0 * scale * scale);
                nearest_neighbour(&at(scale), area, Some(Metres::new(3600.0 * scale))).unwrap()
            };
            let (one, other) = (of(1.0), of(scale));
            prop_assert!((one.plain.z - other.plain.z).abs() < 1e-6);
            let index = |found: NearestNeighbour| found.donnelly.unwrap().index;
            prop_assert!((index(one) - index(other)).abs() < 1e-9);
        }
    }
}

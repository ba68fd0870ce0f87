//! Centrography: the middle of a pattern, and how far and which way it spreads.

use crate::crs::Bng;
use crate::quantity::{Metres, SquareMetres};

use super::{PatternError, check};

/// Steps after which the median centre is where it will be.
const MOST_STEPS: usize = 10_000;
/// Movement, as a share of the standard distance, at which the search for it ends.
const STILL: f64 = 1e-12;

/// The middle of a pattern and its spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Centrography {
    /// Mean of eastings and northings.
    pub mean_centre: Bng,
    /// Position with the smallest sum of distances to all incidents.
    pub median_centre: Bng,
    /// Root of the mean squared distance from the mean centre.
    pub standard_distance: Metres,
    /// Standard deviational ellipse; `None` for fewer than three incidents.
    pub ellipse: Option<Ellipse>,
}

/// A standard deviational ellipse about the mean centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Longer half-axis.
    pub major: Metres,
    /// Shorter half-axis, zero where all incidents stand in a line.
    pub minor: Metres,
    /// Direction of the longer axis, degrees clockwise from north, 0 up to 180; 0 where both are
    /// equal.
    pub bearing: f64,
}

impl Ellipse {
    /// Area inside.
    pub fn area(self) -> SquareMetres {
        SquareMetres::new(std::f64::consts::PI * self.major.get() * self.minor.get())
    }

    /// `n` corners of the ellipse about `centre`, anticlockwise.
    pub fn outline(self, centre: Bng, n: usize) -> Vec<Bng> {
        let (sin, cos) = self.bearing.to_radians().sin_cos();
        (0..n)
            .map(|i| {
                let (up, along) = (std::f64::consts::TAU * i as f64 / n as f64).sin_cos();
                // Along the longer axis, and to the left of it.
                let (along, left) = (along * self.major.get(), up * self.minor.get());
                Bng::new(
                    centre.easting() + along * sin - left * cos,
                    centre.northing() + along * cos + left * sin,
                )
            })
            .collect()
    }
}

/// Mean centre, median centre, standard distance and standard deviational ellipse.
///
/// ```text
/// standard distance: √(Σ w (dx² + dy²) / Σ w)
/// ellipse:           tan 2θ = 2 Σ w dx dy / (Σ w dx² - Σ w dy²)
///                    half-axes √(2 Σ w d² / (W - 2)), d the distance along each axis
/// ```
///
/// The half-axes are those of `CrimeStat` and pointpats, with √2 and two degrees of freedom taken
/// off; `W` is the sum of weights, which stand for repeated incidents.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, one at least; `weights`: `[n_points]`, zero or more, or `None` for 1
///   each.
///
/// # Errors
///
/// [`PatternError`] for no points, weights of another number or below zero, or what is not finite.
///
/// # Source
///
/// Lefever (1926), *American Journal of Sociology* 32(1), 88-94, <https://doi.org/10.1086/214027>;
/// Yuill (1971), *Geografiska Annaler B* 53(1), 28-39, <https://doi.org/10.2307/490885>. Median
/// centre: Weiszfeld's algorithm as Vardi and Zhang (2000), *PNAS* 97(4), 1423-1426,
/// <https://doi.org/10.1073/pnas.97.4.1423>, made it safe at the incidents themselves.
pub fn centrography(points: &[Bng], weights: Option<&[f64]>) -> Result<Centrography, PatternError> {
    check(points, 1)?;
    let wrong = |w: &[f64]| w.len() != points.len() || w.iter().any(|w| w.is_nan() || *w < 0.0);
    if let Some(weights) = weights.filter(|w| wrong(w)) {
        return Err(PatternError::Weights { weights: weights.len(), points: points.len() });
    }
    if let Some(i) = weights.and_then(|w| w.iter().position(|w| w.is_infinite())) {
        return Err(PatternError::NotFinite(i));
    }
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let total: f64 = (0..points.len()).map(weight).sum();
    if total <= 0.0 {
        return Err(PatternError::TooFew { found: 0, wanted: 1 });
    }
    // From the first point, so that a small pattern far from 0, 0 keeps its digits.
    let from = points[0];
    let local: Vec<[f64; 3]> = points
        .iter()
        .enumerate()
        .map(|(i, p)| [p.easting() - from.easting(), p.northing() - from.northing(), weight(i)])
        .collect();
    let mean = |axis: usize| local.iter().map(|p| p[2] * p[axis]).sum::<f64>() / total;
    let centre = [mean(0), mean(1)];
    let moment = |a: usize, b: usize| {
        local.iter().map(|p| p[2] * (p[a] - centre[a]) * (p[b] - centre[b])).sum::<f64>()
    };
    let (xx, yy, xy) = (moment(0, 0), moment(1, 1), moment(0, 1));
    let standard_distance = ((xx + yy) / total).sqrt();
    let median = median_centre(&local, centre, standard_distance);
    let place = |[x, y]: [f64; 2]| Bng::new(from.easting() + x, from.northing() + y);
    Ok(Centrography {
        mean_centre: place(centre),
        median_centre: place(median),
        standard_distance: Metres::new(standard_distance),
        ellipse: (total > 2.0).then(|| ellipse(xx, yy, xy, total)),
    })
}

fn ellipse(xx: f64, yy: f64, xy: f64, total: f64) -> Ellipse {
    // Sums of squares along the two axes: the eigenvalues of the matrix of moments.
    let (middle, half) = (f64::midpoint(xx, yy), (0.5 * (xx - yy)).hypot(xy));
    let axis = |sum: f64| Metres::new((2.0 * sum.max(0.0) / (total - 2.0)).sqrt());
    // Angle of the longer axis, anticlockwise from east.
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    let bearing = if half > 0.0 { (90.0 - angle.to_degrees()).rem_euclid(180.0) } else { 0.0 };
    Ellipse { major: axis(middle + half), minor: axis(middle - half), bearing }
}

/// Position with the smallest weighted sum of distances.
fn median_centre(points: &[[f64; 3]], start: [f64; 2], spread: f64) -> [f64; 2] {
    let mut at = start;
    for _ in 0..MOST_STEPS {
        let (mut pull, mut sum, mut inverse, mut here) = ([0.0; 2], [0.0; 2], 0.0, 0.0);
        for &[x, y, weight] in points {
            let (dx, dy) = (x - at[0], y - at[1]);
            let distance = dx.hypot(dy);
            if distance <= spread * 1e-14 {
                here += weight;
                continue;
            }
            let near = weight / distance;
            pull = [pull[0] + near * dx, pull[1] + near * dy];
            sum = [sum[0] + near * x, sum[1] + near * y];
            inverse += near;
        }
        let strength = pull[0].hypot(pull[1]);
        // The incidents here hold it against the pull of all others.
        if inverse == 0.0 || strength <= here {
            return at;
        }
        let hold = here / strength;
        let next = [0, 1].map(|i| (1.0 - hold) * sum[i] / inverse + hold * at[i]);
        let moved = (next[0] - at[0]).hypot(next[1] - at[1]);
        at = next;
        if moved <= STILL * spread {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    fn places(points: &[(f64, f64)]) -> Vec<Bng> {
        points.iter().map(|p| Bng::new(4e5 + p.0, 3e5 + p.1)).collect()
    }

    #[test]
    fn a_cross_has_its_longer_axis_where_it_is_longer() {
        // Along the north-east diagonal, twice as far as across.
        let points = places(&[(2.0, 2.0), (-2.0, -2.0), (1.0, -1.0), (-1.0, 1.0)]);

        let found = centrography(&points, None).unwrap();

        let ellipse = found.ellipse.unwrap();
        assert_relative_eq!(ellipse.bearing, 45.0, epsilon = 1e-9);
        // Sums of squares 16 and 4, over n - 2 = 2, times 2.
        assert_relative_eq!(ellipse.major.get(), 4.0, max_relative = 1e-9);
        assert_relative_eq!(ellipse.minor.get(), 2.0, max_relative = 1e-9);
        assert_relative_eq!(found.standard_distance.get(), 5.0_f64.sqrt(), max_relative = 1e-12);
        let corner = ellipse.outline(found.mean_centre, 4)[0];
        assert_relative_eq!(corner.easting() - 4e5, 8.0_f64.sqrt(), max_relative = 1e-6);
        assert_relative_eq!(corner.northing() - 3e5, 8.0_f64.sqrt(), max_relative = 1e-6);
    }

    /// Of a triangle with an angle of 120 degrees or more, the median centre is that corner.
    #[test]
    fn the_median_centre_may_be_an_incident() {
        let points = places(&[(0.0, 0.0), (10.0, 1.0), (-10.0, 1.0)]);

        let found = centrography(&points, None).unwrap();

        assert!(found.median_centre.distance(points[0]) < 1e-6, "{:?}", found.median_centre);
    }

    #[test]
    fn a_weight_stands_for_repeats() {
        let points = places(&[(0.0, 0.0), (10.0, 3.0), (4.0, 9.0), (7.0, -2.0)]);
        let mut repeated = points.clone();
        repeated.extend([points[1], points[1], points[3]]);

        let weighted = centrography(&points, Some(&[1.0, 3.0, 1.0, 2.0])).unwrap();
        let plain = centrography(&repeated, None).unwrap();

        assert!(weighted.mean_centre.distance(plain.mean_centre) < 1e-9);
        assert!(weighted.median_centre.distance(plain.median_centre) < 1e-6);
        let (a, b) = (weighted.ellipse.unwrap(), plain.ellipse.unwrap());
        assert_relative_eq!(a.major.get(), b.major.get(), max_relative = 1e-9);
        assert_relative_eq!(a.bearing, b.bearing, max_relative = 1e-9);
    }

    #[test]
    fn awkward_patterns_are_answered_or_refused() {
        let one = centrography(&places(&[(5.0, 6.0)]), None).unwrap();
        assert_eq!((one.standard_distance.get(), one.ellipse), (0.0, None));
        assert_eq!(one.median_centre, one.mean_centre);

        let same = centrography(&places(&[(5.0, 6.0); 4]), None).unwrap();
        assert_eq!(same.ellipse.map(|e| (e.major.get(), e.bearing)), Some((0.0, 0.0)));

        let line = centrography(&places(&[(0.0, 0.0), (0.0, 5.0), (0.0, 20.0)]), None).unwrap();
        let ellipse = line.ellipse.unwrap();
        assert_eq!((ellipse.minor.get(), ellipse.bearing), (0.0, 0.0));

        assert_eq!(centrography(&[], None), Err(PatternError::TooFew { found: 0, wanted: 1 }));
        let point = places(&[(0.0, 0.0)]);
        assert!(centrography(&point, Some(&[])).is_err());
        assert!(centrography(&point, Some(&[-1.0])).is_err());
        assert!(centrography(&point, Some(&[0.0])).is_err());
        assert!(centrography(&[Bng::new(0.0, f64::NAN)], None).is_err());
    }

    proptest! {
        /// No position near it has a smaller sum of distances.
        #[test]
        fn the_median_centre_is_the_nearest_to_all(
            points in prop::collection::vec((-500.0_f64..500.0, -500.0_f64..500.0), 1..40),
            angle in 0.0_f64..6.3,
        ) {
            let points = places(&points);
            let found = centrography(&points, None).unwrap();
            let sum = |at: Bng| points.iter().map(|p| p.distance(at)).sum::<f64>();
            let m = found.median_centre;
            let aside = Bng::new(m.easting() + angle.cos(), m.northing() + angle.sin());
            prop_assert!(sum(m) <= sum(aside) + 1e-6);
            prop_assert!(sum(m) <= sum(found.mean_centre) + 1e-6);
        }
    }
}

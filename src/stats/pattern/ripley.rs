//! Ripley's K: how many other incidents lie within each distance of one, against chance.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::Metres;

use super::window::{StudyWindow, share_of_circle};
use super::{PatternError, check};

/// Largest weight that a pair may have, as in spatstat.
const MOST_WEIGHT: f64 = 100.0;
/// Steps of the table of overlaps from no movement to the farthest, for outlines that are no
/// rectangle.
const LAG_STEPS: usize = 24;
/// Points looked at together by one thread.
const CHUNK: usize = 64;

/// What is done about the edge of the study area, beyond which no incident is seen.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RipleyEdge {
    /// Each pair counts as the inverse share of the circle through the other that lies inside, 100
    /// at most: Ripley's own.
    #[default]
    Isotropic,
    /// Each pair counts as the area over what is left of it when it is moved by the pair's distance.
    Translation,
    /// Only incidents farther than the distance from the edge are asked (not those just as far, as
    /// in spatstat).
    Border,
    /// Nothing: K is too low, the more so the larger the distance.
    None,
}

/// Ripley's K at each of `radii`, in m².
///
/// ```text
/// K(r) = A / (n (n - 1)) Σ_{i≠j} 1(d_ij <= r) e_ij
/// border: K(r) = A / n · Σ_{i: b_i > r} #{j: d_ij <= r} / #{i: b_i > r},  b the distance to the edge
/// ```
///
/// Under chance K is π r². Weights of the translation correction are exact for rectangles; for
/// other outlines they come from a table of overlaps, linear between entries, whose error is far
/// below one in a thousand where the largest radius is a quarter of the study area's side.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, two at least, inside `window`.
/// - `radii`: rising, zero or more.
/// - returns: `[n_radii]`; `None` where the border leaves no incident to ask.
///
/// # Errors
///
/// [`PatternError`] for fewer than two points, points outside the window, or radii that do not rise.
///
/// # Source
///
/// Ripley (1976), *Journal of Applied Probability* 13(2), 255-266, <https://doi.org/10.2307/3212829>;
/// Ohser (1983), *Mathematische Operationsforschung und Statistik, Series Statistics* 14(1), 63-71,
/// <https://doi.org/10.1080/02331888308801687> (translation). The border form as spatstat's.
#[doc(alias = "Kest")]
pub fn ripley_k(
    points: &[Bng],
    window: &StudyWindow,
    radii: &[Metres],
    edge: RipleyEdge,
) -> Result<Vec<Option<f64>>, PatternError> {
    check_ripley(points, window, radii)?;
    let lags = Lags::new(window, radii, edge);
    Ok(k_of(points, window, radii, edge, &lags))
}

/// L, the distance at which chance would have the same K.
///
/// ```text
/// L = √(K / π)
/// ```
pub fn l_from_k(k: f64) -> f64 {
    (k / std::f64::consts::PI).sqrt()
}

/// Refuses what K cannot be made of.
pub(super) fn check_ripley(
    points: &[Bng],
    window: &StudyWindow,
    radii: &[Metres],
) -> Result<(), PatternError> {
    check(points, 2)?;
    let mut last = 0.0;
    for &radius in radii {
        if !(radius.get() >= last && radius.get().is_finite()) {
            return Err(PatternError::Radii(radius));
        }
        last = radius.get();
    }
    let outside = points.par_iter().filter(|point| !window.covers(**point)).count();
    if outside > 0 {
        return Err(PatternError::Outside { outside, points: points.len() });
    }
    Ok(())
}

/// K of points that have been checked.
pub(super) fn k_of(
    points: &[Bng],
    window: &StudyWindow,
    radii: &[Metres],
    edge: RipleyEdge,
    lags: &Lags,
) -> Vec<Option<f64>> {
    let radii: Vec<f64> = radii.iter().map(|r| r.get()).collect();
    let farthest = radii.last().copied().unwrap_or(0.0);
    let index = PointIndex::for_radius(points, Metres::new(farthest));
    // Sums by the first radius that holds a pair, and for the border those asked at each radius.
    let of_chunk = |chunk: &[u32]| {
        let mut sums = vec![0.0; radii.len()];
        let mut asked = vec![0_usize; radii.len()];
        for &number in chunk {
            add_point(number as usize, points, window, &radii, edge, lags, &index, &mut sums);
            if edge == RipleyEdge::Border {
                let away = window.to_edge(points[number as usize]);
                let n_asked = radii.partition_point(|&r| r < away);
                asked[..n_asked].iter_mut().for_each(|asked| *asked += 1);
            }
        }
        (sums, asked)
    };
    let parts: Vec<_> = index.order().par_chunks(CHUNK).map(of_chunk).collect();
    let (n, area) = (points.len() as f64, window.area().get());
    let mut running = 0.0;
    (0..radii.len())
        .map(|r| {
            let here: f64 = parts.iter().map(|part| part.0[r]).sum();
            if edge == RipleyEdge::Border {
                let asked: usize = parts.iter().map(|part| part.1[r]).sum();
                return (asked > 0).then(|| here * area / (n * asked as f64));
            }
            running += here;
            Some(running * area / (n * (n - 1.0)))
        })
        .collect()
}

/// Adds the pairs of one point to `sums`: each to the first radius that holds it, or under the
/// border to every radius at which the point is asked.
#[expect(clippy::too_many_arguments, reason = "the state of one pass, handed on as it is")]
fn add_point(
    i: usize,
    points: &[Bng],
    window: &StudyWindow,
    radii: &[f64],
    edge: RipleyEdge,
    lags: &Lags,
    index: &PointIndex,
    sums: &mut [f64],
) {
    let from = points[i];
    let farthest = radii.last().copied().unwrap_or(0.0);
    let away = match edge {
        RipleyEdge::Isotropic | RipleyEdge::Border => window.to_edge(from),
        _ => f64::INFINITY,
    };
    let n_asked = radii.partition_point(|&r| r < away);
    let mut edges = None;
    index.each_within(from, farthest * (1.0 + 1e-12), |j, d2| {
        if i == j {
            return;
        }
        let distance = d2.sqrt();
        let first = radii.partition_point(|&r| r < distance);
        if first == radii.len() {
            return;
        }
        match edge {
            RipleyEdge::None => sums[first] += 1.0,
            RipleyEdge::Border => {
                // Few radii: adding to each is as quick as a running sum.
                for sum in sums[..n_asked].iter_mut().skip(first) {
                    *sum += 1.0;
                }
            }
            RipleyEdge::Translation => {
                let (dx, dy) =
                    (points[j].easting() - from.easting(), points[j].northing() - from.northing());
                let left = lags.overlap(window, dx, dy);
                sums[first] += (window.area().get() / left).min(MOST_WEIGHT);
            }
            RipleyEdge::Isotropic => {
                let share = if distance <= away {
                    1.0
                } else {
                    let edges = edges.get_or_insert_with(|| window.edges_from(from));
                    share_of_circle(edges, from, distance)
                };
                sums[first] += (1.0 / share).min(MOST_WEIGHT);
            }
        }
    });
}

/// Overlaps of a window with itself, moved: by formula for a rectangle, else from a table over half
/// of the plane, as moving it back overlaps as much.
#[derive(Debug)]
pub(super) struct Lags {
    step: f64,
    /// `[LAG_STEPS + 1][2 LAG_STEPS + 1]`: north 0 and up, east from below zero.
    table: Vec<f64>,
}

impl Lags {
    pub(super) fn new(window: &StudyWindow, radii: &[Metres], edge: RipleyEdge) -> Self {
        let farthest = radii.last().map_or(0.0, |r| r.get());
        let step = farthest / LAG_STEPS as f64;
        let n_columns = 2 * LAG_STEPS + 1;
        let needed = edge == RipleyEdge::Translation && !window.is_rectangle() && step > 0.0;
        let n = if needed { (LAG_STEPS + 1) * n_columns } else { 0 };
        let overlap = |i: usize| {
            let (east, north) = (i % n_columns, i / n_columns);
            window.overlap((east as f64 - LAG_STEPS as f64) * step, north as f64 * step)
        };
        Self { step, table: (0..n).into_par_iter().map(overlap).collect() }
    }

    fn overlap(&self, window: &StudyWindow, dx: f64, dy: f64) -> f64 {
        if self.table.is_empty() {
            return window.overlap(dx, dy);
        }
        let (dx, dy) = if dy < 0.0 { (-dx, -dy) } else { (dx, dy) };
        let most = LAG_STEPS as f64;
        let (x, y) = ((dx / self.step + most).clamp(0.0, 2.0 * most), (dy / self.step).min(most));
        let (column, row) = (x.floor().min(2.0 * most - 1.0), y.floor().min(most - 1.0));
        let (fx, fy) = (x - column, y - row);
        let at = |column: f64, row: f64| {
            self.table[row as usize * (2 * LAG_STEPS + 1) + column as usize]
        };
        let along = |row: f64| at(column, row) * (1.0 - fx) + at(column + 1.0, row) * fx;
        along(row) * (1.0 - fy) + along(row + 1.0) * fy
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use geo::{LineString, MultiPolygon, Polygon, Rect, coord};

    use super::super::super::random::stream;
    use super::*;
    use crate::geometry::Shape;

    const EDGES: [RipleyEdge; 4] =
        [RipleyEdge::Isotropic, RipleyEdge::Translation, RipleyEdge::Border, RipleyEdge::None];

    fn rectangle() -> StudyWindow {
        let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 400.0, y: 300.0 });
        StudyWindow::new(&Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))).unwrap()
    }

    /// An L: no rectangle, and with a corner that looks inwards.
    fn bent() -> StudyWindow {
        let ring = [(0., 0.), (400., 0.), (400., 150.), (200., 150.), (200., 400.), (0., 400.)];
        let polygon = Polygon::new(LineString::from(ring.to_vec()), vec![]);
        StudyWindow::new(&Shape::new(MultiPolygon::new(vec![polygon]))).unwrap()
    }

    fn radii(n: u32) -> Vec<Metres> {
        (0..n).map(|i| Metres::new(f64::from(i) * 75.0 / f64::from(n - 1))).collect()
    }

    fn chance(window: &StudyWindow, n: usize, seed: u64) -> Vec<Bng> {
        let mut rng = stream(seed, 0);
        (0..n).map(|_| window.random_position(&mut rng)).collect()
    }

    /// Over many random patterns every correction gives π r² on average, in either window; without
    /// one it is too low. The border leaves too few to ask in the narrow arms of the second.
    #[test]
    fn chance_gives_the_area_of_the_circle_on_average() {
        for window in [rectangle(), bent()] {
            let narrow = !window.is_rectangle();
            for edge in EDGES.into_iter().filter(|edge| !(narrow && *edge == RipleyEdge::Border)) {
                let radii = radii(4);
                let lags = Lags::new(&window, &radii, edge);
                let n = 150;
                let mean = (0..n)
                    .map(|seed| {
                        let points = chance(&window, 60, seed);
                        k_of(&points, &window, &radii, edge, &lags)[3].unwrap()
                    })
                    .sum::<f64>()
                    / n as f64;
                let expected = std::f64::consts::PI * 75.0 * 75.0;
                if edge == RipleyEdge::None {
                    assert!(mean < 0.9 * expected, "{mean} of {expected}");
                } else {
                    assert_relative_eq!(mean, expected, max_relative = 0.05);
                }
            }
        }
    }

    #[test]
    fn the_table_of_overlaps_is_close_to_the_overlaps() {
        let window = bent();
        let lags = Lags::new(&window, &radii(5), RipleyEdge::Translation);

        for (dx, dy) in [(0.0, 0.0), (12.3, 45.6), (-31.0, 7.0), (20.0, -40.1), (-50.0, -50.0)] {
            let exact = window.overlap(dx, dy);
            assert_relative_eq!(lags.overlap(&window, dx, dy), exact, max_relative = 1e-4);
        }
    }

    #[test]
    fn one_thread_and_many_give_the_same_bits() {
        let window = bent();
        let points = chance(&window, 500, 3);
        for edge in EDGES {
            let with = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| ripley_k(&points, &window, &radii(6), edge)).unwrap()
            };
            assert_eq!(with(1), with(5));
        }
    }

    #[test]
    fn awkward_patterns_are_answered_or_refused() {
        let window = rectangle();
        let two = [Bng::new(100.0, 100.0), Bng::new(100.0, 130.0)];
        let of = |points: &[Bng], radii: &[Metres]| {
            ripley_k(points, &window, radii, RipleyEdge::Isotropic)
        };

        assert_eq!(
            of(&two, &[Metres::new(29.9), Metres::new(30.0)]),
            Ok(vec![Some(0.0), Some(120_000.0)])
        );
        assert_eq!(of(&two, &[]), Ok(vec![]));
        assert!(matches!(of(&two[..1], &radii(3)), Err(PatternError::TooFew { .. })));
        assert!(matches!(
            of(&two, &[Metres::new(5.0), Metres::new(4.0)]),
            Err(PatternError::Radii(_))
        ));
        assert!(matches!(of(&two, &[Metres::new(f64::NAN)]), Err(PatternError::Radii(_))));
        let out = [two[0], Bng::new(-1.0, 0.0)];
        assert_eq!(of(&out, &radii(3)), Err(PatternError::Outside { outside: 1, points: 2 }));
        let border = ripley_k(&two, &window, &[Metres::new(140.0)], RipleyEdge::Border);
        assert_eq!(border, Ok(vec![None]));
        // Twenty incidents in one place: every pair at distance zero.
        let same = of(&[two[0]; 20], &[Metres::new(0.0)]).unwrap();
        assert_relative_eq!(same[0].unwrap(), 120_000.0);
    }
}

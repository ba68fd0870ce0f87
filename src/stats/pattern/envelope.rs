//! A simulation envelope for Ripley's L: how far chance alone takes the whole curve.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::quantity::Metres;

use super::super::Watch;
use super::super::random::stream;
use super::ripley::{Lags, check_ripley, k_of};
use super::window::StudyWindow;
use super::{PatternError, RipleyEdge, l_from_k};

/// The curve L(r) - r, and what chance leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// `[n_radii]`: observed L(r) - r in m; above zero, more clustered than chance on average.
    pub observed: Vec<Option<f64>>,
    /// `[n_radii]`: lower edge of the envelope.
    pub low: Vec<Option<f64>>,
    /// `[n_radii]`: upper edge of the envelope.
    pub high: Vec<Option<f64>>,
    /// p-value of the whole curve: share of curves, the observed one included, that are at least as
    /// extreme. The curve leaves the envelope somewhere if and only if it is at most alpha.
    pub p: f64,
}

/// The global envelope of L(r) - r under complete spatial randomness, from simulations of as many
/// points in the same window.
///
/// Curves are ordered by extreme rank length: at each radius a curve has its rank from the nearer
/// end among all curves; curves are compared by their most extreme rank, then by the next, and so
/// on. The envelope holds the curves that are not among the most extreme share `alpha`, so the
/// chance that a random pattern leaves it anywhere is alpha, however many radii there are; an
/// envelope made radius by radius is left far more often.
///
/// # Shapes and units
///
/// - as [`super::ripley_k`]; `alpha`: 0 to 1; `seed`: each simulation has a stream of its own from
///   it, so the result is the same at any number of threads.
/// - radii at which some curve is not defined are `None`.
///
/// # Errors
///
/// As [`super::ripley_k`], [`PatternError::Simulations`] if there are too few for the p-value to
/// reach alpha, and [`PatternError::Cancelled`] if `watch` says so.
///
/// # Source
///
/// Myllymäki, Mrkvička, Grabarnik, Seijo and Hahn (2017), *Journal of the Royal Statistical Society
/// B* 79(2), 381-404, <https://doi.org/10.1111/rssb.12172>.
pub fn ripley_envelope(
    points: &[Bng],
    window: &StudyWindow,
    radii: &[Metres],
    edge: RipleyEdge,
    (simulations, alpha, seed): (usize, f64, u64),
    watch: Option<&Watch>,
) -> Result<Envelope, PatternError> {
    check_ripley(points, window, radii)?;
    let wanted = (1.0 / alpha).ceil();
    if !(alpha > 0.0 && alpha < 1.0 && simulations as f64 + 1.0 >= wanted) {
        let wanted = if wanted.is_finite() { wanted as usize - 1 } else { usize::MAX };
        return Err(PatternError::Simulations { found: simulations, wanted, alpha });
    }
    let lags = Lags::new(window, radii, edge);
    let curve = |points: &[Bng]| -> Vec<Option<f64>> {
        let k = k_of(points, window, radii, edge, &lags);
        k.iter().zip(radii).map(|(k, r)| k.map(|k| l_from_k(k) - r.get())).collect()
    };
    if let Some(watch) = watch {
        watch.expect(simulations as u64);
    }
    let simulate = |number: usize| -> Result<_, PatternError> {
        watch.map_or(Ok(()), Watch::step)?;
        let mut rng = stream(seed, number as u64);
        let simulated: Vec<Bng> =
            (0..points.len()).map(|_| window.random_position(&mut rng)).collect();
        Ok(curve(&simulated))
    };
    let simulated: Vec<_> =
        (0..simulations).into_par_iter().map(simulate).collect::<Result<_, _>>()?;
    let mut curves = vec![curve(points)];
    curves.extend(simulated);

    // What chance did not vary, such as L(0) without repeats, orders nothing.
    let defined: Vec<usize> =
        (0..radii.len()).filter(|&r| curves.iter().all(|curve| curve[r].is_some())).collect();
    let at = |curve: &Vec<Option<f64>>, r: usize| curve[r].unwrap_or(0.0);
    let mut ranks: Vec<Vec<u32>> = vec![Vec::with_capacity(defined.len()); curves.len()];
    for &r in &defined {
        let values: Vec<f64> = curves.iter().map(|curve| at(curve, r)).collect();
        for (ranks, rank) in ranks.iter_mut().zip(doubled_extreme_ranks(&values)) {
            ranks.push(rank);
        }
    }
    for ranks in &mut ranks {
        ranks.sort_unstable();
    }
    let as_extreme = ranks.iter().filter(|other| **other <= ranks[0]).count();
    let mut ordered = ranks.clone();
    ordered.sort();
    let n_left_out = (alpha * curves.len() as f64 + 1e-9).floor() as usize;
    let last_inside = ordered[n_left_out.min(ordered.len() - 1)].clone();
    let inside: Vec<&Vec<Option<f64>>> = curves
        .iter()
        .zip(&ranks)
        .filter(|(_, ranks)| **ranks >= last_inside)
        .map(|(curve, _)| curve)
        .collect();
    let edge_of = |pick: fn(f64, f64) -> f64| {
        (0..radii.len())
            .map(|r| {
                let here = || inside.iter().map(|curve| at(curve, r));
                defined.contains(&r).then(|| here().reduce(pick)).flatten()
            })
            .collect()
    };
    Ok(Envelope {
        low: edge_of(f64::min),
        high: edge_of(f64::max),
        p: as_extreme as f64 / curves.len() as f64,
        observed: curves.swap_remove(0),
    })
}

/// Twice the rank of each value from the nearer end, equal values sharing the mean of theirs.
fn doubled_extreme_ranks(values: &[f64]) -> Vec<u32> {
    let n = values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0; n];
    let mut start = 0;
    for group in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]).is_eq()) {
        let from_below = (2 * start + group.len() + 1) as u32;
        let from_above = 2 * n as u32 + 2 - from_below;
        for &i in group {
            ranks[i] = from_below.min(from_above);
        }
        start += group.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, Rect, coord};

    use super::*;
    use crate::geometry::Shape;

    fn window() -> StudyWindow {
        let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 400.0, y: 300.0 });
        StudyWindow::new(&Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))).unwrap()
    }

    fn radii() -> Vec<Metres> {
        (0..8).map(|i| Metres::new(f64::from(i) * 10.0)).collect()
    }

    fn envelope(points: &[Bng], simulations: usize) -> Result<Envelope, PatternError> {
        let choice = (simulations, 0.05, 7);
        ripley_envelope(points, &window(), &radii(), RipleyEdge::Isotropic, choice, None)
    }

    fn leaves(envelope: &Envelope) -> bool {
        (0..8).any(|r| {
            let [x, low, high] =
                [&envelope.observed, &envelope.low, &envelope.high].map(|c| c[r].unwrap());
            x < low || x > high
        })
    }

    #[test]
    fn ranks_count_from_the_nearer_end() {
        assert_eq!(doubled_extreme_ranks(&[5.0, 1.0, 9.0, 7.0, 3.0]), [6, 2, 2, 4, 4]);
        assert_eq!(doubled_extreme_ranks(&[1.0, 1.0, 2.0, 3.0]), [3, 3, 4, 2]);
    }

    #[test]
    fn a_cluster_leaves_the_envelope_upwards() {
        let points: Vec<Bng> = (0..60)
            .map(|i| Bng::new(200.0 + f64::from(i % 8) * 5.0, 150.0 + f64::from(i / 8) * 5.0))
            .collect();

        let found = envelope(&points, 99).unwrap();

        assert!(found.p <= 0.05 && leaves(&found));
        assert!(found.observed[3] > found.high[3]);
    }

    /// Of random patterns about one in twenty leaves the envelope, and exactly those with a small
    /// p-value do.
    #[test]
    fn chance_stays_inside_as_often_as_it_says() {
        let mut left = 0;
        for seed in 0..100 {
            let mut rng = stream(1_000 + seed, 0);
            let points: Vec<Bng> = (0..40).map(|_| window().random_position(&mut rng)).collect();
            let found = envelope(&points, 39).unwrap();
            assert_eq!(leaves(&found), found.p <= 0.05, "p = {}", found.p);
            left += usize::from(found.p <= 0.05);
        }
        assert!((1..=12).contains(&left), "{left} of 100");
    }

    #[test]
    fn one_thread_and_many_give_the_same_bits() {
        let points: Vec<Bng> =
            (0..50).map(|i| Bng::new(f64::from(i * 37 % 400), f64::from(i * 53 % 300))).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| envelope(&points, 39)).unwrap()
        };

        assert_eq!(with(1), with(6));
    }

    #[test]
    fn too_few_simulations_are_refused() {
        let points = [Bng::new(1.0, 1.0), Bng::new(2.0, 1.0)];

        assert_eq!(
            envelope(&points, 18),
            Err(PatternError::Simulations { found: 18, wanted: 19, alpha: 0.05 })
        );
        assert!(envelope(&points, 19).is_ok());
    }
}

//! Class breaks of heat: fixed by the whole layer, never by the view.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::stats::{Hills, Spots};
use crate::units::Units;

/// Multiples of the mean at which a class begins: those of the Home Office hotspot toolkit, with an
/// eighth for town centres.
const MULTIPLES: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 8.0];

/// Multiples of the mean at which a difference, up or down, reaches its next class.
const DIFFERENCES: [f64; 3] = [0.5, 1.0, 2.0];

/// Places looked at inside the smallest box round the study area, at most.
const MOST_PLACES: f64 = 20_000.0;

/// Places this far apart, in metres, at the least.
const LEAST_APART: f64 = 25.0;

/// Places no further apart than this, in metres, need every hill between them.
const NEAR: f64 = 1_000.0;

/// Places read one after another by one thread.
const CHUNK: usize = 1_024;

/// Places inside the study area that the mean density is taken over: a square lattice that is fixed
/// on the ground, 25 m apart or as near as makes 20,000 of them in the box.
pub(in crate::pipeline) fn sample(bounds: Option<Bounds>, wards: &Units) -> Vec<Bng> {
    let Some(bounds) = bounds else { return Vec::new() };
    let apart = (bounds.width() * bounds.height() / MOST_PLACES).sqrt() / LEAST_APART;
    let apart = apart.ceil().max(1.0) * LEAST_APART;
    let range = |low: f64, high: f64| {
        let whole = |metres: f64| (metres / apart).floor() as i32;
        (whole(low)..=whole(high)).map(move |i| (f64::from(i) + 0.5) * apart)
    };
    let rows = range(bounds.min.northing(), bounds.max.northing());
    rows.flat_map(|northing| {
        range(bounds.min.easting(), bounds.max.easting())
            .map(move |easting| Bng::new(easting, northing))
    })
    .filter(|&place| wards.locate(place).is_some())
    .collect()
}

/// Densities at each of `places`, in weight per m².
pub(in crate::pipeline) fn densities<S: Spots + Copy>(hills: Hills<S>, places: &[Bng]) -> Vec<f64> {
    let chunk = |places: &[Bng]| {
        let around = places.iter().map(|&at| Bounds { min: at, max: at }).reduce(Bounds::union);
        let Some(around) = around else { return Vec::new() };
        let each = around.width() * around.height() / places.len() as f64;
        let mut reader =
            if each > NEAR * NEAR { hills.sparse_reader(around) } else { hills.reader(around) };
        places.iter().map(|&place| reader.at(place)).collect()
    };
    places.par_chunks(CHUNK).flat_map_iter(chunk).collect()
}

/// Lower edges of the heat classes: multiples of the mean over those `densities` that are above
/// zero. The mean is taken to two figures first, so that the edges printed are the edges drawn.
/// Empty where there is no density at all.
pub(in crate::pipeline) fn breaks(densities: impl IntoIterator<Item = f64>) -> Vec<f64> {
    multiples(densities, &MULTIPLES)
}

/// Edges of the classes of a difference, up and down alike: multiples of the mean of both windows.
pub(super) fn difference_breaks(means: impl IntoIterator<Item = f64>) -> Vec<f64> {
    multiples(means, &DIFFERENCES)
}

fn multiples(densities: impl IntoIterator<Item = f64>, multiples: &[f64]) -> Vec<f64> {
    let (mut sum, mut n) = (0.0, 0);
    for density in densities.into_iter().filter(|&density| density > 0.0) {
        sum += density;
        n += 1;
    }
    if n == 0 {
        return Vec::new();
    }
    let mean = two_figures(sum / f64::from(n));
    multiples.iter().map(|multiple| two_decimals(mean * multiple)).collect()
}

fn two_figures(x: f64) -> f64 {
    let unit = 10f64.powf(x.log10().floor() - 1.0);
    (x / unit).round() * unit
}

/// Takes the last digits' noise off a product of short decimals.
fn two_decimals(x: f64) -> f64 {
    if x >= 1.0 { (x * 100.0).round() / 100.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_taken_to_two_figures() {
        assert!((two_figures(19.86) - 20.0).abs() < 1e-9);
        assert!((two_figures(1234.0) - 1200.0).abs() < 1e-9);
        assert!((two_figures(0.04567) - 0.046).abs() < 1e-9);
    }

    #[test]
    fn classes_begin_at_multiples_of_the_mean_of_what_is_above_zero() {
        assert_eq!(breaks([0.0, 10.1, 30.1, 0.0]), [20.0, 40.0, 60.0, 80.0, 100.0, 160.0]);
        assert_eq!(difference_breaks([4.0, 8.0, 0.0]), [3.0, 6.0, 12.0]);
        assert!(breaks([0.0, 0.0]).is_empty());
    }
}

//! Heat: the density surface and its fixed classes.

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::stats::{Kernel, Layout, Surface, kde, per_km2_year};
use crate::store::Dataset;
use crate::units::Units;

use super::AnalysisRequest;

/// Cells of the raster to one bandwidth: bilinear reading between centres this near stays within
/// half a per cent of the kernel's peak.
const CELLS_PER_BANDWIDTH: f64 = 12.0;

/// Multiples of the mean at which a class begins: those of the Home Office hotspot toolkit, with an
/// eighth for town centres.
const MULTIPLES: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 8.0];

/// Side of a raster cell for this bandwidth: a whole number of metres.
pub(super) fn raster_cell(bandwidth: Metres) -> Metres {
    Metres::new((bandwidth.get() / CELLS_PER_BANDWIDTH).floor().max(5.0))
}

/// Density of `points` over the study area, in incidents per km² a year.
pub(super) fn surface(
    points: &[Bng],
    request: &AnalysisRequest,
    data: &Dataset,
    years: f64,
) -> anyhow::Result<Surface> {
    let bounds = data
        .study_area
        .bounds()
        .ok_or_else(|| anyhow::anyhow!("the study area is empty: it has no ward"))?;
    let around = bounds.grown(request.bandwidth.get());
    let layout = Layout::covering(around, raster_cell(request.bandwidth))?;
    let (places, weights) = stacked(points);
    let density = kde(&places, Some(&weights), Kernel::Quartic, request.bandwidth, layout)?;
    Ok(per_km2_year(&density, years))
}

/// Positions without repeats, and how many stand on each: snap points carry many incidents.
fn stacked(points: &[Bng]) -> (Vec<Bng>, Vec<f64>) {
    let mut sorted = points.to_vec();
    sorted.sort_unstable_by(|a, b| {
        a.northing().total_cmp(&b.northing()).then(a.easting().total_cmp(&b.easting()))
    });
    let mut places: Vec<Bng> = Vec::new();
    let mut weights: Vec<f64> = Vec::new();
    for point in sorted {
        match weights.last_mut() {
            Some(weight) if places.last() == Some(&point) => *weight += 1.0,
            _ => {
                places.push(point);
                weights.push(1.0);
            }
        }
    }
    (places, weights)
}

/// Lower edges of the heat classes: multiples of the mean over raster cells inside the study area
/// whose density is above zero. The mean is taken to two figures first, so that the edges printed
/// are the edges drawn. Empty where there is no density at all.
pub(super) fn breaks(surface: &Surface, wards: &Units) -> Vec<f64> {
    let inside: Vec<f64> = (0..surface.values.len())
        .filter(|&i| surface.values[i] > 0.0)
        .filter(|&i| {
            let (column, row) = (i % surface.n_columns, i / surface.n_columns);
            wards.locate(surface.centre(column, row)).is_some()
        })
        .map(|i| surface.values[i])
        .collect();
    if inside.is_empty() {
        return Vec::new();
    }
    let mean = two_figures(inside.iter().sum::<f64>() / inside.len() as f64);
    MULTIPLES.iter().map(|multiple| two_decimals(mean * multiple)).collect()
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
    fn incidents_on_one_spot_are_stacked() {
        let spot = Bng::new(10.0, 20.0);

        let (places, weights) = stacked(&[spot, Bng::new(0.0, 0.0), spot]);

        assert_eq!(places, [Bng::new(0.0, 0.0), spot]);
        assert_eq!(weights, [1.0, 2.0]);
    }

    #[test]
    fn the_mean_is_taken_to_two_figures() {
        assert!((two_figures(19.86) - 20.0).abs() < 1e-9);
        assert!((two_figures(1234.0) - 1200.0).abs() < 1e-9);
        assert!((two_figures(0.04567) - 0.046).abs() < 1e-9);
    }
}

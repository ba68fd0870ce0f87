//! Heat: the density surface and its fixed classes.

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::{Hills, Kernel, Layout, Surface, kde, per_km2_year};
use crate::store::Dataset;

use super::{AnalysisRequest, heat};

/// Cells of the raster to one bandwidth: bilinear reading between centres this near stays within
/// half a per cent of the kernel's peak.
const CELLS_PER_BANDWIDTH: f64 = 12.0;

/// Cells of a raster at most: those of a country are larger than its bandwidth asks for.
const MOST_CELLS: f64 = 8_000_000.0;

/// Side of a raster cell for this bandwidth within these bounds: a whole number of metres.
fn raster_cell(bandwidth: Metres, within: Bounds) -> Metres {
    let fine = (bandwidth.get() / CELLS_PER_BANDWIDTH).floor().max(5.0);
    let fits = (within.width() * within.height() / MOST_CELLS).sqrt().ceil();
    Metres::new(fine.max(fits))
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
    let layout = Layout::covering(around, raster_cell(request.bandwidth, around))?;
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

/// Largest bandwidth whose breaks are taken from hills, as those of tiles are.
const LARGEST_OF_TILES: f64 = 1_000.0;

/// Lower edges of the heat classes, from densities at the places inside the study area that every
/// layer of it is measured at.
pub(super) fn breaks(
    surface: &Surface,
    points: &[Bng],
    request: &AnalysisRequest,
    sample: &[Bng],
    years: f64,
) -> Vec<f64> {
    if request.bandwidth.get() > LARGEST_OF_TILES {
        return heat::breaks(sample.iter().map(|&place| surface.at(place)));
    }
    let points = heat::Points::new(points);
    let densities = heat::densities(Hills::new(&points, request.bandwidth), sample);
    heat::breaks(densities.into_iter().map(|density| density * (1e6 / years)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raster_is_as_fine_as_its_bandwidth_asks_and_its_area_allows() {
        let of = |kilometres: f64| {
            let far = Bng::new(kilometres * 1e3, kilometres * 1e3);
            raster_cell(Metres::new(300.0), Bounds { min: Bng::new(0.0, 0.0), max: far })
        };

        assert_eq!(of(20.0), Metres::new(25.0));
        assert_eq!(of(70.0), Metres::new(25.0));
        // As large as England and Wales with the sea about them.
        assert_eq!(of(520.0), Metres::new(184.0));
    }

    #[test]
    fn incidents_on_one_spot_are_stacked() {
        let spot = Bng::new(10.0, 20.0);

        let (places, weights) = stacked(&[spot, Bng::new(0.0, 0.0), spot]);

        assert_eq!(places, [Bng::new(0.0, 0.0), spot]);
        assert_eq!(weights, [1.0, 2.0]);
    }
}

//! Heat tiles: from a density surface to the bytes of a PNG, by zoom.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use wardheat::crs::{Bng, LonLat, TileId, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat};
use wardheat::quantity::Metres;
use wardheat::render::palette::Scheme;
use wardheat::render::raster_tile::PixelRect;
use wardheat::render::tile_image::render;
use wardheat::stats::Surface;

const BREAKS: [f64; 6] = [20.0, 40.0, 60.0, 80.0, 100.0, 160.0];

/// Hills over a borough of 20 x 20 km, on 50 m cells.
fn surface() -> Surface {
    let side = 400;
    let values = (0..side * side)
        .map(|i| {
            let (x, y) = ((i % side) as f64 / side as f64, (i / side) as f64 / side as f64);
            let rim = (x * (1.0 - x) * y * (1.0 - y) * 16.0).sqrt();
            rim * (70.0 + 110.0 * (53.0 * x).sin() * (47.0 * y).cos())
        })
        .collect();
    let origin = Bng::new(434_000.0, 509_000.0);
    Surface { origin, cell: Metres::new(50.0), n_columns: side, n_rows: side, values }
}

/// The tile of this zoom that holds the middle of the borough.
fn middle(zoom: u8) -> TileId {
    let place: LonLat = bng_to_lonlat(Bng::new(444_000.0, 519_000.0)).expect("in England");
    let drawn = WebMercator::from_lonlat(place);
    let address =
        |metres: f64| ((metres / (2.0 * WORLD_HALF_WIDTH) + 0.5) * f64::from(zoom).exp2()) as u32;
    TileId::new(zoom, address(drawn.x()), address(-drawn.y())).expect("in the world")
}

fn tiles(criterion: &mut Criterion) {
    let surface = surface();
    for (name, double) in [("heat tile, 256 px", false), ("heat tile, 512 px", true)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        for zoom in [6, 8, 10, 11, 12, 13, 14, 16] {
            let tile = middle(zoom);
            group.bench_with_input(BenchmarkId::from_parameter(zoom), &tile, |bench, &tile| {
                bench.iter(|| {
                    let rect = PixelRect::of_tile(tile, double);
                    render(rect, black_box(&surface), &BREAKS, Scheme::Light)
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, tiles);
criterion_main!(benches);

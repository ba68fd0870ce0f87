//! Heat tiles: from incidents to the bytes of a PNG, by zoom, by size of the data, all incidents or
//! some; and what comes before the first of them.
//!
//! A borough of 20 x 20 km in which every incident has an address of its own, which is the worst
//! case: published snap points are far fewer. `WARDHEAT_BENCH_MILLIONS=50` adds a size of that many
//! millions.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use wardheat::crs::{Bng, LonLat, TileId, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat};
use wardheat::incident::{CrimeTypeIdx, CrimeTypes};
use wardheat::pipeline::{Heat, HeatIndex, HeatRequest};
use wardheat::quantity::Metres;
use wardheat::render::palette::Scheme;
use wardheat::render::raster_tile::PixelRect;
use wardheat::render::tile_image::{Format, render, tile};
use wardheat::stats::Surface;
use wardheat::time::{HoursOfWeek, Window};

mod dataset;
#[expect(dead_code, reason = "each bench uses its own part of the city")]
mod support;

use dataset::{city, first};

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

/// The `n`th of the tiles of this zoom that lie about the city.
fn about(zoom: u8, n: u32) -> TileId {
    let middle = middle(zoom);
    let spread = (9_u32 << zoom.saturating_sub(9)).div_ceil(16).min(1 << zoom.saturating_sub(11));
    let off = |k: u32| (n.wrapping_mul(k) % spread.max(1)) as i32 - spread as i32 / 2;
    let (x, y) = (middle.x() as i32 + off(7), middle.y() as i32 + off(13));
    TileId::new(zoom, x as u32, y as u32).expect("in the world")
}

/// All of the last year; one type on the evenings of two days.
fn requests() -> [(&'static str, HeatRequest); 2] {
    let year = Window::new(first().plus(24), first().plus(35)).expect("a year");
    let all = HeatRequest::new(CrimeTypes::All, year);
    let kind = CrimeTypeIdx::all().next().expect("a crime type").get().id;
    let mut some = HeatRequest::new(kind.parse().expect("a crime type"), year);
    some.hours = HoursOfWeek::parse(Some("fri,sat"), Some("18-2")).expect("hours");
    [("all", all), ("filtered", some)]
}

fn heat(criterion: &mut Criterion) {
    let more = std::env::var("WARDHEAT_BENCH_MILLIONS").ok().and_then(|n| n.parse::<usize>().ok());
    let sizes = [100_000, 1_000_000, 10_000_000].into_iter();
    for n in sizes.chain(more.map(|millions| millions * 1_000_000)) {
        let data = city(n);
        let mut group = criterion.benchmark_group(format!("heat of {n} incidents"));
        group.sample_size(10).warm_up_time(Duration::from_millis(200));
        group.measurement_time(Duration::from_millis(600));
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function("index", |bench| bench.iter(|| HeatIndex::new(black_box(&data))));
        let index = Arc::new(HeatIndex::new(&data).expect("the city has wards"));
        for (name, request) in requests() {
            group.throughput(Throughput::Elements(n as u64));
            group.bench_function(BenchmarkId::new("made ready", name), |bench| {
                bench.iter(|| Heat::new(&request, &index, &data).expect("it has an answer"));
            });
            let heat = Heat::new(&request, &index, &data).expect("it has an answer");
            group.throughput(Throughput::Elements(1));
            // The server works out the first that is asked for, before it is looked at.
            if name == "all" {
                for band in heat.bands() {
                    heat.warm(band);
                }
            }
            for (size, double, deepest) in [("256 px", false, 18), ("512 px", true, 14)] {
                for zoom in 6..=deepest {
                    let mut n = 0;
                    let id = BenchmarkId::new(format!("tile, {name}, {size}"), zoom);
                    group.bench_function(id, |bench| {
                        bench.iter(|| {
                            n += 1;
                            let at = about(zoom, n);
                            tile(at, double, &heat, heat.scale(), Scheme::Light, Format::Png)
                        });
                    });
                }
            }
        }
        group.finish();
    }
}

fn tiles(criterion: &mut Criterion) {
    let surface = surface();
    for (name, double) in [("surface, 256 px", false), ("surface, 512 px", true)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        for zoom in [6, 10, 12, 14] {
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

criterion_group!(benches, tiles, heat);
criterion_main!(benches);

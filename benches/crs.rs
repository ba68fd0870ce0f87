//! Positions a second: degrees to the National Grid and back, on one thread and on all.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wardheat::crs::{Bng, LonLat, Transformer, bng_to_lonlat, lonlat_to_bng, lonlat_to_bng_all};

const N: u32 = 1_000_000;

/// Places spread over a borough of 20 km, in no order.
fn places() -> Vec<LonLat> {
    (0..N)
        .filter_map(|i| {
            let (x, y) = (f64::from(i * 7919 % N), f64::from(i * 104_729 % N));
            LonLat::new(-1.5 + 0.3 * x / f64::from(N), 54.5 + 0.2 * y / f64::from(N))
        })
        .collect()
}

fn crs(c: &mut Criterion) {
    let places = places();
    let grid: Vec<Bng> = places.iter().filter_map(|&p| lonlat_to_bng(p).ok()).collect();
    let mut group = c.benchmark_group("crs");
    group.throughput(Throughput::Elements(places.len() as u64)).sample_size(20);
    group.bench_function("lonlat_to_bng, 1 thread", |b| {
        b.iter(|| places.iter().for_each(|&place| drop(black_box(lonlat_to_bng(place)))));
    });
    group.bench_function("lonlat_to_bng_all", |b| b.iter(|| lonlat_to_bng_all(&places)));
    group.bench_function("bng_to_lonlat, 1 thread", |b| {
        b.iter(|| grid.iter().for_each(|&position| drop(black_box(bng_to_lonlat(position)))));
    });
    let mercator = Transformer::to_bng("EPSG:3857").expect("PROJ knows Web Mercator");
    let drawn: Vec<(f64, f64)> = places
        .iter()
        .map(|&place| wardheat::crs::WebMercator::from_lonlat(place))
        .map(|drawn| (drawn.x(), drawn.y()))
        .collect();
    group.bench_function("EPSG:3857 by PROJ and OSTN15", |b| {
        b.iter(|| mercator.convert_all(&drawn));
    });
    group.finish();
}

criterion_group!(benches, crs);
criterion_main!(benches);

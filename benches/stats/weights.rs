//! Weights of positions and areas, from a thousand to a million: a band that holds ten others, the
//! eight nearest, and contiguity.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use wardheat::quantity::Metres;
use wardheat::weights::{Contiguity, area_contiguity, distance_band, nearest};

use crate::support::City;

/// Mean distance between positions, in metres.
const APART: f64 = 100.0;
/// Radius of the circle that ten others lie in, on average.
const BAND: f64 = 178.4;

fn weights(c: &mut Criterion) {
    let mut group = c.benchmark_group("weights");
    group.sample_size(10);
    for n in [1_000_usize, 10_000, 100_000, 1_000_000] {
        let positions = City { side: (n as f64).sqrt() * APART, seed: 7 }.addresses(n);
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("band of {n} positions"), |b| {
            b.iter(|| black_box(distance_band(black_box(&positions), Metres::new(BAND))));
        });
        group.bench_function(format!("8 nearest of {n} positions"), |b| {
            b.iter(|| black_box(nearest(black_box(&positions), 8)));
        });
    }
    for side in [32, 100, 316] {
        let areas = City { side: side as f64 * 500.0, seed: 7 }.wards(side, side, 40);
        group.throughput(Throughput::Elements(areas.len() as u64));
        for rule in [Contiguity::Queen, Contiguity::Rook] {
            group.bench_function(format!("{rule:?} of {} areas", areas.len()), |b| {
                b.iter(|| black_box(area_contiguity(black_box(&areas), rule)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, weights);

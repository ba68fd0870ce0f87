//! Position to ward: 1 M positions into 27 wards and into 8,000, index built beforehand and with it.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wardheat::units::Locator;

mod support;

use support::City;

const N: usize = 1_000_000;

fn locate(c: &mut Criterion) {
    let mut group = c.benchmark_group("locate");
    group.sample_size(10).throughput(Throughput::Elements(N as u64));
    for (name, side, columns, rows, vertices) in
        [("27 wards", 20_000.0, 9, 3, 100), ("8000 wards", 400_000.0, 100, 80, 200)]
    {
        let city = City { side, seed: 7 };
        let wards = city.wards(columns, rows, vertices);
        let positions = city.addresses(N);
        let locator = Locator::polygons(&wards);
        group.bench_function(format!("{name}, index ready"), |b| {
            b.iter(|| black_box(locator.locate_all(black_box(&positions))));
        });
        group.bench_function(format!("{name}, index built"), |b| {
            b.iter(|| black_box(Locator::polygons(&wards).locate_all(black_box(&positions))));
        });
    }
    group.finish();
}

fn one_borough(c: &mut Criterion) {
    let city = City { side: 20_000.0, seed: 7 };
    let wards = city.wards(9, 3, 100);
    let positions = city.incidents(25_814, &city.snap_points(6_000));
    let mut group = c.benchmark_group("locate");
    group.throughput(Throughput::Elements(positions.len() as u64));
    group.bench_function("25814 incidents, 27 wards, index built", |b| {
        b.iter(|| black_box(Locator::polygons(&wards).locate_all(black_box(&positions))));
    });
    group.finish();
}

criterion_group!(benches, locate, one_borough);
criterion_main!(benches);

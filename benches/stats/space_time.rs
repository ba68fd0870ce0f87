//! Statistics of time: scan, Knox, near repeats, Mantel, the space-time cube, and the E-test.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use wardheat::aggregate::Exposed;
use wardheat::crs::Bng;
use wardheat::quantity::Metres;
use wardheat::stats::Alternative;
use wardheat::stats::comparison::e_test;
use wardheat::stats::scan::{ScanInput, ScanOptions, scan};
use wardheat::stats::space_time::{
    CubeOptions, KnoxOptions, MantelOptions, NearRepeatOptions, knox, mantel, near_repeats,
    space_time_cube,
};
use wardheat::units::Grid;
use wardheat::weights::{Contiguity, cell_contiguity};

use crate::support::City;

fn events(n: usize) -> (Vec<Bng>, Vec<f64>) {
    let city = City { side: 20_000.0, seed: 7 };
    let days = (0..n).map(|i| (i * 7_919 % 365) as f64).collect();
    (city.addresses(n), days)
}

fn nearness(c: &mut Criterion) {
    let mut group = c.benchmark_group("knox");
    group.sample_size(10);
    for (n, permutations) in [(2_000, 99), (10_000, 99), (50_000, 99), (50_000, 999)] {
        let (positions, days) = events(n);
        let options = KnoxOptions { permutations, ..KnoxOptions::default() };
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("{n} events, {permutations} permutations"), |b| {
            b.iter(|| black_box(knox(black_box(&positions), &days, &options, None)));
        });
    }
    let (positions, days) = events(3_000);
    let bands = NearRepeatOptions { permutations: 99, ..NearRepeatOptions::default() };
    group.throughput(Throughput::Elements(3_000));
    group.bench_function("near-repeat table, 3000 events, 99 permutations", |b| {
        b.iter(|| black_box(near_repeats(black_box(&positions), &days, &bands, None)));
    });
    let options = MantelOptions { permutations: 99, ..MantelOptions::default() };
    group.bench_function("mantel, 3000 events, 99 permutations", |b| {
        b.iter(|| black_box(mantel(black_box(&positions), &days, &options, None)));
    });
    group.finish();
}

fn scans(c: &mut Criterion) {
    let mut group = c.benchmark_group("scan");
    group.sample_size(10);
    for n in [281, 1_000] {
        let city = City { side: 40_000.0, seed: 11 };
        let centres = city.addresses(n);
        let population: Vec<f64> = (0..n).map(|i| 1_000.0 + (i * 613 % 5_000) as f64).collect();
        let cases: Vec<f64> = (0..n).map(|i| (i * 7 % 5) as f64).collect();
        let input = ScanInput {
            centres: &centres,
            cases: &cases,
            population: &population,
            lengths: &[1.0],
        };
        let options = ScanOptions { permutations: 999, ..ScanOptions::default() };
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("{n} units, 999 runs"), |b| {
            b.iter(|| black_box(scan(black_box(input), &options, None)));
        });
    }
    group.finish();
}

fn cubes(c: &mut Criterion) {
    let mut group = c.benchmark_group("space_time_cube");
    group.sample_size(10);
    for (columns, rows) in [(100, 100), (400, 250)] {
        let grid = Grid::rectangle(Metres::new(100.0), (4_400, 5_100), (columns, rows))
            .expect("a sound grid");
        let near = cell_contiguity(&grid, Contiguity::Queen);
        let counts: Vec<f64> =
            (0..grid.len() * 36).map(|bin| (bin * 7_919 % 11 / 6) as f64).collect();
        group.throughput(Throughput::Elements(counts.len() as u64));
        group.bench_function(format!("{} cells, 36 months", grid.len()), |b| {
            b.iter(|| {
                black_box(space_time_cube(black_box(&counts), &near, &CubeOptions::default()))
            });
        });
    }
    group.finish();
}

fn changes(c: &mut Criterion) {
    let mut group = c.benchmark_group("e_test");
    for count in [20, 2_000] {
        let exposed = |count| Exposed { count, exposure: 1.0 };
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("counts about {count}"), |b| {
            b.iter(|| {
                black_box(e_test(
                    black_box(exposed(count)),
                    exposed(count + count / 5),
                    Alternative::TwoSided,
                ))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, nearness, scans, cubes, changes);

//! Positions: finding near ones, clusters, and how they stand to each other; a town's year and a
//! city's.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use geo::{MultiPolygon, Rect, coord};
use rayon::prelude::*;
use wardheat::crs::Bng;
use wardheat::geometry::Shape;
use wardheat::index::PointIndex;
use wardheat::quantity::{Metres, SquareMetres};
use wardheat::stats::{
    HdbscanSettings, Nnh, RipleyEdge, StudyWindow, dbscan, hdbscan, nearest_neighbour,
    nearest_neighbour_hierarchy, ripley_k,
};

use crate::support::City;

const SIDE: f64 = 20_000.0;
/// Questions asked of an index.
const ASKED: usize = 100_000;

/// Incidents of a city, each moved off its snap point by up to 20 m, as geocoded addresses are.
fn incidents(n: usize) -> Vec<Bng> {
    let city = City { side: SIDE, seed: 7 };
    let at = city.incidents(n, &city.snap_points(n / 4 + 1));
    let off = City { side: 40.0, seed: 11 }.addresses(n);
    let origin = City { side: 0.0, seed: 0 }.addresses(1)[0];
    at.iter()
        .zip(off)
        .map(|(p, off)| {
            Bng::new(
                p.easting() + off.easting() - origin.easting(),
                p.northing() + off.northing() - origin.northing(),
            )
        })
        .collect()
}

fn index(c: &mut Criterion) {
    let mut group = c.benchmark_group("index");
    group.sample_size(10);
    let points = incidents(1_000_000);
    let asked: Vec<Bng> = points.iter().copied().step_by(points.len() / ASKED).collect();
    let index = PointIndex::new(&points);
    group.throughput(Throughput::Elements(points.len() as u64));
    group
        .bench_function("build over 1,000,000", |b| b.iter(|| PointIndex::new(black_box(&points))));
    group.throughput(Throughput::Elements(asked.len() as u64));
    group.bench_function("all within 50 m of 100,000 places among 1,000,000", |b| {
        b.iter(|| {
            let count = |place: &Bng| {
                let mut n = 0_usize;
                index.each_within(*place, 50.0, |_, _| n += 1);
                n
            };
            asked.par_iter().map(count).sum::<usize>()
        });
    });
    group.bench_function("10 nearest of 100,000 places among 1,000,000", |b| {
        b.iter(|| {
            let far = |found: &mut Vec<(f64, u32)>, place: &Bng| {
                index.nearest_into(*place, 10, None, found);
                found[9].0
            };
            asked.par_iter().map_init(Vec::new, far).sum::<f64>()
        });
    });
    group.finish();
}

fn clusters(c: &mut Criterion) {
    let mut group = c.benchmark_group("clusters");
    group.sample_size(10);
    let area = SquareMetres::new(SIDE * SIDE);
    for n in [10_000, 100_000] {
        let points = incidents(n);
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("dbscan of {n}, 50 m, 10"), |b| {
            b.iter(|| dbscan(black_box(&points), Metres::new(50.0), 10));
        });
        let settings = HdbscanSettings { near: 10, ..HdbscanSettings::default() };
        group.bench_function(format!("hdbscan of {n}, 20, 10"), |b| {
            b.iter(|| hdbscan(black_box(&points), &settings));
        });
        group.bench_function(format!("nnh of {n}"), |b| {
            b.iter(|| nearest_neighbour_hierarchy(black_box(&points), area, &Nnh::default()));
        });
        group.bench_function(format!("nearest neighbour of {n}"), |b| {
            b.iter(|| nearest_neighbour(black_box(&points), area, None));
        });
    }
    group.finish();
}

fn ripley(c: &mut Criterion) {
    let mut group = c.benchmark_group("ripley");
    group.sample_size(10);
    let corner = incidents(1)[0];
    let (x, y) = (corner.easting() - SIDE, corner.northing() - SIDE);
    let rect = Rect::new(coord! { x: x, y: y }, coord! { x: x + 2.0 * SIDE, y: y + 2.0 * SIDE });
    let window = StudyWindow::new(&Shape::new(MultiPolygon::new(vec![rect.to_polygon()])))
        .expect("a square has an area");
    let radii: Vec<Metres> = (0..=25).map(|i| Metres::new(f64::from(i) * 80.0)).collect();
    let points = incidents(5_000);
    group.throughput(Throughput::Elements(5_000));
    for edge in [RipleyEdge::Isotropic, RipleyEdge::Translation, RipleyEdge::Border] {
        group.bench_function(format!("K of 5,000 to 2 km, {edge:?}"), |b| {
            b.iter(|| ripley_k(black_box(&points), &window, &radii, edge));
        });
    }
    group.finish();
}

criterion_group!(benches, index, clusters, ripley);

//! Counting: 10 M incidents by ward and month, and into a grid of cells.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wardheat::aggregate::count_by_unit;
use wardheat::quantity::Metres;
use wardheat::units::{Grid, Locator, UnitIdx};

#[expect(dead_code, reason = "each bench uses its own part of the city")]
mod support;

use support::City;

const N: usize = 10_000_000;

fn aggregate(c: &mut Criterion) {
    let city = City { side: 20_000.0, seed: 7 };
    let positions = city.incidents(N, &city.snap_points(60_000));
    let grid =
        Grid::rectangle(Metres::new(100.0), (4_400, 5_100), (200, 200)).expect("a sound grid");
    let n_cells = grid.len();
    let locator = Locator::Squares(grid);
    let cells = locator.locate_all(&positions);
    let wards: Vec<Option<UnitIdx>> = cells
        .iter()
        .map(|cell| cell.map(|cell| UnitIdx::new(cell.index() * 27 / n_cells)))
        .collect();
    let months: Vec<usize> = (0..N).map(|i| i * 36 / N).collect();
    let one = vec![0; N];

    let mut group = c.benchmark_group("aggregate");
    group.sample_size(10).throughput(Throughput::Elements(N as u64));
    group.bench_function("27 wards x 36 months", |b| {
        b.iter(|| black_box(count_by_unit(black_box(&wards), black_box(&months), 27, 36)));
    });
    group.bench_function("40000 cells", |b| {
        b.iter(|| black_box(count_by_unit(black_box(&cells), black_box(&one), n_cells, 1)));
    });
    group.bench_function("40000 cells, with locating", |b| {
        b.iter(|| {
            let cells = locator.locate_all(black_box(&positions));
            black_box(count_by_unit(&cells, black_box(&one), n_cells, 1))
        });
    });
    group.finish();
}

criterion_group!(benches, aggregate);
criterion_main!(benches);

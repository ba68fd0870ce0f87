//! Density: a borough's year, and a million incidents, exactly.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use wardheat::crs::Bng;
use wardheat::quantity::Metres;
use wardheat::stats::{Kernel, Layout, kde};

use crate::support::City;

fn density(c: &mut Criterion) {
    let mut group = c.benchmark_group("kde");
    group.sample_size(10);
    for (n, side, cell, h, kernel) in [
        (25_814, 20_000.0, 50.0, 300.0, Kernel::Quartic),
        (1_000_000, 30_000.0, 100.0, 300.0, Kernel::Quartic),
        (1_000_000, 30_000.0, 30.0, 300.0, Kernel::Quartic),
        (1_000_000, 30_000.0, 100.0, 300.0, Kernel::Gaussian),
    ] {
        let city = City { side, seed: 7 };
        let points = city.incidents(n, &city.snap_points(n / 4));
        let cells = (side / cell) as usize;
        let layout = Layout {
            origin: Bng::new(440_000.0, 510_000.0),
            cell: Metres::new(cell),
            n_columns: cells,
            n_rows: cells,
        };
        group.throughput(Throughput::Elements(n as u64));
        let name = format!("{n} points, {cells}x{cells} cells of {cell} m, {} {h} m", kernel.id());
        group.bench_function(name, |b| {
            b.iter(|| black_box(kde(black_box(&points), None, kernel, Metres::new(h), layout)));
        });
    }
    group.finish();
}

criterion_group!(benches, density);

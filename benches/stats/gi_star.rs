//! Gi* of 100,000 cells and of a million: scores, neighbours, and both with their significance.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use wardheat::stats::{gi_star, gi_star_in_family};
use wardheat::weights::{Contiguity, cell_contiguity};

use crate::counted_cells;

fn scores(c: &mut Criterion) {
    let mut group = c.benchmark_group("gi_star");
    group.sample_size(20);
    for (columns, rows) in [(400, 250), (1_000, 1_000)] {
        let (grid, values) = counted_cells(columns, rows);
        let n = grid.len();
        let near = cell_contiguity(&grid, Contiguity::Queen);
        let family = vec![true; n];
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("{n} cells"), |b| {
            b.iter(|| black_box(gi_star(black_box(&values), &near)));
        });
        group.bench_function(format!("{n} cells, neighbours alone"), |b| {
            b.iter(|| black_box(cell_contiguity(black_box(&grid), Contiguity::Queen)));
        });
        group.bench_function(format!("{n} cells, with q-values"), |b| {
            b.iter(|| black_box(gi_star_in_family(black_box(&values), &near, &family)));
        });
    }
    group.finish();
}

criterion_group!(benches, scores);

//! Association of 100,000 cells and of a million: analytic scores, permutation tests, weights.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use wardheat::quantity::Metres;
use wardheat::stats::{
    Chance, Divisor, LocalMoments, Permutations, Watch, geary, general_g, local_geary, local_moran,
    moran, permuted_differences, permuted_globals, permuted_lags,
};
use wardheat::weights::{
    Contiguity, Reach, WeightKernel, Weights, cell_contiguity, cell_kernel, cell_nearest,
};

use crate::counted_cells;

const PERMUTATIONS: Permutations = Permutations { count: 999, seed: 7 };

fn association(c: &mut Criterion) {
    let mut group = c.benchmark_group("association");
    group.sample_size(10);
    for (columns, rows) in [(400, 250), (1_000, 1_000)] {
        let (grid, values) = counted_cells(columns, rows);
        let n = grid.len();
        let weights = Weights::from(cell_contiguity(&grid, Contiguity::Queen));
        let by_row = weights.row_standardised();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("{n} cells, local Moran"), |b| {
            b.iter(|| {
                local_moran(black_box(&values), &by_row, LocalMoments::Conditional, Divisor::Units)
            });
        });
        group.bench_function(format!("{n} cells, Moran"), |b| {
            b.iter(|| moran(black_box(&values), &by_row, Chance::Randomisation));
        });
        group.bench_function(format!("{n} cells, local Geary"), |b| {
            b.iter(|| local_geary(black_box(&values), &by_row));
        });
        group.bench_function(format!("{n} cells, Geary"), |b| {
            b.iter(|| geary(black_box(&values), &by_row, Chance::Randomisation));
        });
        group.bench_function(format!("{n} cells, general G"), |b| {
            b.iter(|| general_g(black_box(&values), &weights));
        });
        group.bench_function(format!("{n} cells, 999 permutations of lags"), |b| {
            let watch = Watch::default();
            b.iter(|| permuted_lags(black_box(&values), &weights, PERMUTATIONS, &watch));
        });
        group.bench_function(format!("{n} cells, kernel weights"), |b| {
            let reach = Reach::Fixed(Metres::new(250.0));
            b.iter(|| cell_kernel(black_box(&grid), WeightKernel::Quartic, reach));
        });
        group.bench_function(format!("{n} cells, 8 nearest"), |b| {
            b.iter(|| cell_nearest(black_box(&grid), 8));
        });
        if n > 100_000 {
            continue;
        }
        group.bench_function(format!("{n} cells, 999 permutations of differences"), |b| {
            let watch = Watch::default();
            b.iter(|| permuted_differences(black_box(&values), &by_row, PERMUTATIONS, &watch));
        });
        group.bench_function(format!("{n} cells, 999 permutations of the whole"), |b| {
            let watch = Watch::default();
            b.iter(|| permuted_globals(black_box(&values), &by_row, PERMUTATIONS, &watch));
        });
    }
    group.finish();
}

criterion_group!(benches, association);

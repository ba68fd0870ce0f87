//! Sums and scores over units that any number of threads makes alike.

use rayon::prelude::*;

/// Units that one partial sum takes.
const CHUNK: usize = 4_096;

/// Deviations from the mean.
pub(super) fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|x| x - mean).collect()
}

/// `Σ f(i)` over units, in parallel, added up in the same order at any number of threads.
pub(super) fn sum_over(n_units: usize, f: impl Fn(usize) -> f64 + Sync) -> f64 {
    let parts: Vec<f64> = (0..n_units.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| (chunk * CHUNK..((chunk + 1) * CHUNK).min(n_units)).map(&f).sum())
        .collect();
    parts.iter().sum()
}

/// One score per unit, in parallel.
pub(super) fn by_unit<T: Send>(n_units: usize, score: impl Fn(usize) -> T + Sync) -> Vec<T> {
    (0..n_units).into_par_iter().with_min_len(CHUNK / 4).map(&score).collect()
}

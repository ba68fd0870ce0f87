//! Hills added up at the centres of cells.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch};
use rayon::prelude::*;

use super::{Kernel, Layout, kernel};

/// Rows of the raster that one thread fills at a time.
const BAND: usize = 32;
/// Hills that one thread puts in order at a time: as many as its cache holds.
const CHUNK: usize = 1 << 15;
/// Columns that are filled together: what the widest registers hold.
const LANES: usize = 8;

/// One incident's hill: where it stands from the raster's origin, how much it weighs and how far it
/// reaches, all lengths in m.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hill {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) weight: f64,
    pub(super) reach: f64,
}

/// Sums the kernel's height over its peak, weighted, over `n` hills, at every centre.
///
/// Each centre adds up its hills in the order they come in, by one operation after another on
/// numbers of full width: the sums are the same to the last bit at any number of threads and on
/// any processor.
pub(super) fn scatter(
    n: usize,
    hill: impl Fn(usize) -> Hill + Sync,
    kernel: Kernel,
    layout: Layout,
) -> Vec<f64> {
    let hills = HillsByRow::new(n, hill, layout);
    match kernel {
        Kernel::Quartic => hills.sums(kernel::quartic),
        Kernel::Triweight => hills.sums(kernel::triweight),
        Kernel::Epanechnikov => hills.sums(kernel::epanechnikov),
        Kernel::Triangular => hills.sums(kernel::triangular),
        Kernel::Uniform => hills.sums(kernel::uniform),
        Kernel::Gaussian => hills.sums(kernel::gaussian),
    }
}

/// Hills in the order of the rows they stand in, chunk by chunk, so that a band of rows finds its
/// own at once; a cell is the unit of length from here on, and centres lie on whole numbers.
struct HillsByRow {
    layout: Layout,
    hills: Vec<Hill>,
    /// `[n_chunks][n_slots + 1]`: where the hills of each row start in their chunk. Hills beyond the
    /// raster stand in the row they would have, `margin` rows at most beyond it.
    starts: Vec<u32>,
    n_slots: usize,
    margin: usize,
}

impl HillsByRow {
    fn new(n: usize, hill: impl Fn(usize) -> Hill + Sync, layout: Layout) -> Self {
        let per_cell = 1.0 / layout.cell.get();
        let in_cells = |i: usize| {
            let hill = hill(i);
            Hill {
                x: hill.x * per_cell - 0.5,
                y: hill.y * per_cell - 0.5,
                weight: hill.weight,
                reach: hill.reach * per_cell,
            }
        };
        let (width, height) = (layout.n_columns as f64, layout.n_rows as f64);
        // A hill that cannot reach the raster adds nothing to it.
        let is_near = |hill: &Hill| {
            let over = |at: f64, n: f64| at > -hill.reach - 1.0 && at < n + hill.reach;
            over(hill.x, width) && over(hill.y, height)
        };
        let near = |i: usize| Some(in_cells(i)).filter(is_near);
        let widest = (0..n)
            .into_par_iter()
            .map(|i| near(i).map_or(0.0, |hill| hill.reach))
            .reduce(|| 0.0, f64::max);
        let margin = widest.ceil() as usize + 2;
        let n_slots = layout.n_rows + 2 * margin;
        let mut hills = vec![Hill::default(); n];
        let mut starts = vec![0; n.div_ceil(CHUNK) * (n_slots + 1)];
        let chunks = hills.par_chunks_mut(CHUNK).zip(starts.par_chunks_mut(n_slots + 1));
        chunks.enumerate().for_each(|(chunk, (sorted, starts))| {
            let first = chunk * CHUNK;
            let slot = |hill: &Hill| (hill.y + margin as f64) as usize;
            let near: Vec<Hill> = (first..first + sorted.len()).filter_map(near).collect();
            for hill in &near {
                starts[slot(hill) + 1] += 1;
            }
            for slot in 1..starts.len() {
                starts[slot] += starts[slot - 1];
            }
            let mut next = starts.to_vec();
            for hill in near {
                let next = &mut next[slot(&hill)];
                sorted[*next as usize] = hill;
                *next += 1;
            }
        });
        Self { layout, hills, starts, n_slots, margin }
    }

    /// Hills that may reach one of these rows, chunk by chunk, southernmost first.
    fn near(&self, rows: &Range<usize>) -> impl Iterator<Item = &[Hill]> {
        // A row stands `margin` slots on, so the hills `margin` rows south of it start here.
        let (first, last) = (rows.start, (rows.end + 2 * self.margin).min(self.n_slots));
        self.starts.chunks(self.n_slots + 1).enumerate().map(move |(chunk, starts)| {
            let at = |slot: usize| chunk * CHUNK + starts[slot] as usize;
            &self.hills[at(first)..at(last)]
        })
    }

    /// Sums `height` of the squared distance in reaches, weighted, at every centre.
    fn sums(&self, height: impl Fn(f64) -> f64 + Copy + Sync) -> Vec<f64> {
        let n_columns = self.layout.n_columns.max(1);
        let mut sums = vec![0.0; self.layout.n_columns * self.layout.n_rows];
        let level = Level::new();
        let bands = sums.par_chunks_mut(BAND * n_columns).enumerate();
        bands.for_each_init(Vec::new, |padded, (band, sums)| {
            let rows = band * BAND..band * BAND + sums.len() / n_columns;
            // Room on the right, so that what is filled together is never cut.
            let stride = n_columns + LANES;
            padded.clear();
            padded.resize(stride * rows.len(), 0.0);
            for hills in self.near(&rows) {
                let mut raster = Band { cells: padded, stride, rows: rows.clone() };
                dispatch!(level, simd => raster.add(simd, hills, height));
            }
            for (sums, padded) in sums.chunks_mut(n_columns).zip(padded.chunks(stride)) {
                sums.copy_from_slice(&padded[..n_columns]);
            }
        });
        sums
    }
}

/// Some rows of the raster, each with room for [`LANES`] more columns.
struct Band<'a> {
    cells: &'a mut [f64],
    stride: usize,
    rows: Range<usize>,
}

impl Band<'_> {
    #[inline(always)]
    fn add(&mut self, simd: impl Simd, hills: &[Hill], height: impl Fn(f64) -> f64) {
        simd.vectorize(
            #[inline(always)]
            || {
                for hill in hills {
                    self.add_one(hill, &height);
                }
            },
        );
    }

    #[inline(always)]
    fn add_one(&mut self, hill: &Hill, height: &impl Fn(f64) -> f64) {
        let reach2 = hill.reach * hill.reach;
        let per_reach2 = 1.0 / reach2;
        let y = hill.y - self.rows.start as f64;
        let mut column = (hill.x - hill.reach).ceil().max(0.0);
        let end = (hill.x + hill.reach).min((self.stride - LANES) as f64 - 0.5);
        while column <= end {
            let nearest = hill.x.clamp(column, column + (LANES - 1) as f64) - hill.x;
            let dx2: [f64; LANES] =
                std::array::from_fn(|k| (column + k as f64 - hill.x).powi(2) * per_reach2);
            // Rows that one of these columns is reached in; beyond, the kernel is zero.
            let half = (reach2 - nearest * nearest).max(0.0).sqrt();
            // A cast cuts off decimals and stops at zero: cheaper than rounding, and as good here.
            let first = (y - half) as usize;
            let last = ((y + half + 1.0) as usize).min(self.rows.len());
            for row in first..last {
                let dy2 = (y - row as f64).powi(2) * per_reach2;
                let start = row * self.stride + column as usize;
                for (sum, dx2) in self.cells[start..start + LANES].iter_mut().zip(dx2) {
                    *sum += hill.weight * height(dx2 + dy2);
                }
            }
            column += LANES as f64;
        }
    }
}

//! Gaussian densities of many points at once: the points near each other are put together as the
//! first terms of an expansion about the middle of the square they stand in, and the terms are
//! spread along rows and then along columns.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch};
use rayon::prelude::*;

use crate::crs::Bng;
use crate::quantity::Metres;

use super::Layout;

/// How far a value may be from the exact one, as a share of what all points in reach would give if
/// they stood on the centre.
const TOLERANCE: f64 = 1e-9;
/// Standard deviations from which on a point is left out: what it would add is below the tolerance.
const REACH: f64 = 6.5;
/// Squares to a standard deviation, where cells are finer than that.
const SQUARES: f64 = 2.0;
/// Points that one thread puts in order at a time.
const CHUNK: usize = 1 << 15;
/// Kernel values that are added up one by one whatever the expansion costs: some milliseconds.
const FEW: f64 = 3e6;
/// Terms that are spread in the time of one kernel value.
const TERMS: f64 = 30.0;
/// Terms that are made of a point in that time.
const OF_A_POINT: f64 = 10.0;

/// Whether the expansion is quicker than adding up every kernel.
pub(super) fn is_worth_it(n_points: usize, bandwidth: Metres, layout: Layout) -> bool {
    let across = 2.0 * super::kernel::GAUSSIAN_REACH * bandwidth.get() / layout.cell.get();
    let in_reach = across.min(layout.n_columns as f64) * across.min(layout.n_rows as f64);
    let one_by_one = n_points as f64 * in_reach;
    one_by_one > FEW && one_by_one > Plan::new(bandwidth.get(), layout).cost(n_points)
}

/// Sum of `w exp(-d²/2h²)` over all points at every centre, within the tolerance.
///
/// # Source
///
/// Greengard and Strain (1991), *SIAM Journal on Scientific and Statistical Computing* 12(1),
/// 79-94, <https://doi.org/10.1137/0912004>: the Hermite expansion, here on a regular raster, where
/// the sum over squares is a convolution and separates into rows and columns.
pub(super) fn expanded(
    points: &[Bng],
    weights: Option<&[f64]>,
    bandwidth: Metres,
    layout: Layout,
) -> Vec<f64> {
    let plan = Plan::new(bandwidth.get(), layout);
    let level = Level::new();
    let chunks: Vec<Vec<Vec<Point>>> = (0..points.len().div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let first = chunk * CHUNK;
            plan.points_by_row(points, weights, first..(first + CHUNK).min(points.len()))
        })
        .collect();
    // [n_square_rows][n_terms][n_columns]: each row of squares spread along the row.
    let spread: Vec<Vec<f64>> = (0..plan.n_square_rows)
        .into_par_iter()
        .map(|row| {
            let points = chunks.iter().flat_map(|rows| &rows[row]);
            dispatch!(level, simd => plan.spread_row(simd, points.clone()))
        })
        .collect();
    let mut sums = vec![0.0; layout.n_columns * layout.n_rows];
    sums.par_chunks_mut(layout.n_columns.max(1)).enumerate().for_each(|(row, sums)| {
        dispatch!(level, simd => plan.add_rows(simd, row, &spread, sums));
    });
    // The terms left out may leave a little less than nothing where there is next to nothing.
    if weights.is_none_or(|weights| weights.iter().all(|&w| w >= 0.0)) {
        for sum in &mut sums {
            *sum = sum.max(0.0);
        }
    }
    sums
}

/// Column of the square that a point stands in; its offsets from the middle and its weight.
type Point = (u32, [f64; 3]);

/// How the squares lie, and how far the expansion goes. Lengths are in units of h √2.
struct Plan {
    layout: Layout,
    /// Cells along the side of a square.
    per_square: usize,
    /// Squares beyond the raster on each side.
    margin: usize,
    n_square_columns: usize,
    n_square_rows: usize,
    /// Highest power of the expansion.
    order: usize,
    /// Units per m.
    unit: f64,
    /// `[per_square][2 margin + 1][order + 1]`: Hermite functions of the distance from a square's
    /// middle to a cell's centre, by the cell's place in its own square and the squares between.
    hermite: Vec<Vec<Vec<f64>>>,
}

impl Plan {
    fn new(h: f64, layout: Layout) -> Self {
        let cell = layout.cell.get();
        let per_square = ((h / SQUARES / cell).round() as usize).max(1);
        let square = cell * per_square as f64;
        let margin = (REACH * h / square).ceil() as usize;
        let order = order(square / h);
        let unit = 1.0 / (h * std::f64::consts::SQRT_2);
        let n = 2 * margin + 1;
        let hermite = (0..per_square)
            .map(|phase| {
                let off = ((phase as f64 + 0.5) * cell - 0.5 * square) * unit;
                let at = |step: usize| (margin as f64 - step as f64) * square * unit + off;
                (0..n).map(|step| hermite_functions(at(step), order)).collect()
            })
            .collect();
        Self {
            layout,
            per_square,
            margin,
            n_square_columns: layout.n_columns.div_ceil(per_square) + 2 * margin,
            n_square_rows: layout.n_rows.div_ceil(per_square) + 2 * margin,
            order,
            unit,
            hermite,
        }
    }

    /// What the expansion takes, in kernel values.
    fn cost(&self, n_points: usize) -> f64 {
        let steps = 2 * self.margin + 1;
        let along = self.n_square_rows * self.n_terms() * steps * self.layout.n_columns;
        let across = self.layout.n_rows * (self.order + 1) * steps * self.layout.n_columns;
        (along + across) as f64 / TERMS + (n_points * self.n_terms()) as f64 / OF_A_POINT
    }

    fn n_terms(&self) -> usize {
        (self.order + 1) * (self.order + 2) / 2
    }

    /// Some of the points by the row of squares they stand in.
    fn points_by_row(
        &self,
        points: &[Bng],
        weights: Option<&[f64]>,
        some: Range<usize>,
    ) -> Vec<Vec<Point>> {
        let square = self.layout.cell.get() * self.per_square as f64;
        let mut rows = vec![Vec::new(); self.n_square_rows];
        for i in some {
            let (x, y) = self.layout.local(points[i]);
            let (x, y) = (x / square + self.margin as f64, y / square + self.margin as f64);
            let inside = |at: f64, n: usize| at >= 0.0 && at < n as f64;
            if inside(x, self.n_square_columns) && inside(y, self.n_square_rows) {
                let (column, row) = (x.floor(), y.floor());
                let off = |at: f64, first: f64| (at - first - 0.5) * square * self.unit;
                let weight = weights.map_or(1.0, |weights| weights[i]);
                rows[row as usize].push((column as u32, [off(x, column), off(y, row), weight]));
            }
        }
        rows
    }

    /// A row of squares spread along the row, in the processor's widest registers.
    #[inline(always)]
    fn spread_row<'a>(&self, simd: impl Simd, points: impl Iterator<Item = &'a Point>) -> Vec<f64> {
        simd.vectorize(
            #[inline(always)]
            || self.spread_along_row(&self.moments(points)),
        )
    }

    /// `[n_terms][n_square_columns]`: sums of `w x^a y^b / (a! b!)`, terms with the same b beside
    /// each other.
    #[inline(always)]
    fn moments<'a>(&self, points: impl Iterator<Item = &'a Point>) -> Vec<f64> {
        let mut points = points.peekable();
        if points.peek().is_none() {
            return Vec::new();
        }
        let (n_terms, n) = (self.n_terms(), self.n_square_columns);
        let mut by_square = vec![0.0; n_terms * n];
        let mut powers = vec![0.0; self.order + 1];
        for &(column, [x, y, weight]) in points {
            let mut power = 1.0;
            for (a, slot) in powers.iter_mut().enumerate() {
                *slot = power;
                power *= x / (a + 1) as f64;
            }
            let terms = &mut by_square[column as usize * n_terms..][..n_terms];
            let (mut start, mut factor) = (0, weight);
            for b in 0..=self.order {
                let length = self.order + 1 - b;
                for (term, power) in terms[start..start + length].iter_mut().zip(&powers) {
                    *term += factor * power;
                }
                start += length;
                factor *= y / (b + 1) as f64;
            }
        }
        let mut by_term = vec![0.0; n_terms * n];
        for (column, terms) in by_square.chunks(n_terms).enumerate() {
            for (term, value) in terms.iter().enumerate() {
                by_term[term * n + column] = *value;
            }
        }
        by_term
    }

    /// `[order + 1][n_columns]`: for each power of y, the sum over squares of the row; empty where
    /// there are no points.
    #[inline(always)]
    fn spread_along_row(&self, moments: &[f64]) -> Vec<f64> {
        if moments.is_empty() {
            return Vec::new();
        }
        let (n_columns, m) = (self.layout.n_columns, self.per_square);
        let n = self.n_square_columns - 2 * self.margin;
        let mut spread = vec![0.0; (self.order + 1) * n_columns];
        let mut phase_sums = vec![0.0; n];
        let mut first_term = 0;
        for b in 0..=self.order {
            let length = self.order + 1 - b;
            for (phase, steps) in self.hermite.iter().enumerate() {
                phase_sums.fill(0.0);
                for (step, hermite) in steps.iter().enumerate() {
                    let at =
                        |a: usize| &moments[(first_term + a) * self.n_square_columns + step..][..n];
                    // Four terms at a time: the sums are read and written once for all.
                    let (fours, rest) = hermite[..length].as_chunks::<4>();
                    for (four, f) in fours.iter().enumerate() {
                        let [m0, m1, m2, m3] = [0, 1, 2, 3].map(|k| at(4 * four + k));
                        for (i, sum) in phase_sums.iter_mut().enumerate() {
                            *sum += f[0] * m0[i] + f[1] * m1[i] + (f[2] * m2[i] + f[3] * m3[i]);
                        }
                    }
                    for (k, factor) in rest.iter().enumerate() {
                        for (sum, moment) in phase_sums.iter_mut().zip(at(4 * fours.len() + k)) {
                            *sum += factor * moment;
                        }
                    }
                }
                let cells = spread[b * n_columns..(b + 1) * n_columns].iter_mut();
                for (cell, sum) in cells.skip(phase).step_by(m).zip(&phase_sums) {
                    *cell = *sum;
                }
            }
            first_term += length;
        }
        spread
    }

    /// Adds up, for a row of cells, the rows of squares in reach.
    #[inline(always)]
    fn add_rows(&self, simd: impl Simd, row: usize, spread: &[Vec<f64>], sums: &mut [f64]) {
        let (own, phase) = (row / self.per_square, row % self.per_square);
        simd.vectorize(
            #[inline(always)]
            || {
                for (step, hermite) in self.hermite[phase].iter().enumerate() {
                    let along = &spread[own + step];
                    for (along, factor) in along.chunks(sums.len().max(1)).zip(hermite) {
                        for (sum, value) in sums.iter_mut().zip(along) {
                            *sum += factor * value;
                        }
                    }
                }
            },
        );
    }
}

/// Highest power needed for the tolerance, for squares of this side in standard deviations.
///
/// The terms of degree k of a point in a corner add `q^k Σ 1/√(a! b!)` at most, a + b = k, q half
/// the side: `|h_k(x)| <= 1.09 2^(k/2) √k!`.
fn order(side: f64) -> usize {
    let q = 0.5 * side;
    let left_out = |order: usize| {
        (order + 1..order + 40)
            .map(|k| {
                let one = |a: usize| (-0.5 * (ln_factorial(a) + ln_factorial(k - a))).exp();
                1.2 * q.powi(k as i32) * (0..=k).map(one).sum::<f64>()
            })
            .sum::<f64>()
    };
    (1..60).find(|&order| left_out(order) <= TOLERANCE).unwrap_or(60)
}

fn ln_factorial(n: usize) -> f64 {
    libm::lgamma(n as f64 + 1.0)
}

/// `H_k(x) exp(-x²)` for k from 0 to `order`.
fn hermite_functions(x: f64, order: usize) -> Vec<f64> {
    let mut values = vec![(-x * x).exp()];
    for k in 0..order {
        let before = if k > 0 { 2.0 * k as f64 * values[k - 1] } else { 0.0 };
        values.push(2.0 * x * values[k] - before);
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(points: &[Bng], weights: &[f64], h: f64, layout: Layout) -> Vec<f64> {
        (0..layout.n_columns * layout.n_rows)
            .map(|i| {
                let centre = layout.centre(i % layout.n_columns, i / layout.n_columns);
                let add =
                    |(p, w): (&Bng, &f64)| w * (-0.5 * (centre.distance(*p) / h).powi(2)).exp();
                points.iter().zip(weights).map(add).sum()
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        /// Bandwidths of one cell and of many; points inside, beyond and on the edges of squares.
        #[test]
        fn the_expansion_is_within_its_tolerance(
            points in prop::collection::vec((-40_i32..150, -40_i32..120, 0.0_f64..3.0), 0..60),
            h in 50.0_f64..900.0,
            n_columns in 1_usize..30,
            n_rows in 1_usize..25,
        ) {
            let layout = Layout {
                origin: Bng::new(400_000.0, 300_000.0), cell: Metres::new(50.0), n_columns, n_rows,
            };
            let at: Vec<Bng> = points
                .iter()
                .map(|p| Bng::new(4e5 + 25.0 * f64::from(p.0), 3e5 + 25.0 * f64::from(p.1)))
                .collect();
            let weights: Vec<f64> = points.iter().map(|p| p.2).collect();
            let allowed = TOLERANCE * weights.iter().sum::<f64>() + 1e-15;

            let ours = expanded(&at, Some(&weights), Metres::new(h), layout);

            for (ours, exact) in ours.iter().zip(exact(&at, &weights, h, layout)) {
                prop_assert!((ours - exact).abs() <= allowed, "{ours} and {exact}");
            }
        }
    }

    #[test]
    fn few_points_are_added_up_one_by_one() {
        let layout = Layout {
            origin: Bng::new(0.0, 0.0),
            cell: Metres::new(100.0),
            n_columns: 300,
            n_rows: 300,
        };

        assert!(!is_worth_it(1_000, Metres::new(300.0), layout));
        assert!(is_worth_it(1_000_000, Metres::new(300.0), layout));
    }
}

//! Densities at any place of any size of country, computed where they are looked at and nowhere
//! else: what filtered heat is drawn from.

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::Metres;
use crate::stats::Surface;

use super::Kernel;

/// Side of a bucket, in metres; corners lie on multiples of it from the grid's origin.
pub const BUCKET: f64 = 250.0;
/// Steps of a metre that positions inside a bucket are rounded to.
pub const STEPS: f64 = 256.0;
/// Buckets along the side of a block.
pub const BLOCK: i32 = 16;
/// Lattice cells to one bandwidth: bilinear reading between centres this near stays within half a
/// per cent of the kernel's peak.
const CELLS_PER_BANDWIDTH: f64 = 12.0;
/// Hills weighed at once: what two registers of four numbers hold.
const LANES: usize = 8;

/// Weighted positions, by bucket.
pub trait Spots: Sync {
    /// Tells `each` of every position of the bucket in this column and row: how far east and north
    /// of the bucket's corner it lies, in 1/256 m, and its weight. In the same order every time.
    fn bucket(&self, column: i32, row: i32, each: impl FnMut(u16, u16, f64));
    /// Everything with a weight lies in here; `None` where nothing has.
    fn bounds(&self) -> Option<Bounds>;
}

impl<S: Spots> Spots for &S {
    fn bucket(&self, column: i32, row: i32, each: impl FnMut(u16, u16, f64)) {
        (**self).bucket(column, row, each);
    }

    fn bounds(&self) -> Option<Bounds> {
        (**self).bounds()
    }
}

/// Densities by the quartic kernel, of positions merged into hills.
///
/// Positions of one lattice cell (a twelfth of a bandwidth) are one hill at their centre of gravity.
/// A position alone in its cell, or a stack of them on one spot, is exactly where it is. Positions
/// spread over a cell are, at their own centre, off by 0.2% of the height of their hill, and by 0.7%
/// (a twelfth squared) if they stand in opposite corners; where the kernel ends, where it bends most,
/// by twice that at the most. The lattice is fixed on the ground and hills add up in one order, so a
/// density is the same to the last bit whatever else is computed with it.
///
/// # Source
///
/// Silverman (1986), *Density Estimation for Statistics and Data Analysis*, section 4.2, with hills
/// in place of positions as in Wand (1994), <https://doi.org/10.1080/10618600.1994.10474656>.
#[derive(Debug, Clone, Copy)]
pub struct Hills<S> {
    spots: S,
    bandwidth: f64,
    /// Lattice cells along the side of a bucket.
    per_bucket: i32,
}

/// Hills of the buckets looked at so far: where each stands in its bucket, in m, and its weight.
struct Merged {
    x: Vec<f32>,
    y: Vec<f32>,
    weight: Vec<f32>,
    /// `[per_bucket²]`: weight and moments of each lattice cell of one bucket, all zero between two.
    cells: Vec<[f64; 3]>,
    touched: Vec<u32>,
}

impl<S: Spots + Copy> Hills<S> {
    /// Densities of `spots` at this bandwidth: the distance at which the kernel ends.
    pub fn new(spots: S, bandwidth: Metres) -> Self {
        let per_bucket = (BUCKET * CELLS_PER_BANDWIDTH / bandwidth.get()).round().max(1.0) as i32;
        Self { spots, bandwidth: bandwidth.get(), per_bucket }
    }

    /// Side of a lattice cell.
    pub fn cell(&self) -> Metres {
        Metres::new(BUCKET / f64::from(self.per_bucket))
    }

    /// Where densities may be above zero; `None` where nothing has a weight.
    pub fn bounds(&self) -> Option<Bounds> {
        Some(self.spots.bounds()?.grown(self.bandwidth))
    }

    /// Height of a hill of weight 1, per m².
    fn peak(&self) -> f64 {
        Kernel::Quartic.peak(Metres::new(self.bandwidth))
    }

    /// Densities at the centres of the lattice cells that cover `within`, in weight per m².
    pub fn surface(&self, within: Bounds) -> Surface {
        let k = self.per_bucket;
        let cell = self.cell().get();
        let cells = |low: f64, high: f64| {
            let first = (low / cell).floor() as i32;
            (first, ((high / cell).floor() as i32 - first + 1).max(1))
        };
        let (first_column, n_columns) = cells(within.min.easting(), within.max.easting());
        let (first_row, n_rows) = cells(within.min.northing(), within.max.northing());
        // A kernel's width of room on either side, so that no run is ever cut.
        let reach = self.bandwidth / cell;
        let margin = reach.ceil() as i32 + 1;
        let stride = (n_columns + 2 * margin) as usize;
        let mut sums = vec![0.0_f32; stride * n_rows as usize];
        let mut merged = Merged::new(k);
        let per_reach2 = (1.0 / (reach * reach)) as f32;
        let per_cell = (1.0 / cell) as f32;
        let buckets = |first: i32, n: i32| {
            (first - margin).div_euclid(k)..=(first + n + margin).div_euclid(k)
        };
        for row in buckets(first_row, n_rows) {
            for column in buckets(first_column, n_columns) {
                merged.clear();
                merged.gather(&self.spots, column, row, k);
                // Lattice cells are counted from the bucket, so that rounding is the bucket's own.
                let (west, south) = (column * k - first_column, row * k - first_row);
                for i in 0..merged.x.len() {
                    let (x, y) = (merged.x[i] * per_cell - 0.5, merged.y[i] * per_cell - 0.5);
                    let weight = merged.weight[i];
                    let centres = |at: f32, half: f32| {
                        ((at - half).ceil() as i32, (at + half).floor() as i32)
                    };
                    let (low, high) = centres(y, reach as f32);
                    for j in low.max(-south)..=high.min(n_rows - 1 - south) {
                        let dy2 = (y - j as f32).powi(2);
                        let half = (reach as f32).mul_add(reach as f32, -dy2);
                        if half <= 0.0 {
                            continue;
                        }
                        let (first, last) = centres(x, half.sqrt());
                        let first = first.max(-west - margin);
                        let last = last.min(n_columns - 1 + margin - west);
                        if last < first {
                            continue;
                        }
                        let start =
                            (j + south) as usize * stride + (first + west + margin) as usize;
                        let run = &mut sums[start..=start + (last - first) as usize];
                        for (sum, i) in run.iter_mut().zip(first..) {
                            let dx = x - i as f32;
                            let near = (1.0 - (dx * dx + dy2) * per_reach2).max(0.0);
                            *sum += weight * near * near;
                        }
                    }
                }
            }
        }
        let peak = self.peak();
        let values = sums
            .chunks(stride)
            .flat_map(|row| &row[margin as usize..(margin + n_columns) as usize])
            .map(|&sum| f64::from(sum) * peak)
            .collect();
        Surface {
            origin: Bng::new(f64::from(first_column) * cell, f64::from(first_row) * cell),
            cell: self.cell(),
            n_columns: n_columns as usize,
            n_rows: n_rows as usize,
            values,
        }
    }

    /// Densities one by one, at places within these bounds.
    pub fn reader(self, within: Bounds) -> Reader<S> {
        let around = within.grown(self.bandwidth + BUCKET);
        let block = BUCKET * f64::from(BLOCK);
        let blocks = |low: f64, high: f64| {
            let first = (low / block).floor() as i32;
            (first, (high / block).floor() as i32 - first + 1)
        };
        let (west, columns) = blocks(around.min.easting(), around.max.easting());
        let (south, rows) = blocks(around.min.northing(), around.max.northing());
        let n_blocks = columns.max(0) as usize * rows.max(0) as usize;
        Reader {
            hills: self,
            merged: Merged::new(self.per_bucket),
            west,
            south,
            columns,
            blocks: (0..n_blocks).map(|_| None).collect(),
        }
    }
}

impl Merged {
    fn new(per_bucket: i32) -> Self {
        Self {
            x: Vec::new(),
            y: Vec::new(),
            weight: Vec::new(),
            cells: vec![[0.0; 3]; (per_bucket * per_bucket) as usize],
            touched: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.x.clear();
        self.y.clear();
        self.weight.clear();
    }

    /// Adds the hills of one bucket, in the order of their lattice cells.
    fn gather(&mut self, spots: &impl Spots, column: i32, row: i32, per_bucket: i32) {
        let per_step = f64::from(per_bucket) / (BUCKET * STEPS);
        let Self { cells, touched, .. } = self;
        spots.bucket(column, row, |x, y, weight| {
            let across = (f64::from(x) * per_step) as usize;
            let up = (f64::from(y) * per_step) as usize;
            let number = (up * per_bucket as usize + across).min(cells.len() - 1);
            let cell = &mut cells[number];
            if cell[0] == 0.0 {
                touched.push(number as u32);
            }
            cell[0] += weight;
            cell[1] += weight * f64::from(x);
            cell[2] += weight * f64::from(y);
        });
        touched.sort_unstable();
        for number in touched.drain(..) {
            let [weight, x, y] = std::mem::take(&mut cells[number as usize]);
            self.x.push((x / weight / STEPS) as f32);
            self.y.push((y / weight / STEPS) as f32);
            self.weight.push(weight as f32);
        }
    }
}

/// Where the hills of a bucket stand among all merged ones; `None` before they are.
type Range = Option<(u32, u32)>;

/// Densities at single places; hills are merged when first looked at.
pub struct Reader<S> {
    hills: Hills<S>,
    merged: Merged,
    west: i32,
    south: i32,
    columns: i32,
    blocks: Vec<Option<Box<[Range; (BLOCK * BLOCK) as usize]>>>,
}

impl<S: Spots + Copy> Reader<S> {
    /// Density at `place`, in weight per m²; zero outside the bounds of the reader.
    pub fn at(&mut self, place: Bng) -> f64 {
        let h = self.hills.bandwidth;
        let bucket = |metres: f64| (metres / BUCKET).floor() as i32;
        let (e, n) = (place.easting(), place.northing());
        let inverse = (1.0 / (h * h)) as f32;
        // From a place to the nearest of a bucket, along one axis.
        let off = |at: f64, bucket: i32| {
            let low = f64::from(bucket) * BUCKET;
            (low - at).max(at - low - BUCKET).max(0.0)
        };
        let mut sum = 0.0;
        for row in bucket(n - h)..=bucket(n + h) {
            let dy = off(n, row);
            for column in bucket(e - h)..=bucket(e + h) {
                if dy * dy + off(e, column).powi(2) >= h * h {
                    continue;
                }
                let Some((start, end)) = self.range(column, row) else { continue };
                let (start, end) = (start as usize, end as usize);
                if start == end {
                    continue;
                }
                let x = (e - f64::from(column) * BUCKET) as f32;
                let y = (n - f64::from(row) * BUCKET) as f32;
                sum += f64::from(self.merged.sum(start..end, x, y, inverse));
            }
        }
        sum * self.hills.peak()
    }

    fn range(&mut self, column: i32, row: i32) -> Range {
        let across = column.div_euclid(BLOCK) - self.west;
        let up = row.div_euclid(BLOCK) - self.south;
        if across < 0 || across >= self.columns || up < 0 {
            return None;
        }
        let block = self.blocks.get_mut((up * self.columns + across) as usize)?;
        let ranges = block.get_or_insert_with(|| Box::new([None; (BLOCK * BLOCK) as usize]));
        let number = row.rem_euclid(BLOCK) * BLOCK + column.rem_euclid(BLOCK);
        let range = &mut ranges[number as usize];
        if range.is_none() {
            let start = self.merged.x.len() as u32;
            self.merged.gather(&self.hills.spots, column, row, self.hills.per_bucket);
            *range = Some((start, self.merged.x.len() as u32));
        }
        *range
    }
}

impl Merged {
    /// Heights of these hills at a place `x` and `y` metres from their bucket's corner, summed.
    fn sum(&self, hills: std::ops::Range<usize>, x: f32, y: f32, inverse: f32) -> f32 {
        let height = |hx: f32, hy: f32, weight: f32| {
            let (dx, dy) = (hx - x, hy - y);
            let near = (1.0 - (dx * dx + dy * dy) * inverse).max(0.0);
            weight * near * near
        };
        let (xs, ys) = (&self.x[hills.clone()], &self.y[hills.clone()]);
        let weights = &self.weight[hills];
        let mut lanes = [0.0_f32; LANES];
        let whole = xs.len() / LANES * LANES;
        for start in (0..whole).step_by(LANES) {
            let (xs, ys) = (&xs[start..start + LANES], &ys[start..start + LANES]);
            let weights = &weights[start..start + LANES];
            for i in 0..LANES {
                lanes[i] += height(xs[i], ys[i], weights[i]);
            }
        }
        for i in whole..xs.len() {
            lanes[i - whole] += height(xs[i], ys[i], weights[i]);
        }
        lanes.iter().sum()
    }
}

#[cfg(test)]
#[path = "hills_tests.rs"]
mod tests;

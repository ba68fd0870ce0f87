//! Positions merged into hills.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use super::{BLOCK, BUCKET, STEPS, Spots, Square};

/// Buckets of a block.
const PER_BLOCK: usize = (BLOCK * BLOCK) as usize;
/// Hills weighed at once: what two registers of four numbers hold.
const LANES: usize = 8;
/// So many hills of a bucket are looked through whole.
const FEW: usize = 64;

/// The hills of a block of buckets: where each stands in its bucket, in m, and its weight.
#[derive(Debug, Default)]
pub struct Block {
    /// `[PER_BLOCK + 1]`: where the hills of each bucket start; nothing where there are none.
    starts: Vec<u32>,
    hills: Merged,
}

impl Block {
    /// The hills of all buckets of this block.
    pub(super) fn of(spots: &impl Spots, (column, row): Square, per_bucket: i32) -> Self {
        let mut hills = Merged::default();
        let mut merger = Merger::new(per_bucket);
        let mut starts = Vec::with_capacity(PER_BLOCK + 1);
        for number in 0..BLOCK * BLOCK {
            starts.push(hills.len() as u32);
            let bucket = (column * BLOCK + number % BLOCK, row * BLOCK + number / BLOCK);
            merger.gather(spots, bucket, &mut hills);
        }
        if hills.len() == 0 {
            return Self::default();
        }
        starts.push(hills.len() as u32);
        hills.numbers.shrink_to_fit();
        Self { starts, hills }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The hills of a bucket.
    #[inline(always)]
    pub(super) fn bucket(&self, column: i32, row: i32) -> Group<'_> {
        let number = (row.rem_euclid(BLOCK) * BLOCK + column.rem_euclid(BLOCK)) as usize;
        let ends = self.starts.get(number..=number + 1).unwrap_or(&[0, 0]);
        self.hills.group(ends[0] as usize..ends[1] as usize)
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + 4 * self.starts.len() + 12 * self.hills.len()
    }
}

pub(super) type Range = std::ops::Range<usize>;

/// Hills of any number of buckets, one bucket after another.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// `[3 x n]` of each bucket: how far east all of its hills stand, how far north, their weights.
    /// Together, because a bucket is most often looked at alone, and the first look is the dear one.
    numbers: Vec<f32>,
}

impl Merged {
    pub fn len(&self) -> usize {
        self.numbers.len() / 3
    }

    /// The hills of one bucket.
    #[inline(always)]
    pub fn group(&self, bucket: Range) -> Group<'_> {
        let n = bucket.len();
        let numbers = &self.numbers[3 * bucket.start..3 * bucket.end];
        let (x, rest) = numbers.split_at(n);
        let (y, weight) = rest.split_at(n);
        Group { x, y, weight }
    }

    /// Adds a bucket of `n` hills: where each stands, and its weight.
    fn push(&mut self, n: usize, hills: impl Iterator<Item = [f32; 3]>) {
        let start = self.numbers.len();
        self.numbers.resize(start + 3 * n, 0.0);
        let numbers = &mut self.numbers[start..];
        for (i, hill) in hills.take(n).enumerate() {
            for (part, number) in hill.into_iter().enumerate() {
                numbers[part * n + i] = number;
            }
        }
    }
}

/// Hills of one bucket, in the order of their lattice cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub x: &'a [f32],
    pub y: &'a [f32],
    pub weight: &'a [f32],
}

impl Group<'_> {
    /// These of them alone.
    pub fn part(self, range: Range) -> Self {
        Self { x: &self.x[range.clone()], y: &self.y[range.clone()], weight: &self.weight[range] }
    }

    /// Heights of hills at a place `x` and `y` metres from their bucket's corner, summed, where the
    /// kernel ends at `reach`; lattice cells are `per_cell` to a metre.
    pub fn sum(mut self, (x, y): (f32, f32), reach: f32, per_cell: f32) -> f32 {
        if self.x.len() > FEW {
            // Rows of the lattice that lie out of reach whole; one more on either side is looked
            // through, because a hill on the edge of its row may be rounded into the next.
            let row = |at: f32| (at * per_cell) as i32;
            let (low, high) = (row(y - reach) - 1, row(y + reach) + 1);
            let first = self.y.partition_point(|&hill| row(hill) < low);
            let after = self.y.partition_point(|&hill| row(hill) <= high);
            self = self.part(first..after.max(first));
        }
        let inverse = 1.0 / (reach * reach);
        let height = |hx: f32, hy: f32, weight: f32| {
            let (dx, dy) = (hx - x, hy - y);
            let near = (1.0 - (dx * dx + dy * dy) * inverse).max(0.0);
            weight * near * near
        };
        let (xs, ys, weights) = (self.x, self.y, self.weight);
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

/// Merges the positions of one bucket after another.
pub(super) struct Merger {
    per_bucket: i32,
    /// `[per_bucket²]`: weight and moments of each lattice cell of one bucket, all zero between two.
    cells: Vec<[f64; 3]>,
    touched: Vec<u32>,
}

impl Merger {
    pub fn new(per_bucket: i32) -> Self {
        let cells = vec![[0.0; 3]; (per_bucket * per_bucket) as usize];
        Self { per_bucket, cells, touched: Vec::new() }
    }

    /// Adds the hills of a bucket to `hills`, in the order of their lattice cells.
    pub fn gather(&mut self, spots: &impl Spots, (column, row): Square, hills: &mut Merged) {
        let per_step = f64::from(self.per_bucket) / (BUCKET * STEPS);
        let across = self.per_bucket as usize;
        let Self { cells, touched, .. } = self;
        spots.bucket(column, row, |x, y, weight| {
            let column = (f64::from(x) * per_step) as usize;
            let row = (f64::from(y) * per_step) as usize;
            let number = (row * across + column).min(cells.len() - 1);
            let cell = &mut cells[number];
            if cell[0] == 0.0 {
                touched.push(number as u32);
            }
            cell[0] += weight;
            cell[1] += weight * f64::from(x);
            cell[2] += weight * f64::from(y);
        });
        let hill = |[weight, x, y]: [f64; 3]| {
            [(x / weight / STEPS) as f32, (y / weight / STEPS) as f32, weight as f32]
        };
        // Of many, a walk over every cell is quicker than to sort them.
        if touched.len() * 8 > cells.len() {
            let n = cells.iter().filter(|cell| cell[0] != 0.0).count();
            let filled = cells.iter_mut().filter(|cell| cell[0] != 0.0);
            hills.push(n, filled.map(|cell| hill(std::mem::take(cell))));
            touched.clear();
            return;
        }
        touched.sort_unstable();
        let filled = touched.iter().map(|&number| std::mem::take(&mut cells[number as usize]));
        hills.push(touched.len(), filled.map(hill));
        touched.clear();
    }
}

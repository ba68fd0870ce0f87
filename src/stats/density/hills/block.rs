//! Positions merged into hills.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use super::{BLOCK, BUCKET, STEPS, Spots, Square};

/// Buckets of a block.
const PER_BLOCK: usize = (BLOCK * BLOCK) as usize;
/// Hills weighed at once: what a register of eight numbers holds.
const LANES: usize = 8;

/// The hills of a block of buckets: where each stands, in m, and its weight.
#[derive(Debug, Default)]
pub struct Block {
    /// `[PER_BLOCK + 1]`: where the hills of each bucket start; nothing where there are none. Rows of
    /// buckets are filled up with hills of no weight, so that each starts at a whole [`LANES`].
    starts: Vec<u32>,
    /// Of each row of buckets: how far its hills stand east of the block, how far north of the row,
    /// and their weights. By row, because few of them are looked at at once, and the first look at
    /// any of them is the dear one.
    numbers: Vec<f32>,
}

impl Block {
    /// The hills of all buckets of this block.
    pub(super) fn of(spots: &impl Spots, (column, row): Square, per_bucket: i32) -> Self {
        let (mut hills, mut numbers) = (Merged::default(), Vec::new());
        let mut merger = Merger::new(per_bucket);
        let mut starts = Vec::with_capacity(PER_BLOCK + 1);
        for up in 0..BLOCK {
            for across in 0..BLOCK {
                let first = hills.x.len();
                starts.push((numbers.len() / 3 + first) as u32);
                let bucket = (column * BLOCK + across, row * BLOCK + up);
                merger.gather(spots, bucket, &mut hills);
                hills.x[first..].iter_mut().for_each(|x| *x += across as f32 * BUCKET as f32);
            }
            for part in [&mut hills.x, &mut hills.y, &mut hills.weight] {
                part.resize(part.len().next_multiple_of(LANES), 0.0);
                numbers.append(part);
            }
        }
        if numbers.is_empty() {
            return Self::default();
        }
        starts.push((numbers.len() / 3) as u32);
        numbers.shrink_to_fit();
        Self { starts, numbers }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The hills of these buckets of a row of the block: how far east of the block they stand, how
    /// far north of the row, and their weights.
    pub(super) fn hills(&self, buckets: Buckets, row: i32) -> Group<'_> {
        self.run::<1>(buckets, row)
    }

    /// As [`Self::hills`], and as many more of the row as make whole [`LANES`].
    #[inline(always)]
    pub(super) fn lanes(&self, buckets: Buckets, row: i32) -> Group<'_> {
        self.run::<{ LANES as u32 }>(buckets, row)
    }

    #[inline(always)]
    fn run<const WHOLE: u32>(&self, buckets: Buckets, row: i32) -> Group<'_> {
        let place = |bucket: i32| bucket.rem_euclid(BLOCK) as usize;
        let row = place(row) * BLOCK as usize;
        let Some(ends) = self.starts.get(row..=row + BLOCK as usize) else {
            return Group { x: &[], y: &[], weight: &[] };
        };
        let first = ends[place(*buckets.start())] / WHOLE * WHOLE;
        let after = ends[place(*buckets.end()) + 1].next_multiple_of(WHOLE);
        let (start, end) = (ends[0] as usize, ends[BLOCK as usize] as usize);
        let (x, rest) = self.numbers[3 * start..3 * end].split_at(end - start);
        let (y, weight) = rest.split_at(end - start);
        Group { x, y, weight }.part(first as usize - start..after as usize - start)
    }

    /// Bytes that it takes in memory.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + 4 * (self.starts.len() + self.numbers.len())
    }
}

pub(super) type Range = std::ops::Range<usize>;
/// Columns of buckets.
pub(super) type Buckets = std::ops::RangeInclusive<i32>;

/// Hills of any number of buckets, one bucket after another.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    pub weight: Vec<f32>,
}

impl Merged {
    pub fn group(&self) -> Group<'_> {
        Group { x: &self.x, y: &self.y, weight: &self.weight }
    }
}

/// Hills side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub x: &'a [f32],
    pub y: &'a [f32],
    pub weight: &'a [f32],
}

impl Group<'_> {
    /// These of them alone.
    #[inline(always)]
    pub fn part(self, range: Range) -> Self {
        Self { x: &self.x[range.clone()], y: &self.y[range.clone()], weight: &self.weight[range] }
    }
}

/// Heights of hills at one place, as summed so far.
#[derive(Debug, Default)]
pub(super) struct Heights([f32; LANES]);

impl Heights {
    /// Adds hills at a place `x` and `y` metres from where they are counted from; the square of the
    /// distance at which the kernel ends is one over `per_reach2`.
    #[inline(always)]
    pub fn add(&mut self, hills: Group<'_>, (x, y): (f32, f32), per_reach2: f32) {
        let height = |hx: f32, hy: f32, weight: f32| {
            let (dx, dy) = (hx - x, hy - y);
            let near = (1.0 - (dx * dx + dy * dy) * per_reach2).max(0.0);
            weight * near * near
        };
        let (xs, more_xs) = hills.x.as_chunks::<LANES>();
        let (ys, more_ys) = hills.y.as_chunks::<LANES>();
        let (weights, more_weights) = hills.weight.as_chunks::<LANES>();
        for ((xs, ys), weights) in xs.iter().zip(ys).zip(weights) {
            for i in 0..LANES {
                self.0[i] += height(xs[i], ys[i], weights[i]);
            }
        }
        for (i, ((&x, &y), &weight)) in more_xs.iter().zip(more_ys).zip(more_weights).enumerate() {
            self.0[i] += height(x, y, weight);
        }
    }

    pub fn sum(self) -> f32 {
        self.0.iter().sum()
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
        let mut add = |[weight, x, y]: [f64; 3]| {
            hills.x.push((x / weight / STEPS) as f32);
            hills.y.push((y / weight / STEPS) as f32);
            hills.weight.push(weight as f32);
        };
        // Of many, a walk over every cell is quicker than to sort them.
        if touched.len() * 8 > cells.len() {
            touched.clear();
            for cell in cells.iter_mut().filter(|cell| cell[0] != 0.0) {
                add(std::mem::take(cell));
            }
            return;
        }
        touched.sort_unstable();
        for number in touched.drain(..) {
            add(std::mem::take(&mut cells[number as usize]));
        }
    }
}

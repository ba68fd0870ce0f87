//! Densities at single places, from the hills in reach of each.

use std::sync::Arc;

use crate::crs::Bng;
use crate::geometry::Bounds;

use super::block::{Block, Group, Merged, Merger};
use super::{BLOCK, BUCKET, Held, Hills, Spots};

/// Densities at single places; hills are merged when first looked at.
pub struct Reader<S> {
    hills: Hills<S>,
    reach: f32,
    /// Lattice cells to a metre.
    per_cell: f32,
    blocks: Held<Seen>,
    /// Where places are few and far between: the hills of the buckets in reach of them alone.
    alone: Option<(Merger, Merged)>,
}

/// What is known of a block.
enum Seen {
    Whole(Arc<Block>),
    /// Where the hills of each of its buckets stand, once they are merged.
    Parts(Box<[Option<(u32, u32)>; (BLOCK * BLOCK) as usize]>),
}

impl<S: Spots + Copy> Hills<S> {
    /// Densities one by one, at places within these bounds.
    pub fn reader(self, within: Bounds) -> Reader<S> {
        let side = BUCKET * f64::from(BLOCK);
        Reader {
            reach: self.bandwidth as f32,
            per_cell: (1.0 / self.cell().get()) as f32,
            blocks: Held::new(within.grown(self.bandwidth + BUCKET), side),
            hills: self,
            alone: None,
        }
    }

    /// As [`Self::reader`], for places so far apart that most buckets are in reach of none: nothing
    /// is merged but what is.
    pub fn sparse_reader(self, within: Bounds) -> Reader<S> {
        let alone = Some((Merger::new(self.per_bucket), Merged::default()));
        Reader { alone, ..self.reader(within) }
    }
}

impl<S: Spots + Copy> Reader<S> {
    /// Density at `place`, in weight per m²; zero outside the bounds of the reader.
    pub fn at(&mut self, place: Bng) -> f64 {
        let h = self.hills.bandwidth;
        let bucket = |metres: f64| (metres / BUCKET).floor() as i32;
        let (e, n) = (place.easting(), place.northing());
        // From a place to the nearest of a bucket, along one axis.
        let off = |at: f64, bucket: i32| {
            let low = f64::from(bucket) * BUCKET;
            (low - at).max(at - low - BUCKET).max(0.0)
        };
        let columns = bucket(e - h)..=bucket(e + h);
        let mut sum = 0.0;
        for row in bucket(n - h)..=bucket(n + h) {
            let dy = off(n, row);
            let y = (n - f64::from(row) * BUCKET) as f32;
            for column in columns.clone() {
                if dy * dy + off(e, column).powi(2) >= h * h {
                    continue;
                }
                let x = (e - f64::from(column) * BUCKET) as f32;
                sum += f64::from(self.of_bucket(column, row, (x, y)));
            }
        }
        sum * self.hills.peak()
    }

    /// Heights of the hills of a bucket at a place that far from its corner, summed.
    fn of_bucket(&mut self, column: i32, row: i32, from: (f32, f32)) -> f32 {
        let at = (column.div_euclid(BLOCK), row.div_euclid(BLOCK));
        let (reach, per_cell) = (self.reach, self.per_cell);
        let Some(seen) = self.blocks.get_mut(at) else { return 0.0 };
        let sum = |hills: Group<'_>| {
            if hills.x.is_empty() { 0.0 } else { hills.sum(from, reach, per_cell) }
        };
        let Some((merger, merged)) = &mut self.alone else {
            let seen = seen.get_or_insert_with(|| Seen::Whole(self.hills.block(at)));
            let Seen::Whole(block) = seen else { return 0.0 };
            return sum(block.bucket(column, row));
        };
        let parts = seen.get_or_insert_with(|| Seen::Parts(Box::new([None; _])));
        let Seen::Parts(ranges) = parts else { return 0.0 };
        let number = row.rem_euclid(BLOCK) * BLOCK + column.rem_euclid(BLOCK);
        let (start, end) = *ranges[number as usize].get_or_insert_with(|| {
            let start = merged.len() as u32;
            merger.gather(&self.hills.spots, (column, row), merged);
            (start, merged.len() as u32)
        });
        sum(merged.group(start as usize..end as usize))
    }
}

//! Densities at single places, from the hills in reach of each.
#![expect(
    clippy::inline_always,
    reason = "only inlined code uses the processor's widest registers"
)]

use std::sync::Arc;

use fearless_simd::{Level, Simd, dispatch};

use crate::crs::Bng;
use crate::geometry::Bounds;

use super::block::{Block, Buckets, Heights, Merged, Merger};
use super::{BLOCK, BUCKET, Held, Hills, Spots};

/// Densities at single places; hills are merged when first looked at.
pub struct Reader<S> {
    hills: Hills<S>,
    /// One over the square of the distance at which the kernel ends.
    per_reach2: f32,
    level: Level,
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
            per_reach2: (1.0 / (self.bandwidth * self.bandwidth)) as f32,
            level: Level::new(),
            blocks: Held::new(within.grown(self.bandwidth + BUCKET), side),
            hills: self,
            alone: None,
        }
    }

    /// As [`Self::reader`], for places so far apart that most buckets are in reach of none: nothing
    /// is merged but what is. Its densities are good to a millionth of the peak of a hill.
    pub fn sparse_reader(self, within: Bounds) -> Reader<S> {
        let alone = Some((Merger::new(self.per_bucket), Merged::default()));
        Reader { alone, ..self.reader(within) }
    }
}

impl<S: Spots + Copy> Reader<S> {
    /// Density at `place`, in weight per m²; zero outside the bounds of the reader.
    pub fn at(&mut self, place: Bng) -> f64 {
        f64::from(self.sum_at(place)) * self.hills.peak()
    }

    /// Density in heights of a hill of weight 1.
    pub(super) fn sum_at(&mut self, place: Bng) -> f32 {
        let level = self.level;
        dispatch!(level, simd => self.sum(simd, place))
    }

    #[inline(always)]
    fn sum(&mut self, simd: impl Simd, place: Bng) -> f32 {
        simd.vectorize(
            #[inline(always)]
            || {
                let h = self.hills.bandwidth;
                let bucket = |metres: f64| (metres / BUCKET).floor() as i32;
                let (e, n) = (place.easting(), place.northing());
                let mut heights = Heights::default();
                for row in bucket(n - h)..=bucket(n + h) {
                    // From the place to the nearest of the row.
                    let low = f64::from(row) * BUCKET;
                    let off = (low - n).max(n - low - BUCKET).max(0.0);
                    let half = (h * h - off * off).max(0.0).sqrt();
                    let (mut column, last) = (bucket(e - half), bucket(e + half));
                    while column <= last {
                        let block = column.div_euclid(BLOCK);
                        let end = (block * BLOCK + BLOCK - 1).min(last);
                        self.add_row(column..=end, row, place, &mut heights);
                        column = end + 1;
                    }
                }
                heights.sum()
            },
        )
    }

    /// Adds the hills of buckets of one row of a block.
    #[inline(always)]
    fn add_row(&mut self, columns: Buckets, row: i32, place: Bng, heights: &mut Heights) {
        let at = (columns.start().div_euclid(BLOCK), row.div_euclid(BLOCK));
        let from = |column: i32| {
            let (west, south) = (f64::from(column) * BUCKET, f64::from(row) * BUCKET);
            ((place.easting() - west) as f32, (place.northing() - south) as f32)
        };
        let per_reach2 = self.per_reach2;
        let Some(seen) = self.blocks.get_mut(at) else { return };
        let Some((merger, merged)) = &mut self.alone else {
            let seen = seen.get_or_insert_with(|| Seen::Whole(self.hills.block(at)));
            let Seen::Whole(block) = seen else { return };
            heights.add(block.lanes(columns, row), from(at.0 * BLOCK), per_reach2);
            return;
        };
        let parts = seen.get_or_insert_with(|| Seen::Parts(Box::new([None; _])));
        let Seen::Parts(ranges) = parts else { return };
        for column in columns {
            let number = row.rem_euclid(BLOCK) * BLOCK + column.rem_euclid(BLOCK);
            let (start, end) = *ranges[number as usize].get_or_insert_with(|| {
                let start = merged.x.len() as u32;
                merger.gather(&self.hills.spots, (column, row), merged);
                (start, merged.x.len() as u32)
            });
            let hills = merged.group().part(start as usize..end as usize);
            heights.add(hills, from(column), per_reach2);
        }
    }
}

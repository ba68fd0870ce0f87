//! How many records lie at each position, in bounded memory: of very many positions a sample.

use hashbrown::HashMap;

/// Most different positions of one source that are held, to the metre: a partnership has a few
/// thousand snap points or a hundred thousand addresses with a record.
const MOST: usize = 1 << 18;

/// Records at positions in whole metres.
type AtPositions = HashMap<(i64, i64), u64, foldhash::fast::RandomState>;

/// Records of each position, all of them while there are at most 262,144; past that of one position
/// in two, then in four, and so on, chosen by a hash of the position. Which are held depends on the
/// positions alone, not on their order or on how they were parted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spots {
    /// One position in two to this power is held.
    halved: u32,
    at: AtPositions,
}

impl Spots {
    /// Adds a record.
    pub(super) fn add(&mut self, metres: (i64, i64)) {
        self.add_many(metres, 1);
    }

    /// Adds what was counted elsewhere.
    pub(super) fn merge(&mut self, other: Self) {
        self.halve_to(other.halved);
        for (metres, records) in other.at {
            self.add_many(metres, records);
        }
    }

    fn add_many(&mut self, metres: (i64, i64), records: u64) {
        if !is_held(metres, self.halved) {
            return;
        }
        *self.at.entry(metres).or_default() += records;
        while self.at.len() > MOST {
            self.halve_to(self.halved + 1);
        }
    }

    fn halve_to(&mut self, halved: u32) {
        if halved > self.halved {
            self.halved = halved;
            self.at.retain(|&metres, _| is_held(metres, halved));
        }
    }

    /// Records of each position held.
    pub fn records(&self) -> impl Iterator<Item = u64> {
        self.at.values().copied()
    }

    /// One position in this many is held: 1 where all are.
    pub const fn one_in(&self) -> u64 {
        1 << self.halved
    }
}

/// Whether a position is among one in two to the power `halved`.
fn is_held((east, north): (i64, i64), halved: u32) -> bool {
    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    let key = east.cast_unsigned().rotate_left(32) ^ north.cast_unsigned();
    let key = (key ^ key >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let key = (key ^ key >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (key ^ key >> 31).trailing_zeros() >= halved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(places: impl Iterator<Item = i64>) -> Spots {
        let mut spots = Spots::default();
        places.for_each(|i| spots.add((400_000 + i % 1000, 300_000 + i / 1000)));
        spots
    }

    #[test]
    fn a_sample_tells_how_many_positions_there_are() {
        let n = 1_000_000;

        let found = spots(0..n);

        assert!(found.at.len() <= MOST);
        assert_eq!(found.one_in(), 4);
        let estimated = found.records().count() as f64 * 4.0;
        assert!((estimated / n as f64 - 1.0).abs() < 0.01, "{estimated}");
    }

    #[test]
    fn what_is_held_does_not_depend_on_order_or_parts() {
        let n = 600_000;
        let whole = spots(0..n);

        let mut parts = spots((n / 3..n).rev());
        parts.merge(spots(0..n / 3));

        assert_eq!(parts, whole);
    }

    #[test]
    fn few_positions_are_all_held() {
        let found = spots((0..50_000).chain(0..10));

        assert_eq!((found.one_in(), found.records().sum::<u64>()), (1, 50_010));
    }
}

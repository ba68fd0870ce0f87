//! All pairs of positions within a distance, cell by cell of a grid as wide as that distance.

use std::ops::Range;
use std::sync::atomic::AtomicUsize;

use rayon::prelude::*;

use crate::crs::Bng;

use super::neighbours::{Piece, count_links, in_order};
use super::{Neighbours, NeighboursError};

/// Positions that one thread looks at in turn.
const CHUNK: usize = 256;
/// How much wider than the reach a cell is: more than a column is rounded by.
const ROOM: f64 = 1e-6;
/// Columns or rows at most, so that the number of each stays exact.
const MOST_COLUMNS: f64 = 1_073_741_824.0;

/// The others within `reach` metres of each position, edge included.
///
/// Cells that hold nothing take no room, so neither a stray nor a short reach costs memory. The
/// positions in and around a cell are put in order once, for all that lie in the cell: their rows
/// then come out sorted.
pub(super) fn within_band(positions: &[Bng], reach: f64) -> Result<Neighbours, NeighboursError> {
    let Some(cells) = Cells::new(positions, reach) else {
        return Ok(Neighbours::without_links(positions.len()));
    };
    let links = AtomicUsize::new(0);
    let pieces = cells
        .chunks()
        .into_par_iter()
        .map(|chunk| cells.sweep(chunk, &links))
        .collect::<Result<Vec<_>, _>>()?;
    let (starts, targets) = in_order(positions.len(), &pieces, &cells.numbers);
    Ok(Neighbours::from_parts(starts, targets))
}

/// The largest square whose root is no more than `reach`.
fn largest_square(reach: f64) -> f64 {
    let mut square = reach * reach;
    while square.sqrt() > reach {
        square = square.next_down();
    }
    while square.is_finite() && square.next_up().sqrt() <= reach {
        square = square.next_up();
    }
    square
}

/// Positions by cell, row by row of cells and west to east; within a cell as they were given.
struct Cells {
    /// Row in the upper half, column in the lower, of each cell that holds something.
    keys: Vec<u64>,
    /// Where each cell's positions start, and behind the last cell the end.
    starts: Vec<usize>,
    /// Eastings and northings, cell by cell.
    at: Vec<[f64; 2]>,
    /// Which of the positions given each is.
    numbers: Vec<u32>,
    reach: f64,
    /// The largest squared distance of a neighbour.
    most: f64,
}

impl Cells {
    /// `None` where nothing is near anything: no positions, or no reach.
    fn new(positions: &[Bng], reach: f64) -> Option<Self> {
        let finite = |p: &Bng| p.easting().is_finite() && p.northing().is_finite();
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for p in positions.iter().filter(|p| finite(p)) {
            low = [low[0].min(p.easting()), low[1].min(p.northing())];
            high = [high[0].max(p.easting()), high[1].max(p.northing())];
        }
        let extent = (high[0] - low[0]).max(high[1] - low[1]);
        if !(reach >= 0.0 && extent >= 0.0) {
            return None;
        }
        let side = (reach * (1.0 + ROOM)).max(extent / MOST_COLUMNS).max(f64::MIN_POSITIVE);
        let mut order: Vec<(u64, u32)> = (0..positions.len())
            .into_par_iter()
            .filter(|&i| finite(&positions[i]))
            .map(|i| {
                let column = ((positions[i].easting() - low[0]) / side) as u64;
                let row = ((positions[i].northing() - low[1]) / side) as u64;
                // One on, so that there is a column and a row before the first.
                ((row + 1) << 32 | (column + 1), i as u32)
            })
            .collect();
        order.par_sort_unstable();
        let (mut keys, mut starts) = (Vec::new(), Vec::new());
        for (slot, &(key, _)) in order.iter().enumerate() {
            if keys.last() != Some(&key) {
                keys.push(key);
                starts.push(slot);
            }
        }
        starts.push(order.len());
        let place = |&(_, i): &(u64, u32)| {
            let p = positions[i as usize];
            [p.easting(), p.northing()]
        };
        Some(Self {
            keys,
            starts,
            at: order.par_iter().map(place).collect(),
            numbers: order.par_iter().map(|entry| entry.1).collect(),
            reach,
            most: largest_square(reach),
        })
    }

    /// Runs of cells with about [`CHUNK`] positions each.
    fn chunks(&self) -> Vec<Range<usize>> {
        let mut chunks = Vec::new();
        let mut first = 0;
        for cell in 1..=self.keys.len() {
            if cell == self.keys.len() || self.starts[cell] - self.starts[first] >= CHUNK {
                chunks.push(first..cell);
                first = cell;
            }
        }
        chunks
    }

    /// Rows of all positions in some cells that follow each other.
    fn sweep(
        &self,
        cells: Range<usize>,
        links: &AtomicUsize,
    ) -> Result<Piece<u32>, NeighboursError> {
        let mut piece = Piece::default();
        let mut near = Near::default();
        // First cell that may be near, of the row before, the same and the next: as the cells come in
        // order, each moves on from where it was.
        let before = |key: u64| self.keys.partition_point(|&k| k < key);
        let first = self.keys[cells.start] - 1;
        let mut cursors = [before(first - (1 << 32)), before(first), before(first + (1 << 32))];
        for cell in cells {
            let middle = self.keys[cell];
            let own = self.starts[cell]..self.starts[cell + 1];
            near.clear();
            let frame = self.frame(own.clone());
            for (cursor, row) in
                cursors.iter_mut().zip([middle - (1 << 32), middle, middle + (1 << 32)])
            {
                while *cursor < self.keys.len() && self.keys[*cursor] < row - 1 {
                    *cursor += 1;
                }
                let mut end = *cursor;
                while end < self.keys.len() && self.keys[end] <= row + 1 {
                    end += 1;
                }
                self.add(self.starts[*cursor]..self.starts[end], &frame, &mut near);
            }
            near.put_in_order(&self.at, &self.numbers);
            for slot in own {
                let length = near.row_of(self.at[slot], self.numbers[slot], self.most);
                piece.push(&near.row[..length]);
                count_links(length, links)?;
            }
        }
        Ok(piece)
    }

    /// West, south, east and north of what may be near the positions of one cell.
    fn frame(&self, slots: Range<usize>) -> [f64; 4] {
        let mut frame = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for [x, y] in &self.at[slots] {
            frame = [frame[0].min(*x), frame[1].min(*y), frame[2].max(*x), frame[3].max(*y)];
        }
        let reach = self.reach * (1.0 + ROOM);
        [frame[0] - reach, frame[1] - reach, frame[2] + reach, frame[3] + reach]
    }

    fn add(&self, slots: Range<usize>, frame: &[f64; 4], near: &mut Near) {
        for slot in slots {
            let [x, y] = self.at[slot];
            if x >= frame[0] && x <= frame[2] && y >= frame[1] && y <= frame[3] {
                near.keys.push(u64::from(self.numbers[slot]) << 32 | slot as u64);
            }
        }
    }
}

/// What may be near the positions of one cell.
#[derive(Default)]
struct Near {
    /// Number of the position in the upper half, where it is held in the lower.
    keys: Vec<u64>,
    x: Vec<f64>,
    y: Vec<f64>,
    numbers: Vec<u32>,
    /// Room for one row.
    row: Vec<u32>,
}

impl Near {
    fn clear(&mut self) {
        self.keys.clear();
        self.x.clear();
        self.y.clear();
        self.numbers.clear();
    }

    fn put_in_order(&mut self, at: &[[f64; 2]], numbers: &[u32]) {
        self.keys.sort_unstable();
        for key in &self.keys {
            let slot = (key & u64::from(u32::MAX)) as usize;
            self.x.push(at[slot][0]);
            self.y.push(at[slot][1]);
            self.numbers.push(numbers[slot]);
        }
        if self.row.len() < self.keys.len() {
            self.row.resize(self.keys.len(), 0);
        }
    }

    /// Writes the neighbours of a position to the start of `row`; how many they are.
    fn row_of(&mut self, from: [f64; 2], number: u32, most: f64) -> usize {
        let n = self.numbers.len();
        let (x, y, numbers) = (&self.x[..n], &self.y[..n], &self.numbers[..n]);
        let row = &mut self.row[..n];
        let mut length = 0;
        for i in 0..n {
            let (east, north) = (x[i] - from[0], y[i] - from[1]);
            // Written whether near or not: a branch would be guessed wrong too often.
            row[length] = numbers[i];
            let is_near = usize::from(east * east + north * north <= most);
            length += is_near * usize::from(numbers[i] != number);
        }
        length
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::weights::MOST_LINKS;

    fn by_full_search(at: &[Bng], reach: f64) -> Vec<Vec<u32>> {
        let squared = |a: Bng, b: Bng| {
            (a.easting() - b.easting()).powi(2) + (a.northing() - b.northing()).powi(2)
        };
        let near = |i: usize, j: usize| i != j && squared(at[i], at[j]).sqrt() <= reach;
        (0..at.len())
            .map(|i| (0..at.len()).filter(|&j| near(i, j)).map(|j| j as u32).collect())
            .collect()
    }

    proptest! {
        /// Positions with repeats, on a lattice, in a tight heap, far out, and no positions at all.
        #[test]
        fn rows_are_those_of_a_full_search(
            places in prop::collection::vec(
                prop_oneof![
                    12 => (0_u8..40, 0_u8..30).prop_map(|(x, y)| (f64::from(x), f64::from(y))),
                    6 => (0.0_f64..0.01, 0.0_f64..0.01),
                    1 => (-1e6_f64..1e6, -1e6_f64..1e6),
                    1 => Just((f64::NAN, 3.0)),
                ],
                0..400,
            ),
            reach in prop_oneof![0.0_f64..30.0, Just(0.0), Just(5.0), Just(1e-4), Just(1e7)],
        ) {
            let at: Vec<Bng> =
                places.iter().map(|(x, y)| Bng::new(4e5 + x, 3e5 + y)).collect();

            let near = within_band(&at, reach).unwrap();

            for (i, wanted) in by_full_search(&at, reach).iter().enumerate() {
                prop_assert_eq!(near.of(i), wanted.as_slice(), "row {} within {}", i, reach);
            }
        }
    }

    #[test]
    fn no_reach_and_no_positions_make_islands() {
        let at = [Bng::new(1.0, 1.0), Bng::new(1.0, 1.0)];

        assert_eq!(within_band(&at, 0.0).unwrap().n_links(), 2);
        assert_eq!(within_band(&at, f64::INFINITY).unwrap().n_links(), 2);
        assert_eq!(within_band(&at, f64::NAN).unwrap().islands().count(), 2);
        assert_eq!(within_band(&at, -1.0).unwrap().islands().count(), 2);
        assert_eq!(within_band(&[], 5.0).unwrap().n_units(), 0);
    }

    #[test]
    fn a_heap_with_too_many_links_is_refused_before_they_are_made() {
        let heap = vec![Bng::new(5.0, 5.0); 12_000];

        assert_eq!(within_band(&heap, 1.0), Err(NeighboursError::TooMany { most: MOST_LINKS }));
    }

    #[test]
    fn the_largest_square_is_the_last_whose_root_is_in_reach() {
        for reach in [0.0, 1e-170, 0.1, 2.0_f64.sqrt() * 50.0, 333.3, 1e9, 1e200] {
            let square = largest_square(reach);

            assert!(square.sqrt() <= reach, "{reach}");
            assert!(square.next_up().sqrt() > reach, "{reach}");
        }
        assert!(largest_square(f64::INFINITY).is_infinite());
    }
}

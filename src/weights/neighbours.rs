//! Which units are neighbours, as compressed rows.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use thiserror::Error;

/// Rows that one thread makes at a time.
const CHUNK: usize = 256;

/// Links from a unit to a neighbour that may be held at once; a weight each makes them 1.2 GB.
pub const MOST_LINKS: usize = 100_000_000;

/// Neighbours of each unit, itself excluded, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    starts: Vec<usize>,
    targets: Vec<u32>,
}

/// Lists that describe no neighbours.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum NeighboursError {
    /// A neighbour that is no unit.
    #[error("unit {unit} has neighbour {neighbour}, but there are {n_units} units")]
    OutOfRange {
        /// Unit whose list is wrong.
        unit: usize,
        /// Neighbour as given.
        neighbour: usize,
        /// Units there are.
        n_units: usize,
    },
    /// A unit that lists itself.
    #[error("unit {0} lists itself as a neighbour")]
    SelfLoop(usize),
    /// A choice of units that does not fit.
    #[error("{given} units to choose from, but there are {n_units}")]
    Mask {
        /// Units described.
        given: usize,
        /// Units there are.
        n_units: usize,
    },
    /// A weight that is none.
    #[error(
        "neighbour {neighbour} of unit {unit} weighs {weight}, which is not a number from 0 up"
    )]
    Weight {
        /// Unit whose list is wrong.
        unit: usize,
        /// Neighbour as given.
        neighbour: usize,
        /// Weight as given.
        weight: f64,
    },
    /// More than memory should hold.
    #[error("these neighbours make more than {most} links: choose a shorter reach")]
    TooMany {
        /// Links that may be held.
        most: usize,
    },
}

/// Some rows, one after another.
#[derive(Debug, Default)]
pub(super) struct Piece<T> {
    lengths: Vec<u32>,
    entries: Vec<T>,
}

impl<T: Copy> Piece<T> {
    /// Adds the next row.
    pub(super) fn push(&mut self, row: &[T]) {
        self.lengths.push(row.len() as u32);
        self.entries.extend_from_slice(row);
    }
}

/// Counts more links towards all there may be: row by row, so that no part alone fills the memory.
pub(super) fn count_links(more: usize, links: &AtomicUsize) -> Result<(), NeighboursError> {
    if links.fetch_add(more, Ordering::Relaxed) + more > MOST_LINKS {
        return Err(NeighboursError::TooMany { most: MOST_LINKS });
    }
    Ok(())
}

/// Rows made in parallel and put one after another: where each starts, and all their entries.
///
/// `fill` writes the entries of one row to a list that is empty when it is given. It is asked for
/// the rows in `order`, where near ones follow each other; a row that is not in it stays empty.
pub(super) fn rows<T: Copy + Default + Send + Sync>(
    n_rows: usize,
    order: Option<&[u32]>,
    fill: impl Fn(usize, &mut Vec<T>) + Sync,
) -> Result<(Vec<usize>, Vec<T>), NeighboursError> {
    let n_asked = order.map_or(n_rows, <[u32]>::len);
    let links = AtomicUsize::new(0);
    let pieces: Vec<Piece<T>> = (0..n_asked.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let (mut piece, mut row) = (Piece::default(), Vec::new());
            for i in chunk * CHUNK..((chunk + 1) * CHUNK).min(n_asked) {
                row.clear();
                fill(order.map_or(i, |order| order[i] as usize), &mut row);
                count_links(row.len(), &links)?;
                piece.push(&row);
            }
            Ok(piece)
        })
        .collect::<Result<_, _>>()?;
    Ok(match order {
        Some(order) => in_order(n_rows, &pieces, order),
        None => one_after_another(n_rows, &pieces),
    })
}

fn one_after_another<T: Copy>(n_rows: usize, pieces: &[Piece<T>]) -> (Vec<usize>, Vec<T>) {
    let mut starts = Vec::with_capacity(n_rows + 1);
    let mut all = Vec::with_capacity(pieces.iter().map(|piece| piece.entries.len()).sum());
    let mut end = 0;
    starts.push(0);
    for piece in pieces {
        for &length in &piece.lengths {
            end += length as usize;
            starts.push(end);
        }
        all.extend_from_slice(&piece.entries);
    }
    (starts, all)
}

/// Rows put in the order of units: the rows of `pieces` are those of the units in `order`.
pub(super) fn in_order<T: Copy + Default + Send + Sync>(
    n_rows: usize,
    pieces: &[Piece<T>],
    order: &[u32],
) -> (Vec<usize>, Vec<T>) {
    let mut starts = vec![0; n_rows + 1];
    // Piece and place in it where each row starts.
    let mut found = vec![(0_u32, 0_u32); n_rows];
    let mut units = order.iter();
    for (number, piece) in pieces.iter().enumerate() {
        let mut start = 0;
        for (&length, &unit) in piece.lengths.iter().zip(&mut units) {
            starts[unit as usize + 1] = length as usize;
            found[unit as usize] = (number as u32, start);
            start += length;
        }
    }
    for i in 0..n_rows {
        starts[i + 1] += starts[i];
    }
    let mut all = vec![T::default(); starts[n_rows]];
    let mut rest = all.as_mut_slice();
    let mut parts = Vec::with_capacity(n_rows.div_ceil(CHUNK));
    for first in (0..n_rows).step_by(CHUNK) {
        let last = (first + CHUNK).min(n_rows);
        let part;
        (part, rest) = rest.split_at_mut(starts[last] - starts[first]);
        parts.push((first..last, part));
    }
    parts.into_par_iter().for_each(|(rows, part)| {
        let base = starts[rows.start];
        for row in rows {
            let (piece, from) = found[row];
            let to = starts[row] - base..starts[row + 1] - base;
            let from = from as usize..from as usize + to.len();
            // A row without entries may be in no piece at all.
            if let Some(piece) = pieces.get(piece as usize) {
                part[to].copy_from_slice(&piece.entries[from]);
            }
        }
    });
    (starts, all)
}

impl Neighbours {
    /// Rows of sorted neighbours, in parallel; `order` as in [`rows`].
    pub(super) fn by_row(
        n_units: usize,
        order: Option<&[u32]>,
        fill: impl Fn(usize, &mut Vec<u32>) + Sync,
    ) -> Result<Self, NeighboursError> {
        let (starts, targets) = rows(n_units, order, fill)?;
        Ok(Self { starts, targets })
    }

    /// Islands alone.
    pub(super) fn without_links(n_units: usize) -> Self {
        Self { starts: vec![0; n_units + 1], targets: Vec::new() }
    }

    /// From links of a unit to a neighbour: sorted, each once, none to the unit itself.
    pub(super) fn from_links(n_units: usize, links: &[(u32, u32)]) -> Self {
        let mut starts = vec![0; n_units + 1];
        for &(unit, _) in links {
            starts[unit as usize + 1] += 1;
        }
        for unit in 0..n_units {
            starts[unit + 1] += starts[unit];
        }
        Self { starts, targets: links.iter().map(|link| link.1).collect() }
    }

    pub(super) const fn from_parts(starts: Vec<usize>, targets: Vec<u32>) -> Self {
        Self { starts, targets }
    }

    /// Where the links of unit `i` lie among all links.
    pub(super) fn span(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i]..self.starts[i + 1]
    }

    /// From one list per unit; doubles within a list count once.
    ///
    /// # Errors
    ///
    /// [`NeighboursError`] if a list names itself or a unit that does not exist.
    pub fn from_lists<L: AsRef<[usize]>>(lists: &[L]) -> Result<Self, NeighboursError> {
        let n_units = lists.len();
        let mut starts = Vec::with_capacity(n_units + 1);
        let mut targets: Vec<u32> = Vec::new();
        starts.push(0);
        for (unit, list) in lists.iter().enumerate() {
            let mut sorted = list.as_ref().to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            for neighbour in sorted {
                if neighbour >= n_units {
                    return Err(NeighboursError::OutOfRange { unit, neighbour, n_units });
                }
                if neighbour == unit {
                    return Err(NeighboursError::SelfLoop(unit));
                }
                targets
                    .push(u32::try_from(neighbour).expect("fewer than 2^32 units fit in memory"));
            }
            starts.push(targets.len());
        }
        Ok(Self { starts, targets })
    }

    /// Number of units.
    pub fn n_units(&self) -> usize {
        self.starts.len() - 1
    }

    /// Neighbours of unit `i`, sorted.
    pub fn of(&self, i: usize) -> &[u32] {
        &self.targets[self.starts[i]..self.starts[i + 1]]
    }

    /// The same among some units only: those where `keep` is true, renumbered in order.
    ///
    /// # Errors
    ///
    /// [`NeighboursError::Mask`] if `keep` describes another number of units.
    pub fn among(&self, keep: &[bool]) -> Result<Self, NeighboursError> {
        if keep.len() != self.n_units() {
            return Err(NeighboursError::Mask { given: keep.len(), n_units: self.n_units() });
        }
        let mut number = 0;
        let numbers: Vec<u32> = keep
            .iter()
            .map(|&kept| {
                number += u32::from(kept);
                number.wrapping_sub(1)
            })
            .collect();
        let mut starts = vec![0];
        let mut targets = Vec::new();
        for unit in (0..keep.len()).filter(|&unit| keep[unit]) {
            let near = self.of(unit).iter().filter(|&&j| keep[j as usize]);
            targets.extend(near.map(|&j| numbers[j as usize]));
            starts.push(targets.len());
        }
        Ok(Self { starts, targets })
    }

    /// Units without neighbours.
    pub fn islands(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.n_units()).filter(|&i| self.of(i).is_empty())
    }

    /// Number of links from a unit to a neighbour; a pair of neighbours has two.
    pub fn n_links(&self) -> usize {
        self.targets.len()
    }

    /// Whether `j` is a neighbour of `i`.
    pub fn has(&self, i: usize, j: usize) -> bool {
        u32::try_from(j).is_ok_and(|j| self.of(i).binary_search(&j).is_ok())
    }

    /// Two units are neighbours if one of them counts the other (`either`), or only if both do.
    #[must_use]
    pub fn made_symmetric(&self, either: bool) -> Self {
        let n = self.n_units();
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); n];
        for i in 0..n {
            for &j in self.of(i) {
                let back = self.has(j as usize, i);
                if back || either {
                    lists[i].push(j);
                }
                if !back && either {
                    lists[j as usize].push(i as u32);
                }
            }
        }
        let mut starts = vec![0];
        let mut targets = Vec::new();
        for mut list in lists {
            list.sort_unstable();
            targets.extend(list);
            starts.push(targets.len());
        }
        Self { starts, targets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_kept_in_order_and_islands_named() {
        let near = Neighbours::from_lists(&[vec![2, 1, 2], vec![0], vec![0], vec![]]).unwrap();

        assert_eq!(near.of(0), [1, 2]);
        assert_eq!(near.islands().collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn some_units_keep_their_neighbours_among_themselves() {
        let near =
            Neighbours::from_lists(&[vec![1, 3], vec![0, 2], vec![1, 3], vec![0, 2]]).unwrap();

        let some = near.among(&[true, false, true, true]).unwrap();

        assert_eq!(some, Neighbours::from_lists(&[vec![2], vec![2], vec![0, 1]]).unwrap());
        assert!(near.among(&[true]).is_err());
    }

    #[test]
    fn one_sided_neighbours_become_mutual_either_way() {
        let near = Neighbours::from_lists(&[vec![1, 2], vec![0], vec![1]]).unwrap();

        let either = Neighbours::from_lists(&[vec![1, 2], vec![0, 2], vec![0, 1]]).unwrap();
        let both = Neighbours::from_lists(&[vec![1], vec![0], vec![]]).unwrap();
        assert_eq!(near.made_symmetric(true), either);
        assert_eq!(near.made_symmetric(false), both);
    }

    #[test]
    fn impossible_neighbours_are_refused() {
        assert_eq!(
            Neighbours::from_lists(&[vec![3], vec![0]]),
            Err(NeighboursError::OutOfRange { unit: 0, neighbour: 3, n_units: 2 })
        );
        assert_eq!(Neighbours::from_lists(&[vec![0]]), Err(NeighboursError::SelfLoop(0)));
    }
}

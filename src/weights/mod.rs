//! Which units are near which: neighbours and weights, as compressed rows.

mod contiguity;
mod distance;

pub use contiguity::{Contiguity, area_contiguity, cell_contiguity};
pub use distance::{distance_band, nearest};

use thiserror::Error;

/// Neighbours of each unit, itself excluded, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    starts: Vec<usize>,
    targets: Vec<u32>,
}

/// Lists that describe no neighbours.
#[derive(Debug, Error, PartialEq, Eq)]
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
}

impl Neighbours {
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
    fn impossible_neighbours_are_refused() {
        assert_eq!(
            Neighbours::from_lists(&[vec![3], vec![0]]),
            Err(NeighboursError::OutOfRange { unit: 0, neighbour: 3, n_units: 2 })
        );
        assert_eq!(Neighbours::from_lists(&[vec![0]]), Err(NeighboursError::SelfLoop(0)));
    }
}

//! Which units are near which: neighbours and weights, as compressed rows.

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
    fn impossible_neighbours_are_refused() {
        assert_eq!(
            Neighbours::from_lists(&[vec![3], vec![0]]),
            Err(NeighboursError::OutOfRange { unit: 0, neighbour: 3, n_units: 2 })
        );
        assert_eq!(Neighbours::from_lists(&[vec![0]]), Err(NeighboursError::SelfLoop(0)));
    }
}

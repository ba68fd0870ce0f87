//! What statistics of association refuse.

use thiserror::Error;

use crate::stats::Cancelled;
use crate::weights::{NeighboursError, Weights};

/// Why association between neighbours cannot be measured.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum AssociationError {
    /// Values and neighbours do not describe the same units.
    #[error("{values} values for {units} units")]
    Shape {
        /// Length of `values`.
        values: usize,
        /// Units that have neighbours described.
        units: usize,
    },
    /// A value that is not a finite number.
    #[error("the value of unit {0} is not a finite number")]
    NotFinite(usize),
    /// A value below zero where there may be none.
    #[error("the value of unit {0} is below zero, and the general G is of amounts")]
    Negative(usize),
    /// No two values above zero to be near one another.
    #[error("fewer than two units with a neighbour have a value above zero to be near one another")]
    NoAmounts,
    /// Too few units for a spread.
    #[error("{units} units: at least {wanted} are needed for one to stand out")]
    TooFew {
        /// Units there are.
        units: usize,
        /// Units needed.
        wanted: usize,
    },
    /// Every unit has the same value.
    #[error("all {0} units have the same value, so none stands out")]
    NoVariation(usize),
    /// No unit has a neighbour.
    #[error("none of the {0} units has a neighbour")]
    NoNeighbours(usize),
    /// A permutation test without permutations.
    #[error("a permutation test needs at least one permutation")]
    NoPermutations,
    /// Stopped from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The family does not describe the units.
    #[error(transparent)]
    Family(#[from] NeighboursError),
}

/// Values that are finite, of as many units as are described, at least `wanted`, and not all alike.
pub(super) fn check_values(
    values: &[f64],
    units: usize,
    wanted: usize,
) -> Result<(), AssociationError> {
    if values.len() != units {
        return Err(AssociationError::Shape { values: values.len(), units });
    }
    if let Some(unit) = values.iter().position(|x| !x.is_finite()) {
        return Err(AssociationError::NotFinite(unit));
    }
    if units < wanted {
        return Err(AssociationError::TooFew { units, wanted });
    }
    #[expect(clippy::float_cmp, reason = "exact equality is the case in question")]
    if values.iter().all(|&x| x == values[0]) {
        return Err(AssociationError::NoVariation(units));
    }
    Ok(())
}

/// Some unit has a neighbour that counts.
pub(super) fn check_linked(weights: &Weights) -> Result<(), AssociationError> {
    let n = weights.n_units();
    if (0..n).any(|i| weights.sum(i) > 0.0) {
        Ok(())
    } else {
        Err(AssociationError::NoNeighbours(n))
    }
}

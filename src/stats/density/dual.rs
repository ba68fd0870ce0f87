//! Two densities compared: where one is high against the other.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::super::Surface;

/// How two surfaces are compared.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// First over second.
    #[default]
    Ratio,
    /// Natural logarithm of first over second: 0 where they are equal, and even-handed.
    LogRatio,
    /// First less second.
    Difference,
    /// Both together.
    Sum,
}

/// Why two surfaces cannot be compared.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DualError {
    /// Their cells do not lie alike.
    #[error("the two surfaces have cells at different places")]
    Layout,
}

/// Compares two densities cell by cell.
///
/// The ratio of two densities of incidents is the ratio of their intensities: neither is divided by
/// its number of incidents first, so that a ratio of 0.02 against population is 20 per 1,000. Use
/// the same kernel and bandwidth for both, or the rim of each hill shows as a ratio of its own.
///
/// # Shapes and units
///
/// - `first`, `second`: on the same cells, in the same unit.
/// - returns: `[n_rows x n_columns]`; `None` where the second is zero, for the logarithm also where
///   the first is. Ratio and logarithm have no unit; difference and sum have that of the surfaces.
///
/// # Errors
///
/// [`DualError::Layout`] if the cells lie differently.
///
/// # Source
///
/// Bithell (1990), *Statistics in Medicine* 9(6), 691-701,
/// <https://doi.org/10.1002/sim.4780090616>; Kelsall and Diggle (1995), *Bernoulli* 1(1/2), 3-16,
/// <https://doi.org/10.2307/3318678>. `hotspot_dual_kde` of sfhotspot gives infinity where we give
/// `None`.
pub fn dual(
    first: &Surface,
    second: &Surface,
    comparison: Comparison,
) -> Result<Vec<Option<f64>>, DualError> {
    let place = |s: &Surface| (s.origin, s.cell, s.n_columns, s.n_rows);
    if place(first) != place(second) {
        return Err(DualError::Layout);
    }
    let one = |(&a, &b): (&f64, &f64)| match comparison {
        Comparison::Ratio => (b != 0.0).then(|| a / b),
        Comparison::LogRatio => (a > 0.0 && b > 0.0).then(|| (a / b).ln()),
        Comparison::Difference => Some(a - b),
        Comparison::Sum => Some(a + b),
    };
    Ok(first.values.par_iter().zip(&second.values).map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Bng;
    use crate::quantity::Metres;

    fn surface(values: Vec<f64>, n_columns: usize) -> Surface {
        let n_rows = values.len() / n_columns;
        Surface { origin: Bng::new(0.0, 0.0), cell: Metres::new(9.0), n_columns, n_rows, values }
    }

    #[test]
    fn what_cannot_be_divided_is_none() {
        let (a, b) = (surface(vec![2.0, 0.0, 3.0, 0.0], 2), surface(vec![4.0, 1.0, 0.0, 0.0], 2));
        let by = |comparison| dual(&a, &b, comparison).unwrap();

        assert_eq!(by(Comparison::Ratio), [Some(0.5), Some(0.0), None, None]);
        assert_eq!(by(Comparison::LogRatio), [Some(0.5_f64.ln()), None, None, None]);
        assert_eq!(by(Comparison::Difference), [-2.0, -1.0, 3.0, 0.0].map(Some));
        assert_eq!(by(Comparison::Sum), [6.0, 1.0, 3.0, 0.0].map(Some));
    }

    #[test]
    fn swapping_the_surfaces_turns_the_logarithm_round() {
        let (a, b) = (surface(vec![2.0, 5.0], 1), surface(vec![4.0, 1.0], 1));

        let there = dual(&a, &b, Comparison::LogRatio).unwrap();
        let back = dual(&b, &a, Comparison::LogRatio).unwrap();

        for (there, back) in there.iter().zip(back) {
            assert!((there.unwrap() + back.unwrap()).abs() < 1e-15);
        }
    }

    #[test]
    fn surfaces_on_other_cells_are_refused() {
        let (a, b) = (surface(vec![1.0; 4], 2), surface(vec![1.0; 4], 4));

        assert_eq!(dual(&a, &b, Comparison::Ratio), Err(DualError::Layout));
        assert_eq!(dual(&surface(vec![], 1), &surface(vec![], 1), Comparison::Sum), Ok(vec![]));
    }
}

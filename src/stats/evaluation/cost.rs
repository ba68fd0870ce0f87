//! Cost per crime prevented, where anything can be said to have been prevented.

use thiserror::Error;

use super::wdd::Estimate;
use crate::aggregate::{Confidence, Interval};

/// Why there is no cost per crime prevented.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum CostRefusal {
    /// A cost below zero, or none.
    #[error("a cost of {0} cannot be shared out; wanted a number above 0")]
    Cost(f64),
    /// Chance explains the change.
    #[error(
        "between {low:.1} and {high:.1} incidents more: this includes no change, so no cost per crime prevented can be given"
    )]
    IncludesZero {
        /// Lower end of the change.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// More than would have been.
    #[error("between {low:.1} and {high:.1} incidents more: nothing was prevented")]
    NothingPrevented {
        /// Lower end of the change.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// Cost for each incident prevented.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostPerCrime {
    /// Incidents prevented.
    pub prevented: f64,
    /// Cost over incidents prevented.
    pub each: f64,
    /// From the most to the fewest that may have been prevented.
    pub interval: Interval,
}

/// `cost` over the incidents that a change below zero prevented.
///
/// # Errors
///
/// [`CostRefusal`]: refused where the interval of the change holds zero, or lies above it.
pub fn cost_per_crime(
    cost: f64,
    change: Estimate,
    confidence: Confidence,
) -> Result<CostPerCrime, CostRefusal> {
    if !(cost.is_finite() && cost > 0.0) {
        return Err(CostRefusal::Cost(cost));
    }
    let Interval { low, high } = change.interval(confidence);
    if low > 0.0 {
        return Err(CostRefusal::NothingPrevented { low, high });
    }
    if high >= 0.0 {
        return Err(CostRefusal::IncludesZero { low, high });
    }
    Ok(CostPerCrime {
        prevented: -change.value,
        each: cost / -change.value,
        interval: Interval { low: cost / -low, high: cost / -high },
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn cost(value: f64, error: f64) -> Result<CostPerCrime, CostRefusal> {
        cost_per_crime(12_000.0, Estimate { value, error }, Confidence::P95)
    }

    #[test]
    fn a_sure_reduction_has_a_cost_each() {
        let ours = cost(-60.0, 10.0).unwrap();

        assert_relative_eq!(ours.each, 200.0);
        assert_relative_eq!(
            ours.interval.low,
            12_000.0 / 79.599_639_845_400_54,
            max_relative = 1e-9
        );
        assert!(ours.interval.high > ours.each);
    }

    #[test]
    fn what_may_be_no_change_has_none() {
        assert!(matches!(cost(-10.0, 10.0), Err(CostRefusal::IncludesZero { .. })));
        assert!(matches!(cost(0.0, 0.0), Err(CostRefusal::IncludesZero { .. })));
        assert!(matches!(cost(50.0, 10.0), Err(CostRefusal::NothingPrevented { .. })));
        let estimate = Estimate { value: -60.0, error: 1.0 };
        assert_eq!(cost_per_crime(0.0, estimate, Confidence::P95), Err(CostRefusal::Cost(0.0)));
    }
}

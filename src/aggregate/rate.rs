//! Rates over a population, and shares against the whole.

use crate::quantity::{Per1000, Population};

use super::interval::Confidence;
use super::standard::CountInterval;

/// A rate per 1,000 of its base, with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Count over base.
    pub value: Per1000,
    /// Lower end.
    pub low: Per1000,
    /// Upper end.
    pub high: Per1000,
}

/// Incidents per 1,000 residents or households, over the whole window (not a year's rate unless the
/// window is a year), with an exact Poisson interval ([`poisson_interval`](super::poisson_interval)).
///
/// The interval is about chance alone: it takes the base as known and incidents as independent.
/// `None` where the base is not known.
pub fn rate_per_1000(count: u64, base: Option<Population>, confidence: Confidence) -> Option<Rate> {
    rate_by(CountInterval::Exact, count, base, confidence)
}

/// [`rate_per_1000`] with the interval of choice.
pub fn rate_by(
    interval: CountInterval,
    count: u64,
    base: Option<Population>,
    confidence: Confidence,
) -> Option<Rate> {
    let per = 1_000.0 / base?.get();
    let interval = interval.of(count, confidence).scaled(per);
    Some(Rate {
        value: Per1000::new(count as f64 * per),
        low: Per1000::new(interval.low),
        high: Per1000::new(interval.high),
    })
}

/// Location quotient: a unit's share of one kind of incident over the share of all units together.
///
/// ```text
/// LQ_i = (c_i / t_i) / (C / T)
/// ```
///
/// # Shapes and units
///
/// - `counts`, `totals`: `[n_units]`, of the kind in question and of all kinds.
/// - returns: `[n_units]`, 1 = as everywhere; `None` where a unit has no incident of any kind, or
///   nothing of the kind happened anywhere.
pub fn location_quotients(counts: &[u64], totals: &[u64]) -> Vec<Option<f64>> {
    let all = counts.iter().sum::<u64>() as f64 / totals.iter().sum::<u64>() as f64;
    counts
        .iter()
        .zip(totals)
        .map(|(&count, &total)| (total > 0 && all > 0.0).then(|| count as f64 / total as f64 / all))
        .collect()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn no_base_has_no_rate() {
        assert_eq!(rate_per_1000(5, None, Confidence::P95), None);
    }

    #[test]
    fn no_incident_is_a_rate_of_zero_that_may_be_more() {
        let rate = rate_per_1000(0, Population::new(1_200.0), Confidence::P95).unwrap();

        assert_eq!((rate.value.get(), rate.low.get()), (0.0, 0.0));
        assert_relative_eq!(rate.high.get(), 3.074_066_211_761_61, max_relative = 1e-9);
    }

    #[test]
    fn quotients_are_undefined_without_incidents() {
        assert_eq!(location_quotients(&[1, 0, 3], &[2, 0, 6]), [Some(1.0), None, Some(1.0)]);
        assert_eq!(location_quotients(&[0, 0], &[2, 3]), [None, None]);
    }
}

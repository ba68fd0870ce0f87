//! Weighted displacement difference: what an intervention changed, in incidents.

use thiserror::Error;

use crate::aggregate::{Confidence, Interval};
use crate::stats::english::class as say;

/// Incidents before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BeforeAfter {
    /// Before the intervention.
    pub before: u64,
    /// After it.
    pub after: u64,
}

/// What counts are divided by, so that windows of other lengths and areas of other sizes compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WddWeights {
    /// Length before, and after.
    pub times: [f64; 2],
    /// Size of control, treated, control of displacement, and buffer.
    pub areas: [f64; 4],
}

impl Default for WddWeights {
    fn default() -> Self {
        Self { times: [1.0; 2], areas: [1.0; 4] }
    }
}

/// Counts of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WddCounts {
    /// Where nothing was done.
    pub control: BeforeAfter,
    /// Where something was done.
    pub treated: BeforeAfter,
    /// What the buffer is compared with.
    pub displacement_control: BeforeAfter,
    /// The buffer round the treated area, where displacement would show.
    pub buffer: BeforeAfter,
}

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Incidents: below zero is fewer.
    pub value: f64,
    /// Standard error.
    pub error: f64,
}

impl Estimate {
    /// Normal interval.
    pub fn interval(self, confidence: Confidence) -> Interval {
        let reach = confidence.z() * self.error;
        Interval { low: self.value - reach, high: self.value + reach }
    }
}

/// Weighted displacement difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wdd {
    /// Change in the treated area less that in the control area.
    pub local: Estimate,
    /// The same of the buffer: above zero is displacement, below zero diffusion of benefit.
    pub displacement: Estimate,
    /// Both together.
    pub total: Estimate,
    /// Total over its standard error; `None` where that is zero.
    pub z: Option<f64>,
    /// Interval of the total.
    pub interval: Interval,
}

/// Change in the treated area and its buffer, less that in the control areas: incidents gained (above
/// zero) or saved (below).
///
/// ```text
/// local        (T1 - T0) - (C1 - C0)
/// displacement (B1 - B0) - (D1 - D0)
/// variance     Σ count / weight²,   every count divided by its weight = time * area
/// ```
///
/// Counts are taken as Poisson and independent; incidents in series make the interval too narrow. The
/// answer rests on the control area telling what would have happened without the intervention.
///
/// # Shapes and units
///
/// - returns: `None` unless all weights are above zero. The usual interval covers 90%.
///
/// # Source
///
/// Wheeler and Ratcliffe (2018), *Crime Science* 7, 11, <https://doi.org/10.1186/s40163-018-0085-5>.
/// As `ptools::wdd`.
#[doc(alias = "ptools::wdd")]
pub fn wdd(counts: &WddCounts, weights: &WddWeights, confidence: Confidence) -> Option<Wdd> {
    let usable = |x: &f64| x.is_finite() && *x > 0.0;
    if !weights.times.iter().all(usable) || !weights.areas.iter().all(usable) {
        return None;
    }
    // Change of one area, and its variance.
    let change = |of: BeforeAfter, area: f64| {
        let part = |count: u64, time: f64| {
            let weight = time * area;
            (count as f64 / weight, count as f64 / (weight * weight))
        };
        let ((before, v0), (after, v1)) =
            (part(of.before, weights.times[0]), part(of.after, weights.times[1]));
        (after - before, v0 + v1)
    };
    let [control, treated, other, buffer] = [
        (counts.control, weights.areas[0]),
        (counts.treated, weights.areas[1]),
        (counts.displacement_control, weights.areas[2]),
        (counts.buffer, weights.areas[3]),
    ]
    .map(|(of, area)| change(of, area));
    let estimate = |(plus, v1): (f64, f64), (minus, v2): (f64, f64)| Estimate {
        value: plus - minus,
        error: (v1 + v2).sqrt(),
    };
    let (local, displacement) = (estimate(treated, control), estimate(buffer, other));
    let total = Estimate {
        value: local.value + displacement.value,
        error: local.error.hypot(displacement.error),
    };
    Some(Wdd {
        local,
        displacement,
        total,
        z: (total.error > 0.0).then(|| total.value / total.error),
        interval: total.interval(confidence),
    })
}

/// Why there is no displacement quotient.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum WdqRefusal {
    /// The control area has no incident in one of the windows.
    #[error(
        "the control area has no incident {0} the intervention, so nothing can be set against it"
    )]
    EmptyControl(&'static str),
    /// Nothing was gained that could have been displaced.
    #[error(
        "the treated area did no better than the control area (success measure {0:.3}, not below 0): without a gain there is nothing to displace"
    )]
    NoSuccess(f64),
}

/// Weighted displacement quotient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wdq {
    /// Change of treated over control: below zero is success.
    pub success: f64,
    /// Change of buffer over control: above zero is displacement.
    pub buffer: f64,
    /// Buffer over success.
    pub quotient: f64,
}

impl Wdq {
    /// What the quotient says.
    pub fn meaning(&self) -> &'static str {
        match self.quotient {
            q if q > 1.0 => say::DIFFUSION_BEYOND_THE_EFFECT,
            q if q > 0.0 => say::DIFFUSION,
            0.0 => say::NEITHER,
            q if q >= -1.0 => say::DISPLACEMENT,
            _ => say::DISPLACEMENT_BEYOND_THE_GAIN,
        }
    }
}

/// Displacement into the buffer as a multiple of what the treated area gained.
///
/// ```text
/// (B1/C1 - B0/C0) / (T1/C1 - T0/C0)
/// ```
///
/// A ratio of ratios without a standard error: small counts swing it wildly. [`wdd`] says how sure
/// the change is.
///
/// # Errors
///
/// [`WdqRefusal`]: it means nothing where the treated area did no better than the control area.
///
/// # Source
///
/// Bowers and Johnson (2003), *Journal of Quantitative Criminology* 19(3), 275-301,
/// <https://doi.org/10.1023/A:1024909009240>.
pub fn wdq(
    control: BeforeAfter,
    treated: BeforeAfter,
    buffer: BeforeAfter,
) -> Result<Wdq, WdqRefusal> {
    for (count, when) in [(control.before, "before"), (control.after, "after")] {
        if count == 0 {
            return Err(WdqRefusal::EmptyControl(when));
        }
    }
    let measure = |of: BeforeAfter| {
        of.after as f64 / control.after as f64 - of.before as f64 / control.before as f64
    };
    let (success, buffer) = (measure(treated), measure(buffer));
    if success >= 0.0 {
        return Err(WdqRefusal::NoSuccess(success));
    }
    Ok(Wdq { success, buffer, quotient: buffer / success })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn of(before: u64, after: u64) -> BeforeAfter {
        BeforeAfter { before, after }
    }

    fn p90() -> Confidence {
        Confidence::new(0.9).unwrap()
    }

    /// ptools 2.0.0: `wdd(c(20, 20), c(20, 10), c(30, 30), c(30, 20))`.
    #[test]
    fn the_worked_example_agrees_with_ptools() {
        let counts = WddCounts {
            control: of(20, 20),
            treated: of(20, 10),
            displacement_control: of(30, 30),
            buffer: of(30, 20),
        };

        let ours = wdd(&counts, &WddWeights::default(), p90()).unwrap();

        assert_relative_eq!(ours.total.value, -20.0);
        assert_relative_eq!(ours.total.error, 13.416_407_864_998_739, max_relative = 1e-12);
        assert_relative_eq!(ours.interval.low, -42.068_027_137_403_43, max_relative = 1e-9);
        assert_relative_eq!(ours.z.unwrap(), -1.490_711_984_999_859_8, max_relative = 1e-12);
    }

    #[test]
    fn areas_twice_as_large_weigh_half() {
        let counts = WddCounts { control: of(40, 40), treated: of(20, 10), ..WddCounts::default() };
        let weights = WddWeights { areas: [2.0, 1.0, 1.0, 1.0], ..WddWeights::default() };

        let ours = wdd(&counts, &weights, p90()).unwrap();

        assert_relative_eq!(ours.local.error, (30.0_f64 + 80.0 / 4.0).sqrt());
        let none = WddWeights { areas: [0.0; 4], ..WddWeights::default() };
        assert_eq!(wdd(&counts, &none, p90()), None);
    }

    #[test]
    fn the_quotient_is_refused_where_it_means_nothing() {
        assert_eq!(wdq(of(20, 20), of(20, 20), of(5, 5)), Err(WdqRefusal::NoSuccess(0.0)));
        assert_eq!(wdq(of(0, 20), of(20, 2), of(5, 5)), Err(WdqRefusal::EmptyControl("before")));
        assert_eq!(wdq(of(9, 0), of(20, 2), of(5, 5)), Err(WdqRefusal::EmptyControl("after")));
    }

    #[test]
    fn the_quotient_tells_displacement_from_diffusion() {
        let meaning = |buffer| wdq(of(20, 20), of(20, 10), buffer).unwrap().meaning();

        assert_eq!(meaning(of(30, 20)), "diffusion of benefit");
        assert_eq!(meaning(of(30, 5)), "diffusion of benefit greater than the direct effect");
        assert_eq!(meaning(of(30, 34)), "displacement, less than the gain");
        assert_eq!(meaning(of(30, 45)), "displacement greater than the gain");
        assert_eq!(meaning(of(30, 30)), "neither displacement nor diffusion of benefit");
    }

    #[test]
    fn nothing_counted_is_no_difference() {
        let ours = wdd(&WddCounts::default(), &WddWeights::default(), p90()).unwrap();

        assert_eq!((ours.total.value, ours.total.error, ours.z), (0.0, 0.0, None));
    }
}

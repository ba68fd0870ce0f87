//! Change of every unit between two windows, with what many comparisons cost.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::aggregate::{Confidence, Exposed, RateRatio, rate_ratio};
use crate::stats::english::method as say;
use crate::stats::{Adjustment, Alternative, ChangeClass, FEWEST_TO_CALL, adjust};

use super::e_test::e_test_of_difference;

/// Which p-value a change is judged by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeTest {
    /// The E-test.
    #[default]
    ETest,
    /// The exact conditional test, on the safe side for small counts.
    Exact,
}

/// How changes are called.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChangeOptions {
    /// Which p-value.
    pub test: ChangeTest,
    /// Which changes speak against chance: higher or lower, higher alone, lower alone.
    pub alternative: Alternative,
    /// Change that is tested against, in times as many: 1 for none.
    pub null_ratio: f64,
    /// Change that is tested against, in incidents more in a window of the length of the first: 0
    /// for none. Of the E-test alone, and not together with a ratio.
    pub null_difference: f64,
    /// False discovery rate over the units compared.
    pub alpha: f64,
    /// Coverage of every interval.
    pub confidence: f64,
    /// Incidents that both windows must hold for a change to be called.
    pub fewest: u64,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self {
            test: ChangeTest::ETest,
            alternative: Alternative::TwoSided,
            null_ratio: 1.0,
            null_difference: 0.0,
            alpha: 0.05,
            confidence: 0.95,
            fewest: FEWEST_TO_CALL,
        }
    }
}

impl ChangeOptions {
    /// Whether what is tested against can be: a ratio above zero, or a difference by the E-test.
    pub fn tests_one_change(&self) -> bool {
        let by_difference = self.null_difference != 0.0;
        self.null_ratio.is_finite()
            && self.null_ratio > 0.0
            && self.null_difference.is_finite()
            && (!by_difference || (self.test == ChangeTest::ETest && self.changes_nothing()))
    }

    pub(in crate::stats) fn changes_nothing(&self) -> bool {
        (self.null_ratio - 1.0).abs() < f64::EPSILON
    }

    /// What is tested against, in words.
    pub fn in_words(&self) -> String {
        say::change(self)
    }
}

/// Change of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitChange {
    /// Rate now over rate then, with its exact interval and conditional p-value; `None` where both
    /// counts are zero.
    pub ratio: Option<RateRatio>,
    /// p-value of the test chosen; `None` where both counts are zero and no difference is tested.
    pub p: Option<f64>,
    /// Benjamini-Hochberg q-value over the units with enough incidents; `None` for the others.
    pub q: Option<f64>,
    /// Whether that is a change.
    pub class: ChangeClass,
}

/// Change of each unit from one window to another.
///
/// A change is called where the q-value is at most alpha, and only on the side of
/// [`ChangeOptions::null_ratio`] or [`ChangeOptions::null_difference`] that the alternative asks
/// about; units with fewer incidents than
/// [`ChangeOptions::fewest`] in either window are never called one, and are no part of the family.
/// A place picked because it was high will be lower next time by chance alone.
///
/// # Shapes and units
///
/// - `now`, `then`: `[n_units]`, counts; `lengths`: of both windows, in one unit, above zero.
///
/// `None` if the lists differ in length or an option is out of its range.
pub fn unit_changes(
    now: &[u64],
    then: &[u64],
    lengths: (f64, f64),
    options: &ChangeOptions,
) -> Option<Vec<UnitChange>> {
    let confidence = Confidence::new(options.confidence)?;
    let (times, more) = (options.null_ratio, options.null_difference / lengths.0);
    let in_range = options.alpha > 0.0 && options.alpha < 1.0 && options.tests_one_change();
    if now.len() != then.len() || !in_range {
        return None;
    }
    let tested: Vec<(Option<RateRatio>, Option<f64>)> = now
        .par_iter()
        .zip(then)
        .map(|(&now, &then)| {
            let first = Exposed { count: now, exposure: lengths.0 };
            let second = Exposed { count: then, exposure: lengths.1 };
            let ratio = rate_ratio(first, second, confidence);
            // That the first rate is so many times the second: as if it had so much more exposure.
            let under = Exposed { exposure: lengths.0 * times, ..first };
            let p = match options.test {
                ChangeTest::ETest => e_test_of_difference(under, second, more, options.alternative),
                ChangeTest::Exact => {
                    rate_ratio(under, second, confidence).map(|exact| match options.alternative {
                        Alternative::TwoSided => exact.p,
                        Alternative::Greater => exact.p_greater,
                        Alternative::Less => exact.p_less,
                    })
                }
            };
            (ratio, p)
        })
        .collect();
    let enough = |unit: usize| now[unit].min(then[unit]) >= options.fewest;
    let family: Vec<Option<f64>> =
        tested.iter().enumerate().map(|(unit, (_, p))| p.filter(|_| enough(unit))).collect();
    let q = adjust(&family, Adjustment::BenjaminiHochberg);
    Some(
        tested
            .into_iter()
            .zip(q)
            .enumerate()
            .map(|(unit, ((ratio, p), q))| {
                let expected = then[unit] as f64 / lengths.1 * times + more;
                let higher = now[unit] as f64 / lengths.0 > expected;
                let class = match q {
                    None => ChangeClass::TooFewToSay,
                    Some(q) if q > options.alpha => ChangeClass::AsUsual,
                    Some(_) if higher => ChangeClass::Higher,
                    Some(_) => ChangeClass::Lower,
                };
                UnitChange { ratio, p, q, class }
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(now: &[u64], then: &[u64]) -> Vec<UnitChange> {
        unit_changes(now, then, (1.0, 1.0), &ChangeOptions::default()).unwrap()
    }

    #[test]
    fn a_change_must_outdo_the_number_of_units() {
        // z of 2.2 alone: p 0.03.
        let alone = changes(&[122], &[90]);
        let mut now = vec![100; 60];
        now[0] = 122;
        let mut then = vec![100; 60];
        then[0] = 90;

        assert_eq!(alone[0].class, ChangeClass::Higher);
        assert_eq!(changes(&now, &then)[0].class, ChangeClass::AsUsual);
    }

    #[test]
    fn few_incidents_are_never_a_change_and_cost_the_others_nothing() {
        let ours = changes(&[122, 0, 19, 0], &[90, 19, 400, 0]);

        assert_eq!(ours[0].class, ChangeClass::Higher);
        assert!(ours[1..].iter().all(|c| c.class == ChangeClass::TooFewToSay && c.q.is_none()));
        assert_eq!(ours[3].p, None);
    }

    #[test]
    fn a_change_is_called_on_the_side_and_beyond_the_ratio_asked_about() {
        use Alternative::{Greater, Less, TwoSided};
        use ChangeClass::{AsUsual, Higher, Lower};
        let with = |alternative, null_ratio, test| {
            let options =
                ChangeOptions { test, alternative, null_ratio, ..ChangeOptions::default() };
            let found = unit_changes(&[150, 60], &[90, 100], (1.0, 1.0), &options).unwrap();
            [found[0].class, found[1].class]
        };

        for test in [ChangeTest::ETest, ChangeTest::Exact] {
            assert_eq!(with(TwoSided, 1.0, test), [Higher, Lower]);
            assert_eq!(with(Greater, 1.0, test), [Higher, AsUsual]);
            assert_eq!(with(Less, 1.0, test), [AsUsual, Lower]);
            // 150 is 1.67 times 90, and no less than 1.5 times for certain.
            assert_eq!(with(Greater, 1.5, test), [AsUsual, AsUsual]);
            assert_eq!(with(TwoSided, 1.5, test), [AsUsual, Lower]);
        }
    }

    /// 150 is 60 more than 90: more than 20 more, and not more than 50 more.
    #[test]
    fn a_change_is_called_beyond_the_difference_asked_about() {
        let with = |null_difference, lengths| {
            let options = ChangeOptions {
                alternative: Alternative::Greater,
                null_difference,
                ..ChangeOptions::default()
            };
            unit_changes(&[150], &[90], lengths, &options).unwrap()[0].class
        };

        assert_eq!(with(20.0, (1.0, 1.0)), ChangeClass::Higher);
        assert_eq!(with(50.0, (1.0, 1.0)), ChangeClass::AsUsual);
        // In incidents of the first window, however lengths are measured.
        assert_eq!(with(20.0, (12.0, 12.0)), ChangeClass::Higher);
        assert_eq!(with(50.0, (12.0, 12.0)), ChangeClass::AsUsual);
    }

    #[test]
    fn a_difference_is_refused_with_a_ratio_or_another_test() {
        let by_20 = ChangeOptions { null_difference: 20.0, ..ChangeOptions::default() };

        for options in [
            ChangeOptions { null_ratio: 2.0, ..by_20 },
            ChangeOptions { test: ChangeTest::Exact, ..by_20 },
            ChangeOptions { null_difference: f64::INFINITY, ..by_20 },
        ] {
            assert_eq!(unit_changes(&[150], &[90], (1.0, 1.0), &options), None);
        }
        assert!(unit_changes(&[150], &[90], (1.0, 1.0), &by_20).is_some());
    }

    #[test]
    fn windows_of_other_lengths_are_compared_by_rate() {
        let ours = unit_changes(&[120], &[40], (3.0, 1.0), &ChangeOptions::default()).unwrap();

        assert_eq!(ours[0].class, ChangeClass::AsUsual);
        assert_eq!(unit_changes(&[1], &[], (1.0, 1.0), &ChangeOptions::default()), None);
    }
}

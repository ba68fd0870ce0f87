//! From z-scores to p-values, and from many p-values to few findings.
//!
//! A family is every unit that was tested in one map. A unit that could not be tested (`None`) is
//! no part of it.

use serde::{Deserialize, Serialize};

use crate::aggregate::normal_below;

use super::english::method as say;

/// Two-sided p-value of a z-score under the normal distribution, exact into the tails.
pub fn two_sided_p(z: f64) -> f64 {
    2.0 * normal_below(-z.abs())
}

/// Which outcomes speak against chance: the alternative hypothesis.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Alternative {
    /// Higher or lower than chance gives.
    #[default]
    TwoSided,
    /// Higher alone.
    Greater,
    /// Lower alone.
    Less,
}

impl Alternative {
    /// p-value of a z-score under the normal distribution.
    pub fn p(self, z: f64) -> f64 {
        match self {
            Self::TwoSided => two_sided_p(z),
            Self::Greater => normal_below(-z),
            Self::Less => normal_below(z),
        }
    }

    /// In words, for methods and column heads.
    pub const fn in_words(self) -> &'static str {
        say::alternative(self)
    }
}

/// How p-values of one family are made to account for there being many.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Adjustment {
    /// Benjamini and Hochberg: the share of false findings stays below alpha, for tests that are
    /// independent or rise together.
    #[default]
    #[serde(alias = "fdr", alias = "bh")]
    BenjaminiHochberg,
    /// Benjamini and Yekutieli: the same under any dependence, at a price.
    #[serde(alias = "by")]
    BenjaminiYekutieli,
    /// Holm: no false finding at all with probability 1 - alpha.
    Holm,
    /// Bonferroni: as Holm, and never stronger.
    Bonferroni,
    /// None: alpha is for each test on its own, so of many units without any pattern that share is
    /// found.
    None,
}

impl Adjustment {
    /// In words, for methods.
    pub const fn in_words(self) -> &'static str {
        say::adjustment(self)
    }
}

/// Adjusted p-values (q-values under false discovery rate) of one family.
///
/// A unit is a finding where its adjusted value is at most alpha.
///
/// ```text
/// Benjamini-Hochberg:  q_(i) = min over j >= i of m p_(j) / j, at most 1
/// Benjamini-Yekutieli: the same times Σ 1/i
/// Holm:                max over j <= i of (m - j + 1) p_(j), at most 1
/// Bonferroni:          m p, at most 1
/// None:                p
/// ```
///
/// # Shapes and units
///
/// - `p`: `[n_units]`, 0 to 1; `None` where a unit was not tested.
/// - returns: `[n_units]`, `None` where `p` is. m counts the units tested.
///
/// # Source
///
/// Benjamini and Hochberg (1995), *JRSS B* 57(1), 289-300,
/// <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>; Benjamini and Yekutieli (2001), *Annals of
/// Statistics* 29(4), 1165-1188, <https://doi.org/10.1214/aos/1013699998>; for maps, Caldas de
/// Castro and Singer (2006), *Geographical Analysis* 38(2), 180-208,
/// <https://doi.org/10.1111/j.0016-7363.2006.00682.x>.
#[doc(alias = "fdr")]
#[doc(alias = "p.adjust")]
pub fn adjust(p: &[Option<f64>], adjustment: Adjustment) -> Vec<Option<f64>> {
    let sorted = sorted_family(p);
    let m = sorted.len() as f64;
    let mut adjusted = vec![None; p.len()];
    match adjustment {
        Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli => {
            let factor = match adjustment {
                Adjustment::BenjaminiYekutieli => {
                    (1..=sorted.len()).map(|i| 1.0 / i as f64).sum::<f64>()
                }
                _ => 1.0,
            };
            let mut least = 1.0_f64;
            for (rank, &(unit, p)) in sorted.iter().enumerate().rev() {
                least = least.min(factor * m / (rank + 1) as f64 * p);
                adjusted[unit] = Some(least);
            }
        }
        Adjustment::Holm => {
            let mut most = 0.0_f64;
            for (rank, &(unit, p)) in sorted.iter().enumerate() {
                most = most.max((m - rank as f64) * p).min(1.0);
                adjusted[unit] = Some(most);
            }
        }
        Adjustment::Bonferroni => {
            for &(unit, p) in &sorted {
                adjusted[unit] = Some((m * p).min(1.0));
            }
        }
        Adjustment::None => return p.to_vec(),
    }
    adjusted
}

/// Benjamini-Hochberg q-values of one family: see [`adjust`].
pub fn q_values(p: &[Option<f64>]) -> Vec<Option<f64>> {
    adjust(p, Adjustment::BenjaminiHochberg)
}

/// The largest p-value that counts as a finding, as `esda.fdr` gives it: the largest `i alpha / m`
/// whose p-value is smaller still, or `alpha / m` where there is none.
///
/// `None` for an empty family. Unlike the q-value, a p-value equal to its own limit does not count.
pub fn esda_cut_off(p: &[Option<f64>], alpha: f64) -> Option<f64> {
    let sorted = sorted_family(p);
    let m = sorted.len() as f64;
    let limit = |rank: usize| (rank + 1) as f64 * alpha / m;
    let last = sorted.iter().enumerate().rev().find(|(rank, (_, p))| *p < limit(*rank));
    (!sorted.is_empty()).then(|| limit(last.map_or(0, |(rank, _)| rank)))
}

/// Units tested with their p-values, smallest first; ties in order of unit.
fn sorted_family(p: &[Option<f64>]) -> Vec<(usize, f64)> {
    let mut family: Vec<_> =
        p.iter().enumerate().filter_map(|(unit, p)| Some((unit, (*p)?))).collect();
    family.sort_by(|a, b| a.1.total_cmp(&b.1));
    family
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    /// The C library's `erfc(z / sqrt(2))`.
    #[test]
    fn p_values_keep_their_digits_in_the_tails() {
        for (z, p) in [
            (1.959_963_984_540_054, 0.050_000_000_000_000_04),
            (4.0, 6.334_248_366_623_993e-5),
            (8.0, 1.244_192_114_854_363_9e-15),
            (-20.0, 5.507_248_237_212_663e-89),
        ] {
            assert_relative_eq!(two_sided_p(z), p, max_relative = 1e-12);
        }
    }

    #[test]
    fn one_sided_p_values_are_halves_of_the_two_sided() {
        assert_relative_eq!(Alternative::Greater.p(1.3), two_sided_p(1.3) / 2.0);
        assert_relative_eq!(Alternative::Less.p(-1.3), two_sided_p(1.3) / 2.0);
        assert_relative_eq!(Alternative::Less.p(1.3) + Alternative::Greater.p(1.3), 1.0);
        assert_eq!(serde_json::to_value(Alternative::TwoSided).unwrap(), "two-sided");
    }

    #[test]
    fn short_names_of_adjustments_are_understood() {
        let named = |name: &str| serde_json::from_value::<Adjustment>(name.into()).unwrap();

        assert_eq!(named("fdr"), Adjustment::BenjaminiHochberg);
        assert_eq!(named("by"), Adjustment::BenjaminiYekutieli);
        assert_eq!(named("none"), Adjustment::None);
        assert_eq!(adjust(&[Some(0.4), None], Adjustment::None), [Some(0.4), None]);
    }

    #[test]
    fn units_not_tested_do_not_dilute_the_family() {
        let alone = q_values(&[Some(0.01), Some(0.04)]);
        let among = q_values(&[None, Some(0.01), None, Some(0.04), None]);

        assert_eq!(alone, [Some(0.02), Some(0.04)]);
        assert_eq!(among, [None, Some(0.02), None, Some(0.04), None]);
    }

    #[test]
    fn an_empty_family_finds_nothing() {
        assert_eq!(q_values(&[None, None]), [None, None]);
        assert_eq!(esda_cut_off(&[None], 0.05), None);
    }

    proptest! {
        /// A q-value at most alpha is the same as Benjamini and Hochberg's own step-up rule.
        #[test]
        fn q_values_reject_as_the_step_up_rule(
            p in prop::collection::vec(0.0_f64..1.0, 1..60),
            alpha in 0.01_f64..0.5,
        ) {
            let some: Vec<_> = p.iter().copied().map(Some).collect();
            let mut sorted = p.clone();
            sorted.sort_by(f64::total_cmp);
            let m = p.len() as f64;
            let step = (1..=p.len()).rev().find(|&i| sorted[i - 1] <= i as f64 * alpha / m);

            let found = q_values(&some).iter().filter(|q| q.unwrap() <= alpha).count();

            prop_assert_eq!(found, step.unwrap_or(0));
        }

        #[test]
        fn the_order_of_units_does_not_matter(p in prop::collection::vec(0.0_f64..1.0, 1..40)) {
            for rule in [
                Adjustment::BenjaminiHochberg,
                Adjustment::BenjaminiYekutieli,
                Adjustment::Holm,
                Adjustment::Bonferroni,
            ] {
                let some: Vec<_> = p.iter().copied().map(Some).collect();
                let turned: Vec<_> = some.iter().rev().copied().collect();
                let mut back = adjust(&turned, rule);
                back.reverse();
                prop_assert_eq!(adjust(&some, rule), back);
            }
        }
    }
}

//! Proportion change (SPPT): whether the share of incidents that a unit has is another now, whatever
//! the total does.

use crate::stats::{Adjustment, adjust, two_sided_p};

/// Change of one unit's share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionChange {
    /// Share now less share then.
    pub difference: f64,
    /// p-value of equal shares; `None` where neither window has an incident here, or one window has
    /// all of its incidents here.
    pub p: Option<f64>,
    /// Benjamini-Hochberg q-value over the units tested.
    pub q: Option<f64>,
    /// Benjamini-Yekutieli q-value: shares add up to 1, so the tests depend on each other.
    pub q_dependent: Option<f64>,
}

/// Change of the share of each unit, by the chi-square test of its two-by-two table, with Yates's
/// correction for small counts where `yates` asks for it.
///
/// ```text
/// [[c1, c2], [C1 - c1, C2 - c2]]
/// ```
///
/// # Shapes and units
///
/// - `then`, `now`: `[n_units]`, counts.
/// - returns: `None` if the lists differ in length or a window has no incident.
///
/// # Source
///
/// Andresen (2009), *Applied Geography* 29(3), 333-345,
/// <https://doi.org/10.1016/j.apgeog.2008.12.004>, for the question; the test in place of his
/// resampling as Wheeler, Steenbeek and Andresen (2018), *Transactions in GIS* 22(4), 1167-1191,
/// <https://doi.org/10.1111/tgis.12341>.
#[doc(alias = "sppt")]
pub fn proportion_changes(then: &[u64], now: &[u64], yates: bool) -> Option<Vec<ProportionChange>> {
    let (all_then, all_now) = (then.iter().sum::<u64>(), now.iter().sum::<u64>());
    if then.len() != now.len() || all_then == 0 || all_now == 0 {
        return None;
    }
    let (all_then, all_now) = (all_then as f64, all_now as f64);
    let p: Vec<Option<f64>> = then
        .iter()
        .zip(now)
        .map(|(&a, &b)| (a as f64, b as f64))
        .map(|(a, b)| chi_square_p([a, b, all_then - a, all_now - b], yates))
        .collect();
    let q = adjust(&p, Adjustment::BenjaminiHochberg);
    let q_dependent = adjust(&p, Adjustment::BenjaminiYekutieli);
    Some(
        (0..p.len())
            .map(|unit| ProportionChange {
                difference: now[unit] as f64 / all_now - then[unit] as f64 / all_then,
                p: p[unit],
                q: q[unit],
                q_dependent: q_dependent[unit],
            })
            .collect(),
    )
}

/// Similarity of two patterns: the share of units whose share did not change (Andresen's S).
///
/// Units without an incident in either window are left out; `None` if all are.
pub fn similarity(changes: &[ProportionChange], alpha: f64) -> Option<f64> {
    let tested: Vec<f64> = changes.iter().filter_map(|change| change.q_dependent).collect();
    let same = tested.iter().filter(|q| **q > alpha).count();
    (!tested.is_empty()).then(|| same as f64 / tested.len() as f64)
}

/// p-value of the chi-square of a two-by-two table, row by row, one degree of freedom; `None` where a
/// row or column is empty.
fn chi_square_p([a, b, c, d]: [f64; 4], yates: bool) -> Option<f64> {
    let n = a + b + c + d;
    let sides = (a + b) * (c + d) * (a + c) * (b + d);
    if sides == 0.0 {
        return None;
    }
    // The correction is half an incident at most, and no more than the difference itself.
    let difference = (a * d - b * c).abs() / n;
    let corrected = difference - if yates { difference.min(0.5) } else { 0.0 };
    let chi_square = corrected * corrected * n * n * n / sides;
    Some(two_sided_p(chi_square.sqrt()))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// scipy 1.17.1: `chi2_contingency([[12, 25], [88, 75]], correction)`.
    #[test]
    fn a_two_by_two_table_agrees_with_scipy() {
        for (yates, p) in [(true, 0.028_870_355_066_353_03), (false, 0.017_915_660_183_039_62)] {
            let ours = chi_square_p([12.0, 25.0, 88.0, 75.0], yates).unwrap();

            assert_relative_eq!(ours, p, max_relative = 1e-9);
        }
    }

    #[test]
    fn a_total_that_rises_everywhere_is_no_change_of_shares() {
        let ours = proportion_changes(&[10, 40, 50], &[30, 120, 150], true).unwrap();

        assert!(ours.iter().all(|change| change.p == Some(1.0) && change.difference.abs() < 1e-15));
        assert_eq!(similarity(&ours, 0.05), Some(1.0));
    }

    #[test]
    fn a_unit_without_incidents_is_not_tested() {
        let ours = proportion_changes(&[0, 40, 50], &[0, 90, 20], true).unwrap();

        assert_eq!((ours[0].p, ours[0].q), (None, None));
        assert!(ours[1].q_dependent.unwrap() < 0.001);
        assert_eq!(similarity(&ours, 0.05), Some(0.0));
        assert_eq!(proportion_changes(&[0], &[3], true), None);
        assert_eq!(proportion_changes(&[3], &[3], true).unwrap()[0].p, None);
        assert_eq!(proportion_changes(&[], &[], true), None);
    }
}

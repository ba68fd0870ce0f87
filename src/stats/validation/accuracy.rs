//! How well a map told where incidents would be: hit rate, PAI, PEI, RRI.

/// Accuracy of the first so many units of a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Unit that came last into it.
    pub unit: usize,
    /// Incidents in these units.
    pub hits: f64,
    /// Their share of all incidents: the hit rate. `None` where there are none at all.
    pub hit_rate: Option<f64>,
    /// Share of all land.
    pub area_share: f64,
    /// Predictive accuracy index: hit rate over area share.
    pub pai: Option<f64>,
    /// Predictive efficiency index: PAI over the best that so many units could have had.
    pub pei: Option<f64>,
    /// Recapture rate: predicted over observed, both added up; `None` where nothing was observed.
    pub rri: Option<f64>,
    /// Search efficiency rate: incidents per unit of area.
    pub ser: f64,
}

/// Accuracy of a prediction at every length of its list, the most dense units first.
///
/// ```text
/// hit rate = hits / all incidents,   PAI = hit rate / area share
/// PEI = PAI / PAI of the same number of units ranked by what was observed
/// RRI = Σ predicted / Σ observed
/// ```
///
/// Units are ranked by predicted over area. Of units predicted alike, those with fewer incidents come
/// first: a method that cannot tell units apart gets no credit for the order. The best ranking is by
/// observed over area, ties in the order of the prediction.
///
/// Only incidents after those the prediction was made from may be used: a map of the past always
/// hits the past.
///
/// # Shapes and units
///
/// - `predicted`, `observed`, `areas`: `[n_units]`, finite, areas above zero, in any one unit each.
/// - returns: `[n_units]`, `k` units at place `k - 1`; `None` if the lists differ in length or a
///   number is out of range.
///
/// # Source
///
/// PAI: Chainey, Tompson and Uhlig (2008), *Security Journal* 21(1-2), 4-28,
/// <https://doi.org/10.1057/palgrave.sj.8350066>; PEI: Hunt (2016), doctoral thesis, Rutgers; RRI: Levine
/// (2008), *Security Journal* 21(4), 295-302, <https://doi.org/10.1057/palgrave.sj.8350083>; SER:
/// Bowers, Johnson and Pease (2004), *British Journal of Criminology* 44(5), 641-658,
/// <https://doi.org/10.1093/bjc/azh036>. As `ptools::pai`.
#[doc(alias = "pai")]
pub fn accuracy(predicted: &[f64], observed: &[f64], areas: &[f64]) -> Option<Vec<Accuracy>> {
    let density: Vec<f64> = predicted.iter().zip(areas).map(|(p, a)| p / a).collect();
    ranked(&density, predicted, observed, areas)
}

/// As [`accuracy`] of a prediction that is already per area: units of one density tie to the digit.
///
/// - `densities`: `[n_units]`, predicted per area.
pub fn accuracy_of_densities(
    densities: &[f64],
    observed: &[f64],
    areas: &[f64],
) -> Option<Vec<Accuracy>> {
    let predicted: Vec<f64> = densities.iter().zip(areas).map(|(d, a)| d * a).collect();
    ranked(densities, &predicted, observed, areas)
}

fn ranked(
    densities: &[f64],
    predicted: &[f64],
    observed: &[f64],
    areas: &[f64],
) -> Option<Vec<Accuracy>> {
    let n = predicted.len();
    let in_range = densities.len() == n
        && observed.len() == n
        && areas.len() == n
        && areas.iter().all(|a| a.is_finite() && *a > 0.0)
        && predicted.iter().all(|p| p.is_finite())
        && observed.iter().all(|o| o.is_finite() && *o >= 0.0);
    if !in_range {
        return None;
    }
    let density = |values: &[f64], unit: usize| values[unit] / areas[unit];
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        densities[b].total_cmp(&densities[a]).then(observed[a].total_cmp(&observed[b]))
    });
    let mut best = order.clone();
    best.sort_by(|&a, &b| density(observed, b).total_cmp(&density(observed, a)));

    let (all, land): (f64, f64) = (observed.iter().sum(), areas.iter().sum());
    let (mut sums, mut best_sums) = (Sums::default(), Sums::default());
    let mut foreseen = 0.0;
    Some(
        order
            .iter()
            .zip(best)
            .map(|(&unit, best)| {
                sums.add(observed[unit], areas[unit]);
                best_sums.add(observed[best], areas[best]);
                foreseen += predicted[unit];
                let pai = sums.pai(all, land);
                Accuracy {
                    unit,
                    hits: sums.hits,
                    hit_rate: (all > 0.0).then(|| sums.hits / all),
                    area_share: sums.area / land,
                    pai,
                    pei: pai
                        .zip(best_sums.pai(all, land))
                        .filter(|(_, best)| *best > 0.0)
                        .map(|(pai, best)| pai / best),
                    rri: (sums.hits > 0.0).then(|| foreseen / sums.hits),
                    ser: sums.hits / sums.area,
                }
            })
            .collect(),
    )
}

#[derive(Default)]
struct Sums {
    hits: f64,
    area: f64,
}

impl Sums {
    fn add(&mut self, hits: f64, area: f64) {
        self.hits += hits;
        self.area += area;
    }

    fn pai(&self, all: f64, land: f64) -> Option<f64> {
        (all > 0.0).then(|| (self.hits / all) / (self.area / land))
    }
}

/// Accuracy of as many units as fit into this share of the land.
///
/// The share covered is at most `coverage`; [`Accuracy::area_share`] says how much it is. `None`
/// where not even one unit fits.
pub fn at_coverage(ranking: &[Accuracy], coverage: f64) -> Option<Accuracy> {
    let within = ranking.partition_point(|k| k.area_share <= coverage * (1.0 + 1e-9));
    within.checked_sub(1).map(|last| ranking[last])
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    /// Three incidents on an area that three times itself, over itself, is not three.
    #[test]
    fn densities_that_are_equal_tie_whatever_the_areas() {
        let areas: Vec<f64> = (1..200).map(|i| 1.0 + f64::from(i) / 7.0).collect();
        let observed: Vec<f64> = (1..200).map(|i| f64::from(i * 31 % 17)).collect();

        let ranking = accuracy_of_densities(&[3.0; 199], &observed, &areas).unwrap();

        assert!(ranking.windows(2).all(|k| observed[k[0].unit] <= observed[k[1].unit]));
    }

    #[test]
    fn a_perfect_map_is_as_efficient_as_can_be() {
        let observed = [1.0, 9.0, 0.0, 4.0];

        let ranking = accuracy(&observed, &observed, &[1.0; 4]).unwrap();

        assert_eq!(ranking.iter().map(|k| k.unit).collect::<Vec<_>>(), [1, 3, 0, 2]);
        assert_relative_eq!(ranking[0].pai.unwrap(), (9.0 / 14.0) / 0.25);
        assert!(ranking.iter().all(|k| (k.pei.unwrap() - 1.0).abs() < 1e-12));
        assert!(ranking.iter().all(|k| (k.rri.unwrap() - 1.0).abs() < 1e-12));
    }

    #[test]
    fn what_is_predicted_alike_gets_the_worst_order() {
        let ranking = accuracy(&[1.0; 3], &[5.0, 0.0, 2.0], &[1.0; 3]).unwrap();

        assert_eq!(ranking.iter().map(|k| k.hits).collect::<Vec<_>>(), [0.0, 2.0, 7.0]);
        assert_eq!(ranking[0].rri, None);
    }

    #[test]
    fn coverage_takes_what_fits_and_no_more() {
        let ranking = accuracy(&[3.0, 2.0, 1.0, 0.5], &[1.0; 4], &[1.0; 4]).unwrap();

        assert_eq!(at_coverage(&ranking, 0.1), None);
        assert_relative_eq!(at_coverage(&ranking, 0.5).unwrap().hits, 2.0);
        assert_relative_eq!(at_coverage(&ranking, 0.7).unwrap().area_share, 0.5);
    }

    #[test]
    fn no_incidents_have_no_hit_rate() {
        let ranking = accuracy(&[1.0, 2.0], &[0.0, 0.0], &[1.0, 1.0]).unwrap();

        assert_eq!((ranking[0].hit_rate, ranking[0].pai, ranking[0].pei), (None, None, None));
        assert_eq!(accuracy(&[1.0], &[1.0], &[0.0]), None);
        assert_eq!(accuracy(&[f64::NAN], &[1.0], &[1.0]), None);
        assert_eq!(accuracy(&[], &[], &[]), Some(vec![]));
    }

    proptest! {
        #[test]
        fn no_map_beats_the_best_of_equal_units(
            rows in prop::collection::vec((0_u8..20, 0_u8..9), 1..30),
        ) {
            let predicted: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
            let observed: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();

            for k in accuracy(&predicted, &observed, &vec![2.0; rows.len()]).unwrap() {
                prop_assert!(k.pei.is_none_or(|pei| (0.0..=1.0 + 1e-12).contains(&pei)));
            }
        }
    }
}

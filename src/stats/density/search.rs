//! Bandwidth by search: the one that foretells incidents it has not seen.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::index::PointIndex;
use crate::quantity::Metres;
use crate::units::shares_inside;

use super::{KdeError, Kernel, Layout, kde};

/// Incidents that the likelihood is taken over at most; of more, every so many-th.
const MOST_ASKED: usize = 5_000;

/// How well one bandwidth foretells each incident from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likelihood {
    /// Bandwidth tried.
    pub bandwidth: Metres,
    /// Mean natural logarithm of the density at each incident without those at its own place; `None`
    /// where for some there is none.
    pub mean_log: Option<f64>,
    /// Incidents without any other in reach.
    pub alone: usize,
}

/// The likelihood of each candidate bandwidth, leaving out one place at a time.
///
/// ```text
/// L(h) = 1/m Σ_i ln( Σ_{j: p_j ≠ p_i} K(|p_i - p_j| / h) / (n - n_i) )
/// ```
///
/// All incidents at a place (`n_i` of them) are left out together: leaving out one of many at a snap
/// point would always call for the smallest bandwidth. The highest likelihood is the choice.
///
/// # Shapes and units
///
/// - returns: one per candidate, in their order; over every so many-th incident where there are more
///   than 5,000.
///
/// # Errors
///
/// [`KdeError`] if a candidate is not above zero or a position is not finite.
///
/// # Source
///
/// Habbema, Hermans and van den Broek (1974), *Compstat 1974*, 101-110; Duin (1976), *IEEE
/// Transactions on Computers* C-25(11), 1175-1179, <https://doi.org/10.1109/TC.1976.1674577>.
pub fn likelihoods(
    points: &[Bng],
    kernel: Kernel,
    candidates: &[Metres],
) -> Result<Vec<Likelihood>, KdeError> {
    let widest = candidates.iter().map(|h| h.get()).fold(0.0, f64::max);
    for &candidate in candidates {
        super::kde::check(points, None, candidate)?;
    }
    let index = PointIndex::for_radius(points, Metres::new(kernel.reach(widest)));
    let asked: Vec<Bng> =
        points.iter().copied().step_by(points.len().div_ceil(MOST_ASKED).max(1)).collect();
    let score = |&bandwidth: &Metres| {
        let reach = kernel.reach(bandwidth.get());
        let per_reach2 = 1.0 / (reach * reach);
        let log_at = |place: &Bng| {
            let (mut sum, mut others) = (0.0, points.len());
            index.each_within(*place, reach, |_, d2| {
                if d2 > 0.0 {
                    sum += kernel.height(d2 * per_reach2);
                } else {
                    others -= 1;
                }
            });
            (sum > 0.0).then(|| (sum * kernel.peak(bandwidth) / others as f64).ln())
        };
        let logs: Vec<Option<f64>> = asked.par_iter().map(log_at).collect();
        let alone = logs.iter().filter(|log| log.is_none()).count();
        let sum: Option<f64> = logs.iter().copied().sum();
        let mean_log = sum.filter(|_| !asked.is_empty()).map(|sum| sum / asked.len() as f64);
        Likelihood { bandwidth, mean_log, alone }
    };
    Ok(candidates.iter().map(score).collect())
}

/// How well a density of earlier incidents foretells later ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldOut {
    /// Bandwidth tried.
    pub bandwidth: Metres,
    /// Share of the later incidents that fall into the densest cells.
    pub hit_rate: f64,
    /// Share of the study area that those cells are.
    pub area_share: f64,
    /// Prediction accuracy index: the first over the second.
    pub pai: f64,
}

/// The prediction accuracy index of each candidate bandwidth: the densest cells of `earlier` that
/// make up `area_share` of the study area, and how many of `later` fall into them.
///
/// Cells count with their area inside; the last cell that fits into the share is the last taken. Of
/// equally dense cells those further south, then further west go first.
///
/// # Shapes and units
///
/// - `area_share`: 0 to 1.
/// - returns: one per candidate, in their order; empty where no later incident lies in the study
///   area or no cell fits into the share.
///
/// # Errors
///
/// [`KdeError`] as [`kde`].
///
/// # Source
///
/// Chainey, Tompson and Uhlig (2008), *Security Journal* 21(1-2), 4-28,
/// <https://doi.org/10.1057/palgrave.sj.8350066>.
pub fn held_out(
    [earlier, later]: [&[Bng]; 2],
    kernel: Kernel,
    candidates: &[Metres],
    layout: Layout,
    study_area: &Shape,
    area_share: f64,
) -> Result<Vec<HeldOut>, KdeError> {
    let (n_columns, n_rows) = (layout.n_columns, layout.n_rows);
    let shares = shares_inside(study_area, layout.origin, layout.cell, n_columns, n_rows);
    let whole: f64 = shares.iter().sum();
    let mut hits = vec![0_u32; shares.len()];
    for point in later {
        let (x, y) = layout.local(*point);
        let (column, row) = ((x / layout.cell.get()).floor(), (y / layout.cell.get()).floor());
        if column >= 0.0 && row >= 0.0 && column < n_columns as f64 && row < n_rows as f64 {
            hits[row as usize * n_columns + column as usize] += 1;
        }
    }
    let inside: Vec<usize> = (0..shares.len()).filter(|&i| shares[i] > 0.0).collect();
    let n_later: u32 = inside.iter().map(|&i| hits[i]).sum();
    let mut found = Vec::new();
    for &bandwidth in candidates {
        let density = kde(earlier, None, kernel, bandwidth, layout)?.values;
        let mut order = inside.clone();
        order.par_sort_by(|&a, &b| density[b].total_cmp(&density[a]).then(a.cmp(&b)));
        let (mut area, mut hit) = (0.0, 0);
        for cell in order {
            if area + shares[cell] > area_share * whole {
                break;
            }
            area += shares[cell];
            hit += hits[cell];
        }
        if area > 0.0 && n_later > 0 {
            let (hit_rate, area_share) = (f64::from(hit) / f64::from(n_later), area / whole);
            found.push(HeldOut { bandwidth, hit_rate, area_share, pai: hit_rate / area_share });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use geo::{MultiPolygon, Rect, coord};

    use super::*;
    use crate::stats::density_at;

    fn candidates() -> Vec<Metres> {
        [10.0, 40.0, 120.0, 400.0, 1500.0].map(Metres::new).to_vec()
    }

    /// Nine towns of 30 incidents each, every incident at a place of its own.
    fn towns(shift: f64) -> Vec<Bng> {
        (0..270_u32)
            .map(|i| {
                let town = (f64::from(i % 3) * 2000.0, f64::from(i / 3 % 3) * 2000.0);
                let angle = f64::from(i) * 2.4 + shift;
                let radius = 12.0 * f64::from(i / 9 + 1).sqrt() + shift;
                Bng::new(town.0 + radius * angle.cos(), town.1 + radius * angle.sin())
            })
            .collect()
    }

    #[test]
    fn the_likelihood_is_that_of_the_definition() {
        let mut at = towns(0.0);
        at.push(at[5]);
        let h = Metres::new(400.0);

        let ours = likelihoods(&at, Kernel::Quartic, &[h]).unwrap()[0];

        let logs = (0..at.len()).map(|i| {
            let others: Vec<Bng> = at.iter().copied().filter(|p| *p != at[i]).collect();
            let density = density_at(&others, None, Kernel::Quartic, h, &[at[i]]).unwrap()[0];
            (density / others.len() as f64).ln()
        });
        assert_relative_eq!(
            ours.mean_log.unwrap(),
            logs.sum::<f64>() / at.len() as f64,
            max_relative = 1e-12
        );
        assert_eq!(ours.alone, 0);
    }

    #[test]
    fn the_likeliest_bandwidth_is_neither_the_smallest_nor_the_largest() {
        let all = likelihoods(&towns(0.0), Kernel::Quartic, &candidates()).unwrap();

        let best = all
            .iter()
            .filter_map(|l| l.mean_log.map(|log| (log, l.bandwidth.get())))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap();
        assert!(best.1 > 10.0 && best.1 < 1500.0, "{}", best.1);
        assert!(all[0].alone > 0 && all[0].mean_log.is_none());
    }

    #[test]
    fn incidents_at_one_place_foretell_nothing() {
        let all = likelihoods(&[Bng::new(1.0, 1.0); 20], Kernel::Quartic, &candidates()).unwrap();

        assert!(all.iter().all(|l| l.mean_log.is_none() && l.alone == 20));
        assert!(likelihoods(&[], Kernel::Quartic, &candidates()).unwrap()[0].mean_log.is_none());
        assert!(likelihoods(&[], Kernel::Quartic, &[Metres::new(0.0)]).is_err());
    }

    #[test]
    fn later_incidents_are_foretold_better_near_earlier_ones() {
        let rect = Rect::new(coord! { x: -500.0, y: -500.0 }, coord! { x: 4500.0, y: 4500.0 });
        let study = Shape::new(MultiPolygon::new(vec![rect.to_polygon()]));
        let layout = Layout {
            origin: Bng::new(-500.0, -500.0),
            cell: Metres::new(100.0),
            n_columns: 50,
            n_rows: 50,
        };
        let (before, after) = (towns(0.0), towns(3.0));
        let h = [Metres::new(150.0), Metres::new(5000.0)];

        let all = held_out([&before, &after], Kernel::Quartic, &h, layout, &study, 0.02).unwrap();

        assert_relative_eq!(all[0].area_share, 0.02);
        assert!(all[0].hit_rate > 0.9, "{:?}", all[0]);
        assert!(all[1].pai < 0.5 * all[0].pai);
        assert_relative_eq!(all[0].pai, all[0].hit_rate / 0.02);
        assert_eq!(held_out([&before, &[]], Kernel::Quartic, &h, layout, &study, 0.1), Ok(vec![]));
    }
}

//! Change points: when the level of a series became another.

use serde::{Deserialize, Serialize};

use crate::aggregate::{Confidence, Exposed, RateRatio, rate_ratio};

/// Periods at most; every start is weighed against every end.
pub const MOST_PERIODS: usize = 20_000;

/// How changes of level are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChangePointOptions {
    /// Periods of one level, at least.
    pub shortest: usize,
    /// What one change must explain, in twice the log-likelihood; 3 ln(n) where not given, that of a
    /// level and a place among n periods, half as strict again as BIC.
    pub penalty: Option<f64>,
    /// How many times as much counts vary as Poisson counts; the penalty is multiplied by it.
    pub dispersion: f64,
}

impl Default for ChangePointOptions {
    fn default() -> Self {
        Self { shortest: 3, penalty: None, dispersion: 1.0 }
    }
}

/// Periods of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// First period.
    pub start: usize,
    /// Last period, included.
    pub end: usize,
    /// Incidents.
    pub count: u64,
    /// Incidents per unit of exposure.
    pub rate: f64,
    /// Rate over that of the level before, with its interval: flattered by having been picked.
    pub change: Option<RateRatio>,
}

/// The levels that explain a series best at a price for each change: exactly, by dynamic programming
/// over every start and end (what PELT finds too, quicker on series far longer than these).
///
/// ```text
/// cost of a level = 2 (S ln(E/S) + S),   S its count, E its exposure (constant parts left out)
/// least of Σ cost + penalty * dispersion * (levels - 1)
/// ```
///
/// # Shapes and units
///
/// - `counts`, `exposures`: `[n_periods]`; exposures (days of each month) above zero.
/// - returns: levels in order; one where nothing changed. `None` if the lists differ in length, are
///   empty or longer than [`MOST_PERIODS`], or an exposure or option is out of range.
///
/// # Source
///
/// Jackson and others (2005), *IEEE Signal Processing Letters* 12(2), 105-108,
/// <https://doi.org/10.1109/LSP.2001.838216>; PELT: Killick, Fearnhead and Eckley (2012), *JASA*
/// 107(500), 1590-1598, <https://doi.org/10.1080/01621459.2012.737745>.
#[doc(alias = "PELT")]
#[doc(alias = "cpt.mean")]
pub fn change_points(
    counts: &[u64],
    exposures: &[f64],
    options: &ChangePointOptions,
) -> Option<Vec<Level>> {
    let n = counts.len();
    let usable = |x: f64| x.is_finite() && x > 0.0;
    let in_range = n > 0
        && n <= MOST_PERIODS
        && exposures.len() == n
        && exposures.iter().all(|&e| usable(e))
        && usable(options.dispersion)
        && options.penalty.is_none_or(usable);
    if !in_range {
        return None;
    }
    let mut sums = vec![(0.0, 0.0)];
    for (count, exposure) in counts.iter().zip(exposures) {
        let (c, e) = sums[sums.len() - 1];
        sums.push((c + *count as f64, e + exposure));
    }
    let cost = |start: usize, end: usize| {
        let (count, exposure) = (sums[end].0 - sums[start].0, sums[end].1 - sums[start].1);
        if count > 0.0 { 2.0 * count * (1.0 + (exposure / count).ln()) } else { 0.0 }
    };
    let shortest = options.shortest.max(1);
    let penalty = options.penalty.unwrap_or(3.0 * (n as f64).ln()) * options.dispersion;

    let mut best = vec![f64::INFINITY; n + 1];
    best[0] = -penalty;
    // A series too short to split is one level.
    let mut last = vec![0; n + 1];
    for end in shortest..=n {
        for start in (0..=end - shortest).filter(|&start| start == 0 || start >= shortest) {
            let total = best[start] + cost(start, end) + penalty;
            if total < best[end] {
                best[end] = total;
                last[end] = start;
            }
        }
    }
    let mut edges = vec![n];
    while edges[edges.len() - 1] > 0 {
        edges.push(last[edges[edges.len() - 1]]);
    }
    edges.reverse();
    Some(levels(&edges, &sums))
}

fn levels(edges: &[usize], sums: &[(f64, f64)]) -> Vec<Level> {
    let exposed = |start: usize, end: usize| Exposed {
        count: (sums[end].0 - sums[start].0) as u64,
        exposure: sums[end].1 - sums[start].1,
    };
    let mut before: Option<Exposed> = None;
    edges
        .windows(2)
        .map(|edge| {
            let this = exposed(edge[0], edge[1]);
            let change = before.and_then(|before| rate_ratio(this, before, Confidence::P95));
            before = Some(this);
            Level {
                start: edge[0],
                end: edge[1] - 1,
                count: this.count,
                rate: this.count as f64 / this.exposure,
                change,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::stats::random::{poisson, stream};

    use super::*;

    fn starts(counts: &[u64]) -> Vec<usize> {
        let exposures = vec![1.0; counts.len()];
        let levels = change_points(counts, &exposures, &ChangePointOptions::default()).unwrap();
        levels.iter().map(|level| level.start).collect()
    }

    #[test]
    fn a_change_of_level_is_found_where_it_is() {
        let counts: Vec<u64> =
            (0..36).map(|m| if (15..20).contains(&m) { 40 } else { 90 } + m % 3).collect();

        assert_eq!(starts(&counts), [0, 15, 20]);
    }

    #[test]
    fn longer_months_are_no_change() {
        let counts = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(|d| d * 20);
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(f64::from);

        let levels = change_points(&counts, &days, &ChangePointOptions::default()).unwrap();

        assert_eq!(levels.len(), 1);
        assert!((levels[0].rate - 20.0).abs() < 1e-12);
    }

    #[test]
    fn chance_alone_seldom_makes_a_change() {
        let found = (0..200)
            .filter(|&series| {
                let mut rng = stream(21, series);
                let counts: Vec<u64> = (0..48).map(|_| poisson(&mut rng, 30.0)).collect();
                starts(&counts).len() > 1
            })
            .count();

        assert!(found <= 20, "{found} of 200");
    }

    #[test]
    fn what_cannot_be_split_is_one_level_or_refused() {
        let default = ChangePointOptions::default();
        assert_eq!(starts(&[5]), [0]);
        assert_eq!(starts(&[0; 12]), [0]);
        assert_eq!(starts(&[1, 900]), [0]);
        assert_eq!(change_points(&[], &[], &default), None);
        assert_eq!(change_points(&[1], &[0.0], &default), None);
        assert_eq!(change_points(&[1, 2], &[1.0], &default), None);
    }

    proptest! {
        /// Against every way to split a short series.
        #[test]
        fn no_other_split_is_cheaper(counts in prop::collection::vec(0_u64..60, 1..12)) {
            let n = counts.len();
            let cost = |start: usize, end: usize| {
                let s = counts[start..end].iter().sum::<u64>() as f64;
                if s > 0.0 { 2.0 * s * (1.0 + ((end - start) as f64 / s).ln()) } else { 0.0 }
            };
            let options =
                ChangePointOptions { shortest: 2, penalty: Some(4.0), ..Default::default() };
            let total = |edges: &[usize]| {
                edges.windows(2).map(|e| cost(e[0], e[1]) + 4.0).sum::<f64>()
            };
            let least = (0..1_u32 << (n - 1))
                .map(|splits| {
                    let mut edges: Vec<usize> =
                        (1..n).filter(|i| splits >> (i - 1) & 1 == 1).collect();
                    edges.insert(0, 0);
                    edges.push(n);
                    edges
                })
                .filter(|edges| edges.len() == 2 || edges.windows(2).all(|e| e[1] - e[0] >= 2))
                .map(|edges| total(&edges))
                .fold(f64::INFINITY, f64::min);

            let ours = change_points(&counts, &vec![1.0; n], &options).unwrap();
            let mut edges: Vec<usize> = ours.iter().map(|level| level.start).collect();
            edges.push(n);

            prop_assert!((total(&edges) - least).abs() < 1e-9, "{edges:?}");
        }
    }
}

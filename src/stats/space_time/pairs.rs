//! Pairs of incidents that are near each other: what every test of nearness in space and time walks.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::Metres;

/// How distance is measured.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// As the crow flies.
    #[default]
    Euclidean,
    /// East-west plus north-south, as along a street grid.
    Manhattan,
}

impl Metric {
    /// Distance between two positions, m.
    pub fn between(self, a: Bng, b: Bng) -> f64 {
        let (dx, dy) = (a.easting() - b.easting(), a.northing() - b.northing());
        match self {
            Self::Euclidean => (dx * dx + dy * dy).sqrt(),
            Self::Manhattan => dx.abs() + dy.abs(),
        }
    }
}

/// Calls `found` for every unordered pair within `reach` metres (its edge included), and gathers what
/// it gives: pairs in order of their first incident, then as the index holds them, at any number of
/// threads.
pub(super) fn near_pairs<T: Send>(
    positions: &[Bng],
    reach: f64,
    metric: Metric,
    found: impl Fn(u32, u32, f64) -> Option<T> + Sync,
) -> Vec<T> {
    if reach.is_nan() || reach < 0.0 {
        return Vec::new();
    }
    let index = PointIndex::for_radius(positions, Metres::new(reach));
    // A hair more is asked for: the index compares squares, and roots decide here.
    let radius = reach * (1.0 + 1e-12) + 1e-9;
    let chunks: Vec<Vec<T>> = (0..positions.len())
        .into_par_iter()
        .with_min_len(256)
        .map(|i| {
            let mut mine = Vec::new();
            index.each_within(positions[i], radius, |j, _| {
                if j > i {
                    let distance = metric.between(positions[i], positions[j]);
                    if distance <= reach {
                        mine.extend(found(i as u32, j as u32, distance));
                    }
                }
            });
            mine
        })
        .collect();
    chunks.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slowly(positions: &[Bng], reach: f64, metric: Metric) -> Vec<(u32, u32)> {
        let n = positions.len() as u32;
        (0..n)
            .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
            .filter(|&(i, j)| metric.between(positions[i as usize], positions[j as usize]) <= reach)
            .collect()
    }

    proptest! {
        #[test]
        fn every_near_pair_is_found_once(
            points in prop::collection::vec((0_u16..400, 0_u16..90), 0..60),
            reach in 0_u16..120,
        ) {
            let positions: Vec<Bng> = points
                .into_iter()
                .map(|(x, y)| Bng::new(f64::from(x) * 0.5, 1e6 + f64::from(y) * 0.5))
                .collect();
            for metric in [Metric::Euclidean, Metric::Manhattan] {
                let reach = f64::from(reach) * 0.5;
                let mut found =
                    near_pairs(&positions, reach, metric, |i, j, _| Some((i, j)));
                found.sort_unstable();
                prop_assert_eq!(found, slowly(&positions, reach, metric));
            }
        }
    }

    #[test]
    fn no_incidents_have_no_pairs() {
        assert!(near_pairs(&[], 10.0, Metric::Euclidean, |i, j, _| Some((i, j))).is_empty());
    }
}

//! Nearest neighbour hierarchical clusters: incidents nearer to each other than chance would leave
//! them, then clusters of those clusters.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::aggregate::normal_quantile;
use crate::crs::Bng;
use crate::index::PointIndex;
use crate::quantity::{Metres, SquareMetres};

use super::{ClusterError, check};

/// Settings of the clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nnh {
    /// Incidents that a first-order cluster needs.
    pub least_points: usize,
    /// Clusters that a cluster of a higher order needs.
    pub least_clusters: usize,
    /// Chance that two incidents are this near by chance: the threshold is the lower end of the
    /// one-sided interval about the mean distance that chance leaves; 0.5 is that mean.
    pub probability: f64,
    /// A threshold for the first order, instead of the one from the probability.
    pub threshold: Option<Metres>,
}

impl Default for Nnh {
    /// Those of `CrimeStat`: ten incidents, an even chance.
    fn default() -> Self {
        Self { least_points: 10, least_clusters: 4, probability: 0.5, threshold: None }
    }
}

/// One cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct NnhCluster {
    /// 1 for a cluster of incidents, 2 for one of such clusters, and so on.
    pub order: usize,
    /// Incidents in it, sorted.
    pub points: Vec<usize>,
    /// Clusters of the order below that it is made of, as their places in the list; empty for the
    /// first order.
    pub clusters: Vec<usize>,
    /// Mean of the incidents' positions, or of the clusters' centres.
    pub centre: Bng,
    /// Distance within which its members lie of its seed.
    pub threshold: Metres,
}

/// Nearest neighbour hierarchical clusters.
///
/// ```text
/// threshold = 0.5 √(A / n) + z_p 0.26136 √(A / n²)
/// ```
///
/// The incident with most others within the threshold is a seed; it and they are a cluster, and are
/// taken out; and so on while a seed has enough. Centres of clusters are then clustered in the same
/// way, with the threshold for their number, until no cluster is found. Of seeds with equally many
/// others the first in the list is taken.
///
/// The hierarchy and its thresholds are those `CrimeStat` describes; how ties are broken, and the
/// least number of clusters for the higher orders, are our choice, as its description leaves them
/// open.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`, finite; `area`: of the study area.
/// - returns: first-order clusters in the order they were found, then those of each higher order.
///
/// # Errors
///
/// [`ClusterError`] if the area or the threshold given is not above zero, or a least number is below
/// 2. A probability so small that the threshold is below zero gives no clusters.
///
/// # Source
///
/// Levine (2015), *`CrimeStat`: A Spatial Statistics Program for the Analysis of Crime Incident
/// Locations* (version 4.02), chapter 7.
pub fn nearest_neighbour_hierarchy(
    points: &[Bng],
    area: SquareMetres,
    settings: &Nnh,
) -> Result<Vec<NnhCluster>, ClusterError> {
    check(points)?;
    if !(area.get().is_finite() && area.get() > 0.0) {
        return Err(ClusterError::Area(area));
    }
    for (what, found) in
        [("least points", settings.least_points), ("least clusters", settings.least_clusters)]
    {
        if found < 2 {
            return Err(ClusterError::Least { what, found, wanted: 2 });
        }
    }
    let by_chance = |n: usize| {
        let n = n as f64;
        let z = normal_quantile(settings.probability);
        0.5 * (area.get() / n).sqrt() + z * 0.261_36 * area.get().sqrt() / n
    };
    let first = match settings.threshold {
        Some(given) if !(given.get().is_finite() && given.get() > 0.0) => {
            return Err(ClusterError::Radius(given));
        }
        Some(given) => given.get(),
        None => by_chance(points.len().max(1)),
    };
    let mut found: Vec<NnhCluster> = Vec::new();
    let mut threshold = first;
    let mut order = 1;
    // Which of `found` the clusters of the order below are.
    let mut below = 0..0;
    loop {
        let centres: Vec<Bng> = found[below.clone()].iter().map(|cluster| cluster.centre).collect();
        let (places, least) = match order {
            1 => (points, settings.least_points),
            _ => (centres.as_slice(), settings.least_clusters),
        };
        let start = found.len();
        for members in seeded(places, threshold, least) {
            let centre = mean(members.iter().map(|&i| places[i]));
            let (inner, clusters) = if order == 1 {
                (members, Vec::new())
            } else {
                let clusters: Vec<usize> = members.iter().map(|i| below.start + i).collect();
                let mut inner: Vec<usize> =
                    clusters.iter().flat_map(|&c| found[c].points.iter().copied()).collect();
                inner.sort_unstable();
                (inner, clusters)
            };
            let threshold = Metres::new(threshold);
            found.push(NnhCluster { order, points: inner, clusters, centre, threshold });
        }
        below = start..found.len();
        if below.len() < settings.least_clusters {
            return Ok(found);
        }
        order += 1;
        threshold = by_chance(below.len());
    }
}

/// Clusters about the places with most others within `threshold`, one after the other.
fn seeded(places: &[Bng], threshold: f64, least: usize) -> Vec<Vec<usize>> {
    if threshold.is_nan() || threshold < 0.0 {
        return Vec::new();
    }
    let index = PointIndex::for_radius(places, Metres::new(threshold));
    let count = |place: &Bng| {
        let mut n = 0_usize;
        index.each_within(*place, threshold, |_, _| n += 1);
        n
    };
    let mut counts: Vec<usize> = places.par_iter().map(count).collect();
    let mut free = vec![true; places.len()];
    let mut seeds: BinaryHeap<(usize, Reverse<usize>)> =
        counts.iter().enumerate().map(|(i, &n)| (n, Reverse(i))).collect();
    let mut clusters = Vec::new();
    while let Some((n, Reverse(seed))) = seeds.pop() {
        if n < least {
            break;
        }
        if !free[seed] {
            continue;
        }
        // Counts have gone down since: it takes its turn again with what it has now.
        if n > counts[seed] {
            seeds.push((counts[seed], Reverse(seed)));
            continue;
        }
        let mut members = index.within(places[seed], Metres::new(threshold));
        members.retain(|&i| free[i]);
        for &member in &members {
            free[member] = false;
        }
        for &member in &members {
            index.each_within(places[member], threshold, |i, _| counts[i] -= 1);
        }
        clusters.push(members);
    }
    clusters
}

fn mean(places: impl Iterator<Item = Bng>) -> Bng {
    let (mut x, mut y, mut n) = (0.0, 0.0, 0.0);
    for place in places {
        x += place.easting();
        y += place.northing();
        n += 1.0;
    }
    Bng::new(x / n, y / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` points 1 m apart along a line.
    fn row(n: usize, x: f64, y: f64) -> impl Iterator<Item = Bng> {
        (0..n).map(move |i| Bng::new(x + i as f64, y))
    }

    fn settings(threshold: f64) -> Nnh {
        Nnh {
            least_points: 3,
            least_clusters: 2,
            threshold: Some(Metres::new(threshold)),
            ..Nnh::default()
        }
    }

    #[test]
    fn the_place_with_most_others_is_the_first_seed() {
        // Five in a row: with a threshold of 2 only the middle one reaches all.
        let mut points: Vec<Bng> = row(5, 0.0, 0.0).collect();
        points.extend(row(3, 500.0, 0.0));
        points.push(Bng::new(250.0, 0.0));

        let found =
            nearest_neighbour_hierarchy(&points, SquareMetres::new(1e6), &settings(2.0)).unwrap();

        assert_eq!(found[0].points, [0, 1, 2, 3, 4]);
        assert_eq!(found[1].points, [5, 6, 7]);
        assert_eq!(found[0].centre, Bng::new(2.0, 0.0));
        // Two clusters are nearer than chance: 0.5 √(1e6 / 2) = 353 m, and they are 499 m apart.
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn clusters_of_clusters_hold_their_incidents() {
        let mut points: Vec<Bng> = row(3, 0.0, 0.0).collect();
        points.extend(row(3, 100.0, 0.0));
        points.extend(row(3, 900.0, 900.0));

        let found =
            nearest_neighbour_hierarchy(&points, SquareMetres::new(1e6), &settings(2.0)).unwrap();

        assert_eq!(found.len(), 4);
        assert_eq!((found[3].order, found[3].clusters.clone()), (2, vec![0, 1]));
        assert_eq!(found[3].points, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_smaller_probability_asks_for_nearer_incidents() {
        // 200 pairs, a metre apart.
        let points: Vec<Bng> = (0..200_u32)
            .flat_map(|i| row(2, f64::from(i * 7919 % 1009), f64::from(i * 104_729 % 997)))
            .collect();
        let area = SquareMetres::new(1e6);
        let with = |probability| {
            let settings = Nnh { least_points: 2, probability, ..Nnh::default() };
            nearest_neighbour_hierarchy(&points, area, &settings).unwrap()
        };

        let (even, rare) = (with(0.5), with(0.001));

        // 0.5 √(1e6 / 400), and 3.09 standard errors of 0.26136 √1e6 / 400 less.
        assert!((even[0].threshold.get() - 25.0).abs() < 1e-9);
        assert!((rare[0].threshold.get() - (25.0 - 3.090_232 * 0.6534)).abs() < 1e-4);
    }

    #[test]
    fn no_incident_is_in_two_clusters() {
        let points: Vec<Bng> = (0..500_u32)
            .map(|i| Bng::new(f64::from(i * i % 307), f64::from(i * 104_729 % 311)))
            .collect();
        let area = SquareMetres::new(307.0 * 311.0);
        let least = Nnh { least_points: 4, ..Nnh::default() };

        let found = nearest_neighbour_hierarchy(&points, area, &least).unwrap();

        let first: Vec<&NnhCluster> = found.iter().filter(|c| c.order == 1).collect();
        let mut all: Vec<usize> = first.iter().flat_map(|c| c.points.clone()).collect();
        let n = all.len();
        all.sort_unstable();
        all.dedup();
        assert!(!first.is_empty() && all.len() == n);
        assert!(first.iter().all(|c| c.points.len() >= 4));
        assert!(first.windows(2).all(|pair| pair[0].points.len() >= pair[1].points.len()));
    }

    #[test]
    fn awkward_inputs_are_answered_or_refused() {
        let area = SquareMetres::new(1e6);
        let of =
            |points: &[Bng], settings: &Nnh| nearest_neighbour_hierarchy(points, area, settings);
        let same = [Bng::new(1.0, 1.0); 10];

        assert_eq!(of(&[], &Nnh::default()), Ok(vec![]));
        assert_eq!(of(&same[..1], &Nnh::default()), Ok(vec![]));
        assert_eq!(of(&same, &Nnh::default()).unwrap()[0].points.len(), 10);
        assert!(of(&same, &settings(0.0)).is_err());
        assert!(of(&same, &Nnh { least_points: 1, ..Nnh::default() }).is_err());
        let none = nearest_neighbour_hierarchy(&same, SquareMetres::new(0.0), &Nnh::default());
        assert!(matches!(none, Err(ClusterError::Area(_))));
    }
}

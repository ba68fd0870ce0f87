//! How many incidents share their place: what snap points and addresses do to distances.

use std::collections::HashMap;

use crate::crs::Bng;
use crate::stats::english::note as say;

/// Share of incidents at shared places from which on positions are taken for snap points or addresses,
/// and distances say little about the incidents: the one rule of every statistic.
pub const SHARED_PLACES: f64 = 0.1;

/// How many incidents share their place with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeats {
    /// Incidents.
    pub n_points: usize,
    /// Places they stand at.
    pub n_places: usize,
    /// Incidents that are not alone at their place.
    pub n_sharing: usize,
}

impl Repeats {
    /// Counts places that are the same to the last digit.
    pub fn of(points: &[Bng]) -> Self {
        let mut at: HashMap<(u64, u64), usize> = HashMap::new();
        for point in points {
            // Adding zero makes one of the two zeros.
            let bits = |x: f64| (x + 0.0).to_bits();
            *at.entry((bits(point.easting()), bits(point.northing()))).or_default() += 1;
        }
        let n_sharing = at.values().filter(|&&n| n > 1).sum();
        Self { n_points: points.len(), n_places: at.len(), n_sharing }
    }

    /// Share of incidents that are not alone at their place, 0 to 1.
    pub fn share(self) -> f64 {
        self.n_sharing as f64 / self.n_points.max(1) as f64
    }

    /// Whether so many share a place that positions are taken for snap points or addresses.
    pub fn is_many(self) -> bool {
        self.share() >= SHARED_PLACES
    }

    /// A warning where so many share a place that distances between incidents say little.
    pub fn warning(self) -> Option<String> {
        self.is_many().then(|| say::distances_say_little(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incidents_at_one_place_are_counted() {
        let at = |x: f64| Bng::new(x, 1.0);

        let repeats = Repeats::of(&[at(1.0), at(2.0), at(1.0), at(0.0), at(-0.0)]);

        assert_eq!(repeats, Repeats { n_points: 5, n_places: 3, n_sharing: 4 });
        assert!(repeats.warning().unwrap().starts_with("4 of 5 incidents"));
    }

    #[test]
    fn places_of_their_own_are_no_repeats() {
        let points: Vec<Bng> = (0..30).map(|i| Bng::new(f64::from(i), 0.0)).collect();

        assert_eq!(Repeats::of(&points).warning(), None);
        assert_eq!(Repeats::of(&[]).warning(), None);
    }
}

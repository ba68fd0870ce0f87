//! Repeat locations: the positions with most incidents.

use std::collections::HashMap;

use crate::crs::Bng;

/// One position and the incidents at it.
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatLocation {
    /// Where it is.
    pub at: Bng,
    /// Incidents at it, sorted.
    pub points: Vec<usize>,
    /// Its incidents, or the sum of their weights.
    pub count: f64,
    /// Its share of all, 0 to 1.
    pub share: f64,
    /// Share of all at this location and those before it.
    pub cumulative_share: f64,
}

/// Positions with at least `least` incidents, the one with most first; of equal ones, that of the
/// first incident in the list.
///
/// Positions are the same if they are so to the last digit, as addresses and snap points are.
///
/// # Shapes and units
///
/// - `points`: `[n_points]`; `weights`: `[n_points]`, or `None` for 1 each; `least` counts
///   incidents, whatever they weigh.
/// - returns: locations by falling count; shares are of the sum over all incidents. Incidents whose
///   position is not finite are at no location, but count in that sum.
pub fn repeat_locations(
    points: &[Bng],
    weights: Option<&[f64]>,
    least: usize,
) -> Vec<RepeatLocation> {
    let weight = |i: usize| weights.and_then(|w| w.get(i).copied()).unwrap_or(1.0);
    let mut at: HashMap<(u64, u64), Vec<usize>> = HashMap::new();
    for (i, point) in points.iter().enumerate() {
        if point.easting().is_finite() && point.northing().is_finite() {
            // Adding zero makes one of the two zeros.
            let bits = |x: f64| (x + 0.0).to_bits();
            at.entry((bits(point.easting()), bits(point.northing()))).or_default().push(i);
        }
    }
    let total: f64 = (0..points.len()).map(weight).sum();
    let mut found: Vec<(f64, Vec<usize>)> = at
        .into_values()
        .filter(|members| members.len() >= least)
        .map(|members| (members.iter().map(|&i| weight(i)).sum(), members))
        .collect();
    found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1[0].cmp(&b.1[0])));
    let share = |count: f64| if total > 0.0 { count / total } else { 0.0 };
    let mut so_far = 0.0;
    found
        .into_iter()
        .map(|(count, members)| {
            so_far += count;
            RepeatLocation {
                at: points[members[0]],
                points: members,
                count,
                share: share(count),
                cumulative_share: share(so_far),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64) -> Bng {
        Bng::new(x, 7.0)
    }

    #[test]
    fn locations_come_by_their_count() {
        let points = [at(1.0), at(2.0), at(2.0), at(3.0), at(3.0), at(2.0), at(f64::NAN), at(9.0)];

        let found = repeat_locations(&points, None, 2);

        assert_eq!(found.len(), 2);
        assert_eq!((found[0].at, found[0].points.clone()), (at(2.0), vec![1, 2, 5]));
        assert_eq!((found[1].count, found[1].share), (2.0, 0.25));
        assert!((found[1].cumulative_share - 5.0 / 8.0).abs() < 1e-12);
    }

    #[test]
    fn weights_order_but_do_not_count_incidents() {
        let points = [at(1.0), at(1.0), at(2.0), at(2.0), at(3.0)];

        let found = repeat_locations(&points, Some(&[1.0, 1.0, 5.0, 5.0, 99.0]), 2);

        assert_eq!(found.iter().map(|l| l.at).collect::<Vec<_>>(), [at(2.0), at(1.0)]);
        assert!(repeat_locations(&[], None, 1).is_empty());
        assert!(repeat_locations(&points, Some(&[0.0; 5]), 1)[0].share <= 0.0);
    }
}

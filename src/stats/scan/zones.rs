//! Candidate zones of a scan: round each centre, ever larger circles or ellipses of the units nearest
//! to it.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::crs::Bng;

/// Marks the entry that a zone may end with.
const ENDS: u32 = 1 << 31;

/// Shapes of zones.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// Circles.
    #[default]
    Circles,
    /// Circles, and ellipses 1.5 to 5 times as long as wide, turned about; one s times as long as wide
    /// scores less, by the root of 4s/(s + 1)², as `SaTScan` has it by default.
    Ellipses,
}

/// What happens to units at the same distance from a centre.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// They join a zone together, as a circle has them (`SaTScan`).
    #[default]
    Together,
    /// They join one by one, in the order of the units (`SpatialEpi`).
    OneByOne,
}

/// Lengths of ellipses over their widths, and how many ways each is turned (`SaTScan`).
const ELLIPSES: [(f64, u32); 5] = [(1.5, 4), (2.0, 6), (3.0, 9), (4.0, 12), (5.0, 15)];

/// One centre and shape: units from the nearest on, a zone being the first few.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nest {
    pub centre: u32,
    /// Length over width, 1 for circles.
    pub stretch: f64,
    /// Angle of the longer axis, radians anticlockwise from east.
    pub angle: f64,
    /// Units with [`ENDS`] where a zone may end.
    entries: Vec<u32>,
}

impl Nest {
    /// Units in order of distance, and whether a zone may end with each.
    pub fn units(&self) -> impl Iterator<Item = (usize, bool)> + '_ {
        self.entries.iter().map(|&entry| ((entry & !ENDS) as usize, entry & ENDS != 0))
    }
}

/// How zones are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ZoneRule {
    pub window: Window,
    pub ties: Ties,
    /// Share of the whole weight that a zone may hold.
    pub largest: f64,
}

/// Every zone, by centre and shape.
///
/// A zone grows while the weight in it stays within the largest share of all weight. Centres are the
/// units themselves, those without weight too.
pub(super) fn zones(centres: &[Bng], weights: &[f64], rule: ZoneRule) -> Vec<Nest> {
    let limit = rule.largest * weights.iter().sum::<f64>();
    let shapes: Vec<(f64, f64)> = std::iter::once((1.0, 0.0))
        .chain(match rule.window {
            Window::Circles => Vec::new(),
            Window::Ellipses => ELLIPSES
                .iter()
                .flat_map(|&(stretch, turns)| {
                    (0..turns).map(move |turn| {
                        (stretch, std::f64::consts::PI * f64::from(turn) / f64::from(turns))
                    })
                })
                .collect(),
        })
        .collect();
    let nests = |centre: usize| -> Vec<Nest> {
        shapes
            .iter()
            .map(|&(stretch, angle)| {
                let entries = nest(centre, centres, weights, limit, (stretch, angle), rule.ties);
                Nest { centre: centre as u32, stretch, angle, entries }
            })
            .collect()
    };
    (0..centres.len()).into_par_iter().flat_map_iter(nests).collect()
}

fn nest(
    centre: usize,
    centres: &[Bng],
    weights: &[f64],
    limit: f64,
    (stretch, angle): (f64, f64),
    ties: Ties,
) -> Vec<u32> {
    let at = centres[centre];
    let (sin, cos) = angle.sin_cos();
    let mut order: Vec<(f64, u32)> = centres
        .iter()
        .zip(0..)
        .map(|(other, unit)| {
            let (dx, dy) = (other.easting() - at.easting(), other.northing() - at.northing());
            let (along, across) = (dx * cos + dy * sin, (dy * cos - dx * sin) * stretch);
            (along * along + across * across, unit)
        })
        .collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut within = 0.0;
    let mut entries = Vec::new();
    let mut last_end = 0;
    for (place, &(distance, unit)) in order.iter().enumerate() {
        within += weights[unit as usize];
        // Rounding must not keep out a zone that holds the share exactly.
        if within > limit * (1.0 + 1e-12) {
            break;
        }
        let tied = order.get(place + 1).is_some_and(|next| same_distance(distance, next.0));
        let ends = ties == Ties::OneByOne || !tied;
        entries.push(if ends { unit | ENDS } else { unit });
        if ends {
            last_end = entries.len();
        }
    }
    // Units tied with one that no longer fits stay out with it.
    entries.truncate(last_end);
    entries
}

/// Whether two squared distances are the same but for rounding.
fn same_distance(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.max(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(ties: Ties, largest: f64) -> ZoneRule {
        ZoneRule { window: Window::Circles, ties, largest }
    }

    fn square() -> Vec<Bng> {
        [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0)].map(|(x, y)| Bng::new(x, y)).to_vec()
    }

    #[test]
    fn units_at_one_distance_join_together_or_one_by_one() {
        let ends = |ties| -> Vec<usize> {
            let nests = zones(&square(), &[1.0; 4], rule(ties, 1.0));
            let mut sizes = Vec::new();
            for (place, (_, ends)) in nests[0].units().enumerate() {
                if ends {
                    sizes.push(place + 1);
                }
            }
            sizes
        };

        assert_eq!(ends(Ties::Together), [1, 3, 4]);
        assert_eq!(ends(Ties::OneByOne), [1, 2, 3, 4]);
    }

    #[test]
    fn a_zone_stops_at_the_largest_share_ties_included() {
        let sizes = |ties| {
            zones(&square(), &[1.0; 4], rule(ties, 0.5))
                .iter()
                .map(|nest| nest.units().count())
                .collect::<Vec<_>>()
        };

        assert_eq!(sizes(Ties::OneByOne), [2, 2, 2, 2]);
        // Both neighbours of a corner are at one distance: only one would fit.
        assert_eq!(sizes(Ties::Together), [1, 1, 1, 1]);
    }

    #[test]
    fn an_ellipse_reaches_further_along_its_axis() {
        let row: Vec<Bng> =
            [(0.0, 0.0), (14.0, 0.0), (0.0, 10.0)].map(|(x, y)| Bng::new(x, y)).to_vec();
        let rule = ZoneRule { window: Window::Ellipses, ties: Ties::Together, largest: 1.0 };

        let nests = zones(&row, &[1.0; 3], rule);

        let second = |nest: &Nest| nest.units().nth(1).map(|u| u.0);
        let circle = nests.iter().find(|n| n.centre == 0 && n.stretch < 1.2).unwrap();
        let along =
            nests.iter().find(|n| n.centre == 0 && (n.stretch - 2.0).abs() < 0.1 && n.angle == 0.0);
        assert_eq!(second(circle), Some(2));
        assert_eq!(second(along.unwrap()), Some(1));
        assert_eq!(nests.len(), 3 * (1 + 4 + 6 + 9 + 12 + 15));
    }
}

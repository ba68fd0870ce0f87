//! Which area of one layer each area of a finer one lies in, and which are cut.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::AreaLayer;

/// Part of an area that may lie elsewhere: outlines are drawn more or less finely.
const ELSEWHERE: f64 = 0.1;
/// Part of an area that may lie beyond all of the coarser ones: some outlines hold the sea as far as
/// low water, or a river, and others end at the bank.
const BEYOND: f64 = 0.5;

/// How the areas of one layer lie in those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nesting {
    /// `[areas of the finer layer]`: index of the area that holds all but a tenth of the ground that
    /// the coarser layer has of it, at least half of its own; `None` where it lies in several or in
    /// none.
    pub of: Vec<Option<usize>>,
    /// Areas that hold more than a tenth of a finer one that lies in none: nothing known of whole finer
    /// areas can be added up for them.
    pub cutting: BTreeSet<usize>,
    /// How many finer areas lie in one although more than a tenth of their ground is beyond all.
    pub beyond: usize,
}

/// How the areas of `fine` lie in those of `coarse`, by ground. What lies beyond all of `coarse` cuts
/// none.
pub fn nesting(fine: &AreaLayer, coarse: &AreaLayer) -> Nesting {
    let rooms: Vec<_> = coarse.areas.iter().map(|area| area.shape.bounds()).collect();
    let parts: Vec<Vec<(usize, f64)>> = fine
        .areas
        .par_iter()
        .map(|area| {
            let (Some(bounds), ground) = (area.shape.bounds(), area.shape.area().get()) else {
                return Vec::new();
            };
            let near = rooms.iter().enumerate().filter(|(_, room)| {
                room.is_some_and(|room| {
                    room.min.easting() < bounds.max.easting()
                        && bounds.min.easting() < room.max.easting()
                        && room.min.northing() < bounds.max.northing()
                        && bounds.min.northing() < room.max.northing()
                })
            });
            let part =
                |i: usize| area.shape.intersection(&coarse.areas[i].shape).area().get() / ground;
            near.map(|(i, _)| (i, part(i))).collect()
        })
        .collect();
    let mut found =
        Nesting { of: Vec::with_capacity(parts.len()), cutting: BTreeSet::new(), beyond: 0 };
    for parts in parts {
        let held: f64 = parts.iter().map(|(_, part)| part).sum();
        let one = parts.iter().find(|(_, part)| *part >= (1.0 - ELSEWHERE) * held);
        let of = one.filter(|_| held >= 1.0 - BEYOND).map(|(i, _)| *i);
        if of.is_none() {
            found
                .cutting
                .extend(parts.iter().filter(|(_, part)| *part > ELSEWHERE).map(|(i, _)| i));
        }
        found.beyond += usize::from(of.is_some() && held < 1.0 - ELSEWHERE);
        found.of.push(of);
    }
    found
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, Rect, coord};

    use super::*;
    use crate::geometry::Shape;
    use crate::units::Area;

    fn layer(strips: &[(f64, f64)]) -> AreaLayer {
        let area = |&(from, to): &(f64, f64)| Area {
            code: format!("{from}"),
            name: String::new(),
            shape: Shape::new(MultiPolygon::new(vec![
                Rect::new(coord! { x: from, y: 0.0 }, coord! { x: to, y: 10.0 }).to_polygon(),
            ])),
            residents: None,
            households: None,
            workday: None,
        };
        AreaLayer {
            kind: "strip".into(),
            edition: String::new(),
            areas: strips.iter().map(area).collect(),
        }
    }

    #[test]
    fn an_area_lies_in_one_or_is_cut() {
        let coarse = layer(&[(0.0, 100.0), (100.0, 200.0), (200.0, 300.0), (300.0, 400.0)]);
        // Inside; a sliver over the border; cut in two; far away.
        let fine = layer(&[(10.0, 20.0), (99.5, 109.5), (196.0, 206.0), (500.0, 510.0)]);

        let found = nesting(&fine, &coarse);

        assert_eq!(found.of, [Some(0), Some(1), None, None]);
        assert_eq!((found.cutting, found.beyond), (BTreeSet::from([1, 2]), 0));
    }

    #[test]
    fn ground_beyond_all_cuts_no_area_unless_most_lies_there() {
        let coarse = layer(&[(0.0, 100.0), (100.0, 200.0)]);
        // A third in the sea; most of it beyond; a neighbour's that is drawn across; cut, and beyond.
        let (coast, beyond) = ((170.0, 215.0), (195.0, 210.0));
        let fine = layer(&[coast, beyond, (199.5, 209.5), (60.0, 140.0)]);

        let found = nesting(&fine, &coarse);

        assert_eq!(found.of, [Some(1), None, None, None]);
        assert_eq!((found.cutting, found.beyond), (BTreeSet::from([0, 1]), 1));
        assert_eq!(nesting(&layer(&[beyond]), &coarse).cutting, BTreeSet::from([1]));
    }
}

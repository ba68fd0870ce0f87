//! Which area of one layer each area of a finer one lies in, and which are cut.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::AreaLayer;

/// Part of an area that may lie elsewhere: outlines are drawn more or less finely.
const ELSEWHERE: f64 = 0.1;

/// How the areas of one layer lie in those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nesting {
    /// `[areas of the finer layer]`: index of the area that it lies in, but for a tenth of its
    /// ground; `None` where it lies in several or in none.
    pub of: Vec<Option<usize>>,
    /// Areas that hold more than a tenth, and less than nine, of a finer one: nothing known of whole
    /// finer areas can be added up for them.
    pub cutting: BTreeSet<usize>,
}

/// How the areas of `fine` lie in those of `coarse`, by ground.
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
            let parts = near.map(|(i, _)| {
                (i, area.shape.intersection(&coarse.areas[i].shape).area().get() / ground)
            });
            parts.filter(|(_, share)| *share > ELSEWHERE).collect()
        })
        .collect();
    let within = |parts: &Vec<(usize, f64)>| match parts.as_slice() {
        [(i, share)] if *share >= 1.0 - ELSEWHERE => Some(*i),
        _ => None,
    };
    let of: Vec<Option<usize>> = parts.iter().map(within).collect();
    let cut = parts.iter().zip(&of).filter(|(_, of)| of.is_none());
    let cutting = cut.flat_map(|(parts, _)| parts.iter().map(|(i, _)| *i)).collect();
    Nesting { of, cutting }
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
        // Inside; a sliver over the border; cut in two; far away; partly beyond all.
        let fine =
            layer(&[(10.0, 20.0), (99.5, 109.5), (196.0, 206.0), (500.0, 510.0), (395.0, 405.0)]);

        let found = nesting(&fine, &coarse);

        assert_eq!(found.of, [Some(0), Some(1), None, None, None]);
        assert_eq!(found.cutting, BTreeSet::from([1, 2, 3]));
    }
}

//! An outline that follows incidents inwards, through narrow mouths too.

use std::collections::BinaryHeap;

use delaunator::{EMPTY, Point, next_halfedge, prev_halfedge, triangulate};

use crate::crs::Bng;

/// An edge of the outline is dug behind where it is longer than this many times the median edge of
/// the triangulation: incidents twice as sparse as usual still hang together, gaps do not.
const LONG: f64 = 3.0;

/// The chi shape of `points`: a simple polygon that holds them all. `None` where they span no area.
///
/// Starts from the convex hull and takes away the triangle behind the longest edge as long as that
/// edge is longer than [`LONG`] times the median edge of the Delaunay triangulation, and no point is
/// left out. Unlike the concave hull of Park and Oh (2012), it gets past a mouth that is narrower than
/// what lies behind it.
///
/// # Source
///
/// Duckham, Kulik, Worboys and Galton (2008), *Pattern Recognition* 41(10), 3224-3236,
/// <https://doi.org/10.1016/j.patcog.2008.03.023>; the length is set by the median edge instead of a
/// share of the longest, which a single far incident would move.
pub(super) fn chi_shape(points: &[Bng]) -> Option<geo::Polygon<f64>> {
    let mut corners: Vec<(f64, f64)> = points.iter().map(|p| (p.easting(), p.northing())).collect();
    // Each position once and in an order of their own: the same shape, however they are listed.
    corners.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    corners.dedup();
    let corners: Vec<Point> = corners.into_iter().map(|(x, y)| Point { x, y }).collect();
    let mesh = triangulate(&corners);
    let from = |edge: usize| mesh.triangles[edge];
    let to = |edge: usize| mesh.triangles[next_halfedge(edge)];
    let length = |edge: usize| {
        let (a, b) = (&corners[from(edge)], &corners[to(edge)]);
        (a.x - b.x).hypot(a.y - b.y)
    };
    // An edge inside is there twice, once for each of its triangles.
    let once = |edge: &usize| mesh.halfedges[*edge] == EMPTY || *edge < mesh.halfedges[*edge];
    let mut lengths: Vec<f64> = (0..mesh.triangles.len()).filter(once).map(length).collect();
    if lengths.is_empty() {
        return None;
    }
    let middle = lengths.len() / 2;
    let longest = LONG * *lengths.select_nth_unstable_by(middle, f64::total_cmp).1;

    // Lengths are not negative, and such numbers are in the order of their bits.
    let entry = |edge: usize| (length(edge).to_bits(), edge);
    let mut onto: Vec<Option<usize>> = vec![None; corners.len()];
    let mut outer = BinaryHeap::new();
    for edge in (0..mesh.triangles.len()).filter(|edge| mesh.halfedges[*edge] == EMPTY) {
        onto[from(edge)] = Some(to(edge));
        outer.push(entry(edge));
    }
    while let Some((bits, edge)) = outer.pop() {
        if f64::from_bits(bits) <= longest {
            break;
        }
        let behind = from(prev_halfedge(edge));
        // A corner of the outline already: without this triangle it would be met twice.
        if onto[behind].is_some() {
            continue;
        }
        onto[from(edge)] = Some(behind);
        onto[behind] = Some(to(edge));
        for side in [next_halfedge(edge), prev_halfedge(edge)] {
            outer.push(entry(mesh.halfedges[side]));
        }
    }

    let first = onto.iter().position(Option::is_some)?;
    let ring: Vec<(f64, f64)> =
        std::iter::successors(Some(first), |&at| onto[at].filter(|&next| next != first))
            .map(|at| (corners[at].x, corners[at].y))
            .collect();
    Some(geo::Polygon::new(ring.into(), vec![]))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use geo::{Area as _, Intersects as _, Validation as _};

    use super::*;

    /// A square of 21 by 21 points, 10 m apart, far from the origin; those that `keep` keeps.
    fn lattice(keep: impl Fn(i32, i32) -> bool) -> Vec<Bng> {
        let all = (0..441).map(|i| (i % 21, i / 21)).filter(|&(x, y)| keep(x, y));
        all.map(|(x, y)| Bng::new(444_000.0 + 10.0 * f64::from(x), 520_000.0 + 10.0 * f64::from(y)))
            .collect()
    }

    #[test]
    fn a_room_behind_a_narrow_mouth_is_left_out() {
        // A room of 160 by 160 m, with a way in 40 m wide through its southern wall.
        let room = |x, y| (3..=17).contains(&x) && (3..=17).contains(&y);
        let mouth = |x, y| (9..=11).contains(&x) && y < 3;
        let points = lattice(|x, y| !room(x, y) && !mouth(x, y));

        let shape = chi_shape(&points).unwrap();

        // All the ground between the points, and at most what edges up to 30 m close along the walls.
        let walls = 200.0 * 200.0 - 160.0 * 160.0 - 40.0 * 20.0;
        assert!((walls..1.2 * walls).contains(&shape.unsigned_area()));
        for (x, y) in (50..=150).flat_map(|x| (50..=150).map(move |y| (x, y))) {
            let at = geo::Point::new(444_000.0 + f64::from(x), 520_000.0 + f64::from(y));
            assert!(!shape.intersects(&at), "{x}, {y} is 30 m or more from every wall");
        }
        assert!(shape.is_valid());
        let out = points
            .iter()
            .filter(|p| !shape.intersects(&geo::Point::new(p.easting(), p.northing())));
        assert_eq!(out.count(), 0);
    }

    #[test]
    fn an_even_square_is_its_own_hull_and_order_does_not_matter() {
        let points = lattice(|_, _| true);
        let reversed: Vec<Bng> = points.iter().rev().copied().collect();

        for points in [&points, &reversed] {
            assert_relative_eq!(chi_shape(points).unwrap().unsigned_area(), 40_000.0);
        }
    }

    #[test]
    fn points_without_an_area_have_no_shape() {
        let line = lattice(|x, y| x == y);
        assert_eq!(chi_shape(&line), None);
        assert_eq!(chi_shape(&line[..1]), None);
        assert_eq!(chi_shape(&[line[0]; 5]), None);
        assert_eq!(chi_shape(&[]), None);
    }
}

//! Rings that cross themselves: an area must have one inside.

use geo::{Area as _, Coord, LineString, MultiPolygon, Polygon};

/// Twists smaller than this are left by rounding and by transformation, and do no harm: m².
const SMALLEST_TWIST: f64 = 10.0;

/// Twice the signed area of the triangle `a`, `b`, `c`.
fn turn(a: Coord, b: Coord, c: Coord) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn crossing(a: Coord, b: Coord, c: Coord, d: Coord) -> Option<Coord> {
    let (p, q) = (turn(a, b, c), turn(a, b, d));
    let (r, s) = (turn(c, d, a), turn(c, d, b));
    if p * q > 0.0 || r * s > 0.0 || (p == 0.0 && q == 0.0) {
        return None;
    }
    let t = p / (p - q);
    Some(Coord { x: c.x + t * (d.x - c.x), y: c.y + t * (d.y - c.y) })
}

/// Where segments of `ring` that are not neighbours meet.
fn meetings(ring: &LineString) -> Vec<Coord> {
    let points = &ring.0;
    let n = points.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..n).collect();
    let west = |i: usize| points[i].x.min(points[i + 1].x);
    let east = |i: usize| points[i].x.max(points[i + 1].x);
    order.sort_by(|&a, &b| west(a).total_cmp(&west(b)));
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for &i in &order {
        open.retain(|&j| east(j) >= west(i));
        let (low, high) = (points[i].y.min(points[i + 1].y), points[i].y.max(points[i + 1].y));
        for &j in &open {
            let apart = i.abs_diff(j);
            let overlap =
                points[j].y.min(points[j + 1].y) <= high && points[j].y.max(points[j + 1].y) >= low;
            if apart > 1 && apart != n - 1 && overlap {
                found.extend(crossing(points[i], points[i + 1], points[j], points[j + 1]));
            }
        }
        open.push(i);
    }
    found
}

/// A place where a ring of `polygon` crosses itself so that inside and outside are not clear.
///
/// Rings that only touch themselves pass: real boundaries do. A crossing is real if the ring's own
/// area differs from the area of what it encloses.
pub(super) fn self_crossing(polygon: &Polygon) -> Option<Coord> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).find_map(|ring| {
        let place = *meetings(ring).first()?;
        let alone = Polygon::new(ring.clone(), Vec::new());
        let enclosed = geo::unary_union([&MultiPolygon::new(vec![alone.clone()])]);
        let difference = (alone.unsigned_area() - enclosed.unsigned_area()).abs();
        (difference > SMALLEST_TWIST).then_some(place)
    })
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn a_bow_tie_is_found_at_its_knot() {
        let bow_tie = polygon![(x: 0.0, y: 0.0), (x: 100.0, y: 100.0), (x: 100.0, y: 0.0), (x: 0.0, y: 100.0)];

        assert_eq!(self_crossing(&bow_tie), Some(Coord { x: 50.0, y: 50.0 }));
    }

    #[test]
    fn a_small_loop_in_a_large_ring_is_found() {
        let looped = polygon![
            (x: 0.0, y: 0.0), (x: 1000.0, y: 0.0), (x: 1000.0, y: 1000.0), (x: 500.0, y: 1000.0),
            (x: 540.0, y: 960.0), (x: 540.0, y: 1020.0), (x: 480.0, y: 1000.0), (x: 0.0, y: 1000.0)
        ];

        assert!(self_crossing(&looped).is_some());
    }

    #[test]
    fn a_ring_that_only_touches_itself_passes() {
        let touching = polygon![
            (x: 0.0, y: 0.0), (x: 100.0, y: 0.0), (x: 100.0, y: 100.0), (x: 50.0, y: 0.0), (x: 0.0, y: 100.0)
        ];

        assert_eq!(self_crossing(&touching), None);
    }

    #[test]
    fn an_ordinary_ring_passes() {
        let square = polygon![(x: 0.0, y: 0.0), (x: 100.0, y: 0.0), (x: 100.0, y: 100.0), (x: 0.0, y: 100.0)];

        assert_eq!(self_crossing(&square), None);
    }
}

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

/// Pairs of segments that are looked at in one ring: a few seconds.
const MOST_PAIRS: usize = 2_000_000_000;

/// Meetings past which a ring crosses itself without a doubt: real ones touch themselves a few
/// times at most.
const MOST_MEETINGS: usize = 10_000;

/// A ring with so many segments above each other that looking at every pair would take for ever.
#[derive(Debug, PartialEq)]
pub(super) struct Tangled;

/// Where segments of `ring` that are not neighbours meet.
fn meetings(ring: &LineString) -> Result<Vec<Coord>, Tangled> {
    let points = &ring.0;
    let n = points.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..n).collect();
    let west = |i: usize| points[i].x.min(points[i + 1].x);
    let east = |i: usize| points[i].x.max(points[i + 1].x);
    order.sort_by(|&a, &b| west(a).total_cmp(&west(b)));
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut pairs = 0;
    for &i in &order {
        pairs += open.len();
        if pairs > MOST_PAIRS {
            return Err(Tangled);
        }
        if found.len() > MOST_MEETINGS {
            break;
        }
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
    Ok(found)
}

/// A place where a ring of `polygon` crosses itself so that inside and outside are not clear.
///
/// Rings that only touch themselves pass: real boundaries do. A crossing is real if the ring's own
/// area differs from the area of what it encloses.
///
/// # Errors
///
/// [`Tangled`] if it cannot be told in good time.
pub(super) fn self_crossing(polygon: &Polygon) -> Result<Option<Coord>, Tangled> {
    for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
        let met = meetings(ring)?;
        let Some(&place) = met.first() else { continue };
        if met.len() > MOST_MEETINGS {
            return Ok(Some(place));
        }
        let alone = Polygon::new(ring.clone(), Vec::new());
        let enclosed = geo::unary_union([&MultiPolygon::new(vec![alone.clone()])]);
        let difference = (alone.unsigned_area() - enclosed.unsigned_area()).abs();
        if difference > SMALLEST_TWIST {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn a_bow_tie_is_found_at_its_knot() {
        let bow_tie = polygon![(x: 0.0, y: 0.0), (x: 100.0, y: 100.0), (x: 100.0, y: 0.0), (x: 0.0, y: 100.0)];

        assert_eq!(self_crossing(&bow_tie), Ok(Some(Coord { x: 50.0, y: 50.0 })));
    }

    #[test]
    fn a_small_loop_in_a_large_ring_is_found() {
        let looped = polygon![
            (x: 0.0, y: 0.0), (x: 1000.0, y: 0.0), (x: 1000.0, y: 1000.0), (x: 500.0, y: 1000.0),
            (x: 540.0, y: 960.0), (x: 540.0, y: 1020.0), (x: 480.0, y: 1000.0), (x: 0.0, y: 1000.0)
        ];

        assert!(self_crossing(&looped).unwrap().is_some());
    }

    #[test]
    fn a_ring_that_only_touches_itself_passes() {
        let touching = polygon![
            (x: 0.0, y: 0.0), (x: 100.0, y: 0.0), (x: 100.0, y: 100.0), (x: 50.0, y: 0.0), (x: 0.0, y: 100.0)
        ];

        assert_eq!(self_crossing(&touching), Ok(None));
    }

    #[test]
    fn an_ordinary_ring_passes() {
        let square = polygon![(x: 0.0, y: 0.0), (x: 100.0, y: 0.0), (x: 100.0, y: 100.0), (x: 0.0, y: 100.0)];

        assert_eq!(self_crossing(&square), Ok(None));
    }

    /// Every other corner far away: each segment crosses most others.
    #[test]
    fn a_star_of_many_corners_is_found_without_its_crossings_being_counted_out() {
        let n = 20_001_usize;
        let corners = (0..=n).map(|i| {
            let angle = (i * (n / 2) % n) as f64 / n as f64 * std::f64::consts::TAU;
            Coord { x: 1000.0 * angle.cos(), y: 1000.0 * angle.sin() }
        });
        let star = Polygon::new(corners.collect(), Vec::new());

        assert!(self_crossing(&star).unwrap().is_some());
    }

    /// A comb whose teeth lie above each other, none of which meet.
    #[test]
    fn a_comb_too_fine_to_check_is_refused() {
        let teeth = 100_000_usize;
        let corners = (0..teeth).flat_map(|i| {
            let y = i as f64 * 0.01;
            [(0.0, y), (5000.0, y), (5000.0, y + 0.004), (1.0, y + 0.004)]
        });
        let corners = corners.chain([(-1.0, 2000.0)]).map(|(x, y)| Coord { x, y });
        let comb = Polygon::new(corners.collect(), Vec::new());

        assert_eq!(self_crossing(&comb), Err(Tangled));
    }
}

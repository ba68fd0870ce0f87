//! Points and rings in metres on the National Grid, with arithmetic that is the same everywhere.

use crate::crs::Bng;

/// A point on the National Grid, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// A closed line: the last point joins the first and is not repeated.
pub(super) type Ring = Vec<Point>;

pub(super) const fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// Straight distance; not `hypot`, whose last digit differs between platforms.
    pub(super) fn distance(self, other: Self) -> f64 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        (dx * dx + dy * dy).sqrt()
    }

    /// The point `share` of the way to `other`.
    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        at(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    /// To the nearest tenth of a metre.
    pub(super) fn rounded(self) -> Self {
        at((self.x * 10.0).round() / 10.0, (self.y * 10.0).round() / 10.0)
    }

    pub(super) fn bng(self) -> Bng {
        Bng::new(self.x, self.y)
    }
}

/// The vector from `from` to `to` of length 1; east if they are the same.
pub(super) fn direction(from: Point, to: Point) -> (f64, f64) {
    let length = from.distance(to);
    if length > 0.0 { ((to.x - from.x) / length, (to.y - from.y) / length) } else { (1.0, 0.0) }
}

/// Area inside a ring in square metres: positive if it runs anticlockwise.
pub(super) fn signed_area(ring: &[Point]) -> f64 {
    let Some(&last) = ring.last() else { return 0.0 };
    let origin = last;
    let mut sum = 0.0;
    let mut before = last;
    for &point in ring {
        sum += (before.x - origin.x) * (point.y - origin.y)
            - (point.x - origin.x) * (before.y - origin.y);
        before = point;
    }
    sum / 2.0
}

/// Whether `point` lies inside `ring`, by counting the edges east of it.
pub(super) fn contains(ring: &[Point], point: Point) -> bool {
    let Some(&last) = ring.last() else { return false };
    let mut inside = false;
    let mut a = last;
    for &b in ring {
        if (a.y > point.y) != (b.y > point.y) {
            let cross = a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x);
            if point.x < cross {
                inside = !inside;
            }
        }
        a = b;
    }
    inside
}

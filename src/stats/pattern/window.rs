//! The study area of a point pattern, prepared for questions that are asked many times over.

use geo::{BooleanOps as _, Translate as _, orient::Direction, orient::Orient as _};
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::quantity::{Metres, SquareMetres};

use super::PatternError;

/// Slabs that the edges are sorted into, from south to north.
const SLABS: usize = 512;

/// One edge of the outline, the inside on its left.
type Edge = [(f64, f64); 2];

/// A study area that answers whether a position is inside, how far its edge is, how much of a circle
/// lies within it, and how much of it is left when it is moved.
#[derive(Debug, Clone)]
pub struct StudyWindow {
    shape: Shape,
    bounds: Bounds,
    area: f64,
    edges: Vec<Edge>,
    /// Edges that reach into each slab.
    slabs: Vec<Vec<u32>>,
    slab_height: f64,
    /// Width and height, where the study area is a rectangle along the axes.
    rectangle: Option<(f64, f64)>,
}

impl StudyWindow {
    /// Prepares a study area.
    ///
    /// # Errors
    ///
    /// [`PatternError::Area`] if it has no area.
    pub fn new(shape: &Shape) -> Result<Self, PatternError> {
        let area = shape.area();
        let Some(bounds) = shape.bounds().filter(|_| area.get() > 0.0) else {
            return Err(PatternError::Area(area));
        };
        // Outer rings run anticlockwise and holes clockwise: the inside is on the left of both.
        let shape = Shape::new(shape.polygons().orient(Direction::Default));
        let rings = || {
            shape.polygons().iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
        };
        let edges: Vec<Edge> = rings()
            .flat_map(geo::LineString::lines)
            .map(|line| [(line.start.x, line.start.y), (line.end.x, line.end.y)])
            .filter(|[a, b]| a != b)
            .collect();
        let slab_height = bounds.height() / SLABS as f64;
        let mut window = Self {
            bounds,
            area: area.get(),
            slabs: vec![Vec::new(); SLABS],
            slab_height,
            rectangle: None,
            shape,
            edges,
        };
        for (i, [a, b]) in window.edges.iter().enumerate() {
            let (south, north) = (a.1.min(b.1), a.1.max(b.1));
            for slab in window.slab(south)..=window.slab(north) {
                window.slabs[slab].push(i as u32);
            }
        }
        let box_area = bounds.width() * bounds.height();
        let full = window.edges.len() == 4 && (window.area - box_area).abs() <= 1e-9 * box_area;
        window.rectangle = full.then(|| (bounds.width(), bounds.height()));
        Ok(window)
    }

    /// The study area.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Area inside.
    pub const fn area(&self) -> SquareMetres {
        SquareMetres::new(self.area)
    }

    /// Length of the outline, holes included.
    pub fn perimeter(&self) -> Metres {
        Metres::new(self.edges.iter().map(|[a, b]| (b.0 - a.0).hypot(b.1 - a.1)).sum())
    }

    /// The shorter side of the box round it.
    pub fn shorter_side(&self) -> Metres {
        Metres::new(self.bounds.width().min(self.bounds.height()))
    }

    fn slab(&self, northing: f64) -> usize {
        let at = (northing - self.bounds.min.northing()) / self.slab_height;
        (at as usize).min(SLABS - 1)
    }

    /// Whether `position` lies inside or on the edge.
    pub fn covers(&self, position: Bng) -> bool {
        if !self.bounds.contains(position) {
            return false;
        }
        let (x, y) = (position.easting(), position.northing());
        let mut inside = false;
        for &edge in &self.slabs[self.slab(y)] {
            let [a, b] = self.edges[edge as usize];
            let side = (b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0);
            let between = |u: f64, v: f64, at: f64| u.min(v) <= at && at <= u.max(v);
            if side == 0.0 && between(a.0, b.0, x) && between(a.1, b.1, y) {
                return true;
            }
            // The upper end of an edge belongs to the next: a corner is crossed once.
            if (a.1 <= y) != (b.1 <= y) && (side > 0.0) == (b.1 > a.1) {
                inside = !inside;
            }
        }
        inside
    }

    /// Distance from `position` to the nearest edge, in m.
    pub fn to_edge(&self, position: Bng) -> f64 {
        self.edges.iter().map(|edge| distance(edge, position)).fold(f64::INFINITY, f64::min)
    }

    /// Distance to every edge from `position`, in m, nearest first, with the edge: what
    /// [`share_of_circle`] takes.
    pub fn edges_from(&self, position: Bng) -> Vec<(f64, [(f64, f64); 2])> {
        let mut all: Vec<_> =
            self.edges.iter().map(|edge| (distance(edge, position), *edge)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all
    }

    /// Area that is left of the study area where it meets itself moved by (`dx`, `dy`) m, in m².
    pub fn overlap(&self, dx: f64, dy: f64) -> f64 {
        if let Some((width, height)) = self.rectangle {
            return (width - dx.abs()).max(0.0) * (height - dy.abs()).max(0.0);
        }
        let here = self.shape.polygons();
        Shape::new(here.intersection(&here.translate(dx, dy))).area().get()
    }

    /// Whether [`Self::overlap`] costs next to nothing.
    pub const fn is_rectangle(&self) -> bool {
        self.rectangle.is_some()
    }

    /// A position inside, each as likely as any other.
    pub(super) fn random_position(&self, rng: &mut Xoshiro256PlusPlus) -> Bng {
        loop {
            let at = Bng::new(
                self.bounds.min.easting() + rng.random::<f64>() * self.bounds.width(),
                self.bounds.min.northing() + rng.random::<f64>() * self.bounds.height(),
            );
            if self.covers(at) {
                return at;
            }
        }
    }
}

fn distance(&[a, b]: &Edge, position: Bng) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (x, y) = (position.easting() - a.0, position.northing() - a.1);
    let length2 = dx * dx + dy * dy;
    let along = x * dx + y * dy;
    if along <= 0.0 {
        x.hypot(y)
    } else if along >= length2 {
        (x - dx).hypot(y - dy)
    } else {
        // Off the line: exactly zero on an edge along an axis.
        (dx * y - dy * x).abs() / length2.sqrt()
    }
}

/// Share of the circle of `radius` m about `centre` that lies inside, 0 to 1; `centre` must be
/// inside, and `edges` come from [`StudyWindow::edges_from`] there.
///
/// Where the outline, with the inside on its left, leaves the circle's disc, an arc inside begins
/// anticlockwise of it; where it comes back, one ends. So the sum of angles at which it comes back,
/// less those at which it leaves, is the angle inside but for whole turns.
pub(super) fn share_of_circle(edges: &[(f64, [(f64, f64); 2])], centre: Bng, radius: f64) -> f64 {
    const TURN: f64 = std::f64::consts::TAU;
    let r2 = radius * radius;
    let (mut sum, mut crossings) = (0.0, 0_usize);
    for (_, [a, b]) in edges.iter().take_while(|(away, _)| *away <= radius) {
        let (ax, ay) = (a.0 - centre.easting(), a.1 - centre.northing());
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let starts = ax * ax + ay * ay < r2;
        let (bx, by) = (ax + dx, ay + dy);
        let ends = bx * bx + by * by < r2;
        if starts && ends {
            continue;
        }
        // |a + t d|² = r²
        let (qa, qb) = (dx * dx + dy * dy, ax * dx + ay * dy);
        let root2 = qb * qb - qa * (ax * ax + ay * ay - r2);
        let angle = |t: f64| (ay + t * dy).atan2(ax + t * dx);
        if starts != ends {
            let root = root2.max(0.0).sqrt();
            crossings += 1;
            if starts {
                sum -= angle(((root - qb) / qa).clamp(0.0, 1.0));
            } else {
                sum += angle(((-root - qb) / qa).clamp(0.0, 1.0));
            }
        } else if root2 > 0.0 && (0.0..1.0).contains(&(-qb / qa)) {
            // No end within the disc, and the middle of the chord on the edge: it cuts through. An end
            // may be on the circle itself, as where incidents lie on the outline.
            let root = root2.sqrt();
            let (come, leave) = (((-root - qb) / qa).max(0.0), ((root - qb) / qa).min(1.0));
            crossings += 2;
            sum += angle(come) - angle(leave);
        }
    }
    if crossings == 0 {
        return 1.0;
    }
    sum.rem_euclid(TURN) / TURN
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use geo::{LineString, MultiPolygon, Polygon, Rect, coord};
    use proptest::prelude::*;

    use super::*;

    fn rectangle(width: f64, height: f64) -> StudyWindow {
        let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: width, y: height });
        StudyWindow::new(&Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))).unwrap()
    }

    /// A square of 100 with a square hole of 20 in its middle.
    fn frame() -> StudyWindow {
        let ring = |from: f64, to: f64| {
            LineString::from(vec![(from, from), (to, from), (to, to), (from, to), (from, from)])
        };
        let polygon = Polygon::new(ring(0.0, 100.0), vec![ring(40.0, 60.0)]);
        StudyWindow::new(&Shape::new(MultiPolygon::new(vec![polygon]))).unwrap()
    }

    fn share(window: &StudyWindow, x: f64, y: f64, radius: f64) -> f64 {
        let at = Bng::new(x, y);
        share_of_circle(&window.edges_from(at), at, radius)
    }

    #[test]
    fn a_circle_at_an_edge_is_half_inside_and_in_a_corner_a_quarter() {
        let window = rectangle(100.0, 50.0);

        assert_relative_eq!(share(&window, 50.0, 25.0, 10.0), 1.0);
        assert_relative_eq!(share(&window, 50.0, 1e-9, 10.0), 0.5, epsilon = 1e-9);
        assert_relative_eq!(share(&window, 1e-9, 1e-9, 10.0), 0.25, epsilon = 1e-9);
        // The chord at half the radius cuts off a third of the circle.
        assert_relative_eq!(share(&window, 50.0, 5.0, 10.0), 2.0 / 3.0, epsilon = 1e-12);
        // Wider than the rectangle is high: two arcs are left.
        let cut = 4.0 * (25.0_f64 / 30.0).acos() / std::f64::consts::TAU;
        assert_relative_eq!(share(&window, 50.0, 25.0, 30.0), 1.0 - cut, epsilon = 1e-12);
    }

    /// Shares by hand; spatstat 3.0 counts the same pairs so: `edge.Ripley`.
    #[test]
    fn a_circle_through_a_corner_is_measured_from_an_edge() {
        let window = rectangle(100.0, 50.0);

        assert_relative_eq!(share(&window, 20.0, 0.0, 20.0), 0.5);
        assert_relative_eq!(share(&window, 0.0, 0.0, 20.0), 0.25);
        assert_relative_eq!(share(&window, 0.0, 0.0, 50.0), 0.25);
        // The diagonal: only the far corner is on the circle, and nothing else of it inside.
        assert_relative_eq!(share(&window, 0.0, 0.0, 100_f64.hypot(50.0)), 0.0);
        assert_relative_eq!(share(&window, 50.0, 0.0, 50.0), 0.5);
    }

    #[test]
    fn a_hole_takes_its_part_of_the_circle() {
        let window = frame();

        assert_relative_eq!(window.area().get(), 9_600.0);
        assert_relative_eq!(window.perimeter().get(), 480.0);
        assert_relative_eq!(share(&window, 30.0, 50.0, 5.0), 1.0);
        let cut = 2.0 * (10.0_f64 / 15.0).acos() / std::f64::consts::TAU;
        assert!(share(&window, 30.0, 50.0, 12.0) > 1.0 - cut);
        assert!(!window.covers(Bng::new(50.0, 50.0)));
        assert!(window.covers(Bng::new(40.0, 50.0)) && window.covers(Bng::new(100.0, 100.0)));
        assert_relative_eq!(window.to_edge(Bng::new(30.0, 50.0)), 10.0);
    }

    #[test]
    fn what_is_left_of_a_moved_window_is_the_overlap() {
        let window = rectangle(100.0, 50.0);

        assert!(window.is_rectangle() && !frame().is_rectangle());
        assert_relative_eq!(window.overlap(-10.0, 20.0), 90.0 * 30.0);
        assert_relative_eq!(window.overlap(100.0, 0.0), 0.0);
        // Moved by the side of its hole, the frame loses its rim and both holes.
        assert_relative_eq!(frame().overlap(20.0, 0.0), 80.0 * 100.0 - 800.0, epsilon = 1e-6);
    }

    #[test]
    fn a_line_is_no_study_area() {
        let line = Polygon::new(LineString::from(vec![(0.0, 0.0), (9.0, 0.0)]), vec![]);

        assert!(StudyWindow::new(&Shape::new(MultiPolygon::new(vec![line]))).is_err());
        assert!(StudyWindow::new(&Shape::new(MultiPolygon::new(vec![]))).is_err());
    }

    proptest! {
        /// Star-shaped outlines: the share against that of many positions along the circle.
        #[test]
        fn the_share_is_that_of_positions_along_the_circle(
            radii in prop::collection::vec(20.0_f64..60.0, 3..14),
            at in (-10.0_f64..10.0, -10.0_f64..10.0),
            radius in 1.0_f64..70.0,
        ) {
            let n = radii.len() as f64;
            let ring: Vec<_> = radii.iter().enumerate().map(|(i, r)| {
                let angle = std::f64::consts::TAU * i as f64 / n;
                coord! { x: r * angle.cos(), y: r * angle.sin() }
            }).collect();
            let polygon = Polygon::new(LineString::new(ring), vec![]);
            let window = StudyWindow::new(&Shape::new(MultiPolygon::new(vec![polygon]))).unwrap();
            let centre = Bng::new(at.0, at.1);
            prop_assume!(window.covers(centre));
            let steps = 4_000;
            let inside = (0..steps).filter(|i| {
                let angle = std::f64::consts::TAU * f64::from(*i) / f64::from(steps);
                window.covers(Bng::new(at.0 + radius * angle.cos(), at.1 + radius * angle.sin()))
            }).count();
            // A circle beyond every edge has no crossing and cannot be asked for by a pair inside.
            prop_assume!(inside > 0);

            let found = share(&window, at.0, at.1, radius);

            prop_assert!((found - inside as f64 / f64::from(steps)).abs() < 0.01, "{found}");
        }
    }
}

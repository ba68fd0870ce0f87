//! Shapes on the National Grid, over the `geo` crate.

use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, Centroid as _, Contains as _,
    InteriorPoint as _, Intersects as _,
};
use geo::{MultiPolygon, Point};

use crate::crs::Bng;
use crate::quantity::SquareMetres;

/// A box on the grid, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// South-west corner.
    pub min: Bng,
    /// North-east corner.
    pub max: Bng,
}

impl Bounds {
    /// The box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            min: Bng::new(
                self.min.easting().min(other.min.easting()),
                self.min.northing().min(other.min.northing()),
            ),
            max: Bng::new(
                self.max.easting().max(other.max.easting()),
                self.max.northing().max(other.max.northing()),
            ),
        }
    }

    /// The box grown by `metres` on every side.
    #[must_use]
    pub fn grown(self, metres: f64) -> Self {
        Self {
            min: Bng::new(self.min.easting() - metres, self.min.northing() - metres),
            max: Bng::new(self.max.easting() + metres, self.max.northing() + metres),
        }
    }

    /// Whether `position` lies inside or on the edge.
    pub fn contains(self, position: Bng) -> bool {
        (self.min.easting()..=self.max.easting()).contains(&position.easting())
            && (self.min.northing()..=self.max.northing()).contains(&position.northing())
    }

    /// East-west extent in metres.
    pub fn width(self) -> f64 {
        self.max.easting() - self.min.easting()
    }

    /// North-south extent in metres.
    pub fn height(self) -> f64 {
        self.max.northing() - self.min.northing()
    }
}

/// One or more polygons on the National Grid (EPSG:27700, metres).
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(MultiPolygon<f64>);

/// No ground at all.
impl Default for Shape {
    fn default() -> Self {
        Self(MultiPolygon::new(Vec::new()))
    }
}

impl Shape {
    /// A shape of these polygons, whose coordinates are eastings and northings in metres.
    pub const fn new(polygons: MultiPolygon<f64>) -> Self {
        Self(polygons)
    }

    /// The polygons, for `geo`.
    pub const fn polygons(&self) -> &MultiPolygon<f64> {
        &self.0
    }

    /// Area on the grid, holes left out.
    pub fn area(&self) -> SquareMetres {
        SquareMetres::new(self.0.unsigned_area())
    }

    /// The smallest box round the shape; `None` if it is empty.
    pub fn bounds(&self) -> Option<Bounds> {
        self.0.bounding_rect().map(|rect| Bounds {
            min: Bng::new(rect.min().x, rect.min().y),
            max: Bng::new(rect.max().x, rect.max().y),
        })
    }

    /// Whether `position` lies strictly inside.
    pub fn contains(&self, position: Bng) -> bool {
        self.0.contains(&Point::new(position.easting(), position.northing()))
    }

    /// Whether `position` lies inside or on the edge.
    pub fn covers(&self, position: Bng) -> bool {
        self.0.intersects(&Point::new(position.easting(), position.northing()))
    }

    /// A position that is certainly inside, for a label; `None` if the shape is empty.
    pub fn label_point(&self) -> Option<Bng> {
        self.0.interior_point().map(|point| Bng::new(point.x(), point.y()))
    }

    /// Centre of gravity, which may lie outside; `None` if the shape is empty.
    pub fn centroid(&self) -> Option<Bng> {
        self.0.centroid().map(|point| Bng::new(point.x(), point.y()))
    }

    /// All of `shapes` merged, shared edges gone.
    pub fn union_of<'a>(shapes: impl IntoIterator<Item = &'a Self>) -> Self {
        let polygons: Vec<_> = shapes.into_iter().flat_map(|shape| shape.0.iter()).collect();
        Self(geo::unary_union(polygons))
    }

    /// What this shape and `other` share.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }
}

#[cfg(test)]
mod tests {
    use geo::{Rect, coord};

    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Shape {
        let rect = Rect::new(coord! { x: x, y: y }, coord! { x: x + side, y: y + side });
        Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))
    }

    #[test]
    fn neighbours_merge_into_one_polygon() {
        let both = Shape::union_of([&square(0.0, 0.0, 10.0), &square(10.0, 0.0, 10.0)]);

        assert_eq!(both.polygons().0.len(), 1);
        assert!((both.area().get() - 200.0).abs() < 1e-9);
    }

    #[test]
    fn the_edge_is_covered_but_not_contained() {
        let shape = square(0.0, 0.0, 10.0);

        assert!(shape.covers(Bng::new(10.0, 5.0)));
        assert!(!shape.contains(Bng::new(10.0, 5.0)));
    }
}

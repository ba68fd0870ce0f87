//! A cluster as a place: its outline, size and share.

use geo::{ConvexHull as _, MultiPoint, MultiPolygon, Point};
use serde::{Deserialize, Serialize};

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::SquareMetres;

use super::super::{Repeats, centrography};
use super::chi_shape::chi_shape;

/// Corners of an outline that is an ellipse or a disc.
const CORNERS: usize = 64;
/// Radius of the disc drawn for incidents in one spot or on a line, in m.
const SPOT: f64 = 10.0;

/// How a cluster is outlined.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outline {
    /// The smallest convex area that holds all of its incidents.
    #[default]
    ConvexHull,
    /// An area that holds all of its incidents and follows them inwards: the chi shape.
    ConcaveHull,
    /// The standard deviational ellipse, which leaves some of its incidents out.
    Ellipse,
}

/// A cluster with its outline and figures.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterPlace {
    /// Incidents in it.
    pub count: usize,
    /// Positions they stand at.
    pub n_places: usize,
    /// Share of all incidents, 0 to 1.
    pub share: f64,
    /// Mean of their positions.
    pub centre: Bng,
    /// Outline to be drawn: a disc of 10 m where they stand in one spot or on a line.
    pub outline: Shape,
    /// Area of the outline; `None` where it is only a disc.
    pub area: Option<SquareMetres>,
    /// Incidents per km² of that area.
    pub density: Option<f64>,
}

/// The place that some of `points` make; `None` for none of them.
///
/// # Shapes and units
///
/// - `members`: which of `points`, finite; shares are of all `points`.
///
/// # Source
///
/// Concave hull: the chi shape of Duckham, Kulik, Worboys and Galton (2008), *Pattern Recognition*
/// 41(10), 3224-3236, dug behind edges longer than three times the median edge.
pub fn place_of(points: &[Bng], members: &[usize], outline: Outline) -> Option<ClusterPlace> {
    let inside: Vec<Bng> = members.iter().map(|&i| points[i]).collect();
    let figures = centrography(&inside, None).ok()?;
    let centre = figures.mean_centre;
    let positions = || -> MultiPoint<f64> {
        inside.iter().map(|p| Point::new(p.easting(), p.northing())).collect::<Vec<_>>().into()
    };
    let polygon = match outline {
        Outline::ConvexHull => Some(positions().convex_hull()),
        Outline::ConcaveHull => chi_shape(&inside),
        Outline::Ellipse => figures.ellipse.map(|ellipse| ring(&ellipse.outline(centre, CORNERS))),
    };
    let shape = |polygon| Shape::new(MultiPolygon::new(vec![polygon]));
    // Less than a square metre is rounding, and would be a density without end.
    let drawn = polygon.map(shape).filter(|shape| shape.area().get() >= 1.0);
    let area = drawn.as_ref().map(Shape::area);
    Some(ClusterPlace {
        count: members.len(),
        n_places: Repeats::of(&inside).n_places,
        share: members.len() as f64 / points.len() as f64,
        centre,
        outline: drawn.unwrap_or_else(|| shape(disc(centre))),
        density: area.map(|area| members.len() as f64 / area.km2()),
        area,
    })
}

fn disc(centre: Bng) -> geo::Polygon<f64> {
    let corner = |i: usize| {
        let (sin, cos) = (std::f64::consts::TAU * i as f64 / CORNERS as f64).sin_cos();
        Bng::new(centre.easting() + SPOT * cos, centre.northing() + SPOT * sin)
    };
    ring(&(0..CORNERS).map(corner).collect::<Vec<_>>())
}

fn ring(corners: &[Bng]) -> geo::Polygon<f64> {
    let corners: Vec<(f64, f64)> = corners.iter().map(|p| (p.easting(), p.northing())).collect();
    geo::Polygon::new(corners.into(), vec![])
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// A C of points: a ring from 30 to 50 m, open over a sixth of it; two incidents at its first
    /// position.
    fn letter() -> Vec<Bng> {
        let spiral =
            (0..900).map(|i| (f64::from(i) * 2.399_963, 50.0 * (f64::from(i) / 900.0).sqrt()));
        let mut points: Vec<Bng> = spiral
            .filter(|(angle, radius)| {
                *radius > 30.0 && angle.rem_euclid(std::f64::consts::TAU) > 1.0
            })
            .map(|(angle, radius)| Bng::new(radius * angle.cos(), radius * angle.sin()))
            .collect();
        points.push(points[0]);
        points
    }

    #[test]
    fn a_concave_outline_follows_the_incidents_inwards() {
        let points = letter();
        let all: Vec<usize> = (0..points.len()).collect();
        let of = |outline| place_of(&points, &all, outline).unwrap();

        let (convex, concave) = (of(Outline::ConvexHull), of(Outline::ConcaveHull));

        let circle = std::f64::consts::PI * 2_500.0;
        assert_relative_eq!(convex.area.unwrap().get(), 0.97 * circle, max_relative = 0.03);
        assert!(concave.area.unwrap().get() < 0.8 * convex.area.unwrap().get());
        for place in [&convex, &concave] {
            let inside = points.iter().filter(|p| place.outline.covers(**p)).count();
            assert_eq!((inside, place.share), (points.len(), 1.0));
        }
        assert_eq!((convex.count, convex.n_places), (points.len(), points.len() - 1));
        let density = points.len() as f64 / convex.area.unwrap().km2();
        assert_relative_eq!(convex.density.unwrap(), density);
    }

    #[test]
    fn an_ellipse_has_the_area_of_its_axes() {
        let points = letter();
        let all: Vec<usize> = (0..points.len()).collect();

        let place = place_of(&points, &all, Outline::Ellipse).unwrap();

        let ellipse = centrography(&points, None).unwrap().ellipse.unwrap();
        let area = place.area.unwrap().get();
        assert_relative_eq!(area, ellipse.area().get(), max_relative = 2e-3);
    }

    #[test]
    fn one_spot_or_a_line_has_an_outline_but_no_density() {
        let line: Vec<Bng> = (0..5).map(|i| Bng::new(f64::from(i) * 10.0, 0.0)).collect();
        let spot = vec![Bng::new(400_000.0, 300_000.0); 7];
        for outline in [Outline::ConvexHull, Outline::ConcaveHull, Outline::Ellipse] {
            for points in [&line, &spot, &spot[..1].to_vec()] {
                let members: Vec<usize> = (0..points.len()).collect();
                let place = place_of(points, &members, outline).unwrap();
                assert_eq!((place.area, place.density), (None, None));
                assert!(place.outline.covers(place.centre));
                assert!(place.outline.area().get() > 300.0);
            }
            assert_eq!(place_of(&line, &[], outline), None);
        }
    }
}

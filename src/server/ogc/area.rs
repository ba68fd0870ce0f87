//! Areas that clients name in one of the coordinate systems served, laid on the plane of the data.

use geo::{
    BooleanOps as _, BoundingRect as _, Coord, Geometry, Intersects as _, LineString, MultiPolygon,
    Point, Polygon, Rect,
};

use crate::crs::{Bng, LonLat, WebMercator, lonlat_to_bng};
use crate::geometry::Bounds;
use crate::layer::Feature;
use crate::server::english::filter as say;

/// Longest stretch of an edge in degrees before it is bent onto the plane.
const STEP: f64 = 0.05;

/// Degrees kept around the data when an area is cut down: nothing beyond can meet a feature.
const ROOM: f64 = 0.05;

/// A coordinate system that features can be asked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Longitude, latitude.
    Crs84,
    /// Latitude, longitude: the axis order of the authority.
    Epsg4326,
    /// Metres of Web Mercator.
    Epsg3857,
    /// Metres of the British National Grid.
    Epsg27700,
}

impl System {
    /// Every one, the default first.
    pub(crate) const ALL: [Self; 4] =
        [Self::Crs84, Self::Epsg4326, Self::Epsg3857, Self::Epsg27700];

    /// Name as OGC has it.
    pub(crate) const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Epsg4326 => "http://www.opengis.net/def/crs/EPSG/0/4326",
            Self::Epsg3857 => "http://www.opengis.net/def/crs/EPSG/0/3857",
            Self::Epsg27700 => "http://www.opengis.net/def/crs/EPSG/0/27700",
        }
    }

    /// The system of this name.
    pub(crate) fn from_uri(uri: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|system| system.uri() == uri)
            .ok_or_else(|| say::no_system(&Self::ALL.map(Self::uri)))
    }

    /// Longitude and latitude of a pair in this system; `None` if it names no place.
    fn lonlat(self, (a, b): (f64, f64)) -> Option<(f64, f64)> {
        let (lon, lat) = match self {
            Self::Crs84 => (a, b),
            Self::Epsg4326 => (b, a),
            Self::Epsg3857 => {
                let place = WebMercator::new(a, b).to_lonlat();
                (place.lon(), place.lat())
            }
            Self::Epsg27700 => return None,
        };
        ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)).then_some((lon, lat))
    }
}

/// A part of the plane that features may meet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Area(Geometry<f64>);

impl Area {
    /// The smallest box round it; `None` where it is empty, and meets what has no place alone.
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        self.0.bounding_rect().map(|rect| Bounds {
            min: Bng::new(rect.min().x, rect.min().y),
            max: Bng::new(rect.max().x, rect.max().y),
        })
    }

    /// Whether the feature has a point in common with the area. One without a place does.
    pub(crate) fn meets(&self, feature: &Feature) -> bool {
        if let Some(at) = feature.at {
            return self.0.intersects(&Point::new(at.easting(), at.northing()));
        }
        let shape = feature.shape.polygons();
        shape.0.is_empty() || self.0.intersects(shape)
    }
}

/// The system that an area is written in, and the ground that the data cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    system: System,
    /// West, south, east and north of the data, degrees.
    data: [f64; 4],
}

impl Frame {
    /// Areas in `system` over data within these degrees.
    pub(crate) fn new(system: System, data: [f64; 4]) -> Self {
        let [west, south, east, north] = data;
        Self { system, data: [west - ROOM, south - ROOM, east + ROOM, north + ROOM] }
    }

    /// Longitude and latitude over Great Britain.
    #[cfg(test)]
    pub(crate) fn world() -> Self {
        Self::new(System::Crs84, [-5.0, 51.0, 1.0, 56.0])
    }

    /// The box from its least to its greatest corner. One that is wider than it should be, its west
    /// beyond its east, goes round the other side of the world.
    pub(crate) fn boxed(&self, [a, b, c, d]: [f64; 4]) -> Result<Area, String> {
        let (low, high) = ((a, b), (c, d));
        if self.system == System::Epsg27700 {
            if a > c || b > d {
                return Err(say::BEYOND_THE_SECOND.to_owned());
            }
            let rect = Rect::new(Coord { x: a, y: b }, Coord { x: c, y: d });
            return Ok(Area(Geometry::Polygon(rect.to_polygon())));
        }
        let beyond = || say::CORNERS_OUTSIDE.to_owned();
        let (west, south) = self.system.lonlat(low).ok_or_else(beyond)?;
        let (east, north) = self.system.lonlat(high).ok_or_else(beyond)?;
        if south > north {
            return Err(say::NORTH_OF_THE_SECOND.to_owned());
        }
        let boxes =
            if west > east { vec![(west, 180.0), (-180.0, east)] } else { vec![(west, east)] };
        let polygons = boxes
            .into_iter()
            .map(|(west, east)| {
                Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon()
            })
            .collect();
        self.lay(&MultiPolygon::new(polygons))
    }

    /// One position.
    pub(crate) fn point(&self, a: f64, b: f64) -> Result<Area, String> {
        if self.system == System::Epsg27700 {
            return Ok(Area(Geometry::Point(Point::new(a, b))));
        }
        let (lon, lat) = self.system.lonlat((a, b)).ok_or("the point lies outside the system")?;
        let place = LonLat::new(lon, lat).and_then(|place| lonlat_to_bng(place).ok());
        Ok(Area(match place {
            Some(at) => Geometry::Point(Point::new(at.easting(), at.northing())),
            None => Geometry::MultiPolygon(MultiPolygon::new(Vec::new())),
        }))
    }

    /// A ring, closed or not.
    pub(crate) fn polygon(&self, ring: Vec<(f64, f64)>) -> Result<Area, String> {
        let ring = if self.system == System::Epsg27700 {
            return Ok(Area(Geometry::Polygon(Polygon::new(LineString::from(ring), Vec::new()))));
        } else {
            let lonlat = ring.into_iter().map(|pair| self.system.lonlat(pair));
            lonlat.collect::<Option<Vec<_>>>().ok_or("a corner lies outside the system")?
        };
        self.lay(&MultiPolygon::new(vec![Polygon::new(LineString::from(ring), Vec::new())]))
    }

    /// Polygons in degrees, cut to the data's surroundings and bent onto the plane.
    fn lay(&self, degrees: &MultiPolygon<f64>) -> Result<Area, String> {
        let [west, south, east, north] = self.data;
        let ground = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
        let near = degrees.intersection(&MultiPolygon::new(vec![ground.to_polygon()]));
        let mut polygons = Vec::with_capacity(near.0.len());
        for polygon in &near {
            let mut corners = Vec::new();
            for edge in polygon.exterior().lines() {
                let long = edge.dx().abs().max(edge.dy().abs());
                let steps = (long / STEP).ceil().max(1.0);
                for step in 0..steps as usize {
                    let share = step as f64 / steps;
                    let (lon, lat) =
                        (edge.start.x + share * edge.dx(), edge.start.y + share * edge.dy());
                    let place = LonLat::new(lon, lat).and_then(|place| lonlat_to_bng(place).ok());
                    let at: Bng = place.ok_or("it cannot be laid on the plane of the data")?;
                    corners.push((at.easting(), at.northing()));
                }
            }
            polygons.push(Polygon::new(LineString::from(corners), Vec::new()));
        }
        Ok(Area(Geometry::MultiPolygon(MultiPolygon::new(polygons))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Shape;

    fn square(easting: f64, northing: f64) -> Feature {
        let corner = Coord { x: easting, y: northing };
        let far = Coord { x: easting + 100.0, y: northing + 100.0 };
        let shape = Shape::new(MultiPolygon::new(vec![Rect::new(corner, far).to_polygon()]));
        Feature { id: "a".into(), shape, at: None, values: Vec::new() }
    }

    #[test]
    fn the_same_box_in_every_system_meets_the_same_squares() {
        let (inside, outside) = (square(444_000.0, 520_000.0), square(460_000.0, 520_000.0));
        let mercator = |lon, lat| WebMercator::from_lonlat(LonLat::new(lon, lat).unwrap());
        let (low, high) = (mercator(-1.33, 54.56), mercator(-1.30, 54.58));
        for (system, corners) in [
            (System::Crs84, [-1.33, 54.56, -1.30, 54.58]),
            (System::Epsg4326, [54.56, -1.33, 54.58, -1.30]),
            (System::Epsg3857, [low.x(), low.y(), high.x(), high.y()]),
            (System::Epsg27700, [443_000.0, 519_000.0, 445_000.0, 521_000.0]),
        ] {
            let area = Frame::new(system, [-1.5, 54.4, -1.1, 54.7]).boxed(corners).unwrap();

            assert!(area.meets(&inside) && !area.meets(&outside), "{system:?}");
        }
    }

    #[test]
    fn a_box_round_the_other_side_of_the_world_leaves_the_data_out() {
        let frame = Frame::world();
        let feature = square(444_000.0, 520_000.0);

        assert!(!frame.boxed([170.0, 40.0, -170.0, 60.0]).unwrap().meets(&feature));
        assert!(frame.boxed([170.0, 40.0, 0.0, 60.0]).unwrap().meets(&feature));
        assert!(frame.boxed([-180.0, -90.0, 180.0, 90.0]).unwrap().meets(&feature));
        assert!(frame.boxed([0.0, 60.0, 1.0, 50.0]).is_err());
        assert!(frame.boxed([0.0, 0.0, 999.0, 1.0]).is_err());
    }
}

//! Coordinate systems, one type each; nothing converts but by name.
//!
//! Everything inside is in metres on [`Bng`]; [`LonLat`] exists at the edges (files read, GeoJSON
//! written) and [`WebMercator`] for drawing tiles only. [`Bng`] is the British National Grid, unless
//! a workspace lies elsewhere: then it is that workspace's own plane ([`work_on`]).

mod describe;
mod english;
pub mod grid_ref;
mod national_grid;
mod objects;
mod ostn15;
mod plane;
mod tile;
mod transform;
mod transformer;

pub use describe::{epsg, name, projjson, wkt};
pub use plane::{Plane, work_on, working};
pub use tile::{TileError, TileId, WORLD_HALF_WIDTH};
pub use transform::{Accuracy, CrsError, OSTN15, bng_to_lonlat, lonlat_to_bng, lonlat_to_bng_all};
pub use transformer::{Transformer, degrees_of, recognise};

/// Longitude and latitude in degrees, WGS 84 (EPSG:4326; ETRS89 is taken as equal).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

impl LonLat {
    /// `None` unless longitude is within ±180 and latitude within ±90.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some(Self { lon, lat })
    }

    /// Degrees east.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }
}

/// Easting and northing in metres on the British National Grid (EPSG:27700), or on the plane that a
/// workspace outside Great Britain is measured on ([`working`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bng {
    easting: f64,
    northing: f64,
}

impl Bng {
    /// A position on the grid. Any finite pair is accepted; `clean` checks it against a study area.
    pub const fn new(easting: f64, northing: f64) -> Self {
        Self { easting, northing }
    }

    /// Metres east of the grid's origin.
    pub const fn easting(self) -> f64 {
        self.easting
    }

    /// Metres north of the grid's origin.
    pub const fn northing(self) -> f64 {
        self.northing
    }

    /// Straight distance on the grid, in metres.
    pub fn distance(self, other: Self) -> f64 {
        (self.easting - other.easting).hypot(self.northing - other.northing)
    }
}

/// Web Mercator (EPSG:3857) in its own stretched metres; for drawing only, never for measuring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WebMercator {
    x: f64,
    y: f64,
}

/// Radius of the sphere that Web Mercator projects, in metres.
const MERCATOR_RADIUS: f64 = 6_378_137.0;

impl WebMercator {
    /// A position in stretched metres.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Stretched metres east.
    pub const fn x(self) -> f64 {
        self.x
    }

    /// Stretched metres north.
    pub const fn y(self) -> f64 {
        self.y
    }

    /// The position that is drawn at `place`.
    pub fn from_lonlat(place: LonLat) -> Self {
        let x = place.lon.to_radians() * MERCATOR_RADIUS;
        let y = place.lat.to_radians().sin().atanh() * MERCATOR_RADIUS;
        Self { x, y }
    }

    /// The place that is drawn here.
    pub fn to_lonlat(self) -> LonLat {
        LonLat {
            lon: (self.x / MERCATOR_RADIUS).to_degrees(),
            lat: (self.y / MERCATOR_RADIUS).sinh().atan().to_degrees(),
        }
    }
}

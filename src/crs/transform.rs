//! Longitude and latitude to the working plane and back: to the National Grid by OSTN15, to any
//! other by PROJ.

use std::borrow::Cow;
use std::fmt;

use rayon::prelude::*;
use thiserror::Error;

use super::english as say;
use super::ostn15::Ostn15;
use super::plane::working;
use super::{Bng, LonLat};

/// Fewest positions worth a task of their own.
const PER_TASK: usize = 4096;

/// Why a position cannot be transformed.
#[derive(Debug, Clone, Error, PartialEq)]
#[non_exhaustive]
pub enum CrsError {
    /// Outside the area for which the National Grid is defined.
    #[error("longitude {lon}, latitude {lat} lies outside the British National Grid")]
    OutsideGrid {
        /// Degrees east.
        lon: f64,
        /// Degrees north.
        lat: f64,
    },
    /// Outside the area for which the National Grid is defined.
    #[error("easting {easting}, northing {northing} lies outside the British National Grid")]
    OutsideBng {
        /// Metres east.
        easting: f64,
        /// Metres north.
        northing: f64,
    },
    /// A pair of numbers that is no position of its coordinate system, or has none in the other.
    #[error("{x}, {y} in {from} has no position in {to}")]
    NotConvertible {
        /// Coordinate system of the pair, as given.
        from: String,
        /// Coordinate system it should be brought to.
        to: String,
        /// First number.
        x: f64,
        /// Second number.
        y: f64,
    },
    /// PROJ does not know the coordinate system.
    #[error(
        "`{definition}` is no coordinate system that PROJ knows (wanted a code such as EPSG:27700, or WKT)"
    )]
    UnknownDefinition {
        /// Coordinate system, as given.
        definition: String,
    },
    /// A coordinate system that cannot be measured on.
    #[error(
        "a unit of `{definition}` is {metres:.3} m on the ground or stretched: wanted a projected system in metres, such as a UTM zone"
    )]
    NotMetres {
        /// Coordinate system, as given.
        definition: String,
        /// Units of it to a metre on the ground.
        metres: f64,
    },
    /// Two coordinate systems to measure on in one process.
    #[error("positions are measured on {working} already, and cannot be on {wanted} too")]
    OtherPlane {
        /// Plane at work.
        working: String,
        /// Plane asked for.
        wanted: String,
    },
    /// Not a grid reference.
    #[error(
        "`{0}` is not a grid reference (wanted two letters and an even number of digits, such as NZ 445 190)"
    )]
    GridRef(String),
}

/// How a transformation was done and how exact it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Accuracy {
    /// The method in words, for provenance.
    pub method: Cow<'static, str>,
    /// Error to expect, in metres; `None` where the definition does not tell its datum.
    pub metres: Option<f64>,
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&say::method(&self.method, self.metres))
    }
}

/// What [`lonlat_to_bng`] and [`bng_to_lonlat`] do.
///
/// 0.1 m is Ordnance Survey's figure for OSTN15 against its own control network; the published test
/// points are met within 2 mm. Positions straight from a satellite receiver are on today's WGS 84,
/// which has drifted some 0.9 m from the ETRS89 that is meant here.
pub const OSTN15: Accuracy = Accuracy { method: Cow::Borrowed(say::OSTN15), metres: Some(0.1) };

/// The position of a place on the working plane.
///
/// # Errors
///
/// [`CrsError::OutsideGrid`] where Ordnance Survey publishes no shift: outside the 700 by 1,250 km
/// of the National Grid; [`CrsError::NotConvertible`] off any other plane.
///
/// # Source
///
/// Ordnance Survey, *Transformations and OSGM15 user guide* (2016): project ETRS89 onto the grid
/// with GRS80, then add the shift, bilinear between nodes 1 km apart.
pub fn lonlat_to_bng(place: LonLat) -> Result<Bng, CrsError> {
    let plane = working();
    if plane.is_national_grid() { to_national_grid(place) } else { plane.project(place) }
}

/// [`lonlat_to_bng`] for many places, in parallel, in order.
pub fn lonlat_to_bng_all(places: &[LonLat]) -> Vec<Result<Bng, CrsError>> {
    if !working().is_national_grid() {
        return places
            .par_iter()
            .with_min_len(PER_TASK)
            .map(|&place| lonlat_to_bng(place))
            .collect();
    }
    let grid = Ostn15::get();
    let of_part = |places: &[LonLat]| {
        let mut found = Vec::with_capacity(places.len());
        grid.forward_into(
            places,
            |place| (place.lon(), place.lat()),
            |place, position| found.push(on_grid(*place, position)),
        );
        found
    };
    let mut parts: Vec<_> = places.par_chunks(PER_TASK).map(of_part).collect();
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => parts.into_iter().flatten().collect(),
    }
}

/// The place of a position on the working plane: [`lonlat_to_bng`] the other way.
///
/// # Errors
///
/// [`CrsError::OutsideBng`] where Ordnance Survey publishes no shift;
/// [`CrsError::NotConvertible`] off any other plane.
pub fn bng_to_lonlat(position: Bng) -> Result<LonLat, CrsError> {
    let plane = working();
    if plane.is_national_grid() { from_national_grid(position) } else { plane.unproject(position) }
}

/// A place on the National Grid, by OSTN15.
pub(super) fn to_national_grid(place: LonLat) -> Result<Bng, CrsError> {
    on_grid(place, Ostn15::get().forward(place.lon(), place.lat()))
}

fn on_grid(place: LonLat, position: Option<(f64, f64)>) -> Result<Bng, CrsError> {
    let (lon, lat) = (place.lon(), place.lat());
    position.map(|(e, n)| Bng::new(e, n)).ok_or(CrsError::OutsideGrid { lon, lat })
}

/// [`to_national_grid`] the other way, by iteration.
pub(super) fn from_national_grid(position: Bng) -> Result<LonLat, CrsError> {
    let (easting, northing) = (position.easting(), position.northing());
    Ostn15::get()
        .inverse(easting, northing)
        .and_then(|(lon, lat)| LonLat::new(lon, lat))
        .ok_or(CrsError::OutsideBng { easting, northing })
}

#[cfg(test)]
#[path = "transform_tests.rs"]
mod tests;

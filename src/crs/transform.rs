//! Longitude and latitude to the National Grid and back, by OSTN15.

use rayon::prelude::*;
use thiserror::Error;

use super::ostn15::Ostn15;
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
    /// A pair of numbers that is no position of its coordinate system, or none near Great Britain.
    #[error("{x}, {y} in {definition} cannot be brought to the British National Grid")]
    NotConvertible {
        /// Coordinate system, as given.
        definition: String,
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
    /// Not a grid reference.
    #[error(
        "`{0}` is not a grid reference (wanted two letters and an even number of digits, such as NZ 445 190)"
    )]
    GridRef(String),
}

/// How a transformation was done and how exact it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// The method in words, for provenance.
    pub method: &'static str,
    /// Error to expect, in metres; `None` where the definition does not tell its datum.
    pub metres: Option<f64>,
}

/// What [`lonlat_to_bng`] and [`bng_to_lonlat`] do.
///
/// 0.1 m is Ordnance Survey's figure for OSTN15 against its own control network; the published test
/// points are met within 2 mm. Positions straight from a satellite receiver are on today's WGS 84,
/// which has drifted some 0.9 m from the ETRS89 that is meant here.
pub const OSTN15: Accuracy = Accuracy {
    method: "OSTN15 grid shift (Ordnance Survey, 2015); WGS 84 is taken as ETRS89",
    metres: Some(0.1),
};

/// The grid position of a place.
///
/// # Errors
///
/// [`CrsError::OutsideGrid`] where Ordnance Survey publishes no shift: outside the 700 by 1,250 km
/// of the grid.
///
/// # Source
///
/// Ordnance Survey, *Transformations and OSGM15 user guide* (2016): project ETRS89 onto the grid
/// with GRS80, then add the shift, bilinear between nodes 1 km apart.
pub fn lonlat_to_bng(place: LonLat) -> Result<Bng, CrsError> {
    to_bng(Ostn15::get(), place)
}

/// [`lonlat_to_bng`] for many places, in parallel, in order.
pub fn lonlat_to_bng_all(places: &[LonLat]) -> Vec<Result<Bng, CrsError>> {
    let grid = Ostn15::get();
    places.par_iter().with_min_len(PER_TASK).map(|&place| to_bng(grid, place)).collect()
}

fn to_bng(grid: &Ostn15, place: LonLat) -> Result<Bng, CrsError> {
    let (lon, lat) = (place.lon(), place.lat());
    let (easting, northing) = grid.forward(lon, lat).ok_or(CrsError::OutsideGrid { lon, lat })?;
    Ok(Bng::new(easting, northing))
}

/// The place of a grid position: [`lonlat_to_bng`] the other way, by iteration.
///
/// # Errors
///
/// [`CrsError::OutsideBng`] where Ordnance Survey publishes no shift.
pub fn bng_to_lonlat(position: Bng) -> Result<LonLat, CrsError> {
    let (easting, northing) = (position.easting(), position.northing());
    Ostn15::get()
        .inverse(easting, northing)
        .and_then(|(lon, lat)| LonLat::new(lon, lat))
        .ok_or(CrsError::OutsideBng { easting, northing })
}

#[cfg(test)]
#[path = "transform_tests.rs"]
mod tests;

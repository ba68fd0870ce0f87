//! Longitude and latitude to the National Grid and back.
//!
//! To be replaced by the OSTN15 fast path (helper: crs); signatures stay.

use thiserror::Error;

use super::{Bng, LonLat};

/// Why a position cannot be transformed.
#[derive(Debug, Error, PartialEq)]
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
    /// Not a grid reference.
    #[error(
        "`{0}` is not a grid reference (wanted two letters and an even number of digits, such as NZ 445 190)"
    )]
    GridRef(String),
}

/// How a transformation was done and how exact it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Name of the method, for provenance.
    pub method: &'static str,
    /// Largest error on published points, in metres.
    pub metres: f64,
}

/// The grid position of a place.
pub fn lonlat_to_bng(place: LonLat) -> Result<Bng, CrsError> {
    thread_local! {
        static T: proj::Proj = proj::Proj::new_known_crs("EPSG:4326", "EPSG:27700", None).expect("known CRS pair");
    }
    T.with(|t| t.convert((place.lon(), place.lat())))
        .map(|(e, n)| Bng::new(e, n))
        .map_err(|_| CrsError::OutsideGrid { lon: place.lon(), lat: place.lat() })
}

/// [`lonlat_to_bng`] for many places, in parallel, in order.
pub fn lonlat_to_bng_all(places: &[LonLat]) -> Vec<Result<Bng, CrsError>> {
    use rayon::prelude::*;
    places.par_iter().map(|&p| lonlat_to_bng(p)).collect()
}

/// The place of a grid position.
pub fn bng_to_lonlat(position: Bng) -> Result<LonLat, CrsError> {
    thread_local! {
        static T: proj::Proj = proj::Proj::new_known_crs("EPSG:27700", "EPSG:4326", None).expect("known CRS pair");
    }
    T.with(|t| t.convert((position.easting(), position.northing())))
        .ok()
        .and_then(|(lon, lat)| LonLat::new(lon, lat))
        .ok_or(CrsError::OutsideGrid { lon: f64::NAN, lat: f64::NAN })
}

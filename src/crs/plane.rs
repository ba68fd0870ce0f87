//! The working plane: the projected system, in metres, that everything inside is measured on.
//!
//! It is the National Grid unless a workspace says otherwise. A process works on one plane from its
//! first position to its end ([`work_on`]), so that positions of two planes can never meet.

use std::sync::OnceLock;

use proj::Proj;

use super::english as say;
use super::objects::{DEGREES, with_proj};
use super::transform::CrsError;
use super::transformer::{NATIONAL_GRID, is_national_grid, written_out};
use super::{Bng, LonLat};

/// Degrees beyond its published area of use that a plane is still taken to be good for.
const BEYOND: f64 = 3.0;

/// Where Great Britain and its waters lie: west, south, east, north.
const BRITAIN: [f64; 4] = [-9.5, 49.0, 2.5, 61.5];

/// A place in the middle of Great Britain, in degrees.
const MIDDLE: (f64, f64) = (-1.3, 54.5);

static WORKING: OnceLock<Plane> = OnceLock::new();

/// A projected coordinate system in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    definition: String,
    national_grid: bool,
    extent: [f64; 4],
    middle: (f64, f64),
}

/// Makes `plane` the one that this process works on.
///
/// # Errors
///
/// [`CrsError::OtherPlane`] if it works on another one already.
pub fn work_on(plane: Plane) -> Result<(), CrsError> {
    let wanted = plane.definition.clone();
    let working = WORKING.get_or_init(|| plane);
    if working.definition == wanted {
        return Ok(());
    }
    Err(CrsError::OtherPlane { working: working.definition.clone(), wanted })
}

/// The plane that this process works on: the National Grid, unless [`work_on`] said otherwise
/// before the first use.
pub fn working() -> &'static Plane {
    WORKING.get_or_init(Plane::national_grid)
}

impl Plane {
    /// The British National Grid.
    pub fn national_grid() -> Self {
        Self {
            definition: NATIONAL_GRID.to_owned(),
            national_grid: true,
            extent: BRITAIN,
            middle: MIDDLE,
        }
    }

    /// The plane of this definition: a code such as `EPSG:32616`, WKT or a PROJ string.
    ///
    /// # Errors
    ///
    /// [`CrsError::UnknownDefinition`] if PROJ does not know it, [`CrsError::NotMetres`] if a metre
    /// of it is not a metre on the ground, to 5%: degrees, feet, Web Mercator.
    pub fn new(definition: &str) -> Result<Self, CrsError> {
        let definition = written_out(definition);
        if is_national_grid(&definition) {
            return Ok(Self::national_grid());
        }
        let unknown = || CrsError::UnknownDefinition { definition: definition.clone() };
        let area = Proj::new(&definition).ok().and_then(|crs| crs.area_of_use().ok()?.0);
        let from_degrees =
            Proj::new_known_crs(DEGREES, &definition, None).map_err(|_| unknown())?;
        let (extent, middle) = if let Some(area) = area {
            let middle =
                (f64::midpoint(area.west, area.east), f64::midpoint(area.south, area.north));
            (
                [
                    (area.west - BEYOND).max(-180.0),
                    (area.south - BEYOND).max(-90.0),
                    (area.east + BEYOND).min(180.0),
                    (area.north + BEYOND).min(90.0),
                ],
                middle,
            )
        } else {
            // A definition of one's own has its origin where it is meant to be used.
            let to_degrees =
                Proj::new_known_crs(&definition, DEGREES, None).map_err(|_| unknown())?;
            let middle = to_degrees.convert((0.0, 0.0)).map_err(|_| unknown())?;
            ([-180.0, -90.0, 180.0, 90.0], middle)
        };
        let plane = Self { definition: definition.clone(), national_grid: false, extent, middle };
        let at = |lon: f64, lat: f64| from_degrees.convert((lon, lat)).ok();
        let metres = stretch(middle, at).ok_or_else(unknown)?;
        if !(0.95..=1.05).contains(&metres) {
            return Err(CrsError::NotMetres { definition, metres });
        }
        Ok(plane)
    }

    /// A plane for data between these degrees: the National Grid in Great Britain, elsewhere the
    /// UTM zone of the middle, or, for what is wider than a zone, an equal-area plane round the
    /// middle, which stretches distances by 2% at 2,400 km.
    pub fn round(west: f64, south: f64, east: f64, north: f64) -> String {
        let inside = |[w, s, e, n]: [f64; 4]| west >= w && south >= s && east <= e && north <= n;
        if inside(BRITAIN) {
            return NATIONAL_GRID.to_owned();
        }
        let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
        if east - west <= 6.0 && south > -80.0 && north < 84.0 {
            let zone = (((lon + 180.0) / 6.0).floor() as u32 % 60) + 1;
            return format!("EPSG:{}", if lat >= 0.0 { 32_600 } else { 32_700 } + zone);
        }
        format!(
            "+proj=laea +lat_0={lat:.1} +lon_0={lon:.1} +datum=WGS84 +units=m +no_defs +type=crs"
        )
    }

    /// Its definition.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Whether it is the British National Grid.
    pub const fn is_national_grid(&self) -> bool {
        self.national_grid
    }

    /// Whether a place lies where the plane is meant for.
    pub fn is_for(&self, lon: f64, lat: f64) -> bool {
        let [west, south, east, north] = self.extent;
        (west..=east).contains(&lon) && (south..=north).contains(&lat)
    }

    /// Where the plane is meant for, in words.
    pub fn place(&self) -> &str {
        if self.national_grid { say::GREAT_BRITAIN } else { say::OF_THE_PLANE }
    }

    /// A place in the middle of what the plane is meant for, in degrees.
    pub(super) const fn middle(&self) -> (f64, f64) {
        self.middle
    }

    /// Position of a place on a plane that is not the National Grid.
    pub(super) fn project(&self, place: LonLat) -> Result<Bng, CrsError> {
        let (x, y) = (place.lon(), place.lat());
        let found = with_proj(DEGREES, &self.definition, |proj| proj?.convert((x, y)).ok());
        finite(found).map(|(e, n)| Bng::new(e, n)).ok_or_else(|| CrsError::NotConvertible {
            from: DEGREES.to_owned(),
            to: self.definition.clone(),
            x,
            y,
        })
    }

    /// Place of a position on a plane that is not the National Grid.
    pub(super) fn unproject(&self, position: Bng) -> Result<LonLat, CrsError> {
        let (x, y) = (position.easting(), position.northing());
        let found = with_proj(&self.definition, DEGREES, |proj| proj?.convert((x, y)).ok());
        finite(found).and_then(|(lon, lat)| LonLat::new(lon, lat)).ok_or_else(|| {
            CrsError::NotConvertible { from: self.definition.clone(), to: DEGREES.to_owned(), x, y }
        })
    }
}

fn finite(pair: Option<(f64, f64)>) -> Option<(f64, f64)> {
    pair.filter(|(x, y)| x.is_finite() && y.is_finite())
}

/// Units of the plane to a metre on the ground near a place: 1 if the plane is in metres and true
/// there.
fn stretch((lon, lat): (f64, f64), at: impl Fn(f64, f64) -> Option<(f64, f64)>) -> Option<f64> {
    const STEP: f64 = 0.001;
    /// Metres to a degree of a meridian on the mean sphere; the ellipsoid differs by 0.5%.
    const DEGREE: f64 = 111_195.0;
    let here = at(lon, lat)?;
    let (north, east) = (at(lon, lat + STEP)?, at(lon + STEP, lat)?);
    let north = (north.0 - here.0).hypot(north.1 - here.1) / (STEP * DEGREE);
    let east = (east.0 - here.0).hypot(east.1 - here.1) / (STEP * DEGREE * lat.to_radians().cos());
    Some((north * east).sqrt()).filter(|metres| metres.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_chosen_by_the_place_of_the_data() {
        assert_eq!(Plane::round(-1.5, 54.4, -1.1, 54.7), "EPSG:27700");
        assert_eq!(Plane::round(-90.2, 34.9, -89.6, 35.3), "EPSG:32616");
        assert_eq!(Plane::round(-74.3, 40.4, -73.6, 41.0), "EPSG:32618");
        assert_eq!(Plane::round(151.0, -34.1, 151.3, -33.7), "EPSG:32756");
        let wide = Plane::round(-122.4, 25.0, -71.0, 47.8);
        assert!(wide.starts_with("+proj=laea +lat_0=36.4 +lon_0=-96.7"), "{wide}");
        assert!(Plane::new(&wide).is_ok());
    }

    /// UTM 15N of the Peabody Hotel in Memphis, by the series of Karney (2011) in PROJ's own
    /// projection, apart from any coordinate system of its database.
    #[test]
    fn places_lie_on_the_plane_where_the_projection_puts_them() {
        let plane = Plane::new("EPSG:32615").unwrap();
        let (lon, lat) = (-90.0517_f64, 35.1427_f64);
        let utm = Proj::new("+proj=utm +zone=15 +ellps=WGS84").unwrap();
        let wanted = utm.project((lon.to_radians(), lat.to_radians()), false).unwrap();

        let found = plane.project(LonLat::new(lon, lat).unwrap()).unwrap();
        let back = plane.unproject(found).unwrap();

        assert!(found.distance(Bng::new(wanted.0, wanted.1)) < 1e-3, "{found:?} {wanted:?}");
        assert!((back.lon() - lon).abs() < 1e-9 && (back.lat() - lat).abs() < 1e-9);
        assert!(plane.is_for(lon, lat) && !plane.is_for(lat, lon) && !plane.is_for(-1.3, 54.5));
    }

    #[test]
    fn what_is_not_in_metres_is_no_plane() {
        for (definition, metres) in [("EPSG:2248", 3.28), ("EPSG:4269", 0.0), ("EPSG:3857", 1.0)] {
            match Plane::new(definition) {
                Err(CrsError::NotMetres { metres: found, .. }) => {
                    assert!((found - metres).abs() < 0.01, "{definition}: {found}");
                }
                // Web Mercator is true on the equator, which is the middle of its area.
                Ok(_) => assert_eq!(definition, "EPSG:3857"),
                Err(error) => panic!("{definition}: {error}"),
            }
        }
        assert!(matches!(Plane::new("nonsense"), Err(CrsError::UnknownDefinition { .. })));
    }

    #[test]
    fn the_national_grid_is_one_however_it_is_written() {
        for definition in ["EPSG:27700", "27700", " epsg:27700 "] {
            assert_eq!(Plane::new(definition).unwrap(), Plane::national_grid());
        }
    }
}

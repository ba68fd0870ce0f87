//! Coordinates of boundary and street files to the working plane, with mistaken systems refused.

use crate::crs::{Bng, LonLat, Transformer, WebMercator, lonlat_to_bng_all, working};
use crate::workspace::Crs;

use super::ReadError;
use super::english::{hint, unread};

/// What the coordinates belong to, for errors.
pub(super) struct Owner<'a> {
    pub(super) file: &'a str,
    pub(super) what: String,
}

/// The positions of `pairs` of `owner`, whose coordinates are in `crs`, on the working plane.
pub(super) fn to_bng(
    owner: &Owner<'_>,
    pairs: &[(f64, f64)],
    crs: Crs,
) -> Result<Vec<Bng>, ReadError> {
    let plane = working();
    let wrong = |(x, y): (f64, f64), problem, hint| ReadError::WrongCrs {
        file: owner.file.to_owned(),
        what: owner.what.clone(),
        x,
        y,
        problem,
        hint,
    };
    let degrees: Vec<(f64, f64)> = match crs {
        Crs::Bng if plane.is_national_grid() => {
            let off =
                pairs.iter().find(|(x, y)| !(1e3..=8e5).contains(x) || !(1e3..=1.4e6).contains(y));
            return match off {
                None => Ok(pairs.iter().map(|&(x, y)| Bng::new(x, y)).collect()),
                Some(&(x, y)) if x.abs() <= 180.0 && y.abs() <= 90.0 => {
                    Err(wrong((x, y), unread::position::DEGREES, hint::NOT_METRES))
                }
                Some(&pair) => {
                    Err(wrong(pair, unread::position::OFF_THE_GRID, hint::IN_DEGREES_OR_METRES))
                }
            };
        }
        Crs::WebMercator => pairs
            .iter()
            .map(|&(x, y)| WebMercator::new(x, y).to_lonlat())
            .map(|place| (place.lon(), place.lat()))
            .collect(),
        Crs::LonLat => pairs.to_vec(),
        Crs::Bng | Crs::Other(_) => return by_proj(&crs.to_string(), pairs, &wrong),
    };
    let mut places = Vec::with_capacity(degrees.len());
    for (i, &(lon, lat)) in degrees.iter().enumerate() {
        if plane.is_for(lon, lat) {
            places.extend(LonLat::new(lon, lat));
        } else if plane.is_for(lat, lon) {
            return Err(wrong(pairs[i], unread::position::LATITUDE_FIRST, hint::SWAP));
        } else if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(wrong(pairs[i], unread::position::NOT_DEGREES, hint::NOT_DEGREES));
        } else if plane.is_national_grid() {
            return Err(wrong(pairs[i], unread::position::OUTSIDE_GREAT_BRITAIN, hint::RIGHT_FILE));
        } else {
            return Err(wrong(pairs[i], unread::position::OFF_PLANE, hint::OFF_PLANE));
        }
    }
    lonlat_to_bng_all(&places)
        .into_iter()
        .zip(pairs)
        .map(|(position, &pair)| position.map_err(|_| off(pair, &wrong)))
        .collect()
}

type Wrong<'a> = &'a dyn Fn((f64, f64), &'static str, &'static str) -> ReadError;

/// A pair that has no position on the working plane.
fn off(pair: (f64, f64), wrong: Wrong<'_>) -> ReadError {
    if working().is_national_grid() {
        wrong(pair, unread::position::OFF_THE_GRID, hint::CHECK_COORDINATES)
    } else {
        wrong(pair, unread::position::OFF_PLANE, hint::OFF_PLANE)
    }
}

/// Positions from any system that PROJ knows.
fn by_proj(
    definition: &str,
    pairs: &[(f64, f64)],
    wrong: Wrong<'_>,
) -> Result<Vec<Bng>, ReadError> {
    let Ok(transformer) = Transformer::to_bng(definition) else {
        return pairs.first().map_or_else(|| Ok(Vec::new()), |&pair| Err(off(pair, wrong)));
    };
    let found = transformer.convert_all(pairs);
    found.into_iter().zip(pairs).map(|(at, &pair)| at.map_err(|_| off(pair, wrong))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pair: (f64, f64), crs: Crs) -> String {
        let owner = Owner { file: "wards.geojson", what: "ward A".into() };
        to_bng(&owner, &[pair], crs).unwrap_err().to_string()
    }

    #[test]
    fn eastings_in_a_file_that_states_no_system_are_refused() {
        assert!(refused((444_500.0, 520_100.0), Crs::LonLat).contains("are not degrees"));
    }

    #[test]
    fn swapped_degrees_are_refused() {
        assert!(refused((54.5, -1.3), Crs::LonLat).contains("latitude first"));
    }

    #[test]
    fn degrees_declared_as_metres_are_refused() {
        assert!(refused((-1.3, 54.5), Crs::Bng).contains("are degrees"));
    }

    #[test]
    fn places_abroad_are_refused() {
        assert!(refused((13.4, 52.5), Crs::LonLat).contains("outside Great Britain"));
    }
}

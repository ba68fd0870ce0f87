//! Coordinates of boundary and street files to the working plane, with mistaken systems refused.

use crate::crs::{Bng, LonLat, Transformer, WebMercator, lonlat_to_bng_all, working};
use crate::workspace::Crs;

use super::ReadError;

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
                Some(&(x, y)) if x.abs() <= 180.0 && y.abs() <= 90.0 => Err(wrong(
                    (x, y),
                    "are degrees, not metres on the British National Grid",
                    "take `crs = \"EPSG:27700\"` away in wardheat.toml, or correct the file's crs",
                )),
                Some(&pair) => Err(wrong(
                    pair,
                    "lie outside the British National Grid",
                    "export the file again in EPSG:4326 or EPSG:27700",
                )),
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
            return Err(wrong(
                pairs[i],
                "are latitude first: GeoJSON has longitude first",
                "swap the coordinates (QGIS: Processing, Swap X and Y coordinates)",
            ));
        } else if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(wrong(
                pairs[i],
                "are not degrees, though the file does not say that it is in another system",
                "if they are eastings and northings, give `--crs EPSG:27700` to `wardheat init`, \
                 or `crs = \"EPSG:27700\"` in wardheat.toml",
            ));
        } else if plane.is_national_grid() {
            return Err(wrong(
                pairs[i],
                "lie outside Great Britain",
                "check that this is the right file, and that a minus sign was not lost",
            ));
        } else {
            return Err(wrong(pairs[i], OFF_PLANE, OFF_PLANE_HINT));
        }
    }
    lonlat_to_bng_all(&places)
        .into_iter()
        .zip(pairs)
        .map(|(position, &pair)| position.map_err(|_| off(pair, &wrong)))
        .collect()
}

const OFF_PLANE: &str = "lie outside the area of the workspace's `crs`";
const OFF_PLANE_HINT: &str = "check that this is the right file; `crs` at the top of wardheat.toml is the system that the \
     workspace is measured in";

type Wrong<'a> = &'a dyn Fn((f64, f64), &'static str, &'static str) -> ReadError;

/// A pair that has no position on the working plane.
fn off(pair: (f64, f64), wrong: Wrong<'_>) -> ReadError {
    if working().is_national_grid() {
        let hint = "check the coordinates, and the file's coordinate system";
        wrong(pair, "lie outside the British National Grid", hint)
    } else {
        wrong(pair, OFF_PLANE, OFF_PLANE_HINT)
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

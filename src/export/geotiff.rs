//! Surfaces as `GeoTIFF`, for any GIS.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};

use tiff::encoder::{TiffEncoder, colortype::Gray64Float};
use tiff::tags::Tag;

use super::{About, ExportError, SurfaceWriter};
use crate::crs::{epsg, working};
use crate::stats::SurfaceScores;

/// Value of a cell that is not defined, as `GDAL_NODATA` names it: no density and no score is this
/// low.
const NO_DATA: f64 = -3.402_823_466_385_288_6e38;

/// What the keys say of a system that has no EPSG code.
const USER_DEFINED: u16 = 32_767;

/// A surface as one band of 64-bit numbers on the working plane (EPSG:27700 in Great Britain), north
/// up, its cells areas. It is not written in another system: that would make other cells of it.
///
/// The description (unit, how it was made) is JSON in `ImageDescription`. Keys as in OGC 19-008r4.
#[derive(Debug)]
pub struct GeoTiff;

impl SurfaceWriter for GeoTiff {
    fn id(&self) -> &'static str {
        "tif"
    }

    fn media_type(&self) -> &'static str {
        "image/tiff; application=geotiff"
    }

    fn write(
        &self,
        found: &SurfaceScores,
        about: About<'_>,
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let refused = |source| ExportError::Io { what: found.id.to_owned(), source };
        let plane = working().definition();
        if about.crs.is_some_and(|crs| crs.to_string() != plane) {
            return Err(refused(io::Error::other(format!(
                "a raster is written on {plane} only: bring it to another with gdalwarp"
            ))));
        }
        let bytes = encode(found, about).map_err(|e| refused(io::Error::other(e)))?;
        out.write_all(&bytes).and_then(|()| out.flush()).map_err(refused)
    }
}

fn encode(found: &SurfaceScores, about: About<'_>) -> tiff::TiffResult<Vec<u8>> {
    let surface = &found.surface;
    let (width, height) = (surface.n_columns, surface.n_rows);
    let too_large = |_| tiff::TiffError::LimitsExceeded;
    let (columns, rows) =
        (u32::try_from(width).map_err(too_large)?, u32::try_from(height).map_err(too_large)?);
    let cell = surface.cell.get();
    let north = surface.origin.northing() + height as f64 * cell;
    let description = serde_json::json!({
        "id": found.id, "unit": found.unit, "how_made": about.how_made, "notes": about.notes,
    });
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes)?;
    let mut image = file.new_image::<Gray64Float>(columns, rows)?;
    let tags = image.encoder();
    // Plain ASCII: JSON writes every other letter as an escape.
    tags.write_tag(Tag::ImageDescription, ascii(&description.to_string()).as_str())?;
    tags.write_tag(Tag::ModelPixelScaleTag, &[cell, cell, 0.0][..])?;
    let corner = [0.0, 0.0, 0.0, surface.origin.easting(), north, 0.0];
    tags.write_tag(Tag::ModelTiepointTag, &corner[..])?;
    // Version 1.1.0, three keys: projected, cells are areas, which system.
    let code = epsg(working().definition()).and_then(|code| u16::try_from(code).ok());
    let system = code.unwrap_or(USER_DEFINED);
    let keys: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, system];
    tags.write_tag(Tag::GeoKeyDirectoryTag, &keys[..])?;
    tags.write_tag(Tag::GdalNodata, format!("{NO_DATA:e}").as_str())?;
    let value = |i: usize| match &found.defined {
        Some(defined) if !defined[i] => NO_DATA,
        _ => surface.values[i],
    };
    // The file's first row is the northernmost.
    let values: Vec<f64> =
        (0..height).rev().flat_map(|row| (row * width..(row + 1) * width).map(value)).collect();
    image.write_data(&values)?;
    Ok(bytes.into_inner())
}

/// Every letter beyond ASCII as `\uXXXX`, as JSON allows.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_escaped_as_json_has_it() {
        let json = serde_json::json!({ "unit": "per km² — 😀" }).to_string();

        let plain = ascii(&json);

        assert!(plain.is_ascii());
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&plain).unwrap(),
            serde_json::from_str::<serde_json::Value>(&json).unwrap()
        );
    }
}

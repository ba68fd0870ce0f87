//! FlatGeobuf: features one after the other, behind a header that describes them.

use std::io::Cursor;

use flatgeobuf::{FallibleStreamingIterator as _, FgbReader};
use geozero::{CoordDimensions, FeatureProperties as _, ToWkb as _};

use super::super::encoding::Encoding;
use super::super::record::RawTable;
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::features::{Row, broken, contained, plain_time, stated_crs, table};
use super::wkb;
use crate::workspace::Crs;

/// FlatGeobuf.
pub(super) struct FlatGeobuf;

impl Format for FlatGeobuf {
    fn id(&self) -> &'static str {
        "flatgeobuf"
    }

    fn label(&self) -> &'static str {
        "FlatGeobuf"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(b"fgb\x03fgb")
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let bytes = file.bytes()?;
        contained(file, || features(file, &bytes))
    }
}

fn features(file: &LoadedFile, bytes: &[u8]) -> Result<RawTable<'static>, ReadError> {
    let wrong = |error: &dyn std::fmt::Display| broken(file, None, error.to_string());
    let reader = FgbReader::open(Cursor::new(bytes)).map_err(|e| wrong(&e))?;
    let header = reader.header();
    let columns: Vec<String> = header
        .columns()
        .map(|columns| columns.iter().map(|column| column.name().to_owned()).collect())
        .unwrap_or_default();
    let crs = match header.crs() {
        None => None,
        Some(crs) if crs.code() > 0 => {
            let name = format!("{}:{}", crs.org().unwrap_or("EPSG"), crs.code());
            Some(Crs::from_name(&name).map_or_else(|| stated_crs(file, &name), Ok)?)
        }
        Some(crs) => crs.wkt().map(|wkt| stated_crs(file, wkt)).transpose()?,
    };
    let mut features = reader.select_all_seq().map_err(|e| wrong(&e))?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(feature) = features.next().map_err(|e| wrong(&e))? {
        let number = rows.len() as u64 + 1;
        let at = |error: &dyn std::fmt::Display| broken(file, Some(number), error.to_string());
        let mut properties = feature.properties().map_err(|e| at(&e))?;
        let cells = columns
            .iter()
            .map(|column| day_or_time(properties.remove(column).unwrap_or_default()).into())
            .collect();
        let shape = match feature.to_wkb(CoordDimensions::xy()) {
            Ok(bytes) => wkb::read(&bytes).map_err(|e| at(&e))?,
            Err(geozero::error::GeozeroError::GeometryIndex) => None,
            Err(error) => return Err(at(&error)),
        };
        rows.push((cells, shape));
    }
    table("flatgeobuf", Encoding::Utf8, file, columns, crs, rows)
}

/// The format has no days without a time: midnight is how they are written.
fn day_or_time(text: String) -> String {
    let text = plain_time(text);
    text.strip_suffix(" 00:00:00").map(str::to_owned).unwrap_or(text)
}

//! FlatGeobuf: features one after the other, behind a header that describes them.

use std::borrow::Cow;
use std::io::Cursor;

use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::{FallibleStreamingIterator as _, FgbFeature, FgbReader, Geometry, Header};
use geozero::{CoordDimensions, FeatureProperties as _, ToWkb as _};

use super::super::encoding::Encoding;
use super::super::record::{RawRecord, RawTable, Rows};
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::features::{broken, contained, plain_time, send, stated_crs, table};
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
        // The library makes room for as many bytes as the header says it has.
        if header_length(&bytes) > bytes.len() {
            return Err(broken(file, None, "its header is cut short"));
        }
        let (columns, crs, start) = contained(file, || {
            let reader = FgbReader::open(Cursor::new(&bytes)).map_err(|e| wrong(file, None, &e))?;
            let header = reader.header();
            let columns: Vec<String> = header
                .columns()
                .map(|columns| columns.iter().map(|column| column.name().to_owned()).collect())
                .unwrap_or_default();
            Ok((columns, crs(file, &header)?, start(file, &header, &bytes)?))
        })?;
        let rows = FeatureRows { file, bytes, columns: columns.clone(), start };
        table(self.id(), Encoding::Utf8, file, columns, crs, rows)
    }
}

fn wrong(file: &LoadedFile, line: Option<u64>, error: &dyn std::fmt::Display) -> ReadError {
    broken(file, line, error.to_string())
}

fn crs(file: &LoadedFile, header: &Header<'_>) -> Result<Option<Crs>, ReadError> {
    Ok(match header.crs() {
        None => None,
        Some(crs) if crs.code() > 0 => {
            let name = format!("{}:{}", crs.org().unwrap_or("EPSG"), crs.code());
            Some(stated_crs(file, &name)?)
        }
        Some(crs) => crs.wkt().map(|wkt| stated_crs(file, wkt)).transpose()?,
    })
}

fn header_length(bytes: &[u8]) -> usize {
    let four = bytes.get(8..).and_then(|rest| rest.first_chunk());
    four.map_or(0, |four| u32::from_le_bytes(*four) as usize)
}

/// Byte at which the first feature starts: after the magic bytes, the header and the index.
fn start(file: &LoadedFile, header: &Header<'_>, bytes: &[u8]) -> Result<usize, ReadError> {
    let (count, width) = (header.features_count(), header.index_node_size());
    // A feature takes its length and a table at least, and an entry of the index 40 bytes.
    if count > bytes.len() as u64 / 8 {
        let message = format!("it is cut short: its header promises {count} features");
        return Err(broken(file, None, message));
    }
    let index =
        if width > 0 && count > 0 { PackedRTree::index_size(count as usize, width) } else { 0 };
    Ok(12 + header_length(bytes) + index)
}

struct FeatureRows<'a> {
    file: &'a LoadedFile,
    bytes: Cow<'a, [u8]>,
    columns: Vec<String>,
    start: usize,
}

impl Rows for FeatureRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let mut features = contained(self.file, || {
            FgbReader::open(Cursor::new(&self.bytes))
                .and_then(FgbReader::select_all_seq)
                .map_err(|e| wrong(self.file, None, &e))
        })?;
        let mut at = self.start;
        for number in 1.. {
            // The library makes room for as many bytes as a feature says it has.
            let left = self.bytes.get(at..).unwrap_or_default();
            let size = left.first_chunk().map(|four| u32::from_le_bytes(*four) as usize);
            if size.is_some_and(|size| size > left.len() - 4) {
                return Err(broken(self.file, Some(number), "the feature is cut short"));
            }
            at += 4 + size.unwrap_or_default();
            let found = contained(self.file, || {
                let feature = features.next().map_err(|e| wrong(self.file, Some(number), &e))?;
                feature.map(|feature| self.take(feature, number)).transpose()
            })?;
            let Some((cells, shape)) = found else { break };
            send(sink, number, &cells, shape.as_ref());
        }
        Ok(())
    }
}

type Taken = (Vec<Cow<'static, str>>, Option<geojson::GeometryValue>);

impl FeatureRows<'_> {
    fn take(&self, feature: &FgbFeature, number: u64) -> Result<Taken, ReadError> {
        let at = |error: &dyn std::fmt::Display| wrong(self.file, Some(number), error);
        let mut properties = feature.properties().map_err(|e| at(&e))?;
        let cells = self
            .columns
            .iter()
            .map(|column| day_or_time(properties.remove(column).unwrap_or_default()).into())
            .collect();
        let shape = match feature.geometry().map_or(0, numbers) {
            // A feature without a geometry, or with an empty one.
            0 => None,
            // Parts may be the same bytes many times over: then a small feature is a huge shape.
            n if n > self.bytes.len() => {
                return Err(broken(self.file, Some(number), "its geometry repeats its own parts"));
            }
            _ => {
                let bytes = feature.to_wkb(CoordDimensions::xy()).map_err(|e| at(&e))?;
                wkb::read(&bytes).map_err(|e| at(&e))?
            }
        };
        Ok((cells, shape))
    }
}

/// Coordinates of a shape, those of its parts included.
fn numbers(shape: Geometry<'_>) -> usize {
    let own = shape.xy().map_or(0, |xy| xy.len());
    let parts = shape.parts().map_or(0, |parts| parts.iter().map(numbers).sum());
    own.saturating_add(parts)
}

/// The format has no days without a time: midnight is how they are written.
fn day_or_time(text: String) -> String {
    let text = plain_time(text);
    text.strip_suffix(" 00:00:00").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_may_be_nowhere() {
        let bytes = include_bytes!("../../../tests/data/flatgeobuf/one_without_place.fgb");
        let file = LoadedFile::from_bytes("f.fgb", bytes.as_slice());
        let table = FlatGeobuf.open(&file).unwrap();
        let mut rows = Vec::new();

        table.rows.each(&mut |row| rows.push((row.text(), row.geometry.is_some()))).unwrap();

        assert_eq!(rows, [("A".to_owned(), true), ("B".to_owned(), false), ("C".to_owned(), true)]);
    }
}

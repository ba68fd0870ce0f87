//! File formats: bytes to rows of text under named columns.

mod dbf;
mod delimited;
mod features;
mod flatgeobuf;
mod geoarrow;
mod geojson;
mod geopackage;
mod geopackage_view;
mod geoparquet;
mod layout;
mod ods;
mod parquet_promises;
mod shapefile;
mod sheet;
mod split;
mod unseen;
mod wkb;
mod wkt;
mod workbook;
mod xlsx;

use super::english::unread;
use super::{LoadedFile, RawTable, ReadError};

/// A file format that rows can be read from.
pub trait Format: Sync {
    /// Name on the command line and in reports, such as `geojson`.
    fn id(&self) -> &'static str;
    /// What it is, in words.
    fn label(&self) -> &'static str;
    /// Whether a file that starts with these bytes is in this format.
    fn recognises(&self, head: &[u8]) -> bool;
    /// Takes the file apart.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if its structure is broken.
    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError>;
}

/// Every format, most specific first; the first that recognises a file reads it.
pub static FORMATS: &[&dyn Format] = &[
    &ods::OdsBook,
    &xlsx::XlsxBook,
    &geopackage::GeoPackage,
    &shapefile::Shapefile,
    &flatgeobuf::FlatGeobuf,
    &geoparquet::GeoParquet,
    &geojson::GeoJson,
    &delimited::Delimited,
];

/// First bytes of files that are often sent instead, and what they are.
const NOT_READ: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", unread::ZIP_OF_SOMETHING),
    (b"\xD0\xCF\x11\xE0", unread::OLD_EXCEL),
    (b"%PDF", unread::PDF),
];

/// What the reader must know of a file whatever its rows are about: hidden rows of a sheet and the
/// like, a sentence each.
///
/// # Errors
///
/// As [`open`].
pub fn notes(file: &LoadedFile) -> Result<Vec<String>, ReadError> {
    // Only sheets have any; a boundary file is not taken apart again for nothing.
    if workbook::first_member(file.head()).is_none() {
        return Ok(Vec::new());
    }
    let name = &file.name;
    Ok(open(file)?.facts.notes.iter().map(|note| format!("{name}: {note}")).collect())
}

/// Takes a file apart in the first format that recognises it.
///
/// # Errors
///
/// [`ReadError`] if it is in no format we read, or broken.
pub fn open(file: &LoadedFile) -> Result<RawTable<'_>, ReadError> {
    let format = FORMATS.iter().find(|format| format.recognises(file.head()));
    // The last format takes any text, so one is always found.
    let format = format.ok_or_else(|| ReadError::Empty(file.name.clone()))?;
    let other = NOT_READ.iter().find(|(start, _)| file.head().starts_with(start));
    if let (Some((_, what)), "csv") = (other, format.id()) {
        return Err(ReadError::Unsupported { file: file.name.clone(), what });
    }
    format.open(file)
}

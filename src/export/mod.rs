//! Layers and tables as files that other programs read.
//!
//! A format is one file with a [`Writer`] and one line in [`WRITERS`]. Tables without a map go
//! through [`write_table`].

mod archive;
mod csv;
mod english;
mod geojson;
mod geoparquet;
mod geotiff;
mod gpkg;
mod incidents;
mod meetings;
mod package;
mod place;
#[cfg(test)]
mod tests;
mod xlsx;

pub use archive::{
    ArchiveError, Draw, MOST_TILES, Pyramid, TileKind, write_mbtiles, write_pmtiles,
};
pub use csv::{Csv, write_table};
pub use geojson::{GeoJson, GeoJsonFeatures};
pub use geoparquet::GeoParquet;
pub use geotiff::GeoTiff;
pub use gpkg::GeoPackage;
pub use incidents::{incidents_csv, incidents_gpkg};
pub use meetings::{PlannedMeeting, meetings_geojson, meetings_ics};
pub use xlsx::write_workbook;

use std::io::{self, Write};

use thiserror::Error;

use crate::crs::CrsError;
use crate::layer::{HowMade, Layer};
use crate::stats::SurfaceScores;
use crate::workspace::Crs;

/// Why something cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The file, or whatever it is written to, refused.
    #[error("cannot write {what}")]
    Io {
        /// Layer or table.
        what: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A place cannot be put on the map of the world.
    #[error("cannot write {layer}: the outline of {feature} leaves the map")]
    Position {
        /// Id of the layer.
        layer: &'static str,
        /// Id of the feature.
        feature: String,
        /// Which position.
        source: CrsError,
    },
    /// There is no way to the coordinate system asked for.
    #[error("cannot write {what} in that coordinate system")]
    Crs {
        /// Layer or table.
        what: String,
        /// Which system.
        source: CrsError,
    },
    /// A row has more or fewer cells than there are columns.
    #[error("cannot write {what}: row {row} has {found} cells for {wanted} columns")]
    Ragged {
        /// Layer or table.
        what: String,
        /// Row, counted from 1.
        row: usize,
        /// Cells it has.
        found: usize,
        /// Columns there are.
        wanted: usize,
    },
    /// A table does not fit a workbook.
    #[error("cannot write the workbook: {reason}")]
    Workbook {
        /// What its writer says.
        reason: String,
    },
}

/// What a layer's file says of the whole, in formats that have room for it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// How it was made.
    pub how_made: &'a HowMade,
    /// What the reader must know, in sentences.
    pub notes: &'a [String],
    /// Coordinate system to write places in; the format's own where absent.
    pub crs: Option<Crs>,
}

/// A file format that layers can be written in. The same layer gives the same bytes.
pub trait Writer: Sync {
    /// Name on the command line, and the file's extension.
    fn id(&self) -> &'static str;
    /// Media type for HTTP.
    fn media_type(&self) -> &'static str;
    /// Writes `layer`.
    ///
    /// # Errors
    ///
    /// [`ExportError`] if `out` refuses or the layer has a place or row that cannot be written.
    fn write(
        &self,
        layer: &Layer,
        about: About<'_>,
        out: &mut dyn Write,
    ) -> Result<(), ExportError>;
}

/// A file format for rasters.
pub trait SurfaceWriter: Sync {
    /// Extension of the file, and its name on the command line.
    fn id(&self) -> &'static str;
    /// As in HTTP.
    fn media_type(&self) -> &'static str;
    /// Writes one raster; the same raster gives the same bytes.
    ///
    /// # Errors
    ///
    /// [`ExportError`] if it does not fit the format or `out` refuses.
    fn write(
        &self,
        surface: &SurfaceScores,
        about: About<'_>,
        out: &mut dyn Write,
    ) -> Result<(), ExportError>;
}

/// Every format of rasters.
pub static SURFACE_WRITERS: &[&dyn SurfaceWriter] = &[&GeoTiff];

/// The format of rasters with this id.
pub fn surface_writer(id: &str) -> Option<&'static dyn SurfaceWriter> {
    SURFACE_WRITERS.iter().copied().find(|writer| writer.id() == id)
}

/// Every format of layers, the one with most room first.
pub static WRITERS: &[&dyn Writer] = &[&GeoJson, &GeoPackage, &GeoParquet, &Csv];

/// The format with this id.
pub fn writer(id: &str) -> Option<&'static dyn Writer> {
    WRITERS.iter().copied().find(|writer| writer.id() == id)
}

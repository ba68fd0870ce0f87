//! Whole pyramids of tiles in one file: `PMTiles` for any file host, `MBTiles` for desktop programs.
//!
//! The same tiles give the same bytes: no clock is asked, and tiles go in in one order.

use std::io::{self, Seek, Write};

use pmtiles::{PmTilesWriter, TileCoord, TileType};
use rayon::prelude::*;
use rusqlite::{Connection, MAIN_DB, params};
use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use crate::crs::TileId;

/// Tiles drawn at once; they are written in order.
const BATCH: usize = 1_024;

/// Most tiles that one file may be asked for.
pub const MOST_TILES: u64 = 2_000_000;

/// Why a pyramid cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// More tiles than fit.
    #[error(
        "zooms {least} to {most} of this area are {tiles} tiles; at most {MOST_TILES} are written"
    )]
    TooMany {
        /// Shallowest zoom asked for.
        least: u8,
        /// Deepest zoom asked for.
        most: u8,
        /// Tiles that would make.
        tiles: u64,
    },
    /// A tile cannot be drawn.
    #[error("tile {z}/{x}/{y} cannot be drawn")]
    Tile {
        /// Zoom.
        z: u8,
        /// Column.
        x: u32,
        /// Row.
        y: u32,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file cannot be written.
    #[error("the tiles cannot be written")]
    Io(#[from] io::Error),
    /// Not as `PMTiles`.
    #[error("the tiles cannot be written as PMTiles")]
    PmTiles(#[from] pmtiles::PmtError),
    /// Not as `MBTiles`.
    #[error("the tiles cannot be written as MBTiles")]
    MbTiles(#[from] rusqlite::Error),
}

/// What the tiles are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    /// PNG pictures.
    Png,
    /// WebP pictures.
    Webp,
    /// Mapbox Vector Tiles.
    Mvt,
}

/// A pyramid to be written.
#[derive(Debug, Clone)]
pub struct Pyramid {
    /// Name of the layer, in vector tiles too.
    pub id: String,
    /// Title on screen.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Lines of attribution.
    pub attribution: String,
    /// What its tiles are.
    pub kind: TileKind,
    /// Shallowest zoom.
    pub least: u8,
    /// Deepest zoom.
    pub most: u8,
    /// West, south, east and north in degrees.
    pub bounds: [f64; 4],
    /// Attributes of vector tiles with what they are.
    pub fields: Vec<(String, String)>,
    /// More that the file says of itself: how it was made, its legend.
    pub more: Map<String, Json>,
}

/// Draws one tile; `None` where it is empty.
pub type Draw<'a> =
    dyn Fn(TileId) -> Result<Option<Vec<u8>>, Box<dyn std::error::Error + Send + Sync>> + Sync + 'a;

impl Pyramid {
    /// Columns and rows of a zoom that the bounds touch.
    fn range(&self, zoom: u8) -> (std::ops::RangeInclusive<u32>, std::ops::RangeInclusive<u32>) {
        let [west, south, east, north] = self.bounds;
        let across = f64::from(zoom).exp2();
        let whole = |share: f64| (share * across).floor().clamp(0.0, across - 1.0) as u32;
        let column = |lon: f64| whole(lon / 360.0 + 0.5);
        let row = |lat: f64| {
            let angle = lat.clamp(-85.05, 85.05).to_radians();
            whole((1.0 - (angle.tan() + 1.0 / angle.cos()).ln() / std::f64::consts::PI) / 2.0)
        };
        (column(west)..=column(east), row(north)..=row(south))
    }

    /// Tiles of all zooms together.
    pub fn n_tiles(&self) -> u64 {
        let of = |zoom: u8| {
            let (columns, rows) = self.range(zoom);
            columns.count() as u64 * rows.count() as u64
        };
        (self.least..=self.most).map(of).sum()
    }

    /// Deepest zoom, not past `most`, at which all zooms together are no more than `tiles`.
    pub fn deepest_within(&self, tiles: u64, most: u8) -> u8 {
        let fits = |zoom: &u8| Self { most: *zoom, ..self.clone() }.n_tiles() <= tiles;
        (self.least..=most).rev().find(fits).unwrap_or(self.least)
    }

    /// Every tile, in the order of `PMTiles`: along a Hilbert curve, zoom by zoom.
    fn tiles(&self) -> Result<Vec<TileId>, ArchiveError> {
        let n = self.n_tiles();
        if n > MOST_TILES {
            return Err(ArchiveError::TooMany { least: self.least, most: self.most, tiles: n });
        }
        let mut tiles = Vec::with_capacity(n as usize);
        for zoom in self.least..=self.most {
            let (columns, rows) = self.range(zoom);
            for x in columns {
                tiles.extend(rows.clone().filter_map(|y| TileId::new(zoom, x, y).ok()));
            }
        }
        tiles.sort_by_cached_key(|tile| pmtiles::TileId::from(coord(*tile)).value());
        Ok(tiles)
    }

    fn centre(&self) -> (f64, f64, u8) {
        let [west, south, east, north] = self.bounds;
        let zoom = (360.0 / (east - west).max(1e-6)).log2().floor();
        let zoom = zoom.clamp(f64::from(self.least), f64::from(self.most)) as u8;
        (f64::midpoint(west, east), f64::midpoint(south, north), zoom)
    }

    fn vector_layers(&self) -> Json {
        let fields: Map<String, Json> =
            self.fields.iter().map(|(id, words)| (id.clone(), json!(words))).collect();
        json!([{
            "id": self.id, "description": self.title, "minzoom": self.least,
            "maxzoom": self.most, "fields": fields,
        }])
    }

    /// What the file says of itself.
    fn metadata(&self) -> Map<String, Json> {
        let mut all = Map::new();
        all.insert("name".to_owned(), json!(self.title));
        all.insert("description".to_owned(), json!(self.description));
        all.insert("attribution".to_owned(), json!(self.attribution));
        all.insert("type".to_owned(), json!("overlay"));
        all.insert("version".to_owned(), json!("1.0.0"));
        if self.kind == TileKind::Mvt {
            all.insert("vector_layers".to_owned(), self.vector_layers());
        }
        all.extend(self.more.clone());
        all
    }
}

fn coord(tile: TileId) -> TileCoord {
    TileCoord::new(tile.z(), tile.x(), tile.y()).expect("a tile of ours is one of theirs")
}

/// Draws every tile and tells `each` of those that are not empty, in order.
fn draw_all(
    pyramid: &Pyramid,
    draw: &Draw<'_>,
    mut each: impl FnMut(TileId, &[u8]) -> Result<(), ArchiveError>,
) -> Result<u64, ArchiveError> {
    let mut written = 0;
    for batch in pyramid.tiles()?.chunks(BATCH) {
        let drawn: Vec<_> = batch.par_iter().map(|&tile| draw(tile)).collect();
        for (&tile, drawn) in batch.iter().zip(drawn) {
            let drawn = drawn.map_err(|source| {
                let (z, x, y) = (tile.z(), tile.x(), tile.y());
                ArchiveError::Tile { z, x, y, source }
            })?;
            if let Some(bytes) = drawn {
                each(tile, &bytes)?;
                written += 1;
            }
        }
    }
    Ok(written)
}

/// Writes a `PMTiles` 3 file; gives how many tiles are in it. Empty tiles are left out: a reader
/// that does not find one shows nothing there.
///
/// # Errors
///
/// [`ArchiveError`] if there are too many tiles, one cannot be drawn, or `out` refuses.
pub fn write_pmtiles(
    pyramid: &Pyramid,
    draw: &Draw<'_>,
    out: impl Write + Seek,
) -> Result<u64, ArchiveError> {
    let kind = match pyramid.kind {
        TileKind::Png => TileType::Png,
        TileKind::Webp => TileType::Webp,
        TileKind::Mvt => TileType::Mvt,
    };
    let [west, south, east, north] = pyramid.bounds;
    let (lon, lat, zoom) = pyramid.centre();
    let mut writer = PmTilesWriter::new(kind)
        .min_zoom(pyramid.least)
        .max_zoom(pyramid.most)
        .bounds(west, south, east, north)
        .center(lon, lat)
        .center_zoom(zoom)
        .metadata(Json::Object(pyramid.metadata()).to_string())
        .create(out)?;
    let written = draw_all(pyramid, draw, |tile, bytes| Ok(writer.add_tile(coord(tile), bytes)?))?;
    writer.finalize()?;
    Ok(written)
}

/// Writes an `MBTiles` 1.3 file; gives how many tiles are in it. Rows count from the south, vector
/// tiles are compressed, as the format has it.
///
/// # Errors
///
/// As [`write_pmtiles`].
pub fn write_mbtiles(
    pyramid: &Pyramid,
    draw: &Draw<'_>,
    out: &mut dyn Write,
) -> Result<u64, ArchiveError> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(
        "PRAGMA page_size = 4096;
         PRAGMA application_id = 1297105496;
         CREATE TABLE metadata (name TEXT, value TEXT);
         CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER,
           tile_data BLOB);
         CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);",
    )?;
    let transaction = connection.transaction()?;
    for (name, value) in mbtiles_metadata(pyramid) {
        transaction.execute("INSERT INTO metadata VALUES (?1, ?2)", params![name, value])?;
    }
    let written = {
        let mut insert = transaction.prepare("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)")?;
        draw_all(pyramid, draw, |tile, bytes| {
            let row = (1_u32 << tile.z()) - 1 - tile.y();
            let packed = if pyramid.kind == TileKind::Mvt { Some(gzip(bytes)?) } else { None };
            let bytes = packed.as_deref().unwrap_or(bytes);
            insert.execute(params![tile.z(), tile.x(), row, bytes])?;
            Ok(())
        })?
    };
    transaction.commit()?;
    let bytes = connection.serialize(MAIN_DB)?;
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(written)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes)?;
    packed.finish()
}

fn mbtiles_metadata(pyramid: &Pyramid) -> Vec<(String, String)> {
    let [west, south, east, north] = pyramid.bounds;
    let (lon, lat, zoom) = pyramid.centre();
    let format = match pyramid.kind {
        TileKind::Png => "png",
        TileKind::Webp => "webp",
        TileKind::Mvt => "pbf",
    };
    let mut all: Vec<(String, String)> = vec![
        ("format".to_owned(), format.to_owned()),
        ("bounds".to_owned(), format!("{west},{south},{east},{north}")),
        ("center".to_owned(), format!("{lon},{lat},{zoom}")),
        ("minzoom".to_owned(), pyramid.least.to_string()),
        ("maxzoom".to_owned(), pyramid.most.to_string()),
    ];
    for (name, value) in pyramid.metadata() {
        match value {
            Json::String(text) => all.push((name, text)),
            layers if name == "vector_layers" => {
                all.push(("json".to_owned(), json!({ "vector_layers": layers }).to_string()));
            }
            other => all.push((name, other.to_string())),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn pyramid(kind: TileKind) -> Pyramid {
        Pyramid {
            id: "wards".to_owned(),
            title: "Wards".to_owned(),
            description: String::new(),
            attribution: String::new(),
            kind,
            least: 6,
            most: 15,
            bounds: [-1.45, 54.5, -1.2, 54.65],
            fields: vec![("name".to_owned(), "Ward".to_owned())],
            more: Map::new(),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as those that draw have it")]
    fn draw(tile: TileId) -> Result<Option<Vec<u8>>, Box<dyn std::error::Error + Send + Sync>> {
        let empty = (tile.x() + tile.y()).is_multiple_of(3);
        Ok((!empty).then(|| format!("tile {} {}", tile.z(), tile.x() / 4).into_bytes()))
    }

    #[test]
    fn the_same_tiles_give_the_same_bytes() {
        let write = || {
            let (mut pm, mut mb) = (Cursor::new(Vec::new()), Vec::new());
            let n = write_pmtiles(&pyramid(TileKind::Mvt), &draw, &mut pm).unwrap();
            assert_eq!(n, write_mbtiles(&pyramid(TileKind::Mvt), &draw, &mut mb).unwrap());
            (pm.into_inner(), mb, n)
        };
        let (first, again) = (write(), write());

        assert_eq!(first, again);
        assert!(first.2 > 100 && first.2 < pyramid(TileKind::Mvt).n_tiles());
        assert_eq!(&first.0[..8], b"PMTiles\x03");
    }

    #[test]
    fn more_tiles_than_fit_are_refused_before_work() {
        let huge = Pyramid { most: 22, ..pyramid(TileKind::Png) };

        let refused = write_mbtiles(&huge, &draw, &mut Vec::new()).unwrap_err();

        assert!(matches!(refused, ArchiveError::TooMany { most: 22, .. }));
        assert!(huge.deepest_within(5_000, 18) < 18);
    }
}

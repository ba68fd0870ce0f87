//! The workspace's own basemap: one `PMTiles` file on disk, read part by part.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use axum::http::HeaderValue;
use moka::sync::Cache;
use pmtiles::{AsyncBackend, AsyncPmTilesReader, BackendResponse, PmtResult, TileCoord};
use sha2::{Digest as _, Sha256};

use crate::crs::{Bng, TileId, WORLD_HALF_WIDTH, WebMercator, bng_to_lonlat};
use crate::geometry::Bounds;
use crate::hint::Hint;
use crate::render::ground::Ground;

use super::reply::hex;

/// How files of this kind begin.
const MAGIC: &[u8] = b"PMTiles\x03";

/// Bytes that stand for the file in its tag: header, root directory and metadata of most files.
const HEAD: u64 = 64 * 1024;

/// A basemap that is there.
#[derive(Debug, Clone)]
pub struct Basemap(Arc<Inner>);

impl AsyncBackend for Basemap {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        let end = offset.saturating_add(length as u64).min(self.length());
        let bytes = Self::read(self, &(offset.min(end)..end)).map_err(std::io::Error::other)?;
        Ok(BackendResponse::new(bytes.into()))
    }
}

/// Grounds of drawings that are kept.
const MOST_GROUNDS: u64 = 16;
/// Most tiles that one drawing reads.
const MOST_TILES: usize = 64;
/// Width of a tile in pixels of a drawing, about.
const TILE: f64 = 512.0;

/// The tiles of the zoom that fits a drawing of these bounds, whose pixels are `metre` metres wide.
fn tiles_of(
    within: Bounds,
    metre: f64,
    zooms: std::ops::RangeInclusive<u8>,
) -> anyhow::Result<Vec<TileId>> {
    let corners = [
        within.min,
        within.max,
        Bng::new(within.min.easting(), within.max.northing()),
        Bng::new(within.max.easting(), within.min.northing()),
    ];
    let corners: Vec<_> = on_tiles(corners)?;
    let least = |of: fn(&WebMercator) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let most =
        |of: fn(&WebMercator) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (west, east) = (least(|at| at.x()), most(|at| at.x()));
    let (south, north) = (least(|at| at.y()), most(|at| at.y()));
    // Metres of the tiles are stretched away from the equator.
    let stretch = (east - west) / within.width().max(1.0);
    let world = 2.0 * WORLD_HALF_WIDTH;
    let wanted = (world / (TILE * metre * stretch)).log2().round();
    let first = wanted.clamp(f64::from(*zooms.start()), f64::from(*zooms.end())) as u8;
    for zoom in (*zooms.start()..=first).rev() {
        let side = world / f64::from(zoom).exp2();
        let last = f64::from(zoom).exp2() - 1.0;
        let column = |x: f64| ((x + WORLD_HALF_WIDTH) / side).floor().clamp(0.0, last) as u32;
        let row = |y: f64| ((WORLD_HALF_WIDTH - y) / side).floor().clamp(0.0, last) as u32;
        let (columns, rows) = (column(west)..=column(east), row(north)..=row(south));
        if columns.clone().count() * rows.clone().count() <= MOST_TILES {
            let of = |y: u32| columns.clone().map(move |x| TileId::new(zoom, x, y));
            return Ok(rows.flat_map(of).collect::<Result<_, _>>()?);
        }
    }
    Ok(Vec::new())
}

fn on_tiles(corners: [Bng; 4]) -> anyhow::Result<Vec<WebMercator>> {
    let place = |at: Bng| Ok(WebMercator::from_lonlat(bng_to_lonlat(at)?));
    corners.into_iter().map(place).collect()
}

/// Whom the metadata name, without markup.
fn attribution(metadata: &str) -> String {
    let metadata: serde_json::Value = serde_json::from_str(metadata).unwrap_or_default();
    let marked = metadata["attribution"].as_str().unwrap_or_default();
    let mut plain = String::new();
    let mut inside = 0;
    for letter in marked.chars() {
        match letter {
            '<' => inside += 1,
            '>' if inside > 0 => inside -= 1,
            letter if inside == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain.trim().to_owned()
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    length: u64,
    tag: String,
    grounds: Cache<String, Arc<Ground>>,
}

impl Basemap {
    /// The file at `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is no `PMTiles` file.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let doing = || format!("opening the basemap {}", path.display());
        let mut file = File::open(path).with_context(doing)?;
        let about = file.metadata().with_context(doing)?;
        let mut head = Vec::new();
        file.by_ref().take(HEAD).read_to_end(&mut head).with_context(doing)?;
        if !head.starts_with(MAGIC) {
            return Err(anyhow::anyhow!("it is no PMTiles file of version 3")
                .context(Hint("make one with `pmtiles extract` or tilemaker".to_owned()))
                .context(doing()));
        }
        let mut sum = Sha256::new();
        sum.update(&head);
        sum.update(about.len().to_le_bytes());
        let changed =
            about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        sum.update(changed.map_or(0, |since| since.as_nanos()).to_le_bytes());
        let tag = format!("\"{}\"", hex(&sum.finalize()[..16]));
        let grounds = Cache::new(MOST_GROUNDS);
        Ok(Self(Arc::new(Inner { path: path.to_owned(), length: about.len(), tag, grounds })))
    }

    /// Bytes of the whole file.
    pub(crate) fn length(&self) -> u64 {
        self.0.length
    }

    /// Strong tag of the file as it was opened.
    pub(crate) fn etag(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0.tag).expect("hexadecimal digits fit in a header")
    }

    /// What of it a drawing of these bounds shows, in which a pixel is `metre` metres wide.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or holds no vector tiles.
    pub(crate) async fn ground(&self, within: Bounds, metre: f64) -> anyhow::Result<Arc<Ground>> {
        let key = format!("{within:?} {metre}");
        if let Some(ground) = self.0.grounds.get(&key) {
            return Ok(ground);
        }
        let archive = AsyncPmTilesReader::try_from_source(self.clone()).await?;
        let about = archive.get_header();
        let mut tiles = Vec::new();
        for tile in tiles_of(within, metre, about.min_zoom..=about.max_zoom)? {
            let at = TileCoord::new(tile.z(), tile.x(), tile.y())?;
            if let Some(bytes) = archive.get_tile_decompressed(at).await? {
                tiles.push((tile, bytes.to_vec()));
            }
        }
        let attribution = match archive.get_metadata().await {
            Ok(metadata) => attribution(&metadata),
            // A file may say nothing of itself.
            Err(_) => String::new(),
        };
        let ground = Arc::new(Ground::of(&tiles, attribution)?);
        self.0.grounds.insert(key, Arc::clone(&ground));
        Ok(ground)
    }

    /// These bytes of it.
    pub(crate) fn read(&self, range: &Range<u64>) -> anyhow::Result<Vec<u8>> {
        let doing = || format!("reading the basemap {}", self.0.path.display());
        let mut file = File::open(&self.0.path).with_context(doing)?;
        file.seek(SeekFrom::Start(range.start)).with_context(doing)?;
        let mut bytes = vec![0; (range.end - range.start) as usize];
        file.read_exact(&mut bytes).with_context(doing)?;
        Ok(bytes)
    }
}

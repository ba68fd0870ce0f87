//! The workspace's own basemap: one `PMTiles` file on disk, read part by part.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use axum::http::HeaderValue;
use sha2::{Digest as _, Sha256};

use crate::hint::Hint;

use super::reply::hex;

/// How files of this kind begin.
const MAGIC: &[u8] = b"PMTiles\x03";

/// Bytes that stand for the file in its tag: header, root directory and metadata of most files.
const HEAD: u64 = 64 * 1024;

/// A basemap that is there.
#[derive(Debug, Clone)]
pub struct Basemap(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    length: u64,
    tag: String,
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
        Ok(Self(Arc::new(Inner { path: path.to_owned(), length: about.len(), tag })))
    }

    /// Bytes of the whole file.
    pub(crate) fn length(&self) -> u64 {
        self.0.length
    }

    /// Strong tag of the file as it was opened.
    pub(crate) fn etag(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0.tag).expect("hexadecimal digits fit in a header")
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

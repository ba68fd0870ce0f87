//! A file in memory: unpacked if it is gzipped, with the checksum of its bytes as they lie on disk.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::ReadError;

/// Most bytes of one unpacked file that are taken into memory.
const MOST_BYTES: u64 = 4 << 30;

/// A file's bytes.
#[derive(Debug, Clone)]
pub struct LoadedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of the bytes on disk, hexadecimal.
    pub sha256: String,
    /// Bytes, unpacked.
    pub bytes: Vec<u8>,
}

impl LoadedFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if it cannot be read or unpacked, is empty, or is too large.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let io = |source: io::Error| ReadError::Io { file: name.clone(), source };
        let size = fs::metadata(path).map_err(io)?.len();
        if size > MOST_BYTES {
            return Err(ReadError::TooLarge { file: name, most: MOST_BYTES });
        }
        let packed = fs::read(path).map_err(io)?;
        let mut sha256 = String::with_capacity(64);
        for byte in Sha256::digest(&packed) {
            let _ = write!(sha256, "{byte:02x}");
        }
        let bytes = if packed.starts_with(&[0x1f, 0x8b]) {
            let mut bytes = Vec::with_capacity(packed.len().saturating_mul(6));
            let unpacked =
                MultiGzDecoder::new(packed.as_slice()).take(MOST_BYTES + 1).read_to_end(&mut bytes);
            unpacked.map_err(|error| ReadError::Broken {
                file: name.clone(),
                line: None,
                message: format!("the gzip stream is damaged or cut short ({error})"),
            })?;
            if bytes.len() as u64 > MOST_BYTES {
                return Err(ReadError::TooLarge { file: name, most: MOST_BYTES });
            }
            bytes
        } else {
            packed
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(ReadError::Empty(name));
        }
        Ok(Self { path: path.to_owned(), name, sha256, bytes })
    }

    /// A file from bytes in memory, for tests and samples.
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: PathBuf::from(name),
            name: name.to_owned(),
            sha256: String::new(),
            bytes: bytes.into(),
        }
    }
}

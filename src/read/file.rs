//! A file to be read: a handle that gives its bytes as a stream, as often as asked.
//!
//! Gzip is unpacked on the way, and so is a member of a zip archive. Nothing is held but the first
//! bytes, so a file of any size can be opened; formats that need the whole ask for
//! [`LoadedFile::bytes`], which is capped.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use sha2::{Digest as _, Sha256};
use zip::CompressionMethod;

use super::archive::{Archive, archive};
use super::english::{fault, hint, unread};
use super::{ReadError, listed, zipped};

/// First bytes that are held, for recognising a format.
const HEAD: usize = 64 << 10;
/// Most bytes of one unpacked file that are taken into memory whole ...
const MOST_BYTES: u64 = 1 << 30;
/// ... and most of them for each byte of a packed file ...
const UNPACKED_TIMES: u64 = 50;
/// ... or this many, if it is small.
const LEAST_UNPACKED: u64 = 64 << 20;
/// A packed file that grows to this size ...
const BOMB_BYTES: u64 = 1 << 30;
/// ... and to this many times its packed size is no data.
const BOMB_TIMES: u64 = 200;
/// Bytes read at a time.
const BUFFER: usize = 256 << 10;

/// Where bytes come from: a file, or one member of a zip archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// The file on disk.
    pub path: PathBuf,
    /// Name of a member, if the file is a zip archive.
    pub member: Option<String>,
}

impl Input {
    /// A file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), member: None }
    }

    /// Name in reports: the file without its folders, and below it the member.
    pub fn name(&self) -> String {
        let file = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy();
        match &self.member {
            Some(member) => format!("{file}/{member}"),
            None => file.into_owned(),
        }
    }

    /// Name of the publisher's file itself, without archive, folders and `.gz`.
    pub fn own_name(&self) -> String {
        let name = self.name();
        let own = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        own.strip_suffix(".gz").unwrap_or(own).to_owned()
    }
}

/// How the bytes lie.
#[derive(Debug, Clone)]
enum Content {
    Plain,
    Gzip,
    Member { start: u64, packed: u64, deflated: bool, crc: u32 },
    Memory(Arc<Vec<u8>>),
}

/// A file that can be read from its start, as often as asked.
#[derive(Debug, Clone)]
pub struct LoadedFile {
    /// Where it lies; for a member, where its archive lies.
    pub path: PathBuf,
    /// Its name, without folders; for a member, the archive's name and then the member's.
    pub name: String,
    /// Sheet of a workbook or layer of a geodata file, where one was asked for (`book.xlsx#Sheet1`).
    pub part: Option<String>,
    content: Content,
    size: u64,
    head: Vec<u8>,
    sha256: Arc<OnceLock<String>>,
}

impl LoadedFile {
    /// Opens the file at `path`. A sheet or layer of it may be named after a `#`.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if it cannot be read or unpacked, or is empty.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let text = path.to_string_lossy();
        let named =
            text.split_once('#').filter(|(file, _)| !path.exists() && Path::new(file).is_file());
        let (path, part) = match named {
            Some((file, part)) => (Path::new(file), Some(part.to_owned())),
            None => (path, None),
        };
        if !path.is_file() {
            return Self::open_input(&Input::file(path));
        }
        match (archive(path)?, part) {
            (None, part) => {
                let mut file = Self::open_input(&Input::file(path))?;
                file.part = part;
                Ok(file)
            }
            (Some(_), member @ Some(_)) => {
                Self::open_input(&Input { path: path.to_owned(), member })
            }
            (Some(Archive { files, .. }), None) => match files.as_slice() {
                [only] => Self::open(only),
                several => Err(several_members(path, several)),
            },
        }
    }

    /// Opens a file or a member of an archive.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if it cannot be read or unpacked, or is empty.
    pub fn open_input(input: &Input) -> Result<Self, ReadError> {
        let name = input.name();
        let io = |source: io::Error| ReadError::Io { file: name.clone(), source };
        let mut on_disk = File::open(&input.path).map_err(io)?;
        let mut size = on_disk.metadata().map_err(io)?.len();
        let content = if let Some(member) = &input.member {
            let content = find_member(&name, on_disk, member)?;
            if let Content::Member { packed, .. } = content {
                size = packed;
            }
            content
        } else {
            let mut start = [0; 2];
            let n = read_full(&mut on_disk, &mut start).map_err(io)?;
            if start[..n] == [0x1f, 0x8b] { Content::Gzip } else { Content::Plain }
        };
        let sha256 = Arc::default();
        let path = input.path.clone();
        let mut file = Self { path, name, part: None, content, size, head: Vec::new(), sha256 };
        let mut head = vec![0; HEAD];
        let n = read_full(&mut *file.unpacked(false)?, &mut head).map_err(|e| file.error(e))?;
        head.truncate(n);
        if n < HEAD && head.iter().all(u8::is_ascii_whitespace) {
            return Err(ReadError::Empty(file.name));
        }
        head.shrink_to_fit();
        file.head = head;
        Ok(file)
    }

    /// A file from bytes in memory, for tests and samples.
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Vec<u8> = bytes.into();
        Self {
            path: PathBuf::from(name),
            name: name.to_owned(),
            part: None,
            size: bytes.len() as u64,
            head: bytes[..bytes.len().min(HEAD)].to_vec(),
            content: Content::Memory(Arc::new(bytes)),
            sha256: Arc::default(),
        }
    }

    /// Its first bytes, unpacked: 64 KiB, or all if there are fewer.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Bytes as they lie on disk, still packed.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The unpacked bytes from the start.
    ///
    /// Map its errors by [`Self::error`]. Memory does not grow with the file; what unpacks to more
    /// than a gigabyte and 200 times its size is refused.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if the file cannot be opened any more.
    pub fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        self.unpacked(true)
    }

    /// All unpacked bytes, for formats that cannot be read as a stream.
    ///
    /// # Errors
    ///
    /// [`ReadError::TooLarge`] past 1 GiB, or for a packed file past 64 MiB and 50 times its size;
    /// other [`ReadError`]s if it cannot be read or unpacked.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, ReadError> {
        if let Content::Memory(bytes) = &self.content {
            return Ok(Cow::Borrowed(bytes));
        }
        let most = match self.content {
            Content::Plain | Content::Memory(_) => MOST_BYTES,
            Content::Gzip | Content::Member { .. } => {
                MOST_BYTES.min(LEAST_UNPACKED.max(self.size.saturating_mul(UNPACKED_TIMES)))
            }
        };
        let too_large = || ReadError::TooLarge { file: self.name.clone(), most };
        if self.size > MOST_BYTES {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(self.size as usize);
        let mut reader = self.reader()?.take(most + 1);
        reader.read_to_end(&mut bytes).map_err(|e| self.error(e))?;
        if bytes.len() as u64 > most {
            return Err(too_large());
        }
        Ok(Cow::Owned(bytes))
    }

    /// SHA-256, hexadecimal, of the bytes on disk; of the unpacked bytes for a member of an
    /// archive. A reader that reached the end has computed it on the way.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if the file cannot be read.
    pub fn sha256(&self) -> Result<String, ReadError> {
        if let Some(known) = self.sha256.get() {
            return Ok(known.clone());
        }
        let mut reader: Box<dyn Read + Send> = match &self.content {
            Content::Memory(_) | Content::Member { .. } => self.unpacked(false)?,
            Content::Plain | Content::Gzip => Box::new(self.on_disk()?),
        };
        let mut hash = Sha256::new();
        let mut buffer = vec![0; BUFFER];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => hash.update(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error(error)),
            }
        }
        Ok(self.sha256.get_or_init(|| hexadecimal(hash)).clone())
    }

    /// What an error of [`Self::reader`] means for this file.
    pub fn error(&self, source: io::Error) -> ReadError {
        let file = self.name.clone();
        let packed = match self.content {
            Content::Gzip => "gzip",
            Content::Member { .. } => "zip",
            Content::Plain | Content::Memory(_) => return ReadError::Io { file, source },
        };
        if let Some(Bomb) = source.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()) {
            return ReadError::Broken { file, line: None, message: Bomb.to_string() };
        }
        match source.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof => ReadError::Broken {
                file,
                line: None,
                message: fault::stream_damaged(packed, source),
            },
            _ => ReadError::Io { file, source },
        }
    }

    fn on_disk(&self) -> Result<File, ReadError> {
        File::open(&self.path).map_err(|source| ReadError::Io { file: self.name.clone(), source })
    }

    fn unpacked(&self, hashed: bool) -> Result<Box<dyn Read + Send>, ReadError> {
        let hash = hashed && self.sha256.get().is_none();
        let most = BOMB_BYTES.max(self.size.saturating_mul(BOMB_TIMES));
        Ok(match &self.content {
            Content::Memory(bytes) => Box::new(self.hashing(hash, InMemory(bytes.clone(), 0))),
            Content::Plain => Box::new(self.hashing(hash, self.on_disk()?)),
            Content::Gzip => {
                let packed = BufReader::with_capacity(BUFFER, self.hashing(hash, self.on_disk()?));
                Box::new(Bounded { inner: MultiGzDecoder::new(packed), left: most })
            }
            &Content::Member { start, packed, deflated, crc } => {
                let mut archive = self.on_disk()?;
                archive.seek(SeekFrom::Start(start)).map_err(|e| self.error(e))?;
                let packed = BufReader::with_capacity(BUFFER, archive.take(packed));
                let inner: Box<dyn Read + Send> = if deflated {
                    Box::new(Bounded { inner: DeflateDecoder::new(packed), left: most })
                } else {
                    Box::new(packed)
                };
                Box::new(self.hashing(hash, Checked { inner, wanted: crc, found: Crc::new() }))
            }
        })
    }

    fn hashing<R: Read>(&self, hash: bool, inner: R) -> Hashing<R> {
        Hashing { inner, hash: hash.then(Sha256::new), sha256: Arc::clone(&self.sha256) }
    }
}

/// Refuses an archive where one file is wanted.
fn several_members(path: &Path, members: &[PathBuf]) -> ReadError {
    let names: Vec<String> = members
        .iter()
        .filter_map(|member| Some(member.to_string_lossy().split_once('#')?.1.to_owned()))
        .collect();
    ReadError::Refused {
        file: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        what: unread::several_files(&listed(&names)),
        hint: hint::NAME_THE_MEMBER,
    }
}

/// Where a member of a zip archive lies in it.
fn find_member(name: &str, archive: File, member: &str) -> Result<Content, ReadError> {
    let broken = |message: String| ReadError::Broken { file: name.to_owned(), line: None, message };
    let mut archive = zipped::open(BufReader::new(archive))
        .map_err(|error| broken(fault::archive_damaged(error)))?;
    let found = archive.by_name(member).map_err(|error| broken(fault::member_unread(error)))?;
    let deflated = match found.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        other => {
            return Err(broken(fault::member_packed(other)));
        }
    };
    let start = found.data_start().ok_or_else(|| broken(fault::NO_START.to_owned()))?;
    Ok(Content::Member { start, packed: found.compressed_size(), deflated, crc: found.crc32() })
}

/// Fills `buffer` as far as there are bytes; says how many there were.
pub(crate) fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

pub(crate) fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes in memory, from a place on.
struct InMemory(Arc<Vec<u8>>, usize);

impl Read for InMemory {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.0[self.1..];
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.1 += n;
        Ok(n)
    }
}

/// Takes the checksum of what passes; keeps it once the end is reached.
struct Hashing<R> {
    inner: R,
    hash: Option<Sha256>,
    sha256: Arc<OnceLock<String>>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if n > 0 {
            if let Some(hash) = &mut self.hash {
                hash.update(&buffer[..n]);
            }
        } else if !buffer.is_empty()
            && let Some(hash) = self.hash.take()
        {
            self.sha256.get_or_init(|| hexadecimal(hash));
        }
        Ok(n)
    }
}

/// A packed stream that unpacks to far more than any data do.
#[derive(Debug, thiserror::Error)]
#[error("it unpacks to more than {BOMB_TIMES} times its size: no table does")]
struct Bomb;

/// Refuses to unpack past `left` bytes.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| io::Error::other(Bomb))?;
        Ok(n)
    }
}

/// Proves the checksum of an archive's member at its end.
struct Checked<R> {
    inner: R,
    wanted: u32,
    found: Crc,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.found.update(&buffer[..n]);
        if n == 0 && !buffer.is_empty() && self.found.sum() != self.wanted {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"));
        }
        Ok(n)
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;

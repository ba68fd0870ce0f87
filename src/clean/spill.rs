//! Bytes set aside while an import runs: in memory up to a limit, then in one file of a scratch
//! folder. What is set aside is as coarse as its location rule asks: nothing finer reaches a disk.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use thiserror::Error;

/// Bytes held in memory before the rest goes to the file.
pub const HELD: u64 = 256 << 20;

/// Why bytes cannot be set aside, or taken back.
#[derive(Debug, Error)]
#[error("cannot {doing} {}", file.display())]
pub struct SpillError {
    /// What was being done, as a verb.
    pub doing: &'static str,
    /// File or folder it was done to.
    pub file: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

/// Where some bytes were set aside.
#[derive(Debug)]
pub(super) enum Aside {
    Held(Box<[u8]>),
    Filed { start: u64, length: usize },
}

/// Bytes set aside, of any number of threads. The file goes with it.
#[derive(Debug)]
pub struct Spill {
    folder: PathBuf,
    path: PathBuf,
    most: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: u64,
    file: Option<(File, u64)>,
}

impl Spill {
    /// Holds up to `most` bytes in memory; the rest goes to a file in `folder`, which is made when
    /// it is needed.
    pub fn new(folder: &Path, most: u64) -> Self {
        let path = folder.join("aside.bin");
        Self { folder: folder.to_owned(), path, most, state: Mutex::default() }
    }

    /// Sets `bytes` aside.
    pub(super) fn put(&self, bytes: Vec<u8>) -> Result<Aside, SpillError> {
        let length = bytes.len();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.held + length as u64 <= self.most {
            state.held += length as u64;
            return Ok(Aside::Held(bytes.into_boxed_slice()));
        }
        if state.file.is_none() {
            fs::create_dir_all(&self.folder).map_err(|e| self.error("create", e))?;
            let file = File::create(&self.path).map_err(|e| self.error("create", e))?;
            state.file = Some((file, 0));
        }
        let Some((file, end)) = &mut state.file else { unreachable!("it was made above") };
        file.write_all(&bytes).map_err(|e| self.error("write", e))?;
        let start = *end;
        *end += length as u64;
        Ok(Aside::Filed { start, length })
    }

    /// Bytes that were set aside, as often as asked.
    pub(super) fn get<'a>(&self, aside: &'a Aside) -> Result<Cow<'a, [u8]>, SpillError> {
        match aside {
            Aside::Held(bytes) => Ok(Cow::Borrowed(bytes)),
            &Aside::Filed { start, length } => {
                // A handle of its own, so that threads do not move each other's place.
                let mut bytes = vec![0; length];
                let read = File::open(&self.path).and_then(|mut file| {
                    file.seek(SeekFrom::Start(start))?;
                    file.read_exact(&mut bytes)
                });
                read.map_err(|e| self.error("read", e))?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// The error that what was set aside is not what is found.
    pub(super) fn damaged(&self) -> SpillError {
        self.error(
            "read",
            io::Error::new(io::ErrorKind::InvalidData, "what was set aside has been changed"),
        )
    }

    fn error(&self, doing: &'static str, source: io::Error) -> SpillError {
        SpillError { doing, file: self.path.clone(), source }
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Windows removes no file that is open.
        if state.file.take().is_some() {
            let _ = fs::remove_file(&self.path);
            // Others may have files in the folder; theirs keep it.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_memory_and_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = folder.path().join("scratch");
        let spill = Spill::new(&scratch, 5);

        let all: Vec<(Vec<u8>, Aside)> = [b"abc".as_slice(), b"defg", b"", b"hi", b"jklmnop"]
            .map(|bytes| (bytes.to_vec(), spill.put(bytes.to_vec()).unwrap()))
            .into();

        for (bytes, aside) in &all {
            assert_eq!(spill.get(aside).unwrap().as_ref(), bytes);
        }
        assert_eq!(fs::metadata(scratch.join("aside.bin")).unwrap().len(), 11);
        drop(spill);
        assert!(!scratch.exists());
    }

    #[test]
    fn what_fits_in_memory_touches_no_disk() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = folder.path().join("scratch");
        let spill = Spill::new(&scratch, 100);

        spill.put(vec![1; 100]).unwrap();

        assert!(!scratch.exists());
    }
}

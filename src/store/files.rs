//! Files that are whole or absent: written beside their place, synced, then renamed into it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::error::StoreError;

/// Folder of everything that is not an incident. The underscore hides it, like the manifest, from
/// engines that read the whole store as one table.
pub(super) const AREAS: &str = "_areas";

/// Held while an import writes; the operating system lets go of it with the process.
const LOCK: &str = "_lock";

/// One data file of the store, as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DataFile {
    /// Path from the store's folder, parts separated by `/`.
    pub(super) path: String,
    /// Rows in it.
    pub(super) rows: u64,
    /// Its length.
    pub(super) bytes: u64,
    /// SHA-256 of its bytes, hexadecimal.
    pub(super) sha256: String,
}

impl DataFile {
    /// Where the file is; `None` if the path leads out of the store.
    pub(super) fn locate(&self, store: &Path) -> Option<PathBuf> {
        let parts = self.path.split('/').map(Path::new);
        let plain = parts.clone().all(|part| {
            let mut components = part.components();
            matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none()
        });
        plain.then(|| parts.fold(store.to_owned(), |path, part| path.join(part)))
    }

    /// The file's bytes, proven to be those that were written.
    pub(super) fn read(&self, file: &Path) -> Result<Vec<u8>, StoreError> {
        let bytes = fs::read(file).map_err(StoreError::io("read", file))?;
        let found = sha256(&bytes);
        if found != self.sha256 {
            let (file, wanted) = (file.to_owned(), self.sha256.clone());
            return Err(StoreError::Checksum { file, wanted, found });
        }
        Ok(bytes)
    }
}

/// Writes a data file under a name made from its content, and says what the manifest needs.
///
/// A file that is there already with the same content is left alone.
pub(super) fn put(
    store: &Path,
    place: &str,
    rows: usize,
    bytes: &[u8],
) -> Result<DataFile, StoreError> {
    let sha256 = sha256(bytes);
    let path = format!("{place}{}.parquet", &sha256[..16]);
    let file = DataFile { path, rows: rows as u64, bytes: bytes.len() as u64, sha256 };
    let target = file.path.split('/').fold(store.to_owned(), |path, part| path.join(part));
    if file.read(&target).is_err() {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        }
        replace(&target, bytes)?;
    }
    Ok(file)
}

/// Puts `bytes` at `target` so that a reader, or a power cut, finds the old content or the new.
pub(super) fn replace(target: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut beside = target.as_os_str().to_owned();
    beside.push(".tmp");
    let beside = PathBuf::from(beside);
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(StoreError::io("write", &beside))?;
    fs::rename(&beside, target).map_err(StoreError::io("replace", target))
}

/// Makes the names in the folders of `files`, and of the store itself, survive a power cut.
pub(super) fn sync_folders<'a>(
    store: &Path,
    files: impl Iterator<Item = &'a DataFile>,
) -> Result<(), StoreError> {
    let mut folders = BTreeSet::from([store.to_owned()]);
    for path in files.filter_map(|file| file.locate(store)) {
        folders.extend(path.ancestors().skip(1).take_while(|up| *up != store).map(Path::to_owned));
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|open| open.sync_all()).map_err(StoreError::io("sync", folder))
}

/// Windows keeps folder entries in its own journal and cannot open a folder as a file.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature on every system")]
fn sync_folder(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Takes the store for writing until the returned file is dropped.
pub(super) fn lock(store: &Path) -> Result<File, StoreError> {
    let path = store.join(LOCK);
    let file = File::create(&path).map_err(StoreError::io("create", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(store.to_owned())),
        Err(TryLockError::Error(source)) => {
            Err(StoreError::Io { doing: "lock", file: path, source })
        }
    }
}

/// Removes data files that `keep` does not name, and what a killed import left behind.
///
/// Only what this module writes is touched. Failures are left for the next import: the store is
/// already complete, and Windows refuses to remove a file that somebody reads.
pub(super) fn sweep<'a>(store: &Path, keep: impl Iterator<Item = &'a DataFile>) {
    let keep: BTreeSet<PathBuf> = keep.filter_map(|file| file.locate(store)).collect();
    for folder in folders(store).filter(|path| named(path, "source=")) {
        for month in folders(&folder).filter(|path| named(path, "month=")) {
            sweep_folder(&month, &keep);
            let _ = fs::remove_dir(&month);
        }
        let _ = fs::remove_dir(&folder);
    }
    sweep_folder(&store.join(AREAS), &keep);
}

/// How many files of the store's own kinds `keep` does not name, and their bytes.
pub(super) fn left_over<'a>(store: &Path, keep: impl Iterator<Item = &'a DataFile>) -> (u64, u64) {
    let keep: BTreeSet<PathBuf> = keep.filter_map(|file| file.locate(store)).collect();
    let mut held: Vec<PathBuf> = vec![store.join(AREAS)];
    held.extend(folders(store).filter(|path| named(path, "_tmp-")));
    for folder in folders(store).filter(|path| named(path, "source=")) {
        held.extend(folders(&folder).filter(|path| named(path, "month=")));
    }
    let mut sum = (0, 0);
    for path in held.iter().flat_map(|folder| entries(folder, |kind| !kind.is_dir())) {
        if !keep.contains(&path) {
            sum.0 += 1;
            sum.1 += fs::metadata(&path).map_or(0, |found| found.len());
        }
    }
    sum
}

fn sweep_folder(folder: &Path, keep: &BTreeSet<PathBuf>) {
    let ours = |path: &Path| {
        path.extension().is_some_and(|extension| extension == "parquet" || extension == "tmp")
    };
    for path in entries(folder, |kind| !kind.is_dir()) {
        if ours(&path) && !keep.contains(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

fn named(path: &Path, start: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
}

fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    entries(folder, fs::FileType::is_dir).into_iter()
}

/// What is in a folder, links not followed; nothing where it cannot be listed.
fn entries(folder: &Path, wanted: impl Fn(&fs::FileType) -> bool) -> Vec<PathBuf> {
    let found: io::Result<Vec<_>> = fs::read_dir(folder).and_then(Iterator::collect);
    found
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| entry.file_type().is_ok_and(|kind| wanted(&kind)))
        .map(|entry| entry.path())
        .collect()
}

/// SHA-256, hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `text` as one part of a Hive path: letters, digits, `-` and `_` stay, all else is `%XX`.
pub(super) fn hive(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_source_name_leads_out_of_its_folder() {
        assert_eq!(hive("council-asb_2"), "council-asb_2");
        assert_eq!(hive("../a b"), "%2E%2E%2Fa%20b");
    }

    #[test]
    fn a_path_out_of_the_store_is_not_followed() {
        let at = |path: &str| {
            let (rows, bytes, sha256) = (0, 0, String::new());
            DataFile { path: path.to_owned(), rows, bytes, sha256 }.locate(Path::new("store"))
        };

        assert_eq!(
            at("_areas/a.parquet"),
            Some(Path::new("store").join("_areas").join("a.parquet"))
        );
        for path in ["../a", "_areas/../../a", "/etc/passwd", "", "a//b", "."] {
            assert_eq!(at(path), None, "{path}");
        }
    }

    #[test]
    fn checksums_are_the_published_ones() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}

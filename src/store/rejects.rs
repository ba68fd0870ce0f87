//! Rows that an import could not use, beside the store: replaced whole with every import.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::files::hive;

/// Folder of a workspace, beside its store, that holds them.
pub const REJECTS: &str = "rejects";

/// The rejected rows of one file, being written.
#[derive(Debug)]
pub struct RejectFile {
    path: PathBuf,
    out: BufWriter<File>,
}

impl RejectFile {
    pub(super) fn create(scratch: &Path, source: &str, file: &str) -> Result<Self, StoreError> {
        let folder = scratch.join(REJECTS).join(hive(source));
        fs::create_dir_all(&folder).map_err(StoreError::io("create", &folder))?;
        for number in 1.. {
            let path = folder.join(name(file, number));
            match File::create_new(&path) {
                Ok(file) => return Ok(Self { path, out: BufWriter::new(file) }),
                // Another file of this name, from another folder.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(StoreError::io("create", &path)(source)),
            }
        }
        unreachable!("the numbers do not end")
    }

    /// Adds lines of CSV.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if the disk is full.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), StoreError> {
        self.out.write_all(lines).map_err(StoreError::io("write", &self.path))
    }

    /// Makes the file whole.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if the disk is full.
    pub fn finish(self) -> Result<(), StoreError> {
        let Self { path, out } = self;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|file| file.sync_all()).map_err(StoreError::io("write", &path))
    }
}

/// Name of the reject file of `file`: its own, so that it is found again, with nothing in it that
/// leads out of the folder.
fn name(file: &str, number: u32) -> String {
    let plain = file.strip_suffix(".gz").unwrap_or(file);
    let plain = plain.strip_suffix(".csv").unwrap_or(plain);
    let safe = plain.split('.').map(hive).collect::<Vec<_>>().join(".");
    let safe = safe.trim_start_matches('.');
    if number == 1 { format!("{safe}.csv") } else { format!("{safe}-{number}.csv") }
}

/// Says in the folder, if there are rejected rows, which store they belong to and what to do.
pub(super) fn finish(scratch: &Path, version: &str) -> Result<(), StoreError> {
    let folder = scratch.join(REJECTS);
    if !folder.is_dir() {
        return Ok(());
    }
    let path = folder.join("about.txt");
    let text = format!(
        "Rows that could not be used in the import of store version {version}, by source and file.\n\
         \n\
         To use them, copy a file to another folder, mend its rows, and add it to `files` of the\n\
         same source in wardheat.toml: it is read by the same profile. The first two columns say\n\
         why a row was left out and on which line of its file it stands; they are not read.\n\
         \n\
         Only columns that wardheat reads are here. References are kept as keyed hashes, which\n\
         still tell a repeated record. Places are as fine as the location rule allows: where the\n\
         category could not be read, there are no coordinates. A row with too many or too few\n\
         cells is named by its line alone, since its cells may stand under the wrong headers.\n\
         \n\
         Every import replaces this folder.\n"
    );
    fs::write(&path, text).map_err(StoreError::io("write", &path))
}

/// Puts what was written in the place of what the last import left.
pub(super) fn replace(store: &Path, scratch: &Path) -> Result<(), StoreError> {
    let (new, old) = (scratch.join(REJECTS), scratch.join("rejects-before"));
    let target = store.with_file_name(REJECTS);
    let wrong = |source| StoreError::Rejects { folder: target.clone(), source };
    if target.exists() {
        fs::create_dir_all(scratch).map_err(wrong)?;
        fs::rename(&target, &old).map_err(wrong)?;
    }
    if new.is_dir() { fs::rename(&new, &target).map_err(wrong) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reject_file_is_named_after_its_file_and_never_leads_out() {
        assert_eq!(name("2025-01-cleveland-street.csv.gz", 1), "2025-01-cleveland-street.csv");
        assert_eq!(name("calls.xlsx", 2), "calls.xlsx-2.csv");
        assert_eq!(name("../a/b.csv", 1), "%2Fa%2Fb.csv");
    }

    #[test]
    fn the_new_rows_replace_the_old_ones_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (store, scratch) = (folder.path().join("store"), folder.path().join("store/_tmp-1"));
        let write = |source: &str, text: &str| {
            let mut file = RejectFile::create(&scratch, source, "a.csv").unwrap();
            file.write(text.as_bytes()).unwrap();
            file.finish().unwrap();
        };
        write("police", "x");
        replace(&store, &scratch).unwrap();
        write("fire", "y");
        write("fire", "z");

        replace(&store, &scratch).unwrap();

        let at = |name: &str| fs::read_to_string(folder.path().join(REJECTS).join(name));
        assert_eq!(
            (at("fire/a.csv").unwrap(), at("fire/a-2.csv").unwrap()),
            ("y".into(), "z".into())
        );
        assert!(at("police/a.csv").is_err());
        fs::remove_dir_all(&scratch).unwrap();
        replace(&store, &scratch).unwrap();
        assert!(!folder.path().join(REJECTS).exists());
    }
}

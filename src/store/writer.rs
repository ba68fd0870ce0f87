//! One change of the store: files are put beside those in use, then the manifest is replaced.
//!
//! Until [`Writer::finish`] the store is as it was, for every reader; a writer that is dropped
//! before takes away what it wrote. What a killed process left is swept by the next writer.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::error::StoreError;
use super::files::{self, DataFile};
use super::geoparquet::{GROUP_ROWS, Groups};
use super::manifest::{IncidentFile, Manifest};
use super::rejects::{self, RejectFile};
use super::{Dataset, Street, areas, context, incidents, places};
use crate::context::Context;
use crate::crs::Bng;
use crate::geometry::{Bounds, Shape};
use crate::incident::Incidents;
use crate::meeting::{Meeting, Venue};
use crate::provenance::Provenance;
use crate::time::Month;
use crate::units::AreaLayer;

/// Start of the name of a writer's folder of temporary files.
const SCRATCH: &str = "_tmp-";

/// Everything of a store but its incidents.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// Name of the study area.
    pub name: &'a str,
    /// Boundary layers with their populations.
    pub layers: &'a [AreaLayer],
    /// Outline of everything studied.
    pub study_area: &'a Shape,
    /// Streets, if any.
    pub streets: &'a [Street],
    /// Addresses or snap points, if any.
    pub snap_points: &'a [Bng],
    /// What else is known.
    pub context: &'a Context,
    /// Halls, if any.
    pub venues: &'a [Venue],
    /// The diary of meetings, if any.
    pub meetings: &'a [Meeting],
    /// Whether the data are invented.
    pub fictional: bool,
    /// Where it came from.
    pub provenance: &'a Provenance,
}

impl<'a> From<&'a Dataset> for Contents<'a> {
    fn from(data: &'a Dataset) -> Self {
        Self {
            name: &data.name,
            layers: &data.layers,
            study_area: &data.study_area,
            streets: &data.streets,
            snap_points: &data.snap_points,
            context: &data.context,
            venues: &data.venues,
            meetings: &data.meetings,
            fictional: data.fictional,
            provenance: &data.provenance,
        }
    }
}

/// A store being written. It holds the store's lock.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    scratch: PathBuf,
    months: Mutex<Vec<IncidentFile>>,
    started: AtomicU64,
    finished: bool,
    _lock: File,
}

impl Writer {
    /// Takes the store in `folder` for writing, and sweeps what a killed writer left there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if another import is writing, [`StoreError::Io`] if the operating
    /// system refuses.
    pub fn begin(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        let lock = files::lock(folder)?;
        sweep_scratch(folder);
        Ok(Self {
            folder: folder.to_owned(),
            scratch: scratch_of(folder),
            months: Mutex::default(),
            started: AtomicU64::new(0),
            finished: false,
            _lock: lock,
        })
    }

    /// Folder for temporary files: gone when the writer is. It may not exist yet.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Starts the file of one source and month.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if no file can be made.
    pub fn month(&self, source: &str, month: Month) -> Result<MonthWriter<'_>, StoreError> {
        fs::create_dir_all(&self.scratch).map_err(StoreError::io("create", &self.scratch))?;
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let path = self.scratch.join(format!("{number}.parquet"));
        let file = File::create(&path).map_err(StoreError::io("create", &path))?;
        let out = Hashed { inner: BufWriter::new(file), hash: Sha256::new(), bytes: 0 };
        let groups = Groups::new(out, incidents::SCHEMA).map_err(StoreError::parquet(&path))?;
        let source = source.to_owned();
        let waiting = Incidents::default();
        Ok(MonthWriter {
            writer: self,
            source,
            month,
            path,
            groups,
            waiting,
            rows: 0,
            bounds: None,
        })
    }

    /// Starts the file of the rejected rows of one file of a source, which goes to [`super::REJECTS`]
    /// beside the store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if no file can be made.
    pub fn rejects(&self, source: &str, file: &str) -> Result<RejectFile, StoreError> {
        RejectFile::create(&self.scratch, source, file)
    }

    /// Makes the months written, and `contents`, the store; gives its version.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if a file cannot be written. The store is then as it was.
    pub fn finish(mut self, contents: Contents<'_>) -> Result<String, StoreError> {
        let folder = self.folder.clone();
        let outline = areas::write_outline(&folder, contents.name, contents.study_area)?;
        let (name, provenance) = (contents.name.to_owned(), contents.provenance.clone());
        let mut manifest = Manifest::new(name, contents.fictional, provenance, outline);
        let months = self.months.get_mut().unwrap_or_else(PoisonError::into_inner);
        months.sort_by(|a, b| (&a.source, &a.month).cmp(&(&b.source, &b.month)));
        manifest.incidents = std::mem::take(months);
        manifest.layers = contents
            .layers
            .par_iter()
            .map(|layer| areas::write_layer(&folder, layer))
            .collect::<Result<_, _>>()?;
        manifest.streets = areas::write_streets(&folder, contents.streets)?;
        manifest.snap_points = areas::write_snap_points(&folder, contents.snap_points)?;
        manifest.context = context::write(&folder, contents.context)?;
        manifest.venues = places::write_venues(&folder, contents.venues)?;
        manifest.meetings = places::write_meetings(&folder, contents.meetings)?;
        files::sync_folders(&folder, manifest.files())?;
        let version = manifest.version(&folder)?;
        rejects::finish(&self.scratch, &version)?;
        manifest.publish(&folder)?;
        self.finished = true;
        files::sweep(&folder, manifest.files());
        rejects::replace(&folder, &self.scratch)?;
        Ok(version)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next writer.
        let _ = fs::remove_dir_all(&self.scratch);
        if self.finished {
            return;
        }
        match Manifest::read(&self.folder) {
            Ok((manifest, _)) => files::sweep(&self.folder, manifest.files()),
            Err(StoreError::Empty(_)) => files::sweep(&self.folder, std::iter::empty()),
            // A manifest that cannot be read says nothing of what may go.
            Err(_) => {}
        }
    }
}

/// Where this process puts temporary files of the store in `folder`.
pub fn scratch_of(folder: &Path) -> PathBuf {
    folder.join(format!("{SCRATCH}{}", std::process::id()))
}

/// Removes what killed writers left. The lock is held, so none of it is in use.
fn sweep_scratch(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The file of one source and month, written in row groups.
pub struct MonthWriter<'a> {
    writer: &'a Writer,
    source: String,
    month: Month,
    path: PathBuf,
    groups: Groups<Hashed>,
    /// Those that do not fill a row group yet.
    waiting: Incidents,
    rows: u64,
    bounds: Option<Bounds>,
}

impl MonthWriter<'_> {
    /// Adds incidents, all of one source and month. The file is the same however they are split.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the disk is full, or a time cannot be stored.
    pub fn add(&mut self, some: &Incidents) -> Result<(), StoreError> {
        self.waiting.append(some);
        while self.waiting.len() >= GROUP_ROWS {
            let waiting = std::mem::take(&mut self.waiting);
            self.write_rows(&waiting, &(0..GROUP_ROWS).collect::<Vec<_>>())?;
            self.waiting = waiting.since(GROUP_ROWS);
        }
        Ok(())
    }

    /// Adds some rows of `all` as one row group.
    pub(super) fn write_rows(&mut self, all: &Incidents, rows: &[usize]) -> Result<(), StoreError> {
        incidents::write_group(&mut self.groups, &self.path, all, rows, self.rows as usize)?;
        self.rows += rows.len() as u64;
        let here = incidents::bounds(rows.iter().filter_map(|&i| all.position(i)));
        self.bounds = [self.bounds, here].into_iter().flatten().reduce(Bounds::union);
        Ok(())
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the disk is full or the file cannot be moved.
    pub fn finish(mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() {
            self.write_rows(&waiting, &(0..waiting.len()).collect::<Vec<_>>())?;
        }
        let Self { writer, source, month, path, groups, rows, bounds, .. } = self;
        let out = groups.finish("Point", bounds).map_err(StoreError::parquet(&path))?;
        let (bytes, sha256) = out.finish().map_err(StoreError::io("write", &path))?;
        let place = format!("source={}/month={month}/", files::hive(&source));
        let name = format!("{place}{}.parquet", &sha256[..16]);
        let file = DataFile { path: name, rows, bytes, sha256 };
        put(&writer.folder, &path, &file)?;
        let entry = IncidentFile { source, month: month.to_string(), file };
        writer.months.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        Ok(())
    }
}

/// Moves a finished file to where `file` says, unless it is there already.
fn put(store: &Path, from: &Path, file: &DataFile) -> Result<(), StoreError> {
    let target = file.path.split('/').fold(store.to_owned(), |path, part| path.join(part));
    if is_there(&target, file) {
        return fs::remove_file(from).map_err(StoreError::io("remove", from));
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
    }
    fs::rename(from, &target).map_err(StoreError::io("replace", &target))
}

/// Whether the file is there with its content, read in pieces.
fn is_there(target: &Path, file: &DataFile) -> bool {
    if fs::metadata(target).map_or(true, |found| found.len() != file.bytes) {
        return false;
    }
    let mut hashed = Hashed { inner: io::sink(), hash: Sha256::new(), bytes: 0 };
    let copied = File::open(target).and_then(|mut open| io::copy(&mut open, &mut hashed));
    copied.is_ok() && hexadecimal(hashed.hash) == file.sha256
}

/// Counts and hashes what passes.
struct Hashed<W = BufWriter<File>> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Hashed {
    /// Makes the file survive a power cut; gives its length and checksum.
    fn finish(self) -> io::Result<(u64, String)> {
        let file = self.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok((self.bytes, hexadecimal(self.hash)))
    }
}

fn hexadecimal(hash: Sha256) -> String {
    use std::fmt::Write as _;
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! Keeping a store: what it holds, whether it is whole, and taking parts of it out.

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::english as say;
use super::error::StoreError;
use super::files::{self, DataFile};
use super::incidents::MonthFile;
use super::manifest::{self, Manifest};
use super::{Writer, areas, context, incidents, places};
use crate::audience::Disclosure;
use crate::context::Context;
use crate::incident::Incidents;
use crate::time::Month;

/// One file that the manifest names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredFile {
    /// Source, or what else the file holds (`ward boundaries`, `streets`).
    pub what: String,
    /// Month, for incidents.
    pub month: Option<String>,
    /// Rows in it.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// Path from the store's folder, parts separated by `/`.
    pub path: String,
}

/// Everything a store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Name of the study area.
    pub name: String,
    /// Version of the store.
    pub version: String,
    /// Incidents by source and month, then the rest.
    pub files: Vec<StoredFile>,
    /// Files in the folder that belong to no manifest any more, and their bytes together.
    pub left_over: (u64, u64),
}

impl Inventory {
    /// Incidents held.
    pub fn n_incidents(&self) -> u64 {
        self.files.iter().filter(|file| file.month.is_some()).map(|file| file.rows).sum()
    }
}

/// Version of the store in `folder`.
///
/// # Errors
///
/// [`StoreError`] if there is no store or its manifest cannot be read.
pub fn version(folder: &Path) -> Result<String, StoreError> {
    Ok(Manifest::read(folder)?.1)
}

/// What was held back from the store in `folder`, where it was made for an audience.
///
/// # Errors
///
/// [`StoreError`] if there is no store or its manifest cannot be read.
pub fn disclosure(folder: &Path) -> Result<Option<Disclosure>, StoreError> {
    Ok(Manifest::read(folder)?.0.provenance.disclosure)
}

/// What the store in `folder` holds, by its manifest.
///
/// # Errors
///
/// [`StoreError`] if there is no store or its manifest cannot be read.
pub fn inventory(folder: &Path) -> Result<Inventory, StoreError> {
    let (manifest, version) = Manifest::read(folder)?;
    let entry = |what: String, month: Option<String>, file: &DataFile| StoredFile {
        what,
        month,
        rows: file.rows,
        bytes: file.bytes,
        path: file.path.clone(),
    };
    let mut all: Vec<StoredFile> = manifest
        .incidents
        .iter()
        .map(|part| entry(part.source.clone(), Some(part.month.clone()), &part.file))
        .collect();
    for layer in &manifest.layers {
        all.push(entry(say::boundaries(&layer.kind), None, &layer.file));
    }
    all.push(entry(say::STUDY_AREA.to_owned(), None, &manifest.study_area));
    all.extend(manifest.streets.iter().map(|file| entry(say::STREETS.to_owned(), None, file)));
    all.extend(manifest.snap_points.iter().map(|f| entry(say::SNAP_POINTS.to_owned(), None, f)));
    for known in &manifest.context {
        all.push(entry(known.subject.replace('-', " "), None, &known.file));
    }
    all.extend(manifest.venues.iter().map(|f| entry(say::VENUES.to_owned(), None, f)));
    all.extend(manifest.meetings.iter().map(|f| entry(say::MEETINGS.to_owned(), None, f)));
    let left_over = files::left_over(folder, manifest.files());
    Ok(Inventory { name: manifest.name, version, files: all, left_over })
}

/// Reads every file of the store, compares its checksum and takes it apart; gives what is wrong,
/// in the order of the manifest. An empty list means that the store is whole.
///
/// # Errors
///
/// [`StoreError`] if there is no store or its manifest cannot be read.
pub fn verify(folder: &Path) -> Result<Vec<StoreError>, StoreError> {
    let (manifest, _) = Manifest::read(folder)?;
    let locate = |file: &DataFile| manifest::locate(folder, file);
    let incidents = manifest.incidents.par_iter().filter_map(|part| {
        let read = || {
            let file = MonthFile::new(folder, part)?;
            let found = incidents::read(&[file])?.iter().map(Incidents::len).sum::<usize>();
            if found as u64 == part.file.rows {
                return Ok(());
            }
            Err(StoreError::Value {
                file: folder.join(&part.file.path),
                row: found,
                column: "reference",
                problem: say::rows(found, part.file.rows),
            })
        };
        read().err()
    });
    let mut wrong: Vec<StoreError> = incidents.collect();
    for layer in &manifest.layers {
        let read = locate(&layer.file).and_then(|file| areas::read_layer(&file, layer));
        wrong.extend(read.err());
    }
    let outline = &manifest.study_area;
    wrong.extend(locate(outline).and_then(|file| areas::read_outline(&file, outline)).err());
    if let Some(streets) = &manifest.streets {
        wrong.extend(locate(streets).and_then(|file| areas::read_streets(&file, streets)).err());
    }
    if let Some(venues) = &manifest.venues {
        wrong.extend(locate(venues).and_then(|f| places::read_venues(&f, venues)).err());
    }
    if let Some(meetings) = &manifest.meetings {
        wrong.extend(locate(meetings).and_then(|f| places::read_meetings(&f, meetings)).err());
    }
    if let Some(points) = &manifest.snap_points {
        wrong.extend(locate(points).and_then(|f| areas::read_snap_points(&f, points)).err());
    }
    for known in &manifest.context {
        let mut context = Context::default();
        let read = locate(&known.file).and_then(|file| context::read(&file, known, &mut context));
        wrong.extend(read.err());
    }
    Ok(wrong)
}

/// Takes the incidents of one source, or of one month of it, out of the store, whole or not at all;
/// gives how many files and rows went.
///
/// # Errors
///
/// [`StoreError::NotHeld`] if the store holds nothing of the kind, [`StoreError::Busy`] if an
/// import is writing; others if it cannot be written. The store is then as it was.
pub fn remove(
    folder: &Path,
    source: &str,
    month: Option<Month>,
) -> Result<(usize, u64), StoreError> {
    // The writer holds the lock; it writes nothing itself.
    let _lock = Writer::begin(folder)?;
    let (mut manifest, _) = Manifest::read(folder)?;
    let month = month.map(|month| month.to_string());
    let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut manifest.incidents)
        .into_iter()
        .partition(|part| part.source == source && month.as_ref().is_none_or(|m| *m == part.month));
    if gone.is_empty() {
        let mut held: Vec<&str> = kept.iter().map(|part| part.source.as_str()).collect();
        held.dedup();
        let what = month.map_or_else(|| source.to_owned(), |m| format!("{source}, {m}"));
        return Err(StoreError::NotHeld { what, held: held.join(", ") });
    }
    manifest.incidents = kept;
    manifest.publish(folder)?;
    files::sweep(folder, manifest.files());
    Ok((gone.len(), gone.iter().map(|part| part.file.rows).sum()))
}

/// Removes what no manifest names: files of earlier imports that were in use when they were
/// replaced, and temporary files of imports that were killed. Gives the files and bytes freed.
///
/// # Errors
///
/// [`StoreError::Busy`] if an import is writing; others if there is no store.
pub fn compact(folder: &Path) -> Result<(u64, u64), StoreError> {
    let (manifest, _) = Manifest::read(folder)?;
    let before = files::left_over(folder, manifest.files());
    // Beginning to write sweeps what killed writers left.
    let _lock = Writer::begin(folder)?;
    let (manifest, _) = Manifest::read(folder)?;
    files::sweep(folder, manifest.files());
    let after = files::left_over(folder, manifest.files());
    Ok((before.0.saturating_sub(after.0), before.1.saturating_sub(after.1)))
}

impl StoredFile {
    /// Whether the file is there with the length that the manifest states: a quick look, where
    /// [`verify`] reads every byte.
    pub fn is_there(&self, folder: &Path) -> bool {
        let path = self.path.split('/').fold(folder.to_owned(), |path, part| path.join(part));
        fs::metadata(path).is_ok_and(|found| found.len() == self.bytes)
    }
}

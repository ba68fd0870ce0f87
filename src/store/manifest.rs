//! The manifest: which files are the store, now.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::context::ContextFile;
use super::error::StoreError;
use super::files::{self, DataFile};
use crate::crs::working;
use crate::provenance::Provenance;

/// Name of the manifest in the store's folder. The underscore hides it from engines that read the
/// whole store as one table.
const NAME: &str = "_manifest.json";

const FORMAT: &str = "wardheat-store";

/// Latest format that this release reads.
const FORMAT_VERSION: u32 = 2;

/// Format of a store on the National Grid, which the first release reads too.
const NATIONAL_GRID_VERSION: u32 = 1;

/// Hexadecimal digits of the version: enough that no two datasets of a workspace share one.
const VERSION_DIGITS: usize = 16;

/// Everything the store holds, by file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: String,
    format_version: u32,
    /// The plane that positions are on, where it is not the National Grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) crs: Option<String>,
    /// Name of the study area.
    pub(super) name: String,
    /// Whether the data are invented.
    pub(super) fictional: bool,
    /// Where the data came from.
    pub(super) provenance: Provenance,
    /// Incidents, by source and then month.
    pub(super) incidents: Vec<IncidentFile>,
    /// Boundary layers, in the dataset's order.
    pub(super) layers: Vec<LayerFile>,
    /// Outline of everything studied.
    pub(super) study_area: DataFile,
    /// Streets, where there are any.
    pub(super) streets: Option<DataFile>,
    /// Addresses or snap points, where there are any.
    pub(super) snap_points: Option<DataFile>,
    /// What else is known, a file for each kind of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) context: Vec<ContextFile>,
    /// Halls, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) venues: Option<DataFile>,
    /// The diary of meetings, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) meetings: Option<DataFile>,
}

/// Incidents of one source and month.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct IncidentFile {
    /// Name of the source.
    pub(super) source: String,
    /// Month, `YYYY-MM`.
    pub(super) month: String,
    /// The file.
    #[serde(flatten)]
    pub(super) file: DataFile,
}

/// One boundary layer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LayerFile {
    /// Id of the kind.
    pub(super) kind: String,
    /// Edition of the boundaries.
    pub(super) edition: String,
    /// The file.
    #[serde(flatten)]
    pub(super) file: DataFile,
}

/// The part that every format version has.
#[derive(Deserialize)]
struct Header {
    format: String,
    format_version: u32,
}

impl Manifest {
    /// A manifest without files, of positions on the working plane.
    pub(super) fn new(
        name: String,
        fictional: bool,
        provenance: Provenance,
        study_area: DataFile,
    ) -> Self {
        let plane = working();
        let elsewhere = !plane.is_national_grid();
        Self {
            format: FORMAT.to_owned(),
            format_version: if elsewhere { FORMAT_VERSION } else { NATIONAL_GRID_VERSION },
            crs: elsewhere.then(|| plane.definition().to_owned()),
            name,
            fictional,
            provenance,
            incidents: Vec::new(),
            layers: Vec::new(),
            study_area,
            streets: None,
            snap_points: None,
            context: Vec::new(),
            venues: None,
            meetings: None,
        }
    }

    /// Every file it names.
    pub(super) fn files(&self) -> impl Iterator<Item = &DataFile> {
        let incidents = self.incidents.iter().map(|entry| &entry.file);
        let layers = self.layers.iter().map(|entry| &entry.file);
        let others = [
            Some(&self.study_area),
            self.streets.as_ref(),
            self.snap_points.as_ref(),
            self.venues.as_ref(),
            self.meetings.as_ref(),
        ];
        let context = self.context.iter().map(|entry| &entry.file);
        incidents.chain(layers).chain(others.into_iter().flatten()).chain(context)
    }

    /// Its bytes on disk.
    fn bytes(&self, target: &Path) -> Result<Vec<u8>, StoreError> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|source| StoreError::Manifest { file: target.to_owned(), source })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The version of the store once this is its manifest.
    pub(super) fn version(&self, store: &Path) -> Result<String, StoreError> {
        self.bytes(&path(store)).map(|bytes| version(&bytes))
    }

    /// Makes this the store's manifest, whole or not at all.
    pub(super) fn publish(&self, store: &Path) -> Result<(), StoreError> {
        let target = path(store);
        files::replace(&target, &self.bytes(&target)?)?;
        files::sync_folders(store, std::iter::empty())
    }

    /// The store's manifest and its version.
    pub(super) fn read(store: &Path) -> Result<(Self, String), StoreError> {
        let file = path(store);
        let bytes = match fs::read(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::Empty(file));
            }
            other => other.map_err(StoreError::io("read", &file))?,
        };
        let wrong = |source| StoreError::Manifest { file: file.clone(), source };
        let header: Header = serde_json::from_slice(&bytes).map_err(wrong)?;
        if header.format != FORMAT {
            let problem = format!("format is `{}`, not `{FORMAT}`", header.format);
            return Err(wrong(serde::de::Error::custom(problem)));
        }
        if header.format_version > FORMAT_VERSION {
            let (found, known) = (header.format_version, FORMAT_VERSION);
            return Err(StoreError::Newer { file, found, known });
        }
        let manifest = serde_json::from_slice(&bytes).map_err(wrong)?;
        Ok((manifest, version(&bytes)))
    }
}

/// Where the manifest of a store is.
pub(super) fn path(store: &Path) -> PathBuf {
    store.join(NAME)
}

/// Where a file that the manifest names is.
pub(super) fn locate(store: &Path, file: &DataFile) -> Result<PathBuf, StoreError> {
    file.locate(store)
        .ok_or_else(|| StoreError::Outside { file: path(store), path: file.path.clone() })
}

fn version(bytes: &[u8]) -> String {
    let mut digits = files::sha256(bytes);
    digits.truncate(VERSION_DIGITS);
    digits
}

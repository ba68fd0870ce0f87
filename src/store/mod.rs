//! The store: cleaned incidents and areas on disk, replaced whole or not at all.
//!
//! ```text
//! store/_manifest.json                                  which files are the store, with checksums
//! store/source=police/month=2025-01/<content>.parquet   incidents of one source and month
//! store/_areas/ward-<content>.parquet                   boundary layers, study area, streets,
//!                                                       indicators, lookups, interventions, ...
//! rejects/police/2025-01-cleveland-street.csv           rows that could not be used, by file
//! ```
//!
//! Every data file is GeoParquet on EPSG:27700 (on the workspace's own plane outside Great Britain)
//! and named after its content, so a new import never
//! writes over a file that the current manifest names. The manifest is replaced last, by an atomic
//! rename: a reader sees the old store or the new one, and a killed import leaves the old one.
//! Files that no manifest names any more are then removed.
//!
//! Source and month are columns by the Hive convention, so `store` opens as one table of incidents:
//!
//! ```text
//! duckdb:     SELECT month, ward, count(*) FROM read_parquet('store/source=*/*/*.parquet',
//!             hive_partitioning = true) GROUP BY ALL
//! geopandas:  geopandas.read_parquet('store')
//! ```

mod areas;
mod context;
mod dataset;
mod english;
mod error;
mod files;
pub(crate) mod geoparquet;
mod incidents;
mod inventory;
mod manifest;
mod numbered;
mod places;
mod rejects;
mod sparse;
#[cfg(test)]
mod tests;
pub(crate) mod wkb;
mod writer;

pub use dataset::{Dataset, Street};
pub use error::StoreError;
pub use inventory::{
    Inventory, StoredFile, compact, disclosure, inventory, remove, verify, version,
};
pub use rejects::{REJECTS, RejectFile};
pub use writer::{Contents, MonthWriter, Writer, scratch_of};

use std::path::Path;

use rayon::prelude::*;

use crate::context::Context;
use crate::crs::{Plane, work_on};
use crate::incident::Incidents;
use crate::time::NightBand;
use crate::units::AreaLayer;
use incidents::MonthFile;
use manifest::Manifest;

/// Makes `data` the content of the store in `folder`, whole or not at all; gives its version.
///
/// The same data give the same bytes and the same version. [`Dataset::version`] is not looked at.
/// Times are kept to the microsecond.
///
/// # Errors
///
/// [`StoreError::Busy`] if another import is writing, [`StoreError::Io`] if the operating system
/// refuses. The store is then as it was.
pub fn write(folder: &Path, data: &Dataset) -> Result<String, StoreError> {
    let writer = Writer::begin(folder)?;
    incidents::by_source_and_month(&data.incidents).par_iter().try_for_each(
        |((source, month), rows)| {
            let mut file = writer.month(source, *month)?;
            for rows in rows.chunks(geoparquet::GROUP_ROWS) {
                file.write_rows(&data.incidents, rows)?;
            }
            file.finish()
        },
    )?;
    writer.finish(Contents::from(data))
}

/// What the store in `folder` holds: incidents by source, then month, then the order in which they
/// were written.
///
/// # Errors
///
/// [`StoreError::Empty`] if nothing was imported yet; others name the file that is wrong.
pub fn open(folder: &Path) -> Result<Dataset, StoreError> {
    let (mut manifest, mut version) = Manifest::read(folder)?;
    loop {
        match load(folder, manifest, &version) {
            // An import that finished meanwhile has swept the files of the manifest we had.
            Err(error) if error.is_missing_file() => {
                let (newer, newer_version) = Manifest::read(folder)?;
                if newer_version == version {
                    return Err(error);
                }
                (manifest, version) = (newer, newer_version);
            }
            other => return other,
        }
    }
}

/// Rows, about, that are read before they are put with the rest.
const ROWS_AT_ONCE: u64 = 1 << 20;

/// All incidents, file by file. Those of some files are put with the rest while the next are read,
/// and then let go: there are never two copies of all.
fn read_incidents(folder: &Path, manifest: &Manifest) -> Result<Incidents, StoreError> {
    let files: Vec<MonthFile<'_>> = manifest
        .incidents
        .iter()
        .map(|entry| MonthFile::new(folder, entry))
        .collect::<Result<_, _>>()?;
    let mut all = Incidents::default();
    let mut before: Vec<Incidents> = Vec::new();
    let mut rest = files.as_slice();
    while !rest.is_empty() {
        let mut rows = 0_u64;
        let is_full = |file: &MonthFile<'_>| {
            rows = rows.saturating_add(file.data.rows);
            rows >= ROWS_AT_ONCE
        };
        let n = rest.iter().position(is_full).map_or(rest.len(), |last| last + 1);
        let (some, others) = rest.split_at(n);
        let put = || before.drain(..).for_each(|part| all.append(&part));
        let ((), next) = rayon::join(put, || incidents::read(some));
        before = next?;
        rest = others;
    }
    for part in before {
        all.append(&part);
    }
    all.shrink();
    Ok(all)
}

fn load(folder: &Path, manifest: Manifest, version: &str) -> Result<Dataset, StoreError> {
    let plane = match &manifest.crs {
        None => Ok(Plane::national_grid()),
        Some(definition) => Plane::new(definition),
    };
    plane
        .and_then(work_on)
        .map_err(|source| StoreError::Crs { file: manifest::path(folder), source })?;
    let locate = |file| manifest::locate(folder, file);
    let read_layers = || -> Result<Vec<AreaLayer>, StoreError> {
        let layers = manifest.layers.par_iter();
        layers.map(|entry| areas::read_layer(&locate(&entry.file)?, entry)).collect()
    };
    let (incidents, layers) = rayon::join(|| read_incidents(folder, &manifest), read_layers);
    let (incidents, layers) = (incidents?, layers?);
    let study_area = areas::read_outline(&locate(&manifest.study_area)?, &manifest.study_area)?;
    let streets = match &manifest.streets {
        Some(file) => areas::read_streets(&locate(file)?, file)?,
        None => Vec::new(),
    };
    let snap_points = match &manifest.snap_points {
        Some(file) => areas::read_snap_points(&locate(file)?, file)?,
        None => Vec::new(),
    };
    let mut known = Context::default();
    for entry in &manifest.context {
        context::read(&locate(&entry.file)?, entry, &mut known)?;
    }
    let venues = match &manifest.venues {
        Some(file) => places::read_venues(&locate(file)?, file)?,
        None => Vec::new(),
    };
    let meetings = match &manifest.meetings {
        Some(file) => places::read_meetings(&locate(file)?, file)?,
        None => Vec::new(),
    };
    Ok(Dataset {
        name: manifest.name,
        layers,
        study_area,
        incidents,
        streets,
        snap_points,
        priorities: Vec::new(),
        night: NightBand::default(),
        context: known,
        venues,
        meetings,
        fictional: manifest.fictional,
        provenance: manifest.provenance,
        version: version.to_owned(),
    })
}

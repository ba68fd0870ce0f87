//! The fictional borough of Fennmouth, written as the files that a partnership would be sent.
//!
//! [`write`] makes 24 wards, 120 LSOAs, about 200,000 people, a street network and three years of
//! police, council, fire and ambulance records from a seed, with hotspots planted and rows spoilt
//! on purpose. The ordinary commands then run on the files: nothing else knows that they are
//! invented. What was planted is returned, and written beside the files, so that an analysis and a
//! cleaning report can be held against the truth.
//!
//! The same seed gives the same bytes at any number of threads: every thing made has a stream of
//! random numbers of its own, and nothing is computed with functions whose last digit differs
//! between machines.

mod calendar;
mod geography;
mod hotspots;
mod incidents;
mod kinds;
mod land;
mod locator;
mod mesh;
mod mess;
mod names;
mod partition;
mod patterns;
mod people;
mod plane;
mod population;
mod random;
mod roads;
mod sheet;
mod sites;
mod street_grid;
mod street_names;
mod streets;
mod venues;
mod write_areas;
mod write_community;
mod write_council;
mod write_police;
mod write_services;

#[cfg(test)]
mod demo_tests;
#[cfg(test)]
mod mess_tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;
use thiserror::Error;

use crate::crs::CrsError;
use geography::{Borough, N_LSOAS, N_WARDS};
use incidents::Scene;
use mess::MessLog;
use plane::at;
use sheet::Sheet;
use streets::Streets;

pub use hotspots::PlantedHotspot;

/// Seed of the borough that `wardheat demo` shows unless told otherwise.
pub const DEFAULT_SEED: u64 = 2023;

/// Why the demo's files cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A folder or file cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// Path of the folder or file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A position of the borough has no longitude and latitude.
    #[error("the fictional borough lies outside the National Grid")]
    Position(#[from] CrsError),
}

/// A file of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where it is.
    pub path: PathBuf,
    /// Rows of data or features in it.
    pub rows: usize,
    /// Its size.
    pub bytes: usize,
}

/// What the demo wrote, and what it planted.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Every file, in the order of their names in the README.
    pub files: Vec<WrittenFile>,
    /// The hotspots that are there to be found.
    pub hotspots: Vec<PlantedHotspot>,
    /// Rows spoilt, by kind, over all files.
    pub planted_mess: BTreeMap<&'static str, usize>,
    /// Rows spoilt, by kind and by file.
    pub planted_mess_by_file: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

impl Written {
    /// Path of the file with this name.
    pub fn path(&self, name: &str) -> Option<&Path> {
        self.files.iter().map(|file| file.path.as_path()).find(|path| path.ends_with(name))
    }
}

/// Writes the fictional borough of `seed` into `folder`, which is made if it is not there; files of
/// the same names are replaced.
///
/// # Errors
///
/// [`DemoError::Write`] if the folder or a file cannot be written.
pub fn write(folder: &Path, seed: u64) -> Result<Written, DemoError> {
    let made = make(seed)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| DemoError::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let files: Result<Vec<WrittenFile>, DemoError> = made
        .files
        .par_iter()
        .map(|file| {
            let path = folder.join(&file.name);
            std::fs::write(&path, &file.bytes).map_err(failed(&path))?;
            Ok(WrittenFile { path, rows: file.rows, bytes: file.bytes.len() })
        })
        .collect();
    let by_file = made.mess.0;
    let planted_mess = by_file.iter().map(|(&kind, files)| (kind, files.values().sum())).collect();
    Ok(Written {
        files: files?,
        hotspots: made.hotspots,
        planted_mess,
        planted_mess_by_file: by_file,
    })
}

/// A file in memory.
struct MadeFile {
    name: String,
    rows: usize,
    bytes: Vec<u8>,
}

/// One or more files to be made, beside the others.
type Job<'a> = Box<dyn Fn() -> Vec<Sheet> + Send + Sync + 'a>;

/// Everything, before it is written.
struct Made {
    files: Vec<MadeFile>,
    hotspots: Vec<PlantedHotspot>,
    mess: MessLog,
}

fn make(seed: u64) -> Result<Made, DemoError> {
    let borough = Borough::new(seed);
    let streets = Streets::new(seed, &borough);
    let spots = hotspots::plant(&borough, &streets);
    let scene = Scene::new(seed, &borough, &streets);
    let events = scene.events(&spots);
    let told: Vec<PlantedHotspot> = spots
        .iter()
        .enumerate()
        .map(|(h, spot)| {
            let planted = events.iter().filter(|e| e.hotspot == Some(h as u16)).count();
            spot.told(&borough, &streets, planted)
        })
        .collect();

    let centre = borough.land.centre();
    let office = |dx: f64, dy: f64| at((centre.x + dx).round(), (centre.y + dy).round());
    let (police_station, civic_centre) = (office(-233.0, 377.0), office(141.0, -333.0));
    let jobs: Vec<Job<'_>> = vec![
        Box::new(|| write_police::crimes(&scene, &events, police_station)),
        Box::new(|| vec![write_police::asb(&scene, &events, police_station)]),
        Box::new(|| {
            let twice = write_council::told_twice(&scene, &events);
            vec![write_council::requests(&scene, &events, &twice, civic_centre)]
        }),
        Box::new(|| vec![write_services::fire(&scene, &events)]),
        Box::new(|| vec![write_services::ambulance(&scene, &events)]),
        Box::new(|| vec![write_community::priorities(seed, &borough, &streets)]),
        Box::new(|| vec![write_areas::population(&borough), write_areas::snap_points(&streets)]),
        Box::new(|| {
            let (venues, sheet) = venues::venues(seed, &borough, &streets);
            vec![sheet, venues::meetings(seed, &borough, &venues), venues::key_dates()]
        }),
    ];
    let (sheets, maps) = rayon::join(
        || jobs.par_iter().map(|job| job()).collect::<Vec<Vec<Sheet>>>(),
        || maps(&borough, &streets),
    );
    let mut files = maps?;
    let mut mess = MessLog::default();
    for mut sheet in sheets.into_iter().flatten() {
        let bytes = encode(&mut sheet);
        mess.merge(sheet.mess);
        files.push(MadeFile { name: sheet.name, rows: sheet.rows, bytes });
    }
    files.extend(truth(seed, &told, &mess));
    Ok(Made { files, hotspots: told, mess })
}

/// The text of a file in the encoding that its sender's system uses.
fn encode(sheet: &mut Sheet) -> Vec<u8> {
    match sheet.name.as_str() {
        "council_asb.csv" => {
            sheet.note("encoding-windows-1252");
            encoding_rs::WINDOWS_1252.encode(&sheet.text).0.into_owned()
        }
        "ambulance.csv" => {
            sheet.note("encoding-utf-16");
            let units = std::iter::once(0xfeff).chain(sheet.text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        }
        _ => std::mem::take(&mut sheet.text).into_bytes(),
    }
}

fn maps(borough: &Borough, streets: &Streets) -> Result<Vec<MadeFile>, DemoError> {
    let (areas, lines) = rayon::join(
        || rayon::join(|| write_areas::wards(borough), || write_areas::lsoas(borough)),
        || write_areas::streets(streets),
    );
    let (wards, lsoas) = (areas.0?, areas.1?);
    let file = |name: &str, rows: usize, text: String| MadeFile {
        name: name.to_owned(),
        rows,
        bytes: text.into_bytes(),
    };
    Ok(vec![
        file("wards.geojson", N_WARDS, wards),
        file("lsoa.geojson", N_LSOAS, lsoas),
        file("streets.geojson", streets.named.len(), lines?),
    ])
}

/// What was planted, and the notice that all of it is invented.
fn truth(seed: u64, told: &[PlantedHotspot], mess: &MessLog) -> Vec<MadeFile> {
    let kinds: serde_json::Map<String, serde_json::Value> = mess
        .0
        .iter()
        .map(|(&kind, files)| {
            let total: usize = files.values().sum();
            (kind.to_owned(), json!({ "total": total, "files": files }))
        })
        .collect();
    let pretty = |name: &str, rows: usize, value: &serde_json::Value| MadeFile {
        name: name.to_owned(),
        rows,
        bytes: format!("{value:#}\n").into_bytes(),
    };
    let readme = format!("{README}\nSeed: {seed}\n");
    vec![
        pretty("planted_hotspots.json", told.len(), &json!({ "seed": seed, "hotspots": told })),
        pretty("planted_mess.json", mess.0.len(), &json!({ "seed": seed, "mess": kinds })),
        MadeFile { name: "README.txt".to_owned(), rows: 0, bytes: readme.into_bytes() },
    ]
}

const README: &str = include_str!("README.txt");

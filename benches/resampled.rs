//! A country of 8,000 wards with as many police.uk records as asked for: rows drawn with replacement
//! from the published ones in `../shared/data`, each put into one of many copies of its town. The
//! same seed and size give the same files.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use wardheat::crs::{Bng, LonLat, bng_to_lonlat, lonlat_to_bng};
use wardheat::geometry::Shape;
use wardheat::pipeline::{InitRequest, describe};

use crate::support::City;

/// Side of the country, in metres.
const SIDE: f64 = 400_000.0;
const COLUMNS: usize = 100;
const ROWS: usize = 80;
/// Corner of the country on the National Grid, well inside it.
const CORNER: (f64, f64) = (440_000.0, 510_000.0);
/// Side of the square that a town is folded into.
const TOWN: f64 = 10_000.0;
/// Records of one file: a force and month.
const FILE_ROWS: usize = 80_000;
const MONTHS: usize = 12;

/// The published rows that records are drawn from.
pub struct Pool {
    rows: Vec<csv::StringRecord>,
}

impl Pool {
    /// Reads them; `None` where there is no `../shared/data`.
    pub fn read() -> Option<Self> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
        let mut files: Vec<PathBuf> = ["police_stockton", "police_bristol", "police_medway"]
            .iter()
            .filter_map(|folder| fs::read_dir(data.join(folder)).ok())
            .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|end| end == "gz"))
            .collect();
        files.sort();
        let mut rows = Vec::new();
        for path in &files {
            let mut text = String::new();
            let packed = fs::File::open(path).expect("a listed file opens");
            MultiGzDecoder::new(packed)
                .read_to_string(&mut text)
                .expect("a published file is text");
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            rows.extend(reader.records().flatten().filter(|row| row.len() == 12));
        }
        (!rows.is_empty()).then_some(Self { rows })
    }

    /// One file of `n` records of month `month`.
    fn file(&self, number: usize, month: usize, n: usize) -> String {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(20_251_123 + number as u64);
        let mut text = String::with_capacity(n * 260);
        text.push_str(
            "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,\
             LSOA name,Crime type,Last outcome category,Context\n",
        );
        for _ in 0..n {
            let row = &self.rows[(rng.random::<f64>() * self.rows.len() as f64) as usize];
            let reference: [u64; 4] = std::array::from_fn(|_| rng.random());
            if !row[0].is_empty() {
                for part in &reference {
                    let _ = write!(text, "{part:016x}");
                }
            }
            let (lon, lat) = moved(row, &mut rng).unwrap_or_default();
            let _ = writeln!(
                text,
                ",2025-{month:02},{},{},{lon},{lat},{},{},{},{},{},",
                &row[2], &row[3], &row[6], &row[7], &row[8], &row[9], &row[10]
            );
        }
        text
    }
}

/// The position of a row in one of the copies of its town; `None` where it has none.
fn moved(row: &csv::StringRecord, rng: &mut Xoshiro256PlusPlus) -> Option<(String, String)> {
    let place = LonLat::new(row[4].parse().ok()?, row[5].parse().ok()?)?;
    let here = lonlat_to_bng(place).ok()?;
    // Kept away from the edge of the country, which is crooked.
    let mut copy = |metres: f64, most: usize| {
        let number = 1 + (rng.random::<f64>() * (most - 2) as f64) as usize;
        metres.rem_euclid(TOWN) + number as f64 * TOWN
    };
    let across = (SIDE / TOWN) as usize;
    let position = Bng::new(
        CORNER.0 - SIDE / 2.0 + copy(here.easting(), across),
        CORNER.1 - SIDE / 2.0 + copy(here.northing(), across),
    );
    let moved = bng_to_lonlat(position).ok()?;
    Some((format!("{:.6}", moved.lon()), format!("{:.6}", moved.lat())))
}

/// Makes a workspace of `n` records in `folder`; gives the bytes of its incident files.
pub fn workspace(pool: &Pool, folder: &Path, n: usize) -> u64 {
    let city = City { side: SIDE, seed: 7 };
    let wards = city.wards(COLUMNS, ROWS, 257);
    fs::write(folder.join("wards.geojson"), geojson(&wards)).expect("the folder takes files");
    fs::create_dir_all(folder.join("police")).expect("the folder takes folders");
    let n_files = n.div_ceil(FILE_ROWS).max(MONTHS);
    let bytes = (0..n_files)
        .into_par_iter()
        .map(|i| {
            let (force, month) = (i / MONTHS, 1 + i % MONTHS);
            let text = pool.file(i, month, n / n_files + usize::from(i < n % n_files));
            let path = folder.join(format!("police/2025-{month:02}-force{force:03}-street.csv"));
            let file = fs::File::create(path).expect("the folder takes files");
            BufWriter::new(file).write_all(text.as_bytes()).expect("the disk has room");
            text.len() as u64
        })
        .sum();
    let path = |name: &str| folder.join(name).display().to_string();
    let described = describe(&InitRequest {
        dir: folder.to_owned(),
        areas: vec![path("wards.geojson")],
        incidents: vec![path("police/2025-*-street.csv")],
        fictional: true,
        ..InitRequest::default()
    })
    .expect("the resampled files are recognised");
    fs::write(folder.join("wardheat.toml"), described.text).expect("the folder takes files");
    let key = format!("{}\n", "00".repeat(32));
    fs::write(folder.join("wardheat.key"), key).expect("the folder takes files");
    bytes
}

/// Wards as GeoJSON on the National Grid, moved to the country's corner.
fn geojson(wards: &[Shape]) -> String {
    let mut text = String::from(
        r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":["#,
    );
    for (i, ward) in wards.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"type":"Feature","properties":{{"WD24CD":"E05{i:06}","WD24NM":"Ward {i}"}},"geometry":{{"type":"Polygon","coordinates":[["#
        );
        for (k, corner) in ward.polygons().0[0].exterior().coords().enumerate() {
            let comma = if k == 0 { "" } else { "," };
            let (x, y) = (corner.x - SIDE / 2.0, corner.y - SIDE / 2.0);
            let _ = write!(text, "{comma}[{x:.1},{y:.1}]");
        }
        text.push_str("]]}}");
    }
    text.push_str("]}");
    text
}

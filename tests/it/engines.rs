//! The store in other engines: they read it unchanged and find what we find.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use wardheat::store;

use crate::support::{add_file, four_wards};

/// The Python that `make setup-test` puts under `target`, with these packages; `None`, and why,
/// where it is not there.
pub fn python_with(packages: &str) -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let folder = target.join("python");
    let python = ["bin/python", "Scripts/python.exe"].map(|name| folder.join(name));
    let found = python.into_iter().find(|path| path.is_file());
    let has_engines = |python: &PathBuf| {
        let said = Command::new(python).args(["-c", &format!("import {packages}")]).output();
        said.is_ok_and(|said| said.status.success())
    };
    let found = found.filter(has_engines);
    if found.is_none() {
        println!("skipped 1: no {packages} in {} (make setup-test)", folder.display());
    }
    found
}

#[test]
fn duckdb_and_geopandas_find_in_the_store_what_we_find() {
    let Some(python) = python_with("duckdb, geopandas, pyarrow") else { return };
    let workspace = four_wards();
    // One place is kept by ward alone.
    let coarse = "Crime Ref,HO Class,Committed From,Easting,Northing,Ward\n\
                  D1,019/08,20/03/2025 20:00,447777,523333,\n";
    std::fs::write(workspace.path().join("coarse.csv"), coarse).unwrap();
    add_file(workspace.path(), "crimes.csv", "coarse.csv");
    workspace.ok(&["import"]);
    let folder = workspace.path().join("store");
    let held = store::inventory(&folder).unwrap();
    let wards = held.files.iter().find(|file| file.what == "ward boundaries").unwrap();

    let said = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/read_store.py"))
        .arg(&folder)
        .arg(folder.join(&wards.path))
        .output()
        .unwrap();

    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let theirs: Value = serde_json::from_slice(&said.stdout).unwrap();
    let data = store::open(&folder).unwrap();
    let all = &data.incidents;
    let mut ours: BTreeMap<(String, &str), u64> = BTreeMap::new();
    let (mut burglaries, mut points, mut located) = (0, 0, 0);
    let (mut west, mut south, mut east, mut north) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    for i in 0..all.len() {
        *ours.entry((all.month(i).to_string(), all.ward(i).unwrap())).or_default() += 1;
        let from_march =
            all.span(i).0.is_some_and(|from| from.to_string().as_str() >= "2025-03-01");
        burglaries += u64::from(all.crime_type(i).get().id == "burglary" && from_march);
        if let Some(at) = all.position(i) {
            points += 1;
            west = west.min(at.easting());
            east = east.max(at.easting());
            south = south.min(at.northing());
            north = north.max(at.northing());
            // Those on an edge are in no ward by the other engine's rule.
            located += u64::from(at.easting() % 2000.0 != 0.0 && at.northing() % 2000.0 != 0.0);
        }
    }
    let by_month: Vec<Value> =
        ours.iter().map(|((month, ward), count)| json!([month, ward, count])).collect();
    assert_eq!(theirs["by_month"], json!(by_month));
    assert_eq!(theirs["burglaries_from_march"], json!(burglaries));
    assert!(burglaries > 100 && points + 1 == all.len());
    assert_eq!((theirs["rows"].as_u64(), theirs["points"].as_u64()), (Some(3001), Some(3000)));
    assert_eq!(theirs["kinds"], json!(["Point"]));
    assert_eq!((theirs["epsg"].as_u64(), theirs["ward_epsg"].as_u64()), (Some(27700), Some(27700)));
    assert_eq!(theirs["bounds"], json!([west, south, east, north]));
    assert_eq!(theirs["sources"], json!(["police"]));
    assert_eq!(theirs["in_their_ward"], json!(located));
}

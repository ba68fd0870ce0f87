//! Clients of others against the running server: what they say is the test.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::Workspace;
use crate::town::dataset;

/// The server over the town, as a program; ended with the test.
struct Running {
    child: Child,
    base: String,
    _workspace: Workspace,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn start() -> Running {
    let workspace = Workspace::new();
    let described = "name = \"Town\"\n[[areas]]\nkind = \"ward\"\nfile = \"wards.geojson\"\ncode = \"code\"\nname = \"name\"\n";
    std::fs::write(workspace.path().join("wardheat.toml"), described).unwrap();
    wardheat::store::write(&workspace.path().join("store"), &dataset()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(workspace.path())
        .args(["serve", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Running { child, base: line.trim().to_owned(), _workspace: workspace }
}

/// A program that `make setup-test` puts under `target/python`, if it is there.
fn python(program: &str) -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let folder = target.join("python");
    let found = ["bin", "Scripts"]
        .iter()
        .flat_map(|bin| {
            [folder.join(bin).join(program), folder.join(bin).join(format!("{program}.exe"))]
        })
        .find(|path| path.is_file());
    if found.is_none() {
        println!("skipped: no {program} in {} (make setup-test)", folder.display());
    }
    found
}

/// What a client printed; fails the test, with everything it printed, if the client failed.
fn said(command: &mut Command) -> String {
    let out = command.output().unwrap();
    let text =
        String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{command:?}: {text}");
    text
}

/// GDAL's own client of OGC API Features.
#[test]
fn gdal_lists_collections_counts_filters_and_pages() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        println!("skipped: no ogrinfo (.ci/setup test)");
        return;
    }
    let server = start();
    let oapif = format!("OAPIF:{}", server.base);

    let layers = said(Command::new("ogrinfo").args(["-ro", &oapif]));
    for layer in ["wards", "cells", "hotspots"] {
        assert!(layers.contains(layer), "{layers}");
    }
    let wards = said(Command::new("ogrinfo").args(["-ro", "-so", &oapif, "wards"]));
    assert!(wards.contains("Feature Count: 9"), "{wards}");
    assert!(wards.contains("count: Integer"), "{wards}");
    let one = said(Command::new("ogrinfo").args([
        "-ro",
        "-so",
        "-where",
        "code = 'E05000104'",
        &oapif,
        "wards",
    ]));
    assert!(one.contains("Feature Count: 1"), "{one}");
    // Followed page by page, every cell comes once.
    let folder = Workspace::new();
    let out = folder.path().join("cells.geojson");
    said(Command::new("ogr2ogr").args(["-f", "GeoJSON"]).arg(&out).args([
        &format!("OAPIF:{}/collections/cells", server.base),
        "-oo",
        "PAGE_SIZE=50",
    ]));
    let cells: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    let ids: std::collections::BTreeSet<_> = cells["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["id"].to_string())
        .collect();
    let count = said(Command::new("ogrinfo").args(["-ro", "-so", &oapif, "cells"]));
    assert_eq!(cells["features"].as_array().unwrap().len(), ids.len());
    assert!(ids.len() > 100 && count.contains(&format!("Feature Count: {}", ids.len())), "{count}");
}

/// `OWSLib`, which sends `Accept: */*` and reads everything as JSON.
#[test]
fn owslib_reads_landing_page_collections_queryables_and_items() {
    let Some(python) = python("python") else { return };
    if !Command::new(&python).args(["-c", "import owslib"]).output().unwrap().status.success() {
        println!("skipped: no OWSLib (make setup-test)");
        return;
    }
    let server = start();
    let script = r#"
import sys
from owslib.ogcapi.features import Features
api = Features(sys.argv[1])
assert api.links and api.conformance()["conformsTo"], "landing page and conformance"
assert sorted(api.feature_collections()) == ["cells", "hotspots", "wards"], api.feature_collections()
wards = api.collection("wards")
assert wards["id"] == "wards"
assert api.collection_queryables("wards")["properties"]["count"]["type"] == "integer"
all = api.collection_items("wards", limit=100)
assert all["numberMatched"] == 9 == len(all["features"]), all["numberMatched"]
west, south, east, north = wards["extent"]["spatial"]["bbox"][0]
middle = [west + (east - west) / 2 - 1e-4, south + (north - south) / 2 - 1e-4,
          west + (east - west) / 2 + 1e-4, south + (north - south) / 2 + 1e-4]
one = api.collection_items("wards", bbox=middle)
assert [f["id"] for f in one["features"]] == ["E05000104"], one["numberMatched"]
assert api.collection_items("wards", datetime_="2099-01-01T00:00:00Z/..")["numberMatched"] == 0
assert api.collection_items("wards", filter="count > 0")["numberMatched"] > 0
item = api.collection_item("wards", "E05000104")
assert item["id"] == "E05000104" and item["properties"]["name"] == "Ward 5 & Green"
print("read", len(all["features"]), "wards")
"#;

    let text = said(Command::new(&python).args(["-c", script, &server.base]));

    assert!(text.contains("read 9 wards"), "{text}");
}

/// Every operation of the description, with what its parameters allow and what they do not, for a
/// minute at most. Two checks are left out: that whatever fits the schema is taken, for no schema can say
/// that `from` goes before `to`, or which text is a filter; and that whatever does not fit is refused,
/// for the standard wants a `limit` above the most clamped, and an empty value, as forms send it, is
/// none.
#[test]
fn schemathesis_finds_no_fault() {
    let Some(schemathesis) = python("schemathesis") else { return };
    let server = start();
    let folder = Workspace::new();
    let out = Command::new(&schemathesis)
        .current_dir(folder.path())
        .arg("run")
        .arg(format!("{}/api?f=json", server.base))
        .args([
            "--checks",
            "all",
            "--exclude-checks",
            "positive_data_acceptance,negative_data_rejection",
            "--max-time",
            "60",
            "-n",
            "30",
            "--request-timeout",
            "20",
        ])
        .args(["--continue-on-failure", "--no-color", "--seed", "7"])
        .output()
        .unwrap();

    let text = String::from_utf8_lossy(&out.stdout);
    let errors = String::from_utf8_lossy(&out.stderr);
    println!(
        "{}",
        text.lines()
            .rev()
            .take(30)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(out.status.success(), "{text}\n{errors}");
}

/// QGIS itself, without a screen: features, heat as XYZ and WMTS, vector tiles, and one map of all.
#[test]
fn qgis_opens_features_and_tiles_and_draws_a_map() {
    // The bindings are those of the system's own Python, whichever Python comes first.
    let python = ["/usr/bin/python3", "python3", "python"].into_iter().find(|python| {
        let asked = Command::new(python).args(["-c", "import qgis.core"]).output();
        asked.is_ok_and(|out| out.status.success())
    });
    let Some(python) = python else {
        println!("skipped: no QGIS for Python (.ci/setup test)");
        return;
    };
    let server = start();
    let folder = Workspace::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/read_with_qgis.py");
    let map = folder.path().join("map.png");

    let text = said(
        Command::new(python)
            .env("QT_QPA_PLATFORM", "offscreen")
            // Its cache and settings go where the test's other files go.
            .env("HOME", folder.path())
            .arg(script)
            .args([server.base.as_str()])
            .arg(&map),
    );

    println!("{text}");
    assert!(text.contains("cells and 9 wards"), "{text}");
    let map = image::open(&map).unwrap().to_rgba8();
    assert_eq!(map.dimensions(), (512, 512));
}

//! Tiles in the programs people read them with: GDAL over HTTP and from files, and the readers of
//! Python. Each is skipped, and says so, where it is not installed.

use std::path::Path;
use std::process::{Command, Output};

use axum::http::StatusCode;
use serde_json::Value;

use crate::engines::python_with;
use crate::serve::{start, workspace};
use crate::support::{Workspace, four_wards};
use crate::tiles::pixel;
use crate::town::Server;

/// What a program of GDAL says; `None` where there is none.
fn gdal(program: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    let said = Command::new(program).args(arguments).current_dir(folder).output();
    if said.is_err() {
        println!("skipped 1: GDAL's {program} is not installed");
    }
    said.ok()
}

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}\n{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

fn middle(zoom: u8) -> (u32, u32) {
    let (x, y) = pixel(2_300.0, 2_200.0, zoom);
    (x as u32 / 256, y as u32 / 256)
}

#[test]
fn gdal_reads_vector_tiles_over_http_one_by_one_and_by_zoom() {
    let workspace = workspace();
    let (_running, address) = start(workspace.path());
    let (x, y) = middle(11);
    let one = format!("MVT:http://{address}/tiles/wards/11/{x}/{y}.pbf");
    let Some(said) = gdal("ogrinfo", &["-ro", "-al", "-so", &one], workspace.path()) else {
        return;
    };
    let said = text(&said);
    assert!(said.contains("Layer name: wards") && said.contains("rate: Real"), "{said}");
    assert!(said.contains("WGS 84 / Pseudo-Mercator"), "{said}");

    let metadata = format!("METADATA_FILE=http://{address}/tiles/wards/metadata.json");
    let zoom = format!("MVT:http://{address}/tiles/wards/11");
    let all = ["-ro", "-al", "-so", &zoom, "-oo", &metadata, "-oo", "TILE_EXTENSION=mvt"];
    let said = text(&gdal("ogrinfo", &all, workspace.path()).unwrap());
    assert!(said.contains("Layer name: wards"), "{said}");
    assert!(said.contains("name: String"), "{said}");
}

/// The bright and the clear part of a picture that GDAL wrote.
fn drawn(picture: &Path) -> usize {
    let picture = image::open(picture).unwrap().to_rgba8();
    picture.pixels().filter(|pixel| pixel.0[3] > 0).count()
}

#[test]
fn gdal_reads_heat_through_xyz_and_wmts() {
    let workspace = workspace();
    let (_running, address) = start(workspace.path());
    let folder = workspace.path();
    // Web Mercator metres round the town.
    let metres = |at: f64| (at / (256.0 * 4096.0) - 0.5) * 40_075_016.685_578_49;
    let (x, y) = pixel(2_300.0, 2_200.0, 12);
    let (west, north) = (metres(x) - 4_000.0, -metres(y) + 4_000.0);
    let window: Vec<String> =
        [west, north, west + 8_000.0, north - 8_000.0].map(|metres| metres.to_string()).to_vec();
    let xyz = format!(
        "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://{address}/tiles/heat/${{z}}/${{x}}/${{y}}.png\
         </ServerUrl></Service><DataWindow><UpperLeftX>-20037508.342789244</UpperLeftX>\
         <UpperLeftY>20037508.342789244</UpperLeftY><LowerRightX>20037508.342789244</LowerRightX>\
         <LowerRightY>-20037508.342789244</LowerRightY><TileLevel>18</TileLevel>\
         <TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow>\
         <Projection>EPSG:3857</Projection><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>\
         <BandsCount>4</BandsCount></GDAL_WMS>"
    );
    std::fs::write(folder.join("xyz.xml"), xyz).unwrap();
    let wmts = format!("WMTS:http://{address}/wmts/1.0.0/WMTSCapabilities.xml,layer=heat");
    let mut found = Vec::new();
    for (source, out) in [("xyz.xml", "xyz.png"), (wmts.as_str(), "wmts.png")] {
        let mut arguments = vec!["-q", "-of", "PNG", "-outsize", "512", "512", "-projwin"];
        arguments.extend(window.iter().map(String::as_str));
        arguments.extend([source, out]);
        let Some(said) = gdal("gdal_translate", &arguments, folder) else { return };
        assert!(said.status.success(), "{out}: {}", text(&said));
        found.push(drawn(&folder.join(out)));
    }
    assert!(found.iter().all(|&n| n > 2_000), "{found:?} pixels drawn");
}

fn written(workspace: &Workspace, layer: &str, file: &str, more: &[&str]) -> Vec<u8> {
    let mut arguments = vec!["export", "tiles", layer, "--out", file, "--max-zoom", "12"];
    arguments.extend(more);
    workspace.ok(&arguments);
    std::fs::read(workspace.path().join(file)).unwrap()
}

#[test]
fn files_of_tiles_are_the_same_bytes_at_any_number_of_threads() {
    let workspace = four_wards();
    for (layer, file) in [
        ("heat", "heat.pmtiles"),
        ("wards", "wards.pmtiles"),
        ("contours", "contours.mbtiles"),
        ("hotspots", "hotspots.mbtiles"),
    ] {
        let one = written(&workspace, layer, file, &["--threads", "1"]);
        let four = written(&workspace, layer, file, &["--threads", "4"]);
        assert!(one == four, "{file}");
        assert!(!workspace.path().join(format!("{file}.new")).exists());
    }
    let day = written(&workspace, "heat", "day.pmtiles", &["--hour", "10-12", "--format", "webp"]);
    assert!(day.starts_with(b"PMTiles\x03"));
    let said = workspace.fails(&["export", "tiles", "rivers", "--out", "a.pmtiles"]);
    assert!(said.contains("there is no layer `rivers`"), "{said}");
    let said = workspace.fails(&["export", "tiles", "heat", "--out", "a.zip"]);
    assert!(said.contains(".pmtiles or .mbtiles"), "{said}");
}

#[test]
fn gdal_and_sqlite_read_the_files() {
    let workspace = four_wards();
    written(&workspace, "wards", "wards.mbtiles", &[]);
    written(&workspace, "heat", "heat.mbtiles", &[]);
    let folder = workspace.path();
    let Some(said) = gdal("ogrinfo", &["-ro", "-al", "-so", "wards.mbtiles"], folder) else {
        return;
    };
    let said = text(&said);
    assert!(said.contains("Layer name: wards") && said.contains("name: String"), "{said}");
    let said = text(&gdal("gdalinfo", &["heat.mbtiles"], folder).unwrap());
    assert!(said.contains("Driver: MBTiles") && said.contains("ZOOM_LEVEL=12"), "{said}");
}

#[test]
fn the_readers_of_python_read_tiles_and_files() {
    let Some(python) = python_with("mapbox_vector_tile, pmtiles, shapely") else { return };
    let read = |what: &str, path: &Path| -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/read_tiles.py");
        let said = Command::new(&python).arg(script).arg(what).arg(path).output().unwrap();
        assert!(said.status.success(), "{}", text(&said));
        serde_json::from_slice(&said.stdout).unwrap()
    };
    let workspace = four_wards();
    for (layer, kind) in [("heat", "PNG"), ("wards", "MVT"), ("contours", "MVT")] {
        let file = format!("{layer}.pmtiles");
        written(&workspace, layer, &file, &[]);
        let found = read("archive", &workspace.path().join(&file));
        assert_eq!(found["tile_type"], kind);
        assert_eq!((&found["min_zoom"], &found["max_zoom"]), (&0.into(), &12.into()), "{layer}");
        assert_eq!(found["clustered"], true);
        assert!(found["tiles"].as_u64().unwrap() >= 6 && found["empty"] == 0, "{layer}: {found}");
        assert_eq!(found["addressed"], found["tiles"]);
        assert!(found["metadata"]["name"].is_string());
        if kind == "MVT" {
            assert_eq!(found["metadata"]["vector_layers"][0]["id"], layer);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = Server::new();
    for zoom in [8, 12, 14, 16] {
        for layer in ["wards", "cells", "hotspots", "contours"] {
            let (x, y) = middle(zoom);
            let tile = runtime.block_on(server.get(&format!("/tiles/{layer}/{zoom}/{x}/{y}.mvt")));
            if tile.status == StatusCode::NO_CONTENT {
                continue;
            }
            let path = workspace.path().join("tile.mvt");
            std::fs::write(&path, &tile.body).unwrap();
            let found = read("vector", &path);
            let held = &found[layer];
            assert_eq!((&held["extent"], &held["version"]), (&4096.into(), &2.into()));
            for feature in held["features"].as_array().unwrap() {
                assert_eq!(feature["valid"], true, "{layer} at {zoom}: {feature}");
                assert!(feature["id"].as_u64().unwrap() > 0);
            }
        }
    }
}

#[tokio::test]
async fn a_file_of_tiles_is_served_in_parts() {
    let server = Server::new();
    let address = "/export/wards.pmtiles";
    let whole = server.get(address).await;
    assert_eq!(whole.status, StatusCode::OK, "{}", whole.text());
    assert_eq!(whole.header("content-type"), "application/vnd.pmtiles");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let etag = whole.header("etag").to_owned();
    let part = server.get_with(address, &[("range", "bytes=0-126"), ("if-range", &etag)]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.body, whole.body.slice(..127));
    assert_eq!(part.header("content-range"), format!("bytes 0-126/{}", whole.body.len()));
    assert_eq!(part.header("etag"), etag);
    let last = server.get_with(address, &[("range", "bytes=-20")]).await;
    assert_eq!(last.body, whole.body.slice(whole.body.len() - 20..));
    let beyond = server.get_with(address, &[("range", "bytes=99999999-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", whole.body.len()));
    let held = server.get_with(address, &[("if-none-match", &etag)]).await;
    assert_eq!(held.status, StatusCode::NOT_MODIFIED);
    let none = server.get("/basemap.pmtiles").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_basemap_of_the_workspace_is_served_in_parts() {
    let workspace = workspace();
    let description = workspace.path().join("wardheat.toml");
    let text = std::fs::read_to_string(&description).unwrap();
    std::fs::write(&description, format!("basemap = \"area.pmtiles\"\n{text}")).unwrap();
    let said = workspace.fails(&["serve", "--port", "0"]);
    assert!(said.contains("area.pmtiles"), "{said}");
    std::fs::write(workspace.path().join("area.pmtiles"), "no tiles").unwrap();
    let said = workspace.fails(&["serve", "--port", "0"]);
    assert!(said.contains("no PMTiles file"), "{said}");
    let mut bytes = b"PMTiles\x03".to_vec();
    bytes.extend((0..200_000_u32).map(|i| (i % 251) as u8));
    std::fs::write(workspace.path().join("area.pmtiles"), &bytes).unwrap();
    let (_running, address) = start(workspace.path());

    let reply =
        crate::serve::fetched(&address, "/basemap.pmtiles", "Range: bytes=100000-100099\r\n");

    let head = String::from_utf8_lossy(&reply[..200]).to_lowercase();
    assert!(head.starts_with("http/1.1 206"), "{head}");
    let whole = String::from_utf8_lossy(&reply).to_lowercase();
    assert!(whole.contains("content-range: bytes 100000-100099/200008"), "{whole}");
    assert!(reply.ends_with(&bytes[100_000..100_100]));
}

#[test]
fn a_site_is_plain_files_of_one_audience_and_the_same_each_time() {
    let workspace = four_wards();
    let window = ["--window", "2025-01..2025-06"];
    workspace.ok(&[&["publish", "site"][..], &window].concat());
    let first = workspace.files_under("site");
    workspace.ok(&[&["publish", "site", "--threads", "1"][..], &window].concat());
    let again = workspace.files_under("site");
    assert!(first == again);
    for name in [
        "index.html",
        "site.json",
        "map-light.svg",
        "heat.pmtiles",
        "wards.pmtiles",
        "wards.geojson",
        "wards.csv",
        "legend-heat.json",
        "style.css",
    ] {
        assert!(first.contains_key(name), "{name}: {:?}", first.keys());
    }
    let page = String::from_utf8(first["index.html"].clone()).unwrap();
    assert!(page.contains("src=\"legend-heat.svg\""), "the live map has its legend: {page}");
    for link in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(first.contains_key(link), "{link}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"), "an outside address");
    let listing: Value = serde_json::from_slice(&first["site.json"]).unwrap();
    assert_eq!(listing["audience"], "public");
    // No cell of the public tells of one to four records.
    let cells: Value = serde_json::from_slice(&first["cells.geojson"]).unwrap();
    for cell in cells["features"].as_array().unwrap() {
        let count = cell["properties"]["count"].as_i64();
        assert!(count.is_none_or(|n| n == 0 || n >= 5), "{cell}");
    }
    std::fs::create_dir(workspace.path().join("mine")).unwrap();
    std::fs::write(workspace.path().join("mine/letter.txt"), "dear").unwrap();
    let said = workspace.fails(&["publish", "mine"]);
    assert!(said.contains("something else than a site"), "{said}");
    assert!(workspace.path().join("mine/letter.txt").exists());
}

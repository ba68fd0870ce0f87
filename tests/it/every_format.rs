//! One extract of incidents, written in every format that is read by the programs that people use:
//! each import must keep the same records.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use wardheat::quantity::Metres;
use wardheat::store;

use crate::support::Workspace;

/// Key of reference hashes, the same in every workspace, so that references can be compared.
const KEY: &str = "000102030405060708090a0b0c0d0e0f";

/// Ten records in degrees, with letters beyond ASCII, delimiters, quotes and a line break in cells.
/// Headers have at most ten letters: a shapefile keeps no more.
fn extract() -> String {
    let mut text = String::from(
        "Crime Ref,HO Class,Offence,Date From,Date To,Longitude,Latitude,Ward,Place\n",
    );
    for i in 0..10 {
        let lon = -1.3198 + 0.0041 * f64::from(i);
        let lat = 54.5512 + 0.0017 * f64::from(i);
        let place = [
            "Café – £1 shop",
            "\"Smith; Sons | Co, Ltd\"",
            "\"The \"\"Ship\"\"\"",
            "\"Two\nlines\"",
        ][i as usize % 4];
        let (from, to) = (i + 1, i + 2);
        let _ = writeln!(
            text,
            "A/{i:04}/25,028/03,Burglary,2025-04-{from:02} 14:30,2025-04-{to:02} 08:05,{lon:.6},{lat:.6},,{place}"
        );
    }
    text
}

/// What an import kept, by reference: type, span, ward and position.
type Record = (u64, &'static str, String, Option<String>, (f64, f64));

fn records(workspace: &Workspace, file: &str) -> Vec<Record> {
    let wards = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/geojson/wards.geojson");
    let wards = wards.display().to_string();
    workspace.ok(&["init", "--force", "--key", KEY, "--areas", &wards, "--incidents", file]);
    let said = workspace.ok(&["import", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let total = &report["sources"][0]["total"];
    let count = |key: &str| total[key].as_u64().unwrap();
    assert_eq!(
        count("rows_in"),
        count("kept") + count("excluded") + count("rejected"),
        "{file}: {total}"
    );
    let data = store::open(&workspace.path().join("store")).unwrap();
    let all = &data.incidents;
    let mut found: Vec<Record> = (0..all.len())
        .map(|i| {
            let at = all.position(i).unwrap_or_else(|| panic!("{file}: a record has no position"));
            (
                all.reference(i).unwrap(),
                all.crime_type(i).get().id,
                format!("{:?}", all.span(i)),
                all.ward(i).map(str::to_owned),
                (at.easting(), at.northing()),
            )
        })
        .collect();
    found.sort_by_key(|record| record.0);
    found
}

fn assert_same(found: &[Record], wanted: &[Record], metres: f64, what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (a, b) in found.iter().zip(wanted) {
        assert_eq!((a.0, a.1, &a.2, &a.3), (b.0, b.1, &b.2, &b.3), "{what}");
        let apart = (a.4.0 - b.4.0).hypot(a.4.1 - b.4.1);
        assert!(apart <= metres, "{what}: {apart} m apart");
    }
}

fn base() -> (Workspace, Vec<Record>) {
    let workspace = Workspace::new();
    fs::write(workspace.path().join("base.csv"), extract()).unwrap();
    let wanted = records(&workspace, "base.csv");
    assert_eq!(wanted.len(), 10);
    (workspace, wanted)
}

/// The same table, its cells parted by something else; cells with it in them are quoted.
fn parted(delimiter: u8) -> Vec<u8> {
    let mut rows = csv::Reader::from_reader(extract().leak().as_bytes());
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    out.write_record(rows.headers().unwrap()).unwrap();
    for row in rows.records() {
        out.write_record(&row.unwrap()).unwrap();
    }
    out.into_inner().unwrap()
}

#[test]
fn every_delimiter_and_encoding_of_text_gives_the_same_records() {
    let (workspace, wanted) = base();
    let put = |name: &str, bytes: &[u8]| fs::write(workspace.path().join(name), bytes).unwrap();
    let text = extract();
    let mut names = Vec::new();
    for (name, delimiter) in [
        ("semicolon", b';'),
        ("tab", b'\t'),
        ("bar", b'|'),
        ("caret", b'^'),
        ("tilde", b'~'),
        ("unit", 0x1f),
    ] {
        let name = format!("{name}.csv");
        put(&name, &parted(delimiter));
        names.push(name);
    }
    let utf16 = |swap: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    let header = text.lines().next().unwrap();
    let messy = format!(
        "OFFICIAL-SENSITIVE,,,,,,,,\nCrimes recorded in April 2025,,,,,,,,\n\n{}{header}\n,,,,,,,,\nTotal 10,,,,,,,,\n",
        text.replace("A/0005/25", &format!("{header}\nA/0005/25"))
            .replace('\n', "\r\n")
            .replace("Two\r\nlines", "Two\nlines")
    );
    for (name, bytes) in [
        ("bom.csv", [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat()),
        ("utf16le.csv", utf16(false, true)),
        ("utf16be.csv", utf16(true, true)),
        ("utf16le_unmarked.csv", utf16(false, false)),
        ("windows.csv", windows),
        ("packed.csv.gz", packed.finish().unwrap()),
        ("messy.csv", messy.into_bytes()),
    ] {
        put(name, &bytes);
        names.push(name.to_owned());
    }

    for name in names {
        assert_same(&records(&workspace, &name), &wanted, 0.0, &name);
    }
}

/// GDAL's converter; `None`, with a printed reason, where it is not installed.
fn ogr2ogr(folder: &Path, arguments: &[&str]) -> Option<()> {
    let done = Command::new("ogr2ogr").args(arguments).current_dir(folder).output();
    let Ok(done) = done else {
        println!("skipped 1: GDAL's ogr2ogr is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "ogr2ogr {arguments:?}: {said}");
    Some(())
}

/// GDAL reads the extract with its positions as geometry, or as plain columns for workbooks.
const AS_POINTS: [&str; 8] = [
    "-oo",
    "X_POSSIBLE_NAMES=Longitude",
    "-oo",
    "Y_POSSIBLE_NAMES=Latitude",
    "-oo",
    "KEEP_GEOM_COLUMNS=NO",
    "-a_srs",
    "EPSG:4326",
];

#[test]
fn every_geodata_format_that_gdal_writes_gives_the_same_records() {
    let (workspace, wanted) = base();
    let folder = workspace.path();
    let points: Vec<&str> =
        ["-f", "GPKG", "points.gpkg", "base.csv"].into_iter().chain(AS_POINTS).collect();
    if ogr2ogr(folder, &points).is_none() {
        return;
    }
    let mut files: Vec<(String, f64)> = vec![("points.gpkg".to_owned(), 0.001)];
    for (driver, ending) in [
        ("GPKG", "gpkg"),
        ("ESRI Shapefile", "shp"),
        ("FlatGeobuf", "fgb"),
        ("GeoJSON", "geojson"),
        ("GeoJSONSeq", "geojsonl"),
    ] {
        // GDAL has no OSTN15 here, so its way to the National Grid is some metres off.
        for (code, metres) in [(4326, 0.02), (3857, 0.02), (32630, 0.02), (27700, 5.0)] {
            let is_json = ending.starts_with("geojson");
            if is_json && code != 4326 && ending == "geojsonl" {
                continue;
            }
            let name = format!("points_{code}.{ending}");
            let crs = format!("EPSG:{code}");
            let mut arguments = vec!["-f", driver, "-t_srs", &crs, &name, "points.gpkg"];
            if ending == "shp" {
                arguments.extend(["-lco", "ENCODING=UTF-8"]);
            }
            if is_json {
                arguments.extend(["-lco", "COORDINATE_PRECISION=9"]);
            }
            ogr2ogr(folder, &arguments).unwrap();
            files.push((name, metres));
        }
    }

    for (name, metres) in &files {
        assert_same(&records(&workspace, name), &wanted, *metres, name);
    }
    // Zipped with its parts, as it is sent by mail.
    let mut zipped = zip::ZipWriter::new(fs::File::create(folder.join("zipped.zip")).unwrap());
    for ending in ["shp", "shx", "dbf", "prj", "cpg"] {
        let options = zip::write::SimpleFileOptions::default();
        zipped.start_file(format!("extract/points_32630.{ending}"), options).unwrap();
        zipped
            .write_all(&fs::read(folder.join(format!("points_32630.{ending}"))).unwrap())
            .unwrap();
    }
    zipped.finish().unwrap();
    assert_same(&records(&workspace, "zipped.zip"), &wanted, 0.02, "zipped.zip");
}

#[test]
fn workbooks_that_gdal_writes_give_the_same_records() {
    let (workspace, wanted) = base();
    for (driver, name) in [("XLSX", "book.xlsx"), ("ODS", "book.ods")] {
        if ogr2ogr(workspace.path(), &["-f", driver, name, "base.csv"]).is_some() {
            assert_same(&records(&workspace, name), &wanted, 0.0, name);
        }
    }
}

/// A shapefile in Windows-1252 with its `.cpg`, and one without: the names of places come out whole.
#[test]
fn letters_of_a_shapefile_are_those_that_its_cpg_names() {
    let (workspace, wanted) = base();
    for (name, encoding) in [("latin.shp", "CP1252"), ("utf8.shp", "UTF-8")] {
        let lco = format!("ENCODING={encoding}");
        let arguments: Vec<&str> = ["-f", "ESRI Shapefile", name, "base.csv", "-lco", &lco]
            .into_iter()
            .chain(AS_POINTS)
            .collect();
        if ogr2ogr(workspace.path(), &arguments).is_none() {
            return;
        }
        assert_same(&records(&workspace, name), &wanted, 0.001, name);
        let file = wardheat::read::LoadedFile::open(&workspace.path().join(name)).unwrap();
        let table = wardheat::read::format::open(&file).unwrap();
        let place = table.column("Place").unwrap();
        let mut places = Vec::new();
        table.rows.each(&mut |row| places.push(row.get(place).to_owned())).unwrap();
        assert_eq!(places[0], "Café – £1 shop", "{name}");
    }
}

/// `GeoParquet` as `GeoPandas` writes it, in degrees, on the National Grid and in Web Mercator; skipped
/// where the environment names no Python with `GeoPandas` in `WARDHEAT_PYTHON`.
#[test]
fn geoparquet_of_geopandas_gives_the_same_records() {
    let Some(python) = std::env::var_os("WARDHEAT_PYTHON") else {
        println!("skipped 1: WARDHEAT_PYTHON names no Python with geopandas and pyarrow");
        return;
    };
    let (workspace, wanted) = base();
    let script = "
import geopandas, pandas
table = pandas.read_csv('base.csv', dtype=str, keep_default_na=False)
at = geopandas.points_from_xy(table.pop('Longitude').astype(float), table.pop('Latitude').astype(float))
frame = geopandas.GeoDataFrame(table, geometry=at, crs='EPSG:4326')
for code in (4326, 3857, 32630):
    frame.to_crs(code).to_parquet(f'points_{code}.parquet')
frame.to_crs(4326).to_parquet('zstd.parquet', compression='zstd')
";
    let done =
        Command::new(python).arg("-c").arg(script).current_dir(workspace.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    for name in
        ["points_4326.parquet", "points_3857.parquet", "points_32630.parquet", "zstd.parquet"]
    {
        assert_same(&records(&workspace, name), &wanted, 0.02, name);
    }
}

/// Positions as people write them, all of one place.
#[test]
fn grid_references_are_read_in_any_spacing_with_their_precision() {
    let workspace = Workspace::new();
    let mut text = String::from("Crime Ref,HO Class,Date From,Easting,Northing\n");
    let written = [
        ("444512", "519034", 1.0),
        ("NZ 44512 19034", "", 1.0),
        ("NZ4451219034", "", 1.0),
        ("nz 4451 1903", "", 10.0),
        ("NZ 445 190", "", 100.0),
        ("NZ445190", "", 100.0),
        ("NZ 445", "190", 100.0),
        ("NZ 44 19", "", 1000.0),
        ("NZ 4 1", "", 10_000.0),
    ];
    for (i, (easting, northing, _)) in written.iter().enumerate() {
        let day = i + 1;
        let _ = writeln!(text, "R{i},028/03,2025-04-0{day},{easting},{northing}");
    }
    fs::write(workspace.path().join("refs.csv"), text).unwrap();
    // A ward that holds the whole 10 km square.
    fs::write(
        workspace.path().join("ward.geojson"),
        r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"All"},"geometry":{"type":"Polygon","coordinates":[[[430000,500000],[460000,500000],[460000,530000],[430000,530000],[430000,500000]]]}}]}"#,
    )
    .unwrap();

    workspace.ok(&["init", "--areas", "ward.geojson", "--incidents", "refs.csv"]);
    workspace.ok(&["import"]);

    let data = store::open(&workspace.path().join("store")).unwrap();
    let all = &data.incidents;
    assert_eq!(all.len(), written.len());
    for i in 0..all.len() {
        let (at, day) = (all.position(i).unwrap(), all.span(i).0.unwrap().day());
        let (text, _, precision) = written[day as usize - 1];
        assert_eq!(all.precision(i).unwrap(), Metres::new(precision), "{text}");
        let off = (at.easting() - 444_512.0).abs().max((at.northing() - 519_034.0).abs());
        assert!(off <= precision, "{text}: {at:?}");
    }
}

#[test]
fn exports_are_written_in_the_system_asked_for_and_read_back_in_place() {
    let (workspace, wanted) = base();

    for code in ["EPSG:27700", "EPSG:3857", "EPSG:4326", "EPSG:32630"] {
        workspace.ok(&["export", "incidents", "--out", "out.gpkg", "--crs", code]);
        let file =
            wardheat::read::LoadedFile::open(&workspace.path().join("out.gpkg#incidents")).unwrap();
        let read =
            wardheat::read::read_values(&file, &wardheat::read::ValueSpec::default()).unwrap();

        let wardheat::read::ValueGround::Points(points) = read.ground else { panic!("{code}") };
        let mut found: Vec<(f64, f64)> =
            points.iter().map(|at| (at.easting(), at.northing())).collect();
        let mut all: Vec<(f64, f64)> = wanted.iter().map(|record| record.4).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (a, b) in found.iter().zip(&all) {
            assert!((a.0 - b.0).hypot(a.1 - b.1) < 0.002, "{code}: {a:?} {b:?}");
        }
        assert_eq!(found.len(), all.len());
    }
    let refused =
        workspace.fails(&["export", "incidents", "--out", "out.gpkg", "--crs", "EPSG:99999"]);
    assert!(refused.contains("EPSG:99999"), "{refused}");

    workspace.ok(&[
        "analyse",
        "--window",
        "2025-04..2025-04",
        "--out",
        "grid",
        "--crs",
        "EPSG:27700",
    ]);
    let wards = fs::read_to_string(workspace.path().join("grid/wards.geojson")).unwrap();
    assert!(wards.contains("urn:ogc:def:crs:EPSG::27700"), "{}", &wards[..200]);
    workspace.ok(&["analyse", "--window", "2025-04..2025-04", "--out", "plain"]);
    let plain = fs::read_to_string(workspace.path().join("plain/wards.geojson")).unwrap();
    assert!(!plain.contains("\"crs\""), "GeoJSON is WGS 84 unless asked");
}

//! Thought-out files of places: GeoJSON, GeoPackage, Parquet, FlatGeobuf and shapefiles.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use wardheat::read::{LoadedFile, read_areas};
use wardheat::workspace::{AreaFile, Crs};

use super::bounds::{in_memory, read_on_disk, refused, within};
use super::readers::each_subject;
fn wards(crs: Option<Crs>) -> AreaFile {
    AreaFile {
        kind: "ward".into(),
        file: String::new(),
        code: "code".into(),
        name: "code".into(),
        edition: String::new(),
        crs,
    }
}

fn polygon(corners: impl Iterator<Item = (f64, f64)>) -> Vec<u8> {
    let corners: Vec<String> = corners.map(|(x, y)| format!("[{x},{y}]")).collect();
    format!(
        r#"{{"type":"Feature","properties":{{"code":"E05000001"}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
        corners.join(",")
    )
    .into_bytes()
}

#[test]
fn coordinates_beyond_the_world_are_refused() {
    let square = |x: f64| [(x, x), (x + 1.0, x), (x + 1.0, x + 1.0), (x, x)].into_iter();
    for (name, x) in [("a.geojson", 1e308), ("b.geojson", -1e308), ("c.geojson", 1e-308)] {
        for crs in [None, Some(Crs::Bng), Some(Crs::WebMercator), Crs::from_name("EPSG:32630")] {
            let file = LoadedFile::from_bytes(name, polygon(square(x)));
            let done = read_areas(&file, &wards(crs));
            let Err(error) = done else { panic!("{x} in {crs:?} was read") };
            assert!(error.to_string().starts_with(name) && error.hint().is_some(), "{error}");
        }
    }
    let text = polygon(square(1.0));
    let text = String::from_utf8(text).unwrap().replace("[1,1]", "[1e999,1]");
    assert!(in_memory("d.geojson", text.into_bytes()).is_err());
}

#[test]
fn a_polygon_of_a_million_corners_is_read_in_bounds() {
    let n = 1_000_000;
    let corner = |i: usize| {
        let angle = (i % n) as f64 / n as f64 * std::f64::consts::TAU;
        let round = |metres: f64| (metres * 1e4).round() / 1e4;
        (round(450_000.0 + 5000.0 * angle.cos()), round(450_000.0 + 5000.0 * angle.sin()))
    };
    let bytes = polygon((0..=n).map(corner));
    let size = bytes.len() as u64;
    let file = LoadedFile::from_bytes("circle.geojson", bytes);

    let layer = within("circle.geojson", size, || read_areas(&file, &wards(Some(Crs::Bng))));

    let area = layer.unwrap().areas[0].shape.area().get();
    assert!((area / (std::f64::consts::PI * 25e6) - 1.0).abs() < 1e-6, "{area}");
}

#[test]
fn features_take_no_more_memory_than_their_file() {
    let small = r#"{"type":"Feature","properties":{"a":1},"geometry":null}"#;
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        vec![small; 300_000].join(",")
    );
    assert!(in_memory("small.geojson", text.into_bytes()).is_ok());

    // The shortest corners there are.
    let text = format!(
        r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
        vec!["[0,0]"; 3_000_000].join(",")
    );
    assert!(in_memory("short.geojson", text.into_bytes()).is_ok());

    let long = format!(
        r#"{{"type":"Feature","properties":{{"a":"{}"}},"geometry":null}}"#,
        "x".repeat(40 << 20)
    );
    refused(in_memory("long.geojson", long.into_bytes()), "long.geojson", "longer than 32 MiB");
}

/// A GeoPackage whose tables are what `sql` makes of them.
fn geopackage(folder: &tempfile::TempDir, name: &str, layer: &str, sql: &str) -> PathBuf {
    let path = folder.path().join(name);
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INT);
             CREATE TABLE gpkg_spatial_ref_sys (srs_id INT, organization TEXT, \
             organization_coordsys_id INT, definition TEXT);",
        )
        .unwrap();
    connection.execute("INSERT INTO gpkg_contents VALUES (?1, 'attributes')", [layer]).unwrap();
    connection.execute_batch(sql).unwrap();
    path
}

#[test]
fn a_geopackage_that_computes_its_rows_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n";
    let view = geopackage(&folder, "view.gpkg", "v", &format!("CREATE VIEW v AS {endless};"));
    refused(read_on_disk(&view), "view.gpkg", "computed and not read");

    let listed = geopackage(
        &folder,
        "listed.gpkg",
        "v",
        &format!(
            "DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS SELECT x AS table_name, \
             'features' AS data_type FROM ({endless});"
        ),
    );
    refused(read_on_disk(&listed), "listed.gpkg", "computed and not read");

    let large = geopackage(
        &folder,
        "large.gpkg",
        "t",
        "CREATE TABLE t (a INT, b AS (zeroblob(900000000)), c AS (printf('%900000000d', a)));
         INSERT INTO t (a) VALUES (1), (2), (3);",
    );
    refused(read_on_disk(&large), "large.gpkg", "larger than the file");
}

#[test]
fn names_of_a_geopackage_are_names_whatever_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a\"; DROP TABLE t; --";
    let path = geopackage(
        &folder,
        "names.gpkg",
        name,
        "CREATE TABLE t (x INT);
         CREATE TABLE \"a\"\"; DROP TABLE t; --\" (\"x\"\" '); --\" TEXT, y BLOB);
         INSERT INTO \"a\"\"; DROP TABLE t; --\" VALUES ('1', x'00'), (NULL, 1e308);",
    );

    assert_eq!(read_on_disk(&path).unwrap(), 4);
    let left: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_master WHERE name = 't'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 1);
}

/// A row that stops short has the column's default, however long that is.
#[test]
fn defaults_that_are_longer_than_rows_do_not_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = geopackage(
        &folder,
        "defaults.gpkg",
        "t",
        &format!(
            "CREATE TABLE t (a INT); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM \
             n WHERE x < 5000) INSERT INTO t SELECT x FROM n; ALTER TABLE t ADD COLUMN b TEXT \
             DEFAULT '{}';",
            "x".repeat(500_000)
        ),
    );

    assert_eq!(read_on_disk(&path).unwrap(), 10_000);
}

#[test]
fn a_parquet_schema_nested_without_end_is_refused() {
    // FileMetaData: version 1, then a schema of groups with one child each.
    let mut footer = vec![0x15, 2, 0x19, 0xfc];
    let n = 200_000_u32;
    let mut left = n;
    while left >= 0x80 {
        footer.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    footer.push(left as u8);
    for _ in 0..n {
        // name (4) "a", num_children (5) 1.
        footer.extend([0x48, 1, b'a', 0x15, 2, 0]);
    }
    footer.extend([0x16, 0, 0x19, 0x0c, 0]);
    let mut bytes = b"PAR1".to_vec();
    bytes.extend(&footer);
    bytes.extend((footer.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");

    refused(in_memory("deep.parquet", bytes), "deep.parquet", "nested more than 16 deep");
}

#[test]
fn a_flatgeobuf_that_lies_of_its_lengths_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/flatgeobuf");
    let whole = fs::read(folder.join("wards.fgb")).unwrap();
    super::warm_up();
    assert!(in_memory("wards.fgb", whole.clone()).is_ok());
    for at in 8..whole.len() - 4 {
        let mut lying = whole.clone();
        lying[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
        let file = LoadedFile::from_bytes("lying.fgb", lying);
        let memory = allocation_counter::measure(|| drop(each_subject(&file, at))).bytes_max;
        assert!(memory < 4 << 20, "a length at byte {at} asked for {memory} bytes");
    }
}

/// The same for each four bytes of a shapefile.
#[test]
fn a_shapefile_that_lies_of_its_corners_is_refused() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shapefile");
    let folder = tempfile::tempdir().unwrap();
    for ending in ["shp", "dbf", "prj", "cpg"] {
        let name = format!("wards.{ending}");
        fs::copy(from.join(&name), folder.path().join(&name)).unwrap();
    }
    super::warm_up();
    let path = folder.path().join("wards.shp");
    let whole = fs::read(&path).unwrap();
    for at in 24..whole.len() - 4 {
        let mut lying = whole.clone();
        lying[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
        fs::write(&path, lying).unwrap();
        let work = || drop(LoadedFile::open(&path).and_then(|file| each_subject(&file, at)));
        let memory = allocation_counter::measure(work).bytes_max;
        assert!(memory < 4 << 20, "a number at byte {at} asked for {memory} bytes");
    }
}

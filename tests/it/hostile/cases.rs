//! Files that were thought out: each is refused, or read in bounds.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use wardheat::read::{LoadedFile, ReadError, archive, format, read_areas};
use wardheat::workspace::{AreaFile, Crs};

use super::readers::each_subject;
use super::targets::{gzip, unzip, zip_of};
use super::{LONGEST, TIMES};

/// Bytes that reading may take whatever the size of the file: a feature of 32 MiB is held whole.
const CONSTANT: u64 = 256 << 20;

/// What reading every cell of a file gives, once it is sure that it ended soon and took little.
fn read(file: &LoadedFile, size: u64) -> Result<usize, ReadError> {
    within(&file.name, size, || {
        let table = format::open(file)?;
        let mut cells = 0;
        table.rows.each(&mut |row| cells += row.len() + usize::from(row.geometry.is_some()))?;
        Ok(cells)
    })
}

fn within<T>(name: &str, size: u64, work: impl FnOnce() -> T) -> T {
    let started = busy();
    let mut done = None;
    let memory = allocation_counter::measure(|| done = Some(work())).bytes_max;
    let took = busy().saturating_sub(started);
    println!("{name}: {size} bytes, {} kB of memory, {took:.2?}", memory / 1024);
    assert!(took < LONGEST, "{name} took {took:?}");
    assert!(memory <= TIMES * size + CONSTANT, "{name} of {size} bytes took {memory} of memory");
    done.unwrap()
}

/// Time that this thread has worked, whatever else the machine does; a clock where the system does
/// not say.
fn busy() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let worked = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let worked = worked.and_then(|text| text.split(' ').next()?.parse().ok());
    worked.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn in_memory(name: &str, bytes: Vec<u8>) -> Result<usize, ReadError> {
    let size = bytes.len() as u64;
    read(&LoadedFile::from_bytes(name, bytes), size)
}

/// A file is refused by its name, for this reason, with something to do.
fn refused<T>(done: Result<T, ReadError>, name: &str, why: &str) {
    let Err(error) = done else { panic!("{name} was read") };
    let said = error.to_string();
    assert!(said.starts_with(name) && said.contains(why) && said.len() < 2000, "{said}");
    assert!(error.hint().is_some(), "{said}");
}

fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// So many bytes alike, packed.
fn packed(times: usize, piece: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..times {
        packed.write_all(piece).unwrap();
    }
    packed.finish().unwrap()
}

#[test]
fn a_line_of_a_gigabyte_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, piece) in [("a.csv.gz", "x"), ("b.csv.gz", "x,\"")] {
        let bytes = packed(1000, piece.repeat((1 << 20) / piece.len()).as_bytes());
        let path = written(&folder, name, &bytes);
        let done = within(name, 0, || {
            let file = LoadedFile::open(&path)?;
            format::open(&file)?.rows.each(&mut |_| {})
        });
        let said = done.unwrap_err().to_string();
        assert!(said.starts_with(name), "{said}");
    }
}

#[test]
fn gzip_and_zip_bombs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = packed(1100, &vec![b'\n'; 1 << 20]);
    let path = written(&folder, "bomb.csv.gz", &bomb);
    let file = LoadedFile::open(&path).unwrap();
    refused(read(&file, 0), "bomb.csv.gz", "200 times its size");

    let path = written(&folder, "bomb.geojson.gz", &packed(200, &vec![b' '; 1 << 20]));
    let file = LoadedFile::open(&path).unwrap();
    assert!(read(&file, 64 << 20).is_err());

    // A bomb within an archive, and an archive within one.
    let mut writer = zip::ZipWriter::new(fs::File::create(folder.path().join("bomb.zip")).unwrap());
    writer.start_file("a.csv", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..1100 {
        writer.write_all(&vec![b'\n'; 1 << 20]).unwrap();
    }
    writer.finish().unwrap();
    let file = LoadedFile::open(&folder.path().join("bomb.zip")).unwrap();
    refused(read(&file, 0), "bomb.zip/a.csv", "200 times its size");

    let inner = zip_of(&[("a.csv".into(), b"x,y\n1,2\n".to_vec())]);
    let path = written(&folder, "outer.zip", &zip_of(&[("inner.zip".into(), inner)]));
    refused(archive(&path), "outer.zip", "without any file that is read");
}

/// Members of an archive that are the same bytes: the directory names them many times over.
#[test]
fn members_that_overlap_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = zip_of(&[("aaaa.csv".into(), vec![b'x'; 2000])]);
    let end = whole.len() - 22;
    let start = u32::from_le_bytes(whole[end + 16..end + 20].try_into().unwrap()) as usize;
    let mut hostile = whole[..start].to_vec();
    for i in 0..100_u32 {
        let mut entry = whole[start..end].to_vec();
        entry[46..50].copy_from_slice(format!("a{i:03}").as_bytes());
        hostile.extend(entry);
    }
    let mut tail = whole[end..].to_vec();
    tail[8..10].copy_from_slice(&100_u16.to_le_bytes());
    tail[10..12].copy_from_slice(&100_u16.to_le_bytes());
    let length = (hostile.len() - start) as u32;
    tail[12..16].copy_from_slice(&length.to_le_bytes());
    hostile.extend(tail);

    refused(archive(&written(&folder, "many.zip", &hostile)), "many.zip", "overlap");
}

#[test]
fn a_hundred_thousand_columns_are_refused_in_every_format() {
    let names: Vec<String> = (0..100_000).map(|i| format!("c{i}")).collect();
    let row = vec!["1"; 100_000].join(",");
    let text = format!("{}\n{row}\n{row}\n", names.join(","));
    assert!(in_memory("wide.csv", text.into_bytes()).is_err());

    let members = names.iter().map(|name| format!("\"{name}\":1")).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"type":"Feature","geometry":null,"properties":{{{members}}}}}"#);
    refused(in_memory("wide.geojson", text.into_bytes()), "wide.geojson", "more than 2000 columns");

    // Each feature has a column of its own.
    let features = names
        .iter()
        .map(|name| format!(r#"{{"type":"Feature","geometry":null,"properties":{{"{name}":1}}}}"#));
    let text = features.collect::<Vec<_>>().join("\n");
    refused(in_memory("each.geojsonl", text.into_bytes()), "each.geojsonl", "2000 columns");
}

#[test]
fn deep_json_is_refused() {
    for (name, text) in [
        ("a.geojson", format!("{{\"type\":\"FeatureCollection\",\"x\":{}", "[".repeat(1_000_000))),
        (
            "b.geojson",
            format!(
                r#"{{"type":"Feature","geometry":null,"properties":{{"x":{}{}}}}}"#,
                "[".repeat(100_000),
                "]".repeat(100_000)
            ),
        ),
        (
            "c.geojson",
            format!(
                r#"{{"type":"Feature","properties":{{}},"geometry":{}"#,
                r#"{"type":"GeometryCollection","geometries":["#.repeat(50_000)
            ),
        ),
    ] {
        let done = in_memory(name, text.into_bytes());
        let said = done.unwrap_err().to_string();
        assert!(said.starts_with(name), "{said}");
    }
}

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

fn read_on_disk(path: &Path) -> Result<usize, ReadError> {
    let size = fs::metadata(path).unwrap().len();
    LoadedFile::open(path).and_then(|file| read(&file, size))
}

#[test]
fn a_geopackage_that_computes_its_rows_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n";
    let view = geopackage(&folder, "view.gpkg", "v", &format!("CREATE VIEW v AS {endless};"));
    refused(read_on_disk(&view), "view.gpkg", "is a view");

    let listed = geopackage(
        &folder,
        "listed.gpkg",
        "v",
        &format!(
            "DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS SELECT x AS table_name, \
             'features' AS data_type FROM ({endless});"
        ),
    );
    refused(read_on_disk(&listed), "listed.gpkg", "is a view");

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

/// A workbook whose only sheet is this XML.
fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "x").unwrap();
    let mut parts = unzip(&book.save_to_buffer().unwrap());
    for (name, part) in &mut parts {
        match name.as_str() {
            "xl/worksheets/sheet1.xml" => *part = sheet.as_bytes().to_vec(),
            "xl/sharedStrings.xml" => *part = strings.as_bytes().to_vec(),
            _ => {}
        }
    }
    zip_of(&parts)
}

const SHEET: &str = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;

#[test]
fn a_sheet_of_two_far_corners_is_refused() {
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Ref</t></si></sst>"#;
    let corners = format!(
        r#"{SHEET}<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#
    );
    refused(in_memory("far.xlsx", workbook(&corners, strings)), "far.xlsx", "too large");
    let high = format!(
        r#"{SHEET}<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="4000000000"><c r="A4000000000"><v>1</v></c></row></sheetData></worksheet>"#
    );
    assert!(in_memory("high.xlsx", workbook(&high, strings)).is_err());
}

/// A text as long as a cell can hold, that every cell shares.
#[test]
fn a_text_that_many_cells_share_is_held_once() {
    let strings = |length| {
        format!(
            r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Ref</t></si><si><t>{}</t></si></sst>"#,
            "x".repeat(length)
        )
    };
    let row = r#"<row><c t="s"><v>1</v></c></row>"#.repeat(50_000);
    let sheet = format!(r#"{SHEET}<row><c t="s"><v>0</v></c></row>{row}</sheetData></worksheet>"#);

    assert!(in_memory("shared.xlsx", workbook(&sheet, &strings(32_767))).unwrap() >= 50_000);
    refused(
        in_memory("long.xlsx", workbook(&sheet, &strings(1 << 20))),
        "long.xlsx",
        "a cell of 1048576 bytes",
    );
}

fn ods(rows: &str, end: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="A">{rows}{end}"#
    );
    zip_of(&[
        ("mimetype".into(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".into(), content.into_bytes()),
    ])
}

const ODS_END: &str = "</table:table></office:spreadsheet></office:body></office:document-content>";

#[test]
fn a_sheet_that_repeats_itself_without_end_is_refused() {
    let text = |t: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>"#
        )
    };
    let header = format!("<table:table-row>{}{}</table:table-row>", text("Ref"), text("Type"));
    let wide = r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="9000" office:value-type="float" office:value="1"/></table:table-row>"#;
    let far = r#"<table:table-row table:number-rows-repeated="99999999999"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>"#;
    let spaces = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="4000000000"/></text:p></table:table-cell></table:table-row>"#;
    for rows in [wide.repeat(200), far.to_owned(), spaces.to_owned()] {
        let bytes = ods(&format!("{header}{rows}"), ODS_END);
        // What is read of it is read in bounds.
        let _ = in_memory("repeats.ods", bytes);
    }
    refused(in_memory("cut.ods", ods(&header, "")), "cut.ods", "ends within a sheet");
    let note = format!("{header}<table:table-row><table:table-cell><office:annotation>");
    refused(in_memory("note.ods", ods(&note, "")), "note.ods", "ends within a sheet");
}

#[test]
fn texts_beside_a_workspace_are_read_to_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let name = wardheat::workspace::DESCRIPTION;
    fs::write(folder.path().join(name), "name = \"x\"\n".repeat(1 << 20)).unwrap();
    let refused = wardheat::workspace::Workspace::load(folder.path()).unwrap_err();
    assert!(refused.to_string().contains(name), "{refused}");
    let deep = format!("name = \"x\"\nareas = {}", "[".repeat(1_000_000));
    fs::write(folder.path().join(name), deep).unwrap();
    assert!(wardheat::workspace::Workspace::load(folder.path()).is_err());
}

#[test]
fn what_a_gzip_stream_holds_is_recognised_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.csv.gz", &gzip(b"PK\x03\x04 not a zip"));
    refused(LoadedFile::open(&path).and_then(|file| read(&file, 0)), "a.csv.gz", "zip file");
}

//! Files as other programs write them: GDAL turns one set of wards and incidents into every format
//! we read, and each must give the same.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use wardheat::geometry::Shape;
use wardheat::read::format::{self, FORMATS};
use wardheat::read::{LoadedFile, ReadError, ValueGround, ValueSpec, read_areas, read_values};
use wardheat::units::AreaLayer;
use wardheat::workspace::AreaFile;

use crate::support::{Workspace, shared};

/// Two wards, one of them with a hole and an island, and letters beyond ASCII.
const WARDS: &str = r#"{"type":"FeatureCollection","name":"wards","features":[
{"type":"Feature","properties":{"code":"E05000001","name":"Bryn-y-Môr","n":1200,"rate":2.5,"day":"2025-04-03"},"geometry":{"type":"MultiPolygon","coordinates":[[[[-1.30,54.50],[-1.20,54.50],[-1.20,54.55],[-1.30,54.55],[-1.30,54.50]],[[-1.26,54.52],[-1.24,54.52],[-1.24,54.53],[-1.26,54.53],[-1.26,54.52]]],[[[-1.18,54.50],[-1.17,54.50],[-1.17,54.51],[-1.18,54.51],[-1.18,54.50]]]]}},
{"type":"Feature","properties":{"code":"E05000002","name":"Nant & Cwm","n":800,"rate":null,"day":null},"geometry":{"type":"Polygon","coordinates":[[[-1.30,54.55],[-1.20,54.55],[-1.20,54.60],[-1.30,54.60],[-1.30,54.55]]]}}]}"#;

const POINTS: &str = r#"{"type":"FeatureCollection","name":"points","features":[
{"type":"Feature","properties":{"ref":"a","n":3},"geometry":{"type":"Point","coordinates":[-1.3128,54.5674]}},
{"type":"Feature","properties":{"ref":"b","n":4},"geometry":{"type":"Point","coordinates":[-1.2901,54.5523]}}]}"#;

/// GDAL's converter; `None`, with a printed reason, where it is not installed.
fn ogr2ogr(arguments: &[&str], folder: &Path) -> Option<()> {
    let done = Command::new("ogr2ogr").args(arguments).current_dir(folder).output();
    match done {
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "ogr2ogr {arguments:?}: {said}");
            Some(())
        }
        Err(error) => {
            println!("skipped 1: GDAL's ogr2ogr is not installed ({error})");
            None
        }
    }
}

/// A folder with the wards and points in every format and two coordinate systems.
fn converted() -> Option<(tempfile::TempDir, Vec<PathBuf>)> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wards.geojson"), WARDS).unwrap();
    let mut files = Vec::new();
    for (driver, ending) in [("GPKG", "gpkg"), ("ESRI Shapefile", "shp"), ("FlatGeobuf", "fgb")] {
        for code in [4326, 27700, 32630] {
            let name = format!("wards_{code}.{ending}");
            let crs = format!("EPSG:{code}");
            ogr2ogr(&["-f", driver, "-t_srs", &crs, &name, "wards.geojson"], folder.path())?;
            files.push(folder.path().join(name));
        }
    }
    ogr2ogr(
        &["-f", "GeoJSONSeq", "-lco", "RS=YES", "wards.geojsonl", "wards.geojson"],
        folder.path(),
    )?;
    files.push(folder.path().join("wards.geojsonl"));
    Some((folder, files))
}

fn wards(path: &Path) -> Result<AreaLayer, ReadError> {
    let spec = AreaFile {
        kind: "ward".into(),
        file: String::new(),
        code: "code".into(),
        name: "name".into(),
        edition: "2025".into(),
        crs: None,
    };
    read_areas(&LoadedFile::open(path)?, &spec)
}

#[test]
fn the_same_wards_come_from_every_geodata_format_and_system() {
    let Some((folder, files)) = converted() else { return };
    let wanted = wards(&folder.path().join("wards.geojson")).unwrap();

    for file in &files {
        let found = wards(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));

        assert_eq!(found.areas.len(), 2, "{}", file.display());
        for (found, wanted) in found.areas.iter().zip(&wanted.areas) {
            assert_eq!(
                (&found.code, &found.name),
                (&wanted.code, &wanted.name),
                "{}",
                file.display()
            );
            let (a, b) = (found.shape.area().get(), wanted.shape.area().get());
            // Without a grid file GDAL's way to and from OSGB36 is some metres off, as a shift.
            assert!((a - b).abs() < 2e-4 * b, "{}: {a} m² and {b} m²", file.display());
            let (a, b) = (centre(&found.shape), centre(&wanted.shape));
            assert!((a.0 - b.0).hypot(a.1 - b.1) < 6.0, "{}: {a:?} {b:?}", file.display());
        }
    }
}

fn centre(shape: &Shape) -> (f64, f64) {
    let bounds = shape.bounds().unwrap();
    let middle = |a: f64, b: f64| f64::midpoint(a, b);
    (
        middle(bounds.min.easting(), bounds.max.easting()),
        middle(bounds.min.northing(), bounds.max.northing()),
    )
}

#[test]
fn cells_come_as_they_were_written() {
    let Some((_folder, files)) = converted() else { return };

    for path in &files {
        let file = LoadedFile::open(path).unwrap();
        let table = format::open(&file).unwrap();
        let at = |name| table.column(name).unwrap_or_else(|| panic!("{}: {name}", path.display()));
        let columns = [at("name"), at("n"), at("rate"), at("day")];
        let mut rows = Vec::new();
        table
            .rows
            .each(&mut |row| rows.push(columns.map(|column| row.get(column).to_owned())))
            .unwrap();
        // FlatGeobuf keeps features in an order of its own.
        rows.sort();

        assert_eq!(rows[0], ["Bryn-y-Môr", "1200", "2.5", "2025-04-03"], "{}", path.display());
        assert_eq!(rows[1], ["Nant & Cwm", "800", "", ""], "{}", path.display());
    }
}

#[test]
fn each_file_is_recognised_by_its_own_format_and_by_none_before_it() {
    let Some((_folder, files)) = converted() else { return };

    for (ending, id) in
        [("gpkg", "gpkg"), ("shp", "shapefile"), ("fgb", "flatgeobuf"), ("geojsonl", "geojson")]
    {
        let path = files.iter().find(|path| path.extension().is_some_and(|e| e == ending)).unwrap();
        let file = LoadedFile::open(path).unwrap();
        let first = FORMATS.iter().find(|format| format.recognises(file.head())).unwrap();
        assert_eq!(first.id(), id);
    }
}

#[test]
fn a_cut_short_file_is_an_error_that_names_it() {
    let Some((folder, files)) = converted() else { return };

    for path in &files {
        let whole = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for share in [10, 50, 90] {
            let cut = folder.path().join(format!("cut_{name}"));
            std::fs::write(&cut, &whole[..whole.len() * share / 100]).unwrap();
            for beside in ["dbf", "prj", "cpg"] {
                let _ = std::fs::copy(path.with_extension(beside), cut.with_extension(beside));
            }

            let refused = wards(&cut).map(|layer| layer.areas.len());

            let refused = refused.expect_err(&format!("{name} cut to {share}%"));
            assert!(refused.to_string().contains(&format!("cut_{name}")), "{refused}");
        }
    }
}

#[test]
fn a_layer_of_several_must_be_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wards.geojson"), WARDS).unwrap();
    std::fs::write(folder.path().join("points.geojson"), POINTS).unwrap();
    let both = "both.gpkg";
    if ogr2ogr(&["-f", "GPKG", both, "wards.geojson"], folder.path()).is_none() {
        return;
    }
    ogr2ogr(&["-f", "GPKG", "-update", both, "points.geojson"], folder.path());
    let path = folder.path().join(both);

    let refused = wards(&path).unwrap_err();

    assert!(refused.to_string().contains("several layers (points, wards)"), "{refused}");
    assert!(refused.hint().unwrap().contains('#'));
    let named = PathBuf::from(format!("{}#wards", path.display()));
    assert_eq!(wards(&named).unwrap().areas.len(), 2);
}

#[test]
fn points_of_a_geopackage_lie_where_those_of_the_geojson_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("points.geojson"), POINTS).unwrap();
    if ogr2ogr(&["-f", "GPKG", "p.gpkg", "points.geojson"], folder.path()).is_none() {
        return;
    }
    let read = |name: &str| {
        let file = LoadedFile::open(&folder.path().join(name)).unwrap();
        let spec =
            ValueSpec { value: Some("n".into()), id: Some("ref".into()), ..ValueSpec::default() };
        read_values(&file, &spec).unwrap()
    };

    let (ours, theirs) = (read("points.geojson"), read("p.gpkg"));

    assert_eq!(ours, theirs);
    assert!(matches!(ours.ground, ValueGround::Points(points) if points.len() == 2));
}

#[test]
fn a_shapefile_without_its_table_says_what_is_missing() {
    let Some((folder, _)) = converted() else { return };
    std::fs::remove_file(folder.path().join("wards_27700.dbf")).unwrap();

    let refused = wards(&folder.path().join("wards_27700.shp")).unwrap_err();

    assert!(refused.to_string().contains("without its table"), "{refused}");
    assert!(refused.hint().unwrap().contains(".dbf"));
}

/// The archive of data.police.uk as downloaded: months in folders, three kinds of file.
#[test]
fn a_police_archive_gives_what_its_street_files_give() {
    let Some(shared) = shared("the police archive") else { return };
    let workspace = Workspace::new();
    let mut archive =
        zip::ZipWriter::new(std::fs::File::create(workspace.path().join("police.zip")).unwrap());
    let plain = zip::write::SimpleFileOptions::default();
    let mut put = |name: String, bytes: &[u8]| {
        archive.start_file(name, plain).unwrap();
        archive.write_all(bytes).unwrap();
    };
    for month in ["2025-01", "2025-02"] {
        let packed = std::fs::read_dir(shared.join("data/police_stockton"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(month))
            .unwrap();
        let mut text = Vec::new();
        let file = std::fs::File::open(packed).unwrap();
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut text).unwrap();
        put(format!("{month}/{month}-cleveland-street.csv"), &text);
        put(format!("{month}/{month}-cleveland-outcomes.csv"), b"Crime ID,Month\n");
    }
    archive.finish().unwrap();
    let wards = shared.join("data/boundaries/stockton_wards_2024.geojson").display().to_string();
    let plain = shared.join("data/police_stockton/2025-0[12]*.csv.gz").display().to_string();

    let counts = |incidents: &str| -> serde_json::Value {
        workspace.ok(&["init", "--force", "--areas", &wards, "--incidents", incidents]);
        let said = workspace.ok(&["import", "--json"]);
        serde_json::from_str(&said).unwrap()
    };

    let (zipped, unpacked) = (counts("police.zip"), counts(&plain));

    let total = |report: &serde_json::Value| report["sources"][0]["total"].to_string();
    assert_eq!(total(&zipped), total(&unpacked));
    let warnings = zipped["sources"][0]["warnings"].to_string();
    assert!(warnings.contains("2 outcomes files of police.zip were left alone"), "{warnings}");
}

/// A police extract as a Shapefile has it: names cut to ten letters, which no header says in full.
#[test]
fn columns_that_a_shapefile_cut_are_read_as_what_they_were() {
    let workspace = crate::mess::workspace(&[], "");
    let csv = "Crime Reference,Offence Code,Date From,Domestic Abuse,Easting,Northing\n\
               A/1,30A,13/04/2025 10:00,Y,444512,519001\nA/2,30A,14/04/2025 10:00,N,444512,519001\n";
    std::fs::write(workspace.path().join("crime.csv"), csv).unwrap();
    let made = [
        "-f",
        "ESRI Shapefile",
        "-oo",
        "X_POSSIBLE_NAMES=Easting",
        "-oo",
        "Y_POSSIBLE_NAMES=Northing",
    ];
    let made: Vec<&str> =
        made.into_iter().chain(["-a_srs", "EPSG:27700", "crime.shp", "crime.csv"]).collect();
    if ogr2ogr(&made, workspace.path()).is_none() {
        return;
    }

    let said = workspace.ok(&["check", "crime.shp"]);

    assert!(said.contains("police force crime extract"), "{said}");
    assert!(said.contains("1 kept by ward only (location rule)"), "{said}");
    assert!(!said.contains("columns dropped"), "{said}");
    assert!(!said.contains("no reference"), "{said}");
}

#[test]
fn a_cut_column_that_could_be_two_is_refused_in_words() {
    let workspace = crate::mess::workspace(&[], "");
    let csv = "Crime Reference,Offence Code,Committed From,Committed To,Easting,Northing\n\
               A/1,30A,13/04/2025 10:00,13/04/2025 11:00,444512,519001\n";
    std::fs::write(workspace.path().join("crime.csv"), csv).unwrap();
    if ogr2ogr(&["-f", "ESRI Shapefile", "crime.dbf", "crime.csv"], workspace.path()).is_none() {
        return;
    }
    // GDAL writes a table alone where there are no places; save it as text as people do.
    let _ = ogr2ogr(&["-f", "CSV", "cut.csv", "crime.dbf"], workspace.path());

    let said = workspace.fails(&["check", "cut.csv"]);

    assert!(said.contains("the name of column `Committed` is cut short and could be"), "{said}");
    assert!(said.contains("`Committed From`") && said.contains("`Committed To`"), "{said}");
    assert!(said.contains("hint: a Shapefile keeps ten letters of a name"), "{said}");
}

#[test]
fn a_shapefile_of_solids_is_refused_with_the_way_out() {
    use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
    use shapefile::{Multipatch, Patch, PointZ, Writer};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("solids.shp");
    let table = TableWriterBuilder::new().add_character_field("NAME".try_into().unwrap(), 10);
    let mut writer = Writer::from_path(&path, table).unwrap();
    let corner = |x: f64, y: f64| PointZ::new(x, y, 3.0, 0.0);
    let solid = Multipatch::new(Patch::TriangleStrip(vec![
        corner(444_000.0, 519_000.0),
        corner(444_010.0, 519_000.0),
        corner(444_000.0, 519_010.0),
    ]));
    let mut record = Record::default();
    record.insert("NAME".to_owned(), FieldValue::Character(Some("hall".to_owned())));
    writer.write_shape_and_record(&solid, &record).unwrap();
    drop(writer);

    let file = LoadedFile::open(&path).unwrap();
    let refused = format::open(&file).unwrap().rows.each(&mut |_| {}).unwrap_err();

    assert!(refused.to_string().contains("a shapefile of solids (MultiPatch"), "{refused}");
    assert!(refused.hint().unwrap().contains("footprints"));
}

/// A GeoPackage of one table, with a view `seen` over it that is registered as a layer.
fn with_view(folder: &Path, view: &str) -> Option<LoadedFile> {
    let path = folder.join("viewed.gpkg");
    let _ = std::fs::remove_file(&path);
    std::fs::write(folder.join("points.geojson"), POINTS).unwrap();
    ogr2ogr(&["-f", "GPKG", "-t_srs", "EPSG:27700", "viewed.gpkg", "points.geojson"], folder)?;
    let connection = rusqlite::Connection::open(&path).unwrap();
    let more = format!(
        "CREATE VIEW seen AS {view};
         INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('seen', 'features', 'seen', 27700);
         INSERT INTO gpkg_geometry_columns VALUES ('seen', 'geom', 'POINT', 27700, 0, 0);"
    );
    connection.execute_batch(&more).unwrap();
    drop(connection);
    Some(LoadedFile::open(&folder.join("viewed.gpkg#seen")).unwrap())
}

#[test]
fn a_view_that_is_registered_is_a_layer_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let view = "SELECT fid, geom, ref AS \"Crime Ref\", upper(ref) AS loud FROM points WHERE n > 3";
    let Some(file) = with_view(folder.path(), view) else { return };

    let table = format::open(&file).unwrap();
    let mut rows = Vec::new();
    table.rows.each(&mut |row| rows.push((row.text(), row.geometry.is_some()))).unwrap();

    assert_eq!(table.columns, ["fid", "Crime Ref", "loud"]);
    assert_eq!(table.crs.map(|crs| crs.to_string()).as_deref(), Some("EPSG:27700"));
    assert_eq!(rows, [("2 | b | B".to_owned(), true)]);
}

#[test]
fn a_view_that_could_take_any_memory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (view, why) in [
        ("SELECT p.*, zeroblob(900000000) AS big FROM points p", "zeroblob"),
        ("SELECT p.*, printf('%.*c', 900000000, 'x') AS big FROM points p", "printf"),
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n",
            "",
        ),
        ("SELECT p.* FROM points p, points q, points r ORDER BY random()", ""),
        ("SELECT p.* FROM points p GROUP BY n + 1", "sorts, groups or repeats"),
        ("SELECT 1 AS fid, NULL AS geom, value FROM json_each('[1,2]')", "json_each"),
        ("SELECT fid, geom, load_extension('x') FROM points", ""),
    ] {
        let Some(file) = with_view(folder.path(), view) else { return };

        let Err(refused) = format::open(&file) else { panic!("{view} was opened") };

        assert!(refused.to_string().contains("`seen` is computed and not read"), "{refused}");
        assert!(refused.to_string().contains(why), "{refused}");
        assert!(refused.hint().unwrap().contains("export the layer as a table"));
    }
}

use std::process::Command;

use ::geojson::feature::Id;
use ::geojson::{FeatureCollection, GeometryValue};
use geo_types::{Coord, MultiPolygon, Polygon};

use super::*;
use crate::crs::{LonLat, lonlat_to_bng};
use crate::geometry::Shape;
use crate::layer::Feature;
use crate::provenance::Provenance;
use crate::table::{Column, Table, Value};

fn how_made() -> HowMade {
    HowMade {
        wardheat: "0.1.0".into(),
        area: "Testford".into(),
        fictional: true,
        dataset: "0123456789abcdef".into(),
        crime_types: "all".into(),
        crime_types_label: "All".into(),
        window: "2025-01..2025-12".into(),
        window_label: "Jan to Dec 2025".into(),
        compared_with: None,
        gaps: Vec::new(),
        in_part: Vec::new(),
        n_incidents: 12,
        n_mapped: 11,
        methods: vec![("Heat".into(), "quartic kernel, 300 m".into())],
        seed: 1,
        request: serde_json::json!({ "types": "all" }),
        provenance: Provenance::default(),
    }
}

fn column(id: &'static str) -> Column {
    Column { id, label: "", unit: "", decimals: 1 }
}

fn ring(x: f64, y: f64, side: f64, clockwise: bool) -> geo_types::LineString<f64> {
    let mut corners: Vec<Coord<f64>> = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
        .iter()
        .map(|(east, north)| Coord { x: x + east * side, y: y + north * side })
        .collect();
    if clockwise {
        corners.reverse();
    }
    corners.into()
}

/// A square with a hole, both rings the wrong way round; two squares; nothing.
fn layer() -> Layer {
    let holed =
        Polygon::new(ring(440e3, 520e3, 900.0, true), vec![ring(440.3e3, 520.3e3, 200.0, false)]);
    let plain = |x: f64| Polygon::new(ring(x, 521e3, 100.0, false), vec![]);
    let feature = |id: &str, polygons, values| Feature {
        at: None,
        id: id.to_owned(),
        shape: Shape::new(MultiPolygon::new(polygons)),
        values,
    };
    Layer {
        id: "wards",
        title: "Wards \"of\" Testford".into(),
        columns: vec![column("code"), column("count"), column("rate"), column("tested")],
        features: vec![
            feature(
                "E05000001",
                vec![holed],
                vec![
                    "E05000001".into(),
                    Value::Count(12),
                    Value::Number(0.1 + 0.2),
                    Value::Flag(true),
                ],
            ),
            feature(
                "E05000002",
                vec![plain(441e3), plain(442e3)],
                vec!["=1+1".into(), Value::Count(-3), Value::Number(f64::NAN), Value::None],
            ),
            feature("E05000003", vec![], vec![Value::None, Value::None, Value::None, Value::None]),
        ],
    }
}

fn bytes(writer: &dyn Writer, layer: &Layer) -> Vec<u8> {
    let (how_made, notes) = (how_made(), vec!["Invented data".to_owned()]);
    let mut out = Vec::new();
    writer.write(layer, About { how_made: &how_made, notes: &notes, crs: None }, &mut out).unwrap();
    out
}

fn written(writer: &dyn Writer, layer: &Layer) -> String {
    String::from_utf8(bytes(writer, layer)).unwrap()
}

/// Twice the signed area of a ring of longitudes and latitudes.
fn turn(ring: &[::geojson::Position]) -> f64 {
    let at = |i: usize| (ring[i][0] - ring[0][0], ring[i][1] - ring[0][1]);
    (1..ring.len()).map(|i| at(i - 1).0 * at(i).1 - at(i).0 * at(i - 1).1).sum()
}

fn polygons(feature: &::geojson::Feature) -> Vec<Vec<Vec<::geojson::Position>>> {
    match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => vec![coordinates.clone()],
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates.clone(),
        None => vec![],
        other => panic!("unexpected geometry {other:?}"),
    }
}

#[test]
fn geojson_reads_back_with_the_same_places_and_figures() {
    let original = layer();

    let read: FeatureCollection = written(&GeoJson, &original).parse().unwrap();

    assert_eq!(read.features.len(), original.features.len());
    for (feature, wanted) in read.features.iter().zip(&original.features) {
        assert_eq!(feature.id, Some(Id::String(wanted.id.clone())));
        let polygons = polygons(feature);
        assert_eq!(polygons.len(), wanted.shape.polygons().0.len());
        for (polygon, wanted) in polygons.iter().zip(wanted.shape.polygons()) {
            assert_eq!(polygon.len(), 1 + wanted.interiors().len());
            for corner in &polygon[0] {
                let position = lonlat_to_bng(LonLat::new(corner[0], corner[1]).unwrap()).unwrap();
                let near = |at: &Coord<f64>| position.distance(crate::crs::Bng::new(at.x, at.y));
                assert!(wanted.exterior().0.iter().map(near).fold(f64::MAX, f64::min) < 0.02);
            }
        }
    }
    let properties = read.features[0].properties.as_ref().unwrap();
    assert_eq!(properties["count"], 12);
    assert_eq!(properties["rate"], 0.1 + 0.2);
    assert_eq!(properties["tested"], true);
    let members = read.foreign_members.unwrap();
    assert_eq!(members["title"], "Wards \"of\" Testford");
    assert_eq!(members["how_made"]["n_incidents"], 12);
    assert_eq!(members["notes"][0], "Invented data");
}

#[test]
fn rings_are_closed_and_run_the_right_way_round() {
    let read: FeatureCollection = written(&GeoJson, &layer()).parse().unwrap();

    let all: Vec<_> = read.features.iter().flat_map(polygons).collect();
    assert_eq!(all.len(), 3);
    for polygon in all {
        for (i, ring) in polygon.iter().enumerate() {
            assert_eq!(ring.first(), ring.last());
            assert_eq!(turn(ring) > 0.0, i == 0, "ring {i}");
        }
    }
}

#[test]
fn undefined_figures_and_empty_shapes_are_null() {
    let text = written(&GeoJson, &layer());
    let read: FeatureCollection = text.parse().unwrap();

    let second = read.features[1].properties.as_ref().unwrap();
    assert!(second["rate"].is_null() && second["tested"].is_null());
    assert!(read.features[2].geometry.is_none());
    assert!(!text.contains("NaN"));
}

#[test]
fn coordinates_have_seven_decimals_at_most() {
    let read: FeatureCollection = written(&GeoJson, &layer()).parse().unwrap();

    for number in
        read.features.iter().flat_map(polygons).flatten().flatten().flat_map(|p| [p[0], p[1]])
    {
        let text = number.to_string();
        assert!(text.split_once('.').map_or(0, |(_, decimals)| decimals.len()) <= 7, "{text}");
    }
}

#[test]
fn a_sliver_that_rounding_flattens_is_left_out() {
    let mut with_sliver = layer();
    let sliver = Polygon::new(ring(440e3, 520e3, 0.001, false), vec![]);
    with_sliver.features[0].shape = Shape::new(MultiPolygon::new(vec![sliver]));

    let read: FeatureCollection = written(&GeoJson, &with_sliver).parse().unwrap();

    assert!(read.features[0].geometry.is_none());
}

#[test]
fn a_place_off_the_map_is_named() {
    let mut wrong = layer();
    let far = Polygon::new(ring(-5e6, 520e3, 100.0, false), vec![]);
    wrong.features[1].shape = Shape::new(MultiPolygon::new(vec![far]));
    let how_made = how_made();

    let refused = GeoJson
        .write(&wrong, About { how_made: &how_made, notes: &[], crs: None }, &mut Vec::new())
        .unwrap_err();

    assert!(refused.to_string().contains("E05000002"), "{refused}");
}

#[test]
fn every_writer_gives_the_same_bytes_twice_and_refuses_ragged_rows() {
    let mut ragged = layer();
    ragged.features[1].values.pop();
    let how_made = how_made();
    for writer in WRITERS {
        assert!(bytes(*writer, &layer()) == bytes(*writer, &layer()), "{}", writer.id());
        let refused = writer
            .write(&ragged, About { how_made: &how_made, notes: &[], crs: None }, &mut Vec::new())
            .unwrap_err();
        assert!(matches!(refused, ExportError::Ragged { row: 2, found: 3, wanted: 4, .. }));
        assert!(super::writer(writer.id()).is_some());
    }
}

#[test]
fn gdal_reads_the_geojson() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        println!("skipped 1 check: GDAL's ogrinfo is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wards.geojson");
    std::fs::write(&file, written(&GeoJson, &layer())).unwrap();

    let output = Command::new("ogrinfo").args(["-ro", "-al", "-so"]).arg(&file).output().unwrap();

    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for wanted in ["Feature Count: 3", "rate: Real", "count: Integer"] {
        assert!(said.contains(wanted), "no `{wanted}` in {said}");
    }
    assert!(!said.contains("Warning") && !said.contains("ERROR"), "{said}");
}

#[test]
fn csv_has_a_header_of_ids_and_empty_cells_for_nothing() {
    let lines = written(&Csv, &layer());

    assert_eq!(
        lines,
        "code,count,rate,tested\n\
         E05000001,12,0.30000000000000004,true\n\
         '=1+1,-3,,\n\
         ,,,\n"
    );
}

#[test]
fn csv_texts_that_a_spreadsheet_would_run_are_guarded() {
    let texts = [
        "=cmd|' /C calc'!A0",
        "+44",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1",
        "St John's",
        "a=b",
        "a,\"b\"\nc",
    ];
    let table = Table {
        id: "names".into(),
        title: String::new(),
        columns: vec![column("name")],
        rows: texts.iter().map(|&text| vec![text.into()]).collect(),
    };
    let mut out = Vec::new();

    write_table(&table, &mut out).unwrap();

    let read: Vec<String> = ::csv::Reader::from_reader(out.as_slice())
        .records()
        .map(|record| record.unwrap()[0].to_owned())
        .collect();
    for (i, (read, text)) in read.iter().zip(texts).enumerate() {
        let wanted = if i < 6 { format!("'{text}") } else { text.to_owned() };
        assert_eq!(*read, wanted);
    }
}

#[test]
fn csv_numbers_read_back_the_same() {
    let numbers =
        [0.0, -0.5, 1.0 / 3.0, 1e-300, 6.02e23, 123_456_789.125, f64::MIN_POSITIVE, -1e15];
    let table = Table {
        id: "numbers".into(),
        title: String::new(),
        columns: vec![column("z")],
        rows: numbers.iter().map(|&number| vec![Value::Number(number)]).collect(),
    };
    let mut out = Vec::new();

    write_table(&table, &mut out).unwrap();

    let text = String::from_utf8(out).unwrap();
    for (line, number) in text.lines().skip(1).zip(numbers) {
        assert_eq!(line.parse(), Ok(number));
        assert!(line.len() < 25, "{line}");
    }
}

#[test]
fn a_geopackage_reads_back_with_the_same_places_and_figures() {
    let (original, how_made) = (layer(), how_made());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wards.gpkg");
    let mut out = std::fs::File::create(&path).unwrap();
    let about = About { how_made: &how_made, notes: &[], crs: None };

    GeoPackage.write(&original, about, &mut out).unwrap();

    let file = crate::read::LoadedFile::open(&path).unwrap();
    let table = crate::read::format::open(&file).unwrap();
    assert_eq!(table.columns, ["fid", "code", "count", "rate", "tested"]);
    assert_eq!(table.crs, Some(crate::workspace::Crs::Bng));
    let mut rows = Vec::new();
    table.rows.each(&mut |row| rows.push((row.text(), row.geometry.cloned()))).unwrap();
    assert_eq!(rows[0].0, "1 | E05000001 | 12 | 0.30000000000000004 | 1");
    assert_eq!(rows[1].0, "2 | =1+1 | -3 |  | ");
    assert_eq!(rows[2], ("3 |  |  |  | ".to_owned(), None));
    let Some(GeometryValue::MultiPolygon { coordinates }) = &rows[0].1 else { panic!("{rows:?}") };
    assert_eq!(coordinates[0].len(), 2);
    assert_eq!(coordinates[0][0][0].as_slice(), [440e3, 520e3]);
}

#[test]
fn gdal_opens_a_geopackage_of_ours() {
    let (layer, how_made) = (layer(), how_made());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wards.gpkg");
    let mut out = std::fs::File::create(&path).unwrap();
    GeoPackage
        .write(&layer, About { how_made: &how_made, notes: &[], crs: None }, &mut out)
        .unwrap();

    let Ok(said) = Command::new("ogrinfo").args(["-al", "-so"]).arg(&path).output() else {
        println!("skipped 1: GDAL's ogrinfo is not installed");
        return;
    };

    let (text, complaints) =
        (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success() && complaints.is_empty(), "{complaints}");
    for wanted in [
        "Geometry: Multi Polygon",
        "Feature Count: 3",
        "ID[\"EPSG\",27700]",
        "rate: Real",
        "tested: Integer(Boolean)",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

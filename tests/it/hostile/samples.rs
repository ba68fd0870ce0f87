//! Samples that are made and not kept: a Parquet file of every codec, a store, a description.

use std::sync::Arc;

use geo::polygon;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use sha2::{Digest as _, Sha256};
use wardheat::crs::Bng;
use wardheat::geometry::Shape;
use wardheat::incident::{CrimeTypeIdx, Flags, Incident, Incidents, Place};
use wardheat::provenance::Provenance;
use wardheat::quantity::Metres;
use wardheat::store::{Dataset, Street};
use wardheat::time::NightBand;
use wardheat::units::{Area, AreaLayer};

/// A description that uses every table.
pub const DESCRIPTION: &str = r#"
name = "Marlow Bridge"
fictional = true
[[areas]]
kind = "ward"
file = "wards.geojson"
code = "WD24CD"
name = "WD24NM"
edition = "2024"
crs = "EPSG:27700"
[[population]]
kind = "ward"
file = "population.csv"
code = "ward"
residents = "population"
[streets]
file = "streets.geojson"
[snap-points]
file = "snap.csv"
x = "easting"
y = "northing"
crs = "EPSG:27700"
[[priority]]
name = "Antisocial behaviour"
types = ["anti-social-behaviour"]
[[source]]
id = "council"
profile = "council-flare"
files = ["data/*.csv", "data/2025-0?.csv"]
location = "ward"
date = "dd/mm/yyyy"
default-places = [[444500.0, 519000.0], [444501.5, 519001.5]]
[source.columns]
date = "Date"
[source.categories]
"Noise" = "exclude"
"#;

/// A table with a point in each row, as other programs write it.
pub fn parquet(codec: Compression) -> Vec<u8> {
    let schema = "message schema { OPTIONAL BYTE_ARRAY code (UTF8); OPTIONAL BYTE_ARRAY name \
                  (UTF8); REQUIRED INT32 n; OPTIONAL DOUBLE rate; OPTIONAL BYTE_ARRAY geometry; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(codec).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let point = |x: f64| {
        let mut wkb = vec![1, 1, 0, 0, 0];
        wkb.extend(x.to_le_bytes());
        wkb.extend(54.5_f64.to_le_bytes());
        ByteArray::from(wkb)
    };
    for _ in 0..2 {
        let mut group = writer.next_row_group().unwrap();
        let texts =
            |text: &str| (0..4).map(|i| ByteArray::from(format!("{text}{i}").as_str())).collect();
        for texts in [texts("E0500000"), texts("Ward ")] {
            let texts: Vec<ByteArray> = texts;
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&[1; 4]), None).unwrap();
            column.close().unwrap();
        }
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&[1, 2, 3, 3], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[0.5], Some(&[0, 1, 0, 0]), None).unwrap();
        column.close().unwrap();
        let points: Vec<ByteArray> = (0..4).map(|i| point(-1.3 + f64::from(i) / 100.0)).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&points, Some(&[1; 4]), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    let geo = r#"{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":["Point"]}}}"#;
    writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo.to_owned()));
    writer.into_inner().unwrap()
}

/// A small dataset with something in every part.
pub fn dataset() -> Dataset {
    let square = |x: f64| {
        let outline = polygon![(x: x, y: 0.0), (x: x + 500.0, y: 0.0), (x: x + 500.0, y: 500.0), (x: x, y: 500.0)];
        Shape::new(geo::MultiPolygon::new(vec![outline]))
    };
    let area = |code: &str, x| Area {
        code: code.into(),
        name: format!("Ward {code}"),
        shape: square(x),
        residents: None,
        households: None,
        workday: None,
    };
    let mut incidents = Incidents::default();
    for i in 0..20 {
        let position = Bng::new(20.0 + 40.0 * f64::from(i), 80.0);
        incidents.push(&Incident {
            reference: Some(7),
            source: "police".into(),
            crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
            month: "2025-01".parse().unwrap(),
            from: Some(jiff::civil::date(2025, 1, 30).at(1, 30, 0, 0)),
            to: None,
            place: Place::Point { position, precision: Metres::new(100.0) },
            ward: Some("E05000001".into()),
            lsoa: None,
            street: Some("On or near Høje Road".into()),
            flags: Flags::DOMESTIC,
        });
    }
    Dataset {
        name: "Testford".into(),
        night: NightBand::default(),
        priorities: Vec::new(),
        context: wardheat::context::Context::default(),
        layers: vec![AreaLayer {
            kind: "ward".into(),
            edition: "2024".into(),
            areas: vec![area("E05000001", 0.0), area("E05000002", 500.0)],
        }],
        study_area: Shape::union_of([&square(0.0), &square(500.0)]),
        incidents,
        streets: vec![Street { name: None, line: vec![Bng::new(1.0, 2.0), Bng::new(3.0, 4.5)] }],
        snap_points: vec![Bng::new(10.0, 20.0)],
        venues: Vec::new(),
        meetings: Vec::new(),
        fictional: true,
        provenance: Provenance {
            wardheat: "0.1.0".into(),
            residents: None,
            transformation: "none".into(),
            files: Vec::new(),
            attribution: Vec::new(),
            disclosure: None,
        },
        version: String::new(),
    }
}

/// Makes the manifest among `parts` vouch for the bytes that the other files now have.
pub fn vouch(parts: &mut [(String, Vec<u8>)]) {
    let sums: Vec<(String, String)> = parts
        .iter()
        .map(|(name, part)| {
            let sum = Sha256::digest(part);
            (name.clone(), hexadecimal(&sum))
        })
        .collect();
    let Some((_, manifest)) = parts.iter_mut().find(|(name, _)| name == "_manifest.json") else {
        return;
    };
    let Ok(mut value) = serde_json::from_slice(manifest) else { return };
    vouch_in(&mut value, &sums);
    *manifest = serde_json::to_vec(&value).unwrap();
}

fn vouch_in(value: &mut serde_json::Value, sums: &[(String, String)]) {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let path = map.get("path").and_then(Value::as_str);
            let sum = path.and_then(|path| sums.iter().find(|(name, _)| name == path));
            if let (Some((_, sum)), true) = (sum, map.contains_key("sha256")) {
                map.insert("sha256".into(), sum.clone().into());
            }
            map.values_mut().for_each(|value| vouch_in(value, sums));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| vouch_in(value, sums)),
        _ => {}
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

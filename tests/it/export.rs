//! `wardheat export`: what other programs get of the store.

use std::process::Command;

use wardheat::read::{LoadedFile, format};

use crate::support::Workspace;

/// Two ordinary crimes and a domestic one, whose place may only be kept as a ward.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let wards = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"Only"},"geometry":{"type":"Polygon","coordinates":[[[444000,520000],[448000,520000],[448000,524000],[444000,524000],[444000,520000]]]}}]}"#;
    std::fs::write(workspace.path().join("wards.geojson"), wards).unwrap();
    let text = "Crime Ref,HO Class,Committed From,Easting,Northing,Domestic\n\
                A1,30,03/03/2025 12:15,445123,521456,N\n\
                A2,37/2,17/03/2025 23:40,446001,522002,N\n\
                A3,8N,20/03/2025 20:00,447777,523333,Y\n";
    std::fs::write(workspace.path().join("crimes.csv"), text).unwrap();
    workspace.ok(&["init", "--areas", "wards.geojson", "--incidents", "crimes.csv"]);
    workspace.ok(&["import"]);
    workspace
}

#[test]
fn a_geopackage_of_incidents_holds_points_and_what_has_none() {
    let workspace = workspace();

    workspace.ok(&["export", "incidents", "-o", "out.gpkg"]);

    let path = workspace.path().join("out.gpkg");
    let rows = |layer: &str| {
        let named = std::path::PathBuf::from(format!("{}#{layer}", path.display()));
        let file = LoadedFile::open(&named).unwrap();
        let table = format::open(&file).unwrap();
        let (kind, ward) = (table.column("crime_type").unwrap(), table.column("ward").unwrap());
        let mut rows = Vec::new();
        table
            .rows
            .each(&mut |row| {
                let at = (row.get(kind).to_owned(), row.get(ward).to_owned());
                rows.push((at, row.geometry.is_some()));
            })
            .unwrap();
        rows
    };
    let (points, others) = (rows("incidents"), rows("incidents_without_point"));
    assert_eq!(points.len(), 2);
    assert!(points.iter().all(|(_, has_point)| *has_point));
    assert_eq!(others.len(), 1);
    assert_eq!(others[0].0, ("violence-and-sexual-offences".to_owned(), "E05000001".to_owned()));
}

#[test]
fn no_byte_of_an_export_holds_a_place_finer_than_its_rule() {
    let workspace = workspace();

    for name in ["out.gpkg", "out.csv"] {
        workspace.ok(&["export", "incidents", "-o", name]);
        let bytes = std::fs::read(workspace.path().join(name)).unwrap();
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        // The ordinary crimes are there, the domestic one's position and every reference are not.
        assert!(holds(b"445123") || holds(&445_123_f64.to_le_bytes()), "{name}");
        assert!(!holds(b"447777") && !holds(&447_777_f64.to_le_bytes()), "{name}");
        assert!(!holds(b"A1") && !holds(b"A3"), "{name}");
    }
}

#[test]
fn the_same_store_exports_the_same_bytes() {
    let workspace = workspace();
    let export = |name: &str| {
        workspace.ok(&["export", "incidents", "-o", name]);
        std::fs::read(workspace.path().join(name)).unwrap()
    };

    assert_eq!(export("a.gpkg"), export("b.gpkg"));
    assert_eq!(export("a.csv"), export("b.csv"));
}

#[test]
fn gdal_reads_the_points_where_they_are() {
    let workspace = workspace();
    workspace.ok(&["export", "incidents", "-o", "out.gpkg"]);

    let Ok(said) = Command::new("ogrinfo")
        .args(["-q", "-al", "out.gpkg", "incidents"])
        .current_dir(workspace.path())
        .output()
    else {
        println!("skipped 1: GDAL's ogrinfo is not installed");
        return;
    };

    let text = String::from_utf8_lossy(&said.stdout);
    assert!(text.contains("POINT (445123 521456)"), "{text}");
    assert!(text.contains("month (String) = 2025-03"), "{text}");
}

#[test]
fn another_ending_is_refused_with_those_there_are() {
    let refused = workspace().fails(&["export", "incidents", "-o", "out.xlsx"]);

    assert!(refused.contains(".gpkg or .csv"), "{refused}");
}

//! `wardheat analyse STATISTIC`: one statistic on any file.

use std::fmt::Write as _;

use crate::support::{Workspace, run};

/// A 6 by 6 grid of 1 km squares, `n` high in one corner.
fn squares() -> String {
    let mut features = Vec::new();
    for row in 0..6 {
        for column in 0..6 {
            let (x, y) = (444_000 + column * 1000, 520_000 + row * 1000);
            let n = if column < 2 && row < 2 { 40 } else { 5 + (column + 2 * row) % 3 };
            features.push(format!(
                r#"{{"type":"Feature","properties":{{"code":"c{column}r{row}","n":{n}}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{0},{y}],[{0},{1}],[{x},{1}],[{x},{y}]]]}}}}"#,
                x + 1000,
                y + 1000
            ));
        }
    }
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{}]}}"#,
        features.join(",")
    )
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    std::fs::write(workspace.path().join("areas.geojson"), squares()).unwrap();
    workspace
}

const GI_STAR: [&str; 7] = ["analyse", "gi-star", "areas.geojson", "--value", "n", "--id", "code"];

#[test]
fn gi_star_of_a_file_is_written_and_read_back() {
    let workspace = workspace();

    workspace.ok(&[&GI_STAR[..], &["--alpha", "0.01", "-o", "out.csv"]].concat());

    let text = std::fs::read_to_string(workspace.path().join("out.csv")).unwrap();
    let hot: Vec<&str> = text
        .lines()
        .filter(|line| line.ends_with(",hotspot"))
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(hot, ["c0r0", "c1r0", "c0r1", "c1r1"]);
}

#[test]
fn points_are_counted_in_cells_of_the_size_asked_for() {
    let workspace = Workspace::new();
    let mut text = "ref,E,N\n".to_owned();
    for i in 0..300 {
        let _ = writeln!(text, "{i},{},{}", 444_000 + (i * 37) % 900, 520_000 + (i * 91) % 900);
    }
    std::fs::write(workspace.path().join("points.csv"), text).unwrap();

    let said = workspace.ok(&[
        "analyse",
        "rate",
        "points.csv",
        "--id",
        "ref",
        "--x",
        "E",
        "--y",
        "N",
        "--crs",
        "EPSG:27700",
        "--units",
        "square:500",
        "--json",
    ]);

    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let columns = said["layers"][0]["columns"].as_array().unwrap();
    let count = columns.iter().position(|column| column["id"] == "count").unwrap();
    let rows = said["layers"][0]["rows"].as_array().unwrap();
    let counts: Vec<f64> = rows.iter().map(|row| row[count].as_f64().unwrap()).collect();
    assert_eq!(counts.len(), 4);
    assert!((counts.iter().sum::<f64>() - 300.0).abs() < 1e-9);
    assert!(said["notes"][0].as_str().unwrap().contains("convex hull"), "{said}");
}

#[test]
fn a_misspelt_option_and_a_value_of_another_kind_are_refused_by_name() {
    let workspace = workspace();

    for (wrong, named) in
        [(["--alhpa", "0.1"], "--alhpa"), (["--alpha", "low"], "--alpha of gi-star is `low`")]
    {
        let output = run(workspace.path(), &[&GI_STAR[..], &wrong].concat());

        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(named), "{said}");
    }
}

#[test]
fn a_column_without_numbers_is_named_with_its_cell() {
    let workspace = workspace();

    let output = run(workspace.path(), &["analyse", "gi-star", "areas.geojson", "--value", "code"]);

    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the value `c0r0` is no number"), "{said}");
}

/// Runs a program if the machine has it; its absence is said.
fn tool(name: &str, arguments: &[&str], folder: &std::path::Path) -> Option<String> {
    let Ok(output) = std::process::Command::new(name).args(arguments).current_dir(folder).output()
    else {
        println!("skipped: {name} is not installed");
        return None;
    };
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_surface_is_a_geotiff_that_gdal_reads_in_place() {
    let workspace = Workspace::new();
    let text = "E,N\n444500,520500\n444900,520100\n444100,520900\n444100,520100\n";
    std::fs::write(workspace.path().join("points.csv"), text).unwrap();

    workspace.ok(&[
        "analyse",
        "kde",
        "points.csv",
        "--x",
        "E",
        "--y",
        "N",
        "--crs",
        "EPSG:27700",
        "--cell",
        "100",
        "--bandwidth",
        "300",
        "-o",
        "heat.tif",
    ]);

    let Some(said) = tool("gdalinfo", &["-json", "-stats", "heat.tif"], workspace.path()) else {
        return;
    };
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(said["coordinateSystem"]["wkt"].as_str().unwrap().contains("British National Grid"));
    let transform: Vec<f64> =
        said["geoTransform"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    assert_eq!((transform[1], transform[5]), (100.0, -100.0));
    assert!((transform[0] / 100.0).fract() == 0.0 && transform[0] < 444_000.0, "{transform:?}");
    let statistics = &said["bands"][0]["metadata"][""];
    let highest: f64 = statistics["STATISTICS_MAXIMUM"].as_str().unwrap().parse().unwrap();
    // One quartic hill of 300 m, 50 m off its centre both ways: 3 (1 - 5000/90000)² / (π 0.09 km²).
    let expected = 3.0 * (1.0_f64 - 5_000.0 / 90_000.0).powi(2) / (std::f64::consts::PI * 0.09);
    assert!((highest - expected).abs() < 1e-9, "{highest} for {expected}");
}

#[test]
fn what_the_extension_cannot_hold_is_said_with_those_that_can() {
    let workspace = workspace();

    let said = workspace.fails(&[&GI_STAR[..], &["-o", "out.tif"]].concat());

    assert!(said.contains("cannot be written as `.tif`"), "{said}");
    assert!(said.contains("geojson, gpkg, json"), "{said}");
}

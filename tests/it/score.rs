//! `wardheat analyse STATISTIC`: one statistic on any file.

use std::fmt::Write as _;

use crate::support::{Workspace, four_wards, run, shared};

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

#[test]
fn permuted_gi_star_goes_to_a_geopackage_that_gdal_reads() {
    let workspace = workspace();

    let request = "analyse gi-star areas.geojson --value n --weights queen --permutations 9999 \
                   -o out.gpkg";
    workspace.ok(&request.split_whitespace().collect::<Vec<_>>());

    let Some(said) = tool("ogrinfo", &["-al", "-q", "out.gpkg"], workspace.path()) else { return };
    let rows: Vec<&str> = said.split("OGRFeature(").skip(1).collect();
    assert_eq!(rows.len(), 36);
    let figure = |row: &str, name: &str| -> f64 {
        let line = row.lines().find(|line| line.trim().starts_with(&format!("{name} ("))).unwrap();
        line.rsplit(" = ").next().unwrap().parse().unwrap()
    };
    for (i, row) in rows.iter().enumerate() {
        // Pseudo p-values are whole multiples of one in 10,000, doubled and at most 1.
        let p = figure(row, "p") * 10_000.0;
        assert!((p - p.round()).abs() < 1e-6 && (1.999_999..=10_000.0).contains(&p), "{row}");
        // The inmost of the four has five low neighbours, too many at this rate of false discoveries.
        assert_eq!(row.contains("= hotspot"), matches!(i, 0 | 1 | 6), "{row}");
        assert_eq!(figure(row, "p") < 0.01, matches!(i, 0 | 1 | 6 | 7), "{row}");
    }
    assert!(rows[0].contains("444000 520000"), "{}", rows[0]);
}

/// 600 dated incidents of a year, a quarter of them within 90 m of each other.
fn dated() -> Workspace {
    let workspace = workspace();
    let mut text = "E,N,when\n".to_owned();
    for i in 0..600 {
        let (e, n) = match i % 4 {
            0 => (444_100 + i % 90, 520_100 + i % 80),
            _ => (444_000 + i * 37 % 5_900, 520_000 + i * 91 % 5_900),
        };
        let _ = writeln!(text, "{e},{n},2024-{:02}-{:02}", 1 + i % 12, 1 + i * 7 % 28);
    }
    std::fs::write(workspace.path().join("events.csv"), text).unwrap();
    workspace
}

fn scored(workspace: &Workspace, request: &str) -> serde_json::Value {
    let said = workspace.ok(&request.split_whitespace().collect::<Vec<_>>());
    serde_json::from_str(&said).unwrap()
}

/// Cells of one column of a layer or table.
fn column<'a>(table: &'a serde_json::Value, id: &str) -> Vec<&'a serde_json::Value> {
    let columns = table["columns"].as_array().unwrap();
    let at = columns.iter().position(|column| column["id"] == id).unwrap_or_else(|| panic!("{id}"));
    table["rows"].as_array().unwrap().iter().map(|row| &row[at]).collect()
}

#[test]
fn statistics_of_areas_run_on_a_file() {
    let workspace = workspace();

    let moran = scored(&workspace, "analyse local-moran areas.geojson --value n --json");
    let rate = scored(&workspace, "analyse rate areas.geojson --value n --population n --json");

    let quadrants = column(&moran["layers"][0], "quadrant");
    assert_eq!(quadrants.len(), 36);
    assert_eq!(quadrants[0], quadrants[7]);
    assert_ne!(quadrants[0], quadrants[35]);
    // As many incidents as people: 1,000 for each 1,000.
    for (rate, low) in
        column(&rate["layers"][0], "rate").iter().zip(column(&rate["layers"][0], "rate_low"))
    {
        assert!((rate.as_f64().unwrap() - 1_000.0).abs() < 1e-9);
        assert!(low.as_f64().unwrap() < 1_000.0);
    }
}

#[test]
fn statistics_of_points_and_their_dates_run_on_a_file() {
    let workspace = dated();
    let of = |statistic: &str, more: &str| {
        let on = "events.csv --x E --y N --crs EPSG:27700 --time when --units square:1000 --json";
        scored(&workspace, &format!("analyse {statistic} {on} {more}"))
    };

    let knox = of("knox", "--permutations 99");
    assert_eq!(column(&knox["layers"][0], "p").len(), 600);

    let ripley = of("ripley-k", "--simulations 19");
    let l = column(&ripley["tables"][0], "l_minus_r_m");
    let above = column(&ripley["tables"][0], "high_m");
    assert!(l[1].as_f64().unwrap() > above[1].as_f64().unwrap(), "a quarter stands together");

    let emerging = of("emerging", "");
    assert_eq!(column(&emerging["layers"][0], "class").len(), 36);

    let scan = of("scan", "--permutations 99");
    let clusters = &scan["layers"][0];
    assert!(column(clusters, "p")[0].as_f64().unwrap() <= 0.01 + 1e-12);
    // 150 that stand together, and 17 of the others in the same cell.
    assert!(column(clusters, "count")[0].as_f64().unwrap() >= 150.0);
}

#[test]
fn harm_weights_each_incident_and_names_what_has_no_weight() {
    let workspace = four_wards();
    let table = "force,crime_type,cchi_days\nCleveland,Burglary,252.16\nKent,Burglary,230\n\
                 Kent,Robbery,365\nDurham,Robbery,365\n";
    std::fs::write(workspace.path().join("cchi2026.csv"), table).unwrap();
    let of = |more: &str| scored(&workspace, &format!("analyse harm --units ward --json {more}"));

    let known = of("--weights cchi2026.csv --group Cleveland");
    let unknown = of("--weights cchi2026.csv --group Durham");

    let counts = column(&known["layers"][0], "count");
    let harm = column(&known["layers"][0], "harm");
    assert!(counts.iter().map(|n| n.as_f64().unwrap()).sum::<f64>() > 0.0);
    for (count, harm) in counts.iter().zip(harm) {
        let wanted = 252.16 * count.as_f64().unwrap();
        assert!((harm.as_f64().unwrap() - wanted).abs() < 1e-9 * wanted.max(1.0));
    }
    let notes = known["notes"].to_string();
    assert!(notes.contains("edition 2026, Cleveland") && notes.contains("(100.0%)"), "{notes}");
    assert!(notes.contains("are a proxy"), "{notes}");
    let notes = unknown["notes"].to_string();
    assert!(notes.contains("No weight for Burglary (") && notes.contains("(0.0%)"), "{notes}");
    assert!(column(&unknown["layers"][0], "harm").iter().all(|harm| harm.is_null()));

    let which = workspace.fails(&["analyse", "harm", "--weights", "cchi2026.csv"]);
    assert!(which.contains("--group: Cleveland, Kent, Durham"), "{which}");
    let none = workspace.fails(&["analyse", "harm"]);
    assert!(none.contains("[[harm-weights]]"), "{none}");
}

#[test]
fn harm_takes_the_shared_table_of_weights() {
    let Some(shared) = shared("harm weights") else { return };
    let workspace = four_wards();
    let table = shared.join("data/harm_weights/cchi2026_by_force_policeuk_category.csv");

    let said = workspace.ok(&[
        "analyse",
        "harm",
        "--units",
        "ward",
        "--json",
        "--weights",
        table.to_str().unwrap(),
        "--group",
        "Cleveland",
    ]);

    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let means = column(&said["layers"][0], "harm_mean");
    assert!(means.iter().all(|mean| (mean.as_f64().unwrap() - 252.16).abs() < 1e-6), "{means:?}");
    assert!(said["notes"].to_string().contains("edition 2026"));
}

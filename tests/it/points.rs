//! Densities, point patterns and clusters of a file of points, as a user runs them.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::Workspace;

/// Three towns of points within 4 by 3 km, each point at a place of its own, and a few strays.
fn points(shift: f64) -> String {
    let mut text = "E,N\n".to_owned();
    for (i, (x, y)) in [(1000.0, 1000.0), (3000.0, 800.0), (2000.0, 2200.0)].iter().enumerate() {
        for k in 0..40 + 20 * i {
            let (angle, radius) = (k as f64 * 2.4 + shift, 14.0 * (k as f64 + shift).sqrt());
            let (e, n) = (x + radius * angle.cos(), y + radius * angle.sin());
            let _ = writeln!(text, "{:.2},{:.2}", 444_000.0 + e, 520_000.0 + n);
        }
    }
    for k in 0..8 {
        let _ = writeln!(text, "{},{}", 444_100 + k * 530, 522_900 - (k * 977) % 2800);
    }
    text
}

fn study_area() -> String {
    let ring = "[[444000,520000],[448000,520000],[448000,523000],[444000,523000],[444000,520000]]";
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
    )
}

struct Case(Workspace);

impl Case {
    fn new() -> Self {
        let workspace = Workspace::new();
        let put = |name: &str, text: String| {
            std::fs::write(workspace.path().join(name), text).unwrap();
        };
        put("points.csv", points(0.0));
        put("before.csv", points(0.7));
        put("area.geojson", study_area());
        Self(workspace)
    }

    fn ok(&self, statistic: &str, more: &[&str]) -> String {
        let on = ["points.csv", "--x", "E", "--y", "N", "--crs", "EPSG:27700"];
        let area = ["--study-area", "area.geojson"];
        self.0.ok(&[&["analyse", statistic][..], &on, &area, more].concat())
    }

    fn json(&self, statistic: &str, more: &[&str]) -> Value {
        serde_json::from_str(&self.ok(statistic, &[more, &["--json"]].concat())).unwrap()
    }
}

/// Values of a column of the first layer.
fn column(said: &Value, id: &str) -> Vec<f64> {
    let layer = &said["layers"][0];
    let columns = layer["columns"].as_array().unwrap();
    let at = columns.iter().position(|column| column["id"] == id).unwrap();
    layer["rows"].as_array().unwrap().iter().map(|row| row[at].as_f64().unwrap()).collect()
}

/// Value of a measure of the first table.
fn measure(said: &Value, what: &str) -> f64 {
    let rows = said["tables"][0]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row[0] == what).unwrap();
    row[1].as_f64().unwrap()
}

fn words(said: &Value) -> String {
    said["how_made"]["methods"].to_string() + &said["notes"].to_string()
}

#[test]
fn the_three_towns_are_found_by_every_kind_of_cluster() {
    let case = Case::new();
    for (statistic, options) in [
        ("dbscan", ["--radius", "60", "--least", "5"]),
        ("hdbscan", ["--least", "15", "--near", "5"]),
        ("nnh", ["--least-points", "15", "--threshold", "150"]),
    ] {
        let said = case.json(statistic, &options);

        let counts = column(&said, "count");
        assert_eq!(counts.len(), 3, "{statistic}: {counts:?}");
        assert!((counts[0] - 80.0).abs() <= 4.0, "{statistic}: {counts:?}");
        assert!(counts.is_sorted_by(|a, b| a >= b), "{statistic}");
        for share in column(&said, "share") {
            assert!(share > 0.15 && share < 0.5, "{statistic}: {share}");
        }
        assert!(column(&said, "area_km2").iter().all(|area| *area > 0.01 && *area < 0.2));
    }
}

#[test]
fn the_index_says_clustered_and_the_curve_leaves_the_envelope() {
    let case = Case::new();

    let index = case.json("nearest-neighbour", &[]);
    assert!(measure(&index, "Nearest neighbour index") < 0.5);
    assert!(measure(&index, "Index, edge corrected") < measure(&index, "Nearest neighbour index"));
    assert!((measure(&index, "Area") - 12.0).abs() < 1e-9);

    let curve = case.json("ripley-k", &["--simulations", "39", "--steps", "6"]);
    let rows = curve["tables"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 7);
    let [l, high] = [3, 5].map(|at| rows[2][at].as_f64().unwrap());
    assert!(l > high, "{l} and {high}");
    assert!(words(&curve).contains("a quarter of the study area's shorter side"), "{curve}");
}

#[test]
fn a_bandwidth_found_from_the_data_is_announced() {
    let case = Case::new();
    for (choice, said_as) in [
        ("normal-reference", "normal reference rule"),
        ("likelihood", "highest likelihood"),
        ("silverman", "Silverman"),
    ] {
        // The strays are far from all others, so that only a Gaussian has a likelihood there.
        let said =
            case.json("kde", &["--bandwidth-by", choice, "--kernel", "gaussian", "--cell", "100"]);
        assert!(words(&said).contains(said_as), "{choice}: {}", words(&said));
    }
    let said = case
        .json("kde", &["--bandwidth-by", "held-out", "--against", "before.csv", "--cell", "100"]);
    assert!(words(&said).contains("densest"), "{}", words(&said));
}

#[test]
fn every_edge_and_adaptive_density_holds_the_incidents() {
    let case = Case::new();
    let n = points(0.0).lines().count() as f64 - 1.0;
    for (options, loss) in [
        (&["--adaptive", "nearest"][..], 0.01),
        (&["--adaptive", "abramson"], 0.01),
        (&["--edge", "diggle", "--clip", "true"], 0.02),
        (&["--kernel", "triweight"], 0.01),
    ] {
        let said = case.json("kde", options);
        let surface = &said["surfaces"][0];
        let cell = surface["cell_m"].as_f64().unwrap();
        let values = surface["values"].as_array().unwrap().iter().filter_map(Value::as_f64);
        let held = values.sum::<f64>() * cell * cell / 1e6;
        assert!((held - n).abs() < loss * n, "{options:?}: {held} of {n}");
    }
}

#[test]
fn a_set_against_itself_is_once_as_dense() {
    let case = Case::new();

    let said = case.json("dual-kde", &["--against", "points.csv"]);

    let values: Vec<f64> = said["surfaces"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    assert!(!values.is_empty() && values.iter().all(|v| (v - 1.0).abs() < 1e-9));
    assert!(words(&said).contains("not defined"), "{}", words(&said));
}

#[test]
fn centres_and_spread_are_written_for_a_gis() {
    let case = Case::new();

    case.ok("centrography", &["-o", "centres.gpkg"]);
    case.ok("dbscan", &["-o", "clusters.parquet"]);
    case.ok("kde", &["-o", "density.tif"]);

    let read = |name: &str| std::fs::read(case.0.path().join(name)).unwrap();
    assert!(read("centres.gpkg").starts_with(b"SQLite format 3"));
    assert!(read("clusters.parquet").starts_with(b"PAR1"));
    assert!(read("density.tif").starts_with(b"II*\0"));
}

#[test]
fn snap_points_are_said_to_say_little() {
    let case = Case::new();
    let text = "E,N\n".to_owned() + &"444500,521500\n444900,521700\n446000,522000\n".repeat(60);
    std::fs::write(case.0.path().join("points.csv"), text).unwrap();

    assert!(words(&case.json("nearest-neighbour", &[])).contains("share their exact position"));
    assert!(words(&case.json("dbscan", &[])).contains("snap point"));
    let said = case.json("repeat-locations", &[]);
    assert_eq!(column(&said, "count"), [60.0; 3]);
    assert!((column(&said, "cumulative_share")[2] - 1.0).abs() < 1e-12);
}

/// 30 at one corner in March 2023 and 70 in March 2024, of a file that begins in January 2023.
const DATED: &str = "dated.csv";

fn dated() -> Case {
    let case = Case::new();
    let mut text = "E,N,when\n444010,520010,2023-01-05\n447900,522900,2024-12-05\n".to_owned();
    for i in 0..100 {
        let (year, day) = if i < 30 { (2023, i % 28 + 1) } else { (2024, i % 28 + 1) };
        let _ = writeln!(text, "{},{},{year}-03-{day:02}", 444_100 + i * 3, 520_100 + i * 5);
    }
    std::fs::write(case.0.path().join(DATED), text).unwrap();
    case
}

/// Arguments for the dated file, in cells that hold all of the corner.
fn on_dated<'a>(statistic: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let on = [DATED, "--x", "E", "--y", "N", "--crs", "EPSG:27700", "--time", "when"];
    let area = ["--study-area", "area.geojson", "--units", "square:1000"];
    [&["analyse", statistic][..], &on, &area, more].concat()
}

#[test]
fn the_year_before_is_found_in_a_file() {
    let case = dated();
    let json = |statistic: &str, more: &[&str]| -> Value {
        let said = case.0.ok(&on_dated(statistic, &[more, &["--json"]].concat()));
        serde_json::from_str(&said).unwrap()
    };

    let said = json("change", &["--window", "2024-03"]);
    let counts = |id: &str| -> Vec<i64> {
        column(&said, id).iter().map(|count| count.round() as i64).collect()
    };
    assert_eq!(counts("count").iter().sum::<i64>(), 70);
    assert_eq!(counts("earlier").iter().sum::<i64>(), 30);
    assert_eq!(said["how_made"]["compared_with"], "2023-03..2023-03");
    let row = counts("count").iter().position(|&count| count == 70).unwrap();
    let p = |said: &Value| {
        let columns = said["layers"][0]["columns"].as_array().unwrap();
        let at = columns.iter().position(|column| column["id"] == "p").unwrap();
        said["layers"][0]["rows"][row][at].as_f64().unwrap()
    };
    assert!(p(&said) < 1e-3);
    let by_40 = json("change", &["--window", "2024-03", "--null-difference", "40"]);
    assert!(p(&by_40) > 0.999, "40 more is just what was seen: {}", p(&by_40));
    // Of 30 and 70, all stand in the one corner: there is nothing to tell it from.
    let shares = json("proportion-change", &["--window", "2024-03"]);
    assert_eq!(shares["how_made"]["compared_with"], "2023-03..2023-03");
}

#[test]
fn what_a_file_does_not_reach_back_to_is_said() {
    let case = dated();

    let none = case.0.fails(&on_dated("change", &[]));
    assert!(none.contains("choose a --window whose year before they hold"), "{none}");
    std::fs::write(case.0.path().join("places.csv"), "id,count\na,3\nb,9\nc,4\n").unwrap();
    for statistic in ["change", "control-chart", "emerging"] {
        let undated = case.0.fails(&["analyse", statistic, "places.csv", "--value", "count"]);
        assert!(undated.contains("no known months"), "{undated}");
        assert!(!undated.contains("2000") && !undated.contains("1999"), "{undated}");
    }
}

#[test]
fn bandwidths_raised_to_the_cell_are_counted() {
    let case = Case::new();
    let text = "E,N\n".to_owned() + &"444500,521500\n444900,521700\n446000,522000\n".repeat(60);
    std::fs::write(case.0.path().join("points.csv"), text).unwrap();

    let said = words(&case.json("kde", &["--adaptive", "nearest"]));

    assert!(said.contains("180 of 180 adaptive bandwidths were below the cell size"), "{said}");
}

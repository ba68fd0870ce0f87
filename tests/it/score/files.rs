//! Areas and points of files: what is counted, and what is refused.

use std::fmt::Write as _;

use crate::support::{Workspace, run};

use super::{GI_STAR, workspace};

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
fn points_of_a_file_are_counted_in_cells_where_no_units_are_asked_for() {
    let workspace = Workspace::new();
    let points = "x,y\n440000,519000\n440010,519900\n441000,519000\n";
    std::fs::write(workspace.path().join("points.csv"), points).unwrap();

    let on = ["points.csv", "--x", "x", "--y", "y", "--crs", "EPSG:27700"];
    let text = workspace.ok(&[&["analyse", "rate"][..], &on].concat());

    assert!(text.contains("Counts and rates, by Incidents"), "{text}");
    assert!(text.contains("of kind `square`"), "{text}");
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

#[test]
fn a_column_that_is_not_there_is_answered_with_those_that_are() {
    let workspace = workspace();

    let asked = ["analyse", "gi-star", "areas.geojson", "--value", "missing"];
    let output = run(workspace.path(), &asked);

    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("no column for `missing` (it has: "), "{said}");
    assert!(said.contains("hint: name one of these with --value"), "{said}");
}

/// Points of a line, or of one place, bound no area.
#[test]
fn points_in_a_line_are_told_that_they_bound_no_area() {
    let workspace = Workspace::new();
    std::fs::write(
        workspace.path().join("line.csv"),
        "x,y\n400000,300000\n400000,300100\n400000,300900\n400000,305000\n",
    )
    .unwrap();
    let of = |statistic| {
        ["analyse", statistic, "line.csv", "--x", "x", "--y", "y", "--crs", "EPSG:27700"]
    };

    let rate = workspace.fails(&of("rate"));
    let kde = run(workspace.path(), &of("kde"));
    let told = String::from_utf8_lossy(&kde.stderr);

    assert!(rate.contains("there is no unit to score by rate"), "{rate}");
    assert!(rate.contains("name what is studied with --study-area"), "{rate}");
    assert!(workspace.fails(&of("gi-star")).contains("--study-area"));
    assert!(kde.status.success(), "{told}");
    assert!(told.contains("stand in a line or at one place"), "{told}");
    assert!(!told.contains("lie outside the study area"), "{told}");
}

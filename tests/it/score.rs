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

/// Four units of 1,000 people with 40, 10, 20 and no incidents.
fn rates() -> Workspace {
    let workspace = Workspace::new();
    let text = "code,n,people\na,40,1000\nb,10,1000\nc,20,1000\nd,0,1000\n";
    std::fs::write(workspace.path().join("units.csv"), text).unwrap();
    workspace
}

/// Numbers of one column of the first layer.
fn figures(said: &str, id: &str) -> Vec<Option<f64>> {
    let said: serde_json::Value = serde_json::from_str(said).unwrap();
    let layer = &said["layers"][0];
    let columns = layer["columns"].as_array().unwrap();
    let at = columns.iter().position(|column| column["id"] == id).unwrap_or_else(|| panic!("{id}"));
    layer["rows"].as_array().unwrap().iter().map(|row| row[at].as_f64()).collect()
}

const UNITS: [&str; 7] = ["units.csv", "--value", "n", "--id", "code", "--population", "people"];

/// 40 of 1,000 against 30 of 3,000; interval from `scipy.stats.beta.ppf` 1.17: 2.429738 to 6.650401.
#[test]
fn a_rate_ratio_is_against_all_others_together_or_one_unit() {
    let workspace = rates();
    let ratio = |more: &[&str]| {
        workspace.ok(&[&["analyse", "rate-ratio"], &UNITS[..], &["--json"], more].concat())
    };

    let rest = ratio(&[]);
    let one = ratio(&["--reference", "b", "--interval", "log-wald"]);

    assert!((figures(&rest, "ratio")[0].unwrap() - 4.0).abs() < 1e-12);
    assert!((figures(&rest, "ratio_low")[0].unwrap() - 2.429_738).abs() < 1e-6);
    assert!((figures(&rest, "ratio_high")[0].unwrap() - 6.650_401).abs() < 1e-6);
    assert_eq!(figures(&rest, "ratio")[3], Some(0.0));
    assert_eq!(figures(&one, "ratio")[..3], [Some(4.0), None, Some(2.0)]);
    let wald = 4.0 / (1.959_963_985 * (1.0_f64 / 40.0 + 0.1).sqrt()).exp();
    assert!((figures(&one, "ratio_low")[0].unwrap() - wald).abs() < 1e-6);
    let unknown = [&["analyse", "rate-ratio"], &UNITS[..], &["--reference", "nowhere"]].concat();
    assert!(workspace.fails(&unknown).contains("no unit has the code or name `nowhere`"));
}

#[test]
fn strata_lead_to_expect_what_their_people_would_have() {
    let workspace = rates();
    let strata = "unit,stratum,population\na,young,300\na,old,700\nb,old,1000\nc,young,1000\n";
    std::fs::write(workspace.path().join("strata.csv"), strata).unwrap();
    std::fs::write(workspace.path().join("rates.csv"), "stratum,rate\nyoung,30\nold,10\n").unwrap();
    let by = ["--strata", "strata.csv", "--rates", "rates.csv", "--json"];

    let said = workspace.ok(&[&["analyse", "standardised-ratio"], &UNITS[..], &by].concat());

    assert_eq!(figures(&said, "expected"), [Some(16.0), Some(10.0), Some(30.0), None]);
    assert_eq!(figures(&said, "ratio")[0], Some(2.5));
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let files = said["how_made"]["provenance"]["files"].as_array().unwrap();
    let sources: Vec<&str> = files.iter().map(|file| file["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["file", "strata", "rates"]);
    assert!(files.iter().all(|file| file["sha256"].as_str().unwrap().len() == 64));

    std::fs::write(workspace.path().join("rates.csv"), "stratum,rate\nyoung,30\n").unwrap();
    let refused = workspace.fails(&[&["analyse", "standardised-ratio"], &UNITS[..], &by].concat());
    assert!(refused.contains("no rate for the stratum `old`"), "{refused}");
    let half = [&["analyse", "standardised-ratio"], &UNITS[..], &["--rates", "rates.csv"]].concat();
    assert!(workspace.fails(&half).contains("--strata FILE --rates FILE"));
}

#[test]
fn offence_codes_of_a_file_are_weighed_and_those_without_a_weight_named() {
    let workspace = Workspace::new();
    let mut text = "E,N,code\n".to_owned();
    for (i, code) in ["28E", "28e", "49A", "99Z", "28E"].iter().enumerate() {
        let _ = writeln!(text, "{},{},{code}", 444_010 + i * 300, 520_010 + i * i * 300);
    }
    std::fs::write(workspace.path().join("crimes.csv"), text).unwrap();
    let weights = "offence_code,weight\n28E,20\n49A,1.5\n";
    std::fs::write(workspace.path().join("harm-2026.csv"), weights).unwrap();
    let on =
        ["crimes.csv", "--x", "E", "--y", "N", "--crs", "EPSG:27700", "--units", "square:5000"];
    let run = [&["analyse", "harm"], &on[..], &["--category", "code", "--weights"]].concat();

    let said = workspace.ok(&[&run[..], &["harm-2026.csv", "--json"]].concat());

    let harm: f64 = figures(&said, "harm").iter().flatten().sum();
    assert!((harm - 61.5).abs() < 1e-12, "{said}");
    assert!(said.contains("No weight for 99Z (1)"), "{said}");
    assert!(said.contains("harm-2026.csv (edition 2026), in weight"), "{said}");
    std::fs::rename(workspace.path().join("harm-2026.csv"), workspace.path().join("harm.csv"))
        .unwrap();
    let refused = workspace.fails(&[&run[..], &["harm.csv"]].concat());
    assert!(refused.contains("does not say which edition"), "{refused}");
}

#[test]
fn the_checksum_of_a_file_of_weights_is_in_the_provenance() {
    let workspace = workspace();
    let mut gal = "36\n".to_owned();
    for row in 0..6 {
        for column in 0..6 {
            let near = if column < 5 { column + 1 } else { column - 1 };
            let _ = writeln!(gal, "c{column}r{row} 1\nc{near}r{row}");
        }
    }
    std::fs::write(workspace.path().join("near.gal"), gal).unwrap();

    let said = workspace.ok(&[&GI_STAR[..], &["--weights", "near.gal", "--json"]].concat());

    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let files = &said["how_made"]["provenance"]["files"];
    assert_eq!((&files[1]["source"], &files[1]["file"]), (&"weights".into(), &"near.gal".into()));
    assert_eq!(files[1]["sha256"].as_str().unwrap().len(), 64);
}

/// Three years of ten incidents a month, and twenty in each of the last four months.
fn risen() -> Workspace {
    let workspace = Workspace::new();
    let mut text = "E,N,when\n".to_owned();
    for month in 0..36 {
        for i in 0..if month < 32 { 10 } else { 20 } {
            let (year, month, day) = (2022 + month / 12, month % 12 + 1, i + 2);
            let _ = writeln!(
                text,
                "444{:03},520{:03},{year}-{month:02}-{day:02}",
                100 + i * 10,
                100 + i * 37 % 101
            );
        }
    }
    std::fs::write(workspace.path().join("dated.csv"), text).unwrap();
    workspace
}

#[test]
fn a_lasting_rise_signals_and_the_months_that_hold_most_are_found() {
    let workspace = risen();
    let on = ["dated.csv", "--x", "E", "--y", "N", "--crs", "EPSG:27700", "--time", "when"];
    let run = |statistic: &str, more: &[&str]| {
        let said = workspace.ok(&[&["analyse", statistic], &on[..], more, &["--json"]].concat());
        serde_json::from_str::<serde_json::Value>(&said).unwrap()
    };

    let cusum = run("cusum", &["--baseline", "30", "--rise", "1.5"]);
    let window = run("scan-window", &["--months", "4", "--units", "square:5000"]);

    let rows = cusum["tables"][0]["rows"].as_array().unwrap();
    let signals: Vec<usize> = (0..36).filter(|&month| rows[month][4] == true).collect();
    assert!(signals.first().is_some_and(|first| (32..35).contains(first)), "{signals:?}");
    let unit = &window["layers"][0]["rows"][0];
    let text = unit.to_string();
    assert!(text.contains("Sep 2024 to Dec 2024"), "{text}");
    assert!(text.contains("more than chance"), "{text}");
}

/// Burglaries of Washington DC, their times known to a span of hours.
#[test]
fn near_repeats_and_hours_of_dated_burglaries_are_found() {
    let Some(shared) = shared("dated burglaries") else { return };
    let workspace = Workspace::new();
    let from = shared.join("data/timestamped/dc_burglaries_2016h1.csv");
    std::fs::copy(from, workspace.path().join("dc.csv")).unwrap();
    let on = ["dc.csv", "--x", "X", "--y", "Y", "--crs", "EPSG:2248", "--plane", "EPSG:32618"];
    let times = ["--time", "start_local", "--time-to", "end_local", "--json"];
    let run = |statistic: &str| {
        let said = workspace.ok(&[&["analyse", statistic], &on[..], &times].concat());
        serde_json::from_str::<serde_json::Value>(&said).unwrap()
    };

    let knox = run("knox");
    let table = run("near-repeat");
    let hours = run("aoristic");

    assert!(knox["tables"][0]["rows"].as_array().unwrap().len() > 3, "{knox}");
    // Repeats at and near the same place within a week come more often than chance has it.
    let text = table["tables"][0]["rows"][0].to_string();
    assert!(text.contains("true"), "{text}");
    assert!(!hours["tables"].as_array().unwrap().is_empty(), "{hours}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_a_long_statistic() {
    use std::process::{Command, Stdio};

    let workspace = Workspace::new();
    let mut dated = "x,y,day\n".to_owned();
    for i in 0..3_000_u32 {
        let (x, y) = (400_000 + i * 7_919 % 5_003, 300_000 + i * 104_729 % 4_999);
        writeln!(dated, "{x},{y},2024-{:02}-{:02}", 1 + i % 12, 1 + i % 28).unwrap();
    }
    std::fs::write(workspace.path().join("dated.csv"), dated).unwrap();
    // Four and a half million pairs a million times over: days, on any computer.
    let mut running = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(workspace.path())
        .args(["analyse", "mantel", "dated.csv", "--x", "x", "--y", "y", "--time", "day"])
        .args(["--crs", "EPSG:27700", "--permutations", "999999"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    listens(running.id());
    assert!(running.try_wait().unwrap().is_none(), "it ended before it was told to");

    let sent = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let ended = running.wait().unwrap();

    let mut said = String::new();
    std::io::Read::read_to_string(&mut running.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(ended.code(), Some(130), "{ended:?} {said}");
    assert!(said.contains("it was stopped before it was done"), "{said}");
}

/// Waits until a process hears an interrupt, which Linux says in its status: one that comes before
/// would end it unheard.
#[cfg(unix)]
fn listens(process: u32) {
    let status = format!("/proc/{process}/status");
    let hears = |status: String| {
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        Some(u64::from_str_radix(caught.trim(), 16).ok()? & 2 != 0)
    };
    for _ in 0..600 {
        match std::fs::read_to_string(&status).ok().and_then(hears) {
            Some(false) => std::thread::sleep(std::time::Duration::from_millis(50)),
            Some(true) | None => return,
        }
    }
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

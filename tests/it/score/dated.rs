//! Statistics of points and areas with their dates.

use std::fmt::Write as _;

use crate::support::{Workspace, shared};

use super::{column, scored, workspace};

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

//! The command line, driven as a user would: arguments in, bytes out.

use crate::support::{Workspace, run, shared};

const ALL_ROWS_2025: &str = "25814";

/// A workspace of the real Stockton data of 2025, imported; `None` where `../shared` is absent.
fn stockton() -> Option<Workspace> {
    let shared = shared("the Stockton workspace")?;
    let workspace = Workspace::new();
    let file = |path: &str| shared.join("data").join(path).display().to_string();
    workspace.ok(&[
        "init",
        "--areas",
        &file("boundaries/stockton_wards_2024.geojson"),
        "--population",
        &file("demographics/ward24_population_households_bestfit_DERIVED.csv"),
        "--incidents",
        &file("police_stockton/2025-*.csv.gz"),
    ]);
    Some(workspace)
}

#[test]
fn stockton_is_read_whole_and_its_wards_add_up() {
    let Some(workspace) = stockton() else { return };

    let report = workspace.ok(&["import"]);
    let analysed = workspace.ok(&["analyse", "--window", "2025-01..2025-12"]);

    assert!(report.replace(',', "").contains(ALL_ROWS_2025), "{report}");
    assert!(analysed.contains("Jan 2025 to Dec 2025"), "{analysed}");
    let wards = workspace.findings("wards.csv");
    let mut rows = csv::Reader::from_reader(wards.as_bytes());
    let column = rows.headers().unwrap().iter().position(|name| name == "count").unwrap();
    let counts: Vec<u64> =
        rows.records().map(|row| row.unwrap()[column].parse().unwrap()).collect();
    assert_eq!(counts.len(), 27);
    assert_eq!(counts.iter().sum::<u64>().to_string(), ALL_ROWS_2025);
}

#[test]
fn the_same_analysis_gives_the_same_bytes_at_any_thread_count() {
    let Some(workspace) = stockton() else { return };
    workspace.ok(&["import"]);
    let analyse = |threads: &str, out: &str| {
        workspace.ok(&["analyse", "--type", "asb", "--threads", threads, "--out", out]);
        workspace.files_under(out)
    };

    let first = analyse("1", "first");
    let again = analyse("1", "again");
    let two = analyse("2", "two");

    assert!(first.len() >= 7, "only {} files", first.len());
    assert_eq!(first, again);
    assert_eq!(first, two);
}

#[test]
fn a_folder_that_is_no_workspace_is_refused_with_a_hint() {
    let workspace = Workspace::new();

    for command in ["import", "analyse", "serve"] {
        let refused = workspace.fails(&[command]);

        assert!(refused.contains("wardheat.toml"), "{command}: {refused}");
        assert!(refused.contains("hint: "), "{command}: {refused}");
    }
    assert!(workspace.files_under(".").is_empty());
}

#[test]
fn wrong_arguments_exit_with_two() {
    let out = run(std::env::temp_dir().as_path(), &["analyse", "--window", "2025-13"]);

    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("2025-13"));
}

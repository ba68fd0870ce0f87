//! The command line, driven as a user would: arguments in, bytes out.

use crate::support::{self, Workspace, run};

const ALL_ROWS_2025: &str = "25814";

/// A workspace of the real Stockton data of 2025, imported; `None` where `../shared` is absent.
fn stockton() -> Option<Workspace> {
    support::stockton("the Stockton workspace", &[])
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
fn cells_finer_than_the_published_places_are_refused() {
    let Some(workspace) = stockton() else { return };
    workspace.ok(&["import"]);

    let said = workspace.fails(&["analyse", "--cell", "100"]);

    assert!(said.contains("100 m") && said.contains("hint: ask for cells of 250 m"), "{said}");
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

/// A workspace folder with the fictional borough's files, not yet described.
fn borough() -> (Workspace, std::path::PathBuf) {
    let workspace = Workspace::new();
    workspace.ok(&["demo", "--no-serve", "borough"]);
    let folder = workspace.path().join("borough");
    (workspace, folder)
}

#[test]
fn the_demo_s_rows_add_up_and_it_has_hotspots() {
    let (workspace, folder) = borough();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();

    let report = json(&read("store/_cleaning-report.json"));
    let findings = workspace.files_under("borough/findings");
    let hotspots = findings.iter().find(|(name, _)| name.ends_with("hotspots.geojson")).unwrap();
    let hotspots = json(std::str::from_utf8(hotspots.1).unwrap());

    for source in report["sources"].as_array().unwrap() {
        for file in source["files"].as_array().unwrap() {
            let n = |what: &str| {
                file.get(what)
                    .or_else(|| file["account"].get(what))
                    .and_then(serde_json::Value::as_u64)
                    .unwrap_or_else(|| panic!("no `{what}` in {file}"))
            };
            assert_eq!(n("rows_in"), n("kept") + n("excluded") + n("rejected"), "{file}");
            assert!(n("kept") > 0, "{file}");
        }
    }
    let n_hotspots = hotspots["features"].as_array().unwrap().len();
    assert!((3..=40).contains(&n_hotspots), "{n_hotspots} hotspots");
    assert!(read("wardheat.toml").contains("fictional = true"));
}

#[test]
fn the_same_demo_gives_the_same_bytes_twice() {
    let (first, _) = borough();
    let (again, _) = borough();

    let (first, again) = (first.files_under("borough"), again.files_under("borough"));

    assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (name, bytes) in &first {
        assert!(*bytes == again[name], "{name} differs");
    }
}

/// Runs `init` on a folder with these files and gives what it says on refusing.
fn refused(files: &[(&str, &str)]) -> String {
    let workspace = Workspace::new();
    for (name, text) in files {
        std::fs::write(workspace.path().join(name), text).unwrap();
    }
    let init = ["init", "--areas", "wards.geojson", "--incidents", "crime.csv"];
    let out = run(workspace.path(), &init);
    let said = if out.status.success() {
        let out = run(workspace.path(), &["import"]);
        assert!(!out.status.success(), "import took {files:?}");
        assert!(!workspace.path().join("store/_manifest.json").exists(), "half an import");
        String::from_utf8_lossy(&out.stderr).into_owned()
    } else {
        assert!(!workspace.path().join("wardheat.toml").exists(), "half a workspace");
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    // Progress comes before.
    let error = said.find("error: ").map_or("", |at| &said[at..]).to_owned();
    assert!(!error.is_empty() && error.contains("\nhint: "), "{said}");
    error
}

const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n";

fn crime(lon: &str, lat: &str) -> String {
    format!("{HEADER}ab12,2025-01,X,X,{lon},{lat},On or near A Road,E01000001,X 001A,Burglary,,\n")
}

fn wards(ring: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"WD24CD":"E05000001","WD24NM":"Newtown"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}]}}"#
    )
}

const RING: &str = "[-1.32,54.56],[-1.30,54.56],[-1.30,54.58],[-1.32,54.58],[-1.32,54.56]";

#[test]
fn self_crossing_boundaries_are_refused_by_code() {
    let bow = "[-1.32,54.56],[-1.30,54.58],[-1.30,54.56],[-1.32,54.58],[-1.32,54.56]";

    let said = refused(&[("wards.geojson", &wards(bow)), ("crime.csv", &crime("-1.31", "54.57"))]);

    assert!(said.contains("E05000001"), "{said}");
}

#[test]
fn boundaries_in_metres_that_do_not_say_so_are_refused() {
    let metres = "[444000,519000],[445000,519000],[445000,520000],[444000,520000],[444000,519000]";

    let said =
        refused(&[("wards.geojson", &wards(metres)), ("crime.csv", &crime("-1.31", "54.57"))]);

    assert!(said.contains("27700"), "{said}");
}

#[test]
fn a_file_without_a_needed_column_is_refused_with_the_columns_it_has() {
    let file = "Ref,Where,What\n1,here,that\n";

    let said = refused(&[("wards.geojson", &wards(RING)), ("crime.csv", file)]);

    assert!(said.contains("Where"), "{said}");
}

#[test]
fn an_empty_file_is_refused() {
    let said = refused(&[("wards.geojson", &wards(RING)), ("crime.csv", "")]);

    assert!(said.contains("crime.csv") && said.contains("empty"), "{said}");
}

#[test]
fn incidents_that_all_lie_elsewhere_are_refused() {
    let said = refused(&[("wards.geojson", &wards(RING)), ("crime.csv", &crime("-0.12", "51.50"))]);

    assert!(said.contains("boundaries") || said.contains("study area"), "{said}");
}

#[test]
fn a_glob_that_matches_nothing_is_refused() {
    let said = refused(&[("wards.geojson", &wards(RING))]);

    assert!(said.contains("crime.csv"), "{said}");
}

#[test]
fn a_port_in_use_is_refused_with_another() {
    let (workspace, _) = borough();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();

    let said = workspace.fails(&["--workspace", "borough", "serve", "--port", &port]);

    assert!(said.contains(&format!("port {port} is in use")), "{said}");
    assert!(said.contains("hint: ") && said.contains("--port"), "{said}");
}

#[test]
fn a_window_without_data_is_refused_with_the_months_held() {
    let (workspace, _) = borough();

    let said =
        workspace.fails(&["--workspace", "borough", "analyse", "--window", "2031-01..2031-03"]);

    assert!(said.contains("2031-01..2031-03") && said.contains("2025-12"), "{said}");
}

#[test]
fn a_folder_with_other_files_is_never_replaced() {
    let (workspace, folder) = borough();

    let said = workspace.fails(&["--workspace", "borough", "analyse", "--out", "borough"]);

    assert!(said.contains("holds other files"), "{said}");
    assert!(folder.join("wardheat.toml").exists());
}

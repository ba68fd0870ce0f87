//! The table of mess: what is found in partners' files, each row with a fixture in
//! `tests/data/mess/`, put through the program as a user would.

mod cases;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Workspace;

use cases::{CASES, REFUSALS, ROWS};

fn mess() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mess")
}

const WARDS: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[
{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"West End"},"geometry":{"type":"Polygon","coordinates":[[[440000,515000],[445000,515000],[445000,525000],[440000,525000],[440000,515000]]]}},
{"type":"Feature","properties":{"WD24CD":"E05000002","WD24NM":"St. Ann's"},"geometry":{"type":"Polygon","coordinates":[[[445000,515000],[450000,515000],[450000,525000],[445000,525000],[445000,515000]]]}}]}"#;

/// A workspace of two wards, 10 km by 10 km together, with these sources.
pub fn workspace(sources: &[(&str, &[&str])], more: &str) -> Workspace {
    let workspace = Workspace::new();
    let write = |name: &str, text: &str| std::fs::write(workspace.path().join(name), text).unwrap();
    let folder = mess().display().to_string().replace('\\', "/");
    write("wards.geojson", WARDS);
    write("wardheat.key", &"ab".repeat(32));
    let mut toml = "name = \"Ends\"\n[[areas]]\nkind = \"ward\"\nfile = \"wards.geojson\"\ncode = \"WD24CD\"\nname = \"WD24NM\"\nedition = \"2024\"\n".to_owned();
    for (i, (profile, files)) in sources.iter().enumerate() {
        let files: Vec<String> = files.iter().map(|f| format!("\"{folder}/{f}\"")).collect();
        let files = files.join(", ");
        let lines = [
            "[[source]]",
            &format!("id = \"s{i}\""),
            &format!("profile = \"{profile}\""),
            &format!("files = [{files}]"),
            "",
        ];
        toml += &lines.join("\n");
    }
    write("wardheat.toml", &(toml + &more.replace("{mess}", &folder)));
    workspace
}

/// Counts of the report over all its sources: rows by outcome, and each reason.
fn counts(report: &Value) -> ((u64, u64, u64), BTreeMap<String, u64>) {
    let mut rows = (0, 0, 0);
    let mut reasons = BTreeMap::new();
    for source in report["sources"].as_array().unwrap() {
        let total = &source["total"];
        rows.0 += total["kept"].as_u64().unwrap();
        rows.1 += total["excluded"].as_u64().unwrap();
        rows.2 += total["rejected"].as_u64().unwrap();
        assert_eq!(
            total["rows_in"].as_u64().unwrap(),
            ["kept", "excluded", "rejected"]
                .iter()
                .map(|k| total[k].as_u64().unwrap())
                .sum::<u64>()
        );
        for reason in total["reasons"].as_array().unwrap() {
            let id = reason["reason"].as_str().unwrap().to_owned();
            *reasons.entry(id).or_default() += reason["count"].as_u64().unwrap();
        }
    }
    (rows, reasons)
}

#[test]
fn every_row_of_the_table_has_a_case_and_every_fixture_is_used() {
    let cases = CASES.iter().map(|case| case.row);
    let covered: BTreeSet<&str> = cases.chain(REFUSALS.iter().map(|case| case.row)).collect();
    let used = CASES.iter().flat_map(|c| c.sources).flat_map(|(_, files)| *files).copied();
    let mut used: BTreeSet<String> =
        used.chain(REFUSALS.iter().map(|r| r.file)).map(str::to_owned).collect();
    used.insert("old_wards_lookup.csv".to_owned());
    let there: BTreeSet<String> = std::fs::read_dir(mess())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();

    assert_eq!(covered, ROWS.iter().copied().collect());
    assert_eq!(ROWS.len(), 30);
    assert_eq!(used, there);
}

#[test]
fn every_row_of_the_table_is_detected_handled_and_counted() {
    let mut wrong = Vec::new();
    for (i, case) in CASES.iter().enumerate() {
        let workspace = workspace(case.sources, case.more);
        let text = workspace.ok(&["check"]);
        let report: Value = serde_json::from_str(&workspace.ok(&["check", "--json"])).unwrap();
        let (rows, reasons) = counts(&report);
        let mut complain = |what: String| {
            wrong.push(format!("case {i}, {} {:?}: {what}", case.row, case.sources));
        };
        if rows != case.rows {
            complain(format!("rows {rows:?}, wanted {:?}\n{text}", case.rows));
        }
        for (reason, wanted) in case.counted {
            let found = reasons.get(*reason).copied().unwrap_or(0);
            if found != *wanted {
                complain(format!("{reason} {found}, wanted {wanted}\n{text}"));
            }
        }
        for said in case.says {
            if !text.contains(said) {
                complain(format!("does not say `{said}`\n{text}"));
            }
        }
        if text.contains("Example") {
            complain(format!("a name is shown\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn files_that_cannot_be_read_for_sure_are_refused() {
    for refusal in REFUSALS {
        let said = workspace(&[(refusal.profile, &[refusal.file])], "").fails(&["check"]);

        for wanted in refusal.says {
            assert!(said.contains(wanted), "{}: no `{wanted}` in\n{said}", refusal.file);
        }
        for secret in refusal.never_says {
            assert!(!said.contains(secret), "{}: `{secret}` in\n{said}", refusal.file);
        }
    }
}

//! Tables of hours: what they leave out is said, and the night-time band is heeded.

use serde_json::Value;

use crate::mess::workspace;
use crate::support::Workspace;

/// Five records round midnight at a weekend; and four with spans, of which one has no hour and one is
/// a minute longer than a day.
fn hours(more: &str) -> (Workspace, Value) {
    let workspace = workspace(&[("police-crime", &["night_band.csv", "spans.csv"])], more);
    workspace.ok(&["import"]);
    let said = workspace.ok(&["analyse", "aoristic", "--window", "2025-04", "--json"]);
    (workspace, serde_json::from_str(&said).unwrap())
}

#[test]
fn a_table_of_hours_says_how_many_spans_it_leaves_out() {
    let (_workspace, hours) = hours("");

    let methods = hours["how_made"]["methods"].to_string();
    let said = "of 9 records 1 are left out because their hour is not known, and 1 because they \
                span more than 24 hours";
    assert!(methods.contains(said), "{methods}");
    let rows = hours["tables"][0]["rows"].as_array().unwrap();
    let all = rows.last().unwrap().as_array().unwrap().last().unwrap().as_f64().unwrap();
    assert!((all - 7.0).abs() < 1e-9, "{all}");
}

#[test]
fn hours_after_midnight_are_told_by_the_evening_before() {
    let (_workspace, usual) = hours("");
    let (_workspace, sundays) =
        hours("[night]\nnights = [\"sun\"]\nfrom = \"22:00\"\nto = \"02:00\"\n");

    let (usual, sundays) = (usual.to_string(), sundays.to_string());
    let said = "3 lie wholly in the night-time band (Fri and Sat nights, 21:00 to 05:00)";
    assert!(usual.contains(said) && usual.contains("Fri night 2, Sat night 1"), "{usual}");
    let said = "1 lie wholly in the night-time band (Sun night, 22:00 to 02:00)";
    assert!(sundays.contains(said) && sundays.contains("Sun night 1"), "{sundays}");
}

/// Records without a position have hours all the same.
#[test]
fn records_off_the_map_count_in_a_table_of_hours() {
    let workspace = workspace(&[("police-crime", &["night_band.csv"])], "location = \"ward\"\n");
    workspace.ok(&["import"]);

    let said = workspace.ok(&["analyse", "aoristic", "--window", "2025-04", "--json"]);

    assert!(said.contains("of 5 records 0 are left out"), "{said}");
}

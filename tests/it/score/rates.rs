//! Harm, rates and what is expected.

use std::fmt::Write as _;

use crate::support::{Workspace, four_wards, shared};

use super::{GI_STAR, column, scored, workspace};

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

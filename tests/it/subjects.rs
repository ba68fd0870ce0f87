//! What a partnership holds besides incidents and places, from file to store.

use std::fs;
use std::path::Path;

use wardheat::context::{CodeSet, Treated, chain};
use wardheat::incident::CrimeTypeIdx;
use wardheat::store;

use crate::support::{Workspace, run};

/// The description of every subject, and a file for each.
const TABLES: &str = r#"
[[indicators]]
file = "jsna.csv"
kind = "ward"
edition = "2024"
code = "Area Code"
name-column = "Indicator"
period-column = "Time period"
value = "Value"
numerator = "Count"
denominator = "Denominator"
lower = "Lower CI"
upper = "Upper CI"

[[lookup]]
file = "lookup.csv"
from = "LSOA11CD"
from-kind = "lsoa"
from-edition = "2011"
to = "LSOA21CD"
to-kind = "lsoa"
to-edition = "2021"

[[lookup]]
file = "lookup.csv"
from = "LSOA21CD"
from-kind = "lsoa"
from-edition = "2021"
to = "WD24CD"
to-kind = "ward"
to-edition = "2024"

[[interventions]]
file = "interventions.csv"
name = "Name"
start = "Start"
end = "End"
date = "dd/mm/yyyy"
ward = "Ward"
x = "Easting"
y = "Northing"
radius = "Radius"
crs = "EPSG:27700"
cost = "Cost"
funder = "Funder"
owner = "Owner"

[[survey]]
file = "survey.csv"
ward = "Ward"
question = "Question"
percent = "Percent"
base = "Base"
lower = "Lower"
upper = "Upper"
wave = "2025"

[[community-priorities]]
file = "pact.csv"
area = "Area"
set = "Date set"
date = "dd/mm/yyyy"
text = "Priority"
category = "Category"
status = "Status"

[[peers]]
file = "iquanta.csv"
area = "area_code"
period = "period"
offence-group = "offence_group"
rate = "rate"
is-self = "is_self"

[[harm-weights]]
file = "cchi.csv"
name = "Cambridge Crime Harm Index"
edition = "2026"
unit = "days of imprisonment"
category = "crime_type"
weight = "cchi_days"
group-column = "force"
group = "Cleveland"
"#;

const FILES: &[(&str, &str)] = &[
    (
        "jsna.csv",
        "Indicator,Time period,Area Code,Value,Lower CI,Upper CI,Count,Denominator,Prepared by\n\
         Alcohol admissions,2022/23,E05000001,640.5,600.1,682.9,930,\"145,200\",Planted Preparer\n\
         Alcohol admissions,2022/23,E05000002,*,,,*,,Planted Preparer\n\
         Alcohol admissions,2022/23,E05000003,much,,,,,Planted Preparer\n",
    ),
    (
        "lookup.csv",
        "LSOA11CD,change,LSOA21CD,WD24CD\nE01000001,S,E01000011,E05000001\n\
         E01000001,S,E01000012,E05000001\nE01000002,U,E01000002,E05000002\n",
    ),
    (
        "interventions.csv",
        "Name,Start,End,Ward,Easting,Northing,Radius,Cost,Funder,Owner,Contact\n\
         Alley gates,01/03/2025,30/09/2025,,444500,519100,250,\"£12,500\",Home Office,Council,0700 900 123\n\
         Patrols,01/04/2025,,West End,,,,,PCC,Police,x\n\
         Warden Mr Brown,01/04/2025,,West End,,,,,PCC,Police,x\n\
         Lost,01/04/2025,,Nowhere Ward,,,,,PCC,Police,x\n",
    ),
    (
        "survey.csv",
        "Ward,Question,Percent,Base,Lower,Upper,Comment\n\
         West End,Feel safe after dark: yes,61.5,200,55,68,planted words of a resident\n\
         E05000002,Feel safe after dark: yes,44,180,37,51,planted words of a resident\n\
         E05000002,Feel safe by day: yes,planted words in the wrong column,180,37,51,x\n",
    ),
    (
        "pact.csv",
        "Area,Date set,Priority,Category,Status,Raised by\n\
         West End,03/04/2025,Off-road bikes on the park,ASB,Open,planted name\n\
         Beat C3,03/04/2025,Speeding,Road safety,Closed,planted name\n\
         West End,03/04/2025,Noise from Mr Planted at 12,ASB,Open,planted name\n",
    ),
    (
        "iquanta.csv",
        "area_code,period,offence_group,rate,is_self\nE22000001,2025Q1,Burglary,2.31,1\n\
         E22000002,2025Q1,Burglary,3.02,0\nE22000003,2025Q1,Burglary,-1,0\n",
    ),
    (
        "cchi.csv",
        "force,crime_type,cchi_days\nCleveland,Robbery,365\nKent,Robbery,300\n\
         Cleveland,Violence and Sexual Offences,198.63\nCleveland,Homicide,5475\n",
    ),
];

fn workspace(tables: &str) -> Workspace {
    let workspace = Workspace::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let file = |path: &str| data.join(path).display().to_string();
    workspace.ok(&[
        "init",
        "--areas",
        &file("geojson/wards.geojson"),
        "--incidents",
        &file("csv/police_uk.csv.gz"),
    ]);
    for (name, text) in FILES {
        fs::write(workspace.path().join(name), text).unwrap();
    }
    let description = workspace.path().join("wardheat.toml");
    let text = fs::read_to_string(&description).unwrap() + tables;
    fs::write(description, text).unwrap();
    workspace
}

#[test]
fn every_subject_is_read_accounted_for_kept_and_listed() {
    let workspace = workspace(TABLES);

    let report: serde_json::Value =
        serde_json::from_str(&workspace.ok(&["import", "--json"])).unwrap();
    let listed = workspace.ok(&["store", "list"]);
    let data = store::open(&workspace.path().join("store")).unwrap();

    let accounts: Vec<(String, [u64; 4])> = report["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subject| {
            let count = |key: &str| subject["account"][key].as_u64().unwrap();
            let counts = [count("rows"), count("kept"), count("excluded"), count("rejected")];
            (subject["subject"].as_str().unwrap().to_owned(), counts)
        })
        .collect();
    let wanted = [
        ("lookup", [3, 3, 0, 0]),
        ("lookup", [3, 3, 0, 0]),
        ("indicators", [3, 2, 0, 1]),
        ("interventions", [4, 2, 0, 2]),
        ("survey", [3, 2, 0, 1]),
        ("community priorities", [3, 2, 0, 1]),
        ("peers", [3, 2, 0, 1]),
        ("harm weights", [4, 2, 0, 2]),
    ];
    assert_eq!(accounts, wanted.map(|(subject, counts)| (subject.to_owned(), counts)));
    for subject in [
        "indicators",
        "lookups",
        "interventions",
        "surveys",
        "community priorities",
        "peers",
        "harm weights",
    ] {
        assert!(listed.contains(subject), "{subject} is not in {listed}");
    }

    let known = &data.context;
    assert_eq!(known.indicators[0].of("E05000001").unwrap().value, Some(640.5));
    assert_eq!(known.indicators[0].of("E05000002").unwrap().value, None);
    let to_ward =
        chain(&known.lookups, &CodeSet::new("lsoa", "2011"), &CodeSet::new("ward", "2024"))
            .unwrap();
    assert_eq!(to_ward.only("E01000001"), Some("E05000001"));
    assert!(matches!(known.interventions[0].place, Treated::Circle { .. }));
    assert_eq!(known.interventions[1].place, Treated::Ward("E05000001".to_owned()));
    assert_eq!(known.surveys.len(), 2);
    assert_eq!(known.priorities[0].ward.as_deref(), Some("E05000001"));
    assert_eq!(known.priorities[1].ward, None);
    assert!(known.peers[0].is_self && !known.peers[1].is_self);
    let robbery = CrimeTypeIdx::from_id("robbery").unwrap();
    assert_eq!(known.harm[0].get(robbery), Some(365.0));
    let warnings = report["subjects"][7]["warnings"].to_string();
    assert!(
        warnings.contains("Homicide") && warnings.contains("Anti-social behaviour"),
        "{warnings}"
    );
}

#[test]
fn nothing_that_anybody_wrote_is_stored_or_printed() {
    let workspace = workspace(TABLES);

    let out = run(workspace.path(), &["import"]);

    assert!(out.status.success());
    let mut written = workspace.files_under("store");
    written.insert("stdout".into(), out.stdout);
    written.insert("stderr".into(), out.stderr);
    for (name, bytes) in written {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for planted in ["planted", "mr brown", "0700 900 123"] {
            assert!(!text.contains(planted), "{name} has `{planted}`");
        }
    }
}

#[test]
fn the_same_files_give_the_same_store() {
    let workspace = workspace(TABLES);

    workspace.ok(&["import", "--threads", "1"]);
    let first = workspace.files_under("store");
    workspace.ok(&["import", "--threads", "3"]);

    assert_eq!(workspace.files_under("store"), first);
}

#[test]
fn a_column_that_is_not_there_is_named_with_its_key() {
    let workspace = workspace(&TABLES.replace("\"Area Code\"", "\"Ward code\""));

    let refused = workspace.fails(&["import"]);

    assert!(refused.contains("no column for `Ward code`"), "{refused}");
    assert!(refused.contains("`code` of [[indicators]]"), "{refused}");
}

//! `wardheat venues` on a borough's year: its libraries, and what is held of vulnerability.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::stockton;
use crate::venues::{add, column, halls, plan};

/// Eighteen libraries, six of them closed, one mobile and two in prisons: nine may be used.
#[test]
fn libraries_of_stockton_make_a_shortlist() {
    let diary =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/meetings/stockton_diary.csv");
    let diary = diary.display().to_string();
    let libraries = "data/venues/libraries_selected_authorities.csv";
    let more = ["--venues", libraries, "--meetings", &diary];
    let Some(workspace) = stockton("Stockton 2025 with its libraries", &more) else { return };
    workspace.ok(&["import"]);

    let plan: Value =
        serde_json::from_str(&workspace.ok(&["venues", "--json", "--k", "6"])).unwrap();

    let halls = halls(&plan);
    assert_eq!(plan["left_out"]["closed"].as_array().unwrap().len(), 6);
    assert_eq!(plan["choice"]["proven"], true);
    assert!(halls.iter().any(|hall| hall.starts_with("Stockton Central Library")), "{halls:?}");
    assert_eq!(halls.len(), 6);
    let reached: Vec<f64> =
        column(&plan, "curve", "reached").iter().map(|share| share.as_f64().unwrap()).collect();
    assert!(reached.windows(2).all(|pair| pair[0] <= pair[1]), "{reached:?}");
}

/// Four of the six variables of the Vulnerable Localities Index, from the police's year, the census
/// and the Indices of Deprivation 2025, which hold no share of young people and none without
/// qualifications. Expected values by a program of its own (shapely for the wards, the means of LSOAs
/// by residents through the best-fit lookup).
#[test]
fn what_is_held_of_vulnerability_is_measured_and_what_is_missing_is_said() {
    let more = [
        "--areas",
        "data/boundaries/stockton_lsoa_2021_simplified.geojson",
        "--population",
        "data/demographics/lsoa21_population_households.csv",
        "--context",
        "data/demographics/imd2025_lsoa21.csv",
        "data/demographics/lookup_lsoa21_ward24_lad24_bestfit.csv",
        "--venues",
        "data/venues/libraries_selected_authorities.csv",
    ];
    let Some(workspace) = stockton("Stockton 2025 with demographics", &more) else { return };
    add(
        &workspace,
        "wardheat.toml",
        "[need]\nvulnerability = 1.0\n[need.vulnerable-localities]\nincome = \"Income_score\"\n\
         employment = \"Employment_score\"\n",
    );
    workspace.ok(&["import"]);

    let plan = plan(&workspace, &[]);

    let (codes, index) = (column(&plan, "need", "code"), column(&plan, "need", "vulnerability"));
    for (code, expected) in [
        ("E05014882", 341.91),
        ("E05014873", 204.32),
        ("E05014872", 180.00),
        ("E05014868", 175.67),
        ("E05014859", 155.87),
    ] {
        let found = index[codes.iter().position(|one| one == code).unwrap()].as_f64().unwrap();
        assert!((found - expected).abs() < 0.2, "{code}: {found}, expected {expected}");
    }
    let methods = plan["methods"].to_string();
    for words in [
        "a part of the Vulnerable Localities Index, the mean of 4 indices of six",
        "young and education not named",
        "income by Income_score",
        "mean of its LSOAs by residents",
        "2 of 27 wards above 200",
        "vulnerability 1",
    ] {
        assert!(methods.contains(words), "no `{words}` in {methods}");
    }
    let said = workspace.ok(&["venues", "--lsoa"]);
    let (_, lsoas) = said.split_once("Need of every LSOA").unwrap();
    let rows = lsoas.lines().filter(|line| line.contains("E010")).count();
    assert_eq!(rows, 124, "{lsoas}");
    assert!(lsoas.contains("Vulnerability"), "{lsoas}");

    let toml = fs::read_to_string(workspace.path().join("wardheat.toml")).unwrap();
    fs::write(workspace.path().join("wardheat.toml"), toml.replace("Income_score", "Income_rank"))
        .unwrap();
    let refused = workspace.fails(&["venues"]);
    assert!(refused.contains("`Income_rank` is a rank or decile"), "{refused}");
}

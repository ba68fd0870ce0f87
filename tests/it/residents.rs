//! Residents of wards where a file gives those of LSOAs alone: added up in the import, and what the
//! plan of meetings shows where they cannot be.

use std::fmt::Write as _;
use std::fs;

use wardheat::quantity::Population;
use wardheat::store;

use crate::support::{Workspace, four_wards, run};
use crate::venues::{add, town};

/// Strips of a column of two squares of 2 km, each with a number of residents: west, east, south and
/// north in the national grid.
fn lsoas(workspace: &Workspace, strips: &[(i32, i32, i32, i32)]) {
    let (mut features, mut people) = (Vec::new(), "LSOA21CD,Population,Households\n".to_owned());
    for (i, (west, east, south, north)) in strips.iter().enumerate() {
        features.push(format!(
            r#"{{"type":"Feature","properties":{{"LSOA21CD":"E0100000{i}","LSOA21NM":"LSOA {i}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
        ));
        let _ = writeln!(people, "E0100000{i},{},{}", 1000 + i, 400 + i);
    }
    let lsoas = format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{}]}}"#,
        features.join(",")
    );
    fs::write(workspace.path().join("lsoas.geojson"), lsoas).unwrap();
    fs::write(workspace.path().join("people.csv"), people).unwrap();
}

/// Describes the workspace anew with its LSOAs.
fn init(workspace: &Workspace, more: &[&str]) {
    const INIT: [&str; 9] = [
        "init",
        "--force",
        "--areas",
        "wards.geojson",
        "lsoas.geojson",
        "--population",
        "people.csv",
        "--incidents",
        "crimes.csv",
    ];
    workspace.ok(&[&INIT[..], more].concat());
}

/// Residents of each ward after an import, and what the import said.
fn import(workspace: &Workspace) -> (Vec<Option<f64>>, String) {
    let out = run(workspace.path(), &["import"]);
    let said = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    assert!(out.status.success(), "{said}");
    let data = store::open(&workspace.path().join("store")).unwrap();
    let wards = data.layers.iter().find(|layer| layer.kind == "ward").unwrap();
    let people = wards.areas.iter().map(|ward| ward.residents.map(Population::get));
    (people.collect(), said)
}

/// Two LSOAs in each ward; the last reaches 800 m into the sea.
const WHOLE: [(i32, i32, i32, i32); 8] = [
    (444_000, 445_000, 520_000, 522_000),
    (445_000, 446_000, 520_000, 522_000),
    (446_000, 447_000, 520_000, 522_000),
    (447_000, 448_000, 520_000, 522_000),
    (444_000, 445_000, 522_000, 524_000),
    (445_000, 446_000, 522_000, 524_000),
    (446_000, 447_000, 522_000, 524_000),
    (447_000, 448_000, 522_000, 524_800),
];

#[test]
fn lsoas_that_lie_whole_in_wards_are_added_up_without_a_lookup() {
    let workspace = four_wards();
    lsoas(&workspace, &WHOLE);
    init(&workspace, &[]);

    let (people, said) = import(&workspace);

    assert_eq!(people, [Some(2001.0), Some(2005.0), Some(2009.0), Some(2013.0)]);
    assert!(said.contains("residents of 4 of 4 wards added up from LSOAs"), "{said}");
    assert!(said.contains("1 LSOA lies partly beyond all wards"), "{said}");
}

const LOOKUP: &str = r#"
[[lookup]]
file = "lookup.csv"
from = "LSOA21CD"
from-kind = "lsoa"
from-edition = "2021"
to = "WD24CD"
to-kind = "ward"
to-edition = "2024"
"#;

#[test]
fn an_lsoa_that_the_lookup_puts_in_two_wards_is_named_and_nothing_is_added_up() {
    let workspace = four_wards();
    lsoas(&workspace, &WHOLE);
    init(&workspace, &[]);
    add(&workspace, "wardheat.toml", LOOKUP);
    let mut rows = "LSOA21CD,WD24CD".to_owned();
    for i in 0..8 {
        let _ = write!(rows, "\nE0100000{i},E0500000{}", i / 2);
    }
    fs::write(workspace.path().join("lookup.csv"), &rows).unwrap();
    let (sound, _) = import(&workspace);
    fs::write(workspace.path().join("lookup.csv"), rows + "\nE01000003,E05000002").unwrap();

    let (people, said) = import(&workspace);

    assert_eq!(sound, [Some(2001.0), Some(2005.0), Some(2009.0), Some(2013.0)]);
    assert_eq!(people, [None; 4]);
    for words in [
        "1 LSOA more than one ward",
        "E01000003",
        "lookup.csv line 10",
        "`weight` of the [[lookup]]",
    ] {
        assert!(said.contains(words), "no `{words}` in {said}");
    }
}

#[test]
fn without_residents_of_wards_the_map_of_meetings_shows_counts_and_says_so() {
    let workspace = town();
    // Three strips of 2 km across the middle of the wards' borders.
    let strip = |i: i32| (444_000, 450_000, 517_000 + 2_000 * i, 519_000 + 2_000 * i);
    lsoas(&workspace, &[strip(1), strip(2), strip(3)]);
    init(&workspace, &["--venues", "venues.csv"]);

    let (people, _) = import(&workspace);
    workspace.ok(&["venues", "--k", "3", "-o", "chair.html"]);

    assert_eq!(people, [None; 9]);
    let page = fs::read_to_string(workspace.path().join("chair.html")).unwrap();
    assert!(page.contains("Anti-social behaviour, number of records in Jan 2025"), "{page}");
    assert!(page.contains("Colours show counts: residents of wards are not known"), "{page}");
    // 80 in the first ward, 13 or 14 in each of the last six.
    assert!(page.contains("sc-1") && page.contains("sc-6"), "{page}");
    assert!(
        !page.contains("no residents known") && !page.contains("per 1,000 residents"),
        "{page}"
    );
}

//! Layouts as a user meets them: `check` of one file, a layout of one's own, places by name,
//! priorities.

use std::path::Path;

use serde_json::Value;

use crate::mess::workspace;
use crate::support::Workspace;
use crate::town::Server;

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn one_file_is_checked_without_a_workspace_and_nothing_is_written() {
    let folder = Workspace::new();

    let said = folder.ok(&["check", &fixture("csv/council_windows_1252.csv")]);
    let report = json(&folder.ok(&["check", &fixture("csv/council_windows_1252.csv"), "--json"]));

    assert!(said.contains("council service requests"), "{said}");
    assert!(said.contains("no boundaries"), "{said}");
    assert!(
        said.contains("columns dropped unread: ") && said.contains("Complainant Name"),
        "{said}"
    );
    let total = &report["sources"][0]["total"];
    assert_eq!((&total["rows_in"], &total["kept"]), (&Value::from(5), &Value::from(3)));
    assert!(folder.files_under(".").is_empty());
}

#[test]
fn one_file_is_checked_against_the_workspace_around_it() {
    let mess = |name: &str| fixture(&format!("mess/{name}"));
    let workspace = workspace(&[("police-crime", &["missing_coordinates.csv"])], "");

    let outside = json(&workspace.ok(&["check", &mess("outside_area.csv"), "--json"]));
    let swapped = workspace.ok(&["check", &mess("swapped.csv"), "--profile", "police-crime"]);

    assert_eq!(outside["sources"][0]["total"]["excluded"], 2);
    assert!(swapped.contains("noted (kept): 1 easting and northing"), "{swapped}");
}

#[test]
fn a_file_of_another_subject_is_told_by_its_layout() {
    let folder = Workspace::new();
    let venues = "Venue,Postcode,Ward,Capacity,Step-free\nTown Hall,ZZ1 1AA,West End,120,Y\n";
    std::fs::write(folder.path().join("v.csv"), venues).unwrap();
    std::fs::write(folder.path().join("books.csv"), "Author,Shelf\nSomebody,3\n").unwrap();

    let said = folder.ok(&["check", "v.csv"]);
    let unknown = folder.fails(&["check", "books.csv"]);

    assert!(said.contains("venues for meetings (layout `venues`)"), "{said}");
    assert!(said.contains("name in `Venue`"), "{said}");
    assert!(unknown.contains("it has: Author, Shelf") && unknown.contains("hint: "), "{unknown}");
}

#[test]
fn a_file_named_after_what_happened_is_checked_as_init_would_read_it() {
    let folder = Workspace::new();
    let rows = "X,Y,start_local,end_local\n444517,519003,2016-01-01 15:00:00,2016-01-01 23:00:00\n";
    std::fs::write(folder.path().join("burglaries.csv"), rows).unwrap();
    std::fs::write(folder.path().join("events.csv"), rows).unwrap();

    let named = folder.ok(&["check", "burglaries.csv"]);
    let unnamed = folder.ok(&["check", "events.csv"]);

    assert!(named.contains("every row is taken for burglary"), "{named}");
    assert!(!named.contains("no category"), "{named}");
    assert!(unnamed.contains("no category"), "{unnamed}");
}

#[test]
fn an_unknown_profile_is_refused_with_those_there_are() {
    let folder = Workspace::new();

    let said = folder.fails(&["check", &fixture("csv/fire_utf8.csv"), "--profile", "fire"]);

    assert!(said.contains("there is no profile `fire`") && said.contains("fire-irs"), "{said}");
}

const OWN: &str = r#"
id = "test-purchases"
label = "test purchases of trading standards"
source = "trading-standards"
order = 5
crs = "EPSG:27700"
location = "ward"
precision = 1.0
marks = ["Premises sold"]
requires = [["category"], ["date"], ["easting"]]
[columns]
reference = ["Visit"]
category = ["Premises sold"]
date = ["Visited"]
easting = ["E"]
northing = ["N"]
[category]
fields = ["category"]
[category.texts]
"Sold" = "other-crime"
"Refused" = "exclude"
"#;

#[test]
fn a_layout_in_the_workspace_is_all_that_a_new_kind_of_file_needs() {
    let workspace = workspace(&[("police-crime", &["swapped.csv"])], "");
    let own = workspace.path().join("mapping");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("test_purchases.toml"), OWN).unwrap();
    let visits = "Visit,Visited,Premises sold,E,N,Officer\nV1,13/04/2025,Sold,441234,519876,X Y\nV2,14/04/2025,Refused,441234,519876,X Y\n";
    std::fs::write(workspace.path().join("visits.csv"), visits).unwrap();

    let areas = workspace.path().join("wards.geojson").display().to_string();
    let visits = workspace.path().join("visits.csv").display().to_string();
    let shown = workspace.ok(&["init", "--force", "--areas", &areas, "--incidents", &visits]);
    let report = json(&workspace.ok(&["import", "--json"]));

    assert!(shown.contains("test-purchases") && shown.contains("(ward only)"), "{shown}");
    let total = &report["sources"][0]["total"];
    assert_eq!((&total["kept"], &total["excluded"]), (&Value::from(1), &Value::from(1)));
    workspace.ok(&["export", "incidents", "--out", "out.csv"]);
    let out = std::fs::read_to_string(workspace.path().join("out.csv")).unwrap();
    assert!(out.contains("E05000001") && !out.contains("441234"), "{out}");
}

#[test]
fn attendances_after_assault_are_placed_by_name_and_never_as_points() {
    let workspace = workspace(
        &[],
        "[venues]\nfile = \"venues.csv\"\n[[source]]\nid = \"hospital\"\nprofile = \"istv\"\nfiles = [\"istv.csv\"]\n",
    );
    let write = |name: &str, text: &str| std::fs::write(workspace.path().join(name), text).unwrap();
    write("venues.csv", "Venue,Ward\nThe Crown Hotel,West End\nTown Hall,West End\n");
    write(
        "istv.csv",
        "Site Code,Arrival Date,Arrival Time,Assault Date,Assault Time,Assault Method,Assault Location Type,Assault Location Description\nZZ1,2025-04-13,01:10,2025-04-13,00:30,Fist,Licensed premises,outside the Crown Hotel on the corner\nZZ1,2025-04-14,01:10,2025-04-14,00:30,Bottle,Home,his own kitchen at number 9\n",
    );

    let report = workspace.ok(&["import"]);
    workspace.ok(&["export", "incidents", "--out", "out.csv"]);

    assert!(report.contains("1 place found by its name"), "{report}");
    assert!(report.contains("1 the description names no place of the list"), "{report}");
    let out = std::fs::read_to_string(workspace.path().join("out.csv")).unwrap();
    assert!(out.contains("The Crown Hotel") && !out.contains("kitchen"), "{out}");
    for (name, bytes) in workspace.files_under("store") {
        assert!(!bytes.windows(7).any(|w| w == b"kitchen"), "{name}");
    }
}

#[test]
fn a_priority_can_be_asked_for_wherever_a_type_can() {
    let priority = "[[priority]]\nname = \"Acquisitive crime\"\nowner = \"Safer homes group\"\ncategories = [\"burglary\", \"shoplifting\"]\n[priority.target]\nbaseline = 120\ndirection = \"down\"\ndate = \"2026-03\"\n";
    let workspace = workspace(&[("police-crime", &["default_coordinates.csv"])], priority);
    workspace.ok(&["import"]);

    let analysed =
        workspace.ok(&["analyse", "--type", "priority:acquisitive-crime", "--out", "found"]);
    let unknown = workspace.fails(&["analyse", "--type", "priority:litter"]);
    let wards = workspace.files_under("found");
    let by_type = String::from_utf8(wards["by-type.csv"].clone()).unwrap();

    assert!(analysed.contains("Acquisitive crime"), "{analysed}");
    assert!(analysed.contains("106 recorded"), "{analysed}");
    assert!(
        by_type.contains("priority:acquisitive-crime,Acquisitive crime,priority,106"),
        "{by_type}"
    );
    assert!(unknown.contains("priority:acquisitive-crime"), "{unknown}");
}

#[tokio::test]
async fn a_priority_is_a_choice_of_the_page_and_of_every_address() {
    let server = Server::new();

    let info = server.get("/info").await.text().to_owned();
    let page = server.get("/").await.text().to_owned();
    let chosen = server.get("/?type=priority:homes-first").await.text().to_owned();
    let by_priority =
        server.get("/tables/wards.csv?type=priority:homes-first").await.text().to_owned();
    let by_type = server.get("/tables/wards.csv?type=burglary").await.text().to_owned();
    let unknown = server.get("/tables/wards.csv?type=priority:none").await;

    assert!(info.contains("priority:homes-first"), "{info}");
    assert!(page.contains("value=\"priority:homes-first\""), "no such choice");
    assert!(chosen.contains("Homes first"), "not named");
    assert_eq!(by_priority, by_type);
    assert_eq!(unknown.status.as_u16(), 400, "{}", unknown.text());
    assert!(unknown.text().contains("priority:homes-first"), "{}", unknown.text());
}

#[test]
fn the_columns_of_london_s_fire_incidents_are_read_with_both_precisions() {
    let folder = Workspace::new();
    let text = "IncidentNumber,DateOfCall,CalYear,TimeOfCall,HourOfCall,IncidentGroup,StopCodeDescription,SpecialServiceType,PropertyCategory,PropertyType,AddressQualifier,Postcode_full,Postcode_district,UPRN,USRN,IncGeo_BoroughCode,IncGeo_BoroughName,ProperCase,IncGeo_WardCode,IncGeo_WardName,IncGeo_WardNameNew,Easting_m,Northing_m,Easting_rounded,Northing_rounded,Latitude,Longitude,FRS,IncidentStationGround,NumStationsWithPumpsAttending,NumPumpsAttending,PumpCount,PumpHoursRoundUp,Notional Cost (£),NumCalls\n1,2025-04-13,2025,14:30:00,14,Fire,Secondary Fire,,Outdoor,Refuse,Open land,ZZ1 1AA,ZZ1,0,0,E09000001,X,X,E05000001,WEST END,WEST END,444512,519001,444550,519050,,,London,X,1,1,1,1,388,1\n2,2025-04-13,2025,15:30:00,15,Fire,Primary Fire,,Dwelling,House,Correct,,ZZ1,0,0,E09000001,X,X,E05000001,WEST END,WEST END,NULL,NULL,444550,519050,NULL,NULL,London,X,1,2,2,1,776,1\n3,2025-04-13,2025,16:30:00,16,Special Service,Special Service,Lift Release,Dwelling,Flat,Correct,,ZZ1,0,0,E09000001,X,X,E05000001,WEST END,WEST END,NULL,NULL,444550,519050,NULL,NULL,London,X,1,1,1,1,388,1\n";
    std::fs::write(folder.path().join("lfb.csv"), text).unwrap();

    let report = json(&folder.ok(&["check", "lfb.csv", "--json"]));

    let source = &report["sources"][0];
    assert_eq!(
        (&source["total"]["kept"], &source["total"]["excluded"]),
        (&Value::from(2), &Value::from(1))
    );
    let reasons = source["total"]["reasons"].as_array().unwrap();
    let short = reasons.iter().find(|r| r["reason"] == "short-position").unwrap();
    assert_eq!(short["count"], 1);
    let dropped = source["files"][0]["dropped_columns"].to_string();
    assert!(dropped.contains("Postcode_full") && dropped.contains("UPRN"), "{dropped}");
}

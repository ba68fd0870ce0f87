//! `wardheat venues`: where to meet the public, as a chair would ask for it.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{Workspace, run};

/// Nine wards of 2 km, crime and anti-social behaviour mostly in the first three, a thousand
/// residents in each, halls of every kind, and a diary.
pub fn town() -> Workspace {
    let workspace = Workspace::new();
    let write = |name: &str, text: &str| fs::write(workspace.path().join(name), text).unwrap();
    let corner = |i: usize| (444_000 + (i % 3) * 2_000, 518_000 + (i / 3) * 2_000);
    let (mut features, mut people) = (Vec::new(), "WD24CD,Population,Households\n".to_owned());
    let mut rows = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n".to_owned();
    for i in 0..9 {
        let (x, y) = corner(i);
        features.push(format!(
            r#"{{"type":"Feature","properties":{{"WD24CD":"E0500000{i}","WD24NM":"Ward {i}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{0},{y}],[{0},{1}],[{x},{1}],[{x},{y}]]]}}}}"#,
            x + 2_000,
            y + 2_000
        ));
        let _ = writeln!(people, "E0500000{i},1000,400");
        for n in 0..if i < 3 { 240 - 40 * i } else { 40 } {
            let east = x + 300 + (n * 370) % 1_400;
            let north = y + 300 + (n * 530) % 1_400;
            let at =
                wardheat::crs::bng_to_lonlat(wardheat::crs::Bng::new(east as f64, north as f64))
                    .unwrap();
            let kind = if n % 3 == 0 { "Anti-social behaviour" } else { "Burglary" };
            let _ = writeln!(
                rows,
                ",2025-{:02},Cleveland Police,Cleveland Police,{:.6},{:.6},On or near A Road,,,{kind},,",
                1 + n % 12,
                at.lon(),
                at.lat()
            );
        }
    }
    write(
        "wards.geojson",
        &format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{}]}}"#,
            features.join(",")
        ),
    );
    write("people.csv", &people);
    write("crimes.csv", &rows);
    write(
        "venues.csv",
        "name,type,easting,northing,capacity,step-free,year closed\n\
         Alpha Hall,Hall,445000,519000,80,Y,\n\
         Alpha Steps,Hall,445050,519000,80,N,\n\
         Bravo Hall,Hall,447000,519000,60,,\n\
         Bravo Police Station,Police station,447000,519100,60,Y,\n\
         Charlie Hall,Hall,449000,519000,20,Y,\n\
         Charlie Library,Library,449050,519000,,Y,\n\
         Delta Library,Library,445000,521000,50,Y,2019\n\
         Echo Hall,Hall,447000,521000,50,Y,\n\
         Mobile Library,Mobile Library,447100,521000,50,Y,\n",
    );
    write(
        "diary.csv",
        "title,organiser,ward code,venue,date,start,recurrence,open to public\n\
         Alpha PACT,Police,E05000000,Scout Hut,2025-01-13,18:30,monthly,Y\n\
         Face the People,Community safety partnership,E05000001,Bravo Hall,2023-05-10,18:00,once,Y\n",
    );
    workspace.ok(&[
        "init",
        "--areas",
        "wards.geojson",
        "--population",
        "people.csv",
        "--incidents",
        "crimes.csv",
        "--venues",
        "venues.csv",
        "--meetings",
        "diary.csv",
    ]);
    workspace.ok(&["import"]);
    workspace
}

pub fn plan(workspace: &Workspace, more: &[&str]) -> Value {
    let arguments = [&["venues", "--json", "--k", "3"], more].concat();
    serde_json::from_str(&workspace.ok(&arguments)).unwrap()
}

fn table<'a>(plan: &'a Value, id: &str) -> &'a Value {
    plan["tables"].as_array().unwrap().iter().find(|table| table["id"] == id).unwrap()
}

/// A column of a table.
pub fn column(plan: &Value, id: &str, name: &str) -> Vec<Value> {
    let table = table(plan, id);
    let columns = table["columns"].as_array().unwrap();
    let at = columns.iter().position(|column| column["id"] == name).unwrap();
    table["rows"].as_array().unwrap().iter().map(|row| row[at].clone()).collect()
}

pub fn halls(plan: &Value) -> Vec<String> {
    let mut halls: Vec<String> = column(plan, "shortlist", "venue")
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    halls.sort();
    halls
}

#[test]
fn each_ward_of_higher_need_has_a_hall_that_may_be_used() {
    let workspace = town();

    let plan = plan(&workspace, &[]);

    assert_eq!(halls(&plan), ["Alpha Hall", "Bravo Hall", "Charlie Library"]);
    assert_eq!(plan["choice"]["proven"], true);
    for (why, names) in [
        ("not step-free", "Alpha Steps"),
        ("closed", "Delta Library"),
        ("mobile: it has no place of its own", "Mobile Library"),
        ("a police building: some people stay away", "Bravo Police Station"),
        ("fewer seats than the people expected", "Charlie Hall"),
    ] {
        assert_eq!(plan["left_out"][why], serde_json::json!([names]), "{why}");
    }
    let higher = column(&plan, "need", "higher");
    assert_eq!(higher.iter().filter(|flag| **flag == true).count(), 3);
    assert_eq!(column(&plan, "need", "name")[0], "Ward 0");
}

#[test]
fn reasons_hold_the_facts_and_what_is_not_known_is_said() {
    let workspace = town();

    let said = workspace.ok(&["venues", "--k", "3"]);
    let plan = plan(&workspace, &[]);

    // 240 records in Ward 0, every third anti-social behaviour.
    assert!(said.contains("Ward 0 is between 1st and 2nd of 9 wards for crime"), "{said}");
    assert!(said.contains("(160 crimes, 80 of anti-social behaviour; police)"), "{said}");
    assert!(said.contains("Jan 2025 to Dec 2025"), "{said}");
    assert!(said.contains("It can join \"Alpha PACT\" of Police"), "{said}");
    assert!(said.contains("last met the public in Ward 1 on Wed 10 May 2023"), "{said}");
    assert!(!said.to_lowercase().contains("worst"), "{said}");
    let names = column(&plan, "shortlist", "venue");
    let unknown = column(&plan, "shortlist", "unknown");
    let bravo = names.iter().position(|name| name == "Bravo Hall").unwrap();
    assert!(unknown[bravo].as_str().unwrap().contains("step-free access"), "{unknown:?}");
}

#[test]
fn locks_and_exclusions_solve_again() {
    let workspace = town();

    let locked = plan(&workspace, &["--lock", "Echo Hall"]);
    let without = plan(&workspace, &["--exclude", "alpha-hall"]);

    assert!(halls(&locked).contains(&"Echo Hall".to_owned()), "{:?}", halls(&locked));
    assert!(!halls(&without).contains(&"Alpha Hall".to_owned()));
    let unserved = without["not_reached"].as_array().unwrap();
    assert_eq!(unserved.len(), 1, "{unserved:?}");
    assert_eq!(unserved[0]["ward"], "E05000000");
    assert!(unserved[0]["why"].as_str().unwrap().contains("no earlier meeting"), "{unserved:?}");
    let steps = workspace.fails(&["venues", "--lock", "Alpha Steps"]);
    assert!(steps.contains("Alpha Steps cannot be locked: not step-free"), "{steps}");
    let nobody = workspace.fails(&["venues", "--lock", "Zulu"]);
    assert!(nobody.contains("`Zulu`") && nobody.contains("alpha-hall"), "{nobody}");
}

#[test]
fn files_hold_the_plan_and_the_public_ones_hold_no_figures() {
    let workspace = town();
    let read = |name: &str| fs::read_to_string(workspace.path().join(name)).unwrap();

    for name in ["plan.csv", "plan.ics", "plan.geojson"] {
        workspace.ok(&["venues", "--k", "3", "-o", name]);
    }

    assert_eq!(csv::Reader::from_reader(read("plan.csv").as_bytes()).records().count(), 3);
    let (calendar, map) = (read("plan.ics").replace("\r\n ", ""), read("plan.geojson"));
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 3);
    assert!(calendar.contains("because more was reported here"), "{calendar}");
    // The meeting that is joined is held elsewhere: nobody is sent to the hall.
    assert!(calendar.contains("LOCATION:Scout Hut") && !calendar.contains("Alpha Hall"));
    for public in [&calendar, &map] {
        assert!(!public.contains("160") && !public.contains("1st"), "{public}");
    }
    let map: Value = serde_json::from_str(&map).unwrap();
    let features = map["features"].as_array().unwrap();
    let elsewhere = features.iter().find(|one| one["properties"]["hall"] == "Scout Hut").unwrap();
    assert!(elsewhere["geometry"].is_null(), "{elsewhere}");
    let bravo = features.iter().find(|one| one["properties"]["hall"] == "Bravo Hall").unwrap();
    let at = &bravo["geometry"]["coordinates"];
    assert!((at[0].as_f64().unwrap() + 1.3).abs() < 0.1, "{at}");
    assert!((at[1].as_f64().unwrap() - 54.56).abs() < 0.1, "{at}");
    let refused = workspace.fails(&["venues", "-o", "plan.pdf"]);
    assert!(refused.contains(".ics"), "{refused}");
}

/// Adds to a file of the workspace.
pub fn add(workspace: &Workspace, name: &str, text: &str) {
    let path = workspace.path().join(name);
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, format!("{before}\n{text}")).unwrap();
}

/// What `[need]` names: two indicators' worth of vulnerability worked out by hand, ranks turned
/// round, the latest wave of a survey, open priorities, and days of imprisonment.
#[test]
fn parts_of_need_that_are_named_are_measured_and_weigh() {
    let workspace = town();
    let mut indicators = "ward,income,employment,young,without,IMD_rank\n".to_owned();
    for i in 0..9 {
        let _ = writeln!(indicators, "E0500000{i},{},5,10,20,{}", i + 1, 100 * (i + 1));
    }
    add(&workspace, "indicators.csv", indicators.trim());
    add(
        &workspace,
        "survey.csv",
        "ward,question,percent,wave\nE05000003,feels unsafe,80,2024\nE05000003,feels unsafe,30,2025\n\
         E05000004,feels unsafe,20,2025",
    );
    add(
        &workspace,
        "asked.csv",
        "area,set,text,status\nE05000005,2025-03-01,Speeding,open\nE05000005,2025-04-01,Parking,closed\n\
         E05000005,2019-04-01,Litter,open",
    );
    add(&workspace, "harm.csv", "type,days\nBurglary,400");
    add(
        &workspace,
        "wardheat.toml",
        r#"
[[indicators]]
file = "indicators.csv"
kind = "ward"
code = "ward"
values = ["income", "employment", "young", "without", "IMD_rank"]

[[survey]]
file = "survey.csv"
ward = "ward"
question = "question"
percent = "percent"
wave-column = "wave"

[[community-priorities]]
file = "asked.csv"
area = "area"
set = "set"
text = "text"
status = "status"

[[harm-weights]]
file = "harm.csv"
name = "Days"
edition = "1"
unit = "days"
category = "type"
weight = "days"

[need]
harm = 0.5
deprivation = 1.0
harm-weights = "Days"
deprivation-indicator = "IMD_rank"
fear-question = "feels unsafe"

[need.vulnerable-localities]
income = "income"
employment = "employment"
young = "young"
education = "without"
"#,
    );
    workspace.ok(&["import"]);

    let plan = plan(&workspace, &[]);

    let parts = table(&plan, "parts");
    let value = |code: &str, kind: &str, part: &str| -> Option<f64> {
        let rows = parts["rows"].as_array().unwrap();
        let is = |row: &&Value| row[0] == code && row[1] == kind && row[2] == part;
        rows.iter().find(is).unwrap_or_else(|| panic!("no {code} {kind} {part}"))[3].as_f64()
    };
    // Burglaries: 160, 133, 106 and six times 26 of 555; no damage, so the index cannot be made.
    assert_eq!(value("E05000000", "crime", "deprivation"), Some(-100.0));
    assert_eq!(value("E05000003", "asb", "fear"), Some(30.0));
    assert_eq!(value("E05000000", "asb", "fear"), None);
    assert_eq!(value("E05000005", "crime", "priorities"), Some(1.0));
    assert_eq!(value("E05000000", "crime", "harm"), Some(160.0 * 400.0));
    assert_eq!(value("E05000000", "asb", "harm"), None);
    let methods = plan["methods"].to_string();
    for words in
        ["deprivation 1", "harm 0.5", "the lowest the most deprived", "Days 1, days per 1,000"]
    {
        assert!(methods.contains(words), "no `{words}` in {methods}");
    }
    let toml = fs::read_to_string(workspace.path().join("wardheat.toml")).unwrap();
    let wrong =
        toml.replace("deprivation-indicator = \"IMD_rank\"", "deprivation-indicator = \"IMD\"");
    fs::write(workspace.path().join("wardheat.toml"), wrong).unwrap();
    let said = workspace.fails(&["venues"]);
    assert!(said.contains("`IMD`") && said.contains("IMD_rank"), "{said}");
}

/// By p-median halls are nearest to people on average; here the middle of the town is.
#[test]
fn the_median_shortens_walks_and_is_proven() {
    let workspace = town();

    let covering = plan(&workspace, &[]);
    let median = plan(&workspace, &["--model", "median"]);

    assert_eq!(median["choice"]["model"], "median");
    assert_eq!(median["choice"]["proven"], true);
    let reached = |plan: &Value| plan["choice"]["reached"].as_f64().unwrap();
    assert!(reached(&median) <= reached(&covering) + 1e-9);
    assert!(median["methods"].to_string().contains("p-median"));
}

#[test]
fn walking_distances_of_a_file_take_the_place_of_straight_lines() {
    let workspace = town();
    workspace.ok(&["venues", "--points", "points.csv"]);
    let points = fs::read_to_string(workspace.path().join("points.csv")).unwrap();
    let ids = points.lines().skip(1).filter_map(|line| line.split(',').next());
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    let mut walks = "point,venue_id,metres\n".to_owned();
    for point in &ids {
        let _ = writeln!(walks, "{point},echo-hall,10\n{point},alpha-hall,");
    }
    fs::write(workspace.path().join("walks.csv"), &walks).unwrap();

    let arguments = ["venues", "--json", "--k", "4", "--distances", "walks.csv"];
    let plan: Value = serde_json::from_str(&workspace.ok(&arguments)).unwrap();

    let names = column(&plan, "shortlist", "venue");
    let walk = column(&plan, "shortlist", "residents_in_walk");
    let of = |name: &str| walk[names.iter().position(|hall| hall == name).unwrap()].as_i64();
    assert_eq!((of("Echo Hall"), of("Alpha Hall")), (Some(9_000), Some(0)));
    assert_eq!(plan["choice"]["share"], 1.0);
    let notes = plan["notes"].to_string();
    assert!(notes.contains("are not in walks.csv"), "{notes}");
    for (row, words) in [
        (format!("{},zulu,5", ids[0]), "there is no hall `zulu`"),
        ("E1N1,echo-hall,5".to_owned(), "there is no demand point `E1N1`"),
        (format!("{},echo-hall,5", ids[0]), "comes twice"),
        (format!("{},bravo-hall,near", ids[0]), "line 2"),
    ] {
        let (header, rest) = walks.split_once('\n').unwrap();
        fs::write(workspace.path().join("wrong.csv"), format!("{header}\n{row}\n{rest}")).unwrap();
        let said = workspace.fails(&["venues", "--distances", "wrong.csv"]);
        assert!(said.contains(words), "{row}: {said}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_plan() {
    let workspace = town();
    let with =
        |threads: &str| run(workspace.path(), &["--threads", threads, "venues", "--json"]).stdout;

    let one = with("1");

    assert!(!one.is_empty());
    assert_eq!(one, with("3"));
}

#[test]
fn a_request_sets_its_own_budget_wards_and_spread() {
    let workspace = town();
    add(&workspace, "venues.csv", "Golf Hall,Hall,445100,521100,50,Y,");

    let one = plan(&workspace, &["--top-wards", "1", "--spread", "0", "--revisit", "6"]);
    let said = one["methods"].to_string();
    assert_eq!(one["request"]["top-wards"], 1);
    assert_eq!(one["request"]["points-share"], 0.0);
    assert!(said.contains("at least for each of the first 1 ward"), "{said}");
    assert!(said.contains("not visited for 6 months") && said.contains("outweigh 0%"), "{said}");
    // No hall says what it costs: with a budget none may be chosen unseen.
    let none = workspace.fails(&["venues", "--budget", "100"]);
    assert!(none.contains("cost not known, and there is a budget"), "{none}");
    for (arguments, words) in [
        (["--spread", "50"], "points-share: wanted 0 to 0.1"),
        (["--revisit", "0"], "revisit-months: wanted 1 to 120 months"),
        (["--k", "0"], "meetings: wanted 1 to 60 a year"),
    ] {
        let refused = workspace.fails(&[&["venues"][..], &arguments].concat());
        assert!(refused.contains(words), "{arguments:?}: {refused}");
    }
}

/// A file that the workspace names goes without saying; straight lines are had on request.
#[test]
fn walking_distances_that_the_workspace_names_are_used() {
    let workspace = town();
    workspace.ok(&["venues", "--points", "points.csv"]);
    let points = fs::read_to_string(workspace.path().join("points.csv")).unwrap();
    let mut walks = "point,venue_id,metres\n".to_owned();
    for id in points.lines().skip(1).filter_map(|line| line.split(',').next()) {
        let _ = writeln!(walks, "{id},echo-hall,10");
    }
    fs::write(workspace.path().join("walks.csv"), &walks).unwrap();
    let straight = plan(&workspace, &[]);
    add(&workspace, "wardheat.toml", "[planning]\ndistances = \"walks.csv\"\n");

    let by_file = plan(&workspace, &[]);

    assert!(by_file["methods"].to_string().contains("distances of walks.csv"));
    let again = plan(&workspace, &["--straight"]);
    assert_eq!(again["tables"], straight["tables"]);
    fs::remove_file(workspace.path().join("walks.csv")).unwrap();
    let gone = workspace.fails(&["venues"]);
    assert!(
        gone.contains("reading `distances` of [planning]") && gone.contains("walks.csv"),
        "{gone}"
    );
}

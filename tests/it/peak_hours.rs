//! `wardheat venues` where times of day are known: no meeting in a hall's peak hours.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::Workspace;
use crate::venues::{add, column, plan, town};

/// The town with a source of burglaries that have a time of day, and people by day. Near Bravo Hall
/// 40 at about six on Wednesdays and 8 at noon on Sundays; near Alpha Hall 20 at six
/// on every weekday, and 500 m north of it 25 by night.
fn timed() -> Workspace {
    let workspace = town();
    let write = |name: &str, text: &str| fs::write(workspace.path().join(name), text).unwrap();
    let mut rows = "Crime Ref,HO Class,Committed From,Easting,Northing,Ward\n".to_owned();
    let mut n = 0;
    let mut row = |day: usize, month: usize, time: &str, (x, y): (usize, usize)| {
        n += 1;
        let _ = writeln!(rows, "R{n},28,{day:02}/{month:02}/2025 {time},{x},{y},");
    };
    for i in 0..40 {
        // Wednesdays of 2025: 8 January is the first of these, 5 February the next.
        let (month, first) = [(1, 8), (2, 5), (3, 5), (4, 2)][i % 4];
        row(first + 7 * (i / 4 % 3), month, &format!("18:{:02}", 5 + i), (447_010, 519_020));
    }
    for i in 0..8 {
        row(5 + 7 * (i % 3), 1, &format!("12:{:02}", 10 + i), (447_010, 519_020));
    }
    for i in 0..100 {
        row(6 + i % 5 + 7 * (i / 5 % 3), 1, &format!("18:{:02}", 5 + i % 50), (445_010, 519_020));
    }
    for i in 0..25 {
        row(5 + 7 * (i % 3), 2, &format!("23:{:02}", 10 + i), (445_000, 519_500));
    }
    write("timed.csv", &rows);
    let mut people = "WD24CD,Population,Households,Workday population\n".to_owned();
    for i in 0..9 {
        let _ = writeln!(people, "E0500000{i},1000,400,{}", 500 + 500 * i);
    }
    write("people.csv", &people);
    let mut diary = fs::read_to_string(workspace.path().join("diary.csv")).unwrap();
    diary.push_str("Bravo Wednesdays,Residents,E05000001,Bravo Hall,2025-01-01,18:00,weekly,Y\n");
    write("diary.csv", &diary);
    let init = "init --force --areas wards.geojson --population people.csv --incidents crimes.csv \
                timed.csv --venues venues.csv --meetings diary.csv";
    workspace.ok(&init.split_whitespace().collect::<Vec<_>>());
    workspace.ok(&["import"]);
    workspace
}

/// A column of the meeting in a hall.
fn of(plan: &Value, hall: &str, name: &str) -> Value {
    let at = column(plan, "shortlist", "venue").iter().position(|venue| venue == hall);
    column(plan, "shortlist", name)[at.unwrap_or_else(|| panic!("{hall} is not in {plan}"))].clone()
}

#[test]
fn a_meeting_in_peak_hours_is_not_joined_and_one_of_its_own_is_outside_them() {
    let workspace = timed();

    let kept = plan(&workspace, &[]);

    let text = |name: &str| of(&kept, "Bravo Hall", name).as_str().unwrap_or_default().to_owned();
    assert_eq!(of(&kept, "Bravo Hall", "join"), Value::Null);
    assert_eq!(text("start"), "18:00");
    let day: jiff::civil::Date = text("day").parse().unwrap();
    assert_ne!(day.weekday(), jiff::civil::Weekday::Wednesday);
    let why = text("why_day");
    assert!(why.contains("\"Bravo Wednesdays\""), "{why}");
    assert!(why.contains("is in the peak hours of its place"), "{why}");
    assert!(why.contains("at 18:00, outside the hall's peak hours"), "{why}");
    assert!(text("peak_hours").starts_with("Wed 18:00-19:00: half of the 48"), "{kept}");
    assert!(!text("unknown").contains("peak hours"));
    // A hall without times says so, and its meeting is joined or left without an hour.
    assert!(of(&kept, "Charlie Library", "unknown").as_str().unwrap().contains("peak hours"));
    assert_eq!(of(&kept, "Charlie Library", "start"), Value::Null);
    let said = kept["notes"].to_string();
    assert!(said.contains("Peak hours near 1 of 3 chosen halls are not known"), "{said}");
    let methods = kept["methods"].to_string();
    assert!(methods.contains("no meeting is proposed in a hall's peak hours"), "{methods}");

    add(&workspace, "wardheat.toml", "[planning]\npeak-share = 0.0\n");
    let free = plan(&workspace, &[]);
    assert_eq!(of(&free, "Bravo Hall", "join"), "Bravo Wednesdays");
    assert!(free["methods"].to_string().contains("peak hours play no part"));
}

/// At nine tenths Alpha Hall's peak is six o'clock on every weekday; Aspen Hall, 290 m north,
/// has its peak by night.
#[test]
fn points_of_quiet_halls_are_set_in_the_rule_and_alternatives_say_which_are_not() {
    let workspace = timed();
    let halls = workspace.path().join("venues.csv");
    let more = fs::read_to_string(&halls).unwrap() + "Aspen Hall,Hall,445000,519290,80,Y,\n";
    fs::write(halls, more).unwrap();
    workspace.ok(&["import"]);
    let toml = workspace.path().join("wardheat.toml");
    let before = fs::read_to_string(&toml).unwrap();
    let planned = |points: &str| {
        let rule = "\n[planning]\npeak-share = 0.9\npoints-share = 0.1\n";
        fs::write(&toml, format!("{before}{rule}points-quiet = {points}\n")).unwrap();
        plan(&workspace, &[])
    };

    let (with, without) = (planned("50.0"), planned("0.0"));

    let others = of(&with, "Aspen Hall", "alternatives");
    let said = "Alpha Hall (reaches";
    assert!(others.as_str().unwrap().contains(said), "{others}");
    assert!(
        others.to_string().contains("18:00 is among its peak hours on every weekday"),
        "{others}"
    );
    assert!(with["methods"].to_string().contains("leave 18:00 free on a weekday 50"), "{with}");
    assert!(!of(&without, "Alpha Hall", "alternatives").to_string().contains("Alpha Hall"));
}

#[test]
fn rates_by_who_is_there_on_a_working_day_stand_beside_those_by_residents() {
    let plan = plan(&timed(), &[]);

    let (codes, crimes) = (column(&plan, "need", "code"), column(&plan, "need", "crime"));
    let rates = ["crime_rate", "crime_rate_day"].map(|name| column(&plan, "need", name));
    let workday = column(&plan, "need", "workday");
    for (i, code) in codes.iter().enumerate() {
        let count = crimes[i].as_f64().unwrap();
        let number: f64 = code.as_str().unwrap()[8..].parse().unwrap();
        let there = 500.0 + 500.0 * number;
        assert_eq!(workday[i].as_f64(), Some(there));
        assert!((rates[0][i].as_f64().unwrap() - count).abs() < 1e-9, "of a thousand residents");
        assert!((rates[1][i].as_f64().unwrap() - count * 1_000.0 / there).abs() < 1e-9);
    }
}

//! On which days `wardheat venues` has people meet, and what it says of days where it knows little.

use std::fs;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

use crate::support::Workspace;
use crate::venues::{column, plan, town};

/// The town without a diary, with a list of halls that says when they are open.
fn without_diary(hours: &str) -> Workspace {
    let workspace = town();
    let path = workspace.path().join("venues.csv");
    let list = fs::read_to_string(&path).unwrap();
    let mut lines = list.lines();
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    let days = days.map(|day| format!("{day} opening times")).join(",");
    let head = format!("{},{days}", lines.next().unwrap());
    let halls = lines.map(|line| format!("{line},{hours}"));
    let text: Vec<String> = std::iter::once(head).chain(halls).collect();
    fs::write(path, text.join("\n")).unwrap();
    workspace.ok(&[
        "init",
        "--force",
        "--areas",
        "wards.geojson",
        "--population",
        "people.csv",
        "--incidents",
        "crimes.csv",
        "--venues",
        "venues.csv",
    ]);
    workspace.ok(&["import"]);
    workspace
}

/// Three meetings in the year from each of these days on; the middle of the first third of the year
/// is a bank holiday of a Monday.
#[test]
fn halls_that_open_on_one_day_of_the_week_are_used_on_no_other_and_on_no_holiday() {
    let workspace = without_diary("AM & PM,Closed,Closed,Closed,Closed");
    for holiday in [date(2026, 4, 6), date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 28)] {
        let from = holiday.saturating_sub(60.days()).to_string();

        let plan = plan(&workspace, &["--from", &from]);

        let days = column(&plan, "shortlist", "day");
        let days: Vec<Date> =
            days.iter().map(|day| day.as_str().unwrap().parse().unwrap()).collect();
        assert_eq!(days.len(), 3);
        assert!(days.iter().all(|day| day.weekday() == Weekday::Monday), "{from}: {days:?}");
        assert!((days[0] - holiday).get_days().abs() == 7, "{from}: {days:?}");
        let holidays = [
            (2026, 4, 6),
            (2026, 5, 4),
            (2026, 5, 25),
            (2026, 8, 31),
            (2027, 3, 29),
            (2027, 5, 3),
            (2027, 5, 31),
            (2027, 8, 30),
        ];
        let is_holiday = |day: &Date| {
            holidays.iter().any(|(year, month, of)| *day == date(*year, *month, *of))
                || matches!((day.month(), day.day()), (12, 23..) | (1, 1 | 2))
        };
        assert!(!days.iter().any(is_holiday), "{from}: {days:?}");
    }
}

#[test]
fn without_a_diary_no_reason_speaks_of_earlier_meetings() {
    let workspace = without_diary("AM & PM,AM & PM,AM & PM,AM & PM,AM & PM");

    let said = workspace.ok(&["venues", "--k", "2"]);
    workspace.ok(&["venues", "--k", "2", "-o", "chair.html"]);

    assert!(
        said.contains("No diary of meetings is held, so it would be a meeting of its own"),
        "{said}"
    );
    let sheet = fs::read_to_string(workspace.path().join("chair.html")).unwrap();
    for untrue in
        ["diary has no earlier", "open meeting of the diary", "none in the diary", "to join near"]
    {
        assert!(
            !said.contains(untrue) && !sheet.contains(untrue),
            "`{untrue}` in {said} or {sheet}"
        );
    }
    assert!(sheet.contains("A meeting of its own: no diary is held."), "{sheet}");
    assert!(sheet.contains("data-th=\"Last meeting\">not known</td>"), "{sheet}");
}

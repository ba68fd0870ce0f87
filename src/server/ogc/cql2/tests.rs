use super::*;

const COLUMNS: &[Column] = &[
    Column::new("name", "Name", "", 0),
    Column::new("count", "Count", "", 0),
    Column::new("rate", "Rate", "", 1),
];
const KINDS: &[Kind] = &[Kind::Text, Kind::Whole, Kind::Number];

fn fits(filter: &str, row: &[Value]) -> Option<bool> {
    Filter::parse(filter, COLUMNS, KINDS, &Frame::world()).unwrap().fits(row, &|_| true)
}

fn refused(filter: &str) -> String {
    Filter::parse(filter, COLUMNS, KINDS, &Frame::world()).unwrap_err()
}

#[test]
fn comparisons_and_connectives_are_read() {
    let row = [Value::from("Old Town's End"), Value::Count(12), Value::Number(3.5)];
    for (filter, wanted) in [
        ("count = 12", true),
        ("count <> 12", false),
        ("count >= 12 AND rate < 3.6", true),
        ("count < 12 OR rate > 3", true),
        ("NOT (count = 12)", false),
        ("name = 'Old Town''s End'", true),
        ("name LIKE 'Old%'", true),
        ("name LIKE '%end'", false),
        ("name LIKE '_ld%E_d'", true),
        ("name NOT LIKE 'New%'", true),
        ("count IN (1, 12)", true),
        ("count NOT IN (1, 12)", false),
        ("rate BETWEEN 3 AND 4", true),
        ("count IS NOT NULL", true),
        ("\"count\" = +12", true),
        ("count = 1 OR count = 12 AND rate = 3.5", true),
    ] {
        assert_eq!(fits(filter, &row), Some(wanted), "{filter}");
    }
}

#[test]
fn a_missing_value_fits_nothing_but_is_null() {
    let row = [Value::None, Value::Count(1), Value::None];

    assert_eq!(fits("rate > 1", &row), None);
    assert_eq!(fits("NOT rate > 1", &row), None);
    assert_eq!(fits("rate > 1 OR count = 1", &row), Some(true));
    assert_eq!(fits("rate IS NULL", &row), Some(true));
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    assert!(refused("cuont = 1").contains("no property `cuont` (there are: name, count, rate)"));
    assert!(refused("count = 'x'").contains("number cannot be compared with text"));
    assert!(refused("count = 1 count").contains("one word too many"));
    assert!(refused("name = 'x").contains("not closed"));
    assert!(refused("count ; 1").contains("`;` has no meaning"));
    assert!(refused("(count = 1").contains("`)` wanted"));
    assert!(refused("S_INTERSECTS(geometry, LINESTRING(0 0, 1 1))").contains("LINESTRING"));
    assert!(refused(&"(".repeat(20)).contains("nested deeper"));
    assert!(refused(&vec!["count=1"; 40].join(" OR ")).contains("more than 32"));
    assert!(refused(&"x".repeat(3000)).contains("longer than"));
}

#[test]
fn a_pattern_of_many_wildcards_ends() {
    let text = "a".repeat(2000);

    assert!(!like(&text, &("%a".repeat(900) + "b")));
}

use serde_json::json;

use super::{MEAN_CLASSES, MeanClass, mean_classes};
use crate::quantity::Population;
use crate::stats::testing::{Case, case};
use crate::stats::{Outcome, ScoreValues, Scores, StatError, StatInput, statistic};
use crate::table::Value;

fn run(input: &StatInput<'_>, id: &str, options: serde_json::Value) -> Result<Outcome, StatError> {
    statistic(id).unwrap().score_json(input, options)
}

fn numbers(outcome: &Outcome, id: &str) -> Vec<Option<f64>> {
    let Scores::PerUnit(columns) = &outcome.scores[0] else { panic!("a row per unit") };
    let column = columns.iter().find(|column| column.id == id).unwrap_or_else(|| panic!("{id}"));
    let ScoreValues::Numbers(numbers) = &column.values else { panic!("{id} has numbers") };
    numbers.clone()
}

fn labels(outcome: &Outcome, id: &str) -> Vec<Option<&'static str>> {
    let Scores::PerUnit(columns) = &outcome.scores[0] else { panic!("a row per unit") };
    let column = columns.iter().find(|column| column.id == id).unwrap_or_else(|| panic!("{id}"));
    let ScoreValues::Labels(labels) = &column.values else { panic!("{id} has labels") };
    labels.clone()
}

/// Four cells in a row: 40, 10, 10, 20 incidents; the first two have 100 people each, the third 200.
fn four() -> Case {
    let mut case = case(4, 1, |i| [40, 10, 10, 20][i]);
    case.bases = [100.0, 100.0, 200.0, 0.0].map(Population::new).to_vec();
    case
}

#[test]
fn more_than_its_people_lead_to_expect_is_higher() {
    let case = four();

    let outcome = run(&case.input(), "standardised-ratio", json!({})).unwrap();

    assert_eq!(numbers(&outcome, "expected"), [Some(15.0), Some(15.0), Some(30.0), None]);
    assert_eq!(numbers(&outcome, "ratio")[0], Some(40.0 / 15.0));
    assert_eq!(
        labels(&outcome, "class"),
        [Some("higher"), Some("as expected"), Some("lower"), Some("not tested")]
    );
    assert!(outcome.notes.iter().any(|note| note.starts_with("1 of 4 units have no population")));
}

#[test]
fn both_intervals_hold_the_ratio() {
    let case = four();
    for interval in ["exact", "byar"] {
        let options = json!({ "interval": interval });
        let outcome = run(&case.input(), "standardised-ratio", options).unwrap();
        let (low, high) = (numbers(&outcome, "ratio_low"), numbers(&outcome, "ratio_high"));
        for (i, ratio) in numbers(&outcome, "ratio").into_iter().enumerate() {
            let Some(ratio) = ratio else { continue };
            assert!(low[i].unwrap() < ratio && ratio < high[i].unwrap(), "{interval}");
        }
    }
}

#[test]
fn smoothed_rates_lie_between_their_own_and_the_mean() {
    let case = four();

    let outcome = run(&case.input(), "smoothed-rate", json!({})).unwrap();

    let (own, global) = (numbers(&outcome, "rate"), numbers(&outcome, "rate_global"));
    assert_eq!(own[0], Some(400.0));
    // The rate of all: 60 incidents of 400 people.
    assert!(global[0].unwrap() < 400.0 && global[0].unwrap() > 150.0);
    assert!(global[1].unwrap() > 100.0 && global[1].unwrap() < 150.0);
    assert_eq!((own[3], global[3], numbers(&outcome, "rate_local")[3]), (None, None, None));
}

#[test]
fn quotients_compare_with_all_incidents_of_the_unit() {
    let case = four();
    let totals = [100, 100, 10, 0];
    let mut input = case.input();
    input.totals = Some(&totals);

    let outcome = run(&input, "location-quotient", json!({})).unwrap();

    let quotient = numbers(&outcome, "quotient");
    let all = 80.0 / 210.0;
    assert!((quotient[0].unwrap() - 0.4 / all).abs() < 1e-12);
    assert_eq!(quotient[3], None);
    assert!(outcome.notes[0].starts_with("2 of 4 units have fewer than 20"), "{:?}", outcome.notes);
}

#[test]
fn figures_that_are_no_counts_are_refused_with_the_unit() {
    let case = four();
    let measured = [1.0, 2.5, 3.0, 4.0];
    let mut input = case.input();
    input.measured = Some(&measured);
    for id in ["standardised-ratio", "smoothed-rate", "location-quotient", "concentration"] {
        let refused = run(&input, id, json!({})).unwrap_err().to_string();
        assert!(refused.contains("has 2.5") && refused.contains("whole numbers"), "{refused}");
    }
}

#[test]
fn without_a_population_there_is_no_rate() {
    let case = four();
    let mut input = case.input();
    input.bases = None;
    for id in ["standardised-ratio", "smoothed-rate"] {
        let refused = run(&input, id, json!({})).unwrap_err().to_string();
        assert!(refused.contains("--population"), "{refused}");
    }
    assert!(run(&input, "location-quotient", json!({})).is_err());
}

/// Mean of those above zero: (2 + 4 + 12) / 3 = 6.
#[test]
fn classes_are_multiples_of_the_mean_of_what_is_above_zero() {
    let found = mean_classes(&[0.0, 2.0, 4.0, 12.0, 50.0], &[true, true, true, true, false]);

    assert_eq!(found.mean, Some(6.0));
    assert_eq!(
        found.classes,
        [
            Some(MeanClass::Zero),
            Some(MeanClass::ToOne),
            Some(MeanClass::ToOne),
            Some(MeanClass::ToTwo),
            None
        ]
    );
}

#[test]
fn edges_of_classes_belong_to_the_lower() {
    let classes =
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.001].map(|means| MeanClass::of(means * 7.0, 7.0));

    assert_eq!(classes, MEAN_CLASSES);
    assert_eq!(MEAN_CLASSES.iter().filter(|class| class.is_hotspot()).count(), 3);
}

#[test]
fn nothing_has_no_mean_and_no_class() {
    let found = mean_classes(&[0.0, 0.0], &[true, true]);
    assert_eq!((found.mean, found.classes), (None, vec![None, None]));
    assert_eq!(mean_classes(&[], &[]).mean, None);
}

#[test]
fn the_table_of_classes_holds_every_unit_once() {
    let case = case(10, 10, |i| if i == 44 { 60 } else { i % 3 });
    let mut input = case.input();
    input.family = None;

    let outcome = run(&input, "mean-classes", json!({})).unwrap();

    let Scores::Table(table) = &outcome.scores[1] else { panic!("a table") };
    let units: i64 = table
        .rows
        .iter()
        .map(|row| if let Value::Count(n) = row[1] { n } else { panic!("{row:?}") })
        .sum();
    assert_eq!(units, 100);
    assert_eq!(labels(&outcome, "class")[44], Some("over 5 means"));
}

#[test]
fn concentration_is_set_against_chance() {
    let mut case = case(10, 10, |i| if i % 10 == 0 { 12 } else { 1 });
    case.family = vec![true; 100];

    let outcome = run(&case.input(), "concentration", json!({})).unwrap();

    let Scores::Table(table) = &outcome.scores[0] else { panic!("a table") };
    let number = |row: usize, column: usize| match table.rows[row][column] {
        Value::Number(x) => x,
        ref other => panic!("{other:?}"),
    };
    // 120 of 210 incidents on ten units; nine of them hold half.
    assert!((number(3, 1) - 0.09).abs() < 1e-12, "{:?}", table.rows[3]);
    assert_eq!(table.rows[3][2], Value::Count(9));
    assert!(number(0, 1) > number(0, 5), "beyond the interval of chance");
    let Scores::Table(curve) = &outcome.scores[1] else { panic!("a curve") };
    assert_eq!(curve.rows.len(), 21);
    assert_eq!(curve.rows[20], [Value::Number(1.0), Value::Number(1.0)]);
    let refused = run(&case.input(), "concentration", json!({ "simulations": 10_000 }));
    assert!(refused.unwrap_err().to_string().contains("simulations"));
}

use std::fmt::Write as _;

use serde_json::json;

use crate::stats::testing::{Case, case};
use crate::stats::{Outcome, ScoreValues, Scores, StatError, Watch, statistic};
use crate::weights::{WeightsFile, WeightsFormat};

const BY_UNIT: [&str; 3] = ["gi-star", "local-moran", "local-geary"];

/// A block of high counts in a corner of quiet cells.
fn hot_corner() -> Case {
    case(12, 10, |i| {
        let (column, row) = (i % 12, i / 12);
        if column < 4 && row < 4 { 30 + i % 3 } else { 1 + i * 7919 % 4 }
    })
}

fn run(case: &Case, id: &str, options: serde_json::Value) -> Result<Outcome, StatError> {
    let mut input = case.input();
    input.family = None;
    statistic(id).unwrap().score_json(&input, options)
}

fn column<'a>(outcome: &'a Outcome, id: &str) -> &'a ScoreValues {
    let Scores::PerUnit(columns) = &outcome.scores[0] else { panic!("a row per unit") };
    &columns.iter().find(|column| column.id == id).unwrap_or_else(|| panic!("{id}")).values
}

fn numbers(outcome: &Outcome, id: &str) -> Vec<Option<f64>> {
    let ScoreValues::Numbers(numbers) = column(outcome, id) else { panic!("{id} has numbers") };
    numbers.clone()
}

fn labels(outcome: &Outcome, id: &str) -> Vec<Option<&'static str>> {
    let ScoreValues::Labels(labels) = column(outcome, id) else { panic!("{id} has labels") };
    labels.clone()
}

#[test]
fn each_finds_the_planted_corner() {
    let case = hot_corner();
    for (id, called) in
        [("gi-star", "hotspot"), ("local-moran", "high-high"), ("local-geary", "high-high")]
    {
        for permutations in [0, 99_999] {
            if id == "local-geary" && permutations == 0 {
                continue;
            }
            let options = json!({ "permutations": permutations });
            let classes = labels(&run(&case, id, options).unwrap(), "class");
            assert_eq!(classes[0], Some(called), "{id}, {permutations} permutations");
            assert_eq!(classes[119], Some("not significant"), "{id}");
        }
    }
}

#[test]
fn gi_and_gi_star_have_the_same_pseudo_p_values_and_other_scores() {
    let case = hot_corner();
    let with = |star| run(&case, "gi-star", json!({ "star": star, "permutations": 199 })).unwrap();

    let (star, plain) = (with(true), with(false));

    assert_eq!(numbers(&star, "p"), numbers(&plain, "p"));
    assert_ne!(numbers(&star, "z"), numbers(&plain, "z"));
}

#[test]
fn one_sided_p_values_point_the_way_of_the_score() {
    let case = hot_corner();
    for id in BY_UNIT {
        for permutations in [0, 999] {
            let p = |alternative: &str| {
                let options = json!({ "alternative": alternative, "permutations": permutations });
                numbers(&run(&case, id, options).unwrap(), "p")
            };
            let z = numbers(&run(&case, id, json!({})).unwrap(), "z");
            let (greater, less) = (p("greater"), p("less"));
            for ((z, greater), less) in z.iter().zip(greater).zip(less) {
                let (Some(z), Some(greater), Some(less)) = (z, greater, less) else { continue };
                if z.abs() > 1.0 {
                    assert_eq!(*z > 0.0, greater < less, "{id} {permutations}: {z}");
                }
            }
        }
    }
}

#[test]
fn adjustments_are_ordered_by_how_much_they_ask() {
    let case = hot_corner();
    let found = |adjustment: &str| {
        let outcome = run(&case, "gi-star", json!({ "adjustment": adjustment })).unwrap();
        numbers(&outcome, "q").iter().flatten().filter(|q| **q <= 0.05).count()
    };

    let counts = ["none", "benjamini-hochberg", "by", "bonferroni"].map(found);

    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert!(counts[0] > counts[3], "{counts:?}");
}

#[test]
fn too_few_permutations_for_so_many_tests_are_said() {
    let case = hot_corner();
    for id in BY_UNIT {
        let few = run(&case, id, json!({ "permutations": 99 })).unwrap();
        let notes = few.notes.join(" ");
        assert!(notes.contains("No pseudo p-value can be below"), "{id}: {notes}");
        assert!(notes.contains("4799 permutations could show it"), "{id}: {notes}");
    }
}

#[test]
fn what_is_near_and_who_is_alone_is_said() {
    let case = hot_corner();
    let outcome = run(&case, "gi-star", json!({ "weights": "band:50" })).unwrap();
    let notes = outcome.notes.join(" ");

    assert!(notes.contains("Weights `band:50`: 120 units"), "{notes}");
    assert!(notes.contains("120 have none (islands)"), "{notes}");
    assert!(numbers(&outcome, "z").iter().all(Option::is_some));
    let moran = run(&case, "local-moran", json!({ "weights": "band:50" })).unwrap();
    assert!(labels(&moran, "class").iter().all(|class| *class == Some("not tested")));
}

#[test]
fn units_outside_the_family_are_not_tested() {
    let case = hot_corner();
    for id in BY_UNIT {
        let outcome = statistic(id).unwrap().score_json(&case.input(), json!({})).unwrap();
        let classes = labels(&outcome, "class");
        for (i, class) in classes.iter().enumerate() {
            assert_eq!(*class == Some("not tested"), i % 5 == 4, "{id}: {i}");
        }
        assert!(outcome.notes.iter().any(|note| note.contains("96 of 120 units")), "{id}");
    }
}

#[test]
fn weights_of_a_file_are_used_once_they_are_read() {
    let case = hot_corner();
    let options = json!({ "weights": "links.gwt" });
    let mut text = "0 120 cells id\n".to_owned();
    for (a, b) in [(0, 1), (1, 0), (5, 70)] {
        writeln!(text, "{} {} 0.5", case.units.ids[a], case.units.ids[b]).unwrap();
    }
    let file = WeightsFile::parse("links.gwt", WeightsFormat::Gwt, &text).unwrap();
    let mut input = case.input();
    input.family = None;
    let gi = statistic("gi-star").unwrap();

    let unread = gi.score_json(&input, options.clone()).unwrap_err().to_string();
    input.weights_file = Some(&file);
    let outcome = gi.score_json(&input, options).unwrap();

    assert!(unread.contains("links.gwt has not been read"), "{unread}");
    assert!(outcome.notes[0].contains("117 have none"), "{:?}", outcome.notes);
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let case = hot_corner();
    for (options, said) in [
        (json!({ "permutations": 1_000_000 }), "permutations"),
        (json!({ "alpha": 0 }), "alpha"),
        (json!({ "weights": "bishop" }), "bishop"),
        (json!({ "alternative": "sideways" }), "sideways"),
        (json!({ "adjustment": "holm-ish" }), "holm-ish"),
    ] {
        for id in BY_UNIT {
            let refused = run(&case, id, options.clone()).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }
}

#[test]
fn a_cancelled_run_is_told_apart_from_a_refusal() {
    let case = hot_corner();
    let watch = Watch::default();
    watch.cancel();
    let mut input = case.input();
    input.watch = Some(&watch);
    for id in ["local-moran", "local-geary", "global-association"] {
        let stopped = statistic(id).unwrap().score_json(&input, json!({}));
        assert!(matches!(stopped, Err(StatError::Cancelled(_))), "{id}: {stopped:?}");
    }
}

#[test]
fn the_whole_map_is_a_table_of_three_statistics() {
    let case = hot_corner();

    let outcome = run(&case, "global-association", json!({})).unwrap();

    let Scores::Table(table) = &outcome.scores[0] else { panic!("a table") };
    let names: Vec<String> = table.rows.iter().map(|row| format!("{:?}", row[0])).collect();
    assert!(
        names[0].contains("Moran") && names[1].contains("Geary") && names[2].contains("General")
    );
    for row in &table.rows {
        let crate::table::Value::Number(z) = row[4] else { panic!("a score: {row:?}") };
        assert!(z > 5.0, "{row:?}");
    }
    let mut input = case.input();
    let below: Vec<f64> = (0..120).map(|i| f64::from(i) - 60.0).collect();
    input.measured = Some(&below);
    let outcome = statistic("global-association").unwrap().score_json(&input, json!({})).unwrap();
    let Scores::Table(table) = &outcome.scores[0] else { panic!("a table") };
    assert_eq!(table.rows.len(), 2);
    assert!(outcome.notes.iter().any(|note| note.contains("No general G")));
}

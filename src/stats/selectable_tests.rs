use serde_json::json;

use super::super::density::Kde;
use super::super::testing::case;
use super::super::{KdeOptions, STATISTICS, ScoreValues, SurfaceScores};
use super::*;

fn whole(columns: &[ScoreColumn], n_rows: usize) -> bool {
    columns.iter().all(|column| {
        column.len() == n_rows
            && match &column.values {
                ScoreValues::Numbers(x) => x.iter().flatten().all(|x| x.is_finite()),
                ScoreValues::Labels(_) | ScoreValues::Texts(_) => true,
            }
    })
}

fn all_finite(scores: &Scores, n_units: usize, n_points: usize) -> bool {
    match scores {
        Scores::PerUnit(columns) => whole(columns, n_units),
        Scores::PerPoint(columns) => whole(columns, n_points),
        Scores::Surface(SurfaceScores { surface, .. }) => {
            surface.values.len() == surface.n_columns * surface.n_rows
                && surface.values.iter().all(|x| x.is_finite())
        }
        Scores::Places(found) => whole(&found.columns, found.places.len()),
        Scores::Table(table) => table.rows.iter().all(|row| row.len() == table.columns.len()),
    }
}

#[test]
fn every_statistic_answers_or_refuses_awkward_data() {
    let cases = [
        case(0, 0, |_| 0),
        case(1, 1, |_| 3),
        case(1, 1, |_| 0),
        case(6, 5, |_| 2),
        case(6, 5, |_| 0),
        case(6, 5, |i| if i == 7 { 40 } else { i % 3 }),
    ];
    for case in &cases {
        for statistic in STATISTICS {
            let outcome = statistic.score_json(&case.input(), statistic.default_options());
            for scores in outcome.map_or_else(|_| Vec::new(), |outcome| outcome.scores) {
                assert!(
                    all_finite(&scores, case.units.len(), case.points.len()),
                    "{}: {scores:?}",
                    statistic.id()
                );
            }
        }
    }
}

#[test]
fn every_statistic_is_the_same_at_any_number_of_threads() {
    let case = case(20, 15, |i| i * 7919 % 11);
    for statistic in STATISTICS {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            // A refusal, of a statistic that needs dates say, is the same too.
            format!("{:?}", pool.install(|| statistic.score_json(&case.input(), json!({}))))
        };
        assert_eq!(with(1), with(8), "{}", statistic.id());
    }
}

#[test]
fn a_misspelt_option_is_refused_by_name() {
    let case = case(2, 2, |i| i);
    for statistic in STATISTICS {
        let refused = statistic.score_json(&case.input(), json!({ "bandwith": 300 })).unwrap_err();
        assert!(refused.to_string().contains("bandwith"), "{refused}");
    }
}

#[test]
fn an_option_out_of_range_is_refused_by_name() {
    let case = case(3, 3, |i| i);
    for (id, options, said) in [
        ("gi-star", json!({ "alpha": 1.5 }), "alpha"),
        ("rate", json!({ "confidence": 0 }), "confidence"),
        ("kde", json!({ "bandwidth": 10 }), "bandwidth"),
        ("concentration", json!({ "shares": [2] }), "shares"),
    ] {
        let statistic = super::super::statistic(id).unwrap();
        let refused = statistic.score_json(&case.input(), options).unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
}

#[test]
fn names_are_unique() {
    let mut ids: Vec<_> = STATISTICS.iter().map(|s| s.id()).collect();
    ids.sort_unstable();
    ids.dedup();

    assert_eq!(ids.len(), STATISTICS.len());
    assert!(super::super::statistic("no such").is_none());
}

#[test]
fn the_surface_holds_every_incident() {
    let case = case(8, 8, |i| usize::from(i % 9 == 0));

    let outcome = Kde.score(&case.input(), &KdeOptions::default()).unwrap();
    let [Scores::Surface(SurfaceScores { surface, .. })] = outcome.scores.as_slice() else {
        panic!("kde gives a surface")
    };

    let per_cell_and_year = surface.cell.get().powi(2) / 1e6;
    let held: f64 = surface.values.iter().sum::<f64>() * per_cell_and_year;
    assert!((held - case.points.len() as f64).abs() < 0.01, "{held}");
}

#[test]
fn rates_are_none_where_nobody_lives() {
    let case = case(4, 1, |i| i + 1);

    let outcome = Rate.score(&case.input(), &RateOptions::default()).unwrap();
    let [Scores::PerUnit(columns)] = outcome.scores.as_slice() else {
        panic!("rate gives a row per unit")
    };

    let column = |id: &str| &columns.iter().find(|column| column.id == id).unwrap().values;
    let ScoreValues::Numbers(rates) = column("rate") else { panic!("numbers") };
    assert_eq!(rates[0], None);
    assert_eq!(rates[1], Some(200.0));
    let few = ScoreValues::Labels(vec![Some("too few to say"); 4]);
    assert_eq!(*column("change_class"), few);
}

use geo::{MultiPolygon, Rect, coord};
use serde_json::json;

use super::super::density::Kde;
use super::super::{KdeOptions, STATISTICS, ScoreValues, SurfaceScores};
use super::*;
use crate::aggregate::{Counts, count_by_unit};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::{Metres, Population};
use crate::time::Window;
use crate::units::{UnitIdx, UnitSource, Units, unit_kind};

struct Case {
    units: Units,
    counts: Counts,
    earlier: Counts,
    points: Vec<Bng>,
    study_area: Shape,
    bases: Vec<Option<Population>>,
    family: Vec<bool>,
}

/// Cells of 100 m, and how many incidents each has, at its centre.
fn case(n_columns: usize, n_rows: usize, count: impl Fn(usize) -> usize) -> Case {
    let (east, north) = (n_columns as f64 * 100.0, n_rows as f64 * 100.0);
    let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: east, y: north });
    let polygons = if n_columns * n_rows == 0 { vec![] } else { vec![rect.to_polygon()] };
    let study_area = Shape::new(MultiPolygon::new(polygons));
    let source = UnitSource { layers: &[], study_area: &study_area, cell_size: Metres::new(100.0) };
    let units = unit_kind("square").unwrap().build(&source).unwrap();
    let n = units.len();
    let grid = units.locator.grid().unwrap();
    let of: Vec<UnitIdx> =
        (0..n).flat_map(|i| std::iter::repeat_n(UnitIdx::new(i), count(i))).collect();
    let points = of.iter().map(|&unit| grid.centre(unit)).collect();
    let located: Vec<_> = of.iter().copied().map(Some).collect();
    let counts = count_by_unit(&located, &vec![0; of.len()], n, 12).unwrap();
    let earlier = Counts::new(n, 12);
    let bases = (0..n).map(|i| Population::new((i % 4) as f64 * 10.0)).collect();
    let family = (0..n).map(|i| i % 5 != 4).collect();
    Case { units, counts, earlier, points, study_area, bases, family }
}

impl Case {
    fn input(&self) -> StatInput<'_> {
        let window: Window = "2025-01..2025-12".parse().unwrap();
        let mut input =
            StatInput::new(&self.units, &self.counts, window, &self.points, &self.study_area);
        input.earlier = Some(&self.earlier);
        input.bases = Some(&self.bases);
        input.family = Some(&self.family);
        input
    }
}

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

//! `wardheat backtest` and `wardheat evaluate`, on a small town.

use wardheat::incident::{CrimeTypeIdx, CrimeTypes, Flags, Incident, Place};
use wardheat::pipeline::{
    BacktestRequest, ControlChoice, EvaluateRequest, TreatedChoice, backtest, evaluate,
};
use wardheat::quantity::Metres;
use wardheat::stats::Watch;
use wardheat::store::Dataset;
use wardheat::table::{Table, Value};
use wardheat::time::Window;

use crate::town;

fn asb() -> CrimeTypes {
    CrimeTypes::One(CrimeTypeIdx::from_id("anti-social-behaviour").unwrap())
}

fn request() -> BacktestRequest {
    BacktestRequest { types: vec![asb()], history: vec![3, 6], ..BacktestRequest::default() }
}

fn column(table: &Table, id: &str) -> Vec<Value> {
    let place = table.columns.iter().position(|column| column.id == id).unwrap();
    table.rows.iter().map(|row| row[place].clone()).collect()
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(x) => *x,
        Value::Count(n) => *n as f64,
        other => panic!("{other:?} is no number"),
    }
}

/// The town again, with nothing but ASB that comes back to the same snap points month after month.
fn steady() -> Dataset {
    let mut data = town::dataset();
    let mut again = wardheat::incident::Incidents::default();
    for i in 0..data.incidents.len() {
        again.push(&data.incidents.get(i));
    }
    let hot = town_point(&data, 900.0, 3_600.0);
    for month in 0..24 {
        for _ in 0..6 {
            again.push(&Incident {
                reference: None,
                source: "police".into(),
                crime_type: CrimeTypeIdx::from_id("anti-social-behaviour").unwrap(),
                month: "2024-01".parse::<wardheat::time::Month>().unwrap().plus(month),
                from: None,
                to: None,
                place: Place::Point { position: hot, precision: Metres::new(1.0) },
                ward: Some("E05000106".into()),
                lsoa: None,
                street: None,
                flags: Flags::default(),
            });
        }
    }
    data.incidents = again;
    data
}

fn town_point(data: &Dataset, east: f64, north: f64) -> wardheat::crs::Bng {
    let at = wardheat::crs::Bng::new(town::CORNER.0 + east, town::CORNER.1 + north);
    *data.snap_points.iter().min_by(|a, b| a.distance(at).total_cmp(&b.distance(at))).unwrap()
}

#[test]
fn every_method_is_judged_on_later_months_and_the_best_comes_first() {
    let found = backtest(&request(), &steady(), &Watch::default()).unwrap();

    // Two histories of counts, four densities, Gi* and hotspots.
    assert_eq!(found.results.rows.len(), 2 * 7);
    let rates: Vec<f64> = column(&found.results, "hit_rate_2").iter().map(number).collect();
    assert!(rates.windows(2).all(|pair| pair[0] >= pair[1]), "{rates:?}");
    assert!(rates[0] > 0.2, "two hot places are there to be found: {rates:?}");
    for pei in column(&found.results, "pei") {
        assert!((0.0..=1.0 + 1e-9).contains(&number(&pei)), "{pei:?}");
    }
    assert!(number(&column(&found.results, "behind")[0]).abs() < 1e-12);
    assert_eq!(found.best.rows.len(), 1);
    let persistence = number(&column(&found.stability, "persistence")[0]);
    assert!((0.0..=1.0).contains(&persistence));
}

#[test]
fn what_comes_after_the_cut_changes_no_map() {
    let data = steady();
    let early = BacktestRequest {
        window: "2024-01..2024-12".parse().unwrap(),
        ahead: 6,
        cuts: 1,
        ..request()
    };
    let mut later = town::dataset();
    later.incidents = wardheat::incident::Incidents::default();
    for i in 0..data.incidents.len() {
        if data.incidents.month(i) <= "2024-12".parse().unwrap() {
            later.incidents.push(&data.incidents.get(i));
        }
    }

    let (with, without) = (
        backtest(&early, &data, &Watch::default()).unwrap(),
        backtest(&early, &later, &Watch::default()).unwrap(),
    );

    // The cells at risk are those with snap points: the same in both.
    assert_eq!(with.results, without.results);
}

#[test]
fn a_back_test_is_the_same_at_any_number_of_threads() {
    let data = steady();
    let at = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        format!("{:?}", pool.install(|| backtest(&request(), &data, &Watch::default()).unwrap()))
    };

    assert!(at(1) == at(8), "a back-test depends on threads");
}

#[test]
fn too_short_a_record_is_refused_with_what_would_do() {
    let wanted = BacktestRequest { history: vec![60], ..request() };

    let refused =
        format!("{:#}", backtest(&wanted, &town::dataset(), &Watch::default()).unwrap_err());

    assert!(refused.contains("60 whole months"), "{refused}");
    let none = BacktestRequest { rank_at: 0.03, ..request() };
    assert!(backtest(&none, &town::dataset(), &Watch::default()).is_err());
}

fn evaluation(after: &str) -> EvaluateRequest {
    EvaluateRequest {
        types: CrimeTypes::All,
        source: None,
        treated: TreatedChoice::Wards(vec!["E05000106".into()]),
        after: after.parse::<Window>().unwrap(),
        before: None,
        buffer: Metres::new(300.0),
        control: ControlChoice::Auto,
        cost: Some(50_000.0),
        confidence: 0.9,
    }
}

/// The town with little left in one ward from 2025-07 on, and a far ward of about its level that went
/// on as before.
fn emptied() -> Dataset {
    let mut data = steady();
    let mut kept = wardheat::incident::Incidents::default();
    for i in 0..data.incidents.len() {
        let late = data.incidents.month(i) >= "2025-07".parse().unwrap();
        let treated = data.incidents.ward(i) == Some("E05000106");
        if !(late && treated && i % 4 != 0) {
            kept.push(&data.incidents.get(i));
        }
    }
    let far = town_point(&data, 3_600.0, 900.0);
    let of_ward =
        (0..data.incidents.len()).find(|&i| data.incidents.position(i).is_some()).unwrap();
    for month in (0..240).map(|n| n / 10) {
        let mut incident = data.incidents.get(of_ward);
        incident.month = "2024-01".parse::<wardheat::time::Month>().unwrap().plus(month);
        incident.place = Place::Point { position: far, precision: Metres::new(1.0) };
        incident.ward = Some("E05000102".into());
        kept.push(&incident);
    }
    data.incidents = kept;
    data
}

#[test]
fn a_ward_that_emptied_shows_as_incidents_saved_with_a_cost_each() {
    let request = EvaluateRequest {
        control: ControlChoice::Wards(vec!["E05000102".into()]),
        ..evaluation("2025-07..2025-12")
    };
    let found = evaluate(&request, &emptied()).unwrap();

    let value = column(&found.measures, "value");
    assert!(number(&value[0]) < -20.0, "{:?}", found.measures);
    let high = column(&found.measures, "high");
    assert!(number(&high[0]) < 0.0, "{:?}", found.measures);
    assert!(found.words[0].contains("more than chance explains"), "{:?}", found.words);
    assert_eq!(found.request.before, Some("2024-07..2024-12".parse().unwrap()));
    assert!(!found.candidates.rows.is_empty());
}

#[test]
fn a_ward_that_went_on_as_before_has_no_cost_per_crime() {
    let found = evaluate(&evaluation("2025-07..2025-12"), &steady()).unwrap();

    let says = column(&found.measures, "says");
    let refused = says.last().unwrap();
    assert!(matches!(refused, Value::Text(text) if text.starts_with("refused")), "{refused:?}");
    assert!(found.words[0].contains("chance alone explains that"), "{:?}", found.words);
}

/// Everywhere half as many: between areas of other sizes the plain difference would be an effect.
#[test]
fn what_happened_everywhere_is_no_effect_whatever_the_size_of_the_control_area() {
    let mut data = steady();
    let mut kept = wardheat::incident::Incidents::default();
    for i in 0..data.incidents.len() {
        let late = data.incidents.month(i) >= "2025-07".parse().unwrap();
        if !late || i % 2 == 0 {
            kept.push(&data.incidents.get(i));
        }
    }
    data.incidents = kept;

    let found = evaluate(&evaluation("2025-07..2025-12"), &data).unwrap();

    assert!(found.words[0].contains("chance alone explains that"), "{:?}", found.words);
    assert!(found.notes.iter().any(|note| note.contains("times as many")), "{:?}", found.notes);
}

#[test]
fn an_evaluation_that_cannot_be_made_says_why() {
    let data = town::dataset();
    let refused =
        |request: &EvaluateRequest| format!("{:#}", evaluate(request, &data).unwrap_err());

    let unknown = EvaluateRequest {
        treated: TreatedChoice::Wards(vec!["Nowhere".into()]),
        ..evaluation("2025-07..2025-12")
    };
    assert!(refused(&unknown).contains("no ward `Nowhere`"));
    assert!(refused(&evaluation("2026-01..2026-06")).contains("do not hold"));
    let twice = EvaluateRequest {
        control: ControlChoice::Wards(vec!["E05000106".into()]),
        ..evaluation("2025-07..2025-12")
    };
    assert!(refused(&twice).contains("both treated and control"));
}

/// The outline of a ward, as a file, is treated as the ward is; half of it holds fewer incidents.
#[test]
fn a_treated_area_is_an_outline_of_a_file() {
    let data = emptied();
    let layer = data.layers.iter().find(|layer| layer.areas.iter().any(|a| a.code == "E05000106"));
    let ward = layer.unwrap().areas.iter().find(|area| area.code == "E05000106").unwrap();
    let bounds = ward.shape.bounds().unwrap();
    let (west, south) = (bounds.min.easting(), bounds.min.northing());
    let (east, north) = (bounds.max.easting(), bounds.max.northing());
    let folder = tempfile::tempdir().unwrap();
    let outline = |name: &str, east: f64| {
        let text = format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}]}}"#
        );
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let with = |treated| {
        let request = EvaluateRequest { treated, ..evaluation("2025-07..2025-12") };
        let found = evaluate(&request, &data).unwrap();
        let counts = |id| number(&column(&found.counts, id)[0]);
        (counts("before"), counts("after"))
    };

    let ward = with(TreatedChoice::Wards(vec!["E05000106".into()]));
    let whole = with(TreatedChoice::File(outline("whole.geojson", east)));
    let half = with(TreatedChoice::File(outline("half.geojson", f64::midpoint(west, east))));

    assert_eq!(whole, ward);
    assert!(half.0 < whole.0 && half.0 > 0.0, "{half:?} of {whole:?}");
}

#[test]
fn counts_and_densities_are_judged_as_forecasts_and_z_scores_are_not() {
    let found = backtest(&request(), &steady(), &Watch::default()).unwrap();

    let (methods, gain) = (column(&found.results, "method"), column(&found.results, "gain"));
    let brier = column(&found.results, "brier");
    for (method, (gain, brier)) in methods.iter().zip(gain.iter().zip(&brier)) {
        let says_how_many = *method == "counts".into() || *method == "kde".into();
        assert_eq!(*gain != Value::None, says_how_many, "{method:?}");
        if says_how_many {
            // The hot place comes back: the past tells more than an even spread.
            assert!(number(gain) > 0.0, "{method:?} {gain:?}");
            assert!((0.0..0.5).contains(&number(brier)), "{brier:?}");
        }
    }
}

#[test]
fn a_back_test_that_is_no_longer_wanted_stops() {
    let watch = Watch::default();
    watch.cancel();

    let refused = backtest(&request(), &steady(), &watch).unwrap_err();

    assert!(refused.is::<wardheat::stats::Cancelled>(), "{refused:#}");
}

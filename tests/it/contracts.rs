//! Every entry of every list keeps its trait's promises.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use wardheat::aggregate::{count_incidents, harm_by_unit};
use wardheat::crs::Bng;
use wardheat::export::{About, WRITERS};
use wardheat::incident::{CrimeTypeIdx, CrimeTypes, HarmWeights, Incidents};
use wardheat::layer::Layer;
use wardheat::pipeline::{AnalysisRequest, analyse};
use wardheat::quantity::Metres;
use wardheat::read::format::FORMATS;
use wardheat::read::{LoadedFile, ValueGround, ValueSpec, read_values};
use wardheat::stats::{
    History, Outcome, STATISTICS, ScoreColumn, ScoreValues, Scores, StatError, StatInput, statistic,
};
use wardheat::store::Dataset;
use wardheat::time::TimeSpan;
use wardheat::units::{UNIT_KINDS, UnitSource, Units};

use crate::town;

fn units(data: &Dataset, kind: &str) -> Units {
    let source = UnitSource {
        layers: &data.layers,
        study_area: &data.study_area,
        cell_size: Metres::new(250.0),
    };
    wardheat::units::unit_kind(kind).unwrap().build(&source).unwrap()
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().all(|name| !name.is_empty() && seen.insert(name))
}

#[test]
fn every_list_gives_each_entry_a_name_of_its_own() {
    let types: Vec<String> = CrimeTypes::choices().map(|choice| choice.to_string()).collect();

    assert!(distinct(types.iter().map(String::as_str)));
    assert!(distinct(UNIT_KINDS.iter().map(|kind| kind.id())));
    assert!(distinct(STATISTICS.iter().map(|statistic| statistic.id())));
    assert!(distinct(FORMATS.iter().map(|format| format.id())));
    assert!(distinct(WRITERS.iter().map(|writer| writer.id())));
}

#[test]
fn every_position_of_the_study_area_is_in_exactly_one_unit_of_a_kind() {
    let data = town::dataset();
    let (west, south) = town::CORNER;

    for kind in ["ward", "square", "hexagon", "h3"] {
        let units = units(&data, kind);
        for step in 0..900 {
            let (i, j) = (f64::from(step % 30), f64::from(step / 30));
            // Every 150 m, edges and corners of wards and cells among them.
            let at = Bng::new(west + i * 150.0, south + j * 150.0);
            let found = units.locate(at).unwrap_or_else(|| panic!("{kind}: nothing at {at:?}"));
            let holding = units.shapes.iter().filter(|shape| shape.contains(at)).count();
            assert!(units.shapes[found.index()].covers(at), "{kind}: {at:?}");
            assert!(holding <= 1, "{kind}: {holding} units hold {at:?}");
        }
        let again: Vec<String> = self::units(&data, kind).ids;
        assert_eq!(units.ids, again, "{kind}");
        assert!(units.ids.is_sorted() && distinct(units.ids.iter().map(String::as_str)), "{kind}");
    }
}

fn score(data: &Dataset, id: &str) -> Result<Outcome, StatError> {
    let units = units(data, "square");
    let window = "2024-01..2024-12".parse().unwrap();
    let points: Vec<Bng> =
        (0..data.incidents.len()).filter_map(|i| data.incidents.position(i)).collect();
    // A day and an hour of its own for each, so that statistics of time have something to work on.
    let times: Vec<Option<TimeSpan>> = (0..points.len() as i64)
        .map(|i| {
            let start = jiff::civil::datetime(2024, 1, 1, 0, 0, 0, 0);
            let from = start.checked_add((i * 797 % 525_600).minutes()).unwrap();
            Some(TimeSpan { from, to: None })
        })
        .collect();
    let unit_of = |i: usize| data.incidents.position(i).and_then(|at| units.locate(at));
    let counts =
        count_incidents(&data.incidents, CrimeTypes::All, window, units.len(), unit_of).unwrap();
    let weights = CrimeTypeIdx::all().map(|crime_type| (crime_type, 2.5));
    let weights = HarmWeights::new("made up", "1", "days", None, weights);
    let (places, types): (Vec<_>, Vec<_>) =
        (0..data.incidents.len()).map(|i| (unit_of(i), data.incidents.crime_type(i))).unzip();
    let harm = harm_by_unit(&places, &types, units.len(), &weights);
    let bases = vec![wardheat::quantity::Population::new(10.0); units.len()];
    let whole = vec![true; counts.n_periods()];
    let mut input = StatInput::new(&units, &counts, window, &points, &data.study_area);
    input.bases = Some(&bases);
    input.earlier = Some(&counts);
    input.harm = Some(&harm);
    input.times = Some(&times);
    input.against = Some(&points);
    input.history = Some(History { first: window.first(), counts: &counts, whole: &whole });
    let statistic = statistic(id).unwrap();
    statistic.score_json(&input, statistic.default_options())
}

fn assert_rows(id: &str, columns: &[ScoreColumn], n_rows: usize) {
    assert!(!columns.is_empty(), "{id}");
    for column in columns {
        assert_eq!(column.len(), n_rows, "{id}: {}", column.id);
        if let ScoreValues::Numbers(numbers) = &column.values {
            assert!(numbers.iter().flatten().all(|x| x.is_finite()), "{id}: {}", column.id);
        }
    }
}

/// Numbers in what a statistic says of itself that are no option of it.
const NO_OPTION: &[(&str, f64)] =
    &[("location-quotient", 1.0), ("nearest-neighbour", 1.0), ("mean-classes", 3.0)];

/// All numbers in a value, however deep.
fn numbers_in(value: &serde_json::Value) -> Vec<f64> {
    match value {
        serde_json::Value::Array(list) => list.iter().flat_map(numbers_in).collect(),
        serde_json::Value::Object(object) => object.values().flat_map(numbers_in).collect(),
        other => other.as_f64().into_iter().collect(),
    }
}

/// A number in the text that reports and the guide print is the default that is used.
#[test]
fn no_default_differs_from_what_a_statistic_says_of_itself() {
    let mut looked_at = 0;
    for entry in STATISTICS {
        let defaults = numbers_in(&entry.default_options());
        let words = entry.about().split(|c: char| !(c.is_ascii_digit() || c == '.'));
        for said in words.filter_map(|word| word.trim_matches('.').parse::<f64>().ok()) {
            let is = |known: f64| (known - said).abs() < 1e-12;
            let excused = NO_OPTION.iter().any(|(id, number)| *id == entry.id() && is(*number));
            assert!(
                excused || defaults.iter().any(|default| is(*default)),
                "`{}` says {said}, and its defaults are {defaults:?}",
                entry.id()
            );
            looked_at += 1;
        }
    }
    assert!(looked_at >= 4, "{looked_at} numbers");
}

#[test]
fn every_statistic_takes_its_own_default_and_gives_whole_rows() {
    let data = town::dataset();
    let n_units = units(&data, "square").len();
    let n_points = (0..data.incidents.len()).filter_map(|i| data.incidents.position(i)).count();

    for entry in STATISTICS {
        let id = entry.id();
        let outcome = score(&data, id).unwrap_or_else(|e| panic!("{id}: {e}"));

        assert!(!outcome.scores.is_empty(), "{id}");
        for scores in &outcome.scores {
            match scores {
                Scores::PerUnit(columns) => assert_rows(id, columns, n_units),
                Scores::PerPoint(columns) => assert_rows(id, columns, n_points),
                Scores::Places(found) => assert_rows(id, &found.columns, found.places.len()),
                Scores::Surface(found) => {
                    assert!(found.surface.values.iter().all(|v| v.is_finite()), "{id}");
                }
                Scores::Table(table) => {
                    assert!(!table.rows.is_empty(), "{id}");
                    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{id}");
                }
            }
        }
    }
}

#[test]
fn every_statistic_says_what_it_tells() {
    for entry in STATISTICS {
        assert!(entry.about().ends_with('.'), "{}: {}", entry.id(), entry.about());
    }
}

#[test]
fn every_statistic_is_the_same_at_one_thread_and_at_eight() {
    let data = town::dataset();
    let at = |threads: usize, id: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        format!("{:?}", pool.install(|| score(&data, id)))
    };

    for entry in STATISTICS {
        assert!(at(1, entry.id()) == at(8, entry.id()), "{} depends on threads", entry.id());
    }
}

#[test]
fn every_statistic_refuses_an_option_it_does_not_have_by_name() {
    let data = town::dataset();
    let units = units(&data, "square");
    let window = "2024-01..2024-12".parse().unwrap();
    let counts =
        count_incidents(&data.incidents, CrimeTypes::All, window, units.len(), |_| None).unwrap();
    let input = StatInput::new(&units, &counts, window, &[], &data.study_area);

    for entry in STATISTICS {
        let refused = entry.score_json(&input, serde_json::json!({"no_such_option": 1}));

        let refused = refused.err().unwrap_or_else(|| panic!("{} took it", entry.id()));
        assert!(refused.to_string().contains("no_such_option"), "{}: {refused}", entry.id());
    }
}

#[test]
fn every_statistic_gives_or_refuses_no_incidents_without_a_panic() {
    let mut data = town::dataset();
    data.incidents = Incidents::default();

    for entry in STATISTICS {
        if let Err(refused) = score(&data, entry.id()) {
            assert!(!refused.to_string().is_empty(), "{}", entry.id());
        }
    }
}

#[test]
fn every_writer_writes_every_layer_whole_and_the_same_twice() {
    let findings = analyse(&AnalysisRequest::default(), &town::dataset()).unwrap();
    let about = About { how_made: &findings.how_made, notes: &findings.notes, crs: None };

    for writer in WRITERS {
        for layer in &findings.layers {
            let write = || {
                let mut bytes = Vec::new();
                writer.write(layer, about, &mut bytes).unwrap();
                bytes
            };
            let (first, again) = (write(), write());

            assert!(first == again, "{} {} differs", writer.id(), layer.id);
            if writer.id() == "parquet" {
                assert_reads_back(layer, first);
                continue;
            }
            // Of a binary file the texts in it are looked at.
            let first = String::from_utf8_lossy(&first);
            for feature in &layer.features {
                assert!(first.contains(&feature.id), "{} lost {}", writer.id(), feature.id);
            }
            assert!(!first.contains("NaN") && !first.contains("inf,"), "{}", writer.id());
        }
    }
}

/// A file whose texts are packed: what is read of it is looked at.
fn assert_reads_back(layer: &Layer, bytes: Vec<u8>) {
    let spec = ValueSpec { id: Some(layer.columns[0].id.to_owned()), ..ValueSpec::default() };
    let rows = read_values(&LoadedFile::from_bytes("layer.parquet", bytes), &spec).unwrap();
    let wanted: Vec<String> = layer.features.iter().map(|feature| feature.id.clone()).collect();

    assert_eq!(rows.ids, wanted, "{}", layer.id);
    let ValueGround::Areas(shapes) = rows.ground else { panic!("{} has no areas", layer.id) };
    for (feature, shape) in layer.features.iter().zip(shapes) {
        let (ours, theirs) = (feature.shape.area().get(), shape.area().get());
        assert!((ours - theirs).abs() < 1e-6 * ours, "{}: {ours} and {theirs}", feature.id);
    }
}

#[test]
fn an_analysis_is_the_same_at_one_thread_and_at_eight() {
    let data = town::dataset();
    let at = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        format!("{:?}", pool.install(|| analyse(&AnalysisRequest::default(), &data).unwrap()))
    };

    assert!(at(1) == at(8), "findings depend on threads");
}

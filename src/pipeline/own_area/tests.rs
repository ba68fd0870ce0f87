//! Claims about areas of the reader's own, over small datasets made by hand.

use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::audience::{Audience, Rule};
use crate::context::Context;
use crate::crs::bng_to_lonlat;
use crate::incident::{Flags, Incident, Incidents, Place};
use crate::pipeline::disclose;
use crate::provenance::Provenance;
use crate::units::{Area, AreaLayer};

const WEST: f64 = 440_000.0;
const SOUTH: f64 = 520_000.0;

fn square(x: f64) -> Shape {
    let low = coord! { x: WEST + x, y: SOUTH };
    let high = coord! { x: WEST + x + 2000.0, y: SOUTH + 2000.0 };
    Shape::new(Rect::new(low, high).to_polygon().into())
}

fn incident(kind: &str, month: &str, place: Option<(f64, f64)>) -> Incident {
    let ward = place.map_or(0, |(x, _)| (x / 2000.0) as i32);
    Incident {
        reference: None,
        source: "police".to_owned(),
        crime_type: CrimeTypeIdx::from_id(kind).unwrap(),
        month: month.parse().unwrap(),
        from: None,
        to: None,
        place: place.map_or(Place::Nowhere, |(x, y)| Place::Point {
            position: Bng::new(WEST + x, SOUTH + y),
            precision: Metres::new(1.0),
        }),
        ward: Some(format!("E0500000{ward}")),
        lsoa: None,
        street: None,
        flags: Flags::default(),
    }
}

fn dataset(rows: impl IntoIterator<Item = Incident>) -> Dataset {
    let mut incidents = Incidents::default();
    rows.into_iter().for_each(|row| incidents.push(&row));
    let areas: Vec<Area> = (0..2)
        .map(|i| Area {
            code: format!("E0500000{i}"),
            name: format!("Ward {i}"),
            shape: square(2000.0 * f64::from(i)),
            residents: None,
            households: None,
            workday: None,
        })
        .collect();
    Dataset {
        name: "Twoward".to_owned(),
        study_area: Shape::union_of(areas.iter().map(|area| &area.shape)),
        layers: vec![AreaLayer { kind: "ward".to_owned(), edition: "2024".to_owned(), areas }],
        incidents,
        streets: Vec::new(),
        snap_points: Vec::new(),
        night: crate::time::NightBand::default(),
        priorities: Vec::new(),
        context: Context::default(),
        venues: Vec::new(),
        meetings: Vec::new(),
        fictional: true,
        provenance: Provenance::default(),
        version: "v".to_owned(),
    }
}

/// An outline through these places, in metres from the corner of the area.
fn outline(corners: &[(f64, f64)]) -> AreaChoice {
    let place = |&(x, y): &(f64, f64)| {
        let at = bng_to_lonlat(Bng::new(WEST + x, SOUTH + y)).unwrap();
        format!("{},{}", at.lon(), at.lat())
    };
    let corners: Vec<String> = corners.iter().map(place).collect();
    format!("outline:{}", corners.join(",")).parse().unwrap()
}

fn request(types: &str, window: &str) -> AnalysisRequest {
    AnalysisRequest {
        crime_types: types.parse().unwrap(),
        window: window.parse().unwrap(),
        ..AnalysisRequest::default()
    }
}

fn count(area: &AreaChoice, request: &AnalysisRequest, data: &Dataset) -> u64 {
    own_area(area, request, data).unwrap().count
}

#[test]
fn an_outline_counts_what_lies_in_it_by_kind_and_month() {
    let data = dataset([
        incident("burglary", "2025-01", Some((500.0, 500.0))),
        incident("burglary", "2025-02", Some((600.0, 500.0))),
        incident("drugs", "2025-02", Some((600.0, 600.0))),
        incident("deliberate-fire", "2025-02", Some((610.0, 600.0))),
        incident("burglary", "2025-02", Some((1500.0, 500.0))),
        incident("burglary", "2025-02", None),
    ]);
    let area = outline(&[(400.0, 400.0), (800.0, 400.0), (800.0, 800.0), (400.0, 800.0)]);

    let found = own_area(&area, &request("burglary", "2025-01..2025-02"), &data).unwrap();

    assert_eq!((found.count, found.of, found.unplaced), (2, 4, 1));
    assert_eq!(found.kinds.iter().map(|kind| kind.1).collect::<Vec<_>>(), [2, 1, 1]);
    let months: Vec<_> = found.trend.months.iter().map(|month| month.count).collect();
    assert_eq!(months, [Some(1), Some(1)]);
    assert!((found.size.get() / 160_000.0 - 1.0).abs() < 0.02, "{:?}", found.size);
    assert_eq!(found.cells, None);
    assert_eq!(found.tables()[0].rows.len(), 3);
}

#[test]
fn wards_count_every_record_that_is_counted_in_them() {
    let data = dataset([
        incident("burglary", "2025-01", Some((500.0, 500.0))),
        incident("burglary", "2025-01", None),
        incident("burglary", "2025-01", Some((2500.0, 500.0))),
    ]);
    let of = |text: &str| count(&text.parse().unwrap(), &request("burglary", "2025-01"), &data);

    assert_eq!(of("ward:E05000000"), 2);
    assert_eq!(of("ward:E05000000,E05000001"), 3);
    let no_ward =
        own_area(&"ward:E05999999".parse().unwrap(), &request("burglary", "2025-01"), &data);
    assert!(no_ward.unwrap_err().to_string().contains("there is no ward `E05999999`"));
}

#[test]
fn squares_count_what_lies_in_them_and_an_edge_is_of_one_alone() {
    let data = dataset([
        incident("burglary", "2025-01", Some((100.0, 100.0))),
        incident("burglary", "2025-01", Some((250.0, 100.0))),
        incident("burglary", "2025-01", Some((499.0, 249.0))),
        incident("burglary", "2025-01", Some((900.0, 100.0))),
    ]);
    let of = |text: &str| count(&text.parse().unwrap(), &request("burglary", "2025-01"), &data);

    assert_eq!(of("cell:250mN520000E440000"), 1);
    assert_eq!(of("cell:250mN520000E440250"), 2);
    assert_eq!(of("cell:250mN520000E440000,250mN520000E440250"), 3);
    assert_eq!(of("cell:500mN520000E440500"), 1);
    let apart = "cell:250mN600000E500000".parse().unwrap();
    assert!(own_area(&apart, &request("burglary", "2025-01"), &data).is_err());
}

#[test]
fn priorities_are_counted_beside_the_single_kinds() {
    let mut data = dataset([
        incident("burglary", "2025-01", Some((500.0, 500.0))),
        incident("drugs", "2025-01", Some((600.0, 500.0))),
        incident("robbery", "2025-01", Some((600.0, 500.0))),
    ]);
    let types = |name: &str| name.parse::<CrimeTypes>().unwrap();
    let set = crate::incident::PrioritySet::held("Homes", &[types("burglary"), types("robbery")]);
    data.priorities = vec![set.unwrap()];
    let area = outline(&[(400.0, 400.0), (800.0, 400.0), (800.0, 800.0), (400.0, 800.0)]);

    let found = own_area(&area, &request("priority:homes", "2025-01"), &data).unwrap();

    assert_eq!((found.count, found.of), (2, 2));
    assert_eq!((found.priorities[0].0.label(), found.priorities[0].1), ("Homes", 2));
    assert_eq!(found.kinds.iter().map(|kind| kind.1).sum::<u64>(), 3);
    assert!(found.tables().iter().any(|table| table.id == "priorities"));
}

#[test]
fn notes_of_the_workspace_are_marked_on_the_series_that_they_touch() {
    let months = (1..=12).map(|n| format!("2025-{n:02}"));
    let mut data = dataset(months.map(|month| incident("burglary", &month, Some((500.0, 500.0)))));
    let note = |text: &str| toml::from_str(text).unwrap();
    data.context.notes = vec![
        note("month = \"2025-05\"\nsays = \"a new control room\""),
        note("month = \"2025-06\"\nsays = \"of drugs\"\ncategories = [\"drugs\"]"),
        note("month = \"2025-07\"\nsays = \"here\"\nwards = [\"E05000000\"]"),
    ];
    let said = |area: &str| -> Vec<String> {
        let request = request("burglary", "2025-01..2025-12");
        let found = own_area(&area.parse().unwrap(), &request, &data).unwrap();
        found.trend.marks.into_iter().map(|mark| mark.says).collect()
    };

    assert_eq!(said("ward:E05000000"), ["a new control room", "here"]);
    assert_eq!(said("ward:E05000001"), ["a new control room"]);
    assert_eq!(said("cell:250mN520500E440500"), ["a new control room"]);
}

#[test]
fn an_area_outside_is_refused() {
    let data = dataset([incident("burglary", "2025-01", Some((500.0, 500.0)))]);
    let far = outline(&[(9000.0, 0.0), (9500.0, 0.0), (9500.0, 500.0)]);

    let refused = own_area(&far, &request("burglary", "2025-01"), &data).unwrap_err();

    assert_eq!(refused.to_string(), "the area lies outside Twoward");
}

/// Whatever two areas the public draw, their counts, by kind and by period, are steps of five: no
/// difference of two answers tells of one to four records.
#[test]
fn for_the_public_no_two_outlines_differ_by_one_to_four_records() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut rows = Vec::new();
    for i in 0..6000 {
        // Two thirds of them near one place, so that some cells hold many and most hold few.
        let spread = if i % 3 == 0 { 4000.0 } else { 900.0 };
        let at = (random.random_range(0.0..spread), random.random_range(0.0..2000.0));
        let kind = ["burglary", "drugs", "robbery"][i % 3];
        rows.push(incident(kind, &format!("2025-{:02}", i % 12 + 1), Some(at)));
    }
    let data = disclose(&dataset(rows), &Rule::of(Audience::Public).unwrap()).unwrap();
    let year = request("all", "2025-01..2025-12");
    let quarter = request("all", "2025-04..2025-06");
    let mut told = 0;

    for _ in 0..60 {
        let (x, y) = (random.random_range(0.0..3000.0), random.random_range(0.0..1500.0));
        let (w, h) = (random.random_range(260.0..1500.0), random.random_range(260.0..900.0));
        let area = outline(&[(x, y), (x + w, y + h / 3.0), (x + w, y + h), (x, y + h)]);
        for request in [&year, &quarter] {
            let Ok(found) = own_area(&area, request, &data) else { continue };
            told += found.count;
            assert_eq!(found.count % 5, 0, "{area}");
            assert!(found.kinds.iter().all(|kind| kind.1 % 5 == 0), "{area}: {:?}", found.kinds);
            assert_eq!((found.period, found.expected), (3, None));
            for step in &found.trend.months {
                assert_eq!(step.count.unwrap() % 5, 0, "{area}: {step:?}");
            }
            // The ground told of is whole cells of 250 m.
            assert!((found.size.get() / 62_500.0).fract().abs() < 1e-6);
        }
    }
    assert!(told > 1000, "{told}");
    // Half of a quarter is refused, as everywhere.
    let area = outline(&[(0.0, 0.0), (900.0, 0.0), (900.0, 900.0)]);
    assert!(own_area(&area, &request("all", "2025-04..2025-05"), &data).is_err());
    let tiny = outline(&[(10.0, 10.0), (60.0, 10.0), (60.0, 60.0)]);
    let refused = own_area(&tiny, &year, &data).unwrap_err().to_string();
    assert!(refused.contains("the middle of no cell of 250 m"), "{refused}");
}

#[test]
fn an_outline_as_large_as_the_country_is_made_of_the_cells_of_the_ground_alone() {
    let side = Metres::new(250.0);
    let rect = |low: f64, high: f64| {
        let (low, high) = (coord! { x: low, y: low }, coord! { x: high, y: high });
        Shape::new(Rect::new(low, high).to_polygon().into())
    };

    let all = whole_cells(&rect(0.0, 1_200_000.0), side, &square(0.0)).unwrap();
    let ring = whole_cells(&rect(WEST, WEST + 100.0), side, &square(0.0));

    // The ground is 2 km across and lies on the grid: eight cells and one more on each side.
    let bounds = all.bounds().unwrap();
    assert!(bounds.min.easting() >= WEST - 500.0 && bounds.max.easting() <= WEST + 2500.0);
    assert!(all.area().get() >= 2000.0 * 2000.0, "{}", all.area());
    assert!(ring.is_none());
}

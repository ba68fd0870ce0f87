//! Claims about profiles of wards, over small datasets made by hand.

use geo::{MultiPolygon, Rect, coord};
use jiff::civil::{Date, date, datetime};

use super::*;
use crate::context::{CommunityPriority, Context};
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::{CrimeTypeIdx, Flags, Incident, Incidents, Place};
use crate::meeting::{Kind, Meeting, Recurrence};
use crate::provenance::Provenance;
use crate::quantity::Metres;
use crate::time::NightBand;
use crate::units::{Area, AreaLayer};

fn square(x: f64) -> Shape {
    let (low, high) =
        (coord! { x: 440_000.0 + x, y: 520_000.0 }, coord! { x: 442_000.0 + x, y: 522_000.0 });
    Shape::new(MultiPolygon::new(vec![Rect::new(low, high).to_polygon()]))
}

fn area(i: usize) -> Area {
    Area {
        code: format!("E0500000{i}"),
        name: format!("Ward {i}"),
        shape: square(2000.0 * i as f64),
        residents: Population::new(5000.0),
        households: Population::new(2000.0),
        workday: None,
    }
}

fn incident(kind: &str, month: &str, x: f64, street: Option<&str>) -> Incident {
    let ward = ((x - 440_000.0) / 2000.0).floor();
    Incident {
        reference: None,
        source: "police".to_owned(),
        crime_type: CrimeTypeIdx::from_id(kind).unwrap(),
        month: month.parse().unwrap(),
        from: None,
        to: None,
        place: Place::Point { position: Bng::new(x, 521_000.0), precision: Metres::new(1.0) },
        ward: Some(format!("E0500000{ward}")),
        lsoa: None,
        street: street.map(str::to_owned),
        flags: Flags::default(),
    }
}

/// Two wards; `n` burglaries and `m` shop thefts a month in the first, for `months` months.
fn dataset(rows: impl IntoIterator<Item = Incident>) -> Dataset {
    let mut incidents = Incidents::default();
    for row in rows {
        incidents.push(&row);
    }
    let areas = vec![area(0), area(1)];
    Dataset {
        name: "Twoward".to_owned(),
        study_area: Shape::union_of(areas.iter().map(|area| &area.shape)),
        layers: vec![AreaLayer { kind: "ward".to_owned(), edition: "2024".to_owned(), areas }],
        incidents,
        streets: Vec::new(),
        snap_points: Vec::new(),
        night: NightBand::default(),
        priorities: Vec::new(),
        context: Context::default(),
        venues: Vec::new(),
        meetings: Vec::new(),
        fictional: true,
        provenance: Provenance::default(),
        version: "v".to_owned(),
    }
}

fn months(years: std::ops::RangeInclusive<i32>) -> Vec<String> {
    years.flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).collect()
}

fn steady(kind: &'static str, n: usize) -> Vec<Incident> {
    let all = months(2023..=2025);
    let each =
        |month: &String| vec![incident(kind, month, 441_000.0, Some("On or near Mill Lane")); n];
    all.iter().flat_map(each).collect()
}

fn request(types: &str, window: &str) -> AnalysisRequest {
    AnalysisRequest {
        crime_types: types.parse().unwrap(),
        window: window.parse().unwrap(),
        ..AnalysisRequest::default()
    }
}

const TODAY: Date = date(2026, 1, 15);

fn of(data: &Dataset, types: &str, window: &str) -> WardProfile {
    ward_profile("E05000000", &request(types, window), TODAY, data, &Prepared::default())
        .unwrap()
        .unwrap()
}

#[test]
fn more_than_usual_is_told_from_as_usual() {
    let mut rows = steady("burglary", 10);
    rows.extend(steady("shoplifting", 10));
    rows.extend(vec![incident("shoplifting", "2025-11", 441_000.0, None); 40]);
    let data = dataset(rows);

    let profile = of(&data, "all", "2025-10..2025-12");

    let higher = profile.of_verdict(Verdict::Higher);
    assert_eq!(higher.len(), 1);
    assert_eq!(higher[0].types.to_string(), "shoplifting");
    assert_eq!(higher[0].count, 70);
    let expected = higher[0].expected.unwrap();
    assert!((expected.expected - 30.0).abs() < 1e-9, "{expected:?}");
    assert_eq!(profile.of_verdict(Verdict::AsUsual).len(), 1);
    assert!(profile.of_verdict(Verdict::Lower).is_empty());
}

#[test]
fn every_kind_has_rate_rank_and_last_year() {
    let mut rows = steady("burglary", 10);
    rows.push(incident("burglary", "2025-12", 443_000.0, None));
    let data = dataset(rows);

    let profile = of(&data, "burglary", "2025-01..2025-12");

    let kind = profile.chosen().unwrap();
    assert_eq!((kind.count, kind.earlier), (120, Some(120)));
    assert!((kind.rate.unwrap().value.get() - 60.0).abs() < 1e-9, "per 1,000 households");
    assert!((kind.area_rate.unwrap() - 1000.0 * 121.0 / 4000.0).abs() < 1e-9);
    assert_eq!(kind.rank.unwrap().rank, 1);
    assert_eq!(profile.earlier.unwrap().to_string(), "2024-01..2024-12");
}

#[test]
fn places_are_streets_and_never_fewer_than_five_records() {
    let mut rows = steady("burglary", 1);
    rows.extend(vec![incident("drugs", "2025-12", 441_100.0, Some("On or near Supermarket")); 6]);
    rows.extend(vec![incident("drugs", "2025-12", 441_500.0, Some("On or near Quay Road")); 4]);
    let data = dataset(rows);

    let profile = of(&data, "all", "2025-01..2025-12");

    let places: Vec<_> = profile.places.iter().map(|p| (p.name.as_str(), p.count)).collect();
    assert_eq!(places, [("Mill Lane", 12), ("Supermarket near Mill Lane", 6)]);
    assert_eq!(profile.places[0].quarters, Some(0), "three a quarter are too few to be shown");
    assert_eq!(profile.places[1].mostly[0].get().id, "drugs");
}

#[test]
fn months_alone_give_no_hours() {
    let data = dataset(steady("burglary", 5));

    assert_eq!(of(&data, "all", "2025-01..2025-12").hours, None);
}

#[test]
fn hours_add_up_to_the_records_with_a_time() {
    let timed = |day: i8| Incident {
        from: Some(datetime(2025, 12, day, 22, 0, 0, 0)),
        to: Some(datetime(2025, 12, day, 23, 30, 0, 0)),
        ..incident("burglary", "2025-12", 441_000.0, None)
    };
    let mut rows = steady("burglary", 5);
    rows.extend([5, 12, 19].map(timed));
    rows.push(Incident { flags: Flags::TIME_UNKNOWN, ..timed(26) });
    let data = dataset(rows);

    let hours = of(&data, "burglary", "2025-12").hours.unwrap();

    assert_eq!((hours.timed, hours.untimed), (3, 6));
    assert!((hours.weights.iter().sum::<f64>() - 3.0).abs() < 1e-9);
    assert!((hours.weights[4 * 24 + 22] - 2.0).abs() < 1e-9, "Fridays, two thirds each");
    assert_eq!(hours.block.unwrap().in_words(), "Fri, 22:00 to 24:00");
}

#[test]
fn a_source_that_begins_is_marked_on_the_months() {
    let mut rows = steady("burglary", 5);
    for month in months(2025..=2025) {
        rows.push(Incident {
            source: "council".to_owned(),
            ..incident("burglary", &month, 441_000.0, None)
        });
    }
    let data = dataset(rows);

    let trend = of(&data, "burglary", "2025-01..2025-12").trend;

    assert_eq!(trend.months.len(), 36);
    let mark =
        |month: &str, says: &str| Mark { month: month.parse().unwrap(), says: says.to_owned() };
    assert_eq!(
        trend.marks,
        [
            mark("2023-04", "recording: the split of burglary changes again"),
            mark("2025-01", "council records begin"),
        ]
    );
    assert_eq!(trend.months[0].count, None, "not held by every source");
    assert_eq!(trend.months[35].count, Some(6));
}

#[test]
fn what_was_asked_for_stands_beside_what_is_recorded() {
    let mut data = dataset(steady("shoplifting", 5));
    let asked = |ward: Option<&str>, text: &str, category: Option<&str>, set| CommunityPriority {
        area: "Ward 0".to_owned(),
        ward: ward.map(str::to_owned),
        set,
        text: text.to_owned(),
        category: category.map(str::to_owned),
        status: None,
    };
    data.context.priorities = vec![
        asked(Some("E05000000"), "Shop theft at the parade", None, date(2025, 10, 3)),
        asked(None, "Speeding past the school", Some("Traffic"), date(2025, 11, 3)),
        asked(Some("E05000001"), "Burglary", None, date(2025, 11, 3)),
    ];

    let asked = of(&data, "all", "2025-10..2025-12").asked;

    let said: Vec<_> =
        asked.iter().map(|one| (one.text.as_str(), one.count, one.verdict)).collect();
    assert_eq!(
        said,
        [
            ("Speeding past the school", 0, None),
            ("Shop theft at the parade", 15, Some(Verdict::AsUsual))
        ]
    );
}

#[test]
fn the_next_meeting_is_the_first_that_anybody_may_come_to() {
    let meeting = |title: &str, kind, first: Date, rule: &str, open| Meeting {
        title: title.to_owned(),
        organiser: "Council".to_owned(),
        kind,
        ward: Some("E05000000".to_owned()),
        venue: Some("Hall".to_owned()),
        place: None,
        first,
        start: None,
        recurrence: rule.parse::<Recurrence>().unwrap(),
        open: Some(open),
        audience: None,
        attended: Some(31),
    };
    let mut data = dataset(steady("burglary", 5));
    data.meetings = vec![
        meeting("Forum", Kind::Other, date(2025, 11, 3), "monthly", true),
        meeting("Closed", Kind::Other, date(2026, 1, 20), "once", false),
        meeting("Face the People", Kind::Partnership, date(2025, 6, 5), "once", true),
    ];

    let meetings = of(&data, "all", "2025-01..2025-12").meetings;

    let next = meetings.next.unwrap();
    assert_eq!((next.title.as_str(), next.day, next.attended), ("Forum", date(2026, 2, 3), None));
    let last = meetings.last.unwrap();
    assert_eq!((last.title.as_str(), last.attended), ("Face the People", Some(31)));
}

#[test]
fn an_old_diary_is_read_from_the_end_of_the_data() {
    let data = dataset(steady("burglary", 5));

    let late = ward_profile(
        "E05000000",
        &request("all", "2025-01..2025-12"),
        date(2031, 5, 1),
        &data,
        &Prepared::default(),
    );

    assert_eq!(late.unwrap().unwrap().meetings.from, date(2026, 1, 1));
}

#[test]
fn a_ward_that_is_not_there_has_no_profile() {
    let data = dataset(steady("burglary", 5));

    let none = ward_profile("E99", &request("all", "latest"), TODAY, &data, &Prepared::default());

    assert_eq!(none.unwrap(), None);
}

#[test]
fn tables_hold_the_figures_of_the_profile() {
    let data = dataset(steady("burglary", 10));
    let profile = of(&data, "all", "2025-10..2025-12");

    let tables = profile.tables();

    let ids: Vec<&str> = tables.iter().map(|table| table.id.as_str()).collect();
    assert_eq!(ids, ["kinds", "places", "months"]);
    for table in &tables {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.id);
    }
    assert_eq!(tables[0].rows.len(), profile.kinds.len());
}

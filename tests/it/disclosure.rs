//! What the public is told: no request, and no difference of two, gives a small count of a place
//! below a ward; and a store made for an audience holds nothing finer.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use proptest::prelude::*;
use wardheat::audience::{Audience, Rule};
use wardheat::crs::Bng;
use wardheat::incident::{CrimeTypeIdx, CrimeTypes, Flags, Incident, Incidents, Place};
use wardheat::pipeline::{AnalysisRequest, Prepared, analyse_prepared, disclose, more_layer};
use wardheat::quantity::Metres;
use wardheat::store::Dataset;
use wardheat::table::Value;
use wardheat::time::{HoursOfWeek, Month, Window, WindowSpec};

use crate::support::four_wards;
use crate::town::{CORNER, dataset};

const TYPES: [&str; 6] = [
    "burglary",
    "drugs",
    "anti-social-behaviour",
    "shoplifting",
    "deliberate-fire",
    "ambulance-call-out",
];

/// Two years of records of six types and two sources: crowded in the middle, sparse elsewhere.
fn crowded(n: usize) -> Dataset {
    // A linear congruential generator: the same records in every run.
    let mut state = 20_250_711u64;
    let mut next = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut incidents = Incidents::default();
    for _ in 0..n {
        // The product of two numbers crowds towards one corner.
        let side = |next: &mut dyn FnMut(u64) -> u64| (next(4_400) * next(4_400)) as f64 / 4_400.0;
        let (east, north) = (side(&mut next), side(&mut next));
        let ward = east as u32 / 1_500 + 3 * (north as u32 / 1_500);
        let kind = TYPES[(next(TYPES.len() as u64) * next(3) / 2) as usize % TYPES.len()];
        let health = kind == "ambulance-call-out";
        let flags = [Flags::default(), Flags::default(), Flags::default(), Flags::DOMESTIC];
        incidents.push(&Incident {
            reference: Some(next(u64::MAX >> 33)),
            source: if next(4) == 0 { "council".into() } else { "police".into() },
            crime_type: CrimeTypeIdx::from_id(kind).unwrap(),
            month: Month::new(2024, 1).unwrap().plus(next(23) as i32),
            from: Some("2024-05-05T10:15:00".parse().unwrap()),
            to: None,
            place: if health {
                Place::Outward("TS18".into())
            } else {
                let position = Bng::new(CORNER.0 + east, CORNER.1 + north);
                Place::Point { position, precision: Metres::new(1.0) }
            },
            ward: (!health).then(|| format!("E0500010{ward}")),
            lsoa: Some("E01000001".into()),
            street: Some("Secret Street".into()),
            flags: if next(50) == 0 { Flags::HATE } else { flags[next(4) as usize] },
        });
    }
    Dataset { incidents, ..dataset() }
}

fn public(data: &Dataset) -> Dataset {
    disclose(data, &Rule::of(Audience::Public).unwrap()).unwrap()
}

struct Made {
    exact: Dataset,
    public: Dataset,
    prepared: Prepared,
}

static MADE: LazyLock<Made> = LazyLock::new(|| {
    let exact = crowded(14_000);
    Made { public: public(&exact), exact, prepared: Prepared::default() }
});

#[derive(Debug, Clone)]
struct Filter {
    types: CrimeTypes,
    first: i32,
    quarters: i32,
    source: Option<&'static str>,
    cell: f64,
    day: Option<&'static str>,
    hour: Option<&'static str>,
}

fn filters() -> impl Strategy<Value = Filter> {
    let types: Vec<CrimeTypes> = TYPES
        .into_iter()
        .chain(["all", "all-crime", "all-asb", "fire", "health"])
        .filter_map(|id| id.parse().ok())
        .collect();
    (
        prop::sample::select(types),
        0..7i32,
        1..7i32,
        prop::sample::select(vec![None, Some("police"), Some("council")]),
        prop::sample::select(vec![250.0, 500.0, 750.0]),
        // Most often all days and hours: of some, the public is told nothing.
        prop::sample::select(vec![None, None, None, Some("mon"), Some("fri,sat"), Some("sat,sun")]),
        prop::sample::select(vec![None, None, None, Some("10-11"), Some("18-24"), Some("21-5")]),
    )
        .prop_map(|(types, first, quarters, source, cell, day, hour)| Filter {
            day,
            hour,
            types,
            first,
            quarters: quarters.min(7 - first),
            source,
            cell,
        })
}

impl Filter {
    fn request(&self) -> AnalysisRequest {
        let first = Month::new(2024, 1).unwrap().plus(3 * self.first);
        let window = Window::new(first, first.plus(3 * self.quarters - 1)).unwrap();
        AnalysisRequest {
            crime_types: self.types,
            window: WindowSpec::Months(window),
            source: self.source.map(str::to_owned),
            cell: Some(Metres::new(self.cell)),
            bandwidth: Metres::new(2_000.0),
            hours: HoursOfWeek::parse(self.day, self.hour).unwrap(),
            ..AnalysisRequest::default()
        }
    }

    /// Counts told, by cell; those that are not are left out.
    fn cells(&self) -> BTreeMap<String, i64> {
        let found = analyse_prepared(&self.request(), &MADE.public, &MADE.prepared);
        let Ok(found) = found else { return BTreeMap::new() };
        let layer = found.layer("cells").unwrap();
        let (count, density) = (layer.column("count").unwrap(), layer.column("density").unwrap());
        let mut cells = BTreeMap::new();
        for feature in &layer.features {
            match feature.values[count] {
                Value::Count(n) => {
                    cells.insert(feature.id.clone(), n);
                }
                // What is not told as a count is not told as a density either.
                _ => assert_eq!(feature.values[density], Value::None),
            }
        }
        let hotspots = found.layer("hotspots").unwrap();
        let count = hotspots.column("count").unwrap();
        for hotspot in &hotspots.features {
            assert!(matches!(hotspot.values[count], Value::Count(n) if n >= 5));
        }
        cells
    }
}

fn is_small(n: i64) -> bool {
    (1..5).contains(&n.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_public_answer_alone_or_subtracted_gives_a_small_count_in_a_cell(
        a in filters(),
        mut b in filters(),
    ) {
        b.cell = a.cell;
        let (a, b) = (a.cells(), b.cells());

        for (cell, count) in &a {
            prop_assert!(!is_small(*count), "{cell} holds {count}");
        }
        for cell in a.keys().chain(b.keys()) {
            let of = |counts: &BTreeMap<String, i64>| counts.get(cell).copied().unwrap_or(0);
            prop_assert!(!is_small(of(&a) - of(&b)), "{cell}: {} less {}", of(&a), of(&b));
        }
    }
}

/// Days and hours are too fine a filter for the public: every such request is refused, whatever else it
/// asks, while analysts of the same records are answered.
#[test]
fn no_day_or_hour_is_told_to_the_public() {
    for (day, hour) in [(Some("fri,sat"), None), (None, Some("8-12")), (Some("sun"), Some("21-5"))]
    {
        for kind in ["all", "burglary", "all-asb"] {
            let request = AnalysisRequest {
                crime_types: kind.parse().unwrap(),
                window: "2024-04..2024-06".parse().unwrap(),
                hours: HoursOfWeek::parse(day, hour).unwrap(),
                ..AnalysisRequest::default()
            };
            let analysts = analyse_prepared(&request, &MADE.exact, &MADE.prepared);
            let public = analyse_prepared(&request, &MADE.public, &MADE.prepared);
            assert!(analysts.is_ok(), "{day:?} {hour:?} {kind}");
            let said = public.err().map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(said.contains("has a time"), "{day:?} {hour:?} {kind}: {said}");
        }
    }
}

/// A month of too few health records cannot be had from its quarter less the other months.
#[test]
fn months_of_few_health_records_are_told_by_their_quarter_alone() {
    let data = crowded(900);
    let made = public(&data);
    let health = CrimeTypeIdx::from_id("ambulance-call-out").unwrap();
    let mut held: BTreeMap<(i32, i32), BTreeMap<&str, i64>> = BTreeMap::new();
    let start = Month::new(2024, 1).unwrap();
    for i in (0..made.incidents.len()).filter(|&i| made.incidents.crime_type(i) == health) {
        let month = made.incidents.month(i).since(start);
        *held
            .entry((month / 3, month))
            .or_default()
            .entry(made.incidents.source(i))
            .or_default() += 1;
    }
    let request = AnalysisRequest {
        crime_types: CrimeTypes::One(health),
        window: "2024-01..2025-09".parse().unwrap(),
        ..AnalysisRequest::default()
    };

    let found = wardheat::pipeline::analyse(&request, &made).unwrap();

    let (mut told, mut untold) = (0, 0);
    for row in &found.table("by-month").unwrap().rows {
        let Value::Text(month) = &row[0] else { panic!("{row:?}") };
        let quarter = month.parse::<Month>().unwrap().since(start) / 3;
        let mut counts = held.range((quarter, 0)..(quarter + 1, 0)).flat_map(|(_, of)| of.values());
        let few = counts.any(|n| is_small(*n));
        assert_eq!(row[1] == Value::None, few, "{month}");
        *(if few { &mut untold } else { &mut told }) += 1;
    }
    assert!(told > 0 && untold > 2, "{told} told, {untold} not");
    let said = format!("{untold} months are told only together");
    assert!(found.notes.iter().any(|note| note.starts_with(&said)), "{:?}", found.notes);
}

/// Every ward, type, source and quarter: the ward's count less its cells' is a count of a place
/// below the ward too.
#[test]
fn a_ward_less_its_cells_gives_no_small_count_either() {
    let incidents = &MADE.public.incidents;
    let mut wards: HashMap<_, (i64, i64)> = HashMap::new();
    for i in 0..incidents.len() {
        let Some(ward) = incidents.ward(i) else { continue };
        let quarter = incidents.month(i).since(Month::new(2024, 1).unwrap()) / 3;
        let key = (ward, incidents.crime_type(i), incidents.source(i), quarter);
        let (total, in_cells) = wards.entry(key).or_default();
        *total += 1;
        *in_cells += i64::from(incidents.position(i).is_some());
    }

    let told: i64 = wards.values().map(|(_, in_cells)| in_cells).sum();
    assert!(told > 1_000, "{told}");
    for (key, (total, in_cells)) in wards {
        assert!(in_cells == 0 || !is_small(total - in_cells), "{key:?}: {total} less {in_cells}");
    }
}

#[test]
fn a_public_store_holds_nothing_finer_and_loses_no_record() {
    let Made { exact, public, .. } = &*MADE;
    let incidents = &public.incidents;
    let records = public.provenance.disclosure.as_ref().unwrap().records;

    for i in 0..incidents.len() {
        let one = incidents.get(i);
        assert_eq!((one.reference, one.from, one.to), (None, None, None));
        assert_eq!((one.lsoa, one.street, one.flags), (None, None, Flags::default()));
        if let Place::Point { position, precision } = one.place {
            assert_eq!(precision, Metres::new(250.0));
            let cells = |metres: f64| (metres - 125.0) / 250.0;
            assert!(cells(position.easting()).fract().abs() < 1e-9);
            assert!(cells(position.northing()).fract().abs() < 1e-9);
            assert_ne!(one.crime_type.get().id, "deliberate-fire");
        } else {
            assert_eq!(one.place, Place::Nowhere);
        }
    }
    assert_eq!(records.read, exact.incidents.len() as u64);
    assert_eq!(records.kept(), incidents.len() as u64);
    let sum = records.outside_periods
        + records.left_out
        + records.in_cells
        + records.too_few
        + records.by_rule
        + records.no_position
        + records.whole_area;
    assert_eq!(records.read, sum);
    assert!(records.outside_periods > 0 && records.in_cells > 1_000 && records.whole_area > 100);
    // November 2025 is the last month, so the last quarter is not told of.
    assert_eq!(incidents.months().unwrap().to_string(), "2024-01..2025-09");
    assert!(public.snap_points.len() < exact.snap_points.len());
}

#[test]
fn wards_keep_their_counts_by_type_and_month() {
    let counts = |data: &Dataset| {
        let mut counts: BTreeMap<_, u64> = BTreeMap::new();
        let incidents = &data.incidents;
        let last = "2025-09".parse().unwrap();
        let ordinary =
            |i: usize| !incidents.flags(i).has(Flags::DOMESTIC) && incidents.month(i) <= last;
        for i in (0..incidents.len()).filter(|&i| ordinary(i)) {
            let ward = incidents.ward(i).unwrap_or_default().to_owned();
            let key = (ward, incidents.crime_type(i).index(), incidents.month(i));
            *counts.entry(key).or_default() += 1;
        }
        counts
    };
    let mut open = crowded(3_000);
    let mut plain = Incidents::default();
    for i in 0..open.incidents.len() {
        plain.push(&Incident { flags: Flags::default(), ..open.incidents.get(i) });
    }
    open.incidents = plain;

    let made = public(&open);

    let health = CrimeTypeIdx::from_id("ambulance-call-out").unwrap().index();
    let ordinary = |mut counts: BTreeMap<(String, usize, Month), u64>| {
        counts.retain(|(_, kind, _), _| *kind != health);
        counts
    };
    assert!(ordinary(counts(&made)) == ordinary(counts(&open)));
}

#[test]
fn the_order_of_the_records_changes_nothing_of_what_is_told() {
    let data = crowded(2_000);
    let mut reversed = Incidents::default();
    (0..data.incidents.len()).rev().for_each(|i| reversed.push(&data.incidents.get(i)));
    let turned = Dataset { incidents: reversed, ..crowded(0) };

    let rows = |data: &Dataset| -> Vec<Incident> {
        (0..data.incidents.len()).map(|i| data.incidents.get(i)).collect()
    };

    assert!(rows(&public(&data)) == rows(&public(&turned)));
}

#[test]
fn a_window_that_cuts_a_quarter_is_refused() {
    let request = AnalysisRequest {
        window: "2025-01..2025-02".parse().unwrap(),
        ..AnalysisRequest::default()
    };

    let said = analyse_prepared(&request, &MADE.public, &MADE.prepared).unwrap_err().to_string();

    assert!(
        said.contains("whole periods of 3 months") && said.contains("2025-01..2025-03"),
        "{said}"
    );
}

#[test]
fn what_is_not_shown_is_said_not_to_be() {
    let request = AnalysisRequest::default();

    let found = analyse_prepared(&request, &MADE.public, &MADE.prepared).unwrap();

    let cells = found.layer("cells").unwrap();
    let class = cells.column("class").unwrap();
    assert!(cells.features.iter().any(|cell| cell.values[class] == "not shown".into()));
    assert!(
        found.notes.iter().any(|note| note.contains("Made for the public")),
        "{:?}",
        found.notes
    );
    assert!(found.how_made.provenance.disclosure.is_some());
}

#[test]
fn the_partnership_gets_cells_of_100_m_and_restricted_kinds_for_the_whole_area() {
    let data = crowded(2_000);

    let made = disclose(&data, &Rule::of(Audience::Partner).unwrap()).unwrap();

    let records = made.provenance.disclosure.as_ref().unwrap().records;
    assert_eq!((records.too_few, records.outside_periods, records.left_out), (0, 0, 0));
    let restricted = (0..data.incidents.len()).filter(|&i| {
        let flags = data.incidents.flags(i);
        let health = data.incidents.ward(i).is_none();
        flags.has(Flags::DOMESTIC) || flags.has(Flags::HATE) || health
    });
    assert_eq!(records.whole_area, restricted.count() as u64);
    assert!(disclose(&made, &Rule::of(Audience::Partner).unwrap()).is_err());
    assert!(disclose(&public(&made), &Rule::of(Audience::Partner).unwrap()).is_err());
}

#[test]
fn the_command_makes_a_workspace_that_is_told_from_one_of_its_own() {
    let workspace = four_wards();

    let said = workspace.ok(&["store", "disclose", "--for", "public", "--out", "public"]);

    assert!(said.contains("for the public, version"), "{said}");
    assert!(said.contains("3,000 records read"), "{said}");
    let listed = workspace.ok(&["--workspace", "public", "store", "list"]);
    assert!(listed.contains("3,000 incidents"), "{listed}");
    workspace.ok(&["store", "disclose", "--for", "public", "--out", "public"]);
    for (arguments, word) in [
        (&["--for", "public", "--out", "."][..], "is a workspace of its own"),
        (&["--for", "analyst", "--out", "x"], "hint: name whom it is made for"),
        (&["--for", "public", "--out", "x", "--cell", "100"], "250 to 10,000 m for the public"),
        (&["--for", "public", "--out", "x", "--ward-only", "fire"], "there is no source `fire`"),
    ] {
        let said = workspace.fails(&[&["store", "disclose"][..], arguments].concat());
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_late_correction_of_what_was_told_is_refused_until_it_is_weighed() {
    let workspace = four_wards();
    let disclose = ["store", "disclose", "--for", "public", "--out", "public"];
    workspace.ok(&disclose);
    crate::support::crimes(workspace.path(), 3_001);
    workspace.ok(&["import"]);

    let said = workspace.fails(&disclose);
    let listed = workspace.ok(&["--workspace", "public", "store", "list"]);

    assert!(said.contains("whoever kept it can subtract the two"), "{said}");
    assert!(said.contains("--corrected"), "{said}");
    assert!(listed.contains("3,000 incidents"), "{listed}");
    workspace.ok(&[&disclose[..], &["--corrected"]].concat());
    let listed = workspace.ok(&["--workspace", "public", "store", "list"]);
    assert!(listed.contains("3,001 incidents"), "{listed}");
    workspace.ok(&disclose);
}

#[test]
fn an_edition_in_another_folder_is_weighed_against_what_was_told() {
    let workspace = four_wards();
    let window = ["--window", "2025-01..2025-06"];
    let publish = |folder: &'static str| [&["publish", folder][..], &window].concat();
    workspace.ok(&publish("spring"));
    workspace.ok(&[&publish("burglary")[..], &["--type", "burglary"]].concat());
    crate::support::crimes(workspace.path(), 3_001);
    workspace.ok(&["import"]);

    let said = workspace.fails(&publish("summer"));
    let disclosed = workspace.fails(&["store", "disclose", "--for", "public", "--out", "public"]);

    for said in [said, disclosed] {
        assert!(said.contains("2025-01 (500 records then, 501 now)"), "{said}");
        assert!(said.contains("--corrected"), "{said}");
    }
    assert!(!workspace.path().join("summer").exists() && !workspace.path().join("public").exists());
    workspace.ok(&[&publish("analysts")[..], &["--for", "analyst"]].concat());
    workspace.ok(&[&publish("summer")[..], &["--corrected"]].concat());
    workspace.ok(&publish("summer"));
    let kept = std::fs::read_to_string(workspace.path().join("editions.json")).unwrap();
    assert!(kept.contains("\"public\"") && !kept.contains("analyst"), "{kept}");
    std::fs::write(workspace.path().join("editions.json"), "{").unwrap();
    assert!(workspace.fails(&publish("summer")).contains("what was told before"));
}

#[test]
fn rates_of_small_areas_do_not_rest_on_the_few_records_whose_cell_is_told() {
    let mut exact = crowded(14_000);
    let mut lsoas = exact.layers[0].clone();
    lsoas.kind = "lsoa".into();
    exact.layers.push(lsoas);
    let told = public(&exact);

    let records = told.provenance.disclosure.as_ref().unwrap().records;
    let rates = more_layer("lsoas").unwrap();
    assert!(records.in_cells * 10 < records.kept() * 9, "{records:?}");
    assert!(rates.is_in(&exact) && !rates.is_in(&told));
}

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use geo_types::{MultiPolygon, polygon};
use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::*;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::{CRIME_TYPES, CrimeTypeIdx, Flags, Incident, Place};
use crate::provenance::{Provenance, SourceFile};
use crate::quantity::{Metres, Population};
use crate::time::Month;
use crate::time::NightBand;
use crate::units::{Area, AreaLayer};

fn square(x: f64) -> Shape {
    let outline = polygon![(x: x, y: 0.0), (x: x + 500.0, y: 0.0), (x: x + 500.0, y: 500.0), (x: x, y: 500.0)];
    Shape::new(MultiPolygon::new(vec![outline]))
}

fn area(code: &str, x: f64, residents: Option<f64>) -> Area {
    Area {
        code: code.into(),
        name: format!("Ward {code}"),
        shape: square(x),
        residents: residents.and_then(Population::new),
        households: None,
        workday: None,
    }
}

fn incident(source: &str, month: &str, place: Place) -> Incident {
    Incident {
        reference: Some(u64::MAX - 3),
        source: source.into(),
        crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
        month: month.parse().unwrap(),
        from: Some(date(2025, 3, 30).at(1, 30, 0, 0)),
        to: None,
        place,
        ward: Some("E05000001".into()),
        lsoa: None,
        street: Some("On or near Høje Road".into()),
        flags: Flags::DOMESTIC,
    }
}

fn dataset(rows: &[Incident]) -> Dataset {
    let mut incidents = Incidents::default();
    for row in rows {
        incidents.push(row);
    }
    Dataset {
        name: "Testford".into(),
        layers: vec![AreaLayer {
            kind: "ward".into(),
            edition: "2024".into(),
            areas: vec![area("E05000001", 0.0, Some(5_100.5)), area("E05000002", 500.0, None)],
        }],
        study_area: Shape::union_of([&square(0.0), &square(500.0)]),
        incidents,
        streets: vec![
            Street { name: None, line: vec![Bng::new(1.0, 2.0), Bng::new(3.0, 4.5)] },
            Street { name: Some("High Street".into()), line: vec![Bng::new(9.0, 2.0); 3] },
        ],
        snap_points: vec![Bng::new(10.0, 20.0), Bng::new(30.0, 40.0)],
        night: NightBand::default(),
        priorities: Vec::new(),
        context: crate::context::Context::default(),
        venues: Vec::new(),
        meetings: Vec::new(),
        fictional: true,
        provenance: Provenance {
            wardheat: "0.1.0".into(),
            transformation: "none".into(),
            residents: Some("by LSOA".into()),
            files: vec![SourceFile {
                source: "police".into(),
                file: "a.csv".into(),
                sha256: "00".into(),
                rows: 3,
                kept: 3,
                excluded: 0,
                rejected: 0,
            }],
            attribution: vec!["Contains invented data".into()],
            disclosure: None,
        },
        version: String::new(),
    }
}

fn three() -> Vec<Incident> {
    let point = Place::Point { position: Bng::new(120.25, 80.0), precision: Metres::new(100.0) };
    vec![
        incident("police", "2025-01", point),
        incident("police", "2025-02", Place::Nowhere),
        incident("council asb", "2025-01", Place::Outward("TS18".into())),
    ]
}

fn rows(incidents: &Incidents) -> Vec<Incident> {
    (0..incidents.len()).map(|i| incidents.get(i)).collect()
}

#[test]
fn a_file_of_several_row_groups_is_read_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let n = 2 * geoparquet::GROUP_ROWS + 5;
    let mut data = dataset(&[]);
    for i in 0..n {
        let row = incident("police", "2025-01", Place::Nowhere);
        let street = Some(format!("Street {}", i / geoparquet::GROUP_ROWS));
        // More than a dictionary holds, so that some pages have none.
        let lsoa = (i < n - 5).then(|| format!("E{i:020}"));
        data.incidents.push(&Incident { reference: Some(i as u64), street, lsoa, ..row });
    }
    write(folder.path(), &data).unwrap();

    let read = open(folder.path()).unwrap().incidents;

    assert_eq!(read.len(), n);
    assert!((0..n).all(|i| read.reference(i) == Some(i as u64)));
    assert!((0..n - 5).all(|i| read.lsoa(i) == Some(format!("E{i:020}").as_str())));
    assert_eq!(read.lsoa(n - 1), None);
    assert_eq!(
        [0, n / 2, n - 1].map(|i| read.street(i).unwrap().to_owned()),
        ["Street 0", "Street 1", "Street 2"]
    );
    assert!(verify(folder.path()).unwrap().is_empty());
}

/// Every file under `folder` with its bytes, the lock left out.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(content(&path));
        } else if !path.ends_with("_lock") {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

fn one_data_file(folder: &Path) -> PathBuf {
    let is_data = |path: &PathBuf| path.components().any(|c| c.as_os_str() == "month=2025-01");
    content(folder).into_keys().find(is_data).unwrap()
}

#[test]
fn the_whole_dataset_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let written = dataset(&three());

    let version = write(folder.path(), &written).unwrap();
    let read = open(folder.path()).unwrap();

    assert_eq!(read.version, version);
    assert_eq!(read.name, written.name);
    assert_eq!(read.layers, written.layers);
    assert_eq!(read.study_area, written.study_area);
    assert_eq!(read.streets, written.streets);
    assert_eq!(read.snap_points, written.snap_points);
    assert_eq!(read.fictional, written.fictional);
    assert_eq!(read.provenance, written.provenance);
    let [police_1, police_2, council] = <[_; 3]>::try_from(three()).unwrap();
    assert_eq!(rows(&read.incidents), [council, police_1, police_2]);
}

#[test]
fn an_empty_dataset_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = dataset(&[]);
    written.layers.clear();
    written.streets.clear();
    written.snap_points.clear();

    write(folder.path(), &written).unwrap();
    let read = open(folder.path()).unwrap();

    assert!(read.incidents.is_empty());
    assert!(read.layers.is_empty() && read.streets.is_empty() && read.snap_points.is_empty());
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();

    let first = write(one.path(), &dataset(&three())).unwrap();
    let second = pool.install(|| write(two.path(), &dataset(&three()))).unwrap();

    assert_eq!(first, second);
    let relative = |folder: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let strip =
            |(path, bytes): (PathBuf, _)| (path.strip_prefix(folder).unwrap().to_owned(), bytes);
        content(folder).into_iter().map(strip).collect()
    };
    assert_eq!(relative(one.path()), relative(two.path()));
}

#[test]
fn what_a_killed_import_leaves_does_no_harm_and_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let version = write(folder.path(), &dataset(&three())).unwrap();
    let before = content(folder.path());
    // Killed before the manifest: new files, whole and half, lie beside the old ones.
    let month = folder.path().join("source=fire").join("month=2025-01");
    fs::create_dir_all(&month).unwrap();
    fs::write(month.join("0123456789abcdef.parquet"), b"PAR1 half").unwrap();
    let beside = one_data_file(folder.path()).with_file_name("fedcba9876543210.parquet.tmp");
    fs::write(&beside, b"half").unwrap();
    fs::write(folder.path().join("_manifest.json.tmp"), b"{\"format\"").unwrap();

    let read = open(folder.path()).unwrap();

    assert_eq!(read.version, version);
    assert_eq!(read.incidents.len(), 3);

    write(folder.path(), &dataset(&three())).unwrap();

    assert_eq!(content(folder.path()), before);
    assert!(!month.exists());
}

#[test]
fn an_import_that_fails_leaves_the_old_store() {
    let folder = tempfile::tempdir().unwrap();
    let version = write(folder.path(), &dataset(&three())).unwrap();
    // A file where the new source needs a folder.
    fs::write(folder.path().join("source=fire"), b"in the way").unwrap();
    let mut more = three();
    more.push(incident("fire", "2025-01", Place::Nowhere));

    let refused = write(folder.path(), &dataset(&more)).unwrap_err();

    assert!(refused.to_string().contains("source=fire"), "{refused}");
    assert_eq!(open(folder.path()).unwrap().version, version);
}

#[test]
fn a_later_import_replaces_the_store_and_sweeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let first = write(folder.path(), &dataset(&three())).unwrap();
    fs::write(folder.path().join("notes.txt"), b"the user's own").unwrap();
    let old = one_data_file(folder.path());

    let second = write(folder.path(), &dataset(&three()[1..2])).unwrap();

    assert_ne!(first, second);
    assert!(!old.exists());
    assert!(folder.path().join("notes.txt").exists());
    assert_eq!(rows(&open(folder.path()).unwrap().incidents), three()[1..2]);
}

#[test]
fn readers_see_one_store_or_the_other_while_imports_run() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, part) = (dataset(&three()), dataset(&three()[..1]));
    write(folder.path(), &whole).unwrap();

    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..20 {
                write(folder.path(), &part).unwrap();
                write(folder.path(), &whole).unwrap();
            }
        });
        while !writer.is_finished() {
            let seen = open(folder.path()).unwrap().incidents.len();
            assert!(seen == 1 || seen == 3, "{seen} rows are neither store");
        }
    });
}

#[test]
fn nothing_imported_is_said_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();

    let refused = open(&folder.path().join("store")).unwrap_err();

    assert!(refused.to_string().starts_with("no data imported yet"), "{refused}");
    assert!(refused.hint().unwrap().contains("wardheat import"));
}

#[test]
fn a_changed_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &dataset(&three())).unwrap();
    let file = one_data_file(folder.path());
    let mut bytes = fs::read(&file).unwrap();
    bytes[40] ^= 1;
    fs::write(&file, bytes).unwrap();

    let refused = open(folder.path()).unwrap_err();

    assert!(
        matches!(&refused, StoreError::Checksum { file: named, .. } if *named == file),
        "{refused}"
    );
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &dataset(&three())).unwrap();
    let file = one_data_file(folder.path());
    fs::remove_file(&file).unwrap();

    let refused = open(folder.path()).unwrap_err();

    assert!(refused.to_string().contains(file.to_str().unwrap()), "{refused}");
}

#[test]
fn a_newer_format_and_other_json_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest::path(folder.path());
    fs::write(&manifest, r#"{"format":"wardheat-store","format_version":99,"odd":[]}"#).unwrap();

    let newer = open(folder.path()).unwrap_err();
    fs::write(&manifest, "{}").unwrap();
    let other = open(folder.path()).unwrap_err();

    assert!(matches!(newer, StoreError::Newer { found: 99, .. }), "{newer}");
    assert!(matches!(other, StoreError::Manifest { .. }), "{other}");
}

#[test]
fn a_manifest_cannot_name_a_file_outside_the_store() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &dataset(&three())).unwrap();
    let manifest = manifest::path(folder.path());
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("_areas/ward", "../_areas/ward")).unwrap();

    let refused = open(folder.path()).unwrap_err();

    assert!(matches!(refused, StoreError::Outside { .. }), "{refused}");
}

#[test]
fn two_imports_at_once_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _held = files::lock(folder.path()).unwrap();

    let refused = write(folder.path(), &dataset(&three())).unwrap_err();

    assert!(matches!(refused, StoreError::Busy(_)), "{refused}");
}

fn any_place() -> impl Strategy<Value = Place> {
    prop_oneof![
        (-1e6..2e6_f64, -1e6..2e6_f64, 1..20_000_u16).prop_map(|(x, y, metres)| Place::Point {
            position: Bng::new(x, y),
            precision: Metres::new(f64::from(metres)),
        }),
        ".{0,12}".prop_map(Place::Area),
        "[A-Z]{1,2}[0-9]{1,2}".prop_map(Place::Outward),
        Just(Place::Nowhere),
    ]
}

fn any_time() -> impl Strategy<Value = Option<DateTime>> {
    proptest::option::of((1900..2200_i16, 1..=12_i8, 1..=28_i8, 0..24_i8, 0..60_i8).prop_map(
        |(year, month, day, hour, minute)| date(year, month, day).at(hour, minute, 7, 123_456_000),
    ))
}

fn any_incident() -> impl Strategy<Value = Incident> {
    let what = (
        proptest::option::of(any::<u64>()),
        proptest::sample::select(vec!["police", "Council ASB/2", "..", "brand"]),
        0..CRIME_TYPES.len(),
        (2015..2030_i16, 1..=12_i8),
    );
    let text = || proptest::option::of(".{0,20}");
    let rest = (any_place(), text(), text(), text(), any::<u16>());
    (what, any_time(), any_time(), rest).prop_map(|(what, from, to, rest)| Incident {
        reference: what.0,
        source: what.1.to_owned(),
        crime_type: CrimeTypeIdx::from_id(CRIME_TYPES[what.2].id).unwrap(),
        month: Month::new(what.3.0, what.3.1).unwrap(),
        from,
        to,
        place: rest.0,
        ward: rest.1,
        lsoa: rest.2,
        street: rest.3,
        flags: Flags::from_bits(rest.4),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_goes_in_comes_out(all in proptest::collection::vec(any_incident(), 0..60)) {
        let folder = tempfile::tempdir().unwrap();

        write(folder.path(), &dataset(&all)).unwrap();
        let read = open(folder.path()).unwrap();

        let mut sorted = all;
        sorted.sort_by(|a, b| (&a.source, a.month).cmp(&(&b.source, b.month)));
        prop_assert_eq!(rows(&read.incidents), sorted);
    }
}

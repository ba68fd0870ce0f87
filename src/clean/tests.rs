//! Each row of the table of mess (what is found in partners' files) as a test, named after it.

use geo::{MultiPolygon, Rect, coord};

use super::*;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::{Flags, Incident, Place};
use crate::read::{Layouts, LoadedFile, format, resolve_columns, study_area};
use crate::time::NightBand;
use crate::units::{Area, AreaLayer};
use crate::workspace::Source;

fn area(code: &str, name: &str, x: f64, width: f64) -> Area {
    let rect = Rect::new(coord! { x: x, y: 515_000.0 }, coord! { x: x + width, y: 525_000.0 });
    Area {
        code: code.into(),
        name: name.into(),
        shape: Shape::new(MultiPolygon::new(vec![rect.to_polygon()])),
        residents: None,
        households: None,
    }
}

/// Two wards side by side, 10 km by 10 km together.
fn ground() -> Ground {
    let ward = AreaLayer {
        kind: "ward".into(),
        edition: "2024".into(),
        areas: vec![
            area("E05000001", "West End", 440_000.0, 5000.0),
            area("E05000002", "St. Ann's", 445_000.0, 5000.0),
        ],
    };
    let lsoa = AreaLayer {
        kind: "lsoa".into(),
        edition: "2021".into(),
        areas: vec![area("E01000001", "001A", 440_000.0, 10_000.0)],
    };
    let study_area = study_area(&ward);
    Ground::new(&[ward, lsoa], &study_area).unwrap()
}

fn source(profile: &str) -> Source {
    toml::from_str(&format!("id = \"s\"\nprofile = \"{profile}\"\nfiles = [\"f.csv\"]")).unwrap()
}

fn rules(id: &str) -> Rules<'static> {
    let profile = Layouts::known().profile(id).unwrap();
    Rules::new(profile, &source(id), profile.location, NightBand::default(), &[7; 32]).unwrap()
}

/// One file, cleaned in one piece.
fn clean_file(
    table: &RawTable<'_>,
    columns: &Columns,
    rules: &Rules<'_>,
    form: DateForm,
    ground: &Ground,
) -> Result<CleanRows, ReadError> {
    struct Whole<'a>(&'a RawTable<'a>);
    impl Block for Whole<'_> {
        fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
            self.0.rows.each(sink)
        }

        fn bytes(&self) -> usize {
            0
        }
    }
    FileCleaner::new(columns.clone(), rules, form, ground).clean_block(&Whole(table))
}

fn clean_one(id: &str, text: &str, form: DateForm) -> CleanRows {
    let file = LoadedFile::from_bytes("f.csv", text);
    let table = format::open(&file).unwrap();
    let rules = rules(id);
    let columns = resolve_columns(&table, rules.profile, &source(id)).unwrap();
    clean_file(&table, &columns, &rules, form, &ground()).unwrap()
}

/// The files of one source settled together: each then holds what is left of it, by month. Gives
/// what to tell the reader.
fn settle(files: &mut [CleanRows], known: &SourcePatterns) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    // Half in memory, half on disk.
    let spill = Spill::new(folder.path(), 300);
    let rows = SourceRows::new(&spill, known.anonymised);
    for (i, file) in (0..).zip(&*files) {
        rows.put(i, i, file.clone()).unwrap();
    }
    let mut settled = rows.settle().unwrap();
    let stored = Mutex::new(Vec::new());
    let notes = settled
        .each_month::<SpillError>("s", known, |_, months| {
            for some in months {
                let some = some?;
                stored.lock().unwrap().extend((0..some.len()).map(|i| some.get(i)));
            }
            Ok(())
        })
        .unwrap();
    for (file, settled) in files.iter_mut().zip(&settled.files) {
        file.ledger = settled.account.ledger.clone();
    }
    // Records of one reference, month, place and time are alike: any of them may be the one left.
    let mut stored = stored.into_inner().unwrap();
    for file in files.iter_mut().rev() {
        file.kept.retain_mut(|kept| {
            let found = stored.iter().position(|other| is_same(&kept.incident, other));
            found.is_some_and(|at| {
                kept.incident = stored.swap_remove(at);
                true
            })
        });
    }
    assert!(stored.is_empty(), "{} records come from no file", stored.len());
    notes
}

/// The same record but for its marks.
fn is_same(a: &Incident, b: &Incident) -> bool {
    let key = |i: &Incident| {
        let position = match i.place {
            Place::Point { position, .. } => Some(position),
            _ => None,
        };
        (i.reference, i.crime_type, i.month, i.from, i.to, position)
    };
    key(a) == key(b)
}

fn remove_repeats(files: &mut [CleanRows]) {
    settle(files, &SourcePatterns { anonymised: true, ..SourcePatterns::default() });
}

fn mark_patterns(files: &mut [CleanRows], known: &SourcePatterns) -> Vec<String> {
    settle(files, known)
}

fn find_default_places(files: &[CleanRows], anonymised: bool) -> Vec<Bng> {
    let folder = tempfile::tempdir().unwrap();
    let spill = Spill::new(folder.path(), 0);
    let rows = SourceRows::new(&spill, anonymised);
    for (i, file) in (0..).zip(files) {
        rows.put(i, i, file.clone()).unwrap();
    }
    rows.settle().unwrap().default_places()
}

const HEADER: &str = "Crime Ref,Offence Code,Crime Group,Committed From,Committed To,Recorded Date,Easting,Northing,Ward Code,Domestic,Status\n";

/// One police crime with these cells changed: `Easting=4445`.
fn row(changes: &[(&str, &str)]) -> String {
    let mut cells: Vec<(&str, &str)> = HEADER
        .trim_end()
        .split(',')
        .zip([
            "A/1",
            "30A",
            "Burglary",
            "13/04/2025 14:30",
            "13/04/2025 15:00",
            "14/04/2025",
            "444512",
            "519001",
            "E05000001",
            "N",
            "Under investigation",
        ])
        .collect();
    for (name, value) in changes {
        cells.iter_mut().find(|(n, _)| n == name).unwrap().1 = value;
    }
    let quoted: Vec<String> = cells.iter().map(|(_, v)| format!("\"{v}\"")).collect();
    quoted.join(",") + "\n"
}

fn crime(changes: &[(&str, &str)]) -> CleanRows {
    clean_one("police-crime", &format!("{HEADER}{}", row(changes)), DateForm::DayMonthYear)
}

fn point(clean: &CleanRows) -> Option<(f64, f64, f64)> {
    match clean.kept[0].incident.place {
        Place::Point { position, precision } => {
            Some((position.easting(), position.northing(), precision.get()))
        }
        _ => None,
    }
}

#[test]
fn an_ordinary_row_is_kept_whole() {
    let clean = crime(&[]);
    let incident = &clean.kept[0].incident;

    assert_eq!(point(&clean), Some((444_512.0, 519_001.0, 1.0)));
    assert_eq!(incident.ward.as_deref(), Some("E05000001"));
    assert_eq!(incident.lsoa.as_deref(), Some("E01000001"));
    assert_eq!(incident.crime_type.get().id, "burglary");
    assert_eq!(incident.month.to_string(), "2025-04");
    assert_eq!(incident.from.unwrap().to_string(), "2025-04-13T14:30:00");
    assert!(incident.reference.is_some());
    assert_eq!(clean.ledger.tallies().count(), 0);
}

#[test]
fn missing_coordinates_stay_in_ward_counts_if_the_ward_is_given() {
    for nothing in ["", "0", "NULL", "N/A", "-", "999999"] {
        let clean = crime(&[("Easting", nothing), ("Northing", nothing)]);

        assert_eq!(clean.ledger.count(Reason::NoPosition), 1, "{nothing}");
        assert_eq!(clean.kept[0].incident.place, Place::Area("E05000001".into()));
        assert_eq!(clean.kept[0].incident.ward.as_deref(), Some("E05000001"));
    }
    let clean = crime(&[("Easting", ""), ("Northing", ""), ("Ward Code", "")]);
    assert_eq!(clean.kept[0].incident.place, Place::Nowhere);
}

#[test]
fn mixed_precision_is_metres_with_a_precision() {
    let clean = crime(&[("Easting", "4445"), ("Northing", "5190")]);

    assert_eq!(point(&clean), Some((444_550.0, 519_050.0, 100.0)));
    assert_eq!(clean.ledger.count(Reason::ShortPosition), 1);
    assert_eq!(
        point(&crime(&[("Easting", "444,512"), ("Northing", "519,001")])),
        Some((444_512.0, 519_001.0, 1.0))
    );
}

#[test]
fn swapped_easting_and_northing_are_mended_into_the_area_and_logged() {
    let clean = crime(&[("Easting", "519001"), ("Northing", "444512")]);

    assert_eq!(point(&clean), Some((444_512.0, 519_001.0, 1.0)));
    assert_eq!(clean.ledger.count(Reason::SwappedPosition), 1);
}

#[test]
fn degrees_in_grid_columns_are_mended_into_the_area_and_logged() {
    let clean = crime(&[("Easting", "54.565"), ("Northing", "-1.31")]);

    let (easting, northing, _) = point(&clean).unwrap();
    assert!((easting - 444_700.0).abs() < 200.0 && (northing - 519_000.0).abs() < 1500.0);
    assert_eq!(clean.ledger.count(Reason::OtherSystem), 1);
}

const STREET: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n";

fn street(rows: &[&str]) -> CleanRows {
    let text: String =
        std::iter::once(STREET.to_owned()).chain(rows.iter().map(|r| format!("{r}\n"))).collect();
    clean_one("police-uk", &text, DateForm::YearMonth)
}

#[test]
fn a_longitude_without_its_minus_is_mended_into_the_area_and_logged() {
    let clean = street(&["x,2025-01,P,P,1.31,54.565,On or near A Street,,,Burglary,,"]);

    assert_eq!(clean.ledger.count(Reason::LostSign), 1);
    assert_eq!(clean.ledger.kept(), 1);
}

#[test]
fn outside_the_area_is_excluded_and_counted() {
    let clean = crime(&[("Easting", "460000")]);

    assert_eq!(clean.ledger.count(Reason::OutsideArea), 1);
    assert_eq!((clean.ledger.rows(), clean.ledger.kept(), clean.ledger.excluded()), (1, 0, 1));
}

#[test]
fn two_hundred_metres_outside_still_counts_in_the_nearest_ward() {
    let near = crime(&[("Easting", "450200"), ("Ward Code", "")]);
    let far = crime(&[("Easting", "450201")]);

    assert_eq!(near.kept[0].incident.ward.as_deref(), Some("E05000002"));
    assert_eq!(near.ledger.count(Reason::NearestWard), 1);
    assert_eq!(far.ledger.kept(), 0);
}

#[test]
fn on_a_ward_edge_the_first_code_wins() {
    let clean = crime(&[("Easting", "445000"), ("Ward Code", "")]);

    assert_eq!(clean.kept[0].incident.ward.as_deref(), Some("E05000001"));
}

#[test]
fn a_given_ward_that_disagrees_is_reported_and_the_position_wins() {
    let clean = crime(&[("Ward Code", "st anns")]);

    assert_eq!(clean.ledger.count(Reason::WardDisagrees), 1);
    assert_eq!(clean.kept[0].incident.ward.as_deref(), Some("E05000001"));
}

#[test]
fn an_old_ward_name_is_reported() {
    let clean = crime(&[("Ward Code", "Docks (old)"), ("Easting", ""), ("Northing", "")]);

    assert_eq!(clean.ledger.count(Reason::UnknownWard), 1);
    assert_eq!(clean.kept[0].incident.ward, None);
}

#[test]
fn wards_of_an_older_edition_are_those_their_lookup_says() {
    let pairs = [
        ("E05009001", "E05000002"),
        ("Docks", "E05000002"),
        // Split between two of ours: it says nothing.
        ("E05009003", "E05000001"),
        ("E05009003", "E05000002"),
        ("E05009004", "E05999999"),
    ];
    let ground = ground().with_old_wards(pairs);

    assert_eq!(
        ground.ward_named("e05009001").map(|(ward, old)| (ground.ward_code(ward), old)),
        Some(("E05000002", true))
    );
    assert_eq!(ground.ward_named("docks").map(|(ward, _)| ward), Some(1));
    assert_eq!(ground.ward_named("St Anns").map(|(_, old)| old), Some(false));
    assert_eq!(ground.ward_named("E05009003"), None);
    assert_eq!(ground.ward_named("E05009004"), None);
}

#[test]
fn dates_that_mean_nothing_fall_back_to_the_recorded_date() {
    for nothing in ["", "01/01/1900", "31/12/9999", "NULL"] {
        let clean = crime(&[("Committed From", nothing), ("Committed To", "")]);

        assert_eq!(clean.ledger.count(Reason::RecordedUsed), 1, "{nothing}");
        assert!(clean.kept[0].incident.flags.has(Flags::TIME_UNKNOWN));
        assert_eq!(clean.kept[0].incident.month.to_string(), "2025-04");
    }
}

#[test]
fn a_row_without_any_date_is_rejected() {
    let clean = crime(&[("Committed From", ""), ("Committed To", ""), ("Recorded Date", "")]);

    assert_eq!(clean.ledger.count(Reason::NoDate), 1);
}

#[test]
fn a_date_in_another_form_than_its_column_is_rejected() {
    for other in ["45760", "04/13/2025", "soon"] {
        let clean = crime(&[("Committed From", other)]);

        assert_eq!(clean.ledger.count(Reason::UnreadDate), 1, "{other}");
    }
}

#[test]
fn times_in_every_form_and_in_their_own_column() {
    let text = "SR_REFNUM;Date Received;Time;Service;SR_TYPE;Easting;Northing\n1;13/04/2025;2400;ASB;Noise;444512;519001\n2;13/04/2025;1430;ASB;Noise;444512;519001\n3;13/04/2025;2:30 PM;ASB;Noise;444512;519001\n4;13/04/2025;;ASB;Noise;444512;519001\n";

    let clean = clean_one("council-asb", text, DateForm::DayMonthYear);

    let from: Vec<String> =
        clean.kept.iter().map(|k| k.incident.from.unwrap().to_string()).collect();
    assert_eq!(from[0], "2025-04-14T00:00:00");
    assert_eq!(from[1], "2025-04-13T14:30:00");
    assert_eq!(from[2], "2025-04-13T14:30:00");
    assert!(clean.kept[3].incident.flags.has(Flags::TIME_UNKNOWN));
    assert!(!clean.kept[0].incident.flags.has(Flags::TIME_UNKNOWN));
}

#[test]
fn midnight_far_above_its_hours_means_hour_not_known() {
    let rows: String = (0..40)
        .map(|i| {
            let time = if i < 20 { "00:00".to_owned() } else { format!("{:02}:15", i % 24) };
            row(&[
                ("Crime Ref", &format!("A/{i}")),
                ("Committed From", &format!("13/04/2025 {time}")),
            ])
        })
        .collect();
    let mut files =
        vec![clean_one("police-crime", &format!("{HEADER}{rows}"), DateForm::DayMonthYear)];

    let notes = mark_patterns(&mut files, &SourcePatterns { precision: 1.0, ..Default::default() });

    assert!(notes.iter().any(|note| note.contains("00:00")), "{notes:?}");
    assert_eq!(files[0].ledger.count(Reason::TimeUnknown), 20);
}

#[test]
fn from_after_to_loses_its_end_unless_there_are_no_times() {
    let timed = crime(&[("Committed To", "12/04/2025 10:00")]);
    let dated = crime(&[("Committed From", "13/04/2025"), ("Committed To", "12/04/2025")]);

    assert_eq!(timed.ledger.count(Reason::EndBeforeStart), 1);
    assert_eq!(timed.kept[0].incident.to, None);
    assert_eq!(dated.ledger.count(Reason::SpanSwapped), 1);
    assert_eq!(dated.kept[0].incident.from.unwrap().date().day(), 12);
}

#[test]
fn excel_damage_is_read_as_empty() {
    let clean = crime(&[("Crime Ref", "4.2E+11"), ("Easting", "#N/A"), ("Offence Code", "#REF!")]);

    assert_eq!(clean.kept[0].incident.reference, None);
    assert_eq!(clean.ledger.count(Reason::Damaged), 3);
    assert_eq!(clean.ledger.count(Reason::NoPosition), 1);
    assert_eq!(clean.kept[0].incident.crime_type.get().id, "burglary");
}

#[test]
fn unmapped_categories_are_rejected_by_name() {
    let clean = crime(&[("Offence Code", "909/01"), ("Crime Group", "New category 2024")]);

    let (_, tally) = clean.ledger.tallies().find(|(r, _)| *r == Reason::UnmappedCategory).unwrap();
    assert_eq!(tally.examples[0].value, "909/01");
    assert_eq!(clean.ledger.rejected(), 1);
}

#[test]
fn cancelled_and_no_crime_are_excluded() {
    for status in ["No Crime", "NO-CRIME", "Cancelled", "Transferred to other force"] {
        assert_eq!(crime(&[("Status", status)]).ledger.count(Reason::NotCounted), 1, "{status}");
    }
}

#[test]
fn preamble_footer_blank_rows_and_repeated_headers_are_counted_apart() {
    let text = format!(
        "OFFICIAL-SENSITIVE\nCrimes, April 2025\n{HEADER}{}{},,,,,,,,,,\n{HEADER}Total 1,234\n",
        row(&[]),
        row(&[("Crime Ref", "A/2")])
    );

    let clean = clean_one("police-crime", &text, DateForm::DayMonthYear);

    assert_eq!((clean.ledger.rows(), clean.ledger.kept()), (5, 2));
    for reason in [Reason::BlankRow, Reason::RepeatedHeader, Reason::FooterRow] {
        assert_eq!(clean.ledger.count(reason), 1, "{reason:?}");
    }
}

fn repeats(files: &[String]) -> Vec<CleanRows> {
    let mut cleaned: Vec<CleanRows> = files
        .iter()
        .map(|rows| clean_one("police-crime", &format!("{HEADER}{rows}"), DateForm::DayMonthYear))
        .collect();
    remove_repeats(&mut cleaned);
    cleaned
}

#[test]
fn an_exact_duplicate_is_excluded_once() {
    let files = repeats(&[row(&[]) + &row(&[])]);

    assert_eq!(files[0].kept.len(), 1);
    assert_eq!(files[0].ledger.count(Reason::SameRowTwice), 1);
    assert_eq!((files[0].ledger.rows(), files[0].ledger.kept()), (2, 1));
}

#[test]
fn a_newer_extract_replaces_the_record() {
    let files = repeats(&[row(&[]), row(&[("Easting", "446000")])]);

    assert_eq!(files[0].ledger.count(Reason::OlderVersion), 1);
    assert_eq!(files[1].kept.len(), 1);
}

#[test]
fn one_reference_with_two_offences_is_two_offences() {
    let files =
        repeats(&[row(&[]) + &row(&[("Offence Code", "105A"), ("Crime Group", "Violence")])]);

    assert_eq!(files[0].kept.len(), 2);
}

#[test]
fn a_record_cancelled_in_a_newer_extract_no_longer_counts() {
    let files = repeats(&[row(&[]), row(&[("Status", "No crime")])]);

    assert_eq!((files[0].kept.len(), files[1].kept.len()), (0, 0));
    assert_eq!(files[0].ledger.count(Reason::OlderVersion), 1);
}

#[test]
fn a_record_better_classified_in_a_newer_extract_counts_once() {
    let files = repeats(&[row(&[]), row(&[("Offence Code", "105A"), ("Crime Group", "Violence")])]);

    assert_eq!((files[0].kept.len(), files[1].kept.len()), (0, 1));
}

#[test]
fn identical_rows_without_a_reference_all_stay() {
    let asb = ",2025-01,P,P,-1.31,54.565,On or near A Street,,,Anti-social behaviour,,";
    let mut files = vec![street(&[asb, asb])];

    remove_repeats(&mut files);

    assert_eq!(files[0].kept.len(), 2);
    assert_eq!(files[0].ledger.count(Reason::NoReference), 2);
}

#[test]
fn a_domestic_record_never_keeps_its_position() {
    let clean = crime(&[("Domestic", "Y")]);
    let incident = &clean.kept[0].incident;

    assert_eq!(incident.place, Place::Area("E05000001".into()));
    assert_eq!((incident.lsoa.as_ref(), incident.street.as_ref()), (None, None));
    assert!(incident.flags.has(Flags::DOMESTIC));
    assert_eq!(clean.ledger.count(Reason::WardOnly), 1);
}

#[test]
fn a_sexual_offence_never_keeps_its_position() {
    let clean =
        crime(&[("Offence Code", "019/08"), ("Crime Group", "Violence and sexual offences")]);

    assert_eq!(clean.kept[0].incident.place, Place::Area("E05000001".into()));
}

#[test]
fn an_ambulance_call_keeps_the_outward_postcode_and_no_ward() {
    let text = "Call ref\tCall Date\tCall Time\tChief Complaint\tOutward Postcode\tConveyed\nC1\t2025-04-13\t23:10\tAssault\tTS18 1AB\tY\nC2\t2025-04-14\t03:10\tOverdose\tTS19\tN\n";

    let clean = clean_one("ambulance", text, DateForm::Iso);

    assert_eq!(clean.kept[0].incident.place, Place::Outward("TS18".into()));
    assert_eq!(clean.kept[0].incident.ward, None);
    assert_eq!(clean.kept[1].incident.place, Place::Outward("TS19".into()));
}

#[test]
fn a_dwelling_fire_has_its_rounded_position() {
    let text = "IncidentNumber,DateOfCall,TimeOfCall,IncidentGroup,StopCodeDescription,Easting_m,Northing_m,Easting_rounded,Northing_rounded,Notional Cost (£)\n1,2025-04-13,14:30:00,Fire,Primary Fire,NULL,NULL,444550,519050,388\n2,2025-04-13,14:30:00,Fire,Secondary Fire,444512,519001,444550,519050,388\n";

    let clean = clean_one("fire-irs", text, DateForm::Iso);

    assert_eq!(point(&clean), Some((444_550.0, 519_050.0, 100.0)));
    assert!(
        matches!(clean.kept[1].incident.place, Place::Point { precision, .. } if precision.get() < 2.0)
    );
}

#[test]
fn a_name_in_a_kept_column_holds_the_file() {
    let clean = crime(&[("Ward Code", "home of Mrs Smith")]);

    let held = clean.held.unwrap();
    assert_eq!((held.line, held.field, held.sign), (2, Field::Ward, PersonSign::Title));
}

#[test]
fn a_point_with_far_more_than_its_share_is_a_default_place() {
    let kinds = ["30A", "105A", "46", "58A", "92A"];
    let mut rows: String = (0..60)
        .map(|i| {
            row(&[
                ("Crime Ref", &format!("D/{i}")),
                ("Offence Code", kinds[i % 5]),
                ("Easting", "446001"),
            ])
        })
        .collect();
    for i in 0..200 {
        let easting = format!("{}", 440_011 + i * 17);
        rows += &row(&[
            ("Crime Ref", &format!("S/{i}")),
            ("Offence Code", kinds[i % 5]),
            ("Easting", &easting),
        ]);
    }
    let mut files =
        vec![clean_one("police-crime", &format!("{HEADER}{rows}"), DateForm::DayMonthYear)];

    let notes = mark_patterns(&mut files, &SourcePatterns { precision: 1.0, ..Default::default() });

    assert!(notes[0].contains("446001, 519001"), "{notes:?}");
    assert_eq!(files[0].ledger.count(Reason::DefaultPlace), 60);
    assert!(files[0].kept[0].incident.flags.has(Flags::DEFAULT_PLACE));
    assert!(matches!(files[0].kept[0].incident.place, Place::Point { .. }));
}

#[test]
fn a_listed_default_place_is_marked_however_rare() {
    let mut files = vec![crime(&[])];
    let known = SourcePatterns {
        default_places: vec![Bng::new(444_512.0, 519_001.0)],
        precision: 1.0,
        ..SourcePatterns::default()
    };

    mark_patterns(&mut files, &known);

    assert!(files[0].kept[0].incident.flags.has(Flags::DEFAULT_PLACE));
}

#[test]
fn at_a_default_place_the_ward_given_wins_over_the_position() {
    let mut files = vec![crime(&[("Ward Code", "st anns")])];
    let located = files[0].kept[0].incident.ward.clone();
    let known = SourcePatterns {
        default_places: vec![Bng::new(444_512.0, 519_001.0)],
        precision: 1.0,
        ..SourcePatterns::default()
    };

    mark_patterns(&mut files, &known);

    assert_eq!(located.as_deref(), Some("E05000001"));
    assert_eq!(files[0].kept[0].incident.ward.as_deref(), Some("E05000002"));
    assert_eq!(files[0].kept[0].incident.lsoa, None);
}

#[test]
fn a_default_place_of_another_source_is_looked_for_here() {
    let place = Bng::new(446_001.0, 519_001.0);
    let mut rows: String =
        (0..40).map(|i| row(&[("Crime Ref", &format!("D/{i}")), ("Easting", "446001")])).collect();
    for i in 0..60 {
        let easting = format!("{}", 440_011 + i * 17);
        rows += &row(&[("Crime Ref", &format!("S/{i}")), ("Easting", &easting)]);
    }
    let clean =
        || vec![clean_one("police-crime", &format!("{HEADER}{rows}"), DateForm::DayMonthYear)];
    let marked = |suspects: Vec<Bng>| {
        let mut files = clean();
        let known = SourcePatterns { suspects, precision: 1.0, ..SourcePatterns::default() };
        mark_patterns(&mut files, &known);
        files[0].ledger.count(Reason::DefaultPlace)
    };

    assert!(find_default_places(&clean(), false).is_empty(), "one kind alone shows nothing");
    assert_eq!(marked(vec![place]), 40);
    assert_eq!(marked(Vec::new()), 0);
}

#[test]
fn heaped_positions_are_read_as_rounded() {
    let rows: String = (0..100)
        .map(|i| {
            let easting =
                if i < 30 { format!("{}", 440_100 + i * 100) } else { format!("{}", 440_111 + i) };
            let northing = if i < 30 { "519000" } else { "519001" };
            row(&[("Crime Ref", &format!("A/{i}")), ("Easting", &easting), ("Northing", northing)])
        })
        .collect();
    let mut files =
        vec![clean_one("police-crime", &format!("{HEADER}{rows}"), DateForm::DayMonthYear)];

    mark_patterns(&mut files, &SourcePatterns { precision: 1.0, ..Default::default() });

    assert_eq!(files[0].ledger.count(Reason::ShortPosition), 30);
}

#[test]
fn references_are_hashed_with_the_key() {
    let text = format!("{HEADER}{}", row(&[]));
    let file = LoadedFile::from_bytes("f.csv", text);
    let table = format::open(&file).unwrap();
    let hash = |key: u8| {
        let rules = Rules { key: vec![key; 32], ..rules("police-crime") };
        let columns = resolve_columns(&table, rules.profile, &source("police-crime")).unwrap();
        clean_file(&table, &columns, &rules, DateForm::DayMonthYear, &ground()).unwrap().kept[0]
            .incident
            .reference
    };

    assert_eq!(hash(1), hash(1));
    assert_ne!(hash(1), hash(2));
}

mod every_row_is_settled {
    use proptest::prelude::*;

    use super::*;

    const CELLS: &[&str] = &[
        "",
        "0",
        "NULL",
        "#N/A",
        "4.2E+11",
        "444512",
        "519001",
        "4445",
        "5190",
        "-1.31",
        "54.565",
        "NZ 445 190",
        "460000",
        "13/04/2025 14:30",
        "2025-04-13",
        "45760",
        "01/01/1900",
        "30A",
        "999",
        "Burglary",
        "Noise",
        "Y",
        "N",
        "No crime",
        "E05000001",
        "Total",
        "A/1",
        "A/2",
        "Domestic",
    ];

    proptest! {
        #[test]
        fn once(rows in proptest::collection::vec(
            proptest::collection::vec(proptest::sample::select(CELLS), 9..13), 1..40)
        ) {
            let body: String = rows.iter().map(|r| r.join(",") + "\n").collect();
            let text = format!("{HEADER}{}{body}", row(&[]).repeat(40));

            let file = LoadedFile::from_bytes("f.csv", text.as_str());
            let table = format::open(&file).unwrap();
            let mut read = 0;
            table.rows.each(&mut |_| read += 1).unwrap();
            let mut files = vec![clean_one("police-crime", &text, DateForm::DayMonthYear)];
            remove_repeats(&mut files);
            mark_patterns(&mut files, &SourcePatterns { precision: 1.0, ..Default::default() });
            let ledger = &files[0].ledger;

            prop_assert_eq!(ledger.rows(), read);
            prop_assert_eq!(ledger.rows(), ledger.kept() + ledger.excluded() + ledger.rejected());
            prop_assert_eq!(ledger.kept(), files[0].kept.len() as u64);
        }
    }
}

//! Default places and rounded positions.

use super::*;

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

//! Dates, hours and months.

use super::*;

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

/// 2025-04-14 is the last day: itself it counts, and of a month its first day decides.
#[test]
fn nothing_happens_after_the_day_a_file_was_received() {
    let rules = Rules { latest: Some(jiff::civil::date(2025, 4, 14)), ..rules("police-crime") };
    let crime = |changes: &[(&str, &str)]| {
        let text = format!("{HEADER}{}", row(changes));
        clean_by(&rules, "police-crime", &text, DateForm::DayMonthYear)
    };

    let same_day = crime(&[("Committed From", "14/04/2025 23:59"), ("Committed To", "")]);
    let later = crime(&[("Committed From", "15/04/2025 00:00"), ("Committed To", "")]);
    let no_start = crime(&[("Committed From", ""), ("Committed To", "15/04/2025 00:00")]);
    let long_end = crime(&[("Committed To", "15/04/2029 15:00")]);

    assert_eq!((same_day.ledger.kept(), same_day.ledger.count(Reason::FutureDate)), (1, 0));
    assert_eq!(later.ledger.count(Reason::FutureDate), 1);
    assert!(String::from_utf8_lossy(&later.rows.rejects).contains("15/04/2025 00:00"));
    assert_eq!(no_start.ledger.count(Reason::RecordedUsed), 1);
    assert_eq!(long_end.ledger.count(Reason::FutureEnd), 1);
    assert_eq!((long_end.ledger.count(Reason::LongSpan), long_end.kept[0].incident.to), (0, None));
}

#[test]
fn a_month_that_has_not_begun_is_rejected() {
    let text = ["2025-04", "2025-05", "2031-01"]
        .map(|month| format!("a{month},{month},X,X,-1.31,54.565,On or near X,,,Burglary,,\n"));
    let rules = Rules { latest: Some(jiff::civil::date(2025, 4, 14)), ..rules("police-uk") };

    let clean =
        clean_by(&rules, "police-uk", &(STREET.to_owned() + &text.concat()), DateForm::YearMonth);

    assert_eq!((clean.ledger.kept(), clean.ledger.count(Reason::FutureDate)), (1, 2));
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

//! Rows, codes and references.

use super::*;

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
    for status in [
        "No Crime",
        "NO-CRIME",
        "Cancelled",
        "CANCELLED - DUPLICATE",
        "Crime cancelled",
        "No crime recorded",
        "No-crimed",
        "Transferred to other force",
    ] {
        assert_eq!(crime(&[("Status", status)]).ledger.count(Reason::NotCounted), 1, "{status}");
    }
    for status in ["Charged", "Undetected", "No further action", "Transferred to CID", ""] {
        assert_eq!(crime(&[("Status", status)]).ledger.count(Reason::NotCounted), 0, "{status}");
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

#[test]
fn a_name_in_a_kept_column_holds_the_file() {
    let clean = crime(&[("Ward Code", "home of Mrs Smith")]);

    let held = clean.held.as_ref().unwrap();
    assert_eq!((held.line, held.field, held.sign), (2, Field::Ward, PersonSign::Title));
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

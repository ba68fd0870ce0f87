//! The same record twice.

use super::*;

fn repeated(files: &[String]) -> Vec<Cleaned> {
    let mut cleaned: Vec<Cleaned> = files
        .iter()
        .map(|rows| clean_one("police-crime", &format!("{HEADER}{rows}"), DateForm::DayMonthYear))
        .collect();
    remove_repeats(&mut cleaned);
    cleaned
}

#[test]
fn an_exact_duplicate_is_excluded_once() {
    let files = repeated(&[row(&[]) + &row(&[])]);

    assert_eq!(files[0].kept.len(), 1);
    assert_eq!(files[0].ledger.count(Reason::SameRowTwice), 1);
    assert_eq!((files[0].ledger.rows(), files[0].ledger.kept()), (2, 1));
}

#[test]
fn a_newer_extract_replaces_the_record() {
    let files = repeated(&[row(&[]), row(&[("Easting", "446000")])]);

    assert_eq!(files[0].ledger.count(Reason::OlderVersion), 1);
    assert_eq!(files[1].kept.len(), 1);
}

#[test]
fn one_reference_with_two_offences_is_two_offences() {
    let files =
        repeated(&[row(&[]) + &row(&[("Offence Code", "105A"), ("Crime Group", "Violence")])]);

    assert_eq!(files[0].kept.len(), 2);
}

#[test]
fn a_record_cancelled_in_a_newer_extract_no_longer_counts() {
    let files = repeated(&[row(&[]), row(&[("Status", "No crime")])]);

    assert_eq!((files[0].kept.len(), files[1].kept.len()), (0, 0));
    assert_eq!(files[0].ledger.count(Reason::OlderVersion), 1);
}

#[test]
fn a_record_better_classified_in_a_newer_extract_counts_once() {
    let files =
        repeated(&[row(&[]), row(&[("Offence Code", "105A"), ("Crime Group", "Violence")])]);

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

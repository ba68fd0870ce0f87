use super::*;

fn read(text: &str, form: DateForm) -> Result<String, DateFault> {
    parse(text, form).map(|stamp| stamp.moment().unwrap().to_string())
}

fn vote(texts: &[&str]) -> Result<Option<DateForm>, FormError> {
    let mut vote = FormVote::default();
    for text in texts {
        vote.add(text);
    }
    vote.decide()
}

#[test]
fn every_written_form_of_a_date_is_read() {
    for (text, form, wanted) in [
        ("03/04/2018", DateForm::DayMonthYear, "2018-04-03T00:00:00"),
        ("03/04/2018 14:30", DateForm::DayMonthYear, "2018-04-03T14:30:00"),
        ("04/03/2018 2:30 PM", DateForm::MonthDayYear, "2018-04-03T14:30:00"),
        ("3-Apr-18", DateForm::DayMonthName, "2018-04-03T00:00:00"),
        ("3 April 2018 09:05", DateForm::DayMonthName, "2018-04-03T09:05:00"),
        ("April 3, 2018", DateForm::DayMonthName, "2018-04-03T00:00:00"),
        ("Tue 3rd April 2018", DateForm::DayMonthName, "2018-04-03T00:00:00"),
        ("2018-04-03", DateForm::Iso, "2018-04-03T00:00:00"),
        ("2018-04-03T14:30:00Z", DateForm::Iso, "2018-04-03T14:30:00"),
        ("20180403", DateForm::Iso, "2018-04-03T00:00:00"),
        ("43193", DateForm::Serial, "2018-04-03T00:00:00"),
        ("43193.604166667", DateForm::Serial, "2018-04-03T14:30:00"),
        ("03.04.18", DateForm::DayMonthYear, "2018-04-03T00:00:00"),
    ] {
        assert_eq!(read(text, form).as_deref(), Ok(wanted), "{text}");
    }
}

#[test]
fn year_first_and_named_months_are_taken_in_any_column() {
    assert!(read("2018-04-03", DateForm::DayMonthYear).is_ok());
    assert!(read("3-Apr-18", DateForm::MonthDayYear).is_ok());
}

#[test]
fn a_date_in_another_form_than_its_column_is_not_guessed() {
    assert_eq!(read("43193", DateForm::DayMonthYear), Err(DateFault::Unread));
    assert_eq!(read("13/25/2018", DateForm::DayMonthYear), Err(DateFault::Unread));
    assert_eq!(read("03/04/2018", DateForm::Iso), Err(DateFault::Unread));
    assert_eq!(read("31/02/2018", DateForm::DayMonthYear), Err(DateFault::Unread));
}

#[test]
fn dates_that_stand_for_not_known_are_missing() {
    for text in ["", "NULL", "01/01/1900", "31/12/9999", "n/a", "-"] {
        assert_eq!(read(text, DateForm::DayMonthYear), Err(DateFault::Missing), "{text}");
    }
    assert_eq!(read("1", DateForm::Serial), Err(DateFault::Missing));
}

#[test]
fn spreadsheet_damage_is_known_as_such() {
    assert_eq!(read("#N/A", DateForm::Iso), Err(DateFault::Damaged));
    assert!(is_damaged("4.2E+11"));
    assert!(!is_damaged("E+11"));
}

#[test]
fn a_part_above_twelve_decides_the_column() {
    assert_eq!(vote(&["03/04/2018", "25/04/2018"]), Ok(Some(DateForm::DayMonthYear)));
    assert_eq!(vote(&["03/04/2018", "04/25/2018"]), Ok(Some(DateForm::MonthDayYear)));
    assert_eq!(vote(&["2018-04-03"]), Ok(Some(DateForm::Iso)));
    assert_eq!(vote(&["43193", "43194.5"]), Ok(Some(DateForm::Serial)));
    assert_eq!(vote(&["3-Apr-18"]), Ok(Some(DateForm::DayMonthName)));
    assert_eq!(vote(&["2025-01"]), Ok(Some(DateForm::YearMonth)));
    assert_eq!(vote(&["", "NULL"]), Ok(None));
}

#[test]
fn an_ambiguous_column_is_refused() {
    assert_eq!(vote(&["03/04/2018", "05/06/2018"]), Err(FormError::Ambiguous("03/04/2018".into())));
}

#[test]
fn a_mixed_column_is_refused() {
    assert!(matches!(vote(&["25/04/2018", "04/25/2018"]), Err(FormError::Mixed { .. })));
}

#[test]
fn midnight_at_the_end_of_a_day_is_the_next_day() {
    assert_eq!(read("03/04/2018 24:00", DateForm::DayMonthYear).unwrap(), "2018-04-04T00:00:00");
}

#[test]
fn months_are_read_as_police_uk_writes_them() {
    assert_eq!(parse_month("2025-01"), Ok("2025-01".parse().unwrap()));
    assert_eq!(parse_month("Jan-25"), Ok("2025-01".parse().unwrap()));
    assert_eq!(parse_month("1900-01"), Err(DateFault::Missing));
    assert_eq!(parse_month("soon"), Err(DateFault::Unread));
}

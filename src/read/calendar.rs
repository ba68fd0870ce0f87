//! iCalendar diaries (RFC 5545).

use std::collections::HashMap;

use icalendar::{Calendar, Component, Event, EventLike as _};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::meeting::{Kind, Meeting, Recurrence, day};

use super::english::{fault, reason as say};
use super::meetings::{MeetingRows, grid};
use super::{LoadedFile, ReadError};

/// Reads the events of `file`. To-do lists, alarms and free/busy times are left alone.
pub(super) fn read(file: &LoadedFile) -> Result<MeetingRows, ReadError> {
    let broken =
        |message: String| ReadError::Broken { file: file.name.clone(), line: None, message };
    let bytes = file.bytes()?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let at = error.valid_up_to();
        ReadError::NotText { file: file.name.clone(), byte: bytes[at], at }
    })?;
    let calendar: Calendar = text
        .trim_start_matches('\u{feff}')
        .parse()
        .map_err(|error: String| broken(fault::no_calendar(first_line(&error))))?;
    let mut read = MeetingRows::default();
    // Days that a series is moved away from, by its identifier.
    let mut moved: HashMap<&str, Vec<Date>> = HashMap::new();
    for event in calendar.events() {
        let away = event.property_value("RECURRENCE-ID").and_then(day);
        if let (Some(series), Some(day)) = (event.get_uid(), away) {
            moved.entry(series).or_default().push(day);
        }
    }
    for event in calendar.events() {
        read.rows += 1;
        match meeting(event, &moved) {
            Ok(meeting) => read.meetings.push(meeting),
            Err(why) => read.rejected.push((read.rows, why)),
        }
    }
    if read.rows == 0 {
        return Err(ReadError::NoRows(file.name.clone()));
    }
    Ok(read)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn meeting(event: &Event, moved: &HashMap<&str, Vec<Date>>) -> Result<Meeting, String> {
    let title = event.get_summary().map(str::trim).unwrap_or_default().to_owned();
    if title.is_empty() {
        return Err(say::NO_TITLE.to_owned());
    }
    if event.property_value("STATUS").is_some_and(|s| s.eq_ignore_ascii_case("CANCELLED")) {
        return Err(say::cancelled(&title));
    }
    let written = event.property_value("DTSTART").unwrap_or_default();
    let (first, start) = moment(written).ok_or_else(|| say::no_date(&title, written))?;
    let rule = event.property_value("RRULE").unwrap_or_default();
    let mut recurrence: Recurrence = rule.parse().map_err(|error| format!("{title}: {error}"))?;
    let days = |name: &str| -> Vec<Date> {
        let one = event.property_value(name);
        let many = event.multi_properties().get(name);
        let values =
            one.into_iter().chain(many.into_iter().flatten().map(icalendar::Property::value));
        values.flat_map(|value| value.split(',')).filter_map(moment).map(|m| m.0).collect()
    };
    recurrence.except = days("EXDATE");
    recurrence.also = days("RDATE");
    if recurrence.repeats()
        && let Some(away) = event.get_uid().and_then(|uid| moved.get(uid))
    {
        recurrence.except.extend(away);
    }
    // `ORGANIZER` holds an address; only the name of the body beside it is taken.
    let organiser = event
        .properties()
        .get("ORGANIZER")
        .and_then(|organiser| organiser.params().get("CN"))
        .map(|name| name.value().trim_matches('"').to_owned())
        .unwrap_or_default();
    let place = event.property_value("GEO").and_then(|geo| {
        let (lat, lon) = geo.split_once(';')?;
        grid(lon.trim().parse().ok()?, lat.trim().parse().ok()?)
    });
    let kind = event.property_value("CATEGORIES").unwrap_or_default();
    let people = |name| event.property_value(name).and_then(|text| text.trim().parse().ok());
    Ok(Meeting {
        kind: Kind::guess(&format!("{title} {kind}"), &organiser),
        ward: event.property_value("X-WARD").map(str::to_owned),
        venue: event.get_location().map(str::to_owned),
        place,
        first,
        start,
        recurrence,
        open: match event.property_value("CLASS") {
            Some(class) if class.eq_ignore_ascii_case("PUBLIC") => Some(true),
            Some(_) => Some(false),
            None => None,
        },
        audience: people("X-EXPECTED-AUDIENCE"),
        attended: people("X-ATTENDANCE"),
        organiser,
        title,
    })
}

/// Day and time of `20260203`, `20260203T183000` (local) or `20260203T183000Z` (UTC, taken to the
/// clock of London).
fn moment(text: &str) -> Option<(Date, Option<Time>)> {
    let text = text.trim();
    let date = day(text)?;
    let Some((_, time)) = text.split_once('T') else { return Some((date, None)) };
    let utc = time.ends_with('Z');
    let digits = time.trim_end_matches('Z');
    if digits.len() < 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let time = Time::new(digits[..2].parse().ok()?, digits[2..4].parse().ok()?, 0, 0).ok()?;
    if !utc {
        return Some((date, Some(time)));
    }
    let london = TimeZone::get("Europe/London").ok()?;
    let local = date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.with_time_zone(london);
    Some((local.date(), Some(local.time())))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DIARY: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n\
BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:PACT meeting\\, Roseworth\r\n\
DTSTART;TZID=Europe/London:20260203T183000\r\nRRULE:FREQ=MONTHLY;BYDAY=1TU\r\n\
EXDATE;TZID=Europe/London:20260407T183000\r\nLOCATION:Redhill Children's Centre and\r\n  Library\r\n\
ORGANIZER;CN=\"Neighbourhood police\":mailto:someone@example.org\r\nX-WARD:Roseworth\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Europe/London:20260505T183000\r\n\
DTSTAMP:20260101T000000Z\r\nSUMMARY:PACT meeting\\, Roseworth\r\nDTSTART:20260506T173000Z\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:b\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Odd\r\nDTSTART;VALUE=DATE:20260301\r\n\
RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:c\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Off\r\nSTATUS:CANCELLED\r\n\
DTSTART;VALUE=DATE:20260301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn series_moves_and_days_off_are_read_and_addresses_are_not() {
        let read = read(&LoadedFile::from_bytes("d.ics", DIARY)).unwrap();

        assert_eq!(read.rows, 4);
        assert_eq!(read.meetings.len(), 2, "{:?}", read.rejected);
        let series = &read.meetings[0];
        assert_eq!(series.title, "PACT meeting, Roseworth");
        assert_eq!(series.venue.as_deref(), Some("Redhill Children's Centre and Library"));
        assert_eq!(series.organiser, "Neighbourhood police");
        assert_eq!(series.start, Some(Time::constant(18, 30, 0, 0)));
        assert_eq!(
            series.days(date(2026, 2, 1), date(2026, 6, 30)),
            [date(2026, 2, 3), date(2026, 3, 3), date(2026, 6, 2)]
        );
        // 17:30 UTC on 6 May is 18:30 in London.
        assert_eq!(read.meetings[1].first, date(2026, 5, 6));
        assert_eq!(read.meetings[1].start, Some(Time::constant(18, 30, 0, 0)));
        assert!(read.rejected[0].1.contains("BYSETPOS"), "{:?}", read.rejected);
        assert_eq!(read.rejected[1].1, "Off: cancelled");
        assert!(!format!("{read:?}").contains("example.org"));
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        let file = LoadedFile::from_bytes("d.ics", "BEGIN:VCALENDAR\nnonsense");

        assert!(read(&file).is_err());
    }
}

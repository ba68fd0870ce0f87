//! Planned meetings for calendars (iCalendar, RFC 5545) and maps (GeoJSON, RFC 7946).

use std::io::Write;

use jiff::civil::{Date, Time};
use serde_json::json;

use super::ExportError;
use super::english as say;
use super::place::Target;
use crate::crs::Bng;
use crate::workspace::Crs;

/// Octets of a line of iCalendar, its line break apart; longer ones are folded.
const LINE: usize = 75;

/// One planned meeting, in words for the public.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMeeting {
    /// Unique among all plans: the same hall on the same day has the same.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Name and postcode of the hall.
    pub hall: String,
    /// Where the hall is; `None` where that is not known: then it is on no map.
    pub place: Option<Bng>,
    /// Day.
    pub day: Date,
    /// When it starts, local clock; `None` where that is open: then it takes the whole day.
    pub start: Option<Time>,
    /// What it is about, in sentences.
    pub words: String,
}

/// Writes the meetings as one calendar. Nothing in it depends on when it is written: the same plan
/// gives the same bytes, each event stamped with the start of its own day.
///
/// # Errors
///
/// [`ExportError::Io`] if `out` refuses.
pub fn meetings_ics(meetings: &[PlannedMeeting], out: &mut dyn Write) -> Result<(), ExportError> {
    let mut text = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wardheat//meetings//EN"] {
        fold(line, &mut text);
    }
    for meeting in meetings {
        let day = meeting.day.strftime("%Y%m%d");
        let start = match meeting.start {
            Some(start) => format!("DTSTART:{day}T{}", start.strftime("%H%M%S")),
            None => format!("DTSTART;VALUE=DATE:{day}"),
        };
        let lines = [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@wardheat", meeting.id),
            format!("DTSTAMP:{day}T000000Z"),
            start,
            format!("SUMMARY:{}", escaped(&meeting.title)),
            format!("LOCATION:{}", escaped(&meeting.hall)),
            format!("DESCRIPTION:{}", escaped(&meeting.words)),
            "STATUS:TENTATIVE".to_owned(),
            "END:VEVENT".to_owned(),
        ];
        for line in lines {
            fold(&line, &mut text);
        }
    }
    fold("END:VCALENDAR", &mut text);
    out.write_all(text.as_bytes()).map_err(failed)
}

/// Writes the meetings as points in longitude and latitude (WGS 84).
///
/// # Errors
///
/// [`ExportError`] if a hall cannot be put on the map of the world or `out` refuses.
pub fn meetings_geojson(
    meetings: &[PlannedMeeting],
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let places: Vec<Bng> = meetings.iter().filter_map(|meeting| meeting.place).collect();
    let wrong = |source| ExportError::Crs { what: say::PLANNED_MEETINGS.to_owned(), source };
    let target = Target::plane_or(Some(Crs::LonLat)).map_err(wrong)?;
    let mut pairs = target.pairs(&places).map_err(wrong)?.into_iter();
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let features: Vec<_> = meetings
        .iter()
        .map(|meeting| {
            let point = meeting.place.and_then(|_| pairs.next()).map(
                |(lon, lat)| json!({ "type": "Point", "coordinates": [round(lon), round(lat)] }),
            );
            json!({
                "type": "Feature",
                "id": meeting.id,
                "geometry": point,
                "properties": {
                    "title": meeting.title,
                    "hall": meeting.hall,
                    "day": meeting.day.to_string(),
                    "start": meeting.start.map(|start| start.strftime("%H:%M").to_string()),
                    "words": meeting.words,
                },
            })
        })
        .collect();
    let collection = json!({ "type": "FeatureCollection", "features": features });
    writeln!(out, "{collection}").map_err(failed)
}

fn failed(source: std::io::Error) -> ExportError {
    ExportError::Io { what: say::PLANNED_MEETINGS.to_owned(), source }
}

/// Text as a calendar's value.
fn escaped(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    plain.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n")
}

/// Adds a line, folded between characters where it is longer than [`LINE`] octets.
fn fold(line: &str, text: &mut String) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(c);
        used += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_and_unfold_to_themselves() {
        let meeting = PlannedMeeting {
            id: "hall-20260304".into(),
            title: "Meeting; Newtown, and \\ more".into(),
            hall: "Café Hall".into(),
            place: Some(Bng::new(444_500.0, 519_000.0)),
            day: jiff::civil::date(2026, 3, 4),
            start: Some(jiff::civil::time(18, 30, 0, 0)),
            words: "é".repeat(200),
        };
        let mut bytes = Vec::new();

        meetings_ics(&[meeting], &mut bytes).unwrap();

        let text = String::from_utf8(bytes).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(&format!("DESCRIPTION:{}\r\n", "é".repeat(200))));
        assert!(whole.contains("SUMMARY:Meeting\\; Newtown\\, and \\\\ more\r\n"));
        assert!(whole.contains("DTSTART:20260304T183000\r\n"));
    }
}

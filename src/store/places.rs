//! Halls and the diary of meetings to and from GeoParquet files.

use std::path::Path;

use jiff::civil::{Date, Time};

use super::areas::put;
use super::error::StoreError;
use super::files::DataFile;
use super::geoparquet::{Column, Decoded};
use super::incidents::bounds;
use super::wkb;
use crate::meeting::{Kind, Meeting, Recurrence, Venue, VenueFacts};

const VENUES: &str = "message venues {
    REQUIRED BYTE_ARRAY id (STRING);
    REQUIRED BYTE_ARRAY name (STRING);
    OPTIONAL BYTE_ARRAY ward (STRING);
    OPTIONAL BYTE_ARRAY postcode (STRING);
    OPTIONAL BYTE_ARRAY kind (STRING);
    OPTIONAL BYTE_ARRAY owner (STRING);
    OPTIONAL BYTE_ARRAY hours (STRING);
    OPTIONAL INT64 capacity;
    OPTIONAL INT32 step_free;
    OPTIONAL INT32 hearing_loop;
    OPTIONAL INT32 toilet;
    OPTIONAL INT32 parking;
    OPTIONAL INT32 transport;
    OPTIONAL DOUBLE cost;
    OPTIONAL INT32 closed;
    REQUIRED BYTE_ARRAY geometry;
}";

const MEETINGS: &str = "message meetings {
    REQUIRED BYTE_ARRAY title (STRING);
    REQUIRED BYTE_ARRAY organiser (STRING);
    REQUIRED BYTE_ARRAY kind (STRING);
    OPTIONAL BYTE_ARRAY ward (STRING);
    OPTIONAL BYTE_ARRAY venue (STRING);
    REQUIRED BYTE_ARRAY first (STRING);
    OPTIONAL BYTE_ARRAY start (STRING);
    REQUIRED BYTE_ARRAY rule (STRING);
    REQUIRED BYTE_ARRAY except (STRING);
    REQUIRED BYTE_ARRAY also (STRING);
    OPTIONAL INT32 open;
    OPTIONAL INT64 audience;
    OPTIONAL INT64 attended;
    OPTIONAL BYTE_ARRAY geometry;
}";

/// Writes halls; nothing where there are none.
pub(super) fn write_venues(store: &Path, venues: &[Venue]) -> Result<Option<DataFile>, StoreError> {
    if venues.is_empty() {
        return Ok(None);
    }
    let text = |pick: fn(&Venue) -> Option<&str>| Column::texts(venues.iter().map(pick));
    let flag = |pick: fn(&VenueFacts) -> Option<bool>| {
        Column::Int(venues.iter().map(|venue| pick(&venue.facts).map(i32::from)).collect())
    };
    let columns = [
        text(|venue| Some(&venue.id)),
        text(|venue| Some(&venue.name)),
        text(|venue| venue.ward.as_deref()),
        text(|venue| venue.facts.postcode.as_deref()),
        text(|venue| venue.facts.kind.as_deref()),
        text(|venue| venue.facts.owner.as_deref()),
        text(|venue| venue.facts.hours.as_deref()),
        Column::Long(venues.iter().map(|v| v.facts.capacity.map(i64::from)).collect()),
        flag(|facts| facts.step_free),
        flag(|facts| facts.hearing_loop),
        flag(|facts| facts.toilet),
        flag(|facts| facts.parking),
        flag(|facts| facts.transport),
        Column::Real(venues.iter().map(|venue| venue.facts.cost).collect()),
        Column::Int(venues.iter().map(|venue| venue.facts.closed).collect()),
        Column::geometries(venues.iter().map(|venue| Some(wkb::point(venue.place)))),
    ];
    let bounds = bounds(venues.iter().map(|venue| venue.place));
    put(store, "venues", VENUES, "Point", bounds, &columns, venues.len()).map(Some)
}

/// Reads halls.
pub(super) fn read_venues(file: &Path, data: &DataFile) -> Result<Vec<Venue>, StoreError> {
    let input = Decoded::new(file, data.read(file)?)?;
    let (ids, names, wards) = (input.texts("id")?, input.texts("name")?, input.texts("ward")?);
    let (postcodes, kinds) = (input.texts("postcode")?, input.texts("kind")?);
    let (owners, hours) = (input.texts("owner")?, input.texts("hours")?);
    let (capacity, cost) = (input.longs("capacity")?, input.reals("cost")?);
    let flags = ["step_free", "hearing_loop", "toilet", "parking", "transport"].map(|name| {
        let cells = input.ints(name)?.into_iter().map(|cell| cell.map(|n| n != 0));
        Ok::<Vec<Option<bool>>, StoreError>(cells.collect())
    });
    let [step_free, hearing_loop, toilet, parking, transport] = flags;
    let (step_free, hearing_loop, toilet) = (step_free?, hearing_loop?, toilet?);
    let (parking, transport, closed) = (parking?, transport?, input.ints("closed")?);
    let places = input.geometries(wkb::read_point)?;
    let row = |row: usize| {
        Ok(Venue {
            id: input.required(row, "id", ids[row].clone())?,
            name: input.required(row, "name", names[row].clone())?,
            place: input.required(row, "geometry", places[row])?,
            ward: wards[row].clone(),
            facts: VenueFacts {
                postcode: postcodes[row].clone(),
                kind: kinds[row].clone(),
                owner: owners[row].clone(),
                capacity: capacity[row].and_then(|n| u32::try_from(n).ok()),
                step_free: step_free[row],
                hearing_loop: hearing_loop[row],
                toilet: toilet[row],
                parking: parking[row],
                transport: transport[row],
                cost: cost[row],
                hours: hours[row].clone(),
                closed: closed[row],
            },
        })
    };
    (0..ids.len()).map(row).collect()
}

fn days_text(days: &[Date]) -> String {
    days.iter().map(Date::to_string).collect::<Vec<_>>().join(",")
}

/// Writes the diary; nothing where there is none.
pub(super) fn write_meetings(
    store: &Path,
    meetings: &[Meeting],
) -> Result<Option<DataFile>, StoreError> {
    if meetings.is_empty() {
        return Ok(None);
    }
    let text = |pick: &dyn Fn(&Meeting) -> Option<String>| {
        let cells: Vec<Option<String>> = meetings.iter().map(pick).collect();
        Column::texts(cells.iter().map(Option::as_deref))
    };
    let number = |pick: fn(&Meeting) -> Option<u32>| {
        Column::Long(meetings.iter().map(|meeting| pick(meeting).map(i64::from)).collect())
    };
    let columns = [
        text(&|m| Some(m.title.clone())),
        text(&|m| Some(m.organiser.clone())),
        text(&|m| Some(m.kind.id().to_owned())),
        text(&|m| m.ward.clone()),
        text(&|m| m.venue.clone()),
        text(&|m| Some(m.first.to_string())),
        text(&|m| m.start.map(|time| time.strftime("%H:%M").to_string())),
        text(&|m| Some(m.recurrence.rule())),
        text(&|m| Some(days_text(&m.recurrence.except))),
        text(&|m| Some(days_text(&m.recurrence.also))),
        Column::Int(meetings.iter().map(|meeting| meeting.open.map(i32::from)).collect()),
        number(|meeting| meeting.audience),
        number(|meeting| meeting.attended),
        Column::geometries(meetings.iter().map(|meeting| meeting.place.map(wkb::point))),
    ];
    let bounds = bounds(meetings.iter().filter_map(|meeting| meeting.place));
    put(store, "meetings", MEETINGS, "Point", bounds, &columns, meetings.len()).map(Some)
}

/// Reads the diary.
pub(super) fn read_meetings(file: &Path, data: &DataFile) -> Result<Vec<Meeting>, StoreError> {
    let input = Decoded::new(file, data.read(file)?)?;
    let (titles, organisers) = (input.texts("title")?, input.texts("organiser")?);
    let (kinds, wards, venues) =
        (input.texts("kind")?, input.texts("ward")?, input.texts("venue")?);
    let (firsts, starts, rules) =
        (input.texts("first")?, input.texts("start")?, input.texts("rule")?);
    let (except, also, open) = (input.texts("except")?, input.texts("also")?, input.ints("open")?);
    let (audience, attended) = (input.longs("audience")?, input.longs("attended")?);
    let places = input.geometries(wkb::read_point)?;
    let row = |row: usize| {
        let wrong = |column, text: &str| input.wrong(row, column, format!("`{text}`"));
        let day = |column, text: &str| text.parse::<Date>().map_err(|_| wrong(column, text));
        let days = |column, cell: &Option<String>| -> Result<Vec<Date>, StoreError> {
            let text = cell.as_deref().unwrap_or_default();
            text.split(',').filter(|day| !day.is_empty()).map(|text| day(column, text)).collect()
        };
        let first = input.required(row, "first", firsts[row].clone())?;
        let rule = input.required(row, "rule", rules[row].clone())?;
        let mut recurrence: Recurrence = rule.parse().map_err(|_| wrong("rule", &rule))?;
        recurrence.except = days("except", &except[row])?;
        recurrence.also = days("also", &also[row])?;
        let kind = input.required(row, "kind", kinds[row].clone())?;
        let start = starts[row].as_deref();
        Ok(Meeting {
            title: input.required(row, "title", titles[row].clone())?,
            organiser: input.required(row, "organiser", organisers[row].clone())?,
            kind: Kind::from_id(&kind).ok_or_else(|| wrong("kind", &kind))?,
            ward: wards[row].clone(),
            venue: venues[row].clone(),
            place: places[row],
            first: day("first", &first)?,
            start: start
                .map(|text| Time::strptime("%H:%M", text).map_err(|_| wrong("start", text)))
                .transpose()?,
            recurrence,
            open: open[row].map(|n| n != 0),
            audience: audience[row].and_then(|n| u32::try_from(n).ok()),
            attended: attended[row].and_then(|n| u32::try_from(n).ok()),
        })
    };
    (0..titles.len()).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Bng;

    #[test]
    fn halls_and_meetings_read_back_as_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("_areas")).unwrap();
        let facts = VenueFacts {
            capacity: Some(60),
            step_free: Some(false),
            cost: Some(12.5),
            closed: Some(2020),
            ..VenueFacts::default()
        };
        let place = Bng::new(444_500.0, 519_000.0);
        let venues = vec![Venue {
            id: "elm".into(),
            name: "Elm Hall".into(),
            place,
            ward: Some("E05000001".into()),
            facts,
        }];
        let mut recurrence: Recurrence = "FREQ=MONTHLY;BYDAY=2TU".parse().unwrap();
        recurrence.except = vec![jiff::civil::date(2026, 3, 10)];
        let meetings = vec![Meeting {
            title: "PACT".into(),
            organiser: "Police".into(),
            kind: Kind::Other,
            ward: None,
            venue: Some("Elm Hall".into()),
            place: None,
            first: jiff::civil::date(2026, 1, 13),
            start: Some(Time::constant(18, 30, 0, 0)),
            recurrence,
            open: Some(true),
            audience: None,
            attended: Some(14),
        }];

        let venues_file = write_venues(folder.path(), &venues).unwrap().unwrap();
        let meetings_file = write_meetings(folder.path(), &meetings).unwrap().unwrap();

        let at = |file: &DataFile| folder.path().join(&file.path);
        assert_eq!(read_venues(&at(&venues_file), &venues_file).unwrap(), venues);
        assert_eq!(read_meetings(&at(&meetings_file), &meetings_file).unwrap(), meetings);
    }
}

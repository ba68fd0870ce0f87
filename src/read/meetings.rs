//! The diary of meetings: a table, or an iCalendar file.

use std::collections::BTreeMap;

use jiff::civil::Time;

use crate::crs::{Bng, LonLat, lonlat_to_bng};
use crate::meeting::{Kind, Meeting, Recurrence};
use crate::workspace::DateForm;

use super::dates::FormVote;
use super::english::{fault, name, reason as say};
use super::venues::yes_no;
use super::{Layouts, LoadedFile, RawRecord, ReadError, dates, format, times};

/// The entries of a diary, and what became of the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeetingRows {
    /// Entries; their wards are as written and not looked up yet.
    pub meetings: Vec<Meeting>,
    /// Entries read.
    pub rows: u64,
    /// Entries that could not be used: line or number, and why.
    pub rejected: Vec<(u64, String)>,
}

/// Reads the diary in `file`.
///
/// # Errors
///
/// [`ReadError`] if a table has no column of titles or dates, or its dates can be read in two ways;
/// if an iCalendar file is broken.
pub fn read_meetings(file: &LoadedFile, layouts: &Layouts) -> Result<MeetingRows, ReadError> {
    let is_calendar = file.name.to_ascii_lowercase().ends_with(".ics")
        || file.head().starts_with(b"BEGIN:VCALENDAR");
    if is_calendar { super::calendar::read(file) } else { read_table(file, layouts) }
}

fn read_table(file: &LoadedFile, layouts: &Layouts) -> Result<MeetingRows, ReadError> {
    let table = format::open(file)?;
    let columns = Columns(layouts.fields_of("meetings", &table)?);
    let need = |field: &str| {
        columns.get(field).ok_or_else(|| {
            ReadError::no_column(&file.name, field, &table.columns, name::LAYOUT_OF_MEETINGS)
        })
    };
    let (title, date) = (need("title")?, need("date")?);
    let mut vote = FormVote::default();
    table.rows.each(&mut |row| {
        if row.fault.is_none() {
            vote.add(row.get(date));
        }
    })?;
    let form = vote.decide().map_err(|error| ReadError::Broken {
        file: file.name.clone(),
        line: None,
        message: fault::dates_of_diary(error),
    })?;
    let form = form.unwrap_or(DateForm::Iso);
    let mut read = MeetingRows::default();
    table.rows.each(&mut |row| {
        if row.fault.is_some() {
            return;
        }
        read.rows += 1;
        match columns.meeting(row, title, date, form) {
            Ok(meeting) => read.meetings.push(meeting),
            Err(why) => read.rejected.push((row.line, why)),
        }
    })?;
    if read.rows == 0 {
        return Err(ReadError::NoRows(file.name.clone()));
    }
    Ok(read)
}

/// Which column holds which field, by the layouts of meetings. Every other column is left unread:
/// diaries carry names, addresses and telephone numbers of organisers.
struct Columns(BTreeMap<&'static str, usize>);

impl Columns {
    fn get(&self, field: &str) -> Option<usize> {
        self.0.get(field).copied()
    }

    fn meeting(
        &self,
        row: &RawRecord<'_>,
        title: usize,
        date: usize,
        form: DateForm,
    ) -> Result<Meeting, String> {
        let text = |field| {
            let text = row.get(self.get(field)?);
            (!text.is_empty()).then(|| text.to_owned())
        };
        let title = row.get(title).to_owned();
        if title.is_empty() {
            return Err(say::NO_TITLE.to_owned());
        }
        let written = row.get(date);
        let stamp =
            dates::parse(written, form).map_err(|_| say::not_in_form(&title, written, form))?;
        let recurrence = text("recurrence").unwrap_or_default();
        let recurrence = Recurrence::of_series(&recurrence, stamp.date)
            .map_err(|error| format!("{title}: {error}"))?;
        let organiser = text("organiser").unwrap_or_default();
        let people = |field| text(field).and_then(|cell| cell.replace(',', "").parse().ok());
        let kind = match text("type") {
            Some(kind) => Kind::guess(&kind, &organiser),
            None => Kind::guess(&title, &organiser),
        };
        Ok(Meeting {
            kind,
            ward: text("ward"),
            venue: text("venue"),
            place: None,
            first: stamp.date,
            start: text("start")
                .and_then(|cell| times::minutes(&cell))
                .or(stamp.minutes)
                .and_then(time_of),
            recurrence,
            open: text("public").and_then(|cell| yes_no(&cell)),
            audience: people("audience"),
            attended: people("attended"),
            organiser,
            title,
        })
    }
}

/// Minutes after midnight as a time of day; 24:00 is none.
fn time_of(minutes: u16) -> Option<Time> {
    Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()
}

/// A position in degrees on the grid, if it is one in Great Britain.
pub(super) fn grid(lon: f64, lat: f64) -> Option<Bng> {
    lonlat_to_bng(LonLat::new(lon, lat)?).ok()
}

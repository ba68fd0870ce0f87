//! Candidate halls from any table: the libraries' basic dataset, or a council's own list.

use std::collections::{BTreeMap, BTreeSet};

use geo::Centroid as _;

use crate::crs::{Bng, working};
use crate::meeting::{Venue, VenueFacts};
use crate::time::WEEKDAYS;
use crate::workspace::Crs;

use super::english::{name, reason as say};
use super::position::{Owner, to_bng};
use super::{Layouts, LoadedFile, RawRecord, RawTable, ReadError, choose_crs, format};

/// Days of the libraries' dataset, a column of opening times each.
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The halls of a file, and what became of the other rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VenueRows {
    /// Halls with a name and a position; their wards are not looked up yet.
    pub venues: Vec<Venue>,
    /// Rows read.
    pub rows: u64,
    /// Rows that could not be used: line, and why.
    pub rejected: Vec<(u64, String)>,
    /// Cells that say something which is neither yes nor no, nor a number: line, column, text.
    pub unread: Vec<(u64, String)>,
}

/// Reads the halls of `file`.
///
/// # Errors
///
/// [`ReadError`] if there is no column of names or of positions, one is cut short and could be two,
/// or positions are in another system than stated.
pub fn read_venues(
    file: &LoadedFile,
    declared: Option<Crs>,
    layouts: &Layouts,
) -> Result<VenueRows, ReadError> {
    let table = format::open(file)?;
    let columns = Columns::of(&table, layouts)?;
    let key = name::LAYOUT_OF_VENUES;
    let name = columns
        .get("name")
        .ok_or_else(|| ReadError::no_column(&file.name, "name", &table.columns, key))?;
    let (position, crs) = match columns.position() {
        Some((x, y, true)) => (Some((x, y)), Crs::Bng),
        Some((x, y, false)) => (Some((x, y)), Crs::LonLat),
        None => (None, choose_crs(table.crs, declared)),
    };
    let mut read = VenueRows::default();
    let mut found: Vec<(u64, String, (f64, f64), VenueFacts)> = Vec::new();
    table.rows.each(&mut |row| {
        if row.fault.is_some() {
            return;
        }
        read.rows += 1;
        let named = row.get(name);
        let at = match position {
            Some((x, y)) => number(row.get(x)).zip(number(row.get(y))),
            None => point(row),
        };
        match at {
            _ if named.is_empty() => read.rejected.push((row.line, say::NO_NAME.to_owned())),
            None => read.rejected.push((row.line, say::no_position(named))),
            Some(at) => {
                let facts = columns.facts(row, &mut read.unread);
                found.push((row.line, named.to_owned(), at, facts));
            }
        }
    })?;
    if read.rows == 0 {
        return Err(ReadError::NoRows(file.name.clone()));
    }
    let is_stated = position.is_some() || table.crs.or(declared).is_some();
    let crs = match found.first() {
        Some((_, _, pair, _)) if !is_stated => likely(*pair),
        _ => crs,
    };
    let mut taken = BTreeSet::new();
    for (line, name, pair, facts) in found {
        let owner = Owner { file: &file.name, what: name::venue(&name) };
        // One wrong pair is one wrong row here; a whole file in another system shows as none kept.
        match to_bng(&owner, &[pair], crs) {
            Ok(places) => {
                let place: Bng = places[0];
                read.venues.push(Venue {
                    id: id(&name, &mut taken),
                    name,
                    place,
                    ward: None,
                    facts,
                });
            }
            Err(error) if read.rejected.is_empty() && read.venues.is_empty() => return Err(error),
            Err(error) => read.rejected.push((line, error.to_string())),
        }
    }
    Ok(read)
}

/// A name for addresses that no earlier hall has.
fn id(name: &str, taken: &mut BTreeSet<String>) -> String {
    let words = super::words_key(name);
    let plain: String =
        words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let plain = if plain.is_empty() { "venue".to_owned() } else { plain };
    let mut id = plain.clone();
    let mut n = 2;
    while !taken.insert(id.clone()) {
        id = format!("{plain}-{n}");
        n += 1;
    }
    id
}

/// The point of a feature, or the middle of its outline.
fn point(row: &RawRecord<'_>) -> Option<(f64, f64)> {
    let shape = geo_types::Geometry::<f64>::try_from(row.geometry?.clone()).ok()?;
    shape.centroid().map(|middle| (middle.x(), middle.y()))
}

/// The coordinate system of geometries where neither file nor workspace says: metres are no degrees.
fn likely(pair: (f64, f64)) -> Crs {
    let is_degrees = pair.0.abs() <= 180.0 && pair.1.abs() <= 90.0;
    if is_degrees || !working().is_national_grid() { Crs::LonLat } else { Crs::Bng }
}

fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '£')).collect();
    plain.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// Yes, no, or nothing that is either.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "1" | "x" | "full" | "free" => Some(true),
        "n" | "no" | "false" | "0" | "none" => Some(false),
        _ => None,
    }
}

/// Which column holds which field.
struct Columns {
    fields: BTreeMap<&'static str, usize>,
    days: Vec<(&'static str, usize)>,
}

impl Columns {
    /// By the layouts of venues. Every other column is left unread: lists of halls carry names and
    /// telephone numbers of caretakers.
    fn of(table: &RawTable<'_>, layouts: &Layouts) -> Result<Self, ReadError> {
        let fields = layouts.fields_of("venues", table)?;
        let day = |(day, shown)| Some((shown, table.column(&format!("{day} opening times"))?));
        Ok(Self { fields, days: DAYS.into_iter().zip(WEEKDAYS).filter_map(day).collect() })
    }

    fn get(&self, field: &str) -> Option<usize> {
        self.fields.get(field).copied()
    }

    /// Columns of a position, and whether they are in metres.
    fn position(&self) -> Option<(usize, usize, bool)> {
        let pair = |x, y| self.get(x).zip(self.get(y));
        pair("easting", "northing")
            .map(|(x, y)| (x, y, true))
            .or_else(|| pair("longitude", "latitude").map(|(x, y)| (x, y, false)))
    }

    fn facts(&self, row: &RawRecord<'_>, unread: &mut Vec<(u64, String)>) -> VenueFacts {
        let text = |field| {
            let text = row.get(self.get(field)?);
            (!text.is_empty()).then(|| text.to_owned())
        };
        let mut note = |field: &str, cell: &str| {
            unread.push((row.line, format!("{field} `{cell}`")));
        };
        let mut flag = |field| {
            let cell = text(field)?;
            let read = yes_no(&cell);
            if read.is_none() {
                note(field, &cell);
            }
            read
        };
        let (step_free, hearing_loop) = (flag("step-free"), flag("hearing-loop"));
        let (toilet, parking, transport) = (flag("toilet"), flag("parking"), flag("bus"));
        let mut amount = |field| {
            let cell = text(field)?;
            let read = number(&cell).filter(|n| *n >= 0.0);
            if read.is_none() {
                note(field, &cell);
            }
            read
        };
        let (capacity, cost) = (amount("capacity"), amount("cost"));
        VenueFacts {
            postcode: text("postcode"),
            kind: text("type"),
            owner: text("owner"),
            capacity: capacity.map(|n| n.min(f64::from(u32::MAX)) as u32),
            step_free,
            hearing_loop,
            toilet,
            parking,
            transport,
            cost,
            hours: text("hours").or_else(|| self.open_days(row)),
            closed: text("closed").and_then(|cell| closed_year(&cell)),
        }
    }

    /// Opening times of each day that has some: `Mon AM & PM, Tue Closed`.
    fn open_days(&self, row: &RawRecord<'_>) -> Option<String> {
        let said: Vec<String> = self
            .days
            .iter()
            .map(|(day, column)| (day, row.get(*column)))
            .filter(|(_, times)| !times.is_empty())
            .map(|(day, times)| format!("{day} {}", times.to_lowercase()))
            .collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

/// The year in a cell of a closing year or date; a bare yes stands for the year 0: closed, not known
/// when.
fn closed_year(cell: &str) -> Option<i32> {
    let digits: Vec<&str> = cell.split(|c: char| !c.is_ascii_digit()).collect();
    let year = digits.iter().find(|part| part.len() == 4).and_then(|part| part.parse().ok());
    year.or_else(|| (yes_no(cell) == Some(true)).then_some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> VenueRows {
        read_venues(&LoadedFile::from_bytes("v.csv", text), None, Layouts::known()).unwrap()
    }

    #[test]
    fn a_council_list_is_read_and_what_it_does_not_say_is_unknown() {
        let rows = read(
            "Venue,Postcode,Easting,Northing,Seats,Step-free,Hearing loop,Hire cost,Caretaker\n\
             Elm Hall,TS18 1AA,444500,519000,120,Y,,£14.50,Mr Smith\n\
             Elm Hall,,444600,519100,,maybe,N,,\n,,1,2,,,,,\nOak Hall,,,,,,,,\n",
        );

        assert_eq!(rows.rows, 4);
        assert_eq!(rows.venues.len() + rows.rejected.len(), 4);
        assert_eq!(rows.venues[0].facts.cost, Some(14.5));
        assert_eq!(rows.venues[0].facts.step_free, Some(true));
        assert_eq!(rows.venues[0].facts.hearing_loop, None);
        assert_eq!(rows.venues[1].id, "elm-hall-2");
        assert_eq!(rows.venues[1].facts.step_free, None);
        assert_eq!(rows.unread, [(3, "step-free `maybe`".to_owned())]);
        assert!(
            rows.rejected.iter().any(|(line, why)| *line == 5 && why == "Oak Hall: no position")
        );
        assert!(!format!("{rows:?}").contains("Smith"));
    }

    #[test]
    fn the_libraries_dataset_gives_closed_years_and_opening_times() {
        let rows = read(
            "Name,Type,Postcode,Easting,Northing,Longitude,Latitude,Year closed,Monday opening times,\
             Tuesday opening times\n\
             Roseworth,Static Library,TS19 9BX,442538,521363,-1.34,54.58,2020,AM & PM,Closed\n",
        );

        assert_eq!(rows.venues[0].facts.closed, Some(2020));
        assert_eq!(rows.venues[0].facts.hours.as_deref(), Some("Mon am & pm, Tue closed"));
    }

    #[test]
    fn degrees_are_read_where_there_are_no_metres() {
        let rows = read("name,lat,lon\nHall,54.57,-1.32\n");

        assert!((rows.venues[0].place.easting() - 444_000.0).abs() < 1_000.0);
    }

    #[test]
    fn a_list_without_names_is_refused_with_its_columns() {
        let file = LoadedFile::from_bytes("v.csv", "where,x,y\na,1,2\n");

        let refused = read_venues(&file, None, Layouts::known()).unwrap_err().to_string();

        assert!(refused.contains("has no column for `name`") && refused.contains("where"));
    }
}

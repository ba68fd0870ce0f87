//! Incidents as stored, for programs that read no Parquet.
//!
//! What the location rules took away is not in the store, and so not here either. References are
//! keyed hashes and stay in the workspace: they are left out.

use std::io::{self, Write};

use rusqlite::types::Value as Cell;

use super::ExportError;
use super::english as say;
use super::package::{Kind, Package, Table};
use super::place::{Target, extent};
use crate::crs::Bng;
use crate::incident::Incidents;
use crate::quantity::Metres;
use crate::store::{Dataset, wkb};
use crate::workspace::Crs;

const WHAT: &str = "incidents";

/// Columns of every form, and what they hold.
const COLUMNS: [(&str, Kind); 12] = [
    ("source", Kind::Text),
    ("crime_type", Kind::Text),
    ("month", Kind::Text),
    ("time_from", Kind::Text),
    ("time_to", Kind::Text),
    ("precision_m", Kind::Real),
    ("area", Kind::Text),
    ("outward", Kind::Text),
    ("ward", Kind::Text),
    ("lsoa", Kind::Text),
    ("street", Kind::Text),
    ("flags", Kind::Whole),
];

fn cells(all: &Incidents, i: usize) -> [Cell; 12] {
    let text = |text: Option<&str>| text.map_or(Cell::Null, |text| Cell::Text(text.to_owned()));
    let (from, to) = all.span(i);
    let time = |time: Option<jiff::civil::DateTime>| {
        time.map_or(Cell::Null, |time| Cell::Text(time.to_string()))
    };
    [
        text(Some(all.source(i))),
        text(Some(all.crime_type(i).get().id)),
        Cell::Text(all.month(i).to_string()),
        time(from),
        time(to),
        all.precision(i).map(Metres::get).map_or(Cell::Null, Cell::Real),
        text(all.area(i)),
        text(all.outward(i)),
        text(all.ward(i)),
        text(all.lsoa(i)),
        text(all.street(i)),
        Cell::Integer(i64::from(all.flags(i).bits())),
    ]
}

/// Writes the incidents as a `GeoPackage`: a layer `incidents` of points in `crs` (on the working
/// plane, EPSG:27700 in Great Britain, where it is `None`), and a table `incidents_without_point` of
/// those that have none.
///
/// # Errors
///
/// [`ExportError::Io`] if `out` refuses, [`ExportError::Crs`] if there is no way to `crs`.
pub fn incidents_gpkg(
    data: &Dataset,
    crs: Option<Crs>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let refused = |source: io::Error| ExportError::Io { what: WHAT.to_owned(), source };
    let no_way = |source| ExportError::Crs { what: WHAT.to_owned(), source };
    let all = &data.incidents;
    let (points, others): (Vec<usize>, Vec<usize>) =
        (0..all.len()).partition(|&i| all.position(i).is_some());
    let target = Target::plane_or(crs).map_err(no_way)?;
    let positions: Vec<Bng> = points.iter().filter_map(|&i| all.position(i)).collect();
    let pairs = target.pairs(&positions).map_err(no_way)?;
    let extent = extent(pairs.iter().copied());
    let description = say::incidents(&data.name, &data.version, &data.provenance.attribution);
    let row = |i: usize| cells(all, i).into_iter().collect::<Vec<_>>();
    let with_point = points.iter().zip(&pairs).map(|(&i, &pair)| (Some(wkb::pair(pair)), row(i)));
    let table = |name, title, geometry, extent| Table {
        name,
        title,
        description: &description,
        geometry,
        columns: &COLUMNS,
        extent,
    };
    let written = Package::new(&target.srs()).and_then(|mut package| {
        let with = table(WHAT, say::INCIDENTS, Some("POINT"), extent);
        package.table(&with, with_point)?;
        let without = table("incidents_without_point", say::INCIDENTS_WITHOUT_POINT, None, None);
        package.table(&without, others.iter().map(|&i| (None, row(i))))?;
        package.bytes()
    });
    let bytes = written.map_err(|error| refused(io::Error::other(error)))?;
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(refused)
}

/// Writes the incidents as CSV: the columns of the `GeoPackage` with easting and northing (longitude
/// and latitude, if `crs` is in degrees) before them, empty where there is no point.
///
/// # Errors
///
/// [`ExportError::Io`] if `out` refuses, [`ExportError::Crs`] if there is no way to `crs`.
pub fn incidents_csv(
    data: &Dataset,
    crs: Option<Crs>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let refused =
        |error: csv::Error| ExportError::Io { what: WHAT.to_owned(), source: error.into() };
    let mut lines = csv::Writer::from_writer(out);
    let no_way = |source| ExportError::Crs { what: WHAT.to_owned(), source };
    let target = Target::plane_or(crs).map_err(no_way)?;
    let position =
        if target.is_degrees() { ["longitude", "latitude"] } else { ["easting", "northing"] };
    let all = &data.incidents;
    let positions: Vec<Bng> = (0..all.len()).filter_map(|i| all.position(i)).collect();
    let mut pairs = target.pairs(&positions).map_err(no_way)?.into_iter();
    let names = position.into_iter().chain(COLUMNS.iter().map(|(name, _)| *name));
    lines.write_record(names).map_err(refused)?;
    for i in 0..all.len() {
        let pair = all.position(i).and_then(|_| pairs.next());
        let number = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
        let mut row = vec![number(pair.map(|(x, _)| x)), number(pair.map(|(_, y)| y))];
        row.extend(cells(all, i).into_iter().map(|cell| match cell {
            Cell::Text(text) => super::csv::guarded(&text).into_owned(),
            Cell::Real(number) => number.to_string(),
            Cell::Integer(whole) => whole.to_string(),
            Cell::Null | Cell::Blob(_) => String::new(),
        }));
        lines.write_record(row).map_err(refused)?;
    }
    lines.flush().map_err(|source| ExportError::Io { what: WHAT.to_owned(), source })
}

//! Incidents of one source and month to and from a GeoParquet file.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::error::StoreError;
use super::files::{self, DataFile};
use super::geoparquet::{self, Column, Decoded};
use super::manifest::IncidentFile;
use super::wkb;
use crate::crs::{Bng, grid_ref};
use crate::geometry::Bounds;
use crate::incident::{CrimeTypeIdx, Flags, Incident, Incidents, Place};
use crate::quantity::Metres;
use crate::time::Month;

/// Source and month are in the path, as Hive has it: engines that read the folder as one table
/// refuse a column that is in both.
///
/// - `reference`: keyed hash of the publisher's reference.
/// - `time_from`, `time_to`: local clock, no zone.
/// - `place_kind`: `point`, `area`, `outward` or `nowhere`; says which of the next ones are set.
/// - `cell100`: the 100 m square of the National Grid, such as `NZ445190`.
/// - `flags`: bits of [`Flags`].
const SCHEMA: &str = "message incidents {
    OPTIONAL INT64 reference (INTEGER(64,false));
    REQUIRED BYTE_ARRAY crime_type (STRING);
    OPTIONAL INT64 time_from (TIMESTAMP(MICROS,false));
    OPTIONAL INT64 time_to (TIMESTAMP(MICROS,false));
    REQUIRED BYTE_ARRAY place_kind (STRING);
    OPTIONAL BYTE_ARRAY geometry;
    OPTIONAL DOUBLE precision_m;
    OPTIONAL BYTE_ARRAY cell100 (STRING);
    OPTIONAL BYTE_ARRAY area (STRING);
    OPTIONAL BYTE_ARRAY outward (STRING);
    OPTIONAL BYTE_ARRAY ward (STRING);
    OPTIONAL BYTE_ARRAY lsoa (STRING);
    OPTIONAL BYTE_ARRAY street (STRING);
    REQUIRED INT32 flags (INTEGER(16,false));
}";

/// Rows of one source and month.
pub(super) type Group<'a> = ((&'a str, Month), Vec<usize>);

/// From and to times of one incident.
type Span = (Option<DateTime>, Option<DateTime>);

/// Rows of each source and month, in their order.
pub(super) fn by_source_and_month(all: &Incidents) -> Vec<Group<'_>> {
    let mut groups = BTreeMap::<_, Vec<usize>>::new();
    for row in 0..all.len() {
        groups.entry((all.source(row), all.month(row))).or_default().push(row);
    }
    groups.into_iter().collect()
}

/// Writes the rows of one source and month.
pub(super) fn write(
    store: &Path,
    (source, month): (&str, Month),
    all: &Incidents,
    rows: &[usize],
) -> Result<IncidentFile, StoreError> {
    let place = format!("source={}/month={month}/", files::hive(source));
    let folder = store.join(&place);
    let each = || rows.iter().copied();
    let time = |column: &'static str, pick: fn(Span) -> Option<DateTime>| {
        let cells = rows.iter().enumerate().map(|(row, &i)| {
            pick(all.span(i)).map(micros).transpose().map_err(|error| StoreError::Value {
                file: folder.clone(),
                row: row + 1,
                column,
                problem: error.to_string(),
            })
        });
        cells.collect::<Result<_, _>>().map(Column::Long)
    };
    let columns = [
        Column::Long(each().map(|i| all.reference(i).map(u64::cast_signed)).collect()),
        Column::texts(each().map(|i| Some(all.crime_type(i).get().id))),
        time("time_from", |span| span.0)?,
        time("time_to", |span| span.1)?,
        Column::texts(each().map(|i| Some(place_kind(all, i)))),
        Column::geometries(each().map(|i| all.position(i).map(wkb::point))),
        Column::Real(each().map(|i| all.precision(i).map(Metres::get)).collect()),
        Column::texts(
            each()
                .map(|i| all.position(i).and_then(grid_ref::cell100))
                .collect::<Vec<_>>()
                .iter()
                .map(Option::as_deref),
        ),
        Column::texts(each().map(|i| all.area(i))),
        Column::texts(each().map(|i| all.outward(i))),
        Column::texts(each().map(|i| all.ward(i))),
        Column::texts(each().map(|i| all.lsoa(i))),
        Column::texts(each().map(|i| all.street(i))),
        Column::Int(each().map(|i| Some(i32::from(all.flags(i).bits()))).collect()),
    ];
    let bounds = bounds(each().filter_map(|i| all.position(i)));
    let bytes = geoparquet::encode(SCHEMA, "Point", bounds, &columns)
        .map_err(StoreError::parquet(&folder))?;
    drop(columns);
    let file = files::put(store, &place, rows.len(), &bytes)?;
    Ok(IncidentFile { source: source.to_owned(), month: month.to_string(), file })
}

/// The smallest box round all `positions`.
pub(super) fn bounds(positions: impl Iterator<Item = Bng>) -> Option<Bounds> {
    positions.map(|p| Bounds { min: p, max: p }).reduce(Bounds::union)
}

fn place_kind(all: &Incidents, i: usize) -> &'static str {
    if all.position(i).is_some() {
        "point"
    } else if all.area(i).is_some() {
        "area"
    } else if all.outward(i).is_some() {
        "outward"
    } else {
        "nowhere"
    }
}

fn micros(time: DateTime) -> Result<i64, jiff::Error> {
    Ok(Offset::UTC.to_timestamp(time)?.as_microsecond())
}

fn local(micros: i64) -> Result<DateTime, jiff::Error> {
    Ok(Offset::UTC.to_datetime(Timestamp::from_microsecond(micros)?))
}

/// The rows of one file.
pub(super) fn read(
    file: &Path,
    source: &str,
    month: Month,
    data: &DataFile,
) -> Result<Incidents, StoreError> {
    let input = Decoded::new(file, data.read(file)?)?;
    let mut references = input.longs("reference")?.into_iter();
    let mut kinds = input.texts("place_kind")?.into_iter();
    let mut positions = input.geometries(wkb::read_point)?.into_iter();
    let mut precisions = input.reals("precision_m")?.into_iter();
    let mut areas = input.texts("area")?.into_iter();
    let mut outwards = input.texts("outward")?.into_iter();
    let mut wards = input.texts("ward")?.into_iter();
    let mut lsoas = input.texts("lsoa")?.into_iter();
    let mut streets = input.texts("street")?.into_iter();
    let mut flags = input.ints("flags")?.into_iter();
    let mut starts = input.longs("time_from")?.into_iter();
    let mut ends = input.longs("time_to")?.into_iter();
    let mut all = Incidents::default();
    for (row, crime_type) in input.texts("crime_type")?.into_iter().enumerate() {
        let crime_type = input.required(row, "crime_type", crime_type)?;
        let time = |column, cell: Option<Option<i64>>| {
            let time = cell.flatten().map(local).transpose();
            time.map_err(|error| input.wrong(row, column, error.to_string()))
        };
        let (position, precision) = (positions.next().flatten(), precisions.next().flatten());
        let (area, outward) = (areas.next().flatten(), outwards.next().flatten());
        let kind = input.required(row, "place_kind", kinds.next().flatten())?;
        let place = match kind.as_str() {
            "point" => Place::Point {
                position: input.required(row, "geometry", position)?,
                precision: Metres::new(input.required(row, "precision_m", precision)?),
            },
            "area" => Place::Area(input.required(row, "area", area)?),
            "outward" => Place::Outward(input.required(row, "outward", outward)?),
            "nowhere" => Place::Nowhere,
            other => {
                let problem = format!("unknown kind of place `{other}`");
                return Err(input.wrong(row, "place_kind", problem));
            }
        };
        let bits = input.required(row, "flags", flags.next().flatten())?;
        let bits = u16::try_from(bits)
            .map_err(|_| input.wrong(row, "flags", format!("{bits} is not 16 bits")))?;
        all.push(&Incident {
            reference: references.next().flatten().map(i64::cast_unsigned),
            source: source.to_owned(),
            crime_type: CrimeTypeIdx::from_id(&crime_type).ok_or_else(|| {
                input.wrong(row, "crime_type", format!("unknown crime type `{crime_type}`"))
            })?,
            month,
            from: time("time_from", starts.next())?,
            to: time("time_to", ends.next())?,
            place,
            ward: wards.next().flatten(),
            lsoa: lsoas.next().flatten(),
            street: streets.next().flatten(),
            flags: Flags::from_bits(bits),
        });
    }
    Ok(all)
}

//! GeoPackage: one layer of a SQLite file (OGC 12-128).

use std::borrow::Cow;
use std::io::Read as _;

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, params};

use super::super::encoding::Encoding;
use super::super::english::{hint, name, unread};
use super::super::record::{RawRecord, RawTable, Rows};
use super::super::{LoadedFile, ReadError, listed};
use super::Format;
use super::features::{broken, plain_number, plain_time, send, stated_crs, table};
use super::{geopackage_view, wkb};
use crate::workspace::Crs;

/// Layers of features, and tables without geometry.
pub(super) struct GeoPackage;

const SQLITE: &[u8] = b"SQLite format 3\0";

impl Format for GeoPackage {
    fn id(&self) -> &'static str {
        "gpkg"
    }

    fn label(&self) -> &'static str {
        name::GEOPACKAGE
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(SQLITE)
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let connection = connect(file)?;
        let layer = choose(file, &connection)?;
        let (geometry, crs) = geometry_column(file, &connection, &layer)?;
        let sql = format!("SELECT * FROM \"{}\"", layer.replace('"', "\"\""));
        let is_view = kind(file, &connection, &layer)? == Some(Kind::View);
        if is_view {
            geopackage_view::limit(file, &connection)?;
            geopackage_view::check(file, &connection, &layer, &sql)?;
        }
        let statement = connection.prepare(&sql).map_err(|e| wrong(file, &e))?;
        let names: Vec<String> =
            statement.column_names().iter().map(|name| (*name).to_owned()).collect();
        let geometry = geometry.and_then(|name| names.iter().position(|n| *n == name));
        let columns = names.iter().enumerate().filter(|(i, _)| Some(*i) != geometry);
        let columns = columns.map(|(_, name)| name.clone()).collect();
        let rows = LayerRows { file, sql, is_view, n_columns: names.len(), geometry };
        table(self.id(), Encoding::Utf8, file, columns, crs, rows)
    }
}

struct LayerRows<'a> {
    file: &'a LoadedFile,
    sql: String,
    is_view: bool,
    n_columns: usize,
    geometry: Option<usize>,
}

impl Rows for LayerRows<'_> {
    fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
        let file = self.file;
        let connection = connect(file)?;
        if self.is_view {
            geopackage_view::limit(file, &connection)?;
        }
        let mut statement = connection.prepare(&self.sql).map_err(|e| wrong(file, &e))?;
        let mut found = statement.query([]).map_err(|e| wrong(file, &e))?;
        for number in 1.. {
            let Some(row) = found.next().map_err(|e| wrong(file, &e))? else { break };
            let mut cells: Vec<Cow<'static, str>> = Vec::with_capacity(self.n_columns);
            let mut shape = None;
            for i in 0..self.n_columns {
                let value = row.get_ref(i).map_err(|e| wrong(file, &e))?;
                if Some(i) == self.geometry {
                    if let ValueRef::Blob(blob) = value {
                        shape = geometry_of(blob).map_err(|e| broken(file, Some(number), e))?;
                    }
                } else {
                    cells.push(text(value).into());
                }
            }
            send(sink, number, &cells, shape.as_ref());
        }
        Ok(())
    }
}

fn wrong(file: &LoadedFile, error: &rusqlite::Error) -> ReadError {
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => {
            "it takes longer to read than a file of its size can: it is damaged".to_owned()
        }
        Some(ErrorCode::TooBig) => "it has a cell that is larger than the file".to_owned(),
        _ => error.to_string(),
    };
    broken(file, None, message)
}

fn connect(file: &LoadedFile) -> Result<Connection, ReadError> {
    let mut start = [0; 16];
    let plain = std::fs::File::open(&file.path)
        .and_then(|mut open| open.read_exact(&mut start))
        .is_ok_and(|()| start == SQLITE);
    let refused = |what: &str, hint| ReadError::Refused {
        file: file.name.clone(),
        what: what.to_owned(),
        hint,
    };
    if !plain {
        return Err(refused(unread::PACKED_GEOPACKAGE, hint::UNPACK_GEOPACKAGE));
    }
    let mut waiting = file.path.as_os_str().to_owned();
    waiting.push("-wal");
    if std::fs::metadata(&waiting).is_ok_and(|waiting| waiting.len() > 0) {
        return Err(refused(unread::UNWRITTEN_CHANGES, hint::CLOSE_THE_PROGRAM));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&file.path, flags)
        .map_err(|error| broken(file, None, error.to_string()))?;
    // What the file's schema computes may not run functions of its own, nor be longer than the file
    // is; and what is sorted is not written to a temporary file.
    let longest = file.size().clamp(LEAST_LENGTH, i32::MAX as u64);
    let mut steps = LEAST_STEPS + file.size().saturating_mul(STEPS_PER_BYTE);
    let watch = move || {
        steps = steps.saturating_sub(u64::from(STEPS.unsigned_abs()));
        steps == 0
    };
    connection
        .execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;",
        )
        .and_then(|()| connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, longest as i32).map(drop))
        .map_err(|error| wrong(file, &error))?;
    connection.progress_handler(STEPS, Some(watch));
    for name in ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"] {
        only_a_table(file, &connection, name)?;
    }
    Ok(connection)
}

/// Longest text or geometry that is read from the smallest file.
const LEAST_LENGTH: u64 = 1 << 20;
/// Steps of SQLite's machine between two looks at what is left.
const STEPS: i32 = 10_000;
/// Steps that the smallest file may take: about a second. A damaged file can go round in circles.
const LEAST_STEPS: u64 = 50_000_000;
/// ... and more of them for each byte: a cell takes two or three.
const STEPS_PER_BYTE: u64 = 20;

/// What a name of the schema stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    View,
    /// A table that a module of SQLite makes up.
    Virtual,
}

/// What is called `name`, if anything.
fn kind(file: &LoadedFile, connection: &Connection, name: &str) -> Result<Option<Kind>, ReadError> {
    let sql = "SELECT type, rootpage > 0 FROM sqlite_master WHERE name = ?1 COLLATE NOCASE AND type \
               IN ('table', 'view')";
    let found = connection
        .query_row(sql, params![name], |row| {
            Ok(match (row.get::<_, String>(0)?.as_str(), row.get(1)?) {
                ("view", _) => Kind::View,
                (_, true) => Kind::Table,
                _ => Kind::Virtual,
            })
        })
        .optional();
    found.map_err(|e| broken(file, None, format!("it is no GeoPackage ({e})")))
}

/// Refuses what is called `name` if it is computed by the file: reading it could take any time and
/// memory.
fn only_a_table(file: &LoadedFile, connection: &Connection, name: &str) -> Result<(), ReadError> {
    match kind(file, connection, name)? {
        None | Some(Kind::Table) => Ok(()),
        Some(Kind::View) => Err(geopackage_view::refused(file, name, unread::VIEW)),
        Some(Kind::Virtual) => Err(geopackage_view::refused(file, name, unread::VIRTUAL_TABLE)),
    }
}

/// The layer asked for, or the only one.
fn choose(file: &LoadedFile, connection: &Connection) -> Result<String, ReadError> {
    let mut layers: Vec<String> = Vec::new();
    let sql = "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') \
               LIMIT 1001";
    let found = connection.prepare(sql).and_then(|mut statement| {
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        for name in names {
            layers.push(name?);
        }
        Ok(())
    });
    found.map_err(|error| {
        broken(file, None, format!("it is a SQLite file, but no GeoPackage ({error})"))
    })?;
    if layers.len() > 1000 {
        return Err(broken(file, None, "the GeoPackage has more than 1,000 layers"));
    }
    layers.sort();
    let refused = |what: String| ReadError::Refused {
        file: file.name.clone(),
        what,
        hint: hint::NAME_THE_LAYER,
    };
    let plain = |layer: String| match kind(file, connection, &layer)? {
        Some(Kind::Virtual) => only_a_table(file, connection, &layer).map(|()| layer),
        _ => Ok(layer),
    };
    match (&file.part, layers.as_slice()) {
        (Some(part), _) if layers.contains(part) => plain(part.clone()),
        (Some(part), _) => Err(refused(unread::no_such_layer(part, &listed(&layers)))),
        (None, [only]) => plain(only.clone()),
        (None, []) => Err(broken(file, None, "the GeoPackage has no layer")),
        (None, _) => Err(refused(unread::several_layers(&listed(&layers)))),
    }
}

/// Name of the layer's geometry column and its coordinate system.
fn geometry_column(
    file: &LoadedFile,
    connection: &Connection,
    layer: &str,
) -> Result<(Option<String>, Option<Crs>), ReadError> {
    let wrong = |error: rusqlite::Error| wrong(file, &error);
    let sql = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1";
    let found = connection
        .query_row(sql, params![layer], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))
        .optional()
        .map_err(wrong)?;
    let Some((column, srs)) = found else { return Ok((None, None)) };
    // -1 and 0 are the standard's own words for "not known".
    if srs <= 0 {
        return Ok((Some(column), None));
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM \
               gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let known = connection
        .query_row(sql, params![srs], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        })
        .optional()
        .map_err(wrong)?;
    let Some((organization, code, definition)) = known else {
        return Err(ReadError::UnknownCrs {
            file: file.name.clone(),
            crs: format!("srs_id {srs}"),
        });
    };
    let by_code = Crs::from_name(&format!("{}:{code}", organization.to_ascii_uppercase()));
    let crs = by_code.map_or_else(|| stated_crs(file, &definition), Ok)?;
    Ok((Some(column), Some(crs)))
}

/// The geometry in a GeoPackage blob: a header of its own, then well-known binary.
fn geometry_of(blob: &[u8]) -> Result<Option<geojson::GeometryValue>, String> {
    let [b'G', b'P', _, flags, ..] = blob else {
        return Err("its geometry does not start with `GP`".to_owned());
    };
    if flags & 0b10_0000 != 0 {
        return Err("its geometry is of an extension that is not read".to_owned());
    }
    if flags & 0b1_0000 != 0 {
        return Ok(None);
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("its geometry has an envelope of kind {other}")),
    };
    wkb::read(blob.get(8 + envelope..).ok_or("its geometry ends too early")?)
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(whole) => whole.to_string(),
        ValueRef::Real(number) => plain_number(number),
        ValueRef::Text(bytes) => plain_time(String::from_utf8_lossy(bytes).into_owned()),
    }
}

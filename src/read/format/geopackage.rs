//! GeoPackage: one layer of a SQLite file (OGC 12-128).

use std::borrow::Cow;
use std::io::Read as _;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use super::super::encoding::Encoding;
use super::super::record::RawTable;
use super::super::{LoadedFile, ReadError};
use super::Format;
use super::features::{Row, broken, plain_number, plain_time, stated_crs, table};
use super::wkb;
use crate::workspace::Crs;

/// Layers of features, and tables without geometry.
pub(super) struct GeoPackage;

const SQLITE: &[u8] = b"SQLite format 3\0";

impl Format for GeoPackage {
    fn id(&self) -> &'static str {
        "gpkg"
    }

    fn label(&self) -> &'static str {
        "GeoPackage, one layer"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        head.starts_with(SQLITE)
    }

    fn open<'a>(&self, file: &'a LoadedFile) -> Result<RawTable<'a>, ReadError> {
        let connection = connect(file)?;
        let wrong = |error: rusqlite::Error| broken(file, None, error.to_string());
        let layer = choose(file, &connection)?;
        let (geometry, crs) = geometry_column(file, &connection, &layer)?;
        let sql = format!("SELECT * FROM \"{}\"", layer.replace('"', "\"\""));
        let mut statement = connection.prepare(&sql).map_err(wrong)?;
        let names: Vec<String> =
            statement.column_names().iter().map(|name| (*name).to_owned()).collect();
        let at = geometry.as_ref().and_then(|name| names.iter().position(|n| n == name));
        let columns: Vec<String> = names
            .iter()
            .enumerate()
            .filter(|(i, _)| Some(*i) != at)
            .map(|(_, n)| n.clone())
            .collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut found = statement.query([]).map_err(wrong)?;
        while let Some(row) = found.next().map_err(wrong)? {
            let number = rows.len() as u64 + 1;
            let mut cells: Vec<Cow<'static, str>> = Vec::with_capacity(columns.len());
            let mut shape = None;
            for i in 0..names.len() {
                let value = row.get_ref(i).map_err(wrong)?;
                if Some(i) == at {
                    if let ValueRef::Blob(blob) = value {
                        shape = geometry_of(blob).map_err(|e| broken(file, Some(number), e))?;
                    }
                } else {
                    cells.push(text(value).into());
                }
            }
            rows.push((cells, shape));
        }
        table(self.id(), Encoding::Utf8, file, columns, crs, rows)
    }
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
        let what = "a packed GeoPackage";
        return Err(refused(what, "unpack it first: a GeoPackage is read in place"));
    }
    let mut waiting = file.path.as_os_str().to_owned();
    waiting.push("-wal");
    if std::fs::metadata(&waiting).is_ok_and(|waiting| waiting.len() > 0) {
        let what = "a GeoPackage with changes that are not yet written into it (a -wal file)";
        return Err(refused(what, "close the program that edits it, and try again"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&file.path, flags)
        .map_err(|error| broken(file, None, error.to_string()))?;
    // Views and triggers of the file may not run functions of their own.
    connection
        .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        .map_err(|error| broken(file, None, error.to_string()))?;
    Ok(connection)
}

/// The layer asked for, or the only one.
fn choose(file: &LoadedFile, connection: &Connection) -> Result<String, ReadError> {
    let mut layers: Vec<String> = Vec::new();
    let sql = "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') \
               ORDER BY table_name";
    let listed = connection.prepare(sql).and_then(|mut statement| {
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        for name in names {
            layers.push(name?);
        }
        Ok(())
    });
    listed.map_err(|error| {
        broken(file, None, format!("it is a SQLite file, but no GeoPackage ({error})"))
    })?;
    let refused = |what: String| ReadError::Refused {
        file: file.name.clone(),
        what,
        hint: "name the layer after the file: `wards.gpkg#wards_2024`",
    };
    match (&file.part, layers.as_slice()) {
        (Some(part), _) if layers.contains(part) => Ok(part.clone()),
        (Some(part), _) => Err(refused(format!(
            "a GeoPackage without a layer `{part}` (it has: {})",
            layers.join(", ")
        ))),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(broken(file, None, "the GeoPackage has no layer")),
        (None, _) => {
            Err(refused(format!("a GeoPackage of several layers ({})", layers.join(", "))))
        }
    }
}

/// Name of the layer's geometry column and its coordinate system.
fn geometry_column(
    file: &LoadedFile,
    connection: &Connection,
    layer: &str,
) -> Result<(Option<String>, Option<Crs>), ReadError> {
    let wrong = |error: rusqlite::Error| broken(file, None, error.to_string());
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

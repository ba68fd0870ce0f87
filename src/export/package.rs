//! A `GeoPackage` being written (OGC 12-128r19): a SQLite file with tables of a set form.
//!
//! The same rows give the same bytes: no clock is asked, and pages are filled in one order.

use rusqlite::types::Value;
use rusqlite::{Connection, MAIN_DB, ToSql, params, params_from_iter};

use super::place::Srs;

/// EPSG:27700 as a `GeoPackage` wants it (WKT 1).
const NATIONAL_GRID: &str = r#"PROJCS["OSGB36 / British National Grid",GEOGCS["OSGB36",DATUM["Ordnance_Survey_of_Great_Britain_1936",SPHEROID["Airy 1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4277"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",49],PARAMETER["central_meridian",-2],PARAMETER["scale_factor",0.9996012717],PARAMETER["false_easting",400000],PARAMETER["false_northing",-100000],UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","27700"]]"#;

const DEGREES: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]"#;

const SCHEMA: &str = "
PRAGMA page_size = 4096;
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));";

/// Written where the standard asks for a time: the same data give the same bytes.
const NO_TIME: &str = "1970-01-01T00:00:00.000Z";

/// Kinds of cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Whole,
    Real,
    Flag,
}

impl Kind {
    const fn sql(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Whole => "INTEGER",
            Self::Real => "DOUBLE",
            Self::Flag => "BOOLEAN",
        }
    }
}

/// One table to come.
pub(super) struct Table<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    /// Kind of geometry, such as `POINT`; `None` for a table without.
    pub(super) geometry: Option<&'static str>,
    pub(super) columns: &'a [(&'a str, Kind)],
    /// West, south, east and north of its geometries.
    pub(super) extent: Option<[f64; 4]>,
}

/// A file being written, in memory.
pub(super) struct Package {
    connection: Connection,
    srs: i32,
}

impl Package {
    /// An empty file whose geometries will be in `srs`.
    pub(super) fn new(srs: &Srs) -> rusqlite::Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        let undefined = "undefined";
        for (name, id, organization, definition) in [
            ("Undefined Cartesian SRS", -1, "NONE", undefined),
            ("Undefined geographic SRS", 0, "NONE", undefined),
            ("WGS 84", 4326, "EPSG", DEGREES),
            ("OSGB36 / British National Grid", 27700, "EPSG", NATIONAL_GRID),
        ] {
            connection.execute(
                "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, NULL)",
                params![name, id, organization, definition],
            )?;
        }
        connection.execute(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, NULL)",
            params![srs.name, srs.id, srs.organization, srs.definition],
        )?;
        Ok(Self { connection, srs: srs.id })
    }

    /// Writes a table with its rows: geometry (well-known binary) and cells of each.
    pub(super) fn table(
        &mut self,
        table: &Table<'_>,
        rows: impl Iterator<Item = (Option<Vec<u8>>, Vec<Value>)>,
    ) -> rusqlite::Result<()> {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
        let mut names = Vec::new();
        if let Some(geometry) = table.geometry {
            columns.push(format!("geom {geometry}"));
            names.push("geom".to_owned());
        }
        for (name, kind) in table.columns {
            columns.push(format!("{} {}", quoted(name), kind.sql()));
            names.push(quoted(name));
        }
        let place = quoted(table.name);
        let number = self.srs;
        let change = self.connection.transaction()?;
        change.execute(&format!("CREATE TABLE {place} ({})", columns.join(", ")), [])?;
        let data_type = if table.geometry.is_some() { "features" } else { "attributes" };
        let srs = table.geometry.map(|_| number);
        let edge = |side: usize| table.extent.map(|extent| extent[side]);
        change.execute(
            "INSERT INTO gpkg_contents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                table.name,
                data_type,
                table.title,
                table.description,
                NO_TIME,
                edge(0),
                edge(1),
                edge(2),
                edge(3),
                srs
            ],
        )?;
        if let Some(geometry) = table.geometry {
            change.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
                params![table.name, geometry, number],
            )?;
        }
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {place} ({}) VALUES ({marks})", names.join(", "));
        {
            let mut insert = change.prepare(&sql)?;
            for (geometry, cells) in rows {
                let blob = geometry.map_or(Value::Null, |wkb| Value::Blob(blob(&wkb, number)));
                let first = table.geometry.map(|_| blob);
                let all = first.iter().chain(&cells).map(|cell| cell as &dyn ToSql);
                insert.execute(params_from_iter(all))?;
            }
        }
        change.commit()
    }

    /// The bytes of the file.
    pub(super) fn bytes(&self) -> rusqlite::Result<Vec<u8>> {
        Ok(self.connection.serialize(MAIN_DB)?.to_vec())
    }
}

/// Well-known binary behind the header of a `GeoPackage`: no envelope, little-endian.
fn blob(wkb: &[u8], srs: i32) -> Vec<u8> {
    let mut blob = Vec::with_capacity(8 + wkb.len());
    blob.extend([b'G', b'P', 0, 1]);
    blob.extend(srs.to_le_bytes());
    blob.extend(wkb);
    blob
}

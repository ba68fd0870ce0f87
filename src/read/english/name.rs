//! Names of formats and encodings, of columns that are wanted, and of what has a place.

use std::fmt::Display;

pub const DELIMITED: &str =
    "Delimited text (comma, semicolon, tab, bar, caret, tilde, unit separator), plain or gzipped";
pub const GEOJSON: &str = "GeoJSON feature collection or sequence, plain or gzipped";
pub const GEOPACKAGE: &str = "GeoPackage, one layer";
pub const PARQUET: &str = "Parquet and GeoParquet";
pub const ODS: &str = "OpenDocument spreadsheet (ods), values of one visible sheet";
pub const SHAPEFILE: &str = "Shapefile (the .shp, with .dbf, .prj and .cpg beside it)";
pub const XLSX: &str = "Excel workbook (xlsx), values of one visible sheet";

// Columns that are wanted.
pub const CODE_COLUMN: &str =
    "the code of wards or LSOAs, such as WD24CD or LSOA21CD, different in every row";
pub const POPULATION_COLUMN: &str = "residents, households or workday population";
pub const POSITION_COLUMNS: &str = "easting and northing, or longitude and latitude";
pub const LAYOUT_OF_VENUES: &str = "a layout of venues in mapping/";
pub const LAYOUT_OF_MEETINGS: &str = "a layout of meetings in mapping/";

// Harm weights, where the file has no better name.
pub const CAMBRIDGE_INDEX: &str = "Cambridge Crime Harm Index";
pub const HARM_WEIGHTS: &str = "harm weights";
pub const DAYS_OF_IMPRISONMENT: &str = "days of imprisonment";
pub const WEIGHT: &str = "weight";

// What has a position or an outline, in errors about it.
pub const INTERVENTION: &str = "an intervention";
pub const PLACE: &str = "a place";
pub const SNAP_POINT: &str = "a snap point";

pub fn street(name: Option<&str>) -> String {
    format!("street {}", name.unwrap_or("without name"))
}

pub fn venue(name: &str) -> String {
    format!("venue {name}")
}

pub fn place(id: &str) -> String {
    format!("place {id}")
}

pub fn area(code: &str, name: &str) -> String {
    format!("{code} ({name})")
}

/// From one coordinate system to another, by a method.
pub fn transformation(from: &str, to: &str, by: impl Display) -> String {
    format!("{from} to {to} by {by}")
}

/// What stands for a text that shows a person.
pub fn not_shown(sign: &str) -> String {
    format!("(not shown: {sign})")
}

/// The last of several names between which one has to choose.
pub fn or(others: &str, last: &str) -> String {
    format!("{others} or {last}")
}

/// What stands at the end of a list of names that is cut short.
pub fn more(n: usize) -> String {
    format!(", ... and {n} more")
}

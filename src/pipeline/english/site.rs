//! A published site: its page, and what its script shows.

use crate::layer::words::counted;

pub const HEAT: &str = "Heat";
pub const WARDS: &str = "Wards";
pub const HOTSPOTS: &str = "Hotspots";
pub const RATE_BY_LSOA: &str = "Rate by LSOA";

pub const SHOWN: &str = "Shown on the map";
pub const MAP: &str = "Map. The tables below have the same figures.";
pub const PICTURE: &str = "Map of heat and hotspots. The tables below have the same figures.";
pub const DATA: &str = "The data";
pub const DATA_PAGE: &str = "What was read, what was wrong with it and what is missing";
pub const HOW_MADE: &str = "How it was made";
pub const FILES: &str = "Files";
pub const ABOUT_FILES: &str = "GeoJSON and CSV for any program; .pmtiles are map tiles that QGIS, GDAL and \
     MapLibre read from this address, part by part.";
pub const NO_VALUE: &str = "–";

/// For whom the site is, and whose the data are.
pub fn made_for(audience: &str, attribution: &str) -> String {
    format!("Made for: {audience}. {attribution}")
}

fn rows(n: usize) -> String {
    counted(n as i64, "row", "rows")
}

/// What opens a table.
pub fn table(title: &str, n_rows: usize) -> String {
    format!("{title}: {}", rows(n_rows))
}

/// Rows of a table that the page does not show.
pub fn without_figure(n_rows: usize) -> String {
    format!("{} without a figure: in the file alone.", rows(n_rows))
}

pub const fn flag(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

//! Files of places: boundaries, populations, streets, snap points, and what must not be shown.

use serde::Deserialize;

use super::Crs;

/// One boundary file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AreaFile {
    /// Id of the kind: `ward` or `lsoa`.
    pub kind: String,
    /// Path from the workspace.
    pub file: String,
    /// Column of the code.
    pub code: String,
    /// Column of the name.
    pub name: String,
    /// Edition of the boundaries, such as `2024`.
    #[serde(default)]
    pub edition: String,
    /// Coordinate system, where the file states none.
    pub crs: Option<Crs>,
}

/// One population file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PopulationFile {
    /// Kind of area its rows are about.
    pub kind: String,
    /// Path from the workspace.
    pub file: String,
    /// Column of the area's code.
    pub code: String,
    /// Column of usual residents.
    pub residents: Option<String>,
    /// Column of households.
    pub households: Option<String>,
    /// Column of the workday population: who is there on a working day.
    pub workday: Option<String>,
}

/// Street centre lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StreetFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the street's name.
    pub name: Option<String>,
    /// Coordinate system, where the file states none.
    pub crs: Option<Crs>,
}

/// Snap points or addresses: where an incident can be recorded at all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SnapPointFile {
    /// Path from the workspace.
    pub file: String,
    /// Column of the easting or longitude.
    pub x: String,
    /// Column of the northing or latitude.
    pub y: String,
    /// Coordinate system of the two.
    pub crs: Crs,
}

/// Places that must not be shown: within the distance a record is kept by ward only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MaskFile {
    /// Path from the workspace; the file is read and never copied.
    pub file: String,
    /// Column of the easting or longitude.
    pub x: String,
    /// Column of the northing or latitude.
    pub y: String,
    /// Coordinate system of the two.
    pub crs: Crs,
    /// Distance in metres; 250 where absent.
    pub metres: Option<f64>,
}

/// A file that later steps read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedFile {
    /// Path from the workspace.
    pub file: String,
}

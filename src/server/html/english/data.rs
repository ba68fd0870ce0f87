//! The page of the data: where they came from, and where there is no report on them.

use crate::layer::words::counted;

pub const PAGE: &str = "Data quality";
pub const NO_REPORT: &str = "No report on these data is kept.";
/// Before and after the command that writes one.
pub const WRITE_ONE: [&str; 2] = ["Every import writes one: run ", " and start again."];
pub const MADE_SAFE: &str = "These figures were made safe to show before they came here.";
pub const ORIGIN: &str = "Last import, provenance and licences";
pub const IMPORTED: &str = "Last import";
pub const PROGRAM: &str = "Imported by";
pub const VERSION: &str = "Version of the data";
pub const POSITIONS: &str = "Positions";
pub const RESIDENTS: &str = "Residents of wards";
pub const LICENCES: &str = "Licences and credit";
pub const NO_LICENCE: &str = "None is stated: ask whoever gave you the data before you publish.";
pub const FILES: &str = "Files read";
pub const FILE: &str = "File";
pub const USED_AS: &str = "Used as";
pub const ROWS: &str = "Rows";

/// Where the report is not for this audience.
pub fn for_analysts(audience: &str) -> String {
    format!(
        "What is shown here was made for the {audience}: small counts and exact places are left out. \
         The report on the quality of the data is for analysts."
    )
}

pub fn files(n: usize) -> String {
    format!("{} read, with the sum that proves which", counted(n as i64, "file was", "files were"))
}

//! What the analyst must look at in a first description of a workspace.

use std::fmt::Display;

pub const NO_POPULATION: &str = "no population file: counts only, no rates";

/// A workspace outside Great Britain, and the plane that it is measured on.
pub fn measured_in(crs: impl Display) -> String {
    format!("not in Great Britain: measured in {crs} (`crs` in wardheat.toml)")
}

pub fn no_boundaries(study_area: &str) -> String {
    format!(
        "no boundaries: the study area is one area, a box round the positions, in {study_area}; give \
         --areas for figures by ward"
    )
}

/// A file whose columns no layout of its subject knows, and the folder for layouts.
pub fn no_layout(file: &str, subject: &str, columns: &[String], folder: &str) -> String {
    format!(
        "{file}: no layout of {subject} knows its columns ({}); write one as TOML in {folder}/",
        columns.join(", ")
    )
}

/// A source whose dates can be read in more than one way.
pub fn dates(source: &str, why: impl Display) -> String {
    format!("source `{source}`: {why}; give `date` in wardheat.toml")
}

/// A file that was taken for a layout by its content, with columns guessed for these fields.
pub fn by_content(file: impl Display, layout: &str, fields: &[&str]) -> String {
    format!(
        "{file}: no layout knows its headers; by what its cells hold it was taken for {layout}, with \
         columns guessed for {}: check [source.columns]",
        fields.join(", ")
    )
}

//! A layer as a table.

pub const MAP: &str = "Map";
pub const ONLY_WITH: &str = "Only rows with";
pub const FILTER: &str = "Filter";
pub const COPY: &str = "Copy the table";
pub const ROW: &str = "row";
pub const ROWS: &str = "rows";

/// Where a page does not hold all rows.
pub fn first_of(shown: usize, all: &str) -> String {
    format!("The first {shown} of {all} rows; the files hold all. ")
}

/// Rows that are left by a filter: `3 rows` of so many.
pub fn left(rows: &str, all: &str) -> String {
    format!("{rows} of {all}. ")
}

/// Name of the table of a layer.
pub fn table_of(layer: &str) -> String {
    format!("Table of {layer}")
}

/// A yes or a no.
pub const fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

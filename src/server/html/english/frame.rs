//! What stands round every page.

pub const SKIP: &str = "Skip to the answer";
pub const FICTIONAL: &str = "Fictional data.";
pub const START: &str = "wardheat, start";
pub const PAGES: &str = "Pages";
pub const MAP: &str = "Map";
pub const WARDS: &str = "Wards";
pub const MEETINGS: &str = "Meetings";
pub const DATA: &str = "Data";
pub const ACCESSIBILITY: &str = "Accessibility";

/// After [`FICTIONAL`].
pub fn does_not_exist(area: &str) -> String {
    format!(" {area} does not exist; every record was made up by a program.")
}

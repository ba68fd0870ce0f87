//! The reader's own area.

pub const OWN: &str = "Area of your own";
pub const AREAS_ARE: &str = "Areas are wards, or the LSOAs or cells that the map shows";
pub const OUTLINE: &str = "Outline";
pub const CIRCLE: &str = "Circle";
pub const PICK: &str = "Pick areas";
pub const BY_NUMBERS: &str = "By numbers";
pub const MIDDLE: &str = "Middle: longitude, latitude, or easting, northing";
pub const RADIUS: &str = "Radius in metres";
pub const CORNERS: &str = "Or corners in order, one a line";
pub const COUNT: &str = "Count";
pub const YOURS: &str = "Your area";
pub const REMOVE: &str = "Remove";
pub const EVERY_KIND: &str = "Every kind of record in the area, in these months";
pub const KIND: &str = "Kind";
pub const RECORDS: &str = "Records";
pub const WHEN: &str = "When";
pub const KINDS_CSV: &str = "Kinds CSV";
pub const MONTHS_CSV: &str = "Months CSV";
pub const HOURS_CSV: &str = "Hours CSV";
pub const NO_MONTHS: &str = "What is usual here is not told: these data hold no months by place.";
pub const TOO_LITTLE: &str = "Too little is held before these months to say what is usual.";
pub const BY_MONTH: &str = " by month";
pub const DRAW: &str = "Draw an area";
pub const RADIUS_M: &str = "Radius, m";
pub const ADD: &str = "Add at the cross";
pub const UNDO: &str = "Undo";
pub const CANCEL: &str = "Cancel";

/// Why there are no figures.
pub fn refused(why: &str) -> String {
    format!("This area has no figures: {why}.")
}

/// How many records are in it.
pub fn recorded(n: &str) -> String {
    format!("Your area: {n} recorded")
}

/// Hours that alone are counted.
pub fn of_hours(hours: &str) -> String {
    format!("Of {hours} alone. ")
}

/// How many kinds the page does not list.
pub fn more_kinds(n: usize) -> String {
    let kinds = if n == 1 { "kind" } else { "kinds" };
    format!("and {n} {kinds} more in the file")
}

/// Months of one step of the trend.
pub fn every_months(n: u32) -> String {
    format!(", every {n} months")
}

/// The range that was expected.
pub fn expected(range: &str) -> String {
    format!("{range} expected")
}

/// What was recorded a year earlier.
pub fn a_year_earlier(n: &str) -> String {
    format!("; {n} a year earlier")
}

/// How much of all that is, and on how much ground.
pub fn share(share: &str, all: &str, km2: &str) -> String {
    format!("{share} of all {all}, on {km2} km².")
}

/// Where places are told by cell alone.
pub fn by_cells(side: &str) -> String {
    format!(
        " Counted in the whole cells of {side} whose middle lies inside, in steps that no two areas \
         can undercut."
    )
}

/// Records without a place of their own.
pub fn unplaced(n: &str) -> String {
    format!(" {n} have no place fine enough to be in any area drawn.")
}

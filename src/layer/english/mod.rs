//! Every English word of layers and of the columns of tables.

use words::{per_cent, thousands};

pub mod head;
pub mod unit;
pub mod words;

pub const CELLS: &str = "Cells";
pub const HOTSPOTS: &str = "Hotspots";
pub const WARDS: &str = "Wards";

/// How hotspots were found, among the methods.
pub const METHOD_HOTSPOT: &str = "Hotspot";

pub const NOT_TESTED: &str = "not tested";
pub const NOT_SIGNIFICANT: &str = "not significant";
pub const HOTSPOT: &str = "hotspot";
pub const COLDSPOT: &str = "coldspot";
pub const NOT_SHOWN: &str = "not shown";

/// Heading of what one statistic found at the points given.
pub fn by_point(title: &str) -> String {
    format!("{title}, by point")
}

/// What a hotspot holds: its count, in which months, how much of all that were mapped, on how much
/// land (km²), and among how many cells at which rate it was tested.
pub fn hotspot(
    (count, share): (u64, f64),
    window: &str,
    km2: f64,
    (n_tested, alpha): (usize, f64),
    oversize: bool,
) -> String {
    let oversize = if oversize {
        " It is larger than the size asked for, but has one peak only and was not split."
    } else {
        ""
    };
    format!(
        "{} in {window}, {} of those mapped, on {km2:.2} km². More than chance would leave among \
         {} cells (Gi*, false discovery rate {:.0}%).{oversize}",
        words::counted(count as i64, "record", "records"),
        per_cent(share),
        thousands(n_tested as i64),
        alpha * 100.0,
    )
}

//! What the reader of an analysis must know before believing a number.

use std::fmt::Display;

use crate::layer::words::thousands;

/// Title of the records by hour and weekday.
pub fn by_hour(window: &str) -> String {
    format!("Records by hour and weekday, {window}")
}

/// What data made for an audience tell: the side of their cells, the months of a period, the step of
/// their counts; and how many records are kept, and of them in a cell.
pub fn disclosed(
    audience: impl Display,
    cell: impl Display,
    period: impl Display,
    least: impl Display,
    (kept, in_cells): (u64, u64),
) -> String {
    format!(
        "Made for the {audience}: positions are cells of {cell}, windows are whole periods of \
         {period} months, and records of a ward, type, source and period are shown in their cell in \
         steps of {least}. Of {} records, {} are shown in a cell.",
        thousands(kept as i64),
        thousands(in_cells as i64),
    )
}

/// Months of which a source holds nothing.
pub fn gap(source: &str, months: &[String]) -> String {
    format!(
        "{source} holds nothing for {}: yearly densities allow for it, counts do not.",
        months.join(", ")
    )
}

pub fn without_ward(n: usize, of: usize) -> String {
    format!(
        "{} of {} records have no ward: they are in no ward's count.",
        thousands(n as i64),
        thousands(of as i64)
    )
}

pub fn unmapped(n: usize, of: usize) -> String {
    format!(
        "{} of {} records are not on the map: no position, one coarser than a cell, a default place, \
         or a kind whose position is not kept.",
        thousands(n as i64),
        thousands(of as i64)
    )
}

//! What a workbook says of itself.

pub const AREA: &str = "Area";
pub const WITHIN: &str = "Within";
pub const RECORDS: &str = "Records";
pub const MONTHS: &str = "Months";
pub const MADE_BY: &str = "Made by";
pub const NOTE: &str = "Note";

pub const WARD: &str = "Ward";
pub const OF_WHICH: &str = "Places, months and hours are of";
pub const WINDOW: &str = "Window";
pub const RATES: [&str; 2] = ["Rates", "per 1,000 of the base, exact Poisson 95% interval"];
pub const EXPECTED: [&str; 2] = ["Expected", "see the column; 95% range"];

pub fn ward(name: &str, code: &str) -> String {
    format!("{name} ({code})")
}

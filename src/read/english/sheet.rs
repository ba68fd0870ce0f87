//! What a sheet does not show, and what is done with it.

fn number(n: u64, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

pub fn hidden_rows(n: u64, first: u64) -> String {
    format!(
        "{} hidden in the sheet, by a filter or by hand (the first is row {first}): read like \
         every other; delete what should not count, and save it again",
        number(n, "row is", "rows are")
    )
}

pub fn hidden_columns(n: u64) -> String {
    format!(
        "{} hidden in the sheet: read by name like every other, and dropped where no field has \
         that name",
        number(n, "column is", "columns are")
    )
}

pub fn formulas(n: u64, first: u64) -> String {
    format!(
        "{} a formula without its value (the first in row {first}): read as empty; open the file \
         in the spreadsheet program and save it, so that the values are in it",
        number(n, "cell holds", "cells hold")
    )
}

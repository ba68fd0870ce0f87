//! What is wrong with a file as a whole, or with one of its areas.

use std::fmt::Display;

pub const NO_HEADER: &str = "no line could be a header with column names";
pub const NO_HEADER_ROW: &str = "no row could be a header with column names";
pub const NO_LINES: &str = "it holds no lines";
pub const MEMBERS_OVERLAP: &str = "the members of the zip file overlap";
pub const NO_START: &str = "the archive does not say where its member starts";
pub const NO_COORDINATES: &str = "a point without coordinates";

pub fn zip_damaged(error: impl Display) -> String {
    format!("the zip file is damaged or cut short ({error})")
}

pub fn stream_damaged(packed: &str, error: impl Display) -> String {
    format!("the {packed} stream is damaged or cut short ({error})")
}

pub fn archive_damaged(error: impl Display) -> String {
    format!("the zip archive is damaged ({error})")
}

pub fn member_unread(error: impl Display) -> String {
    format!("the archive's member cannot be read ({error})")
}

pub fn member_packed(by: impl Display) -> String {
    format!("the archive's member is packed by {by}, which is not read (stored and deflated are)")
}

pub fn left_alone(n: usize, what: &str, file: &str) -> String {
    format!("{n} {what} files of {file} were left alone")
}

pub fn no_outline(code: &str, name: &str) -> String {
    format!("{code} ({name}) has no outline (a polygon is needed)")
}

pub fn few_corners(code: &str, name: &str) -> String {
    format!("the outline of {code} ({name}) has fewer than three corners")
}

pub fn too_fine(code: &str, name: &str) -> String {
    format!("the outline of {code} ({name}) is too fine to check: simplify it")
}

pub fn half_a_position(what: &str) -> String {
    format!("{what} has a position without two coordinates")
}

pub fn no_codes(columns: &str) -> String {
    format!(
        "no column has the codes of the areas (it has: {columns}); boundaries and population must \
         be of the same edition"
    )
}

pub fn no_shape(id: &str) -> String {
    format!("place {id} has neither an outline nor a point")
}

pub fn shapes_differ(n: usize, outlines: usize, points: usize) -> String {
    format!("of {n} rows {outlines} have an outline and {points} a point: all need the same")
}

pub fn no_calendar(error: &str) -> String {
    format!("not a calendar: {error}")
}

pub fn dates_of_diary(error: impl Display) -> String {
    format!("{error}: write the dates of the diary as 2026-02-03 or 3 Feb 2026")
}

pub fn at_line(line: usize, error: &str) -> String {
    format!("line {line}: {error}")
}

pub fn metres(found: &str) -> String {
    format!("`metres` is `{found}`; wanted metres of zero or more, or none where there is no way")
}

pub fn too_many_rings(outlines: usize, holes: usize) -> String {
    format!(
        ".shp: {outlines} outlines and {holes} holes in one shape are too many: part it into \
         features"
    )
}

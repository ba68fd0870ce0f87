//! The cleaning report as text, and the files of rejected rows.

use std::fmt::Display;

use crate::quantity::thousands;

pub const COLUMNS: [&str; 6] = ["rows in", "kept", "excluded", "rejected", "mapped", "in wards"];
pub const ALL_FILES: &str = "all files";
pub const EXCLUDED: &str = "excluded";
pub const REJECTED: &str = "rejected";
pub const NOTED: &str = "noted (kept)";

/// Headings of the files of rejected rows, before the columns of the source.
pub const OF_REJECTS: [&str; 2] = ["Rejected because", "Line of the file"];

pub fn title(name: &str) -> String {
    format!("Cleaning report: {name}")
}

/// How many rows a reason left out or was noted of.
pub fn reason(effect: &str, rows: u64, reason: &str) -> String {
    format!("{effect}: {} {reason}", thousands(rows as i64))
}

/// An example of a reason: the line of its file, and the value in question.
pub fn example(file: &str, line: u64, value: &str) -> String {
    let value = if value.is_empty() { String::new() } else { format!(": {value}") };
    format!("{file} line {line}{value}")
}

pub fn dropped(columns: &[&str]) -> String {
    format!("columns dropped unread: {}", columns.join(", "))
}

/// The form of a file, and that of its dates.
pub fn form(read_as: &str, dates: &str) -> String {
    format!("{read_as}, dates {dates}")
}

pub fn above_header(file: &str, lines: &str) -> String {
    format!("above the header of {file}: {lines}")
}

pub fn read_as(forms: &[String]) -> String {
    format!("read as {}", forms.join("; "))
}

/// What was found in a file of another subject than incidents.
pub fn subject(subject: &str, file: &str, found: &str) -> String {
    format!("{subject}: {file}, {found}")
}

pub fn rows(rows: u64, kept: u64, excluded: u64, rejected: u64) -> String {
    let [rows, kept, excluded, rejected] =
        [rows, kept, excluded, rejected].map(|n| thousands(n as i64));
    format!("rows in {rows}, kept {kept}, excluded {excluded}, rejected {rejected}")
}

/// Rows rejected for one reason, with the first of their lines.
pub fn rejected_with(count: u64, reason: impl Display, lines: &[u64]) -> String {
    let shown: Vec<String> = lines.iter().map(u64::to_string).collect();
    let more = if count > lines.len() as u64 { ", ..." } else { "" };
    format!("rejected: {} with {reason} (line {}{more})", thousands(count as i64), shown.join(", "))
}

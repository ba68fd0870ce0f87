//! Workbooks: what Excel (xlsx) and OpenDocument (ods) files have in common.
//!
//! Only values are read. What a reader of the sheet does not see (hidden sheets, pivot caches) may
//! hold personal data that nobody meant to send, so a workbook with any of it is refused whole.

use std::io::{Cursor, Read as _};

use super::super::english::{hint, unread};
use super::super::{LoadedFile, ReadError, brief, listed, zipped};
use super::features::broken;

/// Most bytes that the parts of a workbook may unpack to, for each byte of the file.
const MOST_UNPACKED: u64 = 100;
/// ... or this many, whatever the size of the file.
const LEAST_LIMIT: u64 = 64 << 20;

pub(super) fn refused(file: &LoadedFile, what: String, hint: &'static str) -> ReadError {
    ReadError::Refused { file: file.name.clone(), what, hint }
}

pub(super) fn damaged(file: &LoadedFile, message: &dyn std::fmt::Display) -> ReadError {
    broken(file, None, format!("the workbook is damaged or cut short ({message})"))
}

/// Name of the first member of a zip file that starts with these bytes.
pub(super) fn first_member(head: &[u8]) -> Option<&[u8]> {
    if !head.starts_with(b"PK\x03\x04") {
        return None;
    }
    let length = usize::from(u16::from_le_bytes(head.get(26..28)?.try_into().ok()?));
    head.get(30..30 + length)
}

/// Names of the parts, once it is sure that unpacking them takes no more memory than a workbook of
/// this size may.
pub(super) fn parts(file: &LoadedFile, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let mut archive = zipped::open(Cursor::new(bytes)).map_err(|e| damaged(file, &e))?;
    let limit = LEAST_LIMIT.max(bytes.len() as u64 * MOST_UNPACKED);
    let mut unpacked = 0;
    let mut names = Vec::with_capacity(archive.len());
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|e| damaged(file, &e))?;
        if part.encrypted() {
            return Err(refused(file, unread::WORKBOOK_WITH_PASSWORD.to_owned(), hint::AS_CSV));
        }
        names.push(part.name().map_err(|e| damaged(file, &e))?.into_owned());
        // What the directory says of the size may be a lie: count what comes out.
        let mut part = part.take(limit + 1 - unpacked);
        unpacked +=
            std::io::copy(&mut part, &mut std::io::sink()).map_err(|e| damaged(file, &e))?;
        if unpacked > limit {
            return Err(ReadError::TooLarge { file: file.name.clone(), most: limit });
        }
    }
    Ok(names)
}

/// The sheet to read: the one asked for, or the only one.
pub(super) fn choose<'n>(file: &LoadedFile, names: &[&'n str]) -> Result<&'n str, ReadError> {
    let listed = || listed(names);
    match (&file.part, names) {
        (Some(part), _) => names.iter().find(|name| *name == part).copied().ok_or_else(|| {
            refused(file, unread::no_such_sheet(part, &listed()), hint::NAME_THE_SHEET)
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(refused(file, unread::WORKBOOK_WITHOUT_SHEET.to_owned(), hint::AS_CSV)),
        (None, _) => Err(refused(file, unread::several_sheets(&listed()), hint::NAME_THE_SHEET)),
    }
}

pub(super) fn hidden(file: &LoadedFile, sheet: &str) -> ReadError {
    refused(file, unread::hidden_sheet(&brief(sheet, 80)), hint::UNHIDE)
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;

//! What a Parquet file promises of itself, held against its bytes before memory is asked for: how
//! deep its schema is, and how large its pages unpack.
//!
//! The library makes room for a page as large as the page's own header says, and follows a schema
//! as deep as it goes. Both are read here first, as the Thrift compact protocol has them
//! (parquet-format, `parquet.thrift`).

use parquet::file::metadata::ParquetMetaData;

use crate::columnar::bytes_of;

/// Deepest schema that is followed.
const DEEPEST: usize = 16;

/// Most fields of a schema.
const MOST_FIELDS: usize = 10_000;

/// Most bytes that one page may unpack to in the smallest file ...
const LEAST_PAGE: usize = 64 << 20;

/// ... and this many times the file's bytes.
const PAGE_TIMES: usize = 2;

/// Whether the schema in the footer is one that can be followed.
///
/// # Errors
///
/// What is wrong, in words.
pub(super) fn schema(file: &[u8]) -> Result<(), String> {
    let footer = footer(file).ok_or("the footer is cut short")?;
    let mut open: Vec<i64> = Vec::new();
    let mut fields = 0;
    let done = Thrift { bytes: footer, at: 0 }.fields(&mut |id, kind, thrift| {
        if (id, kind) != (2, LIST) {
            return thrift.skip(kind, 0);
        }
        let (n, each) = thrift.list()?;
        for _ in 0..n {
            let mut children = 0;
            if each != STRUCT {
                return None;
            }
            thrift.fields(&mut |id, kind, thrift| {
                if (id, kind) == (5, I32) {
                    children = thrift.whole()?;
                    return Some(());
                }
                thrift.skip(kind, 0)
            })?;
            fields += 1;
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            // Past what is followed there is no need to go on.
            if open.len() > DEEPEST || fields > MOST_FIELDS {
                return None;
            }
        }
        Some(())
    });
    if open.len() > DEEPEST {
        return Err(format!("its schema is nested more than {DEEPEST} deep"));
    }
    if fields > MOST_FIELDS {
        return Err(format!("its schema has more than {MOST_FIELDS} fields"));
    }
    done.ok_or_else(|| "the footer is damaged".to_owned())
}

/// Whether every page of every column says it unpacks to a size that a file of this length can
/// have.
///
/// # Errors
///
/// What is wrong, in words.
pub(super) fn pages(file: &[u8], metadata: &ParquetMetaData) -> Result<(), String> {
    let most = LEAST_PAGE.max(file.len().saturating_mul(PAGE_TIMES));
    for (i, group) in metadata.row_groups().iter().enumerate() {
        for column in group.columns() {
            let wrong = |what: &str| {
                let name = column.column_path().string();
                format!("column `{name}` of row group {}: {what}", i + 1)
            };
            let range = bytes_of(column, file.len());
            let bytes = &file[range.map_err(|why| format!("{why} (row group {})", i + 1))?];
            let mut thrift = Thrift { bytes, at: 0 };
            while thrift.at < bytes.len() {
                let (mut unpacked, mut packed) = (0, 0);
                let header = thrift.fields(&mut |id, kind, thrift| {
                    match (id, kind) {
                        (2, I32) => unpacked = thrift.whole()?,
                        (3, I32) => packed = thrift.whole()?,
                        _ => thrift.skip(kind, 0)?,
                    }
                    Some(())
                });
                header.ok_or_else(|| wrong("a page header is damaged"))?;
                if usize::try_from(unpacked).map_or(true, |size| size > most) {
                    return Err(wrong(&format!("a page says it unpacks to {unpacked} bytes")));
                }
                let length = usize::try_from(packed).ok();
                thrift.at = length
                    .and_then(|length| thrift.at.checked_add(length))
                    .filter(|end| *end <= bytes.len())
                    .ok_or_else(|| wrong("a page is cut short"))?;
            }
        }
    }
    Ok(())
}

fn footer(file: &[u8]) -> Option<&[u8]> {
    let end = file.len().checked_sub(8)?;
    let length = u32::from_le_bytes(*file.get(end..)?.first_chunk()?) as usize;
    file.get(end.checked_sub(length)?..end)
}

const I32: u8 = 5;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Structures within structures that are followed.
const MOST_NESTED: usize = 16;

/// A reader of the compact protocol that only knows how to get past things.
struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

type OnField<'f> = &'f mut dyn FnMut(i64, u8, &mut Thrift<'_>) -> Option<()>;

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A signed number: zigzag.
    fn whole(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn past(&mut self, length: u64) -> Option<()> {
        self.at = self.at.checked_add(usize::try_from(length).ok()?)?;
        (self.at <= self.bytes.len()).then_some(())
    }

    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let n = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((n, head & 15))
    }

    /// Every field of a structure, by id and kind, to `on_field`, which must read it or skip it.
    fn fields(&mut self, on_field: OnField<'_>) -> Option<()> {
        let mut id = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            id = if head >> 4 == 0 { self.whole()? } else { id.checked_add(i64::from(head >> 4))? };
            let mut inner = Thrift { bytes: self.bytes, at: self.at };
            on_field(id, head & 15, &mut inner)?;
            self.at = inner.at;
        }
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > MOST_NESTED {
            return None;
        }
        match kind {
            // A boolean is its own kind.
            1 | 2 => Some(()),
            3 => self.past(1),
            4..=6 => self.varint().map(drop),
            7 => self.past(8),
            8 => {
                let length = self.varint()?;
                self.past(length)
            }
            LIST | 10 => {
                let (n, each) = self.list()?;
                // A boolean in a list is a byte of its own.
                let each = if matches!(each, 1 | 2) { 3 } else { each };
                (0..n).try_for_each(|_| self.skip(each, depth + 1))
            }
            11 => {
                let n = self.varint()?;
                if n == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                (0..n).try_for_each(|_| {
                    self.skip(kinds >> 4, depth + 1)?;
                    self.skip(kinds & 15, depth + 1)
                })
            }
            STRUCT => self.fields(&mut |_, kind, thrift| thrift.skip(kind, depth + 1)),
            13 => self.past(16),
            _ => None,
        }
    }
}

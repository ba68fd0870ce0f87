//! The table of a shapefile (dBase III): fixed-width text behind a header.
//!
//! Read here and not by a library because the one there is refuses a whole file for one empty date
//! as GDAL writes it (`00000000`), and turns numbers that are text in the file into floats.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::features::plain_number;

/// A table whose header is read: rows are taken apart when they are asked for.
pub(super) struct Dbf {
    pub(super) columns: Vec<String>,
    pub(super) n_rows: usize,
    bytes: Vec<u8>,
    letters: &'static Encoding,
    fields: Vec<Field>,
    header: usize,
    row_length: usize,
}

struct Field {
    kind: u8,
    start: usize,
    length: usize,
}

/// Opens a table. A row that is marked as deleted stays, since shapes and rows go together by
/// number.
///
/// # Errors
///
/// What is wrong, in words.
pub(super) fn read(bytes: Vec<u8>, letters: &'static Encoding) -> Result<Dbf, String> {
    let cut = || "the header is cut short".to_owned();
    let short = |at: usize| -> Result<usize, String> {
        let two = bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).ok_or_else(cut)?;
        Ok(usize::from(u16::from_le_bytes(two)))
    };
    let n_rows = bytes.get(4..8).and_then(|four| four.try_into().ok()).ok_or_else(cut)?;
    let n_rows = u32::from_le_bytes(n_rows) as usize;
    let (header, row_length) = (short(8)?, short(10)?);
    let mut columns = Vec::new();
    let mut fields = Vec::new();
    // One byte of each row says whether it is deleted.
    let mut start = 1;
    for descriptor in bytes.get(32..header).ok_or_else(cut)?.chunks_exact(32) {
        if descriptor[0] == 0x0D {
            break;
        }
        let name = descriptor[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        // The decimals of a long text are the upper byte of its length.
        let long = if descriptor[11] == b'C' { usize::from(descriptor[17]) * 256 } else { 0 };
        let length = usize::from(descriptor[16]) + long;
        let name = text(letters, name);
        if length == 0 {
            return Err(format!("its field `{name}` has no width"));
        }
        columns.push(name);
        fields.push(Field { kind: descriptor[11], start, length });
        start += length;
    }
    if fields.is_empty() || start > row_length {
        return Err(format!("its fields take {start} bytes of a row of {row_length}"));
    }
    let body = bytes.get(header..).ok_or_else(cut)?;
    if n_rows > body.len() / row_length {
        let there = body.len() / row_length;
        return Err(format!("it is cut short: {there} rows of {n_rows}"));
    }
    Ok(Dbf { columns, n_rows, bytes, letters, fields, header, row_length })
}

impl Dbf {
    /// The cells of a row, from 0; empty past the last.
    pub(super) fn row(&self, number: usize) -> Vec<Cow<'static, str>> {
        let start = self.header + number * self.row_length;
        let row = self.bytes.get(start..start + self.row_length).unwrap_or_default();
        let cell = |field: &Field| {
            let bytes = row.get(field.start..field.start + field.length).unwrap_or_default();
            plain(field.kind, &text(self.letters, bytes)).into()
        };
        self.fields.iter().map(cell).collect()
    }
}

fn text(letters: &'static Encoding, bytes: &[u8]) -> String {
    letters.decode_without_bom_handling(bytes).0.trim().to_owned()
}

/// A cell as it was meant.
fn plain(kind: u8, text: &str) -> String {
    let text = text.trim_matches('\0').trim();
    match kind {
        b'D' if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            if text == "00000000" {
                String::new()
            } else {
                format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
            }
        }
        // Stars are what did not fit into its field.
        b'N' | b'F' if text.contains('*') => String::new(),
        b'N' | b'F' if text.contains(['.', 'e', 'E']) => {
            text.parse::<f64>().map_or_else(|_| text.to_owned(), plain_number)
        }
        b'L' => match text {
            "T" | "t" | "Y" | "y" => "TRUE".to_owned(),
            "F" | "f" | "N" | "n" => "FALSE".to_owned(),
            _ => String::new(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    fn table(rows: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0; 32];
        bytes[0] = 3;
        bytes[4..8].copy_from_slice(&(rows.len() as u32).to_le_bytes());
        bytes[8..10].copy_from_slice(&(32_u16 + 3 * 32 + 1).to_le_bytes());
        bytes[10..12].copy_from_slice(&(1_u16 + 6 + 8 + 8).to_le_bytes());
        for (name, kind, length) in [("NAME", b'C', 6), ("DAY", b'D', 8), ("N", b'N', 8)] {
            let mut field = [0; 32];
            field[..name.len()].copy_from_slice(name.as_bytes());
            (field[11], field[16]) = (kind, length);
            bytes.extend(field);
        }
        bytes.push(0x0D);
        for row in rows {
            bytes.push(b' ');
            bytes.extend(*row);
        }
        bytes
    }

    #[test]
    fn texts_dates_and_numbers_come_as_they_were_meant() {
        let bytes = table(&[b"M\xF4r   20250403    2.50", b"Cwm   00000000********"]);

        let found = read(bytes, WINDOWS_1252).unwrap();

        assert_eq!(found.columns, ["NAME", "DAY", "N"]);
        assert_eq!(found.row(0), ["Môr", "2025-04-03", "2.5"]);
        assert_eq!(found.row(1), ["Cwm", "", ""]);
    }

    #[test]
    fn a_field_without_width_is_refused() {
        let mut bytes = table(&[b"Mor   20250403    2.50"]);
        bytes[32 + 16] = 0;

        let refused = read(bytes, WINDOWS_1252).err().unwrap();

        assert_eq!(refused, "its field `NAME` has no width");
    }

    #[test]
    fn a_cut_short_table_says_how_much_is_there() {
        let bytes = table(&[b"Mor   20250403    2.50", b"Cwm   00000000       1"]);

        for end in 0..bytes.len() {
            assert!(
                read(bytes[..end].to_vec(), WINDOWS_1252).is_err(),
                "{end} bytes were accepted"
            );
        }
        let refused = read(bytes[..bytes.len() - 3].to_vec(), WINDOWS_1252).err().unwrap();
        assert_eq!(refused, "it is cut short: 1 rows of 2");
    }
}

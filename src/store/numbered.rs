//! Columns of bytes read as numbers: rows that share a value of a dictionary do not each hold it.

use std::sync::Arc;
use std::vec::IntoIter;

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, Type};

/// Pages held in memory.
pub(super) struct Pages(IntoIter<Page>);

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.0.next().map(Ok)
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.0.next())
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Ok(self.0.as_slice().first().map(|page| PageMetadata {
            num_rows: None,
            num_levels: page.is_data_page().then_some(page.num_values() as usize),
            is_dict: page.is_dictionary_page(),
        }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.next();
        Ok(())
    }
}

/// The pages of a column of whole numbers in the place of `pages` of one of bytes: each value is
/// what `number` gives for its bytes. Values of a dictionary are asked for once, whatever the number
/// of their rows.
///
/// # Errors
///
/// [`ParquetError`] if the pages are damaged, or are not such as the store writes: plain or by a
/// dictionary, in the first version of data pages.
pub(super) fn numbered(
    pages: impl Iterator<Item = Result<Page>>,
    optional: bool,
    mut number: impl FnMut(&[u8]) -> i32,
) -> Result<Pages> {
    let mut all = Vec::new();
    let mut by_dictionary = false;
    for page in pages {
        all.push(match page? {
            Page::DictionaryPage { buf, encoding, is_sorted, .. } => {
                by_dictionary = true;
                let mut values = Vec::new();
                let num_values = put_numbers(&buf, &mut number, &mut values)?;
                Page::DictionaryPage { buf: values.into(), num_values, encoding, is_sorted }
            }
            Page::DataPage {
                buf,
                num_values,
                encoding: Encoding::PLAIN,
                def_level_encoding,
                rep_level_encoding,
                statistics,
            } => {
                let levels = if optional { levels_of(&buf, def_level_encoding)? } else { 0 };
                let mut out = Vec::with_capacity(levels + 4 * num_values.min(1 << 20) as usize);
                out.extend_from_slice(&buf[..levels]);
                put_numbers(&buf.slice(levels..), &mut number, &mut out)?;
                Page::DataPage {
                    buf: out.into(),
                    num_values,
                    encoding: Encoding::PLAIN,
                    def_level_encoding,
                    rep_level_encoding,
                    statistics,
                }
            }
            page @ Page::DataPage { encoding: Encoding::RLE_DICTIONARY, .. } if by_dictionary => {
                page
            }
            page => {
                let kind = (page.page_type(), page.encoding());
                return Err(ParquetError::General(format!("a page of a kind not read: {kind:?}")));
            }
        });
    }
    Ok(Pages(all.into_iter()))
}

/// What a column of bytes is described as once its values are numbers.
pub(super) fn descriptor(column: &ColumnDescriptor) -> Result<ColumnDescPtr> {
    let info = column.self_type().get_basic_info();
    let numbers = Type::primitive_type_builder(column.name(), Physical::INT32)
        .with_repetition(info.repetition())
        .build()?;
    let (levels, path) = (column.max_def_level(), column.path().clone());
    Ok(Arc::new(ColumnDescriptor::new(Arc::new(numbers), levels, column.max_rep_level(), path)))
}

/// Bytes of a data page that say which cells are empty, their length included.
fn levels_of(page: &[u8], encoding: Encoding) -> Result<usize> {
    let length = page.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes) as usize);
    let end = length.and_then(|length| length.checked_add(4)).filter(|&end| end <= page.len());
    match end {
        Some(end) if encoding == Encoding::RLE => Ok(end),
        _ => Err(ParquetError::General("levels that do not lie within their page".to_owned())),
    }
}

/// The number of each value of `bytes`, as plain numbers; how many there are.
fn put_numbers(
    bytes: &Bytes,
    number: &mut impl FnMut(&[u8]) -> i32,
    out: &mut Vec<u8>,
) -> Result<u32> {
    let mut rest: &[u8] = bytes;
    let mut n = 0;
    while !rest.is_empty() {
        let value = rest
            .split_first_chunk::<4>()
            .and_then(|(length, rest)| rest.split_at_checked(u32::from_le_bytes(*length) as usize));
        let Some((value, after)) = value else {
            return Err(ParquetError::General("a value that ends after its page".to_owned()));
        };
        out.extend_from_slice(&number(value).to_le_bytes());
        rest = after;
        n += 1;
    }
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(buf: &'static [u8], encoding: Encoding) -> Page {
        Page::DataPage {
            buf: Bytes::from_static(buf),
            num_values: 2,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        }
    }

    fn dictionary(buf: &'static [u8]) -> Page {
        let (num_values, encoding) = (2, Encoding::PLAIN);
        let buf = Bytes::from_static(buf);
        Page::DictionaryPage { buf, num_values, encoding, is_sorted: false }
    }

    /// The bytes of each page that `pages` become, a value having the number of its first byte.
    fn read(pages: Vec<Page>, optional: bool) -> Result<Vec<Vec<u8>>> {
        let number = |value: &[u8]| value.first().map_or(0, |&byte| i32::from(byte));
        let read = numbered(pages.into_iter().map(Ok), optional, number)?;
        read.map(|page| Ok(page?.buffer().to_vec())).collect()
    }

    #[test]
    fn values_become_numbers_and_levels_stay() {
        let plain = b"\x02\0\0\0\x04\x01\x02\0\0\0ab\0\0\0\0";
        assert_eq!(
            read(vec![data(plain, Encoding::PLAIN)], true).unwrap(),
            [b"\x02\0\0\0\x04\x01\x61\0\0\0\0\0\0\0"]
        );
        let pages = vec![dictionary(b"\x01\0\0\0c"), data(b"\x01\x04\0", Encoding::RLE_DICTIONARY)];
        assert_eq!(read(pages, false).unwrap(), [b"c\0\0\0".to_vec(), b"\x01\x04\0".to_vec()]);
    }

    #[test]
    fn pages_cut_short_or_of_another_kind_are_refused() {
        for page in [
            data(b"\x02\0\0", Encoding::PLAIN),
            data(b"\x09\0\0\0a", Encoding::PLAIN),
            data(b"\xff\xff\xff\xff", Encoding::PLAIN),
            data(b"\x01\x04\0", Encoding::RLE_DICTIONARY),
            data(b"", Encoding::DELTA_BYTE_ARRAY),
            dictionary(b"\x02\0\0\0a"),
        ] {
            assert!(read(vec![page], false).is_err());
        }
        assert!(read(vec![data(b"\x09\0\0\0a", Encoding::PLAIN)], true).is_err());
        assert!(read(vec![data(b"", Encoding::PLAIN)], true).is_err());
    }
}

//! Where the columns of a Parquet file lie: what its footer says, held against its length.

use std::ops::Range;

use parquet::file::metadata::ColumnChunkMetaData;

/// Bytes of one column of a row group in a file of `length` bytes, its dictionary included.
///
/// The parquet crate panics on a place outside the file, so every column is asked for its own before
/// any is read.
///
/// # Errors
///
/// A sentence that names the column, if it does not lie within the file.
pub(crate) fn bytes_of(
    column: &ColumnChunkMetaData,
    length: usize,
) -> Result<Range<usize>, String> {
    // No dictionary may be told as one at 0; one before the start is no place at all.
    let dictionary = column.dictionary_page_offset().filter(|offset| *offset != 0);
    let start = dictionary.unwrap_or(column.data_page_offset());
    let end = start.checked_add(column.compressed_size());
    let range = usize::try_from(start).ok().zip(end.and_then(|end| usize::try_from(end).ok()));
    match range {
        Some((start, end)) if start <= end && end <= length => Ok(start..end),
        _ => {
            let name = column.column_path().string();
            Err(format!("column `{name}` does not lie within the file"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    fn of(dictionary: Option<i64>, data: i64, size: i64) -> Result<Range<usize>, String> {
        let schema = parse_message_type("message m { required int32 n; }").unwrap();
        let schema = SchemaDescriptor::new(Arc::new(schema));
        let column = ColumnChunkMetaData::builder(schema.column(0))
            .set_dictionary_page_offset(dictionary)
            .set_data_page_offset(data)
            .set_total_compressed_size(size)
            .build()
            .unwrap();
        bytes_of(&column, 100)
    }

    #[test]
    fn a_column_lies_within_its_file_or_is_refused() {
        assert_eq!(of(None, 4, 96), Ok(4..100));
        assert_eq!(of(Some(0), 10, 5), Ok(10..15));
        assert_eq!(of(Some(4), 10, 20), Ok(4..24));
        for (dictionary, data, size) in [
            (None, 4, 97),
            (None, -4, 8),
            (Some(-4), 4, 8),
            (None, 50, -10),
            (None, i64::MAX, 1),
            (None, 200, 0),
        ] {
            assert!(of(dictionary, data, size).unwrap_err().contains("`n`"));
        }
    }
}

//! A column as the Parquet reader gives it: its values, and which rows have one.

use parquet::basic::Repetition;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArrayType, DataType, Int32Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::RowGroupReader;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor};

use super::numbered::{descriptor, numbered};
use crate::incident::Cells;

/// Cells of a column, in order.
pub(super) struct Sparse<T> {
    values: Vec<T>,
    /// `[n_rows]`: above 0 where there is a value; nothing where no cell may be empty.
    levels: Vec<i16>,
    n_rows: usize,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self { values: Vec::new(), levels: Vec::new(), n_rows: 0 }
    }
}

impl<T> Sparse<T> {
    /// Each cell.
    pub(super) fn options(self) -> Vec<Option<T>> {
        if self.values.len() == self.n_rows {
            return self.values.into_iter().map(Some).collect();
        }
        let mut values = self.values.into_iter();
        let cells = self.levels.into_iter();
        cells.map(|level| if level > 0 { values.next() } else { None }).collect()
    }
}

impl<T: Copy> Sparse<T> {
    /// Each cell as `of` has its value, or as `none` has it where there is none; both are told the
    /// row.
    pub(super) fn cells<U: Copy + PartialEq, E>(
        &self,
        none: impl Fn(usize) -> std::result::Result<U, E>,
        mut of: impl FnMut(usize, T) -> std::result::Result<U, E>,
    ) -> std::result::Result<Cells<U>, E> {
        if self.values.is_empty() && self.n_rows > 0 {
            return Ok(Cells::same(none(0)?, self.n_rows));
        }
        let mut cells = Vec::with_capacity(self.n_rows);
        if self.values.len() == self.n_rows {
            for (row, &value) in self.values.iter().enumerate() {
                cells.push(of(row, value)?);
            }
            return Ok(cells.into());
        }
        let mut values = self.values.iter();
        for (row, &level) in self.levels.iter().enumerate() {
            let value = if level > 0 { values.next() } else { None };
            cells.push(value.map_or_else(|| none(row), |&value| of(row, value))?);
        }
        Ok(cells.into())
    }
}

/// Adds the column `name` of a row group to `cells`.
pub(super) fn take<T: DataType>(
    group: &dyn RowGroupReader,
    name: &str,
    cells: &mut Sparse<T::T>,
) -> Result<()> {
    let (index, column) = find::<T>(group, name)?;
    let pages = group.get_column_page_reader(index)?;
    add(ColumnReaderImpl::<T>::new(column, pages), group, name, cells)
}

/// Adds the column `name`, one of bytes, of a row group to `cells`, each value as its number that
/// `number` gives: once for each of a dictionary, however many rows share it.
pub(super) fn take_numbered(
    group: &dyn RowGroupReader,
    name: &str,
    number: impl FnMut(&[u8]) -> i32,
    cells: &mut Sparse<i32>,
) -> Result<()> {
    let (index, column) = find::<ByteArrayType>(group, name)?;
    let pages = numbered(group.get_column_page_reader(index)?, is_optional(&column), number)?;
    let reader = ColumnReaderImpl::<Int32Type>::new(descriptor(&column)?, Box::new(pages));
    add(reader, group, name, cells)
}

fn is_optional(column: &ColumnDescriptor) -> bool {
    column.self_type().get_basic_info().repetition() == Repetition::OPTIONAL
}

fn find<T: DataType>(group: &dyn RowGroupReader, name: &str) -> Result<(usize, ColumnDescPtr)> {
    let schema = group.metadata().schema_descr();
    let index = (0..schema.num_columns())
        .find(|&i| schema.column(i).name() == name)
        .ok_or_else(|| ParquetError::General(format!("no column `{name}`")))?;
    let column = schema.column(index);
    if column.physical_type() != T::get_physical_type() || column.max_rep_level() > 0 {
        let found = column.physical_type();
        return Err(ParquetError::General(format!("column `{name}` has type {found}")));
    }
    Ok((index, column))
}

fn add<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    group: &dyn RowGroupReader,
    name: &str,
    cells: &mut Sparse<T::T>,
) -> Result<()> {
    let n_rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
    let (read, ..) =
        reader.read_records(n_rows, Some(&mut cells.levels), None, &mut cells.values)?;
    if read != n_rows {
        let problem = format!("column `{name}` has {read} of {n_rows} rows");
        return Err(ParquetError::General(problem));
    }
    cells.n_rows += n_rows;
    Ok(())
}

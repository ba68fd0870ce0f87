//! Columns to and from the bytes of a GeoParquet file, without arrow.
//!
//! One column is one vector of `Option`s, so a file is held once as plain values and once as bytes
//! while it is written or read. The same columns make the same bytes: no clock, no host, a fixed
//! `created_by`.

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use serde_json::{Value, json};

use super::error::StoreError;
use super::sparse::{self, Sparse};
use crate::columnar::bytes_of;
use crate::crs::{projjson, working};
use crate::geometry::Bounds;

/// Rows of one row group: bounds the memory of readers that stream.
pub(super) const GROUP_ROWS: usize = 1 << 17;

/// Rows that the smallest file may say it has, and more of them for each byte: a damaged count must
/// not be read out.
const LEAST_ROWS: i64 = 1_000_000;
const ROWS_PER_BYTE: i64 = 100;

/// EPSG:27700 as PROJJSON, as PROJ 9 exports it (names of scope and area left out).
const NATIONAL_GRID: &str = include_str!("epsg27700.json");

/// One column of a file, empty cells as `None`.
pub(crate) enum Column {
    Flag(Vec<Option<bool>>),
    Int(Vec<Option<i32>>),
    Long(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Bytes(Vec<Option<ByteArray>>),
}

impl Column {
    /// A column of texts.
    pub(crate) fn texts<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> Self {
        Self::Bytes(cells.map(|cell| cell.map(ByteArray::from)).collect())
    }

    /// A column of texts that are part of the program, with no empty cell.
    pub(super) fn fixed_texts(cells: impl Iterator<Item = &'static str>) -> Self {
        let text = |text: &'static str| ByteArray::from(Bytes::from_static(text.as_bytes()));
        Self::Bytes(cells.map(|cell| Some(text(cell))).collect())
    }

    /// A column of geometries.
    pub(crate) fn geometries(cells: impl Iterator<Item = Option<Vec<u8>>>) -> Self {
        Self::Bytes(cells.map(|cell| cell.map(ByteArray::from)).collect())
    }

    /// Some of its rows.
    fn part(&self, rows: Range<usize>) -> Self {
        match self {
            Self::Flag(cells) => Self::Flag(cells[rows].to_vec()),
            Self::Int(cells) => Self::Int(cells[rows].to_vec()),
            Self::Long(cells) => Self::Long(cells[rows].to_vec()),
            Self::Real(cells) => Self::Real(cells[rows].to_vec()),
            Self::Bytes(cells) => Self::Bytes(cells[rows].to_vec()),
        }
    }

    fn write<W: Write + Send>(self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<()> {
        let mut target = group.next_column()?.ok_or_else(|| {
            ParquetError::General("more columns than the schema names".to_owned())
        })?;
        match self {
            Self::Flag(cells) => put::<BoolType>(&mut target, cells)?,
            Self::Int(cells) => put::<Int32Type>(&mut target, cells)?,
            Self::Long(cells) => put::<Int64Type>(&mut target, cells)?,
            Self::Real(cells) => put::<DoubleType>(&mut target, cells)?,
            Self::Bytes(cells) => put::<ByteArrayType>(&mut target, cells)?,
        }
        target.close()
    }

    /// Cells it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Flag(cells) => cells.len(),
            Self::Int(cells) => cells.len(),
            Self::Long(cells) => cells.len(),
            Self::Real(cells) => cells.len(),
            Self::Bytes(cells) => cells.len(),
        }
    }
}

/// Cells of one length, in one piece of memory.
pub(super) fn same_length<const N: usize>(
    cells: impl Iterator<Item = Option<[u8; N]>>,
) -> Vec<Option<ByteArray>> {
    let mut all = Vec::with_capacity(N * cells.size_hint().0);
    let there: Vec<bool> = cells
        .map(|cell| {
            all.extend_from_slice(cell.as_ref().map_or(&[], <[u8; N]>::as_slice));
            cell.is_some()
        })
        .collect();
    let mut rest = Bytes::from(all);
    let cells = there.into_iter();
    cells.map(|there| there.then(|| ByteArray::from(rest.split_to(N)))).collect()
}

/// The bytes of a file with these columns, in the order of `schema`.
///
/// `geometry_type` (`Point`, ...) and `bounds` describe the column `geometry`.
pub(super) fn encode(
    schema: &str,
    geometry_type: &str,
    bounds: Option<Bounds>,
    columns: &[Column],
) -> Result<Vec<u8>> {
    let geometry = Geometry::on_plane(geometry_type, bounds);
    encode_about(schema, &geometry, columns, None)
}

/// What the file says of its column `geometry`.
pub(crate) struct Geometry<'a> {
    /// Kind: `Point`, ...
    pub(crate) kind: &'a str,
    /// Coordinate system.
    pub(crate) definition: &'a str,
    /// West, south, east and north of all of them.
    pub(crate) extent: Option<[f64; 4]>,
}

impl<'a> Geometry<'a> {
    /// Geometries on the working plane.
    fn on_plane(kind: &'a str, bounds: Option<Bounds>) -> Self {
        let edges = |Bounds { min, max }: Bounds| {
            [min.easting(), min.northing(), max.easting(), max.northing()]
        };
        Self { kind, definition: working().definition(), extent: bounds.map(edges) }
    }

    /// The entry `geo` of the file's metadata, as the standard has it.
    fn metadata(&self) -> Result<String> {
        let described = if self.definition == "EPSG:27700" {
            Cow::Borrowed(NATIONAL_GRID)
        } else {
            let unknown =
                || ParquetError::General(format!("PROJ does not know `{}`", self.definition));
            Cow::Owned(projjson(self.definition).ok_or_else(unknown)?)
        };
        let crs: Value = serde_json::from_str(&described)
            .map_err(|error| ParquetError::General(error.to_string()))?;
        let mut column = json!({
            "encoding": "WKB", "geometry_types": [self.kind], "crs": crs, "edges": "planar",
        });
        if let Some(extent) = self.extent {
            column["bbox"] = json!(extent);
        }
        let geo = json!({
            "version": "1.1.0",
            "primary_column": "geometry",
            "columns": { "geometry": column },
        });
        Ok(geo.to_string())
    }
}

/// The same, with one more entry for the file's metadata, by its key.
pub(crate) fn encode_about(
    schema: &str,
    geometry: &Geometry<'_>,
    columns: &[Column],
    about: Option<(&str, String)>,
) -> Result<Vec<u8>> {
    filled(schema, columns, about)?.end(geometry)
}

/// [`encode`] for columns without a geometry.
pub(super) fn encode_plain(schema: &str, columns: &[Column]) -> Result<Vec<u8>> {
    filled(schema, columns, None)?.writer.into_inner()
}

fn filled(
    schema: &str,
    columns: &[Column],
    about: Option<(&str, String)>,
) -> Result<Groups<Vec<u8>>> {
    let mut groups = Groups::new(Vec::new(), schema)?;
    if let Some((key, text)) = about {
        groups.writer.append_key_value_metadata(KeyValue::new(key.to_owned(), text));
    }
    let n_rows = columns.first().map_or(0, Column::len);
    for start in (0..n_rows).step_by(GROUP_ROWS) {
        let rows = start..n_rows.min(start + GROUP_ROWS);
        let mut group = groups.writer.next_row_group()?;
        for column in columns {
            column.part(rows.clone()).write(&mut group)?;
        }
        group.close()?;
    }
    Ok(groups)
}

/// A file being written, one row group after the other.
pub(super) struct Groups<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> Groups<W> {
    /// A file without rows.
    pub(super) fn new(out: W, schema: &str) -> Result<Self> {
        let schema = Arc::new(parse_message_type(schema)?);
        let properties = WriterProperties::builder()
            .set_created_by("wardheat".to_owned())
            .set_compression(Compression::SNAPPY)
            // Nothing in these comes twice.
            .set_column_dictionary_enabled(ColumnPath::from("geometry"), false)
            .set_column_dictionary_enabled(ColumnPath::from("reference"), false)
            // Rows come in no order but that of their month, so that least and greatest of a group
            // rule out nothing; of the times, which come as they were recorded, they may.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_statistics_enabled(ColumnPath::from("time_from"), EnabledStatistics::Chunk)
            .set_column_statistics_enabled(ColumnPath::from("time_to"), EnabledStatistics::Chunk)
            .build();
        Ok(Self { writer: SerializedFileWriter::new(out, schema, Arc::new(properties))? })
    }

    /// Adds a row group: `column` makes each column in turn, so that only one is held.
    pub(super) fn add<E: From<ParquetError>>(
        &mut self,
        mut column: impl FnMut(usize) -> std::result::Result<Option<Column>, E>,
    ) -> std::result::Result<(), E> {
        let mut group = self.writer.next_row_group()?;
        for index in 0.. {
            let Some(cells) = column(index)? else { break };
            cells.write(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    /// Ends the file. `geometry_type` (`Point`, ...) and `bounds` describe the column `geometry`.
    pub(super) fn finish(self, geometry_type: &str, bounds: Option<Bounds>) -> Result<W> {
        self.end(&Geometry::on_plane(geometry_type, bounds))
    }

    fn end(mut self, geometry: &Geometry<'_>) -> Result<W> {
        let geo = geometry.metadata()?;
        self.writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
        self.writer.into_inner()
    }
}

fn put<T: DataType>(
    target: &mut SerializedColumnWriter<'_>,
    cells: Vec<Option<T::T>>,
) -> Result<()> {
    let n_rows = cells.len();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let n_values = levels.iter().filter(|level| **level > 0).count();
    let mut values: Vec<T::T> = Vec::with_capacity(n_values);
    values.extend(cells.into_iter().flatten());
    let typed = target.typed::<T>();
    let optional = typed.get_descriptor().max_def_level() > 0;
    if !optional && values.len() < n_rows {
        let name = typed.get_descriptor().name().to_owned();
        return Err(ParquetError::General(format!("column `{name}` has an empty cell")));
    }
    typed.write_batch(&values, optional.then_some(levels.as_slice()), None)?;
    Ok(())
}

/// A file being read; every error names it.
#[derive(Clone)]
pub(super) struct Decoded<'a> {
    file: &'a Path,
    reader: Arc<SerializedFileReader<Bytes>>,
    /// Row groups that are looked at, and the first row of the file that is.
    groups: Range<usize>,
    first_row: usize,
}

impl<'a> Decoded<'a> {
    /// The file whose bytes these are.
    pub(super) fn new(file: &'a Path, bytes: Vec<u8>) -> Result<Self, StoreError> {
        let length = bytes.len();
        let most = LEAST_ROWS + ROWS_PER_BYTE * length as i64;
        let reader =
            SerializedFileReader::new(Bytes::from(bytes)).map_err(StoreError::parquet(file))?;
        let groups = reader.metadata().row_groups().iter();
        let rows = groups.fold(0_i64, |sum, group| sum.saturating_add(group.num_rows().max(0)));
        if rows > most {
            let problem = format!("it says it has {rows} rows, more than its bytes can tell apart");
            return Err(StoreError::parquet(file)(ParquetError::General(problem)));
        }
        let mut columns = reader.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns);
        columns
            .try_for_each(|column| bytes_of(column, length).map(drop))
            .map_err(|problem| StoreError::parquet(file)(ParquetError::General(problem)))?;
        let groups = 0..reader.num_row_groups();
        Ok(Self { file, reader: Arc::new(reader), groups, first_row: 0 })
    }

    /// Each of its row groups alone, in order.
    pub(super) fn groups(&self) -> Vec<Self> {
        let mut first_row = self.first_row;
        let one = |i: usize| {
            let group = Self { groups: i..i + 1, first_row, ..self.clone() };
            let rows = self.reader.metadata().row_group(i).num_rows();
            first_row += usize::try_from(rows).unwrap_or(0);
            group
        };
        self.groups.clone().map(one).collect()
    }

    /// Whether there is a column of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        schema.columns().iter().any(|column| column.name() == name)
    }

    /// Whole numbers of a column.
    pub(super) fn ints(&self, name: &'static str) -> Result<Vec<Option<i32>>, StoreError> {
        self.column::<Int32Type>(name)
    }

    /// Long whole numbers of a column.
    pub(super) fn longs(&self, name: &'static str) -> Result<Vec<Option<i64>>, StoreError> {
        self.column::<Int64Type>(name)
    }

    /// Numbers of a column.
    pub(super) fn reals(&self, name: &'static str) -> Result<Vec<Option<f64>>, StoreError> {
        self.column::<DoubleType>(name)
    }

    /// Texts of a column.
    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<Option<String>>, StoreError> {
        let cells = self.column::<ByteArrayType>(name)?.into_iter().enumerate();
        cells
            .map(|(row, cell)| {
                cell.map(|cell| cell.as_utf8().map(str::to_owned))
                    .transpose()
                    .map_err(|_| self.wrong(row, name, "not UTF-8".to_owned()))
            })
            .collect()
    }

    /// Bytes of a column.
    pub(super) fn blobs(&self, name: &'static str) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let cells = self.column::<ByteArrayType>(name)?.into_iter();
        Ok(cells.map(|cell| cell.map(|cell| cell.data().to_vec())).collect())
    }

    /// Geometries of the column `geometry`, each read by `read`.
    pub(super) fn geometries<T>(
        &self,
        read: impl Fn(&[u8]) -> std::result::Result<T, String>,
    ) -> Result<Vec<Option<T>>, StoreError> {
        let cells = self.column::<ByteArrayType>("geometry")?.into_iter().enumerate();
        cells
            .map(|(row, cell)| {
                cell.map(|cell| read(cell.data()))
                    .transpose()
                    .map_err(|problem| self.wrong(row, "geometry", problem))
            })
            .collect()
    }

    /// A required cell.
    pub(super) fn required<T>(
        &self,
        row: usize,
        column: &'static str,
        cell: Option<T>,
    ) -> Result<T, StoreError> {
        cell.ok_or_else(|| self.wrong(row, column, "empty".to_owned()))
    }

    /// [`Self::required`] for cells that are known to be empty.
    pub(super) fn empty<T>(&self, column: &'static str) -> impl Fn(usize) -> Result<T, StoreError> {
        move |row| self.required(row, column, None)
    }

    /// The error that a cell is wrong; `row` counts from 0, from the first that is looked at.
    pub(super) fn wrong(&self, row: usize, column: &'static str, problem: String) -> StoreError {
        let row = self.first_row + row + 1;
        StoreError::Value { file: self.file.to_owned(), row, column, problem }
    }

    fn column<T: DataType>(&self, name: &'static str) -> Result<Vec<Option<T::T>>, StoreError> {
        Ok(self.sparse::<T>(name)?.options())
    }

    /// The values of a column, and which rows have one.
    pub(super) fn sparse<T: DataType>(
        &self,
        name: &'static str,
    ) -> Result<Sparse<T::T>, StoreError> {
        let mut cells = Sparse::default();
        self.each_group(|group| sparse::take::<T>(group, name, &mut cells))?;
        Ok(cells)
    }

    /// A column of bytes: which of the values each row has, and the values as `known` has them. A
    /// value of a dictionary is there once, however many rows share it.
    pub(super) fn numbered<W>(
        &self,
        name: &'static str,
        mut known: impl FnMut(&[u8]) -> W,
    ) -> Result<(Sparse<i32>, Vec<W>), StoreError> {
        let (mut cells, mut values) = (Sparse::default(), Vec::new());
        self.each_group(|group| {
            let number = |bytes: &[u8]| {
                values.push(known(bytes));
                // As many values as fit in a group are far fewer than 2^31.
                i32::try_from(values.len() - 1).unwrap_or(i32::MAX)
            };
            sparse::take_numbered(group, name, number, &mut cells)
        })?;
        Ok((cells, values))
    }

    fn each_group(
        &self,
        mut take: impl FnMut(&dyn RowGroupReader) -> Result<()>,
    ) -> Result<(), StoreError> {
        let of_file = StoreError::parquet(self.file);
        for i in self.groups.clone() {
            let group = self.reader.get_row_group(i).map_err(&of_file)?;
            take(group.as_ref()).map_err(&of_file)?;
        }
        Ok(())
    }
}

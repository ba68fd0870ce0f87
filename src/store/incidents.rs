//! Incidents of one source and month to and from a GeoParquet file.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use parquet::data_type::{ByteArray, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use rayon::prelude::*;

use super::error::StoreError;
use super::files::DataFile;
use super::geoparquet::{Column, Decoded, Groups, same_length};
use super::manifest::{self, IncidentFile};
use super::wkb;
use crate::crs::{Bng, grid_ref};
use crate::geometry::Bounds;
use crate::incident::{Cells, Columns, CrimeTypeIdx, Flags, Incidents, TextColumn, Word, Words};
use crate::quantity::Metres;
use crate::time::Month;

/// Source and month are in the path, as Hive has it: engines that read the folder as one table
/// refuse a column that is in both.
///
/// - `reference`: keyed hash of the publisher's reference.
/// - `time_from`, `time_to`: local clock, no zone.
/// - `place_kind`: `point`, `area`, `outward` or `nowhere`; says which of the next ones are set.
/// - `cell100`: the 100 m square of the National Grid, such as `NZ445190`.
/// - `flags`: bits of [`Flags`].
pub(super) const SCHEMA: &str = "message incidents {
    OPTIONAL INT64 reference (INTEGER(64,false));
    REQUIRED BYTE_ARRAY crime_type (STRING);
    OPTIONAL INT64 time_from (TIMESTAMP(MICROS,false));
    OPTIONAL INT64 time_to (TIMESTAMP(MICROS,false));
    REQUIRED BYTE_ARRAY place_kind (STRING);
    OPTIONAL BYTE_ARRAY geometry;
    OPTIONAL DOUBLE precision_m;
    OPTIONAL BYTE_ARRAY cell100 (STRING);
    OPTIONAL BYTE_ARRAY area (STRING);
    OPTIONAL BYTE_ARRAY outward (STRING);
    OPTIONAL BYTE_ARRAY ward (STRING);
    OPTIONAL BYTE_ARRAY lsoa (STRING);
    OPTIONAL BYTE_ARRAY street (STRING);
    REQUIRED INT32 flags (INTEGER(16,false));
}";

/// Rows of one source and month.
pub(super) type Group<'a> = ((&'a str, Month), Vec<usize>);

/// From and to times of one incident.
type Span = (Option<DateTime>, Option<DateTime>);

/// Rows of each source and month, in their order.
pub(super) fn by_source_and_month(all: &Incidents) -> Vec<Group<'_>> {
    let mut groups = BTreeMap::<_, Vec<usize>>::new();
    for row in 0..all.len() {
        groups.entry((all.source(row), all.month(row))).or_default().push(row);
    }
    groups.into_iter().collect()
}

/// Adds rows of one source and month to their file, which is written at `path` and has `before`
/// rows already.
pub(super) fn write_group<W: Write + Send>(
    groups: &mut Groups<W>,
    path: &Path,
    all: &Incidents,
    rows: &[usize],
    before: usize,
) -> Result<(), StoreError> {
    let each = || rows.iter().copied();
    let time = |column: &'static str, pick: fn(Span) -> Option<DateTime>| {
        let cells = each().enumerate().map(|(row, i)| {
            pick(all.span(i)).map(micros).transpose().map_err(|error| StoreError::Value {
                file: path.to_owned(),
                row: before + row + 1,
                column,
                problem: error.to_string(),
            })
        });
        cells.collect::<Result<_, _>>().map(Column::Long)
    };
    let mut shared = Shared::new(all);
    groups
        .add(|index| {
            Ok(Some(match index {
                0 => Column::Long(each().map(|i| all.reference(i).map(u64::cast_signed)).collect()),
                1 => Column::fixed_texts(each().map(|i| all.crime_type(i).get().id)),
                2 => time("time_from", |span| span.0)?,
                3 => time("time_to", |span| span.1)?,
                4 => Column::fixed_texts(each().map(|i| place_kind(all, i))),
                5 => {
                    let cell = |at: Bng| wkb::fixed((at.easting(), at.northing()));
                    Column::Bytes(same_length(each().map(|i| all.position(i).map(cell))))
                }
                6 => Column::Real(each().map(|i| all.precision(i).map(Metres::get)).collect()),
                7 => {
                    let cell = |i| all.position(i).and_then(grid_ref::cell100);
                    Column::Bytes(same_length(each().map(cell)))
                }
                8 => shared.texts(TextColumn::Area, rows),
                9 => shared.texts(TextColumn::Outward, rows),
                10 => shared.texts(TextColumn::Ward, rows),
                11 => shared.texts(TextColumn::Lsoa, rows),
                12 => shared.texts(TextColumn::Street, rows),
                13 => Column::Int(each().map(|i| Some(i32::from(all.flags(i).bits()))).collect()),
                _ => return Ok(None),
            }))
        })
        .map_err(|error: GroupError| error.of(path))
}

/// The texts of some incidents, each made into bytes once.
struct Shared<'a> {
    all: &'a Incidents,
    known: Vec<Option<ByteArray>>,
}

impl<'a> Shared<'a> {
    fn new(all: &'a Incidents) -> Self {
        Self { all, known: vec![None; all.n_words()] }
    }

    fn texts(&mut self, column: TextColumn, rows: &[usize]) -> Column {
        let Self { all, known } = self;
        let cells = rows.iter().map(|&i| {
            let word = all.word_of(column, i);
            let known = &mut known[word.number()?];
            if known.is_none() {
                *known = all.text(word).map(ByteArray::from);
            }
            known.clone()
        });
        Column::Bytes(cells.collect())
    }
}

/// Why a row group cannot be written.
enum GroupError {
    Store(StoreError),
    Parquet(ParquetError),
}

impl From<ParquetError> for GroupError {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(error)
    }
}

impl From<StoreError> for GroupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl GroupError {
    fn of(self, path: &Path) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Parquet(error) => StoreError::parquet(path)(error),
        }
    }
}

/// The smallest box round all `positions`.
pub(super) fn bounds(positions: impl Iterator<Item = Bng>) -> Option<Bounds> {
    positions.map(|p| Bounds { min: p, max: p }).reduce(Bounds::union)
}

/// How much of a place is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Point,
    Area,
    Outward,
    Nowhere,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Point, Self::Area, Self::Outward, Self::Nowhere];

    /// As the file has it.
    const fn id(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Area => "area",
            Self::Outward => "outward",
            Self::Nowhere => "nowhere",
        }
    }

    fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

fn place_kind(all: &Incidents, i: usize) -> &'static str {
    let kind = if all.position(i).is_some() {
        Kind::Point
    } else if all.area(i).is_some() {
        Kind::Area
    } else if all.outward(i).is_some() {
        Kind::Outward
    } else {
        Kind::Nowhere
    };
    kind.id()
}

fn micros(time: DateTime) -> Result<i64, jiff::Error> {
    Ok(Offset::UTC.to_timestamp(time)?.as_microsecond())
}

fn local(micros: i64) -> Result<DateTime, jiff::Error> {
    Ok(Offset::UTC.to_datetime(Timestamp::from_microsecond(micros)?))
}

/// One file of the store, and what every row of it shares.
pub(super) struct MonthFile<'a> {
    path: PathBuf,
    source: &'a str,
    month: Month,
    pub data: &'a DataFile,
}

impl<'a> MonthFile<'a> {
    /// The file of this entry of the manifest in `folder`.
    pub fn new(folder: &Path, entry: &'a IncidentFile) -> Result<Self, StoreError> {
        let month = entry.month.parse().map_err(|error| StoreError::Manifest {
            file: manifest::path(folder),
            source: serde::de::Error::custom(error),
        })?;
        let path = manifest::locate(folder, &entry.file)?;
        Ok(Self { path, source: &entry.source, month, data: &entry.file })
    }
}

/// The rows of some files, in order; row groups are read side by side.
pub(super) fn read<'a>(files: &'a [MonthFile<'a>]) -> Result<Vec<Incidents>, StoreError> {
    let open = |file: &'a MonthFile<'a>| {
        Ok((file, Decoded::new(&file.path, file.data.read(&file.path)?)?))
    };
    let open: Vec<(&MonthFile<'_>, Decoded<'_>)> =
        files.par_iter().map(open).collect::<Result<_, StoreError>>()?;
    let groups: Vec<(&MonthFile<'_>, Decoded<'_>)> = open
        .iter()
        .flat_map(|(file, input)| input.groups().into_iter().map(|group| (*file, group)))
        .collect();
    groups.par_iter().map(|(file, group)| read_group(group, file.source, file.month)).collect()
}

fn read_group(input: &Decoded<'_>, source: &str, month: Month) -> Result<Incidents, StoreError> {
    let mut words = Words::default();
    let source = words.add(source);
    let mut texts = |name| {
        let word = |text: &str| Ok(words.add(text));
        known(input, name, |_| Ok(Word::NONE), word)
    };
    let (area, outward, ward) = (texts("area")?, texts("outward")?, texts("ward")?);
    let (lsoa, street) = (texts("lsoa")?, texts("street")?);
    let crime_type = known(input, "crime_type", input.empty("crime_type"), |text| {
        CrimeTypeIdx::from_id(text).ok_or_else(|| format!("unknown crime type `{text}`"))
    })?;
    let references = input.sparse::<Int64Type>("reference")?;
    let reference = references.cells(|_| Ok(0), |_, bits| Ok(bits.cast_unsigned()))?;
    let referenced = references.cells(|_| Ok(false), |_, _| Ok(true))?;
    let times = |column| {
        let time = |row, micros| {
            let time = local(micros).map(Some);
            time.map_err(|error| input.wrong(row, column, error.to_string()))
        };
        input.sparse::<Int64Type>(column)?.cells(|_| Ok(None), time)
    };
    let flags = input.sparse::<Int32Type>("flags")?.cells(input.empty("flags"), |row, bits| {
        let narrow = u16::try_from(bits).map(Flags::from_bits);
        narrow.map_err(|_| input.wrong(row, "flags", format!("{bits} is not 16 bits")))
    })?;
    let places = Places::read(input, &area, &outward)?;
    Ok(Columns {
        source,
        month,
        reference,
        referenced,
        from: times("time_from")?,
        to: times("time_to")?,
        easting: places.easting.into(),
        northing: places.northing.into(),
        precision: places.precision.into(),
        area: places.area.into(),
        outward: places.outward.into(),
        crime_type,
        ward,
        lsoa,
        street,
        flags,
        words,
    }
    .into())
}

/// Where the incidents of a row group were, by column.
#[derive(Default)]
struct Places {
    easting: Vec<f64>,
    northing: Vec<f64>,
    precision: Vec<f32>,
    area: Vec<Word>,
    outward: Vec<Word>,
}

impl Places {
    /// What the file says of a place beside its kind is not looked at.
    fn read(
        input: &Decoded<'_>,
        area: &Cells<Word>,
        outward: &Cells<Word>,
    ) -> Result<Self, StoreError> {
        let kinds = known(input, "place_kind", input.empty("place_kind"), |text| {
            Kind::of(text).ok_or_else(|| format!("unknown kind of place `{text}`"))
        })?;
        let (numbers, points) = input.numbered("geometry", wkb::read_point)?;
        let positions = numbers.cells(
            |_| Ok(None),
            |row, number| match &points[number as usize] {
                Ok(position) => Ok(Some(*position)),
                Err(problem) => Err(input.wrong(row, "geometry", problem.clone())),
            },
        )?;
        let precisions = input.sparse::<DoubleType>("precision_m")?;
        let precisions =
            precisions.cells(|_| Ok(None), |_, metres| Ok::<_, StoreError>(Some(metres)))?;
        let mut all = Self::default();
        all.reserve(kinds.len());
        for row in 0..kinds.len() {
            let text =
                |column, word: Word| input.required(row, column, word.number()).map(|_| word);
            match kinds[row] {
                Kind::Point => {
                    let precision = input.required(row, "precision_m", precisions[row])?;
                    let position = input.required(row, "geometry", positions[row])?;
                    all.push(Some((position, precision)), Word::NONE, Word::NONE);
                }
                Kind::Area => all.push(None, text("area", area[row])?, Word::NONE),
                Kind::Outward => all.push(None, Word::NONE, text("outward", outward[row])?),
                Kind::Nowhere => all.push(None, Word::NONE, Word::NONE),
            }
        }
        Ok(all)
    }

    fn reserve(&mut self, n: usize) {
        self.easting.reserve(n);
        self.northing.reserve(n);
        self.precision.reserve(n);
        self.area.reserve(n);
        self.outward.reserve(n);
    }

    fn push(&mut self, point: Option<(Bng, f64)>, area: Word, outward: Word) {
        self.easting.push(point.map_or(f64::NAN, |(position, _)| position.easting()));
        self.northing.push(point.map_or(f64::NAN, |(position, _)| position.northing()));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a precision is a round number of metres"
        )]
        self.precision.push(point.map_or(f64::NAN, |(_, precision)| precision) as f32);
        self.area.push(area);
        self.outward.push(outward);
    }
}

/// A column of texts, each as `of` has it or says is wrong with it; `none` where a cell is empty.
fn known<T: Copy + PartialEq>(
    input: &Decoded<'_>,
    column: &'static str,
    none: impl Fn(usize) -> Result<T, StoreError>,
    mut of: impl FnMut(&str) -> Result<T, String>,
) -> Result<Cells<T>, StoreError> {
    let (numbers, known) = input.numbered(column, |bytes| {
        std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned()).and_then(&mut of)
    })?;
    numbers.cells(none, |row, number| match &known[number as usize] {
        Ok(value) => Ok(*value),
        Err(problem) => Err(input.wrong(row, column, problem.clone())),
    })
}

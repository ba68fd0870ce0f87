//! Rows of an incident file as candidates: fields by meaning, still text.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::quality::FixedState;

use crate::crs::{Transformer, working};
use crate::workspace::{Crs, Field, N_FIELDS, Source};

use super::english::name;
use super::{Profile, RawRecord, RawTable, ReadError};

const NO_COLUMN: usize = usize::MAX;

/// Which column of a file holds each field, found once for the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    at: [usize; N_FIELDS],
    used: Vec<usize>,
    /// What the position columns are in.
    pub system: System,
    /// What the points of features are in.
    pub geometry: System,
    /// Columns that no field reads: dropped at the door.
    pub dropped: Vec<String>,
}

/// The coordinate system of positions.
#[derive(Debug, Clone, PartialEq)]
pub enum System {
    /// As the profile has it: eastings and northings of the National Grid, or degrees.
    Usual,
    /// Eastings and northings of the National Grid, whatever the columns are called.
    Grid,
    /// Another: the way to the working plane.
    Other(Transformer),
}

impl System {
    fn of(file: &str, crs: Crs) -> Result<Self, ReadError> {
        let on_grid = working().is_national_grid();
        match crs {
            Crs::LonLat => Ok(Self::Usual),
            Crs::Bng if on_grid => Ok(Self::Grid),
            _ => Transformer::to_bng(&crs.to_string())
                .map(Self::Other)
                .map_err(|_| ReadError::UnknownCrs { file: file.to_owned(), crs: crs.to_string() }),
        }
    }
}

/// How positions of a coordinate system become positions on the working plane, and how exactly;
/// `None` where they are there already.
pub fn transformation_from(definition: &str) -> Option<String> {
    let way = Transformer::to_bng(definition).ok()?;
    (way.accuracy().metres != Some(0.0) || way.definition() != working().definition())
        .then(|| in_words(&way))
}

fn in_words(way: &Transformer) -> String {
    name::transformation(way.definition(), working().definition(), way.accuracy())
}

impl Columns {
    /// How positions of the file become positions on the working plane, and how exactly; `None`
    /// where it has none, or they are on the plane already.
    pub fn transformation(&self) -> Option<String> {
        let degrees = || transformation_from("EPSG:4326");
        let in_columns = self.has(Field::Easting) || self.has(Field::Longitude);
        match if in_columns { &self.system } else { &self.geometry } {
            System::Other(way) => Some(in_words(way)),
            System::Grid | System::Usual if self.has(Field::Easting) => None,
            System::Grid if !in_columns => None,
            System::Grid | System::Usual => degrees(),
        }
    }

    /// Whether a column holds `field`.
    pub fn has(&self, field: Field) -> bool {
        self.at[field as usize] != NO_COLUMN
    }

    /// Position of the column of `field`.
    pub fn get(&self, field: Field) -> Option<usize> {
        Some(self.at[field as usize]).filter(|&column| column != NO_COLUMN)
    }
}

/// Finds the columns of `table` as the workspace maps them, or as the profile does where it says
/// nothing.
///
/// # Errors
///
/// [`ReadError::NoColumn`] if a column that the workspace names is not there, or a field that the
/// profile cannot do without has none.
pub fn resolve_columns(
    table: &RawTable<'_>,
    profile: &Profile,
    source: &Source,
) -> Result<Columns, ReadError> {
    const KEY: &str = "[source.columns]";
    let barred = source
        .drop_columns
        .iter()
        .map(|name| table.require(name, "`drop-columns` of [[source]]"))
        .collect::<Result<Vec<usize>, ReadError>>()?;
    let mut found: BTreeMap<Field, usize> = if source.columns.is_empty() {
        table.refuse_cut_short(profile.cut_short(&table.columns))?;
        profile.find_columns(&table.columns)
    } else {
        let mut found = BTreeMap::new();
        for (&field, name) in &source.columns {
            found.insert(field, table.require(name, KEY)?);
        }
        found
    };
    found.retain(|_, column| !barred.contains(column));
    if let Some(group) = profile.missing(&found) {
        let wanted = group.iter().map(|field| field.word()).collect::<Vec<_>>().join("` or `");
        return Err(ReadError::no_column(&table.file, &wanted, &table.columns, KEY));
    }
    let mut at = [NO_COLUMN; N_FIELDS];
    for (&field, &column) in &found {
        at[field as usize] = column;
    }
    let used: Vec<usize> = found.into_values().collect();
    let dropped = table.columns.iter().enumerate().filter(|(i, _)| !used.contains(i));
    let dropped = dropped.map(|(_, name)| name.clone()).collect();
    let system = System::of(&table.file, source.crs.unwrap_or(profile.crs))?;
    let geometry = System::of(&table.file, table.crs.or(source.crs).unwrap_or(Crs::LonLat))?;
    Ok(Columns { at, used, system, geometry, dropped })
}

/// One record, its fields still text.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    row: &'a RawRecord<'a>,
    columns: &'a Columns,
}

impl<'a> Candidate<'a> {
    /// The record in `row`.
    pub fn new(row: &'a RawRecord<'a>, columns: &'a Columns) -> Self {
        Self { row, columns }
    }

    /// Line it stands on.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// Text of a field, empty where the file has no such column.
    pub fn get(&self, field: Field) -> &'a str {
        match self.columns.at[field as usize] {
            NO_COLUMN => "",
            column => self.row.get(column),
        }
    }

    /// The same for records that are the same in every column that is read.
    pub fn content(&self) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        for &column in &self.columns.used {
            self.row.get(column).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// What its position columns are in.
    pub fn system(&self) -> &'a System {
        &self.columns.system
    }

    /// What the point of its feature is in.
    pub fn geometry_system(&self) -> &'a System {
        &self.columns.geometry
    }

    /// The point of a feature, for formats that hold positions apart from columns.
    pub fn point(&self) -> Option<(f64, f64)> {
        match self.row.geometry? {
            geojson::GeometryValue::Point { coordinates } => match coordinates.as_slice() {
                [x, y, ..] => Some((*x, *y)),
                _ => None,
            },
            _ => None,
        }
    }
}

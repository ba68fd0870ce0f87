//! Reading files: open, recognise the format, map columns to fields, hand rows on.
//!
//! A *format* ([`format::FORMATS`]) turns bytes into rows of text under named columns; a *subject*
//! (incidents, areas, population, streets) says what the columns mean. The two know nothing of each
//! other, so any subject can come in any format. A new column layout of any subject is one TOML file
//! in `data/mapping/`, or in the workspace's own `mapping/` ([`Layouts`]).

mod archive;
mod areas;
mod calendar;
mod categories;
mod category_match;
mod cut_names;
pub(crate) mod dates;
mod distances;
mod encoding;
mod english;
mod file;
pub mod format;
pub mod guess;
mod harm;
mod incidents;
mod indicators;
mod interventions;
mod layouts;
mod lookups;
mod mapping;
mod meetings;
mod peers;
pub(crate) mod pii;
mod place_names;
mod population;
mod position;
mod priorities;
mod record;
mod rings;
mod snap_points;
mod streets;
mod subject;
mod subject_layout;
mod surveys;
pub(crate) mod times;
mod values;
mod venues;
mod wards;
mod zipped;

pub use archive::{Archive, archive};
pub use areas::{read_areas, read_areas_in, study_area};
pub use categories::{
    CategoryTable, Edition, SENSITIVE, SeriesBreak, category_table, category_tables,
};
pub use category_match::{TextRules, code_key, code_keys};
pub use cut_names::CutShort;
pub use distances::{WalkRow, read_walks};
pub use encoding::Encoding;
pub(crate) use file::hexadecimal;
pub use file::{Input, LoadedFile};
pub use harm::{HarmTables, read_harm};
pub use incidents::{Candidate, Columns, System, resolve_columns, transformation_from};
pub use indicators::read_indicators;
pub use interventions::read_interventions;
pub use layouts::{Layouts, MAPPING_FOLDER};
pub use lookups::{ReadLookup, read_lookup};
pub use mapping::{CategoryRules, EXCLUDE, LocationRules, Phrases, Profile, header_key, words_key};
pub use meetings::{MeetingRows, read_meetings};
pub use peers::read_peers;
pub use place_names::read_place_names;
pub use population::{PopulationRows, join_population, read_population};
pub use priorities::read_community_priorities;
pub use record::{Block, Blocks, FileFacts, RawRecord, RawTable, RowFault, Rows, Values};
pub use snap_points::read_snap_points;
pub use streets::{StreetLine, read_streets};
pub use subject::{RowAccount, RowReason, Subject};
pub use subject_layout::{FoundColumn, SubjectLayout};
pub use surveys::read_survey;
pub use values::{ValueGround, ValueRows, ValueSpec, read_values};
pub use venues::{VenueRows, read_venues};
pub use wards::Wards;

use std::borrow::Cow;
use std::io;

use thiserror::Error;

use crate::workspace::Crs;

use english::{hint, name};

/// Why a file as a whole cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It cannot be opened or read.
    #[error("{file} cannot be read")]
    Io {
        /// File.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// It holds nothing.
    #[error("{0} is empty")]
    Empty(String),
    /// It is larger than we take into memory.
    #[error("{file} holds more than {most} bytes once unpacked")]
    TooLarge {
        /// File.
        file: String,
        /// Most bytes taken.
        most: u64,
    },
    /// Bytes that are no text in any encoding we know.
    #[error("{file} is not text: byte {byte:#04x} at position {at} is in no encoding we read")]
    NotText {
        /// File.
        file: String,
        /// The byte.
        byte: u8,
        /// Its place, from 0.
        at: usize,
    },
    /// Broken structure.
    #[error("{file}{}: {message}", line.map(|l| format!(" line {l}")).unwrap_or_default())]
    Broken {
        /// File.
        file: String,
        /// Line, from 1, where known.
        line: Option<u64>,
        /// What is wrong.
        message: String,
    },
    /// A format we do not read.
    #[error("{file} is {what}, which is not read")]
    Unsupported {
        /// File.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// A file that we could read but must not, or only once something is chosen.
    #[error("{file} is {what}")]
    Refused {
        /// File.
        file: String,
        /// What it is.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// A header, and nothing below it.
    #[error("{0} has a header but no rows")]
    NoRows(String),
    /// A column that is not there.
    #[error("{file} has no column for `{wanted}` (it has: {columns})")]
    NoColumn {
        /// File.
        file: String,
        /// Column or field wanted.
        wanted: String,
        /// Columns there are.
        columns: String,
        /// Key of the description that says which column to use.
        key: &'static str,
    },
    /// A column whose name is cut to ten letters and could be one of several.
    #[error("{file}: the name of column `{}` is cut short and could be {}", cut.column, quoted(&cut.could_be))]
    CutShort {
        /// File.
        file: String,
        /// The column.
        cut: CutShort,
    },
    /// Columns that no profile knows.
    #[error("{file} has a layout that no profile recognises (it has: {columns})")]
    UnknownLayout {
        /// File.
        file: String,
        /// Columns there are.
        columns: String,
    },
    /// A layout of the workspace that makes no sense.
    #[error("{file}: {message}")]
    Layout {
        /// File.
        file: String,
        /// What is wrong, with its line where it is known.
        message: String,
    },
    /// A coordinate system we do not read.
    #[error("{file} says it is in `{crs}`, which PROJ does not know")]
    UnknownCrs {
        /// File.
        file: String,
        /// As the file says.
        crs: String,
    },
    /// Coordinates that are not what the file's coordinate system has.
    #[error("{file}: {what} has the coordinates {x}, {y}, which {problem}")]
    WrongCrs {
        /// File.
        file: String,
        /// Which area or street.
        what: String,
        /// First coordinate.
        x: f64,
        /// Second coordinate.
        y: f64,
        /// What is wrong with them.
        problem: &'static str,
        /// How to put it right.
        hint: &'static str,
    },
    /// A boundary that crosses itself.
    #[error(
        "{file}: the boundary of {code} ({name}) crosses itself near longitude {lon:.5}, latitude {lat:.5}"
    )]
    SelfCrossing {
        /// File.
        file: String,
        /// Code of the area.
        code: String,
        /// Its name.
        name: String,
        /// Degrees east.
        lon: f64,
        /// Degrees north.
        lat: f64,
    },
    /// An area without a usable outline, code or name.
    #[error("{file}: {message}")]
    Area {
        /// File.
        file: String,
        /// What is wrong.
        message: String,
    },
}

impl ReadError {
    /// How to put it right, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoColumn { key, .. } => return Some(hint::name_the_column(key)),
            Self::Empty(_) | Self::NoRows(_) => hint::CHECK_THE_EXPORT,
            Self::NotText { .. } => hint::AS_UTF8,
            Self::Unsupported { .. } => hint::AS_CSV,
            Self::CutShort { .. } => hint::CUT_SHORT,
            Self::UnknownLayout { .. } => hint::UNKNOWN_LAYOUT,
            Self::Layout { .. } => hint::LAYOUT,
            Self::UnknownCrs { .. } => hint::UNKNOWN_CRS,
            Self::Refused { hint, .. } | Self::WrongCrs { hint, .. } => hint,
            Self::SelfCrossing { .. } => hint::SELF_CROSSING,
            Self::TooLarge { .. } => hint::BY_MONTH,
            Self::Broken { .. } => hint::COPIED_WHOLE,
            Self::Io { .. } => hint::THERE_TO_READ,
            Self::Area { .. } => hint::CORRECT_FEATURE,
        };
        Some(hint.to_owned())
    }

    /// Missing column `wanted` among `columns`.
    pub(crate) fn no_column(
        file: &str,
        wanted: &str,
        columns: &[String],
        key: &'static str,
    ) -> Self {
        Self::NoColumn {
            file: file.to_owned(),
            wanted: wanted.to_owned(),
            columns: listed(columns),
            key,
        }
    }
}

/// Most names in one message, and most letters of one.
const MOST_NAMES: usize = 40;
const MOST_LETTERS: usize = 80;

/// Names between which one has to choose: `a`, `b` or `c`.
fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [others @ .., last] if !others.is_empty() => name::or(&others.join(", "), last),
        all => all.concat(),
    }
}

/// Names for a message: all of them, unless there are more than anyone reads.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let shown = names.iter().take(MOST_NAMES).map(|name| brief(name.as_ref(), MOST_LETTERS));
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES {
        text.push_str(&name::more(names.len() - MOST_NAMES));
    }
    text
}

/// The start of a text that may be as long as a file.
pub(crate) fn brief(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{} ...", &text[..end])),
    }
}

/// The coordinate system to read `file` in: as the file states, else as the description states.
pub(crate) fn choose_crs(stated: Option<Crs>, declared: Option<Crs>) -> Crs {
    stated.or(declared).unwrap_or(Crs::LonLat)
}

/// [`choose_crs`] for the geometries of a whole file.
pub(crate) fn crs_of(file: &LoadedFile, declared: Option<Crs>) -> Result<Crs, ReadError> {
    Ok(choose_crs(format::open(file)?.crs, declared))
}

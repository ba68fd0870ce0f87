//! A workspace: the folder a partnership works in, described by its `wardheat.toml`.
//!
//! [`Workspace::load`] reads the description and names the line and key of every mistake;
//! [`draft`] writes a first one for an analyst to correct.

mod context;
pub mod draft;
mod english;
mod files;
mod places;
mod planning;
mod serving;
mod system;
mod words;

pub use context::{
    CommunityPriorityFile, HarmFile, IndicatorFile, InterventionFile, LookupFile, PeerFile,
    SurveyFile,
};
pub use files::{FilesError, expand, relative};
pub use places::{AreaFile, MaskFile, NamedFile, PopulationFile, SnapPointFile, StreetFile};
pub use planning::{NeedRule, PlanningRule, VulnerableLocalities};
pub use serving::ServerRule;
pub(crate) use serving::is_prefix;
pub use system::{Crs, Definition, UnknownCrs};
pub use words::{
    CountBy, DateForm, Direction, Field, LocationRule, N_FIELDS, PersonSign, UnknownWord,
};

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::context::DatedNote;
use crate::crs::{CrsError, Plane, work_on};
use crate::incident::{CrimeTypes, PrioritySet};
use crate::time::{Month, NightBand, Window};

use english::fault as say;

/// Name of the description in the folder.
pub const DESCRIPTION: &str = "wardheat.toml";

/// Name of the file that holds the key of reference hashes.
pub const KEY_FILE: &str = "wardheat.key";

/// Why a folder cannot be used as a workspace.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// No description in the folder.
    #[error("{} is no workspace: it has no {DESCRIPTION}", folder.display())]
    NotAWorkspace {
        /// Folder as given.
        folder: PathBuf,
    },
    /// A file that cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// File.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A mistake in the description.
    #[error("{DESCRIPTION} line {line}{}: {message}", key.as_ref().map(|k| format!(", key `{k}`")).unwrap_or_default())]
    Mistake {
        /// Line, from 1.
        line: usize,
        /// Key on that line, if the line has one.
        key: Option<String>,
        /// What is wrong.
        message: String,
    },
    /// `crs` is no plane to measure on.
    #[error("{DESCRIPTION}, key `crs`: the workspace cannot be measured in it")]
    Plane(#[source] CrsError),
    /// The key file does not hold a key.
    #[error("{KEY_FILE} does not hold a key of 32 to 128 hexadecimal digits")]
    Key,
}

impl WorkspaceError {
    /// How to put it right.
    pub fn hint(&self) -> String {
        match self {
            Self::NotAWorkspace { .. } => say::NOT_A_WORKSPACE.to_owned(),
            Self::Unreadable { path, .. } if path.ends_with(KEY_FILE) => {
                say::key_unreadable(KEY_FILE)
            }
            Self::Unreadable { .. } => say::UNREADABLE.to_owned(),
            Self::Plane(_) => say::PLANE.to_owned(),
            Self::Mistake { .. } => say::correct(DESCRIPTION),
            Self::Key => say::key_wrong(KEY_FILE),
        }
    }
}

/// A workspace as loaded.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Folder it stands in.
    pub dir: PathBuf,
    /// What its description says.
    pub config: Config,
}

/// Everything `wardheat.toml` can say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Name of the study area on screen.
    pub name: String,
    /// Whether the data are invented; printed on everything.
    #[serde(default)]
    pub fictional: bool,
    /// Projected coordinate system, in metres, that everything is measured in; the British National
    /// Grid where absent.
    pub crs: Option<Crs>,
    /// Lines to print wherever the data are shown: for boundaries, streets, population.
    #[serde(default)]
    pub attribution: Vec<String>,
    /// Boundary files.
    #[serde(default)]
    pub areas: Vec<AreaFile>,
    /// Population files.
    #[serde(default)]
    pub population: Vec<PopulationFile>,
    /// Street centre lines.
    pub streets: Option<StreetFile>,
    /// Map tiles to draw below the data: one `PMTiles` file.
    pub basemap: Option<PathBuf>,
    /// Snap points or addresses.
    pub snap_points: Option<SnapPointFile>,
    /// Candidate venues.
    pub venues: Option<NamedFile>,
    /// The meetings diary.
    pub meetings: Option<NamedFile>,
    /// The night-time band: Friday and Saturday, 21:00 to 05:00, where absent.
    #[serde(default)]
    pub night: NightBand,
    /// Places (refuges, hostels) round which no record keeps its position.
    pub mask: Option<MaskFile>,
    /// How need is put together.
    #[serde(default)]
    pub need: NeedRule,
    /// How meetings are planned.
    #[serde(default)]
    pub planning: PlanningRule,
    /// How it is served.
    #[serde(default)]
    pub server: ServerRule,
    /// Incident files, one table for each source.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
    /// Named sets of crime types.
    #[serde(default, rename = "priority")]
    pub priorities: Vec<Priority>,
    /// Figures by area.
    #[serde(default)]
    pub indicators: Vec<IndicatorFile>,
    /// Codes to codes.
    #[serde(default, rename = "lookup")]
    pub lookups: Vec<LookupFile>,
    /// What was done.
    #[serde(default)]
    pub interventions: Vec<InterventionFile>,
    /// What residents said.
    #[serde(default, rename = "survey")]
    pub surveys: Vec<SurveyFile>,
    /// What communities asked for.
    #[serde(default)]
    pub community_priorities: Vec<CommunityPriorityFile>,
    /// Rates of areas like this one.
    #[serde(default)]
    pub peers: Vec<PeerFile>,
    /// How much one incident of each type weighs.
    #[serde(default)]
    pub harm_weights: Vec<HarmFile>,
    /// What the reader of a series must know.
    #[serde(default, rename = "note")]
    pub notes: Vec<DatedNote>,
}

/// What the partnership has chosen to work on: a named set of crime types, whose it is, and what is
/// aimed at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Priority {
    /// Name on screen; `--type priority:NAME` takes it in lower case with hyphens.
    pub name: String,
    /// Group or officer that leads on it.
    pub owner: Option<String>,
    /// What belongs to it: crime types and families of them.
    #[serde(alias = "types")]
    pub categories: Vec<CrimeTypes>,
    /// What is aimed at.
    pub target: Option<Target>,
}

/// What a priority aims at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// Count it is measured from.
    pub baseline: f64,
    /// Months the baseline was counted in.
    pub baseline_window: Option<Window>,
    /// Which way it should go.
    pub direction: Direction,
    /// By how many per cent of the baseline; any change that way where absent.
    pub per_cent: Option<f64>,
    /// Month by which.
    pub date: Month,
}

impl Priority {
    /// As analyses take it; `None` if its name leaves nothing to write in a command.
    pub fn set(&self) -> Option<&'static PrioritySet> {
        PrioritySet::held(&self.name, &self.categories)
    }
}

/// Incident files of one supplier and layout.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// Name in outputs, such as `police`.
    pub id: String,
    /// Column profile.
    pub profile: String,
    /// Paths from the workspace; `*` and `?` stand for any text and any letter.
    pub files: Vec<String>,
    /// Coordinate system of the position columns; the profile's own where absent.
    pub crs: Option<Crs>,
    /// How finely places may be kept; never finer than the profile allows.
    pub location: Option<LocationRule>,
    /// How dates are written; worked out from each file where absent.
    pub date: Option<DateForm>,
    /// Positions (easting, northing) that stand for "place not known": stations, town halls.
    #[serde(default)]
    pub default_places: Vec<(f64, f64)>,
    /// Who holds the data and answers for them, for the report on their quality.
    pub owner: Option<String>,
    /// Day on which the files were received.
    pub received: Option<toml::value::Datetime>,
    /// Line to print wherever these data are shown.
    pub attribution: Option<String>,
    /// Which column holds which field; the profile's own where absent.
    #[serde(default)]
    pub columns: BTreeMap<Field, String>,
    /// Columns that must not be read though the profile knows them.
    #[serde(default)]
    pub drop_columns: Vec<String>,
    /// Which date a record is counted by; when it happened, where absent.
    pub count_by: Option<CountBy>,
    /// Fields whose text may show these signs of a person: the analyst has looked, and they are
    /// none.
    #[serde(default)]
    pub allow_text: BTreeMap<Field, Vec<PersonSign>>,
    /// More categories: text or code in the file, to a crime type, or `exclude`.
    #[serde(default)]
    pub categories: BTreeMap<String, String>,
}

impl Workspace {
    /// Loads the workspace in `dir`.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError`] if there is none, or its description has a mistake.
    pub fn load(dir: &Path) -> Result<Self, WorkspaceError> {
        let path = dir.join(DESCRIPTION);
        let text = match read_text(&path, LONGEST_DESCRIPTION) {
            Ok(text) => text,
            Err(source)
                if matches!(
                    source.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Err(WorkspaceError::NotAWorkspace { folder: dir.to_owned() });
            }
            Err(source) => return Err(WorkspaceError::Unreadable { path, source }),
        };
        let config = Config::parse(&text)?;
        config.work_on_plane()?;
        Ok(Self { dir: dir.to_owned(), config })
    }

    /// A path of the description, seen from where we stand.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.dir.join(relative)
    }

    /// Folder of the store.
    pub fn store(&self) -> PathBuf {
        self.dir.join("store")
    }

    /// The key with which references are hashed.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError`] if the key file is gone or holds no key.
    pub fn key(&self) -> Result<Vec<u8>, WorkspaceError> {
        let path = self.dir.join(KEY_FILE);
        let text = read_text(&path, LONGEST_KEY)
            .map_err(|source| WorkspaceError::Unreadable { path, source })?;
        parse_key(text.trim()).ok_or(WorkspaceError::Key)
    }
}

/// Longest description that is read.
const LONGEST_DESCRIPTION: u64 = 4 << 20;

/// Longest key file that is read.
const LONGEST_KEY: u64 = 4 << 10;

/// The text of a file that is not longer than it can be.
pub(crate) fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::other(format!("it is longer than {most} bytes")));
    }
    Ok(text)
}

/// The bytes of a key written as 32 to 128 hexadecimal digits.
pub fn parse_key(hex: &str) -> Option<Vec<u8>> {
    if !(32..=128).contains(&hex.len()) || !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        return None;
    }
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).ok()).collect()
}

impl Config {
    /// Reads a description.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError::Mistake`] with the line and key of the first mistake.
    pub fn parse(text: &str) -> Result<Self, WorkspaceError> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            mistake(text, at, error.message())
        })?;
        config.check(text)?;
        Ok(config)
    }

    /// The priorities as analyses take them.
    pub fn priority_sets(&self) -> Vec<&'static PrioritySet> {
        self.priorities.iter().filter_map(Priority::set).collect()
    }

    /// Makes the plane of this description the one that this process works on.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError::Plane`] if `crs` cannot be measured on, or the process works on another.
    pub fn work_on_plane(&self) -> Result<(), WorkspaceError> {
        let plane = match self.crs {
            None => Ok(Plane::national_grid()),
            Some(crs) => Plane::new(&crs.to_string()),
        };
        plane.and_then(work_on).map_err(WorkspaceError::Plane)
    }

    fn check(&self, text: &str) -> Result<(), WorkspaceError> {
        let wrong = |needle: &str, message: String| {
            let at = text.find(needle).unwrap_or(0);
            Err(mistake(text, at, &message))
        };
        if self.name.trim().is_empty() {
            return wrong("name", say::NO_NAME.to_owned());
        }
        for (i, source) in self.sources.iter().enumerate() {
            let id = &source.id;
            let quoted = format!("\"{id}\"");
            let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if id.is_empty() || !id.chars().all(good) {
                return wrong(&quoted, say::SOURCE_ID.to_owned());
            }
            if self.sources[..i].iter().any(|earlier| earlier.id == *id) {
                return wrong(&quoted, say::same_source(id));
            }
            if source.files.is_empty() {
                return wrong(&quoted, say::no_files(id));
            }
        }
        for (i, priority) in self.priorities.iter().enumerate() {
            let quoted = format!("\"{}\"", priority.name);
            let is_set = |types: &CrimeTypes| matches!(types, CrimeTypes::Named(_));
            let Some(set) = priority.set() else {
                return wrong(&quoted, say::PRIORITY_NAME.to_owned());
            };
            let earlier = self.priorities[..i].iter().filter_map(Priority::set);
            if earlier.map(|earlier| earlier.name).any(|name| name == set.name) {
                return wrong(&quoted, say::same_priority(set.name));
            }
            if set.members().next().is_none() || priority.categories.iter().any(is_set) {
                return wrong(&quoted, say::priority_of_priorities(&priority.name));
            }
        }
        let faults = [self.need.fault(), self.planning.fault(), self.server.fault()];
        if let Some((key, wanted)) = faults.into_iter().flatten().next() {
            return wrong(key, format!("{key}: {wanted}"));
        }
        if !self.areas.iter().any(|layer| layer.kind == "ward") {
            return wrong("[[areas]]", say::NO_WARDS.to_owned());
        }
        Ok(())
    }
}

/// A mistake at a byte of the text, with its line and the key on it.
fn mistake(text: &str, at: usize, message: &str) -> WorkspaceError {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let words = text.lines().nth(line - 1).unwrap_or_default();
    let key = words
        .split_once('=')
        .map(|(key, _)| key.trim().trim_matches('"').to_owned())
        .filter(|key| !key.is_empty() && !key.starts_with('#'));
    WorkspaceError::Mistake { line, key, message: message.trim_end().replace('\n', " ") }
}

#[cfg(test)]
mod tests;

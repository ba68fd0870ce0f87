//! One file looked at: what would be kept of it and why not, with or without a workspace. Nothing is
//! stored.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use jiff::civil::Date;

use crate::clean::{CleaningReport, Ground, HELD, Spill};
use crate::crs::Bng;
use crate::hint::Hint;
use crate::pipeline::english::import as say;
use crate::read::guess::guess_incidents;
use crate::read::{Layouts, LoadedFile, ReadError, format};
use crate::workspace::{Config, DateForm, Source, Workspace, expand};

use crate::pipeline::describe::crime_type_of;

use super::ground::ground_of;
use super::places::read_places;
use super::reading::{Reading, read_source};
use super::source::{files_of, rules_of};
use super::watch::Watch;
use super::{Nowhere, finish_source, hinted, unread};

/// A file to look at.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The file, or a pattern.
    pub file: String,
    /// Layout to read it with; guessed where absent.
    pub profile: Option<String>,
    /// How its dates are written; worked out where absent.
    pub date: Option<DateForm>,
    /// The day it is: no record is later, nor later than the day its source was received.
    pub today: Date,
}

/// What a file turned out to be.
#[derive(Debug)]
pub enum Checked {
    /// Incidents: what became of every row.
    Incidents(Box<CleaningReport>),
    /// Something else that a layout knows, in sentences.
    Other(Vec<String>),
}

/// Looks at one file, with the boundaries and rules of `workspace` if there is one.
///
/// # Errors
///
/// If the file cannot be read as a whole, must not be used (signs of persons), or no layout knows
/// it.
pub fn check_file(
    request: &CheckRequest,
    workspace: Option<&Workspace>,
    scratch: &Path,
    watch: &dyn Watch,
) -> anyhow::Result<Checked> {
    let layouts = match workspace {
        Some(workspace) => Layouts::of(&workspace.dir).map_err(unread)?,
        None => Layouts::known().clone(),
    };
    let paths = expand(&request.file).map_err(|error| {
        anyhow::Error::new(error).context(Hint("check the path of the file".to_owned()))
    })?;
    let source = match describe_source(request, workspace, &paths, &layouts)? {
        Looked::Source(source) => *source,
        Looked::Other(said) => return Ok(Checked::Other(said)),
    };
    let mut warnings = Vec::new();
    let mut areas = Vec::new();
    let (ground, key) = if let Some(workspace) = workspace {
        let places = read_places(workspace, &mut Vec::new())?;
        let ground = ground_of(workspace, &places)?;
        areas = places.said;
        (ground, workspace.key().map_err(|e| hinted(e.hint(), e))?)
    } else {
        warnings.push(say::NO_BOUNDARIES.to_owned());
        // References are hashed and then forgotten with everything else.
        (Ground::anywhere(), vec![0; 32])
    };
    if let Some(named) = source.categories.get("*") {
        warnings.push(say::taken_for(named));
    }
    let alone = alone(request, workspace, source);
    let source = &alone.config.sources[0];
    let rules = rules_of(&alone, source, &key, request.today)?;
    let (listed, left_alone) = files_of(&alone, source)?;
    let spill = Spill::new(scratch, HELD);
    let reading = Reading { source, rules: &rules, ground: &ground, watch };
    let read = read_source(reading, &listed, &spill)?;
    let suspects: Vec<Bng> = read.settled.default_places();
    let tokens = ground.tokens();
    let said = finish_source(source, read, left_alone, &suspects, tokens, &Nowhere, watch)?;
    let report = CleaningReport {
        name: request.file.clone(),
        areas,
        sources: vec![said],
        warnings,
        ..CleaningReport::default()
    };
    Ok(Checked::Incidents(Box::new(report)))
}

/// A workspace of this source alone, its path seen from where we stand.
fn alone(request: &CheckRequest, workspace: Option<&Workspace>, source: Source) -> Workspace {
    let here = PathBuf::from(".");
    let config = match workspace {
        Some(workspace) => Config { sources: vec![source], ..workspace.config.clone() },
        None => Config { name: request.file.clone(), sources: vec![source], ..Config::default() },
    };
    // Layouts of the workspace are found in its folder; the file is named from here.
    let dir = workspace.map_or(here, |workspace| workspace.dir.clone());
    Workspace { dir, config }
}

enum Looked {
    Source(Box<Source>),
    Other(Vec<String>),
}

/// The source that the file would be: as the workspace describes it, by the layout asked for, or by
/// a guess.
fn describe_source(
    request: &CheckRequest,
    workspace: Option<&Workspace>,
    paths: &[PathBuf],
    layouts: &Layouts,
) -> anyhow::Result<Looked> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let files = paths.iter().map(|path| absolute(path).to_string_lossy().into_owned()).collect();
    let source = |profile: &str| Source {
        id: "file".to_owned(),
        profile: profile.to_owned(),
        files,
        date: request.date,
        ..Source::default()
    };
    if let Some(id) = &request.profile {
        if layouts.profile(id).is_none() {
            let known: Vec<&str> = layouts.profiles().map(|p| p.id.as_str()).collect();
            return Err(anyhow!("there is no profile `{id}`")
                .context(Hint(format!("choose one of: {}", known.join(", ")))));
        }
        return Ok(Looked::Source(Box::new(source(id))));
    }
    if let Some(described) = workspace.and_then(|w| described_already(w, &absolute(&paths[0]))) {
        let own = source("");
        let date = request.date.or(described.date);
        return Ok(Looked::Source(Box::new(Source { files: own.files, date, ..described })));
    }
    let file = LoadedFile::open(&paths[0]).map_err(unread)?;
    let table = format::open(&file).map_err(unread)?;
    match guess_incidents(&table, layouts) {
        Ok(guess) => {
            let mut source = source(&guess.profile.id);
            // As `init` writes it down.
            let named = crime_type_of(&guess.columns, paths.iter().map(PathBuf::as_path));
            source.categories.extend(named.map(|named| ("*".to_owned(), named.to_owned())));
            if !guess.by_content.is_empty() {
                source.columns = guess.columns;
            }
            Ok(Looked::Source(Box::new(source)))
        }
        Err(unknown @ ReadError::UnknownLayout { .. }) => {
            let said = other_subjects(&table.columns, layouts);
            if said.is_empty() {
                return Err(unread(unknown)).context(format!("looking at {}", file.name));
            }
            Ok(Looked::Other(said))
        }
        Err(error) => Err(unread(error)),
    }
}

/// The source of the workspace that lists this file.
fn described_already(workspace: &Workspace, path: &Path) -> Option<Source> {
    let lists = |source: &&Source| {
        source.files.iter().any(|pattern| {
            let found = expand(&workspace.path(pattern).to_string_lossy()).unwrap_or_default();
            let same = |found: &PathBuf| {
                let absolute = std::path::absolute(found);
                absolute.is_ok_and(|found| found == path)
                    || found.canonicalize().is_ok_and(|f| path.canonicalize().is_ok_and(|p| p == f))
            };
            found.iter().any(same)
        })
    };
    workspace.config.sources.iter().find(lists).cloned()
}

/// What a file without incidents seems to be, by the layouts of other subjects.
fn other_subjects(columns: &[String], layouts: &Layouts) -> Vec<String> {
    let subjects = layouts.every_subject().into_iter();
    let known = subjects.flat_map(|subject| layouts.subjects(subject));
    known
        .filter(|layout| layout.recognises(columns))
        .map(|layout| {
            let found = layout.find(columns);
            let columns: Vec<String> = found
                .iter()
                .map(|(field, at)| format!("{field} in `{}`", columns[at.column]))
                .collect();
            format!("it could be {} (layout `{}`): {}", layout.label, layout.id, columns.join(", "))
        })
        .collect()
}

//! A first description of a workspace from the files alone: `wardheat init`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use rayon::prelude::*;

use crate::clean::{FormError, FormVote, vote_on_dates};
use crate::hint::Hint;
use crate::read::guess::{
    IncidentGuess, guess_areas, guess_incidents, guess_population, guess_snap_points, guess_streets,
};
use crate::read::{
    Layouts, LoadedFile, MAPPING_FOLDER, Profile, ReadError, archive, format, header_key,
    read_areas, resolve_columns,
};
use crate::time::NightBand;
use crate::workspace::draft::{SourceNotes, render};
use crate::workspace::{
    AreaFile, Config, Crs, DateForm, Field, NamedFile, NeedRule, PlanningRule, Source, Workspace,
    expand, relative,
};

use super::english::describe as say;
use super::import::unread;

mod known;
mod place;

pub(super) use known::crime_type_of;
pub use place::STUDY_AREA;

/// What `wardheat init` is given.
#[derive(Debug, Clone, Default)]
pub struct InitRequest {
    /// Folder of the workspace to be.
    pub dir: PathBuf,
    /// Boundary files.
    pub areas: Vec<String>,
    /// Population files.
    pub population: Vec<String>,
    /// Incident files or patterns.
    pub incidents: Vec<String>,
    /// Street file.
    pub streets: Option<String>,
    /// File of snap points or addresses.
    pub snap_points: Option<String>,
    /// Venue file.
    pub venues: Option<String>,
    /// Meetings diary.
    pub meetings: Option<String>,
    /// Indicators, lookups, interventions, surveys, priorities, peers, harm weights.
    pub context: Vec<String>,
    /// Name of the study area; guessed where absent.
    pub name: Option<String>,
    /// Coordinate system of boundary and street files that state none.
    pub crs: Option<Crs>,
    /// Coordinate system of incident positions, where the layout's own is not right.
    pub incidents_crs: Option<Crs>,
    /// Whether the data are invented.
    pub fictional: bool,
}

/// A description, ready to be written.
#[derive(Debug)]
pub struct Description {
    /// The workspace it describes.
    pub workspace: Workspace,
    /// Text of `wardheat.toml`.
    pub text: String,
    /// Text of [`STUDY_AREA`], where no boundaries were given.
    pub study_area: Option<String>,
    /// What the analyst must look at, in sentences.
    pub warnings: Vec<String>,
}

/// One incident file, looked at.
struct Looked {
    path: PathBuf,
    pattern: usize,
    profile: &'static Profile,
    columns: BTreeMap<Field, String>,
    by_content: Vec<Field>,
    dropped: Vec<String>,
    vote: FormVote,
}

/// Looks at the files and describes a workspace of them. Nothing is written.
///
/// # Errors
///
/// If a file is not there, cannot be read, or looks like nothing we know.
pub fn describe(request: &InitRequest) -> anyhow::Result<Description> {
    let mut warnings = Vec::new();
    let layouts = Layouts::of(&request.dir).map_err(unread)?;
    let extent = extent(request, &layouts)?;
    let crs = extent.and_then(place::plane_for);
    // Before the first position: a process measures on one plane.
    Config { crs, ..Config::default() }.work_on_plane()?;
    if let Some(crs) = crs {
        warnings.push(say::measured_in(crs));
    }
    let name = request.name.clone();
    let (areas, codes, authority, study_area) =
        if let (Some(extent), []) = (extent, request.areas.as_slice()) {
            let name = name.clone().unwrap_or_else(|| stem_of(&request.incidents));
            let text = place::study_area(&name, extent).context("making a study area")?;
            warnings.push(say::no_boundaries(STUDY_AREA));
            (vec![made_area()], Codes::new(), None, Some(text))
        } else {
            let (areas, codes, authority) = describe_areas(request, &layouts)?;
            (areas, codes, authority, None)
        };
    let mut population = Vec::new();
    for name in each(&request.population)? {
        let file = open(&name)?;
        for mut spec in guess_population(&file, &codes, &layouts).map_err(unread)? {
            spec.file = seen(request, &name);
            population.push(spec);
        }
    }
    if population.is_empty() {
        warnings.push(say::NO_POPULATION.to_owned());
    }
    let streets = match &request.streets {
        None => None,
        Some(name) => {
            let mut spec = guess_streets(&open(name)?, request.crs).map_err(unread)?;
            spec.file = seen(request, name);
            Some(spec)
        }
    };
    let snap_points = match &request.snap_points {
        None => None,
        Some(name) => {
            let mut spec = guess_snap_points(&open(name)?).map_err(unread)?;
            spec.file = seen(request, name);
            Some(spec)
        }
    };
    let mut named = |subject: &str, name: &Option<String>| -> anyhow::Result<Option<NamedFile>> {
        let Some(name) = name else { return Ok(None) };
        let file = open(name)?;
        let columns = columns_of(&file).map_err(unread)?;
        if !layouts.subjects(subject).any(|layout| layout.recognises(&columns)) {
            warnings.push(say::no_layout(&file.name, subject, &columns, MAPPING_FOLDER));
        }
        Ok(Some(NamedFile { file: seen(request, name) }))
    };
    let (venues, meetings) =
        (named("venues", &request.venues)?, named("meetings", &request.meetings)?);
    let looked = look_at_incidents(request, &layouts)?;
    let (sources, notes) = group(request, &looked, &mut warnings);
    let name = name.or(authority).unwrap_or_else(|| {
        stem_of(if request.areas.is_empty() { &request.incidents } else { &request.areas })
    });
    let mut config = Config {
        name,
        crs,
        fictional: request.fictional,
        areas,
        population,
        streets,
        snap_points,
        venues,
        meetings,
        night: NightBand::default(),
        mask: None,
        need: NeedRule::default(),
        planning: PlanningRule::default(),
        sources,
        ..Config::default()
    };
    known::describe_context(request, &layouts, &mut config)?;
    let text = render(&config, &notes);
    // What we write must be what we read: a mistake here would be ours.
    let config = Config::parse(&text).context("describing the workspace")?;
    let workspace = Workspace { dir: request.dir.clone(), config };
    Ok(Description { workspace, text, study_area, warnings })
}

/// The columns of a file; its geometries, which may be no column of the table, are one of them.
fn columns_of(file: &LoadedFile) -> Result<Vec<String>, ReadError> {
    let table = format::open(file)?;
    let mut has_geometry = false;
    table.rows.each(&mut |row| has_geometry |= row.geometry.is_some())?;
    let mut columns = table.columns;
    if has_geometry && !columns.iter().any(|column| header_key(column) == "geometry") {
        columns.push("geometry".to_owned());
    }
    Ok(columns)
}

/// The first file's name in words.
fn stem_of(files: &[String]) -> String {
    let name = files.first().map(Path::new).and_then(Path::file_name).unwrap_or_default();
    let name = name.to_string_lossy();
    name.split('.').next().unwrap_or_default().replace(['_', '-'], " ")
}

/// The area of a study area that was made from the positions alone.
fn made_area() -> AreaFile {
    AreaFile {
        kind: "ward".to_owned(),
        file: STUDY_AREA.to_owned(),
        code: "code".to_owned(),
        name: "name".to_owned(),
        edition: String::new(),
        crs: None,
    }
}

/// Where the data lie, in degrees: the boundaries, or without any the positions.
fn extent(request: &InitRequest, layouts: &Layouts) -> anyhow::Result<Option<place::Extent>> {
    let mut all = Vec::new();
    for name in each(&request.areas)? {
        all.push(place::extent_of_areas(&open(&name)?, request.crs).map_err(unread)?);
    }
    if request.areas.is_empty() {
        for (_, path) in incident_paths(&request.incidents)? {
            let found = place::extent_of_incidents(&path, layouts, request.incidents_crs);
            all.push(found.map_err(unread)?);
        }
    }
    Ok(all.into_iter().flatten().reduce(place::union))
}

fn each(patterns: &[String]) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for pattern in patterns {
        files.extend(find(pattern)?.iter().map(|path| path.to_string_lossy().into_owned()));
    }
    Ok(files)
}

fn find(pattern: &str) -> anyhow::Result<Vec<PathBuf>> {
    expand(pattern).map_err(|error| {
        anyhow::Error::new(error).context(Hint(
            "check the path; put a pattern in quotes so that it reaches wardheat as it is"
                .to_owned(),
        ))
    })
}

fn open(name: &str) -> anyhow::Result<LoadedFile> {
    find(name)?;
    LoadedFile::open(Path::new(name)).map_err(unread)
}

fn seen(request: &InitRequest, name: &str) -> String {
    relative(name, &request.dir)
}

type Codes = Vec<(String, BTreeSet<String>)>;

fn describe_areas(
    request: &InitRequest,
    layouts: &Layouts,
) -> anyhow::Result<(Vec<AreaFile>, Codes, Option<String>)> {
    let (mut areas, mut codes, mut authority) = (Vec::new(), Codes::new(), None);
    for name in each(&request.areas)? {
        let file = open(&name)?;
        let guess = guess_areas(&file, request.crs, layouts).map_err(unread)?;
        let mut spec = guess.spec;
        if areas.iter().any(|earlier: &AreaFile| earlier.kind == spec.kind) {
            bail!(
                "{} is a second file of {} boundaries; one of each kind is needed",
                file.name,
                spec.kind
            );
        }
        // Read whole, so that broken boundaries are found now and not at import.
        let layer = read_areas(&file, &spec).map_err(unread)?;
        codes.push((spec.kind.clone(), layer.areas.into_iter().map(|area| area.code).collect()));
        spec.file = seen(request, &name);
        if spec.kind == "ward" || authority.is_none() {
            authority = guess.authority.or(authority);
        }
        areas.push(spec);
    }
    if !areas.iter().any(|area| area.kind == "ward") {
        return Err(anyhow!("none of the boundary files holds wards").context(Hint(
            "name a ward boundary file with --areas (a column such as WD24CD is looked for)"
                .to_owned(),
        )));
    }
    Ok((areas, codes, authority))
}

/// Every incident file with the number of the pattern that found it, each once, archives taken apart.
fn incident_paths(patterns: &[String]) -> anyhow::Result<Vec<(usize, PathBuf)>> {
    let mut paths: Vec<(usize, PathBuf)> = Vec::new();
    for (i, pattern) in patterns.iter().enumerate() {
        let mut found = Vec::new();
        for path in find(pattern)? {
            match archive(&path).map_err(unread)? {
                Some(archive) => found.extend(archive.files),
                None => found.push(path),
            }
        }
        for path in found {
            if !paths.iter().any(|(_, earlier)| *earlier == path) {
                paths.push((i, path));
            }
        }
    }
    Ok(paths)
}

fn look_at_incidents(request: &InitRequest, layouts: &Layouts) -> anyhow::Result<Vec<Looked>> {
    let paths = incident_paths(&request.incidents)?;
    let looked: Vec<Result<Looked, ReadError>> = paths
        .into_par_iter()
        .map(|(pattern, path)| {
            let file = LoadedFile::open(&path)?;
            let table = format::open(&file)?;
            let IncidentGuess { profile, columns, by_content } = guess_incidents(&table, layouts)?;
            let dropped = table.columns.iter().filter(|c| !columns.values().any(|v| v == *c));
            let dropped = dropped.cloned().collect();
            let vote = if profile.month_only {
                FormVote::default()
            } else {
                let source = source_of(profile, String::new(), columns.clone());
                vote_on_dates(&table, &resolve_columns(&table, profile, &source)?)?
            };
            Ok(Looked { path, pattern, profile, columns, by_content, dropped, vote })
        })
        .collect();
    looked.into_iter().map(|one| one.map_err(unread)).collect()
}

fn source_of(profile: &Profile, id: String, columns: BTreeMap<Field, String>) -> Source {
    Source {
        id,
        profile: profile.id.clone(),
        crs: Some(profile.crs),
        location: Some(profile.location),
        attribution: profile.attribution.clone(),
        columns,
        ..Source::default()
    }
}

/// One source for each profile, in the order of the profiles' first files.
fn group(
    request: &InitRequest,
    looked: &[Looked],
    warnings: &mut Vec<String>,
) -> (Vec<Source>, BTreeMap<String, SourceNotes>) {
    let mut order: Vec<&'static Profile> = Vec::new();
    for file in looked {
        if !order.iter().any(|profile| profile.id == file.profile.id) {
            order.push(file.profile);
        }
    }
    let (mut sources, mut notes): (Vec<Source>, BTreeMap<String, SourceNotes>) =
        (Vec::new(), BTreeMap::new());
    for profile in order {
        let files: Vec<&Looked> = looked.iter().filter(|f| f.profile.id == profile.id).collect();
        let same = files.iter().all(|file| file.columns == files[0].columns);
        let columns = if same { files[0].columns.clone() } else { BTreeMap::new() };
        let id = if sources.iter().any(|s| s.id == profile.source) {
            &profile.id
        } else {
            &profile.source
        };
        let mut source = source_of(profile, id.clone(), columns);
        source.crs = request.incidents_crs.or(source.crs);
        if let Some(crime_type) =
            crime_type_of(&files[0].columns, files.iter().map(|f| f.path.as_path()))
        {
            source.categories.insert("*".to_owned(), crime_type.to_owned());
        }
        let mut note = SourceNotes {
            layout: profile.label.clone(),
            dropped: files[0].dropped.clone(),
            columns_differ: !same,
            date: None,
        };
        let mut vote = FormVote::default();
        for file in &files {
            vote.merge(file.vote.clone());
        }
        match vote.decide() {
            _ if profile.month_only => source.date = Some(DateForm::YearMonth),
            Ok(form) => source.date = form,
            Err(error @ (FormError::Ambiguous(_) | FormError::Mixed { .. })) => {
                warnings.push(say::dates(id, &error));
                note.date = Some(error.to_string());
            }
        }
        for file in &files {
            if !file.by_content.is_empty() {
                let fields: Vec<&str> = file.by_content.iter().map(|f| f.word()).collect();
                warnings.push(say::by_content(file.path.display(), &profile.label, &fields));
            }
        }
        source.files = file_names(request, looked, profile);
        notes.insert(id.clone(), note);
        sources.push(source);
    }
    (sources, notes)
}

/// The files of a profile: a pattern as given where all it matches is of that profile, else each.
fn file_names(request: &InitRequest, looked: &[Looked], profile: &Profile) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (i, pattern) in request.incidents.iter().enumerate() {
        let matched: Vec<&Looked> = looked.iter().filter(|file| file.pattern == i).collect();
        let mine = matched.iter().filter(|file| file.profile.id == profile.id);
        if matched.iter().all(|file| file.profile.id == profile.id) && !matched.is_empty() {
            names.push(seen(request, pattern));
        } else {
            names.extend(mine.map(|file| seen(request, &file.path.to_string_lossy())));
        }
    }
    names
}

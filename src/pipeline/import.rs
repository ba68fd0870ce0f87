//! Importing a workspace: its files read, cleaned and put together as one dataset.

mod context;
mod ground;
mod meetings;
mod places;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use rayon::prelude::*;

use crate::clean::{
    CleanFile, CleaningReport, Effect, FileReport, FormError, Ground, Held, Reason, Rules,
    SourcePatterns, SourceReport, clean_file, find_default_places, mark_patterns, month_warnings,
    remove_repeats, vote_on_dates,
};
use crate::crs::Bng;
use crate::hint::Hint;
use crate::incident::{Incidents, Place};
use crate::provenance::{Provenance, SourceFile};
use crate::read::pii::shown;
use crate::read::{
    Archive, Layouts, LoadedFile, Profile, RawTable, ReadError, archive, format, resolve_columns,
};
use crate::store::Dataset;
use crate::workspace::{DateForm, Field, LocationRule, Source, Workspace, expand};

use context::read_context;
use ground::ground_of;
use places::read_places;

/// A workspace read whole: what the store is to hold, and what became of every row.
#[derive(Debug)]
pub struct Imported {
    /// Everything analyses work on.
    pub dataset: Dataset,
    /// What was done.
    pub report: CleaningReport,
}

/// Reads and cleans everything that the workspace lists. Nothing is written.
///
/// Files are read in parallel; the result is the same at any number of threads.
///
/// # Errors
///
/// If a file cannot be read as a whole, must not be used (signs of persons), or nothing lies
/// inside the boundaries.
pub fn import(workspace: &Workspace) -> anyhow::Result<Imported> {
    let mut files = Vec::new();
    let places = read_places(workspace, &mut files)?;
    let ground = ground_of(workspace, &places)?;
    let known = read_context(workspace, &places.layers)?;
    files.extend(known.files);
    let key = workspace.key().map_err(|e| hinted(e.hint(), e))?;
    let mut incidents = Incidents::default();
    let mut report = CleaningReport {
        name: workspace.config.name.clone(),
        areas: places.said,
        warnings: places.warnings,
        subjects: known.reports,
        ..CleaningReport::default()
    };
    let mut attribution = BTreeSet::new();
    let mut sources = Vec::new();
    for source in &workspace.config.sources {
        let cleaned = clean_source(workspace, source, &ground, &key)
            .with_context(|| format!("importing source `{}`", source.id))?;
        sources.push((source, cleaned));
    }
    let suspects: Vec<Bng> = sources
        .iter()
        .flat_map(|(_, cleaned)| find_default_places(&cleaned.files, cleaned.profile.anonymised))
        .collect();
    for (source, cleaned) in sources {
        let profile = cleaned.profile;
        let (cleaned, said) = finish_source(source, cleaned, &suspects);
        for file in &said.files {
            let ledger = &file.account.ledger;
            files.push(SourceFile {
                source: source.id.clone(),
                file: file.file.clone(),
                sha256: file.sha256.clone(),
                rows: ledger.rows(),
                kept: ledger.kept(),
                excluded: ledger.excluded(),
                rejected: ledger.rejected(),
            });
        }
        for mut kept in cleaned.into_iter().flat_map(|file| file.kept) {
            kept.incident.source.clone_from(&source.id);
            incidents.push(&kept.incident);
        }
        let line = source.attribution.clone();
        attribution.extend(line.or_else(|| profile.attribution.clone()));
        report.sources.push(said);
    }
    refuse_nothing_inside(&report, &incidents)?;
    let provenance = Provenance {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        transformation: TRANSFORMATION.to_owned(),
        files,
        attribution: attribution.into_iter().collect(),
    };
    let dataset = Dataset {
        name: workspace.config.name.clone(),
        layers: places.layers,
        study_area: places.study_area,
        incidents,
        streets: places.streets,
        snap_points: places.snap_points,
        priorities: workspace.config.priority_sets(),
        context: known.context,
        venues: places.venues,
        meetings: places.meetings,
        fictional: workspace.config.fictional,
        provenance,
        version: String::new(),
    };
    Ok(Imported { dataset, report })
}

/// The first records of each source as they would be kept, a line each: month, crime type, place.
///
/// # Errors
///
/// As [`import`]; only the first file of each source is read.
pub fn sample(workspace: &Workspace, key: &[u8], most: usize) -> anyhow::Result<Vec<String>> {
    let places = read_places(workspace, &mut Vec::new())?;
    let ground = ground_of(workspace, &places)?;
    let mut lines = Vec::new();
    for source in &workspace.config.sources {
        let rules = rules_of(workspace, source, key)?;
        let path = files_of(workspace, source)?.0.swap_remove(0);
        let file = LoadedFile::open(&path).map_err(unread)?;
        let (clean, _) = import_file(&file, source, &rules, &ground)?;
        for kept in clean.kept.iter().take(most) {
            let incident = &kept.incident;
            let place = match &incident.place {
                Place::Point { .. } => "a point",
                Place::Area(_) => "ward only",
                Place::Outward(_) => "outward postcode only",
                Place::Nowhere => "no place",
            };
            let ward = incident.ward.as_deref().unwrap_or("no ward");
            let label = incident.crime_type.get().label;
            lines.push(format!("{}: {}  {label}  {ward}  ({place})", source.id, incident.month));
        }
    }
    Ok(lines)
}

/// How degrees become metres, for provenance.
const TRANSFORMATION: &str =
    "longitude and latitude (WGS 84) to British National Grid (EPSG:27700)";

/// An error with the hint that goes with it.
fn hinted<E>(hint: String, error: E) -> anyhow::Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    anyhow::Error::new(error).context(Hint(hint))
}

/// [`hinted`] for reading.
pub(super) fn unread(error: ReadError) -> anyhow::Error {
    match error.hint() {
        Some(hint) => hinted(hint, error),
        None => error.into(),
    }
}

fn load(workspace: &Workspace, relative: &str) -> anyhow::Result<LoadedFile> {
    LoadedFile::open(&workspace.path(relative)).map_err(unread)
}

fn rules_of(workspace: &Workspace, source: &Source, key: &[u8]) -> anyhow::Result<Rules<'static>> {
    let profile = find_profile(workspace, source)?;
    let floor = location_floor(source, profile)?;
    Rules::new(profile, source, floor, workspace.config.night.clone(), key).map_err(|name| {
        let hint = "`wardheat list` prints every crime type; `exclude` leaves a category out";
        anyhow!("[source.categories] names `{name}`, which is no crime type")
            .context(Hint(hint.to_owned()))
    })
}

/// The files of a source, archives taken apart, and what was left alone in those.
fn files_of(workspace: &Workspace, source: &Source) -> anyhow::Result<(Vec<PathBuf>, Vec<String>)> {
    let (mut paths, mut said) = (Vec::new(), Vec::new());
    for pattern in &source.files {
        let whole = workspace.path(pattern);
        let found = expand(&whole.to_string_lossy()).map_err(|_| {
            let hint = format!("correct `files` of source `{}` in wardheat.toml", source.id);
            anyhow!("no file matches `{pattern}`").context(Hint(hint))
        })?;
        for path in found {
            match archive(&path).map_err(unread)? {
                Some(Archive { files, left_alone }) => {
                    paths.extend(files);
                    said.extend(left_alone);
                }
                None => paths.push(path),
            }
        }
    }
    Ok((paths, said))
}

/// The files of one source, each cleaned on its own and repeats between them removed.
struct CleanSource {
    profile: &'static Profile,
    files: Vec<CleanFile>,
    reports: Vec<FileReport>,
    left_alone: Vec<String>,
}

fn clean_source(
    workspace: &Workspace,
    source: &Source,
    ground: &Ground,
    key: &[u8],
) -> anyhow::Result<CleanSource> {
    let rules = rules_of(workspace, source, key)?;
    let (paths, left_alone) = files_of(workspace, source)?;
    let results: Vec<anyhow::Result<(CleanFile, FileReport)>> = paths
        .par_iter()
        .map(|path| {
            let file = LoadedFile::open(path).map_err(unread)?;
            import_file(&file, source, &rules, ground)
        })
        .collect();
    let mut files = Vec::with_capacity(results.len());
    let mut reports = Vec::with_capacity(results.len());
    for result in results {
        let (file, report) = result?;
        files.push(file);
        reports.push(report);
    }
    remove_repeats(&mut files);
    Ok(CleanSource { profile: rules.profile, files, reports, left_alone })
}

/// What only the whole source shows, and the account of it.
fn finish_source(
    source: &Source,
    cleaned: CleanSource,
    suspects: &[Bng],
) -> (Vec<CleanFile>, SourceReport) {
    let CleanSource { profile, mut files, reports, left_alone } = cleaned;
    let mut said = SourceReport {
        source: source.id.clone(),
        layout: profile.label.clone(),
        ..SourceReport::default()
    };
    let patterns = SourcePatterns {
        default_places: source.default_places.iter().map(|&(e, n)| Bng::new(e, n)).collect(),
        suspects: suspects.to_vec(),
        anonymised: profile.anonymised,
        precision: profile.precision,
    };
    said.warnings = mark_patterns(&mut files, &patterns);
    said.warnings.extend(month_warnings(&files));
    said.warnings.extend(left_alone);
    for (file, mut report) in files.iter_mut().zip(reports) {
        report.account.ledger = std::mem::take(&mut file.ledger);
        for kept in &file.kept {
            let is_point = matches!(kept.incident.place, Place::Point { .. });
            report.account.mapped += u64::from(is_point);
            report.account.in_wards += u64::from(kept.incident.ward.is_some());
        }
        if report.mojibake {
            said.warnings.push(format!(
                "{}: letters such as Â£ for £ show that it was once decoded wrongly",
                report.file
            ));
        }
        said.total.merge(&report.account);
        said.files.push(report);
    }
    warn_of_references(&mut said, profile);
    (files, said)
}

fn warn_of_references(said: &mut SourceReport, profile: &Profile) {
    let without = said.total.ledger.count(Reason::NoReference);
    if without > 0 {
        let who = if profile.id == "police-uk" {
            " (police.uk gives anti-social behaviour none)"
        } else {
            ""
        };
        said.warnings.push(format!(
            "{without} records have no reference{who}: repeats among them cannot be told from \
             separate events, so all are kept"
        ));
    }
    if profile.anonymised {
        said.warnings.push(format!(
            "positions are approximate (anonymised snap points): read nothing finer than {} m",
            profile.precision
        ));
    }
}

fn find_profile(workspace: &Workspace, source: &Source) -> anyhow::Result<&'static Profile> {
    let layouts = Layouts::of(&workspace.dir).map_err(unread)?;
    layouts.profile(&source.profile).ok_or_else(|| {
        let known: Vec<&str> = layouts.profiles().map(|p| p.id.as_str()).collect();
        anyhow!("there is no profile `{}`", source.profile)
            .context(Hint(format!("choose one of: {}", known.join(", "))))
    })
}

/// The finest rule for a source: never finer than its profile allows.
fn location_floor(source: &Source, profile: &Profile) -> anyhow::Result<LocationRule> {
    let asked = source.location.unwrap_or(profile.location);
    if asked < profile.location {
        let hint =
            format!("`location` may be `{}` or coarser for {}", profile.location, profile.label);
        return Err(anyhow!(
            "location rule `{asked}` is finer than records of this kind may be kept"
        )
        .context(Hint(hint)));
    }
    Ok(asked)
}

fn import_file(
    file: &LoadedFile,
    source: &Source,
    rules: &Rules<'_>,
    ground: &Ground,
) -> anyhow::Result<(CleanFile, FileReport)> {
    let table = format::open(file).map_err(unread)?;
    let columns = resolve_columns(&table, rules.profile, source).map_err(unread)?;
    let form = match source.date {
        Some(form) => form,
        None if rules.profile.month_only || !columns.has(Field::Date) => DateForm::YearMonth,
        None => {
            let vote = vote_on_dates(&table, &columns).map_err(unread)?;
            vote.decide().map_err(|e| ambiguous(file, source, e))?.unwrap_or(DateForm::Iso)
        }
    };
    let clean = clean_file(&table, &columns, rules, form, ground).map_err(unread)?;
    if let Some(held) = &clean.held {
        return Err(hold(file, &table, columns.get(held.field), held));
    }
    if clean.ledger.rows() == 0 {
        return Err(unread(ReadError::NoRows(file.name.clone())));
    }
    let facts = &table.facts;
    let delimiter = match facts.delimiter {
        None => String::new(),
        Some('\t') => ", tab between cells".to_owned(),
        Some(delimiter) => format!(", `{delimiter}` between cells"),
    };
    let report = FileReport {
        file: file.name.clone(),
        sha256: file.sha256().map_err(unread)?,
        read_as: format!("{} in {}{delimiter}", facts.format, facts.encoding.name()),
        date: form.to_string(),
        preamble: facts.preamble.iter().map(|line| shown(line).into_owned()).collect(),
        mojibake: facts.mojibake,
        dropped_columns: columns.dropped.clone(),
        account: crate::clean::Account::default(),
    };
    Ok((clean, report))
}

fn ambiguous(file: &LoadedFile, source: &Source, error: FormError) -> anyhow::Error {
    let hint = match error {
        FormError::Ambiguous(_) => format!(
            "say which: `date = \"dd/mm/yyyy\"` or `date = \"mm/dd/yyyy\"` under source `{}` in \
             wardheat.toml",
            source.id
        ),
        FormError::Mixed { .. } => "one column must have one form: correct the export; declaring \
            `date` rejects the rows that are in the other form"
            .to_owned(),
    };
    anyhow::Error::new(error).context(format!("reading {}", file.name)).context(Hint(hint))
}

/// The error that holds a file back. It names the column and the line, never the value.
fn hold(
    file: &LoadedFile,
    table: &RawTable<'_>,
    column: Option<usize>,
    held: &Held,
) -> anyhow::Error {
    let column = column.and_then(|i| table.columns.get(i)).map_or("?", String::as_str);
    anyhow!(
        "{} is held: column `{column}` (line {}) shows {}, and that column would be kept",
        file.name,
        held.line,
        held.sign.in_words()
    )
    .context(Hint(format!(
        "have the column cleaned, or leave it out with `drop-columns = [\"{column}\"]` under the \
         [[source]] in wardheat.toml; if you have looked and it names nobody, say so there: \
         [source.allow-text] {} = [\"{}\"]",
        held.field, held.sign
    )))
}

fn refuse_nothing_inside(report: &CleaningReport, incidents: &Incidents) -> anyhow::Result<()> {
    let outside: u64 =
        report.sources.iter().map(|s| s.total.ledger.count(Reason::OutsideArea)).sum();
    if incidents.is_empty() && outside > 0 {
        let hint =
            "check that boundaries and incidents are of the same place, and `crs` of the source";
        return Err(anyhow!("none of the {outside} incidents lies inside the boundaries")
            .context(Hint(hint.to_owned())));
    }
    if incidents.is_empty() && !report.sources.is_empty() {
        let mut why: Vec<String> = Vec::new();
        for source in &report.sources {
            for (reason, tally) in source.total.ledger.tallies() {
                if reason.effect() != Effect::Noted {
                    why.push(format!("{}: {} {}", source.source, tally.count, reason.label()));
                }
            }
        }
        return Err(anyhow!("no row could be kept ({})", why.join("; "))
            .context(Hint("correct the column mapping in wardheat.toml".to_owned())));
    }
    Ok(())
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;

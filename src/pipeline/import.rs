//! Importing a workspace: its files read, cleaned and handed on, in the memory of a few pieces of a
//! file whatever their size.

mod context;
mod doubles;
mod file;
mod ground;
mod lookups;
mod meetings;
mod one_file;
mod places;
mod reading;
mod residents;
mod sink;
mod source;
mod summed;
mod watch;

pub use one_file::{CheckRequest, Checked, check_file};
pub use sink::{Nowhere, Records, Sink};
pub use watch::{Stage, Stopped, Unwatched, Watch};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use jiff::civil::Date;

use crate::clean::{
    CleaningReport, Effect, FileReport, Ground, HELD, Ledger, QualitySums, Reason, SettledSource,
    SourcePatterns, SourceReport, Spill, SpillError, Tokens, series_breaks, unknown_names,
};
use crate::context::Context;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::hint::Hint;
use crate::incident::Place;
use crate::meeting::{Meeting, Venue};
use crate::pipeline::english::import as say;
use crate::provenance::{Provenance, SourceFile};
use crate::read::{LoadedFile, Profile, ReadError};
use crate::store::{Contents, StoreError, Street};
use crate::units::AreaLayer;
use crate::workspace::{Source, Workspace};

use context::read_context;
use doubles::Compared;
use file::OpenFile;
use ground::ground_of;
use places::read_places;
use reading::{ReadSource, Reading, read_source};
use source::{files_of, rules_of};
use summed::Summed;
use watch::go_on;

/// A workspace that was read: everything that is to be stored beside its incidents, and what became
/// of every row.
#[derive(Debug)]
pub struct Imported {
    /// Name of the study area.
    pub name: String,
    /// Boundary layers with their populations.
    pub layers: Vec<AreaLayer>,
    /// Outline of everything studied.
    pub study_area: Shape,
    /// Streets, if any.
    pub streets: Vec<Street>,
    /// Addresses or snap points, if any.
    pub snap_points: Vec<Bng>,
    /// Indicators, lookups, interventions and the like.
    pub context: Context,
    /// Halls where the public may be met.
    pub venues: Vec<Venue>,
    /// The diary of meetings.
    pub meetings: Vec<Meeting>,
    /// Whether the data are invented.
    pub fictional: bool,
    /// Where it came from.
    pub provenance: Provenance,
    /// Incidents handed on.
    pub n_incidents: u64,
    /// What was done.
    pub report: CleaningReport,
    /// Sums over the records kept, for the report on their quality.
    pub quality: QualitySums,
}

impl Imported {
    /// What the store holds beside incidents.
    pub fn contents(&self) -> Contents<'_> {
        Contents {
            name: &self.name,
            layers: &self.layers,
            study_area: &self.study_area,
            streets: &self.streets,
            snap_points: &self.snap_points,
            context: &self.context,
            venues: &self.venues,
            meetings: &self.meetings,
            fictional: self.fictional,
            provenance: &self.provenance,
        }
    }
}

/// Reads and cleans everything that the workspace lists, and hands the incidents to `sink`.
///
/// What does not fit in memory is set aside in the folder `scratch`, which is made when needed. The
/// result is the same at any number of threads. No record is later than `today`, nor than the day on
/// which its source was received: with that day stated the result is the same on any day.
///
/// # Errors
///
/// If a file cannot be read as a whole, must not be used (signs of persons), or nothing lies
/// inside the boundaries; if `sink` fails; [`Stopped`] if `watch` says so.
pub fn import(
    workspace: &Workspace,
    scratch: &Path,
    sink: &dyn Sink,
    watch: &dyn Watch,
    today: Date,
) -> anyhow::Result<Imported> {
    let mut files = Vec::new();
    let mut places = read_places(workspace, &mut files)?;
    let ground = ground_of(workspace, &places)?;
    let lookups = std::mem::take(&mut places.lookups);
    let known = read_context(workspace, &places.layers, lookups)?;
    files.extend(known.files);
    let key = workspace.key().map_err(|e| hinted(e.hint(), e))?;
    let spill = Spill::new(scratch, HELD);
    let sources = read_sources(workspace, &ground, &key, &spill, watch, today)?;
    let n_incidents = sources.iter().map(|(_, read, _)| read.settled.len()).sum();
    watch.begin(Stage::Store, n_incidents);
    let suspects: Vec<Bng> =
        sources.iter().flat_map(|(_, read, _)| read.settled.default_places()).collect();
    let summed = Summed::new(sink);
    let sink = Compared::new(&summed, &spill, sources.len());
    let mut report = CleaningReport {
        name: workspace.config.name.clone(),
        areas: places.said,
        warnings: places.warnings,
        subjects: known.reports,
        ..CleaningReport::default()
    };
    let mut transformations = places.transformations;
    transformations.extend(known.transformations);
    let mut attribution: BTreeSet<String> = workspace.config.attribution.iter().cloned().collect();
    for (source, read, left_alone) in sources {
        let published = read.profile.attribution.clone();
        let said =
            finish_source(source, read, left_alone, &suspects, ground.tokens(), &sink, watch)
                .with_context(|| format!("importing source `{}`", source.id))?;
        for file in &said.files {
            transformations.extend(file.positions.clone());
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
        let line = source.attribution.clone();
        attribution.extend(line.or(published));
        report.sources.push(said);
    }
    report.warnings.extend(sink.warnings()?);
    let quality = summed.sums();
    refuse_nothing_inside(&report, n_incidents)?;
    let provenance = Provenance {
        wardheat: env!("CARGO_PKG_VERSION").to_owned(),
        transformation: transformations.into_iter().collect::<Vec<_>>().join("; "),
        residents: places.residents,
        files,
        attribution: attribution.into_iter().collect(),
        disclosure: None,
    };
    Ok(Imported {
        name: workspace.config.name.clone(),
        layers: places.layers,
        study_area: places.study_area,
        streets: places.streets,
        snap_points: places.snap_points,
        context: known.context,
        venues: places.venues,
        meetings: places.meetings,
        fictional: workspace.config.fictional,
        provenance,
        n_incidents,
        report,
        quality,
    })
}

/// The first records of each source as they would be kept, a line each: month, crime type, place.
///
/// # Errors
///
/// As [`import`]; only the start of the first file of each source is read.
pub fn sample(
    workspace: &Workspace,
    key: &[u8],
    most: usize,
    today: Date,
) -> anyhow::Result<Vec<String>> {
    let places = read_places(workspace, &mut Vec::new())?;
    let ground = ground_of(workspace, &places)?;
    let mut lines = Vec::new();
    for source in &workspace.config.sources {
        let rules = rules_of(workspace, source, key, today)?;
        let first = files_of(workspace, source)?.0.swap_remove(0);
        let file = LoadedFile::open(&first.path).map_err(unread)?;
        let (open, table, _) = OpenFile::new(&file, source, &rules, &ground)?;
        for kept in open.first(&table, most)? {
            let incident = &kept.incident;
            let place = match &incident.place {
                Place::Point { .. } => say::A_POINT,
                Place::Area(_) => say::WARD_ONLY,
                Place::Outward(_) => say::OUTWARD_ONLY,
                Place::Nowhere => say::NO_PLACE,
            };
            let ward = incident.ward.as_deref().unwrap_or(say::NO_WARD);
            let label = incident.crime_type.get().label;
            lines.push(say::sample(&source.id, incident.month, label, ward, place));
        }
    }
    Ok(lines)
}

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

/// What the store would say, had it been its own file.
fn set_aside(error: SpillError) -> anyhow::Error {
    let SpillError { doing, file, source } = error;
    StoreError::Io { doing, file, source }.into()
}

fn load(workspace: &Workspace, relative: &str) -> anyhow::Result<LoadedFile> {
    LoadedFile::open(&workspace.path(relative)).map_err(unread)
}

/// A source, what was read of it, and what was left alone in its archives.
type Read<'w, 's> = (&'w Source, ReadSource<'s>, Vec<String>);

/// Every source of the workspace, read and settled one after the other.
fn read_sources<'w, 's>(
    workspace: &'w Workspace,
    ground: &Ground,
    key: &[u8],
    spill: &'s Spill,
    watch: &dyn Watch,
    today: Date,
) -> anyhow::Result<Vec<Read<'w, 's>>> {
    let importing = |source: &Source| format!("importing source `{}`", source.id);
    let mut described = Vec::new();
    for source in &workspace.config.sources {
        let found = rules_of(workspace, source, key, today)
            .and_then(|rules| Ok((rules, files_of(workspace, source)?)));
        let (rules, (paths, left_alone)) = found.with_context(|| importing(source))?;
        described.push((source, rules, paths, left_alone));
    }
    let total = described.iter().flat_map(|(_, _, paths, _)| paths).map(|path| path.bytes).sum();
    watch.begin(Stage::Read, total);
    let mut sources = Vec::new();
    for (source, rules, paths, left_alone) in described {
        let reading = Reading { source, rules: &rules, ground, watch };
        let read = read_source(reading, &paths, spill).with_context(|| importing(source))?;
        sources.push((source, read, left_alone));
    }
    Ok(sources)
}

/// Hands the records of one source on, and accounts for it.
fn finish_source(
    source: &Source,
    read: ReadSource<'_>,
    left_alone: Vec<String>,
    suspects: &[Bng],
    tokens: &Tokens,
    sink: &dyn Sink,
    watch: &dyn Watch,
) -> anyhow::Result<SourceReport> {
    let ReadSource { profile, latest, mut settled, reports, headers } = read;
    let mut said = SourceReport {
        source: source.id.clone(),
        layout: profile.label.clone(),
        ..SourceReport::default()
    };
    let patterns = SourcePatterns {
        default_places: source.default_places.iter().map(|&(e, n)| Bng::new(e, n)).collect(),
        suspects: suspects.to_vec(),
        tokens: tokens.clone(),
        anonymised: profile.anonymised,
        precision: profile.precision,
    };
    said.warnings = settled
        .each_month(&source.id, &patterns, |month, records| {
            let mut watched = records.map(|some: Result<_, TakeError>| {
                go_on(watch)?;
                let some = some.map_err(|error| error.0)?;
                watch.advance(some.len() as u64, 0);
                Ok(some)
            });
            sink.month(&source.id, month, &mut watched).map_err(TakeError)
        })
        .map_err(|error| error.0)?;
    said.warnings.extend(settled.month_warnings());
    if let Some((first, last)) = settled.months() {
        said.warnings.extend(series_breaks(profile, first, last));
    }
    said.warnings.extend(left_alone);
    write_rejects(source, &settled, &reports, &headers, sink)?;
    for (file, mut report) in settled.files.into_iter().zip(reports) {
        report.account = file.account;
        if report.mojibake {
            said.warnings.push(say::mojibake(&report.file));
        }
        said.warnings.extend(report.notes.iter().map(|note| say::of_file(&report.file, note)));
        said.total.merge(&report.account);
        said.files.push(report);
    }
    said.warnings.extend(unknown_names(&said.total.ledger));
    said.warnings.extend(ward_disagreement(&said.total.ledger));
    said.warnings.extend(dates_to_come(&said.total.ledger, latest));
    warn_of_references(&mut said, profile);
    Ok(said)
}

/// Why records could not be handed on.
struct TakeError(anyhow::Error);

impl From<SpillError> for TakeError {
    fn from(error: SpillError) -> Self {
        Self(set_aside(error))
    }
}

fn write_rejects(
    source: &Source,
    settled: &SettledSource<'_>,
    reports: &[FileReport],
    headers: &[Vec<u8>],
    sink: &dyn Sink,
) -> anyhow::Result<()> {
    for (i, (report, header)) in reports.iter().zip(headers).enumerate() {
        if settled.files[i].account.ledger.rejected() > 0 {
            let header = std::iter::once(Ok(Cow::Borrowed(header.as_slice())));
            let lines = settled.rejects(i).map(|lines| lines.map_err(set_aside));
            sink.rejects(&source.id, &report.file, &mut header.chain(lines))?;
        }
    }
    Ok(())
}

/// How often the ward given is another than that of the position.
fn ward_disagreement(ledger: &Ledger) -> Option<String> {
    let (apart, all) = (ledger.count(Reason::WardDisagrees), ledger.wards_compared());
    (apart > 0).then(|| say::ward_disagrees(apart, all))
}

/// Records that would have happened after the file was there, with the day they were held against.
fn dates_to_come(ledger: &Ledger, latest: Option<Date>) -> Option<String> {
    let (rejected, left) = (ledger.count(Reason::FutureDate), ledger.count(Reason::FutureEnd));
    let latest = latest.filter(|_| rejected + left > 0)?;
    Some(say::dates_to_come(latest, rejected, left))
}

fn warn_of_references(said: &mut SourceReport, profile: &Profile) {
    let without = said.total.ledger.count(Reason::NoReference);
    if without > 0 {
        said.warnings.push(say::without_reference(without, profile.id == "police-uk"));
    }
    if profile.anonymised {
        said.warnings.push(say::approximate(profile.precision));
    }
}

fn refuse_nothing_inside(report: &CleaningReport, n_incidents: u64) -> anyhow::Result<()> {
    let outside: u64 =
        report.sources.iter().map(|s| s.total.ledger.count(Reason::OutsideArea)).sum();
    if n_incidents == 0 && outside > 0 {
        let hint =
            "check that boundaries and incidents are of the same place, and `crs` of the source";
        return Err(anyhow!("none of the {outside} incidents lies inside the boundaries")
            .context(Hint(hint.to_owned())));
    }
    if n_incidents == 0 && !report.sources.is_empty() {
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

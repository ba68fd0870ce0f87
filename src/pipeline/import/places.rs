//! Boundaries, populations, streets and snap points of a workspace.

use std::collections::BTreeSet;

use anyhow::{Context as _, anyhow};

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::hint::Hint;
use crate::meeting::{Meeting, Venue};
use crate::pipeline::english::import as say;
use crate::provenance::SourceFile;
use crate::read::format::notes;
use crate::read::{
    LoadedFile, ReadLookup, crs_of, join_population, read_areas_in, read_population,
    read_snap_points, read_streets, study_area, transformation_from,
};
use crate::store::Street;
use crate::units::AreaLayer;
use crate::workspace::Workspace;

use super::lookups::read_lookups;
use super::{load, meetings, residents, unread};

/// Boundaries, populations and streets of a workspace.
pub(super) struct Places {
    pub(super) layers: Vec<AreaLayer>,
    pub(super) study_area: Shape,
    pub(super) lookups: Vec<(LoadedFile, ReadLookup)>,
    pub(super) streets: Vec<Street>,
    pub(super) snap_points: Vec<Bng>,
    pub(super) venues: Vec<Venue>,
    pub(super) meetings: Vec<Meeting>,
    pub(super) said: Vec<String>,
    pub(super) warnings: Vec<String>,
    /// Whence wards have their residents, where no file gives them by ward.
    pub(super) residents: Option<String>,
    /// How positions came to the working plane, and how exactly.
    pub(super) transformations: BTreeSet<String>,
}

fn provenance_of(source: &str, file: &LoadedFile, rows: u64) -> anyhow::Result<SourceFile> {
    Ok(SourceFile::kept_whole(source, &file.name, file.sha256().map_err(unread)?, rows))
}

/// Reads them; each file is added to `files`.
pub(super) fn read_places(
    workspace: &Workspace,
    files: &mut Vec<SourceFile>,
) -> anyhow::Result<Places> {
    let config = &workspace.config;
    let (mut layers, mut said, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let mut transformations = BTreeSet::new();
    for spec in &config.areas {
        let file = load(workspace, &spec.file).context("reading boundaries")?;
        let (layer, crs) =
            read_areas_in(&file, spec).map_err(unread).context("reading boundaries")?;
        transformations.extend(transformation_from(&crs.to_string()));
        warnings.extend(notes(&file).map_err(unread)?);
        files.push(provenance_of(&spec.kind, &file, layer.areas.len() as u64)?);
        said.push(say::areas(layer.areas.len(), &layer.kind, &layer.edition, &file.name));
        layers.push(layer);
    }
    join_populations(workspace, &mut layers, files, &mut said, &mut warnings)?;
    let lookups = read_lookups(workspace)?;
    let residents = residents::add_up(&lookups, &mut layers, &mut said, &mut warnings);
    let mut streets = Vec::new();
    if let Some(spec) = &config.streets {
        let file = load(workspace, &spec.file).context("reading streets")?;
        let lines = read_streets(&file, spec).map_err(unread).context("reading streets")?;
        let crs = crs_of(&file, spec.crs).map_err(unread)?;
        transformations.extend(transformation_from(&crs.to_string()));
        warnings.extend(notes(&file).map_err(unread)?);
        files.push(provenance_of("streets", &file, lines.len() as u64)?);
        said.push(say::streets(lines.len(), &file.name));
        streets = lines.into_iter().map(|s| Street { name: s.name, line: s.line }).collect();
    }
    let mut snap_points = Vec::new();
    if let Some(spec) = &config.snap_points {
        let file = load(workspace, &spec.file).context("reading snap points")?;
        snap_points = read_snap_points(&file, spec).map_err(unread)?;
        transformations.extend(transformation_from(&spec.crs.to_string()));
        warnings.extend(notes(&file).map_err(unread)?);
        files.push(provenance_of("snap-points", &file, snap_points.len() as u64)?);
        said.push(say::snap_points(snap_points.len(), &file.name));
    }
    let wards = layers.iter().find(|layer| layer.kind == "ward").context("there are no wards")?;
    let study_area = study_area(wards);
    let both = meetings::read_both(workspace, &layers, files)?;
    said.extend(both.said);
    warnings.extend(both.warnings);
    let (venues, meetings) = (both.venues, both.meetings);
    Ok(Places {
        layers,
        study_area,
        lookups,
        streets,
        snap_points,
        venues,
        meetings,
        said,
        warnings,
        residents,
        transformations,
    })
}

fn join_populations(
    workspace: &Workspace,
    layers: &mut [AreaLayer],
    files: &mut Vec<SourceFile>,
    said: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> anyhow::Result<()> {
    for spec in &workspace.config.population {
        let file = load(workspace, &spec.file).context("reading population")?;
        let rows = read_population(&file, spec).map_err(unread).context("reading population")?;
        let mut joined = 0;
        for layer in layers.iter_mut().filter(|layer| layer.kind == spec.kind) {
            let missing = join_population(layer, &rows);
            joined += layer.areas.len() - missing.len();
            if !missing.is_empty() {
                let shown: Vec<&str> = missing.iter().take(5).map(String::as_str).collect();
                warnings.push(say::without_population(
                    missing.len(),
                    layer.areas.len(),
                    &layer.kind,
                    &file.name,
                    &shown,
                ));
            }
        }
        if joined == 0 {
            let hint = "check `code` of [[population]], and that the edition of the boundaries is \
                        that of the population file";
            return Err(anyhow!("{} has the code of no area of kind {}", file.name, spec.kind)
                .context(Hint(hint.to_owned())));
        }
        for (line, value) in &rows.unread {
            warnings.push(say::no_count(&file.name, *line, value));
        }
        warnings.extend(notes(&file).map_err(unread)?);
        files.push(provenance_of("population", &file, rows.rows)?);
        said.push(say::population(joined, &spec.kind, &file.name, rows.added_up));
    }
    Ok(())
}

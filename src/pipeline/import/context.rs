//! What a workspace lists besides incidents and places: indicators, lookups, interventions, surveys,
//! priorities of the community, peers and harm weights.

use std::collections::BTreeSet;

use anyhow::Context as _;

use crate::clean::SubjectReport;
use crate::context::{Context, Indicator};
use crate::incident::Group;
use crate::pipeline::english::import as say;
use crate::provenance::SourceFile;
use crate::read::format::notes;
use crate::read::{
    LoadedFile, ReadLookup, RowAccount, Subject, Wards, crs_of, read_community_priorities,
    read_harm, read_indicators, read_interventions, read_peers, read_survey, transformation_from,
};
use crate::units::AreaLayer;
use crate::workspace::Workspace;

use super::{load, unread};

/// What was read, an account of each file, and each file for provenance.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) context: Context,
    pub(super) reports: Vec<SubjectReport>,
    pub(super) files: Vec<SourceFile>,
    /// How positions came to the working plane, and how exactly.
    pub(super) transformations: BTreeSet<String>,
}

impl Known {
    fn add(
        &mut self,
        subject: &'static str,
        file: &LoadedFile,
        account: RowAccount,
        found: String,
        mut warnings: Vec<String>,
    ) -> anyhow::Result<()> {
        warnings.extend(notes(file).map_err(unread)?);
        let sha256 = file.sha256().map_err(unread)?;
        self.files.push(SourceFile {
            source: subject.to_owned(),
            file: file.name.clone(),
            sha256: sha256.clone(),
            rows: account.rows,
            kept: account.kept,
            excluded: account.excluded,
            rejected: account.rejected,
        });
        let file = file.name.clone();
        self.reports.push(SubjectReport { subject, file, sha256, found, account, warnings });
        Ok(())
    }
}

/// Reads them, in the order of the description; lookups have been read.
///
/// # Errors
///
/// If a file cannot be read as a whole, or must not be used.
pub(super) fn read_context(
    workspace: &Workspace,
    layers: &[AreaLayer],
    lookups: Vec<(LoadedFile, ReadLookup)>,
) -> anyhow::Result<Known> {
    let config = &workspace.config;
    let wards = Wards::new(layers);
    let mut known = Known::default();
    for (file, lookup) in lookups {
        let (said, warnings) = said_of_lookup(&lookup, layers);
        known.add("lookup", &file, lookup.account, said, warnings)?;
        known.context.lookups.push(lookup.found);
    }
    for spec in &config.indicators {
        let file = load(workspace, &spec.file).context("reading indicators")?;
        let Subject { found, account } =
            read_indicators(&file, spec).map_err(unread).context("reading indicators")?;
        let (said, warnings) = said_of_indicators(&found, layers);
        known.add("indicators", &file, account, said, warnings)?;
        known.context.indicators.extend(found);
    }
    for spec in &config.interventions {
        let file = load(workspace, &spec.file).context("reading interventions")?;
        let Subject { found, account } = read_interventions(&file, spec, &wards)
            .map_err(unread)
            .context("reading interventions")?;
        let crs = crs_of(&file, spec.crs).map_err(unread)?;
        known.transformations.extend(transformation_from(&crs.to_string()));
        let said = say::interventions(found.len());
        known.add("interventions", &file, account, said, Vec::new())?;
        known.context.interventions.extend(found);
    }
    for spec in &config.surveys {
        let file = load(workspace, &spec.file).context("reading a survey")?;
        let Subject { found, account } =
            read_survey(&file, spec, &wards).map_err(unread).context("reading a survey")?;
        let said = say::answers(found.len());
        let without = found.iter().filter(|row| row.base.is_none()).count();
        let warnings =
            if without == 0 { Vec::new() } else { vec![say::answers_without_base(without)] };
        known.add("survey", &file, account, said, warnings)?;
        known.context.surveys.extend(found);
    }
    for spec in &config.community_priorities {
        let file = load(workspace, &spec.file).context("reading community priorities")?;
        let Subject { found, account } = read_community_priorities(&file, spec, &wards)
            .map_err(unread)
            .context("reading community priorities")?;
        let in_wards = found.iter().filter(|row| row.ward.is_some()).count();
        let said = say::priorities(found.len(), in_wards);
        known.add("community priorities", &file, account, said, Vec::new())?;
        known.context.priorities.extend(found);
    }
    for spec in &config.peers {
        let file = load(workspace, &spec.file).context("reading peers")?;
        let Subject { found, account } =
            read_peers(&file, spec).map_err(unread).context("reading peers")?;
        let areas: std::collections::BTreeSet<&str> =
            found.iter().map(|row| row.area.as_str()).collect();
        let said = say::peers(found.len(), areas.len());
        known.add("peers", &file, account, said, Vec::new())?;
        known.context.peers.extend(found);
    }
    for spec in &config.harm_weights {
        let file = load(workspace, &spec.file).context("reading harm weights")?;
        let Subject { found, account } =
            read_harm(&file, spec).map_err(unread).context("reading harm weights")?;
        let mut warnings = Vec::new();
        if !found.unknown.is_empty() {
            warnings.push(say::unknown_categories(&found.unknown));
        }
        for table in &found.tables {
            let counted = |group| matches!(group, Group::Crime | Group::Asb);
            let missing: Vec<&str> = table
                .missing()
                .map(crate::incident::CrimeTypeIdx::get)
                .filter(|crime_type| counted(crime_type.group))
                .map(|crime_type| crime_type.label)
                .collect();
            if !missing.is_empty() {
                warnings.push(say::no_weight(table.group.as_deref(), &missing));
            }
        }
        let said = say::harm(found.tables.len(), &spec.name, &spec.edition);
        known.add("harm weights", &file, account, said, warnings)?;
        known.context.harm.extend(found.tables);
    }
    Ok(known)
}

/// How many codes of the workspace's own areas `has` knows; `None` where there are no such areas.
fn share(
    layers: &[AreaLayer],
    kind: &str,
    edition: &str,
    has: impl Fn(&str) -> bool,
) -> Option<(usize, usize)> {
    let layer = layers.iter().find(|layer| layer.kind == kind && layer.edition == edition)?;
    let known = layer.areas.iter().filter(|area| has(&area.code)).count();
    Some((known, layer.areas.len()))
}

fn said_of_indicators(found: &[Indicator], layers: &[AreaLayer]) -> (String, Vec<String>) {
    let Some(first) = found.first() else { return (say::NO_INDICATORS.to_owned(), Vec::new()) };
    let said = say::indicators(found.len(), &first.kind, &first.edition);
    let shared = share(layers, &first.kind, &first.edition, |code| first.of(code).is_some());
    (said, missing_areas(shared, &first.kind, &first.edition))
}

fn said_of_lookup(lookup: &ReadLookup, layers: &[AreaLayer]) -> (String, Vec<String>) {
    let found = &lookup.found;
    let (from, to) = (&found.from, &found.to);
    let said =
        say::lookup(found.pairs().len(), (&from.kind, &from.edition), (&to.kind, &to.edition));
    let shared = share(layers, &from.kind, &from.edition, |code| found.of(code).next().is_some());
    let mut warnings = missing_areas(shared, &from.kind, &from.edition);
    if let Some((code, line)) = lookup.doubles.first() {
        warnings.push(say::split_codes(found.n_split(), code, *line));
    }
    (said, warnings)
}

fn missing_areas(shared: Option<(usize, usize)>, kind: &str, edition: &str) -> Vec<String> {
    match shared {
        Some((known, all)) if known < all => {
            vec![say::areas_missing(all - known, all, kind, edition)]
        }
        _ => Vec::new(),
    }
}

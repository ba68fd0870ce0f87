//! Indicators, lookups, interventions and the like: a table of the description for each file.

use std::collections::BTreeMap;
use std::path::Path;

use crate::read::Layouts;
use crate::read::guess::{SubjectGuess, guess_subject};
use crate::workspace::{Config, Field};

use super::super::import::unread;
use super::{InitRequest, each, open, seen};

/// Adds a table to `config` for each file of the kind.
pub(super) fn describe_context(
    request: &InitRequest,
    layouts: &Layouts,
    config: &mut Config,
) -> anyhow::Result<()> {
    for name in each(&request.context)? {
        let file = seen(request, &name);
        match guess_subject(&open(&name)?, layouts).map_err(unread)? {
            SubjectGuess::Indicators(mut spec) => {
                spec.file = file;
                config.indicators.push(spec);
            }
            SubjectGuess::Lookups(specs) => {
                config.lookups.extend(specs.into_iter().map(|mut spec| {
                    spec.file.clone_from(&file);
                    spec
                }));
            }
            SubjectGuess::Interventions(mut spec) => {
                spec.file = file;
                config.interventions.push(spec);
            }
            SubjectGuess::Survey(mut spec) => {
                spec.file = file;
                config.surveys.push(spec);
            }
            SubjectGuess::CommunityPriorities(mut spec) => {
                spec.file = file;
                config.community_priorities.push(spec);
            }
            SubjectGuess::Peers(mut spec) => {
                spec.file = file;
                config.peers.push(spec);
            }
            SubjectGuess::Harm(mut spec) => {
                spec.file = file;
                config.harm_weights.push(spec);
            }
        }
    }
    Ok(())
}

/// Words in the name of a file that holds one kind of incident, and the crime type they stand for.
const NAMED: &[(&str, &str)] = &[
    ("burglar", "burglary"),
    ("robber", "robbery"),
    ("vehicle", "vehicle-crime"),
    ("shoplift", "shoplifting"),
    ("homicide", "violence-and-sexual-offences"),
];

/// The crime type of files without a column that says it, where their names all say the same.
pub(in crate::pipeline) fn crime_type_of<'a>(
    columns: &BTreeMap<Field, String>,
    paths: impl Iterator<Item = &'a Path>,
) -> Option<&'static str> {
    let says = [Field::Category, Field::Code, Field::Group, Field::Detail];
    if says.iter().any(|field| columns.contains_key(field)) {
        return None;
    }
    let named = |path: &Path| {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        NAMED.iter().find(|(word, _)| name.contains(word)).map(|(_, crime_type)| *crime_type)
    };
    let mut found = paths.map(named);
    let first = found.next()??;
    found.all(|other| other == Some(first)).then_some(first)
}

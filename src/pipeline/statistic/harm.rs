//! Which harm weights a request means: a table it names, or that of the workspace.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};

use crate::hint::Hint;
use crate::incident::HarmWeights;
use crate::pipeline::import::unread;
use crate::read::guess::{SubjectGuess, guess_subject};
use crate::read::{Layouts, LoadedFile, read_harm};
use crate::stats::HarmOptions;
use crate::store::Dataset;

/// The one table of weights that the options mean; `None` where there is none at all.
///
/// # Errors
///
/// If the options are not understood, the file is no table of harm weights or states no edition, or
/// several groups are left to choose from.
pub(super) fn harm_weights(
    options: &serde_json::Value,
    data: &Dataset,
) -> anyhow::Result<Option<HarmWeights>> {
    // Options that are not understood are refused by the statistic, which knows what it takes.
    let Ok(options) = serde_json::from_value::<HarmOptions>(options.clone()) else {
        return Ok(None);
    };
    let read = options
        .weights
        .as_deref()
        .map(|path| of_file(Path::new(path), options.edition.as_deref()))
        .transpose()?;
    let tables = read.as_deref().unwrap_or(&data.context.harm);
    let meant = |table: &&HarmWeights| options.group.is_none() || table.group == options.group;
    let found: Vec<&HarmWeights> = tables.iter().filter(meant).collect();
    match found.as_slice() {
        [one] => Ok(Some((*one).clone())),
        [] if tables.is_empty() => Ok(None),
        _ => {
            let known: Vec<&str> =
                tables.iter().filter_map(|table| table.group.as_deref()).collect();
            let what = match options.group {
                Some(group) => anyhow!("the harm weights have no single table of `{group}`"),
                None => anyhow!("the harm weights are {} tables", tables.len()),
            };
            Err(what.context(Hint(format!("choose one with --group: {}", known.join(", ")))))
        }
    }
}

fn of_file(path: &Path, edition: Option<&str>) -> anyhow::Result<Vec<HarmWeights>> {
    let reading = || format!("reading the harm weights {}", path.display());
    let file = LoadedFile::open(path).map_err(unread).with_context(reading)?;
    let guess = guess_subject(&file, Layouts::known()).map_err(unread).with_context(reading)?;
    let SubjectGuess::Harm(mut spec) = guess else {
        bail!(anyhow!("{} is no table of harm weights", path.display()).context(Hint(
            "its columns should be a crime type, a weight such as cchi_days, and optionally a force"
                .to_owned()
        )));
    };
    if let Some(edition) = edition {
        edition.clone_into(&mut spec.edition);
    }
    if spec.edition.is_empty() {
        bail!(
            anyhow!("{} does not say which edition its weights are of", path.display())
                .context(Hint("say it with --edition".to_owned()))
        );
    }
    Ok(read_harm(&file, &spec).map_err(unread).with_context(reading)?.found.tables)
}

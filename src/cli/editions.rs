//! What was told before out of a workspace: no edition goes out beside it without being weighed.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use crate::audience::Audience;
use crate::hint::Hint;
use crate::pipeline::Editions;
use crate::store::Dataset;

use super::english as say;
use super::quality::replace;

/// File of the workspace that holds what was told.
const FILE: &str = "editions.json";

/// What was told out of the workspace so far.
pub(super) fn held(workspace: &Path) -> anyhow::Result<Editions> {
    let path = workspace.join(FILE);
    if !path.exists() {
        return Ok(Editions::default());
    }
    let read = || Ok::<_, anyhow::Error>(serde_json::from_slice(&fs::read(&path)?)?);
    read().with_context(|| format!("reading what was told before, {}", path.display())).context(
        Hint("put the file back from a copy; without it earlier editions are not known".into()),
    )
}

/// Refuses data that tell of a month otherwise than before: by the difference of the two, records too
/// few to be told would be told.
pub(super) fn weigh(editions: &Editions, audience: Audience, data: &Dataset) -> anyhow::Result<()> {
    let months: Vec<String> = editions
        .corrected(audience, data)
        .into_iter()
        .map(|(month, told, now)| say::corrected(month, told.records, now.records))
        .collect();
    if months.is_empty() {
        return Ok(());
    }
    Err(anyhow!(
        "the {audience} was told otherwise before of {}; whoever kept it can subtract the two",
        months.join(", ")
    )
    .context(Hint(
        "say --corrected once that is weighed; several corrections together tell less than one"
            .into(),
    )))
}

/// Keeps what is told now, before it goes out.
pub(super) fn keep(
    workspace: &Path,
    mut editions: Editions,
    audience: Audience,
    data: &Dataset,
) -> anyhow::Result<()> {
    editions.add(audience, data);
    replace(&workspace.join(FILE), &serde_json::to_string_pretty(&editions)?)
}

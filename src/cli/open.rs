//! What a workspace holds, for the commands that only read it.

use std::path::Path;

use anyhow::Context as _;

use crate::hint::Hint;
use crate::store::{self, Dataset};
use crate::workspace::Workspace;

/// What was imported into the workspace.
pub(super) fn dataset(workspace: &Path) -> anyhow::Result<Dataset> {
    let settings = workspace.join("wardheat.toml");
    if !settings.is_file() {
        return Err(anyhow::anyhow!("{} does not exist", settings.display())
            .context(format!("{} is no workspace", workspace.display()))
            .context(Hint("make one with wardheat init, or name one with --workspace".into())));
    }
    let described = Workspace::load(workspace).map_err(|error| {
        let hint = error.hint();
        anyhow::Error::new(error).context(Hint(hint))
    })?;
    let mut dataset = store::open(&workspace.join("store")).context("opening the store")?;
    dataset.priorities = described.config.priority_sets();
    Ok(dataset)
}

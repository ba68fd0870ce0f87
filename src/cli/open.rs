//! What a workspace holds, for the commands that only read it.

use std::path::Path;

use anyhow::Context as _;

use crate::hint::Hint;
use crate::pipeline::WalkFile;
use crate::read::{LoadedFile, read_walks};
use crate::store::{self, Dataset};
use crate::workspace::{PlanningRule, Workspace};

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
    dataset.night = described.config.night;
    dataset.context.notes = described.config.notes;
    Ok(dataset)
}

/// Walking distances of a file.
pub(super) fn walks(path: &Path) -> anyhow::Result<WalkFile> {
    let file = LoadedFile::open(path)?;
    Ok(WalkFile { rows: read_walks(&file)?, name: file.name })
}

/// Walking distances that the workspace names under [planning].
pub(super) fn own_walks(
    workspace: &Path,
    planning: &PlanningRule,
) -> anyhow::Result<Option<WalkFile>> {
    let named = planning.distances.as_ref();
    named
        .map(|file| walks(&workspace.join(file)))
        .transpose()
        .context("reading `distances` of [planning]")
}

/// Where the workspace's own basemap is, if it names one.
pub(super) fn basemap(workspace: &Path) -> anyhow::Result<Option<std::path::PathBuf>> {
    let described = Workspace::load(workspace)?.config;
    Ok(described.basemap.map(|file| workspace.join(file)))
}

/// The description of a workspace whose store was made from `workspace`: its name and priorities,
/// and no source to import.
pub(super) fn description_of(workspace: &Path, name: &str) -> anyhow::Result<String> {
    let described = Workspace::load(workspace)?.config;
    let text = |text: &str| toml::Value::from(text);
    let mut table = toml::Table::new();
    table.insert("name".into(), text(name));
    table.insert("fictional".into(), described.fictional.into());
    if let Some(crs) = described.crs {
        table.insert("crs".into(), text(&crs.to_string()));
    }
    let mut wards = toml::Table::new();
    for (key, value) in [("kind", "ward"), ("file", "none"), ("code", "code"), ("name", "name")] {
        wards.insert(key.into(), text(value));
    }
    table.insert("areas".into(), toml::Value::Array(vec![wards.into()]));
    let priority = |priority: &crate::workspace::Priority| {
        let types = priority.categories.iter().map(|types| text(&types.to_string())).collect();
        let mut table = toml::Table::new();
        table.insert("name".into(), text(priority.name.as_str()));
        table.insert("categories".into(), toml::Value::Array(types));
        toml::Value::Table(table)
    };
    let priorities: Vec<_> = described.priorities.iter().map(priority).collect();
    if !priorities.is_empty() {
        table.insert("priority".into(), toml::Value::Array(priorities));
    }
    Ok(format!(
        "# Made by `wardheat store disclose` for its store: there is nothing to import here.\n{}",
        toml::to_string(&table).context("describing the store")?
    ))
}

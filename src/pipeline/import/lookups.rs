//! The lookups of a workspace, each read once.

use anyhow::Context as _;

use crate::read::{LoadedFile, ReadLookup, read_lookup};
use crate::workspace::{LookupFile, Workspace};

use super::{load, unread};

/// Reads them, in the order of the description.
pub(super) fn read_lookups(workspace: &Workspace) -> anyhow::Result<Vec<(LoadedFile, ReadLookup)>> {
    let read = |spec: &LookupFile| {
        let file = load(workspace, &spec.file)?;
        let lookup = read_lookup(&file, spec).map_err(unread)?;
        Ok((file, lookup))
    };
    workspace
        .config
        .lookups
        .iter()
        .map(read)
        .collect::<anyhow::Result<_>>()
        .context("reading a lookup")
}

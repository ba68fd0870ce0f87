//! The report on the quality of an import.

use std::collections::BTreeMap;

use super::Imported;
use crate::report::{QualityReport, SourceLine};
use crate::workspace::Workspace;

/// What an import says of the quality of the workspace's data.
pub fn quality(workspace: &Workspace, imported: &Imported) -> QualityReport {
    let lines: BTreeMap<String, SourceLine> = workspace
        .config
        .sources
        .iter()
        .map(|source| {
            let line = SourceLine {
                profile: source.profile.clone(),
                owner: source.owner.clone(),
                received: source.received.map(|day| day.to_string()),
            };
            (source.id.clone(), line)
        })
        .collect();
    let wards = imported.layers.iter().find(|layer| layer.kind == "ward");
    QualityReport::new(&imported.report, &imported.quality, &lines, wards, imported.fictional)
}

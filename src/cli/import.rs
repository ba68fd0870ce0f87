//! `wardheat import`: read, clean and store; print the cleaning report.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;

use crate::clean::CleaningReport;
use crate::hint::Hint;
use crate::pipeline::{Imported, import};
use crate::store;
use crate::workspace::Workspace;

/// Read and clean the workspace's files, and store what is kept
#[derive(Debug, Args)]
pub struct Import {
    /// Print the cleaning report as JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Imports the workspace in `dir`; the store is replaced whole or not at all.
    ///
    /// # Errors
    ///
    /// If the folder is no workspace, a file cannot be used, or the store cannot be written.
    pub fn run(&self, dir: &Path) -> anyhow::Result<()> {
        let (imported, started) = read(dir)?;
        let folder = dir.join("store");
        let version = store::write(&folder, &imported.dataset)
            .with_context(|| format!("writing the store in {}", folder.display()))?;
        keep(&folder, &imported.report)?;
        print(&imported.report, self.json)?;
        let short = version.get(..12).unwrap_or(&version);
        eprintln!(
            "{} incidents stored as version {short} in {:.1} s",
            imported.dataset.incidents.len(),
            started.elapsed().as_secs_f64()
        );
        Ok(())
    }
}

/// Loads and imports, in memory.
pub(super) fn read(dir: &Path) -> anyhow::Result<(Imported, Instant)> {
    let started = Instant::now();
    let workspace = Workspace::load(dir).map_err(|error| {
        let hint = error.hint();
        anyhow::Error::new(error).context(Hint(hint))
    })?;
    Ok((import(&workspace)?, started))
}

/// Prints the report.
pub(super) fn print(report: &CleaningReport, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", report.text())?;
    }
    Ok(())
}

/// Keeps the report beside the store.
fn keep(folder: &Path, report: &CleaningReport) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(report)?;
    for (name, text) in [("cleaning-report.json", json), ("cleaning-report.txt", report.text())] {
        let (path, beside) = (folder.join(name), folder.join(format!("{name}.new")));
        fs::write(&beside, text).with_context(|| format!("writing {}", beside.display()))?;
        fs::rename(&beside, &path).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

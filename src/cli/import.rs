//! `wardheat import`: read, clean and store; print the cleaning report.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use jiff::Zoned;
use jiff::civil::Date;
use serde_json::json;

use crate::clean::CleaningReport;
use crate::hint::Hint;
use crate::pipeline::{Imported, Nowhere, Sink, Stopped, Watch as _, import};
use crate::store::{REJECTS, Writer};
use crate::workspace::Workspace;

use super::english as say;
use super::progress::Progress;
use super::quality;

/// Read and clean the workspace's files, and store what is kept
#[derive(Debug, Args)]
pub struct Import {
    /// Print the cleaning report as JSON, and progress as lines of JSON on stderr
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Imports the workspace in `dir`; the store is replaced whole or not at all.
    ///
    /// # Errors
    ///
    /// If the folder is no workspace, a file cannot be used, or the store cannot be written; if
    /// Ctrl-C stops it.
    pub fn run(&self, dir: &Path) -> anyhow::Result<()> {
        let started = Instant::now();
        let workspace = load(dir)?;
        let folder = dir.join("store");
        let writing = || format!("writing the store in {}", folder.display());
        let writer = Writer::begin(&folder).with_context(writing)?;
        let progress = Progress::new(self.json);
        let imported = read(&workspace, writer.scratch(), &writer, &progress)?;
        let version = writer.finish(imported.contents()).with_context(writing)?;
        drop(progress);
        keep(&folder, &imported.report)?;
        let (report, page) = quality::report(&workspace, &imported);
        quality::keep(dir, &report, &page)?;
        print(&imported.report, self.json)?;
        if !self.json {
            write!(std::io::stdout(), "\n{}", report.text())?;
        }
        self.say(&imported, &version, started);
        Ok(())
    }

    fn say(&self, imported: &Imported, version: &str, started: Instant) {
        let (n, seconds) = (imported.n_incidents, started.elapsed().as_secs_f64());
        let n_rejected: u64 =
            imported.report.sources.iter().map(|source| source.total.ledger.rejected()).sum();
        if self.json {
            let stored = json!({
                "stage": "done",
                "incidents": n,
                "rejected": n_rejected,
                "version": version,
                "seconds": seconds,
            });
            eprintln!("{stored}");
            return;
        }
        if n_rejected > 0 {
            eprintln!("{}", say::rejected(n_rejected, REJECTS));
        }
        let short = version.get(..12).unwrap_or(version);
        eprintln!("{}", say::stored(n, short, seconds));
    }
}

pub(super) fn load(dir: &Path) -> anyhow::Result<Workspace> {
    Workspace::load(dir).map_err(|error| {
        let hint = error.hint();
        anyhow::Error::new(error).context(Hint(hint))
    })
}

fn read(
    workspace: &Workspace,
    scratch: &Path,
    sink: &dyn Sink,
    progress: &Progress,
) -> anyhow::Result<Imported> {
    let imported = import(workspace, scratch, sink, progress, today())?;
    progress.finish();
    // The last moment at which nothing has changed yet.
    if progress.is_stopped() { Err(Stopped.into()) } else { Ok(imported) }
}

/// The day it is here.
pub(super) fn today() -> Date {
    Zoned::now().date()
}

/// Where a look at files sets aside what does not fit in memory: as coarse as the store would be, and
/// gone at the end.
pub(super) fn scratch() -> PathBuf {
    std::env::temp_dir().join(format!("wardheat-{}", std::process::id()))
}

/// Reads and cleans the workspace, and stores nothing.
pub(super) fn try_out(workspace: &Workspace, json: bool) -> anyhow::Result<Imported> {
    read(workspace, &scratch(), &Nowhere, &Progress::new(json))
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

/// Keeps the report in the store's folder. The underscore hides it from engines that read the whole
/// store as one table.
fn keep(folder: &Path, report: &CleaningReport) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(report)?;
    for (name, text) in [("_cleaning-report.json", json), ("_cleaning-report.txt", report.text())] {
        quality::replace(&folder.join(name), &text)?;
    }
    Ok(())
}

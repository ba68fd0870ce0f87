//! `wardheat store`: what the store holds, whether it is whole, and taking parts of it out.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};

use crate::hint::Hint;
use crate::store;
use crate::time::Month;

use super::disclose::Disclose;
use super::english as say;

/// Look after the workspace's store
#[derive(Debug, Args)]
pub(super) struct Store {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// List what it holds: sources, months, rows, files
    List {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Read every file and compare its checksum
    Verify,
    /// Take the incidents of a source out
    Remove {
        /// Name of the source
        #[arg(long, value_name = "NAME")]
        source: String,
        /// Only this month of it, such as 2025-03
        #[arg(long, value_name = "MONTH")]
        month: Option<Month>,
    },
    /// Remove files that belong to no current import
    Compact,
    /// Make a store for an audience, which holds nothing that the audience may not know
    Disclose(Disclose),
}

impl Store {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let folder = workspace.join("store");
        let mut out = std::io::stdout().lock();
        match &self.task {
            Task::List { json } => {
                let held = store::inventory(&folder)?;
                if *json {
                    serde_json::to_writer_pretty(&mut out, &held).map_err(std::io::Error::from)?;
                    writeln!(out)?;
                    return Ok(());
                }
                writeln!(out, "{}", say::held(&held.name, &held.version))?;
                for file in &held.files {
                    let month = file.month.as_deref().unwrap_or("-");
                    let missing = if file.is_there(&folder) { "" } else { say::MISSING };
                    let size = say::size(file.rows, file.bytes);
                    writeln!(out, "{:<20} {month:<8} {size}{missing}", file.what)?;
                }
                writeln!(out, "{}", say::incidents(held.n_incidents()))?;
                let (n, bytes) = held.left_over;
                if n > 0 {
                    writeln!(out, "{}", say::left_over(n, bytes))?;
                }
            }
            Task::Verify => {
                let wrong = store::verify(&folder)?;
                if wrong.is_empty() {
                    let n = store::inventory(&folder)?.files.len();
                    writeln!(out, "{}", say::all_whole(n))?;
                    return Ok(());
                }
                for error in &wrong {
                    writeln!(out, "{error}")?;
                }
                out.flush()?;
                return Err(anyhow!("{} files are not as they were written", wrong.len()).context(
                    Hint("write the store anew from its sources: wardheat import".into()),
                ));
            }
            Task::Remove { source, month } => {
                let (files, rows) = store::remove(&folder, source, *month)?;
                writeln!(out, "{}", say::removed(rows, files))?;
                eprintln!("{}", say::COMES_BACK);
            }
            Task::Compact => {
                let (files, bytes) = store::compact(&folder)?;
                writeln!(out, "{}", say::compacted(files, bytes))?;
            }
            Task::Disclose(disclose) => disclose.run(workspace, &mut out)?,
        }
        out.flush().context("writing the answer")
    }
}

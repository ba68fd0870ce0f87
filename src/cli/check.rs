//! `wardheat check`: what an import would do, without doing it.

use std::path::Path;

use clap::Args;

use super::import::{print, read};

/// Say what an import would keep, exclude and reject; nothing is written
#[derive(Debug, Args)]
pub struct Check {
    /// Print the cleaning report as JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Reads and cleans the workspace in `dir` and prints the report.
    ///
    /// # Errors
    ///
    /// As an import would.
    pub fn run(&self, dir: &Path) -> anyhow::Result<()> {
        let (imported, started) = read(dir)?;
        print(&imported.report, self.json)?;
        eprintln!("nothing was written; read in {:.1} s", started.elapsed().as_secs_f64());
        Ok(())
    }
}

//! `wardheat check`: what an import would do, without doing it.

use std::path::Path;
use std::time::Instant;

use clap::Args;

use super::import::{print, try_out};

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
        let started = Instant::now();
        let report = try_out(dir, self.json)?;
        print(&report, self.json)?;
        eprintln!("nothing was written; read in {:.1} s", started.elapsed().as_secs_f64());
        Ok(())
    }
}

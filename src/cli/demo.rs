//! `wardheat demo`: a fictional borough, written as files and put through the ordinary commands.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::demo::{self, DEFAULT_SEED, Written};
use crate::layer::words::thousands;

/// Write a fictional borough, import and score it, and show it in the browser
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Folder to write into; files of the same names are replaced
    #[arg(default_value = "wardheat-demo", value_name = "DIR")]
    pub folder: PathBuf,
    /// Which borough: each seed gives another, and always the same one
    #[arg(long, default_value_t = DEFAULT_SEED, value_name = "N")]
    pub seed: u64,
}

impl Demo {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        self.write().map(drop)
    }

    /// Writes the borough's files and says what they hold.
    fn write(&self) -> anyhow::Result<Written> {
        let written = demo::write(&self.folder, self.seed)
            .with_context(|| format!("writing the demo into {}", self.folder.display()))?;
        let mut out = std::io::stderr().lock();
        writeln!(
            out,
            "Fennmouth, a borough that does not exist: {} files in {}",
            written.files.len(),
            self.folder.display()
        )?;
        for file in written.files.iter().filter(|file| file.rows > 0) {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            writeln!(out, "  {name:<24} {:>8} rows", thousands(file.rows as i64))?;
        }
        Ok(written)
    }
}

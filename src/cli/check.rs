//! `wardheat check`: what an import would do, without doing it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use crate::pipeline::{CheckRequest, Checked, check_file};
use crate::workspace::{DESCRIPTION, DateForm};

use super::english as say;
use super::import::{load, print, scratch, today, try_out};
use super::progress::Progress;
use super::quality;

/// Say what an import would keep, exclude and reject; nothing is written
#[derive(Debug, Args)]
pub struct Check {
    /// One file alone, with or without a workspace; everything the workspace lists if not given
    file: Option<String>,
    /// Layout to read the file with (see wardheat list layouts); guessed if not given
    #[arg(long, value_name = "PROFILE", requires = "file")]
    profile: Option<String>,
    /// How its dates are written, as `date` in wardheat.toml; worked out if not given
    #[arg(long, value_name = "FORM", requires = "file")]
    date: Option<DateForm>,
    /// Write the report on data quality of the whole workspace as a page to FILE
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    html: Option<PathBuf>,
    /// Print the cleaning report as JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Reads and cleans the workspace in `dir`, or one file, and prints the report.
    ///
    /// # Errors
    ///
    /// As an import would.
    pub fn run(&self, dir: &Path) -> anyhow::Result<()> {
        let started = Instant::now();
        match &self.file {
            None => self.all(dir)?,
            Some(file) => self.one(dir, file)?,
        }
        eprintln!("{}", say::nothing_stored(started.elapsed().as_secs_f64()));
        Ok(())
    }

    fn all(&self, dir: &Path) -> anyhow::Result<()> {
        let workspace = load(dir)?;
        let imported = try_out(&workspace, self.json)?;
        print(&imported.report, self.json)?;
        let (report, page) = quality::report(&workspace, &imported);
        if !self.json {
            write!(std::io::stdout(), "\n{}", report.text())?;
        }
        match &self.html {
            Some(file) => quality::replace(file, &page),
            None => Ok(()),
        }
    }

    fn one(&self, dir: &Path, file: &str) -> anyhow::Result<()> {
        let workspace = dir.join(DESCRIPTION).is_file().then(|| load(dir)).transpose()?;
        let request = CheckRequest {
            file: file.to_owned(),
            profile: self.profile.clone(),
            date: self.date,
            today: today(),
        };
        let progress = Progress::new(self.json);
        let checked = check_file(&request, workspace.as_ref(), &scratch(), &progress)?;
        progress.finish();
        match checked {
            Checked::Incidents(report) => print(&report, self.json),
            Checked::Other(said) => {
                let mut out = std::io::stdout().lock();
                if self.json {
                    let other =
                        serde_json::json!({ "file": file, "incidents": false, "could_be": said });
                    writeln!(out, "{other:#}")?;
                } else {
                    writeln!(out, "{}", say::no_incidents(file))?;
                    said.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
                }
                Ok(())
            }
        }
    }
}

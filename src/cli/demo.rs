//! `wardheat demo`: a fictional borough, written as files and put through the ordinary commands.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::demo::{self, DEFAULT_SEED, Written};
use crate::layer::words::thousands;

use super::english as say;

/// Write a fictional borough, import and score it, and show it in the browser
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Folder to write into; files of the same names are replaced
    #[arg(default_value = "wardheat-demo", value_name = "DIR")]
    folder: PathBuf,
    /// Which borough: each seed gives another, and always the same one
    #[arg(long, default_value_t = DEFAULT_SEED, value_name = "N")]
    seed: u64,
    /// Stop before serving
    #[arg(long)]
    no_serve: bool,
    /// Port to serve on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
}

impl Demo {
    /// Writes the files, then runs the commands that a user would run on them.
    pub(super) fn run(
        &self,
        ordinary: impl Fn(&[String]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.write()?;
        let folder = self.folder.display().to_string();
        let file = |name: &str| self.folder.join(name).display().to_string();
        let command = |words: &[&str]| {
            let mut all = vec!["wardheat".to_owned(), "--workspace".to_owned(), folder.clone()];
            all.extend(words.iter().map(|&word| word.to_owned()));
            eprintln!("\n$ {}", all.join(" "));
            ordinary(&all)
        };
        command(&[
            "init",
            "--fictional",
            "--force",
            "--areas",
            &file("wards.geojson"),
            &file("lsoa.geojson"),
            "--population",
            &file("population.csv"),
            "--incidents",
            &file("police_crime_*.csv"),
            &file("police_asb.csv"),
            &file("council_asb.csv"),
            &file("fire_irs.csv"),
            &file("ambulance.csv"),
            "--streets",
            &file("streets.geojson"),
            "--snap-points",
            &file("snap_points.csv"),
            "--venues",
            &file("venues.csv"),
            "--meetings",
            &file("meetings.csv"),
            "--context",
            &file("community_priorities.csv"),
        ])?;
        command(&["import"])?;
        command(&["analyse"])?;
        if self.no_serve {
            return Ok(());
        }
        command(&["serve", "--port", &self.port.to_string()])
    }

    /// Writes the borough's files and says what they hold.
    fn write(&self) -> anyhow::Result<Written> {
        let written = demo::write(&self.folder, self.seed)
            .with_context(|| format!("writing the demo into {}", self.folder.display()))?;
        let mut out = std::io::stderr().lock();
        writeln!(out, "{}", say::fennmouth(written.files.len(), self.folder.display()))?;
        for file in written.files.iter().filter(|file| file.rows > 0) {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            let rows = thousands(file.rows as i64);
            writeln!(out, "  {name:<24} {}", say::rows(format_args!("{rows:>8}")))?;
        }
        Ok(written)
    }
}

//! `wardheat publish`: a static site for one audience.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;

use crate::audience::Audience;
use crate::hint::Hint;
use crate::pipeline::{DATA_PAGE, LISTING, SCRIPT, SiteFile, disclosed, publish};
use crate::report::page;
use crate::server::site_files;

use super::english as say;
use super::request::Choice;
use super::{editions, open, quality};

/// Write a site of plain files: map, tables, layers and tiles, for any file host
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// Folder to write; one that was published before is replaced
    dir: PathBuf,
    /// For whom: public, partner or analyst
    #[arg(long = "for", value_name = "AUDIENCE", default_value = "public")]
    audience: Audience,
    /// Tell of months otherwise than they were told before, by a site or a store: whoever kept that can
    /// subtract the two
    #[arg(long)]
    corrected: bool,
    #[command(flatten)]
    choice: Choice,
}

impl Publish {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let doing = || format!("publishing to {}", self.dir.display());
        let is_empty = |dir: &Path| dir.read_dir().is_ok_and(|mut files| files.next().is_none());
        if self.dir.exists() && !self.dir.join(LISTING).is_file() && !is_empty(&self.dir) {
            return Err(anyhow!("the folder holds something else than a site")
                .context(Hint("name a new folder".to_owned()))
                .context(doing()));
        }
        let data = open::dataset(workspace)?;
        let made = disclosed(&data, self.audience).with_context(doing)?;
        let data = made.as_ref().unwrap_or(&data);
        let editions = editions::held(workspace)?;
        let is_told = data.provenance.disclosure.is_some();
        if is_told && !self.corrected {
            editions::weigh(&editions, self.audience, data).with_context(doing)?;
        }
        let mut more: Vec<SiteFile> =
            site_files().into_iter().map(|(name, bytes)| SiteFile { name, bytes }).collect();
        if self.audience == Audience::Analyst
            && let Some(report) = quality::last(workspace)
        {
            let wards = data.layers.iter().find(|layer| layer.kind == "ward");
            let page = page(&report, wards).into_bytes();
            more.push(SiteFile { name: DATA_PAGE.to_owned(), bytes: page });
        }
        let files =
            publish(&self.choice.request(), data, self.audience, more).with_context(doing)?;
        if !files.iter().any(|file| file.name == SCRIPT) {
            eprintln!("{}", say::NO_LIVE_MAP);
        }
        let beside = |ending: &str| {
            let mut name = self.dir.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let (new, old) = (beside(".new"), beside(".old"));
        for left in [&new, &old] {
            if left.exists() {
                std::fs::remove_dir_all(left).with_context(doing)?;
            }
        }
        if is_told {
            editions::keep(workspace, editions, self.audience, data)?;
        }
        std::fs::create_dir_all(&new).with_context(doing)?;
        let mut bytes = 0;
        for file in &files {
            bytes += file.bytes.len();
            std::fs::write(new.join(&file.name), &file.bytes).with_context(doing)?;
        }
        if self.dir.exists() {
            std::fs::rename(&self.dir, &old).with_context(doing)?;
        }
        std::fs::rename(&new, &self.dir).with_context(doing)?;
        if old.exists() {
            std::fs::remove_dir_all(&old).with_context(doing)?;
        }
        eprintln!("{}", say::published(files.len(), bytes, self.audience, self.dir.display()));
        Ok(())
    }
}

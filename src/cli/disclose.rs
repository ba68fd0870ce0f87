//! `wardheat store disclose`: a store for those who may not know everything.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;

use crate::audience::{Audience, Rule};
use crate::hint::Hint;
use crate::layer::words::thousands;
use crate::pipeline::disclose;
use crate::quantity::Metres;
use crate::store;
use crate::workspace::DESCRIPTION;

use super::english::{self as say, told};
use super::{editions, open};

/// For whom, and what is told.
#[derive(Debug, Args)]
pub(super) struct Disclose {
    /// For whom: public or partner
    #[arg(long = "for", value_name = "AUDIENCE")]
    audience: Audience,
    /// Folder to make; what it holds is a workspace that can be served
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Side of the cells that positions are moved to, in metres [public: 250, partner: 100]
    #[arg(long, value_name = "METRES")]
    cell: Option<f64>,
    /// Fewest records told of in a cell, and the step of its counts [public: 5, partner: 1]
    #[arg(long, value_name = "N")]
    least: Option<u64>,
    /// Fewest entries of the layer of snap points in a cell that is told of: set 8 where that layer
    /// lists addresses [1]
    #[arg(long, value_name = "N")]
    addresses: Option<u64>,
    /// Months of a period; windows are whole periods [public: 3, partner: 1]
    #[arg(long, value_name = "MONTHS")]
    period: Option<u8>,
    /// Source whose records are told by ward alone, such as complaints made from home; may be
    /// repeated
    #[arg(long, value_name = "SOURCE")]
    ward_only: Vec<String>,
    /// Tell of months otherwise than they were told before, by a store or a site: whoever kept that can
    /// subtract the two
    #[arg(long)]
    corrected: bool,
}

impl Disclose {
    fn rule(&self, known: &[&str]) -> anyhow::Result<Rule> {
        let rule = Rule::of(self.audience).ok_or_else(|| {
            anyhow!("analysts work on the workspace's own store")
                .context(Hint("name whom it is made for: --for public or --for partner".into()))
        })?;
        if let Some(unknown) = self.ward_only.iter().find(|s| !known.contains(&s.as_str())) {
            anyhow::bail!("there is no source `{unknown}` (there are: {})", known.join(", "));
        }
        Ok(Rule {
            cell: self.cell.map_or(rule.cell, Metres::new),
            least: self.least.unwrap_or(rule.least),
            addresses: self.addresses.unwrap_or(rule.addresses),
            period: self.period.unwrap_or(rule.period),
            ward_only: self.ward_only.clone(),
            ..rule
        })
    }

    pub(super) fn run(&self, workspace: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
        let data = open::dataset(workspace)?;
        let incidents = &data.incidents;
        let mut known: Vec<&str> = (0..incidents.len()).map(|i| incidents.source(i)).collect();
        known.sort_unstable();
        known.dedup();
        let made = disclose(&data, &self.rule(&known)?)?;
        let folder = self.out.join("store");
        let is_workspace = self.out.join(DESCRIPTION).exists() || folder.exists();
        if is_workspace && !matches!(store::disclosure(&folder), Ok(Some(_))) {
            return Err(anyhow!("{} is a workspace of its own", self.out.display())
                .context(Hint("name another folder: --out DIR".into())));
        }
        let mut editions = editions::held(workspace)?;
        if is_workspace && !editions.has(self.audience) {
            let before = store::open(&folder).context("opening the store that was made before")?;
            editions.add(self.audience, &before);
        }
        if !self.corrected {
            editions::weigh(&editions, self.audience, &made)?;
        }
        editions::keep(workspace, editions, self.audience, &made)?;
        let description = open::description_of(workspace, &data.name)?;
        std::fs::create_dir_all(&self.out)
            .and_then(|()| std::fs::write(self.out.join(DESCRIPTION), description))
            .with_context(|| format!("writing {}", self.out.display()))?;
        let version = store::write(&folder, &made).context("writing the store")?;
        let Some(disclosure) = &made.provenance.disclosure else { return Ok(()) };
        let records = &disclosure.records;
        let line = |out: &mut dyn Write, n: u64, what: &str| {
            writeln!(out, "{:>12} {what}", thousands(n as i64))
        };
        writeln!(out, "{}", say::disclosed(&made.name, self.audience, &version))?;
        line(out, records.read, told::READ)?;
        line(out, records.in_cells, told::IN_CELLS)?;
        line(out, records.too_few, told::TOO_FEW)?;
        line(out, records.by_rule, told::BY_RULE)?;
        line(out, records.no_position, told::NO_POSITION)?;
        line(out, records.whole_area, told::WHOLE_AREA)?;
        line(out, records.outside_periods, told::OUTSIDE_PERIODS)?;
        line(out, records.left_out, told::LEFT_OUT)?;
        if records.in_cells < records.too_few {
            eprintln!("{}", told::HINT);
        }
        eprintln!("{}", say::serve_it(self.out.display(), self.audience));
        Ok(())
    }
}

//! `wardheat backtest`: which way of mapping would have told best where later incidents were.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::incident::CrimeTypes;
use crate::pipeline::{BacktestRequest, backtest};
use crate::quantity::Metres;
use crate::time::WindowSpec;

use super::english as say;
use super::open;
use super::output::{json_text, tables_text, write_found};
use super::watched::watched;

/// Rows of the longer table that are printed; files hold all.
const ROWS_PRINTED: usize = 40;

/// Rank ways of mapping by how well they tell later months
#[derive(Debug, Args)]
pub(super) struct BacktestCommand {
    /// Crime types, each on its own; every type with enough incidents if not given
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<CrimeTypes>,
    /// Months used: all, 2018-01..2020-12, ...
    #[arg(long, value_name = "WINDOW", default_value_t = BacktestRequest::default().window)]
    window: WindowSpec,
    /// Only incidents of this source of the workspace
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Sides of the cells, in metres [default: 250]
    #[arg(long, value_name = "METRES", value_delimiter = ',')]
    cells: Vec<f64>,
    /// Bandwidths of the densities, in metres [default: 200,300,500,800]
    #[arg(long, value_name = "METRES", value_delimiter = ',')]
    bandwidths: Vec<f64>,
    /// Months that maps are made from [default: 3,6,12,24]
    #[arg(long, value_name = "MONTHS", value_delimiter = ',')]
    history: Vec<usize>,
    /// Months that maps are judged on
    #[arg(long, value_name = "MONTHS", default_value_t = BacktestRequest::default().ahead)]
    ahead: usize,
    /// Cuts at most, the latest ones
    #[arg(long, value_name = "N", default_value_t = BacktestRequest::default().cuts)]
    cuts: usize,
    /// Shares of the land looked at [default: 0.01,0.02,0.05,0.1]
    #[arg(long, value_name = "SHARES", value_delimiter = ',')]
    coverages: Vec<f64>,
    /// Share of the land that methods are ranked at
    #[arg(long, value_name = "SHARE", default_value_t = BacktestRequest::default().rank_at)]
    rank_at: f64,
    /// Write every method and setting to this file: .csv or .json
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

impl BacktestCommand {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let data = open::dataset(workspace)?;
        let request = self.request();
        let found = watched(say::BACK_TEST, |watch| backtest(&request, &data, watch))?;
        if let Some(path) = &self.out {
            write_found(path, say::A_BACK_TEST, &found, &found.results)?;
        }
        let mut out = std::io::stdout().lock();
        if self.json {
            out.write_all(&json_text(&found)?)?;
        } else {
            let mut shown = vec![(&found.best, usize::MAX)];
            if found.best.rows.len() <= 1 {
                shown.push((&found.results, ROWS_PRINTED));
            }
            shown.push((&found.stability, usize::MAX));
            writeln!(out, "{}", tables_text(&shown))?;
        }
        for note in &found.notes {
            eprintln!("{note}");
        }
        Ok(())
    }

    fn request(&self) -> BacktestRequest {
        let default = BacktestRequest::default();
        let metres = |given: &[f64], default: Vec<Metres>| {
            if given.is_empty() {
                default
            } else {
                given.iter().copied().map(Metres::new).collect()
            }
        };
        let or = |given: &[f64], default: Vec<f64>| {
            if given.is_empty() { default } else { given.to_vec() }
        };
        BacktestRequest {
            types: self.types.clone(),
            window: self.window,
            source: self.source.clone(),
            cells: metres(&self.cells, default.cells),
            bandwidths: metres(&self.bandwidths, default.bandwidths),
            history: if self.history.is_empty() { default.history } else { self.history.clone() },
            ahead: self.ahead,
            cuts: self.cuts,
            coverages: or(&self.coverages, default.coverages),
            rank_at: self.rank_at,
            alpha: default.alpha,
        }
    }
}

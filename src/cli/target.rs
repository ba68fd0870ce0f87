//! `wardheat target`: the fewest places that hold half the incidents.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::pipeline::{TargetRequest, target};
use crate::quantity::Metres;
use crate::workspace::Crs;

use super::english as say;
use super::open;
use super::output::table_text;
use super::request::Choice;
use super::score::{as_json, write};

/// Columns of a place on a terminal; files have all.
const SHORT: [&str; 9] = [
    "number",
    "name",
    "ward",
    "count",
    "cumulative_share",
    "months_active",
    "persistence",
    "timed",
    "peak",
];

/// Find the fewest patrol- or visit-sized places that hold half the incidents
#[derive(Debug, Args)]
pub(super) struct Target {
    #[command(flatten)]
    choice: Choice,
    /// How far a place reaches across, in metres
    #[arg(long, value_name = "METRES", default_value_t = TargetRequest::default().size.get())]
    size: f64,
    /// Share of the incidents that the places hold together
    #[arg(long, value_name = "SHARE", default_value_t = TargetRequest::default().share)]
    share: f64,
    /// Months that the choice is judged on, apart from those it is made from
    #[arg(long, value_name = "MONTHS", default_value_t = TargetRequest::default().ahead)]
    ahead: usize,
    /// Seed of the benchmark of chance and of the search
    #[arg(long, value_name = "N", default_value_t = TargetRequest::default().seed)]
    seed: u64,
    /// File to write to: .geojson, .gpkg, .parquet, .csv or .json
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Coordinate system to write places in; the format's own where absent (GeoJSON: EPSG:4326)
    #[arg(long, value_name = "EPSG:N")]
    out_crs: Option<Crs>,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

impl Target {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let data = open::dataset(workspace)?;
        let choice = self.choice.request();
        let request = TargetRequest {
            types: choice.crime_types,
            window: choice.window,
            source: choice.source,
            size: Metres::new(self.size),
            share: self.share,
            ahead: self.ahead,
            seed: self.seed,
        };
        let found = target(&request, &data)?;
        if let Some(path) = &self.out {
            for file in write(&found, self.out_crs, path)? {
                eprintln!("{}", say::wrote(file.display()));
            }
        }
        let mut out = std::io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut out, &as_json(&found))
                .map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            for layer in &found.layers {
                let table = layer.table();
                writeln!(out, "{}\n{}", table.title, table_text(&table, &SHORT, usize::MAX))?;
            }
            for table in &found.tables {
                let columns: Vec<&str> = table.columns.iter().map(|column| column.id).collect();
                writeln!(out, "{}\n{}", table.title, table_text(table, &columns, usize::MAX))?;
            }
            for (what, how) in &found.how_made.methods {
                writeln!(out, "{}.", say::method(what, how))?;
            }
        }
        for note in &found.notes {
            eprintln!("{note}");
        }
        Ok(())
    }
}

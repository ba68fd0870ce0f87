//! `wardheat analyse STATISTIC`: one statistic, on the workspace or on any file of places.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{ArgMatches, Args as _, Command, FromArgMatches, Subcommand};

use crate::export::{About, WRITERS, write_table, writer};
use crate::hint::Hint;
use crate::layer::Scored;
use crate::pipeline::{PlacesFile, UnitChoice, find_statistic, score_file, score_workspace};
use crate::read::ValueSpec;
use crate::stats::{AnyStatistic, STATISTICS};
use crate::time::WindowSpec;
use crate::workspace::Crs;

use super::open;
use super::options::{given, with_options};
use super::output::table_text;
use super::request::Choice;

/// Rows printed where nothing is written to a file.
const ROWS_PRINTED: usize = 40;

/// What a statistic is run on, and where its scores go.
#[derive(Debug, Clone, clap::Args)]
struct On {
    /// File of areas or points, in any format that is read; the workspace's incidents if not given
    file: Option<PathBuf>,
    /// Column of each place's figure; each place counts once if not given
    #[arg(long, value_name = "COLUMN", help_heading = "A file of places")]
    value: Option<String>,
    /// Column of each place's code; its row number if not given
    #[arg(long, value_name = "COLUMN", help_heading = "A file of places")]
    id: Option<String>,
    /// Column of what rates are taken over
    #[arg(long, value_name = "COLUMN", help_heading = "A file of places")]
    population: Option<String>,
    /// Column of the easting or longitude, for files without geometry
    #[arg(long, value_name = "COLUMN", requires = "y", help_heading = "A file of places")]
    x: Option<String>,
    /// Column of the northing or latitude
    #[arg(long, value_name = "COLUMN", requires = "x", help_heading = "A file of places")]
    y: Option<String>,
    /// Coordinate system, where the file states none
    #[arg(long, value_name = "CRS", help_heading = "A file of places")]
    crs: Option<Crs>,
    /// File of outlines that bound what is studied; the points' convex hull if not given
    #[arg(long, value_name = "FILE", help_heading = "A file of places")]
    study_area: Option<PathBuf>,
    /// Units to count in: ward, lsoa, or square and the side of a cell in metres
    #[arg(long, value_name = "KIND[:SIDE]", default_value = "square:250")]
    units: UnitChoice,
    #[command(flatten)]
    choice: Choice,
    /// File to write to; its extension says the format (see wardheat list)
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the scores as JSON
    #[arg(long)]
    json: bool,
}

/// One statistic with its options and what it is run on.
#[derive(Debug, Clone)]
pub(super) struct Score {
    id: &'static str,
    options: serde_json::Value,
    on: On,
}

impl Subcommand for Score {
    fn augment_subcommands(command: Command) -> Command {
        STATISTICS
            .iter()
            .fold(command, |command, statistic| command.subcommand(describe(*statistic)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        STATISTICS.iter().any(|statistic| statistic.id() == name)
    }
}

fn describe(statistic: &'static dyn AnyStatistic) -> Command {
    let command = On::augment_args(Command::new(statistic.id()));
    with_options(command, statistic).about(statistic.label()).long_about(None)
}

impl FromArgMatches for Score {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let wrong = |kind, text: String| clap::Error::raw(kind, text + "\n");
        let (name, flags) = matches.subcommand().ok_or_else(|| {
            wrong(clap::error::ErrorKind::MissingSubcommand, "name a statistic".to_owned())
        })?;
        let invalid = clap::error::ErrorKind::ValueValidation;
        let statistic =
            find_statistic(name).map_err(|e| wrong(invalid, e.root_cause().to_string()))?;
        let options =
            given(statistic, flags).map_err(|e| wrong(invalid, e.root_cause().to_string()))?;
        Ok(Self { id: statistic.id(), options, on: On::from_arg_matches(flags)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Score {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let statistic = find_statistic(self.id)?;
        let scored = match &self.on.file {
            None => {
                let data = open::dataset(workspace)?;
                let request = self.on.choice.request();
                score_workspace(statistic, &self.options, &self.on.units, &request, &data)?
            }
            Some(path) => score_file(statistic, &self.options, &self.places(path))
                .with_context(|| format!("scoring {}", path.display()))?,
        };
        if let Some(path) = &self.on.out {
            write(&scored, path)?;
            eprintln!("wrote {}", path.display());
        }
        let mut out = std::io::stdout().lock();
        if self.on.json {
            serde_json::to_writer_pretty(&mut out, &as_json(&scored))
                .map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else if self.on.out.is_none() {
            write!(out, "{}", in_words(&scored))?;
        }
        for note in &scored.notes {
            eprintln!("{note}");
        }
        Ok(())
    }

    fn places(&self, path: &Path) -> PlacesFile {
        let on = &self.on;
        let window = match on.choice.window {
            WindowSpec::Months(window) => Some(window),
            _ => None,
        };
        PlacesFile {
            path: path.to_owned(),
            spec: ValueSpec {
                id: on.id.clone(),
                value: on.value.clone(),
                population: on.population.clone(),
                position: on.x.clone().zip(on.y.clone()),
                crs: on.crs,
            },
            study_area: on.study_area.clone(),
            window,
            units: on.units.clone(),
        }
    }
}

fn write(scored: &Scored, path: &Path) -> anyhow::Result<()> {
    let doing = || format!("writing {}", path.display());
    let extension =
        path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let about = About { how_made: &scored.how_made, notes: &scored.notes };
    let mut bytes = Vec::new();
    let none = |what: &str, known: String| {
        anyhow!("{what} cannot be written as `.{extension}`")
            .context(Hint(format!("use one of these extensions: {known}")))
            .context(doing())
    };
    if let Some(layer) = &scored.layer {
        let writer = writer(&extension).ok_or_else(|| {
            let known: Vec<&str> = WRITERS.iter().map(|writer| writer.id()).collect();
            none("places", known.join(", "))
        })?;
        writer.write(layer, about, &mut bytes)?;
    } else if let Some(table) = &scored.table {
        match extension.as_str() {
            "csv" => write_table(table, &mut bytes)?,
            "json" => {
                serde_json::to_writer_pretty(&mut bytes, &as_json(scored))?;
                bytes.push(b'\n');
            }
            _ => return Err(none("a table", "csv, json".to_owned())),
        }
    } else if extension == "json" {
        serde_json::to_writer(&mut bytes, &as_json(scored))?;
        bytes.push(b'\n');
    } else {
        return Err(none("a surface", "json".to_owned()));
    }
    std::fs::write(path, bytes).with_context(doing)
}

fn as_json(scored: &Scored) -> serde_json::Value {
    let surface = scored.surface.as_ref().map(|(surface, unit)| {
        serde_json::json!({
            "unit": unit,
            "crs": "EPSG:27700",
            "origin": [surface.origin.easting(), surface.origin.northing()],
            "cell_m": surface.cell.get(),
            "columns": surface.n_columns,
            "rows": surface.n_rows,
            "values": surface.values,
        })
    });
    serde_json::json!({
        "how_made": scored.how_made,
        "notes": scored.notes,
        "scores": scored.layer.as_ref().map(crate::layer::Layer::table),
        "table": scored.table,
        "surface": surface,
    })
}

fn in_words(scored: &Scored) -> String {
    let mut text = String::new();
    let table = scored.layer.as_ref().map(crate::layer::Layer::table);
    if let Some(table) = table.as_ref().or(scored.table.as_ref()) {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.id).collect();
        text += &table_text(table, &columns, ROWS_PRINTED);
    }
    if let Some((surface, unit)) = &scored.surface {
        let most = surface.values.iter().copied().fold(0.0, f64::max);
        let _ = writeln!(
            text,
            "a surface of {} by {} cells of {}, highest {most:.1} {unit}; write it with -o",
            surface.n_columns, surface.n_rows, surface.cell
        );
    }
    for (what, how) in &scored.how_made.methods {
        let _ = writeln!(text, "\n{what}: {how}");
    }
    text
}

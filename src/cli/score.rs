//! `wardheat analyse STATISTIC`: one statistic, on the workspace or on any file of places.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{ArgMatches, Args as _, Command, FromArgMatches, Subcommand};

use crate::crs::{Plane, work_on, working};
use crate::export::{About, SURFACE_WRITERS, WRITERS, surface_writer, write_table, writer};
use crate::hint::Hint;
use crate::layer::{Layer, Scored};
use crate::pipeline::{
    AnalysisRequest, PlacesFile, ScoreRequest, UnitChoice, find_statistic, read_weights,
    score_file, score_workspace,
};
use crate::read::ValueSpec;
use crate::stats::{AnyStatistic, STATISTICS, SurfaceScores};
use crate::time::WindowSpec;
use crate::workspace::Crs;

use super::english as say;
use super::found::found_text;
use super::open;
use super::options::{given, with_options};
use super::request::{Choice, HoursFlags};
use super::watched::watched;

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
    /// Column of each row's category, such as its offence code
    #[arg(long, value_name = "COLUMN", help_heading = "A file of places")]
    category: Option<String>,
    /// Column of the easting or longitude, for files without geometry
    #[arg(long, value_name = "COLUMN", requires = "y", help_heading = "A file of places")]
    x: Option<String>,
    /// Column of the northing or latitude
    #[arg(long, value_name = "COLUMN", requires = "x", help_heading = "A file of places")]
    y: Option<String>,
    /// Column of when each happened (2025-03-31 14:05); counts are then by month
    #[arg(long, value_name = "COLUMN", help_heading = "A file of places")]
    time: Option<String>,
    /// Column of the end of the time it may have happened in
    #[arg(long, value_name = "COLUMN", requires = "time", help_heading = "A file of places")]
    time_to: Option<String>,
    /// File of a second set of points, its columns named alike, to compare with
    #[arg(long, value_name = "FILE", help_heading = "A file of places")]
    against: Option<PathBuf>,
    /// Coordinate system, where the file states none
    #[arg(long, value_name = "CRS", help_heading = "A file of places")]
    crs: Option<Crs>,
    /// Plane in metres to work on, for places outside Great Britain, such as EPSG:32618
    #[arg(long, value_name = "EPSG:N", requires = "file", help_heading = "A file of places")]
    plane: Option<Crs>,
    /// File of outlines that bound what is studied; the points' convex hull if not given
    #[arg(long, value_name = "FILE", help_heading = "A file of places")]
    study_area: Option<PathBuf>,
    /// Units to count in: ward, lsoa, or square and the side of a cell in metres
    #[arg(long, value_name = "KIND[:SIDE]")]
    units: Option<UnitChoice>,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    hours: HoursFlags,
    /// File to write to; its extension says the format (see wardheat list)
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Coordinate system to write places in; the format's own where absent (GeoJSON: EPSG:4326)
    #[arg(long, value_name = "EPSG:N")]
    out_crs: Option<Crs>,
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
    let command = On::augment_args(Command::new(statistic.id())).mut_arg("units", |units| {
        let what = units.get_help().map(ToString::to_string).unwrap_or_default();
        let of_files = UnitChoice::default();
        let default = match statistic.units().parse::<UnitChoice>() {
            Ok(choice) if choice == of_files => of_files.to_string(),
            _ => say::default_units(statistic.units(), of_files),
        };
        units.help(say::option(&what, &say::default(default)))
    });
    with_options(command, statistic).about(statistic.label()).long_about(statistic.about())
}

impl FromArgMatches for Score {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let wrong = |kind, text: String| clap::Error::raw(kind, text + "\n");
        let (name, flags) = matches.subcommand().ok_or_else(|| {
            wrong(clap::error::ErrorKind::MissingSubcommand, say::NAME_A_STATISTIC.to_owned())
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
        if let Some(plane) = self.on.plane {
            work_on(Plane::new(&plane.to_string())?)?;
        }
        let weights = read_weights(&self.options)?;
        let weights = weights.as_ref();
        let scored = match &self.on.file {
            None => {
                let hours = self.on.hours.hours()?;
                let on = AnalysisRequest { hours, ..self.on.choice.request() };
                let (options, units) = (self.options.clone(), self.on.units.clone());
                let asked = ScoreRequest::new(statistic, options, units, on)?;
                let data = open::dataset(workspace)?;
                watched(self.id, |watch| score_workspace(&asked, &data, weights, watch))?
            }
            Some(path) => watched(self.id, |watch| {
                score_file(statistic, &self.options, &self.places(path), weights, watch)
                    .with_context(|| format!("scoring {}", path.display()))
            })?,
        };
        if let Some(path) = &self.on.out {
            for written in write(&scored, self.on.out_crs, path)? {
                eprintln!("{}", say::wrote(written.display()));
            }
        }
        let mut out = std::io::stdout().lock();
        if self.on.json {
            serde_json::to_writer_pretty(&mut out, &as_json(&scored))
                .map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else if self.on.out.is_none() {
            write!(out, "{}", found_text(&scored))?;
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
                category: on.category.clone(),
                position: on.x.clone().zip(on.y.clone()),
                times: on.time.clone().map(|from| (from, on.time_to.clone())),
                crs: on.crs,
            },
            study_area: on.study_area.clone(),
            window,
            units: on.units.clone().unwrap_or_default(),
            against: on.against.clone(),
        }
    }
}

/// Writes what was found: the first layer, surface or table that the extension suits goes to `path`,
/// every other one beside it under its own name. Gives the files written.
pub(super) fn write(
    scored: &Scored,
    crs: Option<Crs>,
    path: &Path,
) -> anyhow::Result<Vec<PathBuf>> {
    let extension =
        path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if extension == "json" {
        let mut bytes = serde_json::to_vec_pretty(&as_json(scored))?;
        bytes.push(b'\n');
        put(path, &bytes)?;
        return Ok(vec![path.to_owned()]);
    }
    let about = About { how_made: &scored.how_made, notes: &scored.notes, crs };
    let mut files: Vec<(&str, String, Vec<u8>)> = Vec::new();
    for layer in &scored.layers {
        let writer = writer(&extension).or_else(|| writer("geojson")).context("a known format")?;
        let mut bytes = Vec::new();
        writer.write(layer, about, &mut bytes)?;
        files.push((layer.id, writer.id().to_owned(), bytes));
    }
    for surface in &scored.surfaces {
        let writer = surface_writer(&extension).unwrap_or(SURFACE_WRITERS[0]);
        let mut bytes = Vec::new();
        writer.write(surface, about, &mut bytes)?;
        files.push((surface.id, writer.id().to_owned(), bytes));
    }
    for table in &scored.tables {
        let mut bytes = Vec::new();
        write_table(table, &mut bytes)?;
        files.push((&table.id, "csv".to_owned(), bytes));
    }
    let Some(main) = files.iter().position(|(_, written, _)| *written == extension) else {
        let could: std::collections::BTreeSet<String> = files
            .iter()
            .flat_map(|(_, written, _)| match written.as_str() {
                "csv" => vec!["csv".to_owned()],
                "tif" => SURFACE_WRITERS.iter().map(|writer| writer.id().to_owned()).collect(),
                _ => WRITERS.iter().map(|writer| writer.id().to_owned()).collect(),
            })
            .chain(["json".to_owned()])
            .collect();
        let known: Vec<String> = could.into_iter().collect();
        return Err(anyhow!("what was found cannot be written as `.{extension}`")
            .context(Hint(format!("use one of these extensions: {}", known.join(", "))))
            .context(format!("writing {}", path.display())));
    };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut written = Vec::new();
    for (i, (id, extension, bytes)) in files.iter().enumerate() {
        let file = if i == main {
            path.to_owned()
        } else {
            path.with_file_name(format!("{stem}-{id}.{extension}"))
        };
        put(&file, bytes)?;
        written.push(file);
    }
    written.sort_by_key(|file| file != path);
    Ok(written)
}

fn put(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

pub(super) fn as_json(scored: &Scored) -> serde_json::Value {
    let surface = |found: &SurfaceScores| {
        let surface = &found.surface;
        let defined = |i: usize| found.defined.as_ref().is_none_or(|defined| defined[i]);
        let values: Vec<Option<f64>> =
            surface.values.iter().enumerate().map(|(i, v)| defined(i).then_some(*v)).collect();
        serde_json::json!({
            "id": found.id,
            "unit": found.unit,
            "crs": working().definition(),
            "origin": [surface.origin.easting(), surface.origin.northing()],
            "cell_m": surface.cell.get(),
            "columns": surface.n_columns,
            "rows": surface.n_rows,
            "values": values,
        })
    };
    serde_json::json!({
        "how_made": scored.how_made,
        "notes": scored.notes,
        "layers": scored.layers.iter().map(Layer::table).collect::<Vec<_>>(),
        "tables": scored.tables,
        "surfaces": scored.surfaces.iter().map(surface).collect::<Vec<_>>(),
    })
}

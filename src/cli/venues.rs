//! `wardheat venues`: where and when to meet the public, and why.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::export::{meetings_geojson, meetings_ics, write_table};
use crate::hint::Hint;
use crate::pipeline::{
    MeetingsPlan, MeetingsRequest, Model, Prepared, lsoa_need, meetings_ground, plan_meetings_on,
};
use crate::quantity::Metres;
use crate::report::chair_page;
use crate::store::Dataset;
use crate::time::WindowSpec;
use crate::workspace::Workspace;

use super::english as say;
use super::open;
use super::output::table_text;

/// Columns of the shortlist on a terminal; files have all.
const SHORT: [&str; 6] = ["day", "venue", "wards", "join", "residents_in_walk", "venue_id"];
/// Columns of need on a terminal.
const NEED: [&str; 14] = [
    "name",
    "crime",
    "crime_rate",
    "crime_rank",
    "crime_low",
    "crime_high",
    "asb",
    "asb_rate",
    "asb_rank",
    "asb_low",
    "asb_high",
    "town_centre",
    "served",
    "visited",
];

/// Choose halls and days to meet the public, by need and reach, with reasons
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(super) struct Venues {
    /// Months that need is counted in (see wardheat analyse)
    #[arg(long, value_name = "WINDOW", default_value_t)]
    window: WindowSpec,
    /// Meetings in the year; [planning] of wardheat.toml if not given
    #[arg(long, value_name = "N")]
    k: Option<usize>,
    /// How far people are expected to walk, in metres; [planning] of wardheat.toml if not given
    #[arg(long, value_name = "METRES")]
    walk: Option<f64>,
    /// First day of the year to plan; the month after the window if not given
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Halls that must be used, by id or name
    #[arg(long, value_name = "HALL")]
    lock: Vec<String>,
    /// Halls that must not be used, by id or name
    #[arg(long, value_name = "HALL")]
    exclude: Vec<String>,
    /// What halls are chosen for: most residents within the walk, or the shortest walks on average
    #[arg(long, value_enum, default_value_t)]
    model: ModelFlag,
    /// What halls may cost together, in pounds; [planning] of wardheat.toml if not given
    #[arg(long, value_name = "POUNDS")]
    budget: Option<f64>,
    /// How many of the first wards of higher need must have a hall; all of them if not given
    #[arg(long, value_name = "N")]
    top_wards: Option<usize>,
    /// Months after which a ward counts as not visited; [planning] of wardheat.toml if not given
    #[arg(long, value_name = "MONTHS")]
    revisit: Option<u32>,
    /// Per cent of the demand that wards not visited, meetings to join, transport and halls not used
    /// may outweigh, 0 to 10; [planning] of wardheat.toml if not given
    #[arg(long, value_name = "PERCENT")]
    spread: Option<f64>,
    /// File of walking distances in place of straight lines, with the columns `point`,
    /// `venue_id` and `metres`; [planning] of wardheat.toml if not given
    #[arg(long, value_name = "FILE")]
    distances: Option<PathBuf>,
    /// Straight lines, though [planning] names a file of walking distances
    #[arg(long, conflicts_with = "distances")]
    straight: bool,
    /// Work for up to half a minute on a choice that is not proven best in about a second
    #[arg(long)]
    thorough: bool,
    /// Write the demand points to this CSV file, for a program that works out walking distances
    #[arg(long, value_name = "FILE")]
    points: Option<PathBuf>,
    /// Print the need of every LSOA too
    #[arg(long, conflicts_with = "json")]
    lsoa: bool,
    /// Seed of the rank intervals and of the search
    #[arg(long, value_name = "N", default_value_t = MeetingsRequest::default().seed)]
    seed: u64,
    /// Write the plan to this file: .html (the chair's page), .csv or .json with its reasons, .ics or
    /// .geojson for the public
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

/// [`Model`] as a flag.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ModelFlag {
    /// Most residents within the walk (maximal covering)
    #[default]
    Covering,
    /// The shortest walks on average (p-median)
    Median,
}

impl Venues {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let data = open::dataset(workspace)?;
        let config = Workspace::load(workspace)?.config;
        let request = MeetingsRequest {
            window: self.window,
            meetings: self.k,
            walk: self.walk.map(Metres::new),
            from: self.from,
            budget: self.budget,
            top_wards: self.top_wards,
            revisit_months: self.revisit,
            points_share: self.spread.map(|per_cent| per_cent / 100.0),
            straight: self.straight,
            thorough: self.thorough,
            lock: self.lock.clone(),
            exclude: self.exclude.clone(),
            model: match self.model {
                ModelFlag::Covering => Model::Covering,
                ModelFlag::Median => Model::Median,
            },
            seed: self.seed,
        };
        let prepared = Prepared::default();
        let (need, planning) = (&config.need, &config.planning);
        let mut ground = meetings_ground(&request, need, planning, &data, &prepared)?;
        if let Some(path) = &self.points {
            let mut bytes = Vec::new();
            write_table(&ground.points_table(), &mut bytes)?;
            std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))?;
            eprintln!("{}", say::wrote(path.display()));
        }
        let walks = match &self.distances {
            Some(path) => Some(open::walks(path)?),
            None if self.straight => None,
            None => open::own_walks(workspace, planning)?,
        };
        if let Some(walks) = &walks {
            ground.walk_by(walks, &data)?;
        }
        let plan = plan_meetings_on(&ground, &request, need, planning, &data)?;
        if let Some(path) = &self.out {
            write(path, &plan, &data).with_context(|| format!("writing {}", path.display()))?;
            eprintln!("{}", say::wrote(path.display()));
        }
        let mut out = std::io::stdout().lock();
        if self.json {
            out.write_all(&plan.json(&data)?)?;
        } else {
            let short = table_text(&plan.shortlist(&data), &SHORT, usize::MAX);
            let heading = say::plan(&data.name, &plan.window.label(), plan.from);
            writeln!(out, "{heading}\n{short}")?;
            for line in plan.words(&data) {
                writeln!(out, "{line}")?;
            }
            writeln!(out)?;
            for (what, how) in &plan.methods {
                writeln!(out, "{}.", say::method(what, how))?;
            }
            let need = plan.need_table();
            writeln!(out, "\n{}\n{}", need.title, table_text(&need, &NEED, usize::MAX))?;
            for table in [plan.curve_table(), plan.bands_table(), plan.tornado_table()] {
                let columns: Vec<&str> = table.columns.iter().map(|column| column.id).collect();
                writeln!(out, "{}\n{}", table.title, table_text(&table, &columns, usize::MAX))?;
            }
        }
        if self.lsoa && !self.json {
            match lsoa_need(&request, &config.need, &data, &prepared)? {
                Some(needs) => {
                    let table = needs.table("need-lsoa", say::NEED_OF_LSOAS);
                    let columns: Vec<&str> = table.columns.iter().map(|c| c.id).collect();
                    writeln!(out, "{}\n{}", table.title, table_text(&table, &columns, usize::MAX))?;
                }
                None => eprintln!("{}", say::NO_LSOAS),
            }
        }
        for note in &plan.notes {
            eprintln!("{note}");
        }
        eprintln!("{}", say::chosen_in(plan.solved_in.as_secs_f64()));
        Ok(())
    }
}

fn write(path: &Path, plan: &MeetingsPlan, data: &Dataset) -> anyhow::Result<()> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let mut bytes = Vec::new();
    match extension.as_deref() {
        Some("csv") => write_table(&plan.shortlist(data), &mut bytes)?,
        Some("json") => bytes = plan.json(data)?,
        Some("ics") => meetings_ics(&plan.events(data), &mut bytes)?,
        Some("html") => bytes = chair_page(&plan.sheet(data)).into_bytes(),
        Some("geojson") => meetings_geojson(&plan.events(data), &mut bytes)?,
        _ => {
            return Err(anyhow!("a plan is written as HTML, CSV, JSON, iCalendar or GeoJSON")
                .context(Hint(
                    "name a file that ends in .html, .csv, .json, .ics or .geojson".to_owned(),
                )));
        }
    }
    Ok(std::fs::write(path, bytes)?)
}

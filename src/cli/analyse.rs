//! `wardheat analyse`: one choice of incidents and months, printed and written to files.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use crate::export::{About, WRITERS, write_table};
use crate::hint::Hint;
use crate::layer::Findings;
use crate::pipeline;
use crate::table::Value;
use crate::workspace::Crs;

use super::english as say;
use super::open;
use super::output::table_text;
use super::request::RequestFlags;
use super::score::Score;

/// Score one choice of incidents and months
#[derive(Debug, Clone, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_value_name = "STATISTIC",
    subcommand_help_heading = "One statistic alone, on the workspace or on any file"
)]
pub(super) struct Analyse {
    #[command(flatten)]
    request: RequestFlags,
    /// Folder to write to; `findings/TYPE_WINDOW` in the workspace unless named
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Coordinate system to write layers in; each format's own where absent (GeoJSON: EPSG:4326)
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<Crs>,
    /// Print how the findings were made and every table as JSON, in place of words
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    score: Option<Box<Score>>,
}

/// Wards printed; the files hold all of them.
const WARDS_PRINTED: usize = 10;

impl Analyse {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        if let Some(score) = &self.score {
            return score.run(workspace);
        }
        let data = open::dataset(workspace)?;
        let findings = pipeline::analyse(&self.request.request()?, &data)?;
        let folder = self.out.clone().unwrap_or_else(|| default_folder(workspace, &findings));
        let files = files(&findings, self.crs)?;
        write(&folder, &files)?;

        let mut out = std::io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut out, &as_json(&findings))
                .map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            write!(out, "{}", summary(&findings))?;
        }
        out.flush()?;
        eprintln!("{}", say::wrote_files(files.len(), folder.display()));
        Ok(())
    }
}

fn default_folder(workspace: &Path, findings: &Findings) -> PathBuf {
    let made = &findings.how_made;
    let window = made.window.replace("..", "_to_");
    workspace.join("findings").join(format!("{}_{window}", made.crime_types))
}

/// Every file of the findings, by name.
fn files(findings: &Findings, crs: Option<Crs>) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let about = About { how_made: &findings.how_made, notes: &findings.notes, crs };
    let mut files = Vec::new();
    for layer in &findings.layers {
        for writer in WRITERS {
            let mut bytes = Vec::new();
            writer.write(layer, about, &mut bytes)?;
            files.push((format!("{}.{}", layer.id, writer.id()), bytes));
        }
    }
    for table in &findings.tables {
        let mut bytes = Vec::new();
        write_table(table, &mut bytes)?;
        files.push((format!("{}.csv", table.id), bytes));
    }
    let mut made = serde_json::to_vec_pretty(&as_json(findings))?;
    made.push(b'\n');
    files.push(("findings.json".to_owned(), made));
    files.push(("summary.txt".to_owned(), summary(findings).into_bytes()));
    Ok(files)
}

/// Writes all files beside the folder first, so that it holds the old findings or the new, whole.
fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    let doing = || format!("writing findings to {}", folder.display());
    if folder.is_dir() && !folder.join("findings.json").is_file() {
        let mut held = std::fs::read_dir(folder).with_context(doing)?;
        if held.next().is_some() {
            return Err(anyhow::anyhow!("{} holds other files", folder.display())
                .context(Hint("name an empty or a new folder with --out".to_owned()))
                .context(doing()));
        }
    }
    let name = folder.file_name().context("--out names no folder").with_context(doing)?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).with_context(doing)?;
    let fresh = parent.join(format!(".{}.new", name.to_string_lossy()));
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh).with_context(doing)?;
    }
    std::fs::create_dir(&fresh).with_context(doing)?;
    for (name, bytes) in files {
        std::fs::write(fresh.join(name), bytes).with_context(doing)?;
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(doing)?;
    }
    std::fs::rename(&fresh, folder).with_context(doing)
}

fn as_json(findings: &Findings) -> serde_json::Value {
    let mut tables: Vec<_> = findings.layers.iter().map(crate::layer::Layer::table).collect();
    tables.extend(findings.tables.iter().cloned());
    serde_json::json!({
        "how_made": findings.how_made,
        "notes": findings.notes,
        "density_breaks": findings.density_breaks,
        "tables": tables,
    })
}

const WARDS_BY_RATE: &[&str] = &[
    "rank",
    "rank_low",
    "rank_high",
    "name",
    "count",
    "rate",
    "rate_low",
    "rate_high",
    "base",
    "earlier",
    "change_class",
];

const WARDS_BY_COUNT: &[&str] = &[
    "rank_count",
    "rank_count_low",
    "rank_count_high",
    "name",
    "count",
    "share",
    "earlier",
    "change_class",
];

/// The findings in words and short tables.
fn summary(findings: &Findings) -> String {
    let made = &findings.how_made;
    let mut text = String::new();
    let _ = writeln!(text, "{}, {}, {}", made.area, made.crime_types_label, made.window_label);
    let _ = writeln!(text, "{}", say::recorded(made.n_incidents, made.n_mapped));
    let mut section = |title: &str, body: &str| {
        let _ = write!(text, "\n{title}\n{body}");
    };
    if let Some(hotspots) = findings.layer("hotspots") {
        if hotspots.features.is_empty() {
            section(say::HOTSPOTS, &format!("{}\n", say::NO_HOTSPOTS));
        } else {
            let columns = ["number", "name", "wards", "count", "share", "area_km2", "z_max"];
            section(say::HOTSPOTS, &table_text(&hotspots.table(), &columns, usize::MAX));
        }
    }
    if let Some(wards) = findings.layer("wards") {
        let mut table = wards.table();
        let place = |row: &[Value], rank: usize| match row[rank] {
            Value::Count(place) => place,
            _ => i64::MAX,
        };
        // Without a population there are no rates to rank by.
        let has_rates = wards
            .column("rank")
            .filter(|&rank| table.rows.iter().any(|row| place(row, rank) < i64::MAX));
        let (title, columns) = match has_rates {
            Some(_) => (say::WARDS_BY_RATE, WARDS_BY_RATE),
            None => (say::WARDS_BY_COUNT, WARDS_BY_COUNT),
        };
        if let Some(rank) = has_rates.or_else(|| wards.column("rank_count")) {
            table.rows.sort_by_key(|row| place(row, rank));
        }
        section(title, &table_text(&table, columns, WARDS_PRINTED));
    }
    let lines = |items: Vec<String>| items.into_iter().map(|line| line + "\n").collect::<String>();
    if !findings.notes.is_empty() {
        section(say::KNOW_BEFORE, &lines(findings.notes.clone()));
    }
    let how = made.methods.iter().map(|(what, how)| say::method(what, how)).collect();
    section(say::HOW_MADE, &lines(how));
    let _ = writeln!(text, "{}", say::dataset(&made.dataset, &made.wardheat));
    for line in &made.provenance.attribution {
        let _ = writeln!(text, "{line}");
    }
    text
}

//! `wardheat init`: a workspace from the files alone.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::hint::Hint;
use crate::pipeline::{InitRequest, STUDY_AREA, describe, sample};
use crate::workspace::{Crs, DESCRIPTION, KEY_FILE, parse_key};

use super::english as say;
use super::import::today;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Sample rows printed for each source.
const SAMPLE: usize = 3;

/// Make a workspace from boundary, population and incident files
#[derive(Debug, Args)]
pub struct Init {
    /// Boundary files: wards, and LSOAs if you have them; a box round the positions if none are given
    #[arg(long, num_args = 1.., value_name = "FILE")]
    areas: Vec<String>,
    /// Population files: residents and households by ward or LSOA code
    #[arg(long, num_args = 1.., value_name = "FILE")]
    population: Vec<String>,
    /// Incident files; * and ? stand for any text and any letter
    #[arg(long, required = true, num_args = 1.., value_name = "GLOB")]
    incidents: Vec<String>,
    /// Street centre lines
    #[arg(long, value_name = "FILE")]
    streets: Option<String>,
    /// Snap points or addresses: where an incident can be recorded at all
    #[arg(long, value_name = "FILE")]
    snap_points: Option<String>,
    /// Candidate venues
    #[arg(long, value_name = "FILE")]
    venues: Option<String>,
    /// Meetings diary
    #[arg(long, value_name = "FILE")]
    meetings: Option<String>,
    /// Indicators, code lookups, interventions, survey results, community priorities, peer rates and
    /// harm weights, told apart by their columns
    #[arg(long, num_args = 1.., value_name = "FILE")]
    context: Vec<String>,
    /// Name of the study area; taken from the boundaries where absent
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Coordinate system of boundary and street files that state none
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<Crs>,
    /// Coordinate system of incident positions, where the layout's own is not right
    #[arg(long, value_name = "EPSG:N")]
    incidents_crs: Option<Crs>,
    /// Say on everything that the data are invented
    #[arg(long)]
    fictional: bool,
    /// Key of reference hashes, 32 to 128 hexadecimal digits; drawn at random where absent
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
    /// Replace a wardheat.toml that is already there (its key stays)
    #[arg(long)]
    force: bool,
}

impl Init {
    /// Describes the files and writes the description and a key; nothing is written on error.
    ///
    /// # Errors
    ///
    /// If the folder already is a workspace, or a file cannot be read or recognised.
    pub fn run(&self, dir: &Path) -> anyhow::Result<()> {
        let path = dir.join(DESCRIPTION);
        if path.exists() && !self.force {
            return Err(anyhow!("{} is already there", path.display())
                .context(Hint("correct it by hand, or replace it with --force".to_owned())));
        }
        if dir.exists() && !dir.is_dir() {
            bail!("{} is a file, not a folder", dir.display());
        }
        let key = self.choose_key(dir)?;
        let request = InitRequest {
            dir: dir.to_owned(),
            areas: self.areas.clone(),
            population: self.population.clone(),
            incidents: self.incidents.clone(),
            streets: self.streets.clone(),
            snap_points: self.snap_points.clone(),
            venues: self.venues.clone(),
            meetings: self.meetings.clone(),
            context: self.context.clone(),
            name: self.name.clone(),
            crs: self.crs,
            incidents_crs: self.incidents_crs,
            fictional: self.fictional,
        };
        let described = describe(&request)?;
        let shown = parse_key(&key).context("the key just made is no key")?;
        // Paths are kept as seen from the folder, so it must be there before they are followed.
        fs::create_dir_all(dir).with_context(|| format!("making the folder {}", dir.display()))?;
        if let Some(text) = &described.study_area {
            replace(&dir.join(STUDY_AREA), text.as_bytes())?;
        }
        let sampled = sample(&described.workspace, &shown, SAMPLE, today());
        write_key(&dir.join(KEY_FILE), &key)?;
        replace(&path, described.text.as_bytes())?;

        let mut out = std::io::stdout().lock();
        let config = &described.workspace.config;
        writeln!(out, "{}", say::described(&config.name, config.sources.len(), path.display()))?;
        for source in &config.sources {
            writeln!(
                out,
                "  {:<12} {:<18} {}",
                source.id,
                source.profile,
                source.files.join(", ")
            )?;
        }
        match sampled {
            Ok(lines) => {
                writeln!(out, "{}", say::FIRST_RECORDS)?;
                for line in lines {
                    writeln!(out, "  {line}")?;
                }
            }
            Err(error) => {
                eprintln!("{}", say::note(say::no_sample(format_args!("{error:#}"))));
            }
        }
        for warning in &described.warnings {
            eprintln!("{}", say::note(warning));
        }
        eprintln!("{}", say::look_through(path.display()));
        Ok(())
    }

    /// The key to use: as given, as the folder already has, from the name where the data are
    /// invented (so that the same demo gives the same bytes), or drawn from the operating system.
    fn choose_key(&self, dir: &Path) -> anyhow::Result<String> {
        if let Some(key) = &self.key {
            if parse_key(key).is_none() {
                bail!("--key wants 32 to 128 hexadecimal digits");
            }
            return Ok(key.clone());
        }
        let there = fs::read_to_string(dir.join(KEY_FILE)).unwrap_or_default();
        if parse_key(there.trim()).is_some() {
            return Ok(there.trim().to_owned());
        }
        let bytes: [u8; KEY_BYTES] = if self.fictional {
            Sha256::digest(b"wardheat: key of invented data").into()
        } else {
            rand::random()
        };
        Ok(bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")))
    }
}

/// Writes beside the target and moves it into place.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = PathBuf::from(format!("{}.new", path.display()));
    fs::write(&beside, bytes).with_context(|| format!("writing {}", beside.display()))?;
    fs::rename(&beside, path).with_context(|| format!("writing {}", path.display()))
}

/// Writes the key so that only its owner can read it, where the system knows owners.
fn write_key(path: &Path, key: &str) -> anyhow::Result<()> {
    replace(path, format!("{key}\n").as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .with_context(|| format!("protecting {}", path.display()))?;
    }
    Ok(())
}

//! `wardheat export`: what is stored, for other programs.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};

use crate::export::{incidents_csv, incidents_gpkg};
use crate::hint::Hint;
use crate::workspace::Crs;

use super::english as say;
use super::export_tiles::Tiles;
use super::open;

/// Write what is stored for other programs
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The incidents, as finely as the location rules let them be stored
    Incidents {
        /// File to write: .gpkg or .csv
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
        /// Coordinate system to write positions in; that of the workspace where absent
        #[arg(long, value_name = "EPSG:N")]
        crs: Option<Crs>,
    },
    /// A layer as one file of map tiles: .pmtiles or .mbtiles
    Tiles(Tiles),
}

impl Export {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let (out, crs) = match &self.what {
            What::Incidents { out, crs } => (out, crs),
            What::Tiles(tiles) => return tiles.run(workspace),
        };
        let data = open::dataset(workspace)?;
        let doing = || format!("writing {}", out.display());
        let extension = out.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        let write = match extension.as_deref() {
            Some("gpkg") => incidents_gpkg,
            Some("csv") => incidents_csv,
            _ => {
                return Err(anyhow!("incidents are written as GeoPackage or CSV")
                    .context(Hint(
                        "name a file that ends in .gpkg or .csv; the store itself is GeoParquet"
                            .to_owned(),
                    ))
                    .context(doing()));
            }
        };
        let mut beside = out.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let mut file = BufWriter::new(File::create(&beside).with_context(doing)?);
        let written = write(&data, *crs, &mut file);
        drop(file);
        if let Err(error) = written {
            let _ = std::fs::remove_file(&beside);
            return Err(anyhow::Error::new(error).context(doing()));
        }
        std::fs::rename(&beside, out).with_context(doing)?;
        eprintln!("{}", say::wrote_incidents(data.incidents.len(), out.display()));
        Ok(())
    }
}

//! `wardheat export tiles`: a layer as one file of tiles.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use clap::Args;

use crate::export::{ArchiveError, write_mbtiles, write_pmtiles};
use crate::hint::Hint;
use crate::pipeline::{
    Bandwidth, Heat, HeatIndex, HeatPer, HeatRequest, HeatWeight, TileLayer, analyse, more_layer,
};
use crate::render::palette::Scheme;
use crate::render::tile_image::Format;
use crate::render::vector_tile::VectorLayer;
use crate::store::Dataset;
use crate::time::WindowSpec;

use super::english as say;
use super::open;
use super::request::{Choice, HoursFlags};

/// Layers that can be written.
const LAYERS: [&str; 6] = ["heat", "contours", "wards", "lsoas", "cells", "hotspots"];

/// A layer as tiles.
#[derive(Debug, Args)]
pub(super) struct Tiles {
    /// Layer: heat, contours, wards, lsoas, cells or hotspots
    layer: String,
    /// File to write: .pmtiles or .mbtiles
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Deepest zoom; programs enlarge these tiles beyond it
    #[arg(long, value_name = "ZOOM", default_value_t = 14, value_parser = clap::value_parser!(u8).range(0..=18))]
    max_zoom: u8,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    heat: HeatFlags,
}

/// What heat and contours can be asked for besides.
#[derive(Debug, Args)]
#[command(next_help_heading = "For heat and contours")]
pub(super) struct HeatFlags {
    /// Months to take away, or year-earlier: the layer is then the difference
    #[arg(long, value_name = "WINDOW")]
    against: Option<String>,
    #[command(flatten)]
    hours: HoursFlags,
    /// What an incident weighs: count or harm
    #[arg(long, value_name = "WEIGHT", default_value = "count")]
    weight: HeatWeight,
    /// What a density is divided by, beside the area: year, window or residents
    #[arg(long, value_name = "BASE", default_value = "year")]
    per: HeatPer,
    /// Metres at which the kernel ends: 100 to 1000, see `wardheat list`
    #[arg(long, value_name = "METRES", default_value = "300")]
    bandwidth: Bandwidth,
    /// Colours of heat: light or dark
    #[arg(long, value_name = "SCHEME", default_value = "light")]
    scheme: Scheme,
    /// Pictures of heat: png or webp
    #[arg(long, value_name = "FORMAT", default_value = "png")]
    format: Format,
}

impl Tiles {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let doing = || format!("writing {}", self.out.display());
        let extension = self.out.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        let pmtiles = match extension.as_deref() {
            Some("pmtiles") => true,
            Some("mbtiles") => false,
            _ => {
                return Err(anyhow!("tiles are written as PMTiles or MBTiles")
                    .context(Hint("name a file that ends in .pmtiles or .mbtiles".to_owned()))
                    .context(doing()));
            }
        };
        let data = open::dataset(workspace)?;
        let layer = self.layer(&data)?;
        let pyramid = layer.pyramid(&data, self.max_zoom);
        let mut beside = self.out.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let mut file = BufWriter::new(File::create(&beside).with_context(doing)?);
        let draw = |tile| layer.tile(tile);
        let written = if pmtiles {
            write_pmtiles(&pyramid, &draw, &mut file)
        } else {
            write_mbtiles(&pyramid, &draw, &mut file)
        };
        drop(file);
        let written = written.map_err(|error| {
            let _ = std::fs::remove_file(&beside);
            let too_many = matches!(error, ArchiveError::TooMany { .. });
            let error = anyhow::Error::new(error).context(doing());
            if too_many {
                error.context(Hint("ask for less: --max-zoom 14".to_owned()))
            } else {
                error
            }
        })?;
        std::fs::rename(&beside, &self.out).with_context(doing)?;
        let zooms = (pyramid.least, pyramid.most);
        let file = self.out.display();
        eprintln!("{}", say::wrote_tiles(written, &pyramid.title, zooms, file));
        Ok(())
    }

    fn layer(&self, data: &Dataset) -> anyhow::Result<TileLayer> {
        let name = LAYERS.into_iter().find(|&known| known == self.layer).ok_or_else(|| {
            anyhow!("there is no layer `{}` (there are: {})", self.layer, LAYERS.join(", "))
        })?;
        if matches!(name, "heat" | "contours") {
            let heat = Arc::new(self.heat.heat(&self.choice, data)?);
            return Ok(match name {
                "heat" => TileLayer::Heat(heat, self.heat.scheme, self.heat.format),
                _ => TileLayer::Contours(heat),
            });
        }
        let request = self.choice.request();
        let findings = Arc::new(analyse(&request, data)?);
        let places = match (findings.layer(name), more_layer(name)) {
            (Some(layer), _) => VectorLayer::new(layer),
            (None, Some(more)) => {
                let request = request.resolved(data)?;
                let scored = more.work_out(&request, &serde_json::json!({}), data)?;
                VectorLayer::new(scored.layers.first().context("a layer that is worked out")?)
            }
            (None, None) => return Err(anyhow!("the analysis has no layer `{name}`")),
        };
        Ok(TileLayer::Places(Arc::new(places), findings))
    }
}

impl HeatFlags {
    fn heat(&self, choice: &Choice, data: &Dataset) -> anyhow::Result<Heat> {
        let asked = choice.request().resolved(data)?;
        let held = data
            .incidents
            .months()
            .context(Hint("import files that hold incidents".to_owned()))
            .context("the store holds no incident")?;
        let window = asked.window.resolve(held)?;
        let against = match self.against.as_deref() {
            None => None,
            Some("year-earlier") => Some(window.year_earlier()),
            Some(text) => Some(text.parse::<WindowSpec>().context("--against")?.resolve(held)?),
        };
        let request = HeatRequest {
            against,
            source: asked.source.clone(),
            hours: self.hours.hours()?,
            weight: self.weight,
            per: self.per,
            bandwidth: self.bandwidth,
            ..HeatRequest::new(asked.crime_types, window)
        };
        Ok(Heat::new(&request, &Arc::new(HeatIndex::new(data)?), data)?)
    }
}

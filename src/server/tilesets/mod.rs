//! Tile sets: which layers are tiled, and how each is described to the programs that read tiles.

mod documents;
mod scheme;
mod style;

pub(crate) use documents::{MVT, metadata, tilejson, tileset, wmts};
pub(crate) use scheme::{TILE_MATRIX_SET, matrix_set, matrix_sets};
pub(crate) use style::style;

use std::io::Cursor;
use std::sync::Arc;

use crate::export::write_pmtiles;
use crate::layer::Findings;
use crate::pipeline::{TileLayer, more_layer};
use crate::render::contour_tile;
use crate::render::legend::{Legend, heat_legend_of, legend};
use crate::render::palette::Scheme;
use crate::render::raster_tile::MAX_ZOOM;
use crate::render::tile_image::Format;
use crate::render::vector_tile::{DEEPEST, VectorLayer};

use super::error::ApiError;
use super::heat::{AskedHeat, HEAT};
use super::query::{ANALYSIS, Parameters};
use super::reply::Rendered;
use super::state::{AppState, Asked};

/// Most tiles of a file that the server makes; deeper ones are written by `wardheat export tiles`.
const MOST_OF_A_FILE: u64 = 5_000;

/// A layer that is tiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tiled {
    /// Density or difference, as pictures.
    Heat,
    /// Its isolines.
    Contours,
    /// Places with their figures.
    Places(&'static str),
}

/// Layers of places that are tiled where the data have them.
const PLACES: [&str; 4] = ["wards", "lsoas", "cells", "hotspots"];

impl Tiled {
    /// The layer with this name.
    pub(crate) fn find(name: &str) -> Result<Self, ApiError> {
        match name {
            "heat" => Ok(Self::Heat),
            contour_tile::LAYER => Ok(Self::Contours),
            _ => PLACES
                .into_iter()
                .find(|&known| known == name)
                .map(Self::Places)
                .ok_or_else(|| ApiError::unknown("tiled layer", name, Self::names())),
        }
    }

    /// Every name.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ["heat", contour_tile::LAYER].into_iter().chain(PLACES)
    }

    /// Name in addresses.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Contours => contour_tile::LAYER,
            Self::Places(id) => id,
        }
    }

    /// Whether its tiles are pictures.
    pub(crate) fn is_raster(self) -> bool {
        self == Self::Heat
    }

    /// Parameters that choose what is in the tiles.
    pub(crate) fn parameters(self) -> [&'static [&'static str]; 2] {
        match self {
            Self::Heat | Self::Contours => [ANALYSIS, HEAT],
            Self::Places(_) => [ANALYSIS, &[]],
        }
    }
}

/// What a tile set is made of.
pub(crate) enum Source {
    Heat(AskedHeat),
    Places(Asked),
}

/// One tile set of one request, as its documents describe it.
pub(crate) struct TileSet {
    pub(crate) layer: Tiled,
    pub(crate) title: String,
    pub(crate) description: String,
    /// Query of the addresses of its tiles.
    pub(crate) query: String,
    pub(crate) shallowest: u8,
    pub(crate) deepest: u8,
    /// West, south, east and north.
    pub(crate) bounds: [f64; 4],
    pub(crate) attribution: String,
    /// Attributes with what they are; none for pictures.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) legend: Option<Legend>,
}

impl AppState {
    /// Deepest zoom of the tiles of this layer: less where the data were made for an audience that
    /// is not to take a cell for a place.
    pub(crate) fn deepest_zoom(&self, layer: Tiled) -> u8 {
        let own = if layer.is_raster() { MAX_ZOOM } else { DEEPEST };
        let disclosure = self.dataset().provenance.disclosure.as_ref();
        disclosure.map_or(own, |disclosure| own.min(disclosure.rule.deepest_zoom()))
    }

    /// What the parameters ask of this layer.
    pub(crate) fn tile_source(
        &self,
        layer: Tiled,
        parameters: &Parameters,
    ) -> Result<Source, ApiError> {
        Ok(match layer {
            Tiled::Heat | Tiled::Contours => Source::Heat(self.ask_heat(parameters)?),
            Tiled::Places(_) => Source::Places(self.ask(&parameters.analysis()?)?),
        })
    }

    /// The tile set that the parameters ask for.
    pub(crate) async fn tile_set(
        &self,
        layer: Tiled,
        parameters: &Parameters,
    ) -> Result<TileSet, ApiError> {
        let dataset = self.dataset();
        let bounds = self.lonlat_bounds().unwrap_or([-180.0, -85.0, 180.0, 85.0]);
        let attribution = dataset.provenance.attribution.join(" ");
        let (title, description, legend, query, fields, shallowest, deepest);
        match self.tile_source(layer, parameters)? {
            Source::Heat(asked) => {
                let heat = self.heat(&asked).await?;
                let (words, caption) = heat.words();
                let of = heat_legend_of(heat.scale(), words, caption);
                title = format!("{}: {}", dataset.name, of.title);
                description = format!("{}, {}. {}", caption.crime_types, caption.window, of.text);
                legend = Some(of);
                query = self.heat_query(&asked);
                let value = || vec![(contour_tile::VALUE, words.unit.clone())];
                fields = if layer.is_raster() { Vec::new() } else { value() };
                (shallowest, deepest) = (0, self.deepest_zoom(layer));
            }
            Source::Places(asked) => {
                let findings = self.findings_of(&asked).await?;
                let places = self.vector_layer(&asked, layer.id()).await?;
                let made = &findings.how_made;
                let name = match (findings.layer(layer.id()), more_layer(layer.id())) {
                    (Some(found), _) => found.title.as_str(),
                    (None, more) => more.map_or("", |more| more.title),
                };
                title = format!("{}: {name}", dataset.name);
                description = format!("{}, {}", made.crime_types_label, made.window_label);
                legend = self::legend(layer.id(), &findings);
                query = self.query(&asked);
                fields = places.fields().collect();
                (shallowest, deepest) = (places.shallowest(), self.deepest_zoom(layer));
            }
        }
        Ok(TileSet {
            layer,
            title,
            description,
            query,
            shallowest,
            deepest,
            bounds,
            attribution,
            fields,
            legend,
        })
    }

    /// A layer as one file of tiles, as deep as a server makes it: from memory, or made now, once for
    /// all who wait.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`] if too much waits, and those of the layer.
    pub(crate) async fn tile_archive(
        &self,
        layer: Tiled,
        parameters: &Parameters,
    ) -> Result<Rendered, ApiError> {
        let (name, of) = match self.tile_source(layer, parameters)? {
            Source::Heat(asked) => {
                let heat = self.heat(&asked).await?;
                if layer.is_raster() {
                    let scheme: Scheme = parameters.read("scheme")?;
                    let name = format!("{} {}", asked.request, scheme.id());
                    (name, TileLayer::Heat(heat, scheme, Format::Png))
                } else {
                    (asked.request.to_string(), TileLayer::Contours(heat))
                }
            }
            Source::Places(asked) => {
                let findings = self.findings_of(&asked).await?;
                let places = self.vector_layer(&asked, layer.id()).await?;
                (self.query(&asked), TileLayer::Places(places, findings))
            }
        };
        let dataset = Arc::clone(self.dataset());
        self.archived(format!("{} {name}", layer.id()), move || {
            let mut pyramid = of.pyramid(&dataset, DEEPEST);
            pyramid.most = pyramid.deepest_within(MOST_OF_A_FILE, pyramid.most);
            let mut file = Cursor::new(Vec::new());
            write_pmtiles(&pyramid, &|tile| of.tile(tile), &mut file)
                .map_err(anyhow::Error::from)?;
            Ok(Rendered::new(file.into_inner()))
        })
        .await
    }

    /// A layer of places on the plane of tiles: from memory, or worked out and projected now.
    pub(crate) async fn vector_layer(
        &self,
        asked: &Asked,
        id: &'static str,
    ) -> Result<Arc<VectorLayer>, ApiError> {
        let findings = self.findings_of(asked).await?;
        let more = more_layer(id).filter(|more| self.more_ids().contains(&more.id));
        if let Some(more) = more.filter(|_| findings.layer(id).is_none()) {
            let scored = self.more(asked, more, &serde_json::json!({})).await?;
            return self
                .projected(asked, id, move || {
                    let layer = scored.layers.first().ok_or(ApiError::NoRoute)?;
                    Ok(Arc::new(VectorLayer::new(layer)))
                })
                .await;
        }
        self.projected(asked, id, move || {
            let layer = find_layer(&findings, id)?;
            Ok(Arc::new(VectorLayer::new(layer)))
        })
        .await
    }
}

fn find_layer<'a>(findings: &'a Findings, id: &str) -> Result<&'a crate::layer::Layer, ApiError> {
    let known = findings.layers.iter().map(|layer| layer.id);
    findings.layer(id).ok_or_else(|| ApiError::unknown("tiled layer", id, known))
}

//! Layers as tiles: what draws each, and what a file of all of them says of itself.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::crs::{Bng, TileId, bng_to_lonlat};
use crate::export::{Pyramid, TileKind};
use crate::layer::Findings;
use crate::render::contour_tile::{self, contour_tile};
use crate::render::legend::{Legend, heat_legend_of, legend};
use crate::render::palette::Scheme;
use crate::render::raster_tile::MAX_ZOOM;
use crate::render::tile_image::{self, Format};
use crate::render::vector_tile::{DEEPEST, VectorLayer};
use crate::store::Dataset;

use super::Heat;

/// A layer that can be drawn as tiles.
#[derive(Debug, Clone)]
pub enum TileLayer {
    /// Heat as pictures.
    Heat(Arc<Heat>, Scheme, Format),
    /// Its isolines.
    Contours(Arc<Heat>),
    /// Places with their figures, and the findings they are of.
    Places(Arc<VectorLayer>, Arc<Findings>),
}

impl TileLayer {
    /// One tile; `None` where it is empty.
    ///
    /// # Errors
    ///
    /// If it cannot be encoded.
    pub fn tile(
        &self,
        tile: TileId,
    ) -> Result<Option<Vec<u8>>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(match self {
            Self::Heat(heat, scheme, format) => {
                tile_image::tile(tile, false, &**heat, heat.scale(), *scheme, *format)?
            }
            Self::Contours(heat) => contour_tile(tile, &**heat, heat.scale())?,
            Self::Places(places, _) => places.tile(tile)?,
        })
    }

    /// Name of the layer.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Heat(..) => "heat",
            Self::Contours(_) => contour_tile::LAYER,
            Self::Places(places, _) => places.id(),
        }
    }

    /// Shallowest and deepest zoom of its tiles; the deepest is less where the data were made for an
    /// audience that is not to take a cell for a place.
    pub fn zooms(&self, data: &Dataset) -> (u8, u8) {
        let (least, most) = match self {
            Self::Heat(..) => (0, MAX_ZOOM),
            Self::Contours(_) => (0, DEEPEST),
            Self::Places(places, _) => (places.shallowest(), DEEPEST),
        };
        let disclosure = data.provenance.disclosure.as_ref();
        (least, disclosure.map_or(most, |disclosure| most.min(disclosure.rule.deepest_zoom())))
    }

    /// What its colours mean.
    pub fn legend(&self) -> Option<Legend> {
        match self {
            Self::Heat(heat, ..) | Self::Contours(heat) => {
                let (words, caption) = heat.words();
                Some(heat_legend_of(heat.scale(), words, caption))
            }
            Self::Places(places, findings) => legend(places.id(), findings),
        }
    }

    /// What a file of its tiles, down to zoom `most` or as deep as it goes, says of itself.
    pub fn pyramid(&self, data: &Dataset, most: u8) -> Pyramid {
        let shown = self.legend();
        let mut more = Map::new();
        let (kind, description, fields) = match self {
            Self::Heat(heat, _, format) => {
                let kind = match format {
                    Format::Png => TileKind::Png,
                    Format::Webp => TileKind::Webp,
                };
                (kind, said(heat), Vec::new())
            }
            Self::Contours(heat) => {
                let unit = heat.words().0.unit.clone();
                (TileKind::Mvt, said(heat), vec![(contour_tile::VALUE.to_owned(), unit)])
            }
            Self::Places(places, findings) => {
                let made = &findings.how_made;
                more.insert("how_made".to_owned(), json!(made));
                let fields = places.fields().map(|(id, words)| (id.to_owned(), words)).collect();
                let said = format!("{}, {}", made.crime_types_label, made.window_label);
                (TileKind::Mvt, said, fields)
            }
        };
        more.insert("dataset".to_owned(), json!(data.version));
        more.insert("wardheat".to_owned(), json!(env!("CARGO_PKG_VERSION")));
        let text = shown.as_ref().map_or(Json::Null, |legend| json!(legend.text));
        more.insert("legend".to_owned(), text);
        let (least, deepest) = self.zooms(data);
        let title = shown.map_or_else(|| self.id().to_owned(), |legend| legend.title);
        Pyramid {
            id: self.id().to_owned(),
            title: format!("{}: {title}", data.name),
            description,
            attribution: data.provenance.attribution.join(" "),
            kind,
            least,
            most: most.min(deepest).max(least),
            bounds: lonlat_bounds(data).unwrap_or([-180.0, -85.0, 180.0, 85.0]),
            fields,
            more,
        }
    }
}

fn said(heat: &Heat) -> String {
    let caption = heat.words().1;
    format!("{}, {}", caption.crime_types, caption.window)
}

/// West, south, east and north of the study area in degrees; its edges bend, so their middles count
/// too. `None` without a study area, or where it leaves the map.
pub fn lonlat_bounds(data: &Dataset) -> Option<[f64; 4]> {
    let bounds = data.study_area.bounds()?;
    let (low, high) = (bounds.min, bounds.max);
    let middle = Bng::new(
        f64::midpoint(low.easting(), high.easting()),
        f64::midpoint(low.northing(), high.northing()),
    );
    let mut degrees = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for easting in [low.easting(), middle.easting(), high.easting()] {
        for northing in [low.northing(), middle.northing(), high.northing()] {
            let place = bng_to_lonlat(Bng::new(easting, northing)).ok()?;
            degrees[0] = degrees[0].min(place.lon());
            degrees[1] = degrees[1].min(place.lat());
            degrees[2] = degrees[2].max(place.lon());
            degrees[3] = degrees[3].max(place.lat());
        }
    }
    Some(degrees)
}

//! `/tiles/...`: heat as raster tiles of Web Mercator.

use std::fmt;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::crs::TileId;
use crate::pipeline::Heat;
use crate::render::palette::Scheme;
use crate::render::raster_tile::MAX_ZOOM;
use crate::render::tile_image::{self, Format};
use crate::server::error::ApiError;
use crate::server::heat::HEAT;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;

/// Layers that are drawn as tiles.
pub(super) const TILED: &[&str] = &["heat"];

/// `GET /tiles/{layer}/{z}/{x}/{y}.png` or `.webp`, or `{y}@2x.png`: one tile, transparent where
/// nothing is drawn.
async fn tile(
    State(state): State<AppState>,
    Path((layer, z, x, file)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !TILED.contains(&layer.as_str()) {
        return Err(ApiError::unknown("tiled layer", layer, TILED.iter().copied()));
    }
    let address = Address::read(&z, &x, &file)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, HEAT, &["scheme"]])?;
    let scheme: Scheme = parameters.read("scheme")?;
    let asked = state.ask_heat(&parameters)?;
    let Address { tile, double, format } = address;
    let what = format!("tile {} {}", address, scheme.id());
    let draw = move |heat: &Heat| {
        let drawn = tile_image::tile(tile, double, heat, heat.scale(), scheme, format)
            .map_err(anyhow::Error::from)?;
        Ok(match drawn {
            Some(bytes) => Rendered::new(bytes),
            None => Rendered::new(tile_image::empty(double, format)),
        })
    };
    let rendered = state.drawn(&asked, what, draw).await?;
    Ok(rendered.reply(&headers, format.media_type(), state.keep(&parameters)))
}

/// Which tile, at how many pixels, in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Address {
    tile: TileId,
    double: bool,
    format: Format,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratio = if self.double { "@2x" } else { "" };
        let Self { tile, format, .. } = self;
        write!(f, "{}/{}/{}{ratio}.{}", tile.z(), tile.x(), tile.y(), format.id())
    }
}

impl Address {
    /// Letters where a number belongs are refused; a number that no tile has is a tile that is not
    /// there.
    fn read(z: &str, x: &str, file: &str) -> Result<Self, ApiError> {
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
        let format: Format = ending.parse().map_err(|_| {
            ApiError::NotThere(format!(
                "tiles are `y.png`, `y@2x.png`, `y.webp` or `y@2x.webp`, not `{file}`"
            ))
        })?;
        let (y, double) = match stem.strip_suffix("@2x") {
            Some(y) => (y, true),
            None => (stem, false),
        };
        Ok(Self { tile: tile_id(z, x, y, MAX_ZOOM)?, double, format })
    }
}

/// The tile of three texts, no deeper than `deepest`.
pub(super) fn tile_id(z: &str, x: &str, y: &str, deepest: u8) -> Result<TileId, ApiError> {
    for (name, text) in [("zoom", z), ("column", x), ("row", y)] {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ApiError::InvalidPath(format!("the {name} `{text}` is not a number")));
        }
    }
    let outside = || {
        ApiError::NotThere(format!(
            "there is no tile {z}/{x}/{y}: zoom is 0 to {deepest}, x and y are below 2^zoom"
        ))
    };
    let zoom = z.parse().ok().filter(|&zoom: &u8| zoom <= deepest).ok_or_else(outside)?;
    let (x, y) = (x.parse().map_err(|_| outside())?, y.parse().map_err(|_| outside())?);
    TileId::new(zoom, x, y).map_err(|_| outside())
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/tiles/{layer}/{z}/{x}/{file}", get(tile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let address = |z, x, file| Address::read(z, x, file).unwrap();
        let tile = |z, x, y| TileId::new(z, x, y).unwrap();
        let (png, webp) = (Format::Png, Format::Webp);

        assert_eq!(
            address("12", "2030", "1300.png"),
            Address { tile: tile(12, 2030, 1300), double: false, format: png }
        );
        assert_eq!(
            address("0", "0", "0@2x.webp"),
            Address { tile: tile(0, 0, 0), double: true, format: webp }
        );
        assert_eq!(address("00", "0", "000.png").to_string(), "0/0/0.png");
    }

    #[test]
    fn letters_are_refused_and_impossible_numbers_are_not_there() {
        for (z, x, file) in
            [("a", "0", "0.png"), ("1", "", "0.png"), ("1", "0", "0@3x.png"), ("1", "1e3", "0.png")]
        {
            let refused = Address::read(z, x, file);
            assert!(matches!(refused, Err(ApiError::InvalidPath(_))), "{z}/{x}/{file}");
        }
        for (z, x, file) in [
            ("19", "0", "0.png"),
            ("9999", "0", "0.png"),
            ("1", "2", "0.png"),
            ("1", "0", "-1.png"),
            ("1", "99999999999999999999", "0.png"),
            ("1", "0", "0.jpeg"),
            ("1", "0", "0"),
        ] {
            let refused = Address::read(z, x, file);
            assert!(matches!(refused, Err(ApiError::NotThere(_))), "{z}/{x}/{file}");
        }
    }
}

//! `/tiles/...`: heat as pictures, places and isolines as vector tiles, all of Web Mercator.

use std::fmt;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use crate::crs::TileId;
use crate::layer::Findings;
use crate::pipeline::Heat;
use crate::render::contour_tile::contour_tile;
use crate::render::palette::Scheme;
use crate::render::tile_image::{self, Format};
use crate::server::error::ApiError;
use crate::server::query::Parameters;
use crate::server::reply::{Keep, Rendered};
use crate::server::state::AppState;
use crate::server::tilesets::{MVT, Tiled};

/// Layers that are drawn as pictures.
pub(super) const TILED: &[&str] = &["heat"];

/// `GET /tiles/{layer}/{z}/{x}/{y}.png`, `.webp`, `{y}@2x.png`, or `.mvt` for what is no picture.
async fn tile(
    State(state): State<AppState>,
    Path((layer, z, x, file)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let layer = Tiled::find(&layer)?;
    let [analysis, heat] = layer.parameters();
    if layer.is_raster() {
        let Address { tile, double, format } =
            Address::read(&z, &x, &file, state.deepest_zoom(layer))?;
        let parameters = Parameters::parse(query.as_deref(), &[analysis, heat, &["scheme"]])?;
        return heat_tile(&state, tile, double, format, &parameters, &headers).await;
    }
    let stem =
        file.strip_suffix(".mvt").or_else(|| file.strip_suffix(".pbf")).ok_or_else(|| {
            ApiError::NotThere(format!("tiles of this layer are `y.mvt` or `y.pbf`, not `{file}`"))
        })?;
    let tile = tile_id(&z, &x, stem, state.deepest_zoom(layer))?;
    let parameters = Parameters::parse(query.as_deref(), &[analysis, heat])?;
    match layer {
        Tiled::Places(_) => places_tile(&state, layer, tile, &parameters, &headers).await,
        _ => contours(&state, tile, &parameters, &headers).await,
    }
}

/// One tile of heat, transparent where nothing is drawn.
pub(super) async fn heat_tile(
    state: &AppState,
    tile: TileId,
    double: bool,
    format: Format,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let scheme: Scheme = parameters.read("scheme")?;
    let asked = state.ask_heat(parameters)?;
    let what = format!("tile {} {}", Address { tile, double, format }, scheme.id());
    let draw = move |heat: &Heat| {
        let drawn = tile_image::tile(tile, double, heat, heat.scale(), scheme, format)
            .map_err(anyhow::Error::from)?;
        Ok(match drawn {
            Some(bytes) => Rendered::new(bytes),
            None => Rendered::new(tile_image::empty(double, format)),
        })
    };
    let rendered = state.drawn(&asked, what, draw).await?;
    Ok(rendered.reply(headers, format.media_type(), state.keep(parameters)))
}

/// One tile of places, 204 where there is none.
pub(super) async fn places_tile(
    state: &AppState,
    layer: Tiled,
    tile: TileId,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let asked = state.ask(&parameters.analysis()?)?;
    let places = state.vector_layer(&asked, layer.id()).await?;
    if tile.z() < places.shallowest() {
        return Err(ApiError::NotThere(format!(
            "{} are tiled from zoom {} on: above it a tile would hold too many",
            layer.id(),
            places.shallowest()
        )));
    }
    let what = format!("tile {} {}/{}/{}.mvt", layer.id(), tile.z(), tile.x(), tile.y());
    let draw = move |_: &Findings, _: &_| {
        let drawn = places.tile(tile).map_err(anyhow::Error::from)?;
        Ok(Rendered::new(drawn.unwrap_or_default()))
    };
    let rendered = state.rendered(&asked, what, draw).await?;
    Ok(vector(&rendered, headers, state.keep(parameters)))
}

/// One tile of isolines, 204 where there is none.
async fn contours(
    state: &AppState,
    tile: TileId,
    parameters: &Parameters,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let asked = state.ask_heat(parameters)?;
    let what = format!("contours {}/{}/{}", tile.z(), tile.x(), tile.y());
    let draw = move |heat: &Heat| {
        let drawn = contour_tile(tile, heat, heat.scale()).map_err(anyhow::Error::from)?;
        Ok(Rendered::new(drawn.unwrap_or_default()))
    };
    let rendered = state.drawn(&asked, what, draw).await?;
    Ok(vector(&rendered, headers, state.keep(parameters)))
}

/// A vector tile, or that there is nothing in it.
fn vector(rendered: &Rendered, headers: &HeaderMap, keep: Keep) -> Response {
    let mut reply = rendered.reply(headers, MVT, keep);
    if rendered.is_empty() && reply.status() == StatusCode::OK {
        *reply.status_mut() = StatusCode::NO_CONTENT;
        reply.headers_mut().remove(header::CONTENT_TYPE);
    }
    reply
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
    fn read(z: &str, x: &str, file: &str, deepest: u8) -> Result<Self, ApiError> {
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
        Ok(Self { tile: tile_id(z, x, y, deepest)?, double, format })
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
        let address = |z, x, file| Address::read(z, x, file, 18).unwrap();
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
            let refused = Address::read(z, x, file, 18);
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
            let refused = Address::read(z, x, file, 18);
            assert!(matches!(refused, Err(ApiError::NotThere(_))), "{z}/{x}/{file}");
        }
    }
}

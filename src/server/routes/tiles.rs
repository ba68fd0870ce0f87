//! `/tiles/...`: heat as raster tiles of Web Mercator.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::crs::TileId;
use crate::render::palette::Scheme;
use crate::render::raster_tile::{self, MAX_ZOOM};
use crate::server::error::ApiError;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;

/// Layers that are drawn as tiles.
pub(super) const TILED: &[&str] = &["heat"];

/// `GET /tiles/{layer}/{z}/{x}/{y}.png`, or `{y}@2x.png`: one tile, transparent where nothing is
/// drawn.
async fn tile(
    State(state): State<AppState>,
    Path((layer, z, x, file)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !TILED.contains(&layer.as_str()) {
        return Err(ApiError::unknown("tiled layer", layer, TILED.iter().copied()));
    }
    let (tile, double) = address(&z, &x, &file)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, &["scheme"]])?;
    let scheme: Scheme = parameters.read("scheme")?;
    let asked = state.ask(&parameters.analysis()?)?;
    let what = format!("tile {z}/{x}/{file} {}", scheme.id());
    let draw = move |findings: &crate::layer::Findings, _: &_| {
        let (density, breaks) = (&findings.density, &findings.density_breaks);
        let bytes = raster_tile::tile(tile, double, density, breaks, scheme)
            .map_err(anyhow::Error::from)?;
        Ok(Rendered::new(bytes))
    };
    let rendered = state.rendered(&asked, what, draw).await?;
    Ok(rendered.reply(&headers, "image/png", state.keep(&parameters)))
}

/// The tile of an address, and whether it is wanted at twice the pixels.
///
/// Letters where a number belongs are refused; a number that no tile has is a tile that is not
/// there.
fn address(z: &str, x: &str, file: &str) -> Result<(TileId, bool), ApiError> {
    let stem = file.strip_suffix(".png").ok_or_else(|| {
        ApiError::NotThere(format!("tiles are `y.png` or `y@2x.png`, not `{file}`"))
    })?;
    let (y, double) = match stem.strip_suffix("@2x") {
        Some(y) => (y, true),
        None => (stem, false),
    };
    for (name, text) in [("zoom", z), ("column", x), ("row", y)] {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ApiError::InvalidPath(format!("the {name} `{text}` is not a number")));
        }
    }
    let outside = || {
        ApiError::NotThere(format!(
            "there is no tile {z}/{x}/{y}: zoom is 0 to {MAX_ZOOM}, x and y are below 2^zoom"
        ))
    };
    let zoom = z.parse().ok().filter(|&zoom: &u8| zoom <= MAX_ZOOM).ok_or_else(outside)?;
    let (x, y) = (x.parse().map_err(|_| outside())?, y.parse().map_err(|_| outside())?);
    let tile = TileId::new(zoom, x, y).map_err(|_| outside())?;
    Ok((tile, double))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/tiles/{layer}/{z}/{x}/{file}", get(tile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        assert_eq!(
            address("12", "2030", "1300.png").unwrap(),
            (TileId::new(12, 2030, 1300).unwrap(), false)
        );
        assert_eq!(address("0", "0", "0@2x.png").unwrap(), (TileId::new(0, 0, 0).unwrap(), true));
    }

    #[test]
    fn letters_are_refused_and_impossible_numbers_are_not_there() {
        for (z, x, file) in
            [("a", "0", "0.png"), ("1", "", "0.png"), ("1", "0", "0@3x.png"), ("1", "1e3", "0.png")]
        {
            assert!(matches!(address(z, x, file), Err(ApiError::InvalidPath(_))), "{z}/{x}/{file}");
        }
        for (z, x, file) in [
            ("19", "0", "0.png"),
            ("9999", "0", "0.png"),
            ("1", "2", "0.png"),
            ("1", "0", "-1.png"),
            ("1", "99999999999999999999", "0.png"),
            ("1", "0", "0.webp"),
        ] {
            assert!(matches!(address(z, x, file), Err(ApiError::NotThere(_))), "{z}/{x}/{file}");
        }
    }
}

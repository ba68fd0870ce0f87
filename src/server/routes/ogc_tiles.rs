//! OGC API Tiles, Part 1 (20-057): the same tiles under the paths and in the order of the standard,
//! row before column.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use crate::render::tile_image::Format;
use crate::server::english::catalogue as say;
use crate::server::error::ApiError;
use crate::server::ogc::{Base, link};
use crate::server::query::Parameters;
use crate::server::reply::Keep;
use crate::server::state::AppState;
use crate::server::tilesets::{TILE_MATRIX_SET, Tiled, matrix_set, matrix_sets, tileset};

use super::forms::{Asked, JSON, answer, form};
use super::tiles::{heat_tile, places_tile, tile_id};

/// Path of the tile sets of the whole dataset as a map.
const MAP: &str = "/map/tiles";

/// `GET /tileMatrixSets`.
async fn schemes(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query.as_deref(), &[&["f"]])?;
    let form = form(&parameters, &headers)?;
    let asked = Asked { state: &state, headers: &headers, form };
    let document = matrix_sets(&Base::of(&headers));
    answer(&asked, say::TILING_SCHEMES, &document, JSON, Keep::Check)
}

/// `GET /tileMatrixSets/{id}`.
async fn scheme(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    known_scheme(&id)?;
    let parameters = Parameters::parse(query.as_deref(), &[&["f"]])?;
    let form = form(&parameters, &headers)?;
    let asked = Asked { state: &state, headers: &headers, form };
    answer(&asked, say::TILING_SCHEME, &matrix_set(), JSON, Keep::Check)
}

fn known_scheme(id: &str) -> Result<(), ApiError> {
    if id == TILE_MATRIX_SET {
        Ok(())
    } else {
        Err(ApiError::unknown("tiling scheme", id, [TILE_MATRIX_SET]))
    }
}

/// The layer of a collection that is tiled.
fn collection(id: &str) -> Result<Tiled, ApiError> {
    match Tiled::find(id) {
        Ok(layer @ Tiled::Places(_)) => Ok(layer),
        _ => Err(ApiError::unknown("collection", id, ["wards", "cells", "hotspots"])),
    }
}

/// The list of tile sets of `layer`, or the one there is.
async fn sets(
    state: &AppState,
    layer: Tiled,
    path: &str,
    list: bool,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let [analysis, heat] = layer.parameters();
    let parameters = Parameters::parse(query, &[analysis, heat, &["f"]])?;
    let form = form(&parameters, headers)?;
    let set = state.tile_set(layer, &parameters).await?;
    let base = Base::of(headers);
    let one = tileset(&set, path, &base);
    let document = if list {
        let mut item = json!({});
        for name in ["title", "dataType", "crs", "tileMatrixSetURI"] {
            item[name] = one[name].clone();
        }
        let own = format!("{path}/{TILE_MATRIX_SET}");
        item["links"] = json!([link(&base, &own, "self", JSON, &set.title)]);
        json!({ "links": [link(&base, path, "self", JSON, say::TILE_SETS)], "tilesets": [item] })
    } else {
        one
    };
    let asked = Asked { state, headers, form };
    answer(&asked, &set.title, &document, JSON, state.keep(&parameters))
}

/// `GET /collections/{id}/tiles`.
async fn list(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = format!("/collections/{id}/tiles");
    sets(&state, collection(&id)?, &path, true, query.as_deref(), &headers).await
}

/// `GET /collections/{id}/tiles/WebMercatorQuad`.
async fn one(
    State(state): State<AppState>,
    Path((id, scheme)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    known_scheme(&scheme)?;
    let path = format!("/collections/{id}/tiles");
    sets(&state, collection(&id)?, &path, false, query.as_deref(), &headers).await
}

/// `GET /collections/{id}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}`.
async fn tile(
    State(state): State<AppState>,
    Path((id, scheme, z, row, column)): Path<(String, String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    known_scheme(&scheme)?;
    let layer = collection(&id)?;
    let tile = tile_id(&z, &column, &row, state.deepest_zoom(layer))?;
    let [analysis, _] = layer.parameters();
    let parameters = Parameters::parse(query.as_deref(), &[analysis, &["f"]])?;
    match parameters.get("f") {
        None | Some("mvt") => places_tile(&state, layer, tile, &parameters, &headers).await,
        Some(_) => Err(ApiError::parameter("f", "wanted mvt")),
    }
}

/// `GET /map/tiles`.
async fn map_list(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    sets(&state, Tiled::Heat, MAP, true, query.as_deref(), &headers).await
}

/// `GET /map/tiles/WebMercatorQuad`.
async fn map_set(
    State(state): State<AppState>,
    Path(scheme): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    known_scheme(&scheme)?;
    sets(&state, Tiled::Heat, MAP, false, query.as_deref(), &headers).await
}

/// `GET /map/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}`: heat, as PNG unless WebP is
/// asked for.
async fn map_tile(
    State(state): State<AppState>,
    Path((scheme, z, row, column)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    known_scheme(&scheme)?;
    let tile = tile_id(&z, &column, &row, state.deepest_zoom(Tiled::Heat))?;
    let [analysis, heat] = Tiled::Heat.parameters();
    let parameters = Parameters::parse(query.as_deref(), &[analysis, heat, &["f", "scheme"]])?;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let format = match parameters.get("f") {
        Some(name) => name.parse::<Format>().map_err(|wrong| ApiError::parameter("f", wrong))?,
        None if accept.is_some_and(|a| a.contains("image/webp") && !a.contains("image/png")) => {
            Format::Webp
        }
        None => Format::Png,
    };
    let mut reply = heat_tile(&state, tile, false, format, &parameters, &headers).await?;
    reply.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    Ok(reply)
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/tileMatrixSets", get(schemes))
        .route("/tileMatrixSets/{id}", get(scheme))
        .route("/collections/{id}/tiles", get(list))
        .route("/collections/{id}/tiles/{scheme}", get(one))
        .route("/collections/{id}/tiles/{scheme}/{z}/{row}/{column}", get(tile))
        .route(MAP, get(map_list))
        .route("/map/tiles/{scheme}", get(map_set))
        .route("/map/tiles/{scheme}/{z}/{row}/{column}", get(map_tile))
}

//! Documents of tile sets: `/tiles/{layer}.json`, its style, its metadata for GDAL, and WMTS.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use serde_json::Value as Json;

use crate::render::palette::Scheme;
use crate::server::error::ApiError;
use crate::server::ogc::Base;
use crate::server::query::Parameters;
use crate::server::reply::Rendered;
use crate::server::state::AppState;
use crate::server::tilesets::{TileSet, Tiled, metadata, style, tilejson, wmts};

use super::split_file;

const JSON: &str = "application/json";

/// What a document of a tile set is made from.
struct Asked {
    set: TileSet,
    scheme: Scheme,
    base: Base,
}

/// A document of the tile set of `layer`, made by `write`.
async fn document(
    state: &AppState,
    layer: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    media_type: &'static str,
    write: impl FnOnce(&Asked) -> Vec<u8>,
) -> Result<Response, ApiError> {
    let layer = Tiled::find(layer)?;
    let [analysis, heat] = layer.parameters();
    let parameters = Parameters::parse(query, &[analysis, heat, &["scheme"]])?;
    let scheme = parameters.read("scheme")?;
    let set = state.tile_set(layer, &parameters).await?;
    let asked = Asked { set, scheme, base: Base::of(headers) };
    let mut reply =
        Rendered::new(write(&asked)).reply(headers, media_type, state.keep(&parameters));
    // Addresses in it are those by which the client reached us.
    reply.headers_mut().insert(header::VARY, HeaderValue::from_static("Host, Accept-Encoding"));
    Ok(reply)
}

fn bytes(document: &Json) -> Vec<u8> {
    document.to_string().into_bytes()
}

/// `GET /tiles/{layer}.json`: TileJSON 3.0.0.
async fn tile_json(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (layer, _, media_type) = split_file(&file, &[("json", JSON)])?;
    let write = |asked: &Asked| bytes(&tilejson(&asked.set, &asked.base));
    document(&state, layer, query.as_deref(), &headers, media_type, write).await
}

/// `GET /tiles/{layer}/style.json`: a style that MapLibre opens as it is.
async fn style_json(
    State(state): State<AppState>,
    Path(layer): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let write = |asked: &Asked| bytes(&style(&asked.set, asked.scheme, &asked.base));
    document(&state, &layer, query.as_deref(), &headers, JSON, write).await
}

/// `GET /tiles/{layer}/metadata.json`: what GDAL reads beside vector tiles.
async fn metadata_json(
    State(state): State<AppState>,
    Path(layer): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if Tiled::find(&layer)?.is_raster() {
        return Err(ApiError::NotThere(format!("the tiles of {layer} are pictures")));
    }
    let write = |asked: &Asked| bytes(&metadata(&asked.set));
    document(&state, &layer, query.as_deref(), &headers, JSON, write).await
}

/// `GET /wmts/1.0.0/WMTSCapabilities.xml`: heat for programs that read WMTS.
async fn wmts_xml(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let write = |asked: &Asked| wmts(&asked.set, &asked.base).into_bytes();
    document(&state, "heat", query.as_deref(), &headers, "application/xml", write).await
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/tiles/{file}", get(tile_json))
        .route("/tiles/{layer}/style.json", get(style_json))
        .route("/tiles/{layer}/metadata.json", get(metadata_json))
        .route("/wmts/1.0.0/WMTSCapabilities.xml", get(wmts_xml))
}

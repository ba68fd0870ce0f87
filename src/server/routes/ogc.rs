//! `/collections` and what describes it: OGC API Features over the layers of an analysis. The
//! features themselves are given by [`ogc_items`](super::ogc_items).

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value as Json, json};

use super::forms::{Form, JSON, Opened};
use crate::layer::{Findings, Layer};
use crate::server::english::catalogue as say;
use crate::server::error::ApiError;
use crate::server::ogc::{CONFORMANCE, OPENAPI, SCHEMA, collection, link, openapi, queryables};
use crate::server::state::AppState;

/// The layer that is this collection.
pub(super) fn find<'a>(findings: &'a Findings, id: &str) -> Result<&'a Layer, ApiError> {
    let known = findings.layers.iter().map(|layer| layer.id);
    findings.layer(id).ok_or_else(|| ApiError::unknown("collection", id, known))
}

/// The landing page as a document.
pub(super) fn landing(
    state: &AppState,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let mut asked = Opened::new(state, query, headers, &[])?;
    asked.asked.form = Form::Json;
    let base = &asked.base;
    let area = &state.dataset().name;
    let document = json!({
        "title": say::title(area),
        "description": say::ABOUT,
        "attribution": state.dataset().provenance.attribution.join(" "),
        "links": [
            link(base, "/?f=json", "self", JSON, say::THIS_DOCUMENT),
            link(base, "/?f=html", "alternate", "text/html", say::THE_MAP_PAGE),
            link(base, "/api?f=json", "service-desc", OPENAPI, say::SERVICE),
            link(base, "/api?f=html", "service-doc", "text/html", say::SERVICE_AS_A_PAGE),
            link(base, "/conformance", "conformance", JSON, say::CONFORMANCE),
            link(base, "/collections", "data", JSON, say::COLLECTIONS),
            link(
                base,
                "/map/tiles",
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map",
                JSON,
                say::HEAT_TILES,
            ),
            link(
                base,
                "/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                JSON,
                say::TILING_SCHEMES,
            ),
        ],
    });
    asked.answer(area, &document, JSON)
}

/// `GET /conformance`.
async fn conformance(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let document = json!({ "conformsTo": CONFORMANCE });
    asked.answer(say::CONFORMANCE, &document, JSON)
}

/// `GET /api`: the service description.
async fn api(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let (findings, _) = asked.layers().await?;
    let area = &state.dataset().name;
    let document = openapi::document(area, &findings.layers, &asked.base);
    asked.answer(say::SERVICE, &document, OPENAPI)
}

/// `GET /collections`.
async fn collections(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let (findings, window) = asked.layers().await?;
    let base = &asked.base;
    let described: Vec<Json> = findings
        .layers
        .iter()
        .map(|layer| collection(layer, window, state.lonlat_bounds(), base))
        .collect();
    let document = json!({
        "links": [
            link(base, "/collections", "self", JSON, say::THIS_DOCUMENT),
            link(base, "/collections?f=html", "alternate", "text/html", say::THIS_AS_A_PAGE),
        ],
        "collections": described,
    });
    asked.answer(say::COLLECTIONS, &document, JSON)
}

/// `GET /collections/{id}`.
async fn describe(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let (findings, window) = asked.layers().await?;
    let layer = find(&findings, &id)?;
    let document = collection(layer, window, state.lonlat_bounds(), &asked.base);
    asked.answer(&layer.title, &document, JSON)
}

/// `GET /collections/{id}/queryables`.
async fn filters(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let (findings, _) = asked.layers().await?;
    let layer = find(&findings, &id)?;
    asked.answer(&say::queryables(&layer.title), &queryables(layer, &asked.base), SCHEMA)
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/conformance", get(conformance))
        .route("/api", get(api))
        .route("/collections", get(collections))
        .route("/collections/{id}", get(describe))
        .route("/collections/{id}/queryables", get(filters))
}

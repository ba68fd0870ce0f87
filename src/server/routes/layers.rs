//! `/layers`: what an analysis found, place by place, as GeoJSON.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use crate::export::{About, writer};
use crate::layer::Findings;
use crate::render::legend::LEGENDS;
use crate::server::error::ApiError;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;
use crate::server::tilesets::Tiled;

use super::{split_file, tables, tiles};

/// Forms of a layer, with their media types.
const FORMS: &[(&str, &str)] = &[("geojson", "application/geo+json")];

/// `GET /layers`: the layers of an analysis, where their data are, and how they were made.
async fn list(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS])?;
    let asked = state.ask(&parameters.analysis()?)?;
    let (query, version) = (state.query(&asked), state.version().to_owned());
    let bounds = state.lonlat_bounds();
    let deepest = state.deepest_zoom(Tiled::Heat);
    let draw = move |findings: &Findings, _: &_| {
        let layers: Vec<_> = findings
            .layers
            .iter()
            .map(|layer| {
                json!({
                    "id": layer.id,
                    "title": layer.title,
                    "n_features": layer.features.len(),
                    "columns": layer.columns,
                    "geojson": format!("/layers/{}.geojson?{query}", layer.id),
                })
            })
            .collect();
        let tiles = tiles::TILED.iter().map(|layer| {
            json!({
                "id": layer,
                "tiles": format!("/tiles/{layer}/{{z}}/{{x}}/{{y}}{{ratio}}.png?{query}"),
                "maxzoom": deepest,
            })
        });
        let tables = tables::ids(findings).map(|id| {
            json!({
                "id": id,
                "json": format!("/tables/{id}.json?{query}"),
                "csv": format!("/tables/{id}.csv?{query}"),
            })
        });
        let legends = LEGENDS
            .iter()
            .map(|id| json!({"id": id, "json": format!("/legend/{id}.json?{query}")}));
        let body = json!({
            "version": version,
            "bounds": bounds,
            "layers": layers,
            "tiles": tiles.collect::<Vec<_>>(),
            "legends": legends.collect::<Vec<_>>(),
            "tables": tables.collect::<Vec<_>>(),
            "how_made": findings.how_made,
            "notes": findings.notes,
        });
        Ok(Rendered::new(serde_json::to_vec(&body).map_err(anyhow::Error::from)?))
    };
    let rendered = state.rendered(&asked, "layers".to_owned(), draw).await?;
    Ok(rendered.reply(&headers, "application/json", state.keep(&parameters)))
}

/// `GET /layers/{id}.geojson`: one layer, every figure of every place.
async fn layer(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, form, media_type) = split_file(&file, FORMS)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS])?;
    let asked = state.ask(&parameters.analysis()?)?;
    let id = id.to_owned();
    let draw = move |findings: &Findings, _: &_| {
        let known = || findings.layers.iter().map(|layer| layer.id);
        let layer = findings.layer(&id).ok_or_else(|| ApiError::unknown("layer", id, known()))?;
        let writer = writer(form).ok_or(ApiError::NoRoute)?;
        let about = About { how_made: &findings.how_made, notes: &findings.notes, crs: None };
        let mut bytes = Vec::new();
        writer.write(layer, about, &mut bytes).map_err(anyhow::Error::from)?;
        Ok(Rendered::new(bytes))
    };
    let rendered = state.rendered(&asked, format!("layer {file}"), draw).await?;
    Ok(rendered.reply(&headers, media_type, state.keep(&parameters)))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/layers", get(list)).route("/layers/{file}", get(layer))
}

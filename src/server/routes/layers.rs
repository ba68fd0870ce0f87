//! `/layers`: what an analysis found, place by place, as GeoJSON.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use maud::Markup;
use serde_json::{Value as Json, json};

use crate::export::{About, write_workbook, writer};
use crate::layer::{Findings, Layer};
use crate::pipeline::{LAYER_OPTIONS, MORE_LAYERS, MoreLayer, more_layer};
use crate::render::legend::LEGENDS;
use crate::server::english::files as say;
use crate::server::error::ApiError;
use crate::server::html::{Choice, Order, table_page};
use crate::server::ogc::Base;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;
use crate::server::tilesets::Tiled;
use crate::store::Dataset;
use crate::table::Table;

use super::page::{choice, layer_options, reply, site};
use super::{split_file, tables, tiles};

/// Forms of a layer, with their media types.
const FORMS: &[(&str, &str)] = &[
    ("geojson", "application/geo+json"),
    ("gpkg", "application/geopackage+sqlite3"),
    ("csv", "text/csv; charset=utf-8"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

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
    let base = Base::of(&headers);
    let what = format!("layers {}", base.prefix());
    let draw = move |findings: &Findings, dataset: &Dataset| {
        let layers: Vec<_> = findings
            .layers
            .iter()
            .map(|layer| {
                json!({
                    "id": layer.id,
                    "title": layer.title,
                    "n_features": layer.features.len(),
                    "columns": layer.columns,
                    "geojson": base.path(&format!("/layers/{}.geojson?{query}", layer.id)),
                })
            })
            .collect();
        let more = MORE_LAYERS.iter().filter(|layer| layer.is_in(dataset)).map(|layer| {
            json!({
                "id": layer.id,
                "title": layer.title,
                "geojson": base.path(&format!("/layers/{}.geojson?{query}", layer.id)),
            })
        });
        let tiles = tiles::TILED.iter().map(|layer| {
            json!({
                "id": layer,
                "tiles": base.path(&format!("/tiles/{layer}/{{z}}/{{x}}/{{y}}{{ratio}}.png?{query}")),
                "maxzoom": deepest,
            })
        });
        let tables = tables::ids(findings).map(|id| {
            json!({
                "id": id,
                "json": base.path(&format!("/tables/{id}.json?{query}")),
                "csv": base.path(&format!("/tables/{id}.csv?{query}")),
            })
        });
        let legends = LEGENDS
            .iter()
            .map(|id| json!({"id": id, "json": base.path(&format!("/legend/{id}.json?{query}"))}));
        let body = json!({
            "version": version,
            "bounds": bounds,
            "layers": layers,
            "more": more.collect::<Vec<_>>(),
            "tiles": tiles.collect::<Vec<_>>(),
            "legends": legends.collect::<Vec<_>>(),
            "tables": tables.collect::<Vec<_>>(),
            "how_made": findings.how_made,
            "notes": findings.notes,
        });
        Ok(Rendered::new(serde_json::to_vec(&body).map_err(anyhow::Error::from)?))
    };
    let rendered = state.rendered(&asked, what, draw).await?;
    Ok(rendered.reply(&headers, "application/json", state.keep(&parameters)))
}

/// `GET /layers/{id}.geojson`, `.gpkg`, `.csv` or `.xlsx`: one layer, every figure of every place.
async fn layer(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !file.contains('.') {
        let page = page(&state, &file, query.as_deref()).await;
        return Ok(reply(&state, &headers, page));
    }
    let (id, form, media_type) = split_file(&file, FORMS)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, LAYER_OPTIONS])?;
    let asked = state.ask(&parameters.analysis()?)?;
    if let Some(more) = more_layer(id) {
        let settings = settings(more, &parameters)?;
        let scored = state.more(&asked, more, &settings).await?;
        let draw = move |_: &Dataset| {
            let layer = scored.layers.first().ok_or(ApiError::NoRoute)?;
            let about = About { how_made: &scored.how_made, notes: &scored.notes, crs: None };
            written(layer, form, about)
        };
        let what = format!("{file} {} {settings}", state.query(&asked));
        let rendered = state.rendered_data(&what, draw).await?;
        return Ok(as_file(rendered.reply(&headers, media_type, state.keep(&parameters)), &file));
    }
    let id = id.to_owned();
    let draw = move |findings: &Findings, _: &_| {
        let known = || findings.layers.iter().map(|layer| layer.id);
        let layer = findings.layer(&id).ok_or_else(|| ApiError::unknown("layer", id, known()))?;
        let about = About { how_made: &findings.how_made, notes: &findings.notes, crs: None };
        written(layer, form, about)
    };
    let rendered = state.rendered(&asked, format!("layer {file}"), draw).await?;
    Ok(as_file(rendered.reply(&headers, media_type, state.keep(&parameters)), &file))
}

/// `GET /layers/{id}`: one layer as a table to be read.
async fn page(state: &AppState, id: &str, query: Option<&str>) -> Result<Markup, ApiError> {
    let parameters =
        Parameters::parse(query, &[ANALYSIS, LAYER_OPTIONS, &["by", "rising", "find"]])?;
    let asked = state.ask(&parameters.analysis()?)?;
    let choice = Choice { options: layer_options(&parameters), ..choice(&asked)? };
    let order = Order {
        by: parameters.get("by"),
        rising: parameters.yes("rising", false)?,
        find: parameters.get("find"),
    };
    if let Some(more) = more_layer(id) {
        let scored = state.more(&asked, more, &settings(more, &parameters)?).await?;
        let layer = scored.layers.first().ok_or(ApiError::NoRoute)?;
        return Ok(table_page(&site(state), &choice, layer, &scored.notes, order));
    }
    let findings = state.findings_of(&asked).await?;
    let known = || findings.layers.iter().map(|layer| layer.id);
    let layer = findings.layer(id).ok_or_else(|| ApiError::unknown("layer", id, known()))?;
    Ok(table_page(&site(state), &choice, layer, &[], order))
}

/// The options of a layer among the parameters.
pub(super) fn settings(layer: &MoreLayer, parameters: &Parameters) -> Result<Json, ApiError> {
    let chosen = layer_options(parameters);
    let chosen: Vec<(&str, &str)> =
        chosen.iter().map(|(name, value)| (*name, value.as_str())).collect();
    layer.settings(&chosen).map_err(|(name, why)| ApiError::parameter(name, why))
}

/// A layer in one of [`FORMS`].
fn written(layer: &Layer, form: &str, about: About<'_>) -> Result<Rendered, ApiError> {
    if form == "xlsx" {
        let rows = layer.features.iter().map(|feature| feature.values.clone()).collect();
        let (id, title) = (layer.id.to_owned(), layer.title.clone());
        let table = Table { id, title, columns: layer.columns.clone(), rows };
        let made = about.how_made;
        let mut lines = vec![
            (say::AREA.to_owned(), made.area.clone()),
            (say::RECORDS.to_owned(), made.crime_types_label.clone()),
            (say::MONTHS.to_owned(), made.window_label.clone()),
        ];
        lines.extend(made.methods.iter().cloned());
        lines.extend(about.notes.iter().map(|note| (say::NOTE.to_owned(), note.clone())));
        let bytes = write_workbook(&[table], &lines).map_err(anyhow::Error::from)?;
        return Ok(Rendered::new(bytes));
    }
    let writer = writer(form).ok_or(ApiError::NoRoute)?;
    let mut bytes = Vec::new();
    writer.write(layer, about, &mut bytes).map_err(anyhow::Error::from)?;
    Ok(Rendered::new(bytes))
}

/// Names the file that a browser saves, for forms that it cannot show.
fn as_file(mut reply: Response, file: &str) -> Response {
    if !file.ends_with("geojson")
        && let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\""))
    {
        reply.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    reply
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/layers", get(list)).route("/layers/{file}", get(layer))
}

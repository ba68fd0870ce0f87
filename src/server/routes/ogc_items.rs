//! `/collections/{id}/items`: the features of a collection, page by page and one by one.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use rayon::prelude::*;
use serde_json::{Value as Json, json};

use super::forms::{Form, HTML, JSON, Opened, answer, by_accept, layers};
use super::ogc::find;
use super::page::site;
use crate::export::GeoJsonFeatures;
use crate::layer::Layer;
use crate::server::english::catalogue as say;
use crate::server::error::ApiError;
use crate::server::html::document_page;
use crate::server::ogc::area::System;
use crate::server::ogc::{GEOJSON, ITEMS, Selection, link};
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;
use crate::workspace::Crs;

/// Features that one thread writes at a time.
const CHUNK: usize = 64;

fn writer(system: System) -> Result<GeoJsonFeatures, ApiError> {
    let crs = match system {
        System::Crs84 | System::Epsg4326 => Crs::LonLat,
        System::Epsg3857 => Crs::WebMercator,
        System::Epsg27700 => Crs::Bng,
    };
    let features = GeoJsonFeatures::new(Some(crs)).map_err(anyhow::Error::from)?;
    // The authority's axis order, where that is another.
    Ok(if system == System::Epsg4326 { features.latitude_first() } else { features })
}

/// The features at these positions, with commas between them.
fn written(layer: &Layer, positions: &[u32], system: System) -> Result<Rendered, ApiError> {
    let writer = writer(system)?;
    let part = |positions: &[u32]| {
        let mut text = Vec::new();
        for &position in positions {
            writer.write(layer, &layer.features[position as usize], &mut text)?;
            text.push(b',');
        }
        Ok::<_, anyhow::Error>(text)
    };
    let parts: Vec<Vec<u8>> = positions.par_chunks(CHUNK).map(part).collect::<Result<_, _>>()?;
    let mut text = parts.concat();
    text.pop();
    Ok(Rendered::new(text))
}

fn with_crs(mut reply: Response, system: System) -> Response {
    if let Ok(value) = HeaderValue::from_str(&format!("<{}>", system.uri())) {
        reply.headers_mut().insert(HeaderName::from_static("content-crs"), value);
    }
    reply
}

/// The query of another page or form: every parameter as it was, but these.
fn other(query: Option<&str>, changes: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if !changes.iter().any(|(changed, _)| *changed == name) {
            text.append_pair(&name, &value);
        }
    }
    for (name, value) in changes {
        text.append_pair(name, value);
    }
    text.finish()
}

/// `GET /collections/{id}/items`.
async fn items(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    // Which properties there are depends on the collection alone.
    let (known, _) = layers(&state, &Parameters::default()).await?;
    let names: Vec<&str> = find(&known, &id)?.columns.iter().map(|column| column.id).collect();
    let opened = Opened::new(&state, query.as_deref(), &headers, &[ANALYSIS, ITEMS, &names])?;
    let asked = state.ask(&opened.parameters.analysis()?)?;
    let (findings, window) = layers(&state, &opened.parameters).await?;
    let layer = find(&findings, &id)?;
    let bounds = state.lonlat_bounds().unwrap_or([-8.0, 49.0, 2.0, 61.0]);
    let facts = state.facts(&asked, layer.id).await?;
    let selection = Selection::read(&opened.parameters, layer, &facts, bounds)?;
    let (offset, limit, system) = (selection.offset, selection.limit, selection.system);
    let chosen = Selection::named(&opened.parameters, layer);
    let matching = state.matching(&asked, layer.id, chosen.clone(), selection, window).await?;
    let positions = matching.page(offset, limit);
    let n = positions.len();
    let what = format!("items {id} {system:?} {offset} {limit} {chosen}");
    let named = layer.id;
    let features = state
        .rendered(&asked, what, move |findings, _| {
            written(find(findings, named)?, &positions, system)
        })
        .await?;
    let base = &opened.base;
    let path = format!("/collections/{id}/items?");
    let at = |changes: &[(&str, &str)]| path.clone() + &other(query.as_deref(), changes);
    let (this, alternate) = match opened.asked.form {
        Form::Json => ((GEOJSON, "json"), ("text/html", "html")),
        Form::Html => (("text/html", "html"), (GEOJSON, "json")),
    };
    let mut links = vec![
        link(base, &at(&[("f", this.1)]), "self", this.0, say::THIS_PAGE),
        link(base, &at(&[("f", alternate.1)]), "alternate", alternate.0, say::ANOTHER_FORM),
        link(base, &format!("/collections/{id}"), "collection", JSON, &layer.title),
    ];
    let page = |offset: usize| {
        at(&[("f", this.1), ("limit", &limit.to_string()), ("offset", &offset.to_string())])
    };
    if offset + n < matching.len() {
        links.push(link(base, &page(offset + limit), "next", this.0, say::NEXT_PAGE));
    }
    if offset > 0 {
        links.push(link(
            base,
            &page(offset.saturating_sub(limit)),
            "prev",
            this.0,
            say::PAGE_BEFORE,
        ));
    }
    let head = json!({
        "type": "FeatureCollection",
        "numberMatched": matching.len(),
        "numberReturned": n,
        "links": links,
    });
    let title = say::items(&layer.title, &window.label());
    let keep = state.keep(&opened.parameters);
    let reply = match opened.asked.form {
        Form::Json => collection(&head, &features)?.reply(&headers, GEOJSON, keep),
        Form::Html => {
            let mut document = head;
            let list = [b"[", features.bytes().as_ref(), b"]"].concat();
            document["features"] = serde_json::from_slice(&list).map_err(anyhow::Error::from)?;
            let page = document_page(&site(&state), &title, &document).into_string();
            Rendered::new(page).reply(&headers, HTML, keep)
        }
    };
    Ok(with_crs(by_accept(reply), system))
}

/// A collection of features that are written, with the time at which it is given. The same features
/// at another time have the same tag, which says so by being weak.
fn collection(head: &Json, features: &Rendered) -> Result<Rendered, ApiError> {
    let mut text = serde_json::to_vec(head).map_err(anyhow::Error::from)?;
    let whole = Rendered::new([&text[..], features.etag().as_bytes()].concat());
    text.pop();
    text.reserve(features.len() + 64);
    text.extend_from_slice(b",\"features\":[");
    text.extend_from_slice(features.bytes());
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
    text.extend_from_slice(format!("],\"timeStamp\":\"{now}\"}}").as_bytes());
    Ok(whole.weakly(text))
}

/// `GET /collections/{id}/items/{feature}`.
async fn item(
    State(state): State<AppState>,
    Path((id, wanted)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let opened = Opened::new(&state, query.as_deref(), &headers, &[ANALYSIS, &["crs"]])?;
    let system = match opened.parameters.get("crs") {
        None => System::Crs84,
        Some(uri) => System::from_uri(uri).map_err(|wrong| ApiError::parameter("crs", wrong))?,
    };
    let asked = state.ask(&opened.parameters.analysis()?)?;
    let (findings, _) = opened.layers().await?;
    let layer = find(&findings, &id)?;
    let facts = state.facts(&asked, layer.id).await?;
    let feature = facts.feature(layer, &wanted).ok_or_else(|| {
        ApiError::NotThere(format!("{id} has {} features, none of this id", layer.features.len()))
    })?;
    let mut document = writer(system)?.feature(layer, feature).map_err(anyhow::Error::from)?;
    let base = &opened.base;
    let path = format!("/collections/{id}/items/{wanted}?");
    let at = |form: &str| path.clone() + &other(query.as_deref(), &[("f", form)]);
    document["links"] = json!([
        link(base, &at("json"), "self", GEOJSON, say::THIS_FEATURE),
        link(base, &at("html"), "alternate", "text/html", say::THIS_FEATURE_AS_A_PAGE),
        link(base, &format!("/collections/{id}"), "collection", JSON, &layer.title),
    ]);
    let title = say::item(&layer.title, &wanted);
    let keep = state.keep(&opened.parameters);
    let reply = answer(&opened.asked, &title, &document, GEOJSON, keep)?;
    Ok(with_crs(reply, system))
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/collections/{id}/items", get(items))
        .route("/collections/{id}/items/{feature}", get(item))
}

//! `/collections` and what goes with it: OGC API Features over the layers of an analysis.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value as Json, json};

use super::page::site;
use crate::export::GeoJsonFeatures;
use crate::layer::{Findings, Layer};
use crate::server::error::ApiError;
use crate::server::html::document_page;
use crate::server::ogc::area::System;
use crate::server::ogc::{
    Base, CONFORMANCE, GEOJSON, ITEMS, OPENAPI, SCHEMA, Selection, collection, link, openapi,
    queryables,
};
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::{Keep, Rendered};
use crate::server::state::AppState;
use crate::time::{Window, WindowSpec};
use crate::workspace::Crs;

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// Which form of a document is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON of one kind or another.
    Json,
    /// A page.
    Html,
}

/// The form asked for: `f` before `Accept`, and a page only for those who say so.
pub(super) fn form(parameters: &Parameters, headers: &HeaderMap) -> Result<Form, ApiError> {
    match parameters.get("f") {
        Some("json") => Ok(Form::Json),
        Some("html") => Ok(Form::Html),
        Some(_) => Err(ApiError::parameter("f", "wanted json or html")),
        None => {
            let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
            let position = |name: &str| accept.and_then(|accept| accept.find(name));
            Ok(match (position("text/html"), position("json")) {
                (Some(html), Some(json)) if html < json => Form::Html,
                (Some(_), None) => Form::Html,
                _ => Form::Json,
            })
        }
    }
}

/// Who asked, and for which form.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) state: &'a AppState,
    pub(super) headers: &'a HeaderMap,
    pub(super) form: Form,
}

/// `document` in the form asked for.
pub(super) fn answer(
    asked: &Asked<'_>,
    title: &str,
    document: &Json,
    media_type: &'static str,
    keep: Keep,
) -> Result<Response, ApiError> {
    let Asked { state, headers, form } = *asked;
    let (bytes, media_type) = match form {
        Form::Json => (serde_json::to_vec(document).map_err(anyhow::Error::from)?, media_type),
        Form::Html => (document_page(&site(state), title, document).into_string().into(), HTML),
    };
    let rendered = if media_type == GEOJSON { stamped(bytes) } else { Rendered::new(bytes) };
    let mut reply = rendered.reply(headers, media_type, keep);
    reply.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    Ok(reply)
}

/// A request for a document: who asked, for what, and in which form.
struct Opened<'a> {
    asked: Asked<'a>,
    parameters: Parameters,
    base: Base,
}

impl<'a> Opened<'a> {
    /// Reads a request that may have these parameters, and `f`.
    fn new(
        state: &'a AppState,
        query: Option<&str>,
        headers: &'a HeaderMap,
        known: &[&[&str]],
    ) -> Result<Self, ApiError> {
        let known: Vec<&[&str]> = known.iter().copied().chain([&["f"][..]]).collect();
        let parameters = Parameters::parse(query, &known)?;
        let form = form(&parameters, headers)?;
        let asked = Asked { state, headers, form };
        Ok(Self { asked, parameters, base: Base::of(headers) })
    }

    /// The analysis that the parameters choose.
    async fn layers(&self) -> Result<(Arc<Findings>, Window), ApiError> {
        layers(self.asked.state, &self.parameters).await
    }

    /// `document` in the form asked for, always to be asked after again.
    fn answer(
        &self,
        title: &str,
        document: &Json,
        media_type: &'static str,
    ) -> Result<Response, ApiError> {
        answer(&self.asked, title, document, media_type, Keep::Check)
    }

    /// `document`, to be kept as long as the parameters allow.
    fn reply(&self, title: &str, document: &Json) -> Result<Response, ApiError> {
        let keep = self.asked.state.keep(&self.parameters);
        answer(&self.asked, title, document, GEOJSON, keep)
    }
}

/// Features with the time at which they are given. The same features at another time have the same
/// tag, which says so by being weak.
fn stamped(mut bytes: Vec<u8>) -> Rendered {
    let plain = Rendered::new(bytes.clone());
    if bytes.pop() != Some(b'}') {
        return plain;
    }
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
    bytes.extend_from_slice(format!(",\"timeStamp\":\"{now}\"}}").as_bytes());
    plain.weakly(bytes)
}

/// Layers of the analysis that the parameters choose, with their window.
async fn layers(
    state: &AppState,
    parameters: &Parameters,
) -> Result<(Arc<Findings>, Window), ApiError> {
    let asked = state.ask(&parameters.analysis()?)?;
    let WindowSpec::Months(window) = asked.request().window else {
        return Err(anyhow::anyhow!("a window was left open").into());
    };
    Ok((state.findings_of(&asked).await?, window))
}

fn find<'a>(findings: &'a Findings, id: &str) -> Result<&'a Layer, ApiError> {
    let known = findings.layers.iter().map(|layer| layer.id);
    findings.layer(id).ok_or_else(|| ApiError::unknown("collection", id, known))
}

/// Whether `/` is asked for as a document: by `f`, or by a program that takes JSON or anything.
/// Who does not say gets the page.
pub(super) fn wants_document(query: Option<&str>, headers: &HeaderMap) -> bool {
    let asked = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "f")
        .map(|(_, value)| value.into_owned());
    match asked.as_deref() {
        Some("html") => false,
        Some(_) => true,
        None => headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(
            |accept| !accept.contains("text/html") && (accept.contains("json") || accept == "*/*"),
        ),
    }
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
        "title": format!("wardheat: {area}"),
        "description": "Recorded incidents by ward, cell and hotspot, with their uncertainty.",
        "attribution": state.dataset().provenance.attribution.join(" "),
        "links": [
            link(base, "/?f=json", "self", JSON, "This document"),
            link(base, "/?f=html", "alternate", "text/html", "The map page"),
            link(base, "/api?f=json", "service-desc", OPENAPI, "Description of the service"),
            link(base, "/api?f=html", "service-doc", "text/html", "The description as a page"),
            link(base, "/conformance", "conformance", JSON, "Conformance classes"),
            link(base, "/collections", "data", JSON, "Collections"),
            link(
                base,
                "/map/tiles",
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map",
                JSON,
                "Heat as map tiles",
            ),
            link(
                base,
                "/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                JSON,
                "Tiling schemes",
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
    asked.answer("Conformance classes", &document, JSON)
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
    asked.answer("Description of the service", &document, OPENAPI)
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
            link(base, "/collections", "self", JSON, "This document"),
            link(base, "/collections?f=html", "alternate", "text/html", "This document as a page"),
        ],
        "collections": described,
    });
    asked.answer("Collections", &document, JSON)
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
    let title = format!("{}: what can be filtered by", layer.title);
    asked.answer(&title, &queryables(layer, &asked.base), SCHEMA)
}

/// One feature in the system asked for; the authority's axis order where that has another.
fn feature(
    layer: &Layer,
    index: usize,
    writer: &GeoJsonFeatures,
    system: System,
) -> Result<Json, ApiError> {
    let mut feature = writer.feature(layer, &layer.features[index]).map_err(anyhow::Error::from)?;
    if system == System::Epsg4326 {
        swap(&mut feature["geometry"]["coordinates"]);
    }
    Ok(feature)
}

fn swap(coordinates: &mut Json) {
    if let Some(parts) = coordinates.as_array_mut() {
        if parts.len() == 2 && parts.iter().all(Json::is_number) {
            parts.swap(0, 1);
        } else {
            parts.iter_mut().for_each(swap);
        }
    }
}

fn writer(system: System) -> Result<GeoJsonFeatures, ApiError> {
    let crs = match system {
        System::Crs84 | System::Epsg4326 => Crs::LonLat,
        System::Epsg3857 => Crs::WebMercator,
        System::Epsg27700 => Crs::Bng,
    };
    Ok(GeoJsonFeatures::new(Some(crs)).map_err(anyhow::Error::from)?)
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
    let asked = Opened::new(&state, query.as_deref(), &headers, &[ANALYSIS, ITEMS, &names])?;
    let (findings, window) = asked.layers().await?;
    let layer = find(&findings, &id)?;
    let bounds = state.lonlat_bounds().unwrap_or([-8.0, 49.0, 2.0, 61.0]);
    let selection = Selection::read(&asked.parameters, layer, bounds)?;
    let matching = selection.matching(layer, window);
    let (offset, limit) = (selection.offset, selection.limit);
    let writer = writer(selection.system)?;
    let given: Vec<Json> = matching
        .iter()
        .skip(offset)
        .take(limit)
        .map(|&index| feature(layer, index, &writer, selection.system))
        .collect::<Result<_, _>>()?;
    let base = &asked.base;
    let path = format!("/collections/{id}/items?");
    let at = |changes: &[(&str, &str)]| path.clone() + &other(query.as_deref(), changes);
    let (this, alternate) = match asked.asked.form {
        Form::Json => ((GEOJSON, "json"), ("text/html", "html")),
        Form::Html => (("text/html", "html"), (GEOJSON, "json")),
    };
    let mut links = vec![
        link(base, &at(&[("f", this.1)]), "self", this.0, "This page"),
        link(
            base,
            &at(&[("f", alternate.1)]),
            "alternate",
            alternate.0,
            "The same in another form",
        ),
        link(base, &format!("/collections/{id}"), "collection", JSON, &layer.title),
    ];
    let page = |offset: usize| {
        at(&[("f", this.1), ("limit", &limit.to_string()), ("offset", &offset.to_string())])
    };
    if offset + given.len() < matching.len() {
        links.push(link(base, &page(offset + limit), "next", this.0, "Next page"));
    }
    if offset > 0 {
        links.push(link(base, &page(offset.saturating_sub(limit)), "prev", this.0, "Page before"));
    }
    let document = json!({
        "type": "FeatureCollection",
        "numberMatched": matching.len(),
        "numberReturned": given.len(),
        "links": links,
        "features": given,
    });
    let title = format!("{}, {}", layer.title, window.label());
    Ok(with_crs(asked.reply(&title, &document)?, selection.system))
}

/// `GET /collections/{id}/items/{feature}`.
async fn item(
    State(state): State<AppState>,
    Path((id, wanted)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[ANALYSIS, &["crs"]])?;
    let system = match asked.parameters.get("crs") {
        None => System::Crs84,
        Some(uri) => System::from_uri(uri).map_err(|wrong| ApiError::parameter("crs", wrong))?,
    };
    let (findings, _) = asked.layers().await?;
    let layer = find(&findings, &id)?;
    let index =
        layer.features.iter().position(|feature| feature.id == wanted).ok_or_else(|| {
            ApiError::NotThere(format!(
                "{id} has {} features, none of this id",
                layer.features.len()
            ))
        })?;
    let mut document = feature(layer, index, &writer(system)?, system)?;
    let base = &asked.base;
    let path = format!("/collections/{id}/items/{wanted}?");
    let at = |form: &str| path.clone() + &other(query.as_deref(), &[("f", form)]);
    document["links"] = json!([
        link(base, &at("json"), "self", GEOJSON, "This feature"),
        link(base, &at("html"), "alternate", "text/html", "This feature as a page"),
        link(base, &format!("/collections/{id}"), "collection", JSON, &layer.title),
    ]);
    let title = format!("{}: {wanted}", layer.title);
    Ok(with_crs(asked.reply(&title, &document)?, system))
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/conformance", get(conformance))
        .route("/api", get(api))
        .route("/collections", get(collections))
        .route("/collections/{id}", get(describe))
        .route("/collections/{id}/queryables", get(filters))
        .route("/collections/{id}/items", get(items))
        .route("/collections/{id}/items/{feature}", get(item))
}

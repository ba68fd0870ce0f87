//! `/analyses`: the same request as `wardheat analyse`, of maps or of one statistic, run, polled,
//! cancelled and fetched.
//!
//! An analysis is named after its request and the version of the data, so asking again finds it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Map, Value as Json, json};

use crate::export::{About, SURFACE_WRITERS, WRITERS, surface_writer, write_table, writer};
use crate::pipeline::{AnalysisRequest, ScoreRequest};
use crate::server::access::client::CALLER;
use crate::server::answer::{Answer, Ended, Underway};
use crate::server::error::ApiError;
use crate::server::limits::LARGEST_BODY;
use crate::server::ogc::Base;
use crate::server::query::Parameters;
use crate::server::reply::{Keep, Rendered};
use crate::server::state::{AppState, AskedOne, Started, reasons};

/// Analyses of one client that may be under way at once.
const MOST_UNDER_WAY: usize = 4;

/// Seconds after which it is worth asking how far an analysis is.
const ASK_AGAIN: u64 = 1;

/// What an analysis answers.
fn document(id: &str, started: &Started, job: &dyn Underway, base: &Base) -> (StatusCode, Json) {
    let path = format!("/analyses/{id}");
    let (done, steps) = job.progress();
    let ended = job.ended();
    let status = match &ended {
        None => "running",
        Some(Ended::Successful(_)) => "successful",
        Some(Ended::Failed(_)) => "failed",
        Some(Ended::Dismissed) => "dismissed",
    };
    let mut body = json!({
        "id": id,
        "status": status,
        "progress": (100 * done.min(steps)).checked_div(steps).unwrap_or(0),
        "request": started.asked.request(),
        "links": [{ "href": base.address(&path), "rel": "self", "type": "application/json" }],
    });
    match &ended {
        Some(Ended::Successful(answer)) => {
            body["progress"] = 100.into();
            body["results"] = results(&path, answer, base);
            body["how_made"] = json!(answer.how_made);
            body["notes"] = json!(answer.notes);
        }
        Some(Ended::Failed(why)) => body["detail"] = why.as_str().into(),
        Some(Ended::Dismissed) | None => {}
    }
    let code = if ended.is_none() { StatusCode::ACCEPTED } else { StatusCode::OK };
    (code, body)
}

/// Every file that can be fetched.
fn results(path: &str, answer: &Answer<'_>, base: &Base) -> Json {
    let layers = answer.layers.iter().flat_map(|layer| {
        WRITERS.iter().map(move |writer| (layer.id, writer.id(), writer.media_type()))
    });
    let surfaces = answer.surfaces.iter().flat_map(|surface| {
        SURFACE_WRITERS.iter().map(move |writer| (surface.id, writer.id(), writer.media_type()))
    });
    let tables = answer.tables.iter().flat_map(|table| {
        [("csv", "text/csv; charset=utf-8"), ("json", "application/json")]
            .map(|(form, media_type)| (table.id.as_str(), form, media_type))
    });
    let link = |(name, form, media_type): (&str, &str, &str)| json!({ "href": base.address(&format!("{path}/{name}.{form}")), "type": media_type });
    layers.chain(surfaces).chain(tables).map(link).collect()
}

/// The analysis that a body asks for.
fn asked(state: &AppState, body: Map<String, Json>) -> Result<AskedOne, ApiError> {
    if body.contains_key("statistic") {
        let wrong = |error: anyhow::Error| ApiError::parameter("body", reasons(&error));
        let request = ScoreRequest::of_json(body).map_err(wrong)?;
        request.check_served().map_err(wrong)?;
        return state.ask_statistic(request);
    }
    let request: AnalysisRequest =
        serde_json::from_value(body.into()).map_err(|wrong| ApiError::parameter("body", wrong))?;
    request.check().map_err(|wrong| ApiError::parameter("body", wrong))?;
    Ok(AskedOne::Maps(state.ask(&request)?))
}

/// Starts an analysis for whoever sent these headers.
///
/// # Errors
///
/// [`ApiError::TooMany`] if too many of theirs are under way.
pub(super) fn start(
    state: &AppState,
    asked: AskedOne,
    headers: &HeaderMap,
) -> Result<(String, Arc<Started>), ApiError> {
    let caller = headers.get(CALLER).and_then(|name| name.to_str().ok()).unwrap_or_default();
    state.start(asked, caller, MOST_UNDER_WAY).map_err(|n| ApiError::TooMany {
        seconds: ASK_AGAIN,
        why: format!("{n} analyses of yours are under way, the most there may be"),
    })
}

/// `POST /analyses`: runs the request in the body; 201 where it is done already, 202 where it is
/// under way.
async fn run(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    Parameters::parse(query.as_deref(), &[])?;
    let most = usize::try_from(LARGEST_BODY).unwrap_or(usize::MAX);
    let body = axum::body::to_bytes(body, most).await.map_err(|_| ApiError::BodyTooLarge)?;
    // By way of an object: an array would be taken as settings in the order of their names.
    let body: Map<String, Json> =
        serde_json::from_slice(&body).map_err(|wrong| ApiError::parameter("body", wrong))?;
    let asked = asked(&state, body)?;
    let (id, started) = start(&state, asked, &headers)?;
    let (code, body) = document(&id, &started, &*state.work_of(&started), &Base::of(&headers));
    let code = if code == StatusCode::OK { StatusCode::CREATED } else { code };
    let mut reply = reply(code, &body)?;
    if let Ok(location) = HeaderValue::from_str(&format!("/analyses/{id}")) {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    Ok(reply)
}

fn reply(code: StatusCode, body: &Json) -> Result<Response, ApiError> {
    let bytes = serde_json::to_vec(body).map_err(anyhow::Error::from)?;
    let media_type = (header::CONTENT_TYPE, "application/json");
    let mut reply =
        (code, [media_type, (header::CACHE_CONTROL, "no-store")], bytes).into_response();
    if code == StatusCode::ACCEPTED {
        reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ASK_AGAIN));
    }
    Ok(reply)
}

fn started(state: &AppState, id: &str) -> Result<Arc<Started>, ApiError> {
    state.started(id).ok_or_else(|| {
        ApiError::NotThere("no analysis has this id: it is long done, or of other data".to_owned())
    })
}

/// `GET /analyses/{id}`: how far it is; once it is done, what can be fetched.
async fn poll(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Parameters::parse(query.as_deref(), &[])?;
    let started = started(&state, &id)?;
    let (code, body) = document(&id, &started, &*state.work_of(&started), &Base::of(&headers));
    reply(code, &body)
}

/// `DELETE /analyses/{id}`: stops it, unless others wait for the same, and forgets it.
async fn cancel(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    Parameters::parse(query.as_deref(), &[])?;
    started(&state, &id)?;
    state.let_go(&id);
    reply(StatusCode::OK, &json!({ "id": id, "status": "dismissed" }))
}

/// `GET /analyses/{id}/{name}.{form}`: a layer in the format of any writer, or a table.
async fn fetch(
    State(state): State<AppState>,
    Path((id, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Parameters::parse(query.as_deref(), &[])?;
    let started = started(&state, &id)?;
    let (name, form) = file.rsplit_once('.').unwrap_or((&file, ""));
    let (name, form) = (name.to_owned(), form.to_owned());
    let media_type = match (writer(&form), surface_writer(&form)) {
        (Some(writer), _) => writer.media_type(),
        (None, Some(writer)) => writer.media_type(),
        (None, None) => "application/json",
    };
    let draw = move |answer: &Answer<'_>| written(answer, &name, form);
    let rendered = state.fetched(&started, format!("result {file}"), draw).await?;
    Ok(rendered.reply(&headers, media_type, Keep::Check))
}

/// One file of an answer.
fn written(answer: &Answer<'_>, name: &str, form: String) -> Result<Rendered, ApiError> {
    let mut bytes = Vec::new();
    let about = About { how_made: answer.how_made, notes: answer.notes, crs: None };
    let unknown =
        |form: String, known: Vec<&'static str>| Err(ApiError::unknown("form", form, known));
    if let Some(layer) = answer.layers.iter().find(|layer| layer.id == name) {
        let Some(writer) = writer(&form) else {
            return unknown(form, WRITERS.iter().map(|writer| writer.id()).collect());
        };
        writer.write(layer, about, &mut bytes).map_err(anyhow::Error::from)?;
    } else if let Some(surface) = answer.surfaces.iter().find(|surface| surface.id == name) {
        let Some(writer) = surface_writer(&form) else {
            return unknown(form, SURFACE_WRITERS.iter().map(|writer| writer.id()).collect());
        };
        writer.write(surface, about, &mut bytes).map_err(anyhow::Error::from)?;
    } else if let Some(table) = answer.tables.iter().find(|table| table.id == name) {
        match form.as_str() {
            "csv" => write_table(table, &mut bytes).map_err(anyhow::Error::from)?,
            "json" => serde_json::to_writer(&mut bytes, table).map_err(anyhow::Error::from)?,
            _ => return unknown(form, vec!["csv", "json"]),
        }
    } else {
        let layers = answer.layers.iter().map(|layer| layer.id);
        let surfaces = answer.surfaces.iter().map(|surface| surface.id);
        let tables = answer.tables.iter().map(|table| table.id.as_str());
        let known = layers.chain(surfaces).chain(tables);
        return Err(ApiError::unknown("result", name.to_owned(), known));
    }
    Ok(Rendered::new(bytes))
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/analyses", post(run))
        .route("/analyses/{id}", get(poll).delete(cancel))
        .route("/analyses/{id}/{file}", get(fetch))
}

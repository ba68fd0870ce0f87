//! `/analyses`: the same request as `wardheat analyse`, run, polled, cancelled and fetched.
//!
//! An analysis is named after its request and the version of the data, so asking again finds it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Value as Json, json};

use super::tables;
use crate::export::{About, WRITERS, write_table, writer};
use crate::layer::Findings;
use crate::pipeline::AnalysisRequest;
use crate::server::access::client::CALLER;
use crate::server::error::ApiError;
use crate::server::job::Outcome;
use crate::server::limits::LARGEST_BODY;
use crate::server::ogc::Base;
use crate::server::query::Parameters;
use crate::server::reply::{Keep, Rendered};
use crate::server::state::{AppState, Started};

/// Analyses of one client that may be under way at once.
const MOST_UNDER_WAY: usize = 4;

/// Seconds after which it is worth asking how far an analysis is.
const ASK_AGAIN: u64 = 1;

/// What an analysis answers.
fn document(id: &str, started: &Started, base: &Base) -> (StatusCode, Json) {
    let path = format!("/analyses/{id}");
    let (done, steps) = started.job.progress();
    let (status, detail) = match started.job.outcome() {
        None => ("running", None),
        Some(Outcome::Found(_)) => ("successful", None),
        Some(Outcome::Unanswerable(why)) => ("failed", Some(why.clone())),
        Some(Outcome::Stopped) => ("dismissed", None),
        Some(Outcome::Busy) => ("failed", Some("too much was waiting; ask again".to_owned())),
        Some(Outcome::Panicked) => {
            ("failed", Some("the cause is in the log of the server".to_owned()))
        }
    };
    let mut body = json!({
        "id": id,
        "status": status,
        "progress": (100 * done.min(steps)).checked_div(steps).unwrap_or(0),
        "request": started.asked.request(),
        "links": [{ "href": base.address(&path), "rel": "self", "type": "application/json" }],
    });
    if let Some(detail) = detail {
        body["detail"] = detail.into();
    }
    if let Some(Outcome::Found(findings)) = started.job.outcome() {
        body["results"] = results(&path, findings, base);
        body["how_made"] = json!(findings.how_made);
        body["notes"] = json!(findings.notes);
    }
    let code = if status == "running" { StatusCode::ACCEPTED } else { StatusCode::OK };
    (code, body)
}

/// Every file that can be fetched.
fn results(path: &str, findings: &Findings, base: &Base) -> Json {
    let layers = findings.layers.iter().flat_map(|layer| {
        WRITERS.iter().map(move |writer| (layer.id, writer.id(), writer.media_type()))
    });
    let tables = findings.tables.iter().flat_map(|table| {
        [("csv", "text/csv; charset=utf-8"), ("json", "application/json")]
            .map(|(form, media_type)| (table.id.as_str(), form, media_type))
    });
    let link = |(name, form, media_type): (&str, &str, &str)| json!({ "href": base.address(&format!("{path}/{name}.{form}")), "type": media_type });
    layers.chain(tables).map(link).collect()
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
    let body: serde_json::Map<String, Json> =
        serde_json::from_slice(&body).map_err(|wrong| ApiError::parameter("body", wrong))?;
    let request: AnalysisRequest =
        serde_json::from_value(body.into()).map_err(|wrong| ApiError::parameter("body", wrong))?;
    request.check().map_err(|wrong| ApiError::parameter("body", wrong))?;
    let asked = state.ask(&request)?;
    let caller = headers.get(CALLER).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let (id, started) = state.start(asked, caller, MOST_UNDER_WAY).map_err(|n| {
        let why = format!("{n} analyses of yours are under way, the most there may be");
        ApiError::TooMany { seconds: ASK_AGAIN, why }
    })?;
    let (code, body) = document(&id, &started, &Base::of(&headers));
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
    let (code, body) = document(&id, &*started(&state, &id)?, &Base::of(&headers));
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
    if started.job.outcome().is_none() {
        return Err(ApiError::Unready);
    }
    let (name, form) = file.rsplit_once('.').unwrap_or((&file, ""));
    let (name, form) = (name.to_owned(), form.to_owned());
    let media_type = writer(&form).map_or("application/json", |writer| writer.media_type());
    let draw = move |findings: &Findings, _: &_| {
        let mut bytes = Vec::new();
        match (findings.layer(&name), findings.table(&name), form.as_str()) {
            (Some(layer), ..) => {
                let known = WRITERS.iter().map(|writer| writer.id());
                let writer = writer(&form).ok_or_else(|| ApiError::unknown("form", form, known))?;
                let (how_made, notes) = (&findings.how_made, &findings.notes);
                let about = About { how_made, notes, crs: None };
                writer.write(layer, about, &mut bytes).map_err(anyhow::Error::from)?;
            }
            (None, Some(table), "csv") => {
                write_table(table, &mut bytes).map_err(anyhow::Error::from)?;
            }
            (None, Some(table), "json") => {
                serde_json::to_writer(&mut bytes, table).map_err(anyhow::Error::from)?;
            }
            (None, Some(_), _) => return Err(ApiError::unknown("form", form, ["csv", "json"])),
            (None, None, _) => {
                return Err(ApiError::unknown("result", name, tables::ids(findings)));
            }
        }
        Ok(Rendered::new(bytes))
    };
    let rendered = state.rendered(&started.asked, format!("result {file}"), draw).await?;
    Ok(rendered.reply(&headers, media_type, Keep::Check))
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/analyses", post(run))
        .route("/analyses/{id}", get(poll).delete(cancel))
        .route("/analyses/{id}/{file}", get(fetch))
}

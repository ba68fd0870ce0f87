//! `/statistics`: what `/analyses` can be asked to run on its own, with every option.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value as Json, json};

use super::forms::{JSON, Opened};
use crate::server::error::ApiError;
use crate::server::ogc::{Base, link};
use crate::server::state::AppState;
use crate::stats::{AnyStatistic, STATISTICS, statistic};

/// What there is to know of a statistic before it is run.
fn document(statistic: &dyn AnyStatistic, base: &Base) -> Json {
    let elsewhere = statistic.equivalents().iter();
    let elsewhere: Vec<Json> =
        elsewhere.map(|(tool, name)| json!({ "tool": tool, "name": name })).collect();
    json!({
        "id": statistic.id(),
        "title": statistic.label(),
        "description": statistic.about(),
        "units": statistic.units(),
        "options": statistic.options(),
        "elsewhere": elsewhere,
        "links": [
            link(base, &format!("/statistics/{}", statistic.id()), "self", JSON, statistic.label()),
        ],
    })
}

/// `GET /statistics`.
async fn all(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let base = &asked.base;
    let documents: Vec<Json> = STATISTICS.iter().map(|one| document(*one, base)).collect();
    let document = json!({
        "statistics": documents,
        "links": [link(base, "/statistics", "self", JSON, "Statistics")],
    });
    asked.answer("Statistics", &document, JSON)
}

/// `GET /statistics/{id}`.
async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let asked = Opened::new(&state, query.as_deref(), &headers, &[])?;
    let known = || STATISTICS.iter().map(|one| one.id());
    let found = statistic(&id).ok_or_else(|| ApiError::unknown("statistic", id, known()))?;
    asked.answer(found.label(), &document(found, &asked.base), JSON)
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/statistics", get(all)).route("/statistics/{id}", get(one))
}

//! `/meetings`, `/meetings/chair`, `/meetings/public` and `/meetings/plan.{form}`: where and when to
//! meet the public.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use maud::Markup;

use super::page::{reply, site};
use super::split_file;
use crate::audience::Audience;
use crate::export::{meetings_geojson, meetings_ics, write_table};
use crate::pipeline::MeetingsPlan;
use crate::server::error::ApiError;
use crate::server::html::{MeetingsAsk, Site, chair_page, meetings_page, public_page};
use crate::server::reply::{Keep, Rendered};
use crate::server::state::AppState;
use crate::store::Dataset;

/// Forms of a plan that may be downloaded.
const FORMS: &[(&str, &str)] = &[
    ("csv", "text/csv; charset=utf-8"),
    ("json", "application/json"),
    ("ics", "text/calendar; charset=utf-8"),
    ("geojson", "application/geo+json"),
];

/// Forms without a figure of need.
const PUBLIC_FORMS: &[(&str, &str)] =
    &[("ics", "text/calendar; charset=utf-8"), ("geojson", "application/geo+json")];

/// The plan that an address asks for.
async fn asked(
    state: &AppState,
    query: Option<&str>,
) -> Result<(MeetingsAsk, Arc<MeetingsPlan>), ApiError> {
    let (ask, _) = MeetingsAsk::parse(query, state.dataset(), &[])?;
    let plan = state.meetings(ask.request()).await?;
    Ok((ask, plan))
}

/// Whether the data were made for the public: then a plan is shown without need.
fn is_public(state: &AppState) -> bool {
    let disclosure = state.dataset().provenance.disclosure.as_ref();
    disclosure.is_some_and(|made| made.rule.audience == Audience::Public)
}

/// A page drawn from the plan that the address asks for.
async fn drawn(
    state: &AppState,
    query: Option<&str>,
    headers: &HeaderMap,
    draw: fn(&Site<'_>, &MeetingsAsk, &MeetingsPlan, &Dataset) -> Markup,
) -> Response {
    let page = asked(state, query).await;
    let page = page.map(|(ask, plan)| draw(&site(state), &ask, &plan, state.dataset()));
    reply(state, headers, page)
}

/// `GET /meetings`: need, halls and days, each with its reasons; for the public the public page.
async fn meetings(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let draw = if is_public(&state) { public_page } else { meetings_page };
    drawn(&state, query.as_deref(), &headers, draw).await
}

/// `GET /meetings/chair`: the same on one sheet of A4.
async fn chair(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if is_public(&state) {
        return ApiError::NoRoute.into_response();
    }
    drawn(&state, query.as_deref(), &headers, chair_page).await
}

/// `GET /meetings/public`: planned meetings without a figure of need.
async fn public(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    drawn(&state, query.as_deref(), &headers, public_page).await
}

/// `GET /meetings/plan.{form}`: `.csv` and `.json` with reasons, `.ics` and `.geojson` for the
/// public.
async fn plan(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let forms = if is_public(&state) { PUBLIC_FORMS } else { FORMS };
    let (name, form, media_type) = split_file(&file, forms)?;
    if name != "plan" {
        return Err(ApiError::unknown("file of a plan", file, ["plan.csv", "plan.ics"]));
    }
    let (_, plan) = asked(&state, query.as_deref()).await?;
    let data = state.dataset();
    let mut bytes = Vec::new();
    match form {
        "csv" => write_table(&plan.shortlist(data), &mut bytes).map_err(anyhow::Error::from)?,
        "ics" => meetings_ics(&plan.events(data), &mut bytes).map_err(anyhow::Error::from)?,
        "geojson" => {
            meetings_geojson(&plan.events(data), &mut bytes).map_err(anyhow::Error::from)?;
        }
        _ => bytes = plan.json(data)?,
    }
    Ok(Rendered::new(bytes).reply(&headers, media_type, Keep::Check))
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/meetings", get(meetings))
        .route("/meetings/chair", get(chair))
        .route("/meetings/public", get(public))
        .route("/meetings/{file}", get(plan))
}

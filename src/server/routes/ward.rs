//! `/wards/{code}`: the page of one ward, and its figures as files.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use jiff::Zoned;
use serde_json::json;

use crate::export::{About, write_table, write_workbook, writer};
use crate::layer::{Findings, Layer};
use crate::pipeline::WardProfile;
use crate::server::english::files as say;
use crate::server::error::ApiError;
use crate::server::html::{latest, ward_page};
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::{AppState, Asked};
use crate::table::Table;
use crate::time::WindowSpec;

use super::page::{choice, reply, site};
use super::split_file;

/// Forms of a ward's figures, with their media types.
const FORMS: &[(&str, &str)] = &[
    ("csv", "text/csv; charset=utf-8"),
    ("json", "application/json"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("geojson", "application/geo+json"),
];

/// Name of the file that holds all tables of a ward.
const ALL: &str = "figures";
/// Name of the file that holds the ward as a place.
const PLACE: &str = "ward";

/// The analysis asked for; the latest three months where none are named.
fn asked(state: &AppState, parameters: &Parameters) -> Result<Asked, ApiError> {
    let mut request = parameters.analysis()?;
    if parameters.get("from").is_none()
        && parameters.get("window").is_none()
        && let Some(held) = state.months()
    {
        request.window = WindowSpec::Months(latest(held));
    }
    state.ask(&request)
}

async fn profile(
    state: &AppState,
    code: &str,
    parameters: &Parameters,
) -> Result<Arc<WardProfile>, ApiError> {
    let asked = asked(state, parameters)?;
    // The one thing on the page that is not in the data: which meeting is the next.
    let today = Zoned::now().date();
    let profile = state.ward_profile(&asked, code, today).await?;
    profile.ok_or_else(|| ApiError::unknown("ward", code, []))
}

/// `GET /wards/{code}`: one ward, by every kind of record.
async fn page(
    State(state): State<AppState>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let page = async {
        let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS])?;
        let choice = choice(&asked(&state, &parameters)?)?;
        let profile = profile(&state, &code, &parameters).await?;
        Ok(ward_page(&site(&state), &choice, &profile))
    };
    let page = page.await;
    reply(&state, &headers, page)
}

/// `GET /wards/{code}/{file}`: `kinds`, `places`, `months` or `hours` as CSV or JSON, `figures` with
/// all of them as JSON or XLSX, `ward.geojson` with the ward's outline and the figures of the choice.
async fn file(
    State(state): State<AppState>,
    Path((code, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, form, media_type) = split_file(&file, FORMS)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS])?;
    let rendered = if form == "geojson" {
        if id != PLACE {
            return Err(ApiError::unknown("file", file, ["ward.geojson"]));
        }
        place(&state, &code, &parameters).await?
    } else {
        let profile = profile(&state, &code, &parameters).await?;
        Rendered::new(figures(&profile, id, form)?)
    };
    let mut reply = rendered.reply(&headers, media_type, state.keep(&parameters));
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain
        && form != "json"
        && let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{code}-{file}\""))
    {
        reply.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(reply)
}

/// The tables of a profile in a form.
fn figures(profile: &WardProfile, id: &str, form: &str) -> Result<Vec<u8>, ApiError> {
    let tables = profile.tables();
    let named = tables.iter().find(|table| table.id == id);
    let known = || tables.iter().map(|table| table.id.as_str()).chain([ALL]);
    match (form, named) {
        ("xlsx", _) if id == ALL => {
            Ok(write_workbook(&tables, &about(profile)).map_err(anyhow::Error::from)?)
        }
        ("json", _) if id == ALL => json_of(profile, &tables),
        ("csv", Some(table)) => {
            let mut bytes = Vec::new();
            write_table(table, &mut bytes).map_err(anyhow::Error::from)?;
            Ok(bytes)
        }
        ("json", Some(table)) => Ok(serde_json::to_vec(table).map_err(anyhow::Error::from)?),
        _ => Err(ApiError::unknown("table", id, known())),
    }
}

fn json_of(profile: &WardProfile, tables: &[Table]) -> Result<Vec<u8>, ApiError> {
    let body = json!({
        "code": profile.code,
        "name": profile.name,
        "type": profile.types.to_string(),
        "window": profile.window.to_string(),
        "tables": tables,
    });
    Ok(serde_json::to_vec(&body).map_err(anyhow::Error::from)?)
}

fn about(profile: &WardProfile) -> Vec<(String, String)> {
    [
        (say::WARD, say::ward(&profile.name, &profile.code)),
        (say::OF_WHICH, profile.types.label().to_owned()),
        (say::WINDOW, profile.window.label()),
        (say::RATES[0], say::RATES[1].to_owned()),
        (say::EXPECTED[0], say::EXPECTED[1].to_owned()),
        ("wardheat", env!("CARGO_PKG_VERSION").to_owned()),
    ]
    .map(|(what, text)| (what.to_owned(), text))
    .into()
}

/// The ward's feature of the layer of wards.
async fn place(
    state: &AppState,
    code: &str,
    parameters: &Parameters,
) -> Result<Rendered, ApiError> {
    let asked = asked(state, parameters)?;
    let code = code.to_owned();
    let what = format!("ward {code} geojson");
    let draw = move |findings: &Findings, _: &_| {
        let wards = findings.layer("wards").ok_or(ApiError::NoRoute)?;
        let own = wards.features.iter().find(|ward| ward.id == code);
        let own = own.ok_or_else(|| ApiError::unknown("ward", code.as_str(), []))?;
        let layer = Layer { features: vec![own.clone()], ..wards.clone() };
        let writer = writer("geojson").ok_or(ApiError::NoRoute)?;
        let about = About { how_made: &findings.how_made, notes: &findings.notes, crs: None };
        let mut bytes = Vec::new();
        writer.write(&layer, about, &mut bytes).map_err(anyhow::Error::from)?;
        Ok(Rendered::new(bytes))
    };
    state.rendered(&asked, what, draw).await
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/wards/{code}", get(page)).route("/wards/{code}/{file}", get(file))
}

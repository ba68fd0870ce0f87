//! `/`, `/wards` and `/data`: the pages.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::Markup;

use super::{assets, ogc};
use crate::pipeline::AnalysisRequest;
use crate::server::error::ApiError;
use crate::server::html::{
    Choice, Found, Picked, Show, Site, Sort, data_page, map_page, trouble_page, wards_page,
};
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::{Keep, Rendered};
use crate::server::state::{AppState, Asked};
use crate::time::WindowSpec;

const HTML: &str = "text/html; charset=utf-8";

/// Parameters of the map page beside those of the analysis.
const MAP: &[&str] = &["show", "hotspots", "names", "sort", "ward", "hotspot"];

/// Parameters of the page of all wards beside those of the analysis.
const WARDS: &[&str] = &["sort", "find"];

/// What every page says of the data.
pub(in crate::server) fn site(state: &AppState) -> Site<'_> {
    let dataset = state.dataset();
    Site {
        area: &dataset.name,
        fictional: dataset.fictional,
        attribution: &dataset.provenance.attribution,
        months: state.months(),
        priorities: &dataset.priorities,
        streets: !dataset.streets.is_empty(),
        halls: !dataset.venues.is_empty(),
        bounds: state.lonlat_bounds(),
        version: state.version(),
        assets: assets::version(),
        live: assets::has_live_map(),
    }
}

/// What the address asks for, its window found in the data, and the analysis that answers it.
fn read(state: &AppState, parameters: &Parameters) -> Result<(Choice, AnalysisRequest), ApiError> {
    let asked = state.ask(&parameters.analysis()?)?;
    let mut choice = choice(&asked)?;
    if let Some(id) = parameters.get("show") {
        let known = Show::ALL.map(Show::id).join(", ");
        choice.show = Show::from_id(id)
            .ok_or_else(|| ApiError::parameter("show", format!("unknown (there are: {known})")))?;
        // A form sends the boxes that are ticked; beside `show`, one that is missing is off.
        choice.hotspots = parameters.get("hotspots").is_some();
        choice.names = parameters.get("names").is_some();
    }
    if let Some(id) = parameters.get("sort") {
        let known = Sort::ALL.map(Sort::id).join(", ");
        choice.sort = Sort::from_id(id)
            .ok_or_else(|| ApiError::parameter("sort", format!("unknown (there are: {known})")))?;
    }
    choice.picked = match (parameters.get("ward"), parameters.get("hotspot")) {
        (Some(code), _) => Some(Picked::Ward(code.to_owned())),
        (None, Some(number)) => Some(Picked::Hotspot(number.parse().map_err(|_| {
            ApiError::parameter("hotspot", "wanted the number of a hotspot, such as 1")
        })?)),
        (None, None) => None,
    };
    Ok((choice, asked.request().clone()))
}

/// The choice of records and months of an analysis, everything else as at first.
pub(super) fn choice(asked: &Asked) -> Result<Choice, ApiError> {
    let request = asked.request();
    let WindowSpec::Months(window) = request.window else {
        return Err(anyhow::anyhow!("a window was left open: {}", request.window).into());
    };
    Ok(Choice::new(request.crime_types, window, request.source.clone()))
}

/// A page, or the reason why there is none, in words.
pub(super) fn reply(
    state: &AppState,
    headers: &HeaderMap,
    page: Result<Markup, ApiError>,
) -> Response {
    match page {
        Ok(page) => Rendered::new(page.into_string()).reply(headers, HTML, Keep::Check),
        Err(error) => trouble(state, error),
    }
}

fn trouble(state: &AppState, error: ApiError) -> Response {
    let (title, reasons) = match &error {
        ApiError::InvalidParameters(wrong) => (
            "This address cannot be read",
            wrong.iter().map(|w| format!("{}: {}.", w.name, w.reason)).collect(),
        ),
        ApiError::Unknown { kind, id, .. } => {
            ("Nothing is here", vec![format!("There is no {kind} {id} in these data.")])
        }
        ApiError::Unanswerable(why) => ("The data cannot answer this", vec![format!("{why}.")]),
        ApiError::Busy | ApiError::TooSlow => (
            "Busy at the moment",
            vec!["Too much is being worked out at once. Load this page again in a moment.".into()],
        ),
        _ => (
            "Something went wrong here",
            vec!["The data are unharmed. The server's log holds the cause.".into()],
        ),
    };
    let page = trouble_page(&site(state), title, &reasons);
    let mut reply = error.into_response();
    let headers = reply.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(HTML));
    let (parts, _) = reply.into_parts();
    let mut reply = Response::from_parts(parts, page.into_string().into());
    // The body is a page already: nothing further out may write the problem over it.
    reply.extensions_mut().clear();
    reply
}

/// `GET /`: the map page; the landing page of the API for programs that ask for JSON.
async fn map(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if ogc::wants_document(query.as_deref(), &headers) {
        return ogc::landing(&state, query.as_deref(), &headers)
            .unwrap_or_else(IntoResponse::into_response);
    }
    let page = async {
        let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, MAP, &["f"]])?;
        let (choice, request) = read(&state, &parameters)?;
        let findings = state.findings(&request).await?;
        Ok(map_page(&site(&state), &choice, &findings))
    };
    let page = page.await;
    reply(&state, &headers, page)
}

/// `GET /wards`: all wards.
async fn wards(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let page = async {
        let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, WARDS])?;
        let (choice, request) = read(&state, &parameters)?;
        let findings = state.findings(&request).await?;
        let codes = parameters.get("find").map(|text| state.names().wards(text));
        let found = parameters.get("find").zip(codes.as_deref());
        let found = found.map(|(text, codes)| Found { text, codes });
        Ok(wards_page(&site(&state), &choice, &findings, found))
    };
    let page = page.await;
    reply(&state, &headers, page)
}

/// `GET /data`: what the import said of the quality of the data.
async fn data(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let page = Parameters::parse(query.as_deref(), &[]).map(|_| {
        let wards = state.dataset().layers.iter().find(|layer| layer.kind == "ward");
        data_page(&site(&state), state.quality(), wards)
    });
    reply(&state, &headers, page)
}

/// `GET /favicon.ico`: browsers ask for it whatever the page says.
async fn favicon() -> impl IntoResponse {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/assets/icon.svg")])
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(map))
        .route("/wards", get(wards))
        .route("/data", get(data))
        .route("/favicon.ico", get(favicon))
}

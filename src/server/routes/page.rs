//! `/`, `/wards` and `/data`: the pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Zoned;
use maud::Markup;

use super::area::{AREA, area_of, outline};
use super::{assets, forms, ogc};
use crate::pipeline::{AnalysisRequest, AreaChoice, LAYER_OPTIONS, OwnArea};
use crate::render::legend::{Legend, heat_legend_of};
use crate::server::english::parameter::unknown;
use crate::server::error::{ApiError, Problem};
use crate::server::heat::HEAT;
use crate::server::html::{
    Choice, Found, HALF, Own, Picked, Show, Shown, Site, Sort, accessibility_page, data_page,
    map_page, trouble_page, wards_page,
};
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::{Keep, Rendered};
use crate::server::state::{AppState, Asked};
use crate::time::WindowSpec;

const HTML: &str = "text/html; charset=utf-8";

/// Parameters of the map page beside those of the analysis.
const MAP: &[&str] = &[
    "show", "hotspots", "names", "clusters", "venues", "as", "at", "find", "sort", "ward",
    "hotspot", "unit", "split",
];

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
        today: Zoned::now().date(),
        priorities: &dataset.priorities,
        sources: state.sources(),
        more: state.more_ids(),
        streets: !dataset.streets.is_empty(),
        timed: state.has_times(),
        statistics: state.offers_statistics(),
        halls: !dataset.venues.is_empty(),
        basemap: state.basemap().is_some(),
        cells: state.cells(),
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
        choice.show =
            Show::from_id(id).ok_or_else(|| ApiError::parameter("show", unknown(&known)))?;
        // A form sends the boxes that are ticked; beside `show`, one that is missing is off.
        choice.hotspots = parameters.get("hotspots").is_some();
        choice.names = parameters.get("names").is_some();
        choice.clusters = parameters.get("clusters").is_some();
        choice.venues = parameters.get("venues").is_some();
    }
    let heat = state.ask_heat(parameters)?.request;
    choice.against = heat.against;
    choice.swipe = match parameters.get("as") {
        None | Some("difference") => false,
        Some("swipe") => true,
        Some(_) => return Err(ApiError::parameter("as", "wanted difference or swipe")),
    };
    choice.split = parameters.whole("split", HALF, 0..=100)?;
    choice.options = layer_options(parameters);
    choice.area = area_of(parameters)?;
    choice.find = parameters.get("find").map(str::to_owned);
    choice.at = parameters.get("at").map(at).transpose()?;
    if let Some(id) = parameters.get("sort") {
        let known = Sort::ALL.map(Sort::id).join(", ");
        choice.sort =
            Sort::from_id(id).ok_or_else(|| ApiError::parameter("sort", unknown(&known)))?;
    }
    choice.picked = picked(parameters)?;
    Ok((choice, asked.request().clone()))
}

/// The place that the address marks; the first of several.
fn picked(parameters: &Parameters) -> Result<Option<Picked>, ApiError> {
    if let Some(code) = parameters.get("ward") {
        return Ok(Some(Picked::Ward(code.to_owned())));
    }
    if let Some(id) = parameters.get("unit") {
        return Ok(Some(Picked::Unit(id.to_owned())));
    }
    let number = parameters.get("hotspot").map(str::parse).transpose();
    let wrong = |_| ApiError::parameter("hotspot", "wanted the number of a hotspot, such as 1");
    Ok(number.map_err(wrong)?.map(Picked::Hotspot))
}

/// The choice of records and months of an analysis, everything else as at first.
pub(super) fn choice(asked: &Asked) -> Result<Choice, ApiError> {
    let request = asked.request();
    let WindowSpec::Months(window) = request.window else {
        return Err(anyhow::anyhow!("a window was left open: {}", request.window).into());
    };
    let choice = Choice::new(request.crime_types, window, request.source.clone());
    Ok(Choice { method: asked.method(), hours: request.hours, ..choice })
}

/// Options of layers among the parameters.
pub(super) fn layer_options(parameters: &Parameters) -> Vec<(&'static str, String)> {
    let given = |name: &&'static str| Some((*name, parameters.get(name)?.to_owned()));
    LAYER_OPTIONS.iter().filter_map(given).collect()
}

/// Longitude, latitude and zoom, checked and written short.
fn at(text: &str) -> Result<String, ApiError> {
    let wrong = || ApiError::parameter("at", "wanted longitude,latitude,zoom");
    let numbers: Vec<f64> =
        text.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    match numbers.as_slice() {
        [lon, lat, zoom]
            if lon.abs() <= 180.0 && lat.abs() <= 90.0 && (0.0..=22.0).contains(zoom) =>
        {
            Ok(format!("{lon:.5},{lat:.5},{zoom:.2}"))
        }
        _ => Err(wrong()),
    }
}

/// A page, or the reason why there is none, in words.
pub(super) fn reply(
    state: &AppState,
    headers: &HeaderMap,
    page: Result<Markup, ApiError>,
) -> Response {
    match page {
        Ok(page) => Rendered::new(page.into_string()).reply(headers, HTML, Keep::Check),
        Err(error) => in_words(state, error.into_response()),
    }
}

/// The page for people in place of a refusal for programs.
pub(in crate::server) fn in_words(state: &AppState, refusal: Response) -> Response {
    let (mut parts, body) = refusal.into_parts();
    let Some(problem) = parts.extensions.get::<Problem>() else {
        return Response::from_parts(parts, body);
    };
    let (title, reasons) = &problem.in_words;
    let page = trouble_page(&site(state), title, reasons);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(HTML));
    // The body is a page already: nothing further out may write the problem over it.
    parts.extensions.remove::<Problem>();
    Response::from_parts(parts, page.into_string().into())
}

/// `GET /`: the map page; the landing page of the API for programs that ask for JSON.
async fn map(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if forms::wants_document(query.as_deref(), &headers) {
        return ogc::landing(&state, query.as_deref(), &headers)
            .unwrap_or_else(IntoResponse::into_response);
    }
    let page = async {
        let parameters = Parameters::parse(
            query.as_deref(),
            &[ANALYSIS, MAP, HEAT, LAYER_OPTIONS, AREA, &["f"]],
        )?;
        let (choice, request) = read(&state, &parameters)?;
        let heat = heat(&state, &choice, &parameters).await?;
        let findings = state.findings(&request).await?;
        let found = choice.find.as_deref().map(|text| state.names().find(text));
        let area = match &choice.area {
            None => None,
            Some(area) => Some(own(&state, &request, area).await?),
        };
        let own = area.as_ref().map(|area| match area {
            Ok((area, outline)) => Own::Found(area, outline),
            Err(why) => Own::Refused(why),
        });
        let shown = Shown { findings: &findings, heat: heat.as_ref(), found, own };
        Ok(map_page(&site(&state), &choice, &shown))
    };
    let page = page.await;
    reply(&state, &headers, page)
}

/// An area with its outline, or why it has no figures: the rest of the page stands either way.
type Answer = Result<(Arc<OwnArea>, serde_json::Value), String>;

async fn own(
    state: &AppState,
    request: &AnalysisRequest,
    area: &AreaChoice,
) -> Result<Answer, ApiError> {
    match state.own_area(&state.ask(request)?, area).await {
        Ok(area) => {
            let outline = outline(&area);
            Ok(Ok((area, outline)))
        }
        Err(ApiError::Unanswerable(why)) => Ok(Err(why)),
        Err(error) => Err(error),
    }
}

/// The legend of heat that is of some hours or a difference; that of the findings is of neither.
async fn heat(
    state: &AppState,
    choice: &Choice,
    parameters: &Parameters,
) -> Result<Option<Legend>, ApiError> {
    // Side by side, each half is heat of its own months and no difference.
    let against = choice.against.filter(|_| !choice.swipe);
    if against.is_none() && choice.hours.is_all() {
        return Ok(None);
    }
    let asked =
        state.ask_heat(&parameters.without(if choice.swipe { &["against"] } else { &[] }))?;
    let heat = state.heat(&asked).await?;
    let (words, caption) = heat.words();
    Ok(Some(heat_legend_of(heat.scale(), words, caption)))
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
        data_page(&site(&state), state.last_import(), &state.dataset().provenance, wards)
    });
    reply(&state, &headers, page)
}

/// `GET /accessibility`: the statement that public bodies must give.
async fn accessibility(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let page = Parameters::parse(query.as_deref(), &[]).map(|_| accessibility_page(&site(&state)));
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
        .route("/map", get(map))
        .route("/accessibility", get(accessibility))
        .route("/favicon.ico", get(favicon))
}

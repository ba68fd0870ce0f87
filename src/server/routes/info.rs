//! `/info`: what the data are, for the page's choices and captions.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use crate::incident::{CrimeTypes, Group};
use crate::server::error::ApiError;
use crate::server::query::Parameters;
use crate::server::reply::{Keep, Rendered};
use crate::server::state::AppState;
use crate::time::{Month, Window, WindowSpec};

/// What the data are.
#[derive(Debug, Serialize)]
struct Info<'a> {
    /// Name of the study area.
    area: &'a str,
    /// Whether the data are invented.
    fictional: bool,
    /// Version to put into addresses as `v`.
    version: &'a str,
    /// Version of the dataset alone.
    dataset: &'a str,
    /// Version of wardheat.
    wardheat: &'static str,
    /// First month of the data.
    first: Option<Month>,
    /// Last month of the data.
    last: Option<Month>,
    /// Months that an analysis takes when none are asked for.
    latest: Option<Window>,
    /// Presets of the window that the data cover, with their months.
    windows: Vec<WindowChoice>,
    /// Choices of crime type that have incidents.
    types: Vec<TypeChoice>,
    /// Names of the sources of incidents.
    sources: &'a [String],
    /// Number of incidents.
    incidents: usize,
    /// Lines of attribution that must be shown.
    attribution: &'a [String],
    /// West, south, east and north in degrees; absent without a study area.
    bounds: Option<[f64; 4]>,
    /// Whether the data hold streets to draw.
    streets: bool,
}

#[derive(Debug, Serialize)]
struct WindowChoice {
    id: WindowSpec,
    window: Window,
    label: String,
}

#[derive(Debug, Serialize)]
struct TypeChoice {
    id: CrimeTypes,
    label: &'static str,
    group: Option<Group>,
    base: &'static str,
    count: usize,
}

/// `GET /info`: name, months, crime types with counts, version and attribution of the data.
async fn info(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Parameters::parse(query.as_deref(), &[])?;
    let body = serde_json::to_vec(&describe(&state)).map_err(anyhow::Error::from)?;
    Ok(Rendered::new(body).reply(&headers, "application/json", Keep::Check))
}

fn describe(state: &AppState) -> Info<'_> {
    let dataset = state.dataset();
    let months = state.months();
    let resolve = |spec: WindowSpec| months.and_then(|months| spec.resolve(months).ok());
    Info {
        area: &dataset.name,
        fictional: dataset.fictional,
        version: state.version(),
        dataset: &dataset.version,
        wardheat: env!("CARGO_PKG_VERSION"),
        first: months.map(Window::first),
        last: months.map(Window::last),
        latest: resolve(WindowSpec::Latest),
        windows: [
            WindowSpec::Latest,
            WindowSpec::OctSep,
            WindowSpec::JanDec,
            WindowSpec::AprMar,
            WindowSpec::All,
        ]
        .into_iter()
        .filter_map(|id| resolve(id).map(|w| WindowChoice { id, window: w, label: w.label() }))
        .collect(),
        types: state.type_counts().iter().map(type_choice).collect(),
        sources: state.sources(),
        incidents: dataset.incidents.len(),
        attribution: &dataset.provenance.attribution,
        bounds: state.lonlat_bounds(),
        streets: !dataset.streets.is_empty(),
    }
}

fn type_choice(&(id, count): &(CrimeTypes, usize)) -> TypeChoice {
    let group = match id {
        CrimeTypes::All | CrimeTypes::Priority(_) | CrimeTypes::Named(_) => None,
        CrimeTypes::Family(group) => Some(group),
        CrimeTypes::One(one) => Some(one.get().group),
    };
    TypeChoice { id, label: id.label(), group, base: id.base().noun(), count }
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/info", get(info))
}

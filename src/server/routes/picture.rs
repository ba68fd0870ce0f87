//! `/map.svg` and `/map.png`: the map drawn here, for pages without script and for documents.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::geometry::Shape;
use crate::layer::Findings;
use crate::render::picture::{self, Picture};
use crate::render::{Letters, bitmap, sheet};
use crate::server::error::ApiError;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;
use crate::store::Dataset;

/// Parameters of a picture, beside those of its analysis.
const PICTURE: &[&str] = &["scheme", "show", "width", "height", "legend", "ward", "sheet"];

/// `GET /map.svg`: the map as a drawing.
async fn svg(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    draw(&state, query.as_deref(), &headers, Letters::Weights).await
}

/// `GET /map.png`: the same as pixels, two to each of the drawing's own.
async fn png(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    draw(&state, query.as_deref(), &headers, Letters::Outlined).await
}

/// Pixels of a PNG to each of its drawing, so that letters are sharp on any screen and in print.
const DENSITY: u32 = 2;

/// A drawing as wide as this holds its own legend unless told otherwise; a smaller one stands
/// beside the legend of a page.
const ROOMY: u32 = 640;

async fn draw(
    state: &AppState,
    query: Option<&str>,
    headers: &HeaderMap,
    letters: Letters,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query, &[ANALYSIS, PICTURE])?;
    // Sizes are those of the file.
    let density = if letters == Letters::Outlined { DENSITY } else { 1 };
    let size = 200 * density..=1600 * density;
    let width = parameters.whole("width", 960 * density, size.clone())? / density;
    let picture = Picture {
        width,
        height: match parameters.get("height") {
            Some(_) => Some(parameters.whole("height", 0, size)? / density),
            None => None,
        },
        scheme: parameters.read("scheme")?,
        show: parameters.read("show")?,
        legend: parameters.yes("legend", width >= ROOMY)?,
        letters,
    };
    let asked = state.ask(&parameters.analysis()?)?;
    let ward = parameters.get("ward").map(str::to_owned);
    let sheet = parameters.yes("sheet", false)?;
    let what = format!("{picture:?} {ward:?} {sheet}");
    let draw = move |findings: &Findings, dataset: &Dataset| {
        let ward = ward.map(|code| shape_of(findings, code)).transpose()?;
        let drawing = if sheet {
            sheet::sheet(findings, dataset, &picture, ward)
        } else {
            picture::svg_of(findings, dataset, &picture, ward)
        };
        Ok(Rendered::new(match letters {
            Letters::Weights => drawing.into_bytes(),
            Letters::Outlined => bitmap::png(&drawing, DENSITY).map_err(anyhow::Error::from)?,
        }))
    };
    let rendered = state.rendered(&asked, what, draw).await?;
    let media_type = match letters {
        Letters::Weights => "image/svg+xml",
        Letters::Outlined => "image/png",
    };
    Ok(rendered.reply(headers, media_type, state.keep(&parameters)))
}

/// Outline of the ward with this code.
fn shape_of(findings: &Findings, code: String) -> Result<&Shape, ApiError> {
    let wards = findings.layer("wards").map_or(&[][..], |wards| &wards.features);
    let found = wards.iter().find(|ward| ward.id == code);
    found.map(|ward| &ward.shape).ok_or_else(|| ApiError::unknown("ward", code, []))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/map.svg", get(svg)).route("/map.png", get(png))
}

//! `/legend/{layer}`: what the colours mean, as data and as a picture made from the same data.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::layer::Findings;
use crate::pipeline::Heat;
use crate::render::legend::{LEGENDS, Legend, heat_legend_of, legend};
use crate::render::palette::Scheme;
use crate::render::{Letters, bitmap, legend_picture};
use crate::server::error::ApiError;
use crate::server::heat::HEAT;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;

use super::split_file;

/// Forms of a legend, with their media types.
const FORMS: &[(&str, &str)] =
    &[("json", "application/json"), ("svg", "image/svg+xml"), ("png", "image/png")];

/// `GET /legend/{layer}.json`, `.svg` or `.png` (at twice the pixels).
async fn show(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (layer, form, media_type) = split_file(&file, FORMS)?;
    let Some(&layer) = LEGENDS.iter().find(|&&known| known == layer) else {
        return Err(ApiError::unknown("legend", layer, LEGENDS.iter().copied()));
    };
    let more: &[&str] = if layer == "heat" { HEAT } else { &[] };
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, more, &["scheme"]])?;
    let scheme: Scheme = parameters.read("scheme")?;
    let keep = state.keep(&parameters);
    if layer == "heat" {
        let asked = state.ask_heat(&parameters)?;
        let draw = move |heat: &Heat| {
            let (words, caption) = heat.words();
            written(&heat_legend_of(heat.scale(), words, caption), form, scheme)
        };
        let rendered = state.drawn(&asked, format!("legend {form} {}", scheme.id()), draw).await?;
        return Ok(rendered.reply(&headers, media_type, keep));
    }
    let asked = state.ask(&parameters.analysis()?)?;
    let draw = move |findings: &Findings, _: &_| {
        let legend = legend(layer, findings)
            .ok_or_else(|| ApiError::unknown("legend", layer, LEGENDS.iter().copied()))?;
        written(&legend, form, scheme)
    };
    let rendered = state.rendered(&asked, format!("legend {file} {}", scheme.id()), draw).await?;
    Ok(rendered.reply(&headers, media_type, keep))
}

/// A legend in one of [`FORMS`].
fn written(legend: &Legend, form: &str, scheme: Scheme) -> Result<Rendered, ApiError> {
    let bytes = match form {
        "json" => serde_json::to_vec(legend).map_err(anyhow::Error::from)?,
        "svg" => legend_picture::svg(legend, scheme, Letters::Weights).into_bytes(),
        _ => bitmap::png(&legend_picture::svg(legend, scheme, Letters::Outlined), 2)
            .map_err(anyhow::Error::from)?,
    };
    Ok(Rendered::new(bytes))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/legend/{file}", get(show))
}

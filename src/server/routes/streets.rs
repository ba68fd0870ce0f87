//! `/streets.geojson`: street centre lines, so that people find their own on the map.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use crate::crs::bng_to_lonlat;
use crate::server::error::ApiError;
use crate::server::query::Parameters;
use crate::server::reply::Rendered;
use crate::server::state::AppState;
use crate::store::{Dataset, Street};

/// `GET /streets.geojson`: every street of the workspace, with its name where it has one.
async fn streets(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query.as_deref(), &[])?;
    let draw = |dataset: &Dataset| {
        let features: Vec<_> = dataset.streets.iter().filter_map(feature).collect();
        let collection = json!({"type": "FeatureCollection", "features": features});
        Ok(Rendered::new(serde_json::to_vec(&collection).map_err(anyhow::Error::from)?))
    };
    let rendered = state.rendered_data("streets", draw).await?;
    Ok(rendered.reply(&headers, "application/geo+json", state.keep(&parameters)))
}

/// A street as a line; `None` if it leaves the National Grid. Six decimals are a tenth of a metre.
fn feature(street: &Street) -> Option<serde_json::Value> {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let line: Vec<[f64; 2]> = street
        .line
        .iter()
        .map(|&position| bng_to_lonlat(position).map(|at| [round(at.lon()), round(at.lat())]))
        .collect::<Result<_, _>>()
        .ok()?;
    Some(json!({
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": line},
        "properties": {"name": street.name},
    }))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/streets.geojson", get(streets))
}

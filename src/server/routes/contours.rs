//! `/contours.geojson`: isolines of heat over the whole study area.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value as Json, json};

use crate::crs::{Bng, bng_to_lonlat};
use crate::pipeline::Heat;
use crate::render::contour_tile::isolines;
use crate::server::error::ApiError;
use crate::server::heat::HEAT;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;

/// `GET /contours.geojson`: one feature for each edge of the classes that is reached.
async fn contours(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, HEAT])?;
    let asked = state.ask_heat(&parameters)?;
    let rendered = state.drawn(&asked, "contours".to_owned(), |heat| Ok(drawn(heat))).await?;
    Ok(rendered.reply(&headers, "application/geo+json", state.keep(&parameters)))
}

fn drawn(heat: &Heat) -> Rendered {
    let (lines, cell) = isolines(heat, heat.scale());
    let (words, caption) = heat.words();
    let features: Vec<Json> = lines
        .iter()
        .filter(|lines| !lines.rings.is_empty())
        .map(|lines| {
            let rings: Vec<Vec<[f64; 2]>> =
                lines.rings.iter().filter_map(|ring| closed(ring)).collect();
            json!({
                "type": "Feature",
                "geometry": { "type": "MultiLineString", "coordinates": rings },
                "properties": { "value": lines.value, "unit": words.unit },
            })
        })
        .collect();
    let collection = json!({
        "type": "FeatureCollection",
        "title": format!("{}, {}, {}", caption.crime_types, caption.area, caption.window),
        "notes": words.notes,
        "spacing_m": cell.get(),
        "features": features,
    });
    Rendered::new(collection.to_string())
}

/// A ring in degrees, closed; `None` if it leaves the map. Six decimals are a tenth of a metre.
fn closed(ring: &[Bng]) -> Option<Vec<[f64; 2]>> {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let mut line: Vec<[f64; 2]> = ring
        .iter()
        .map(|&at| bng_to_lonlat(at).map(|at| [round(at.lon()), round(at.lat())]))
        .collect::<Result<_, _>>()
        .ok()?;
    line.push(*line.first()?);
    Some(line)
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/contours.geojson", get(contours))
}

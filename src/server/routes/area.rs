//! `/area`: what is recorded in an area of the reader's own, as files.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use crate::crs::bng_to_lonlat;
use crate::export::{write_table, write_workbook};
use crate::pipeline::{AreaChoice, OwnArea};
use crate::server::english::files as say;
use crate::server::error::ApiError;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;

use super::{split_file, tables};

/// Name of the file that holds all tables.
const ALL: &str = "figures";

/// Ways in which an address says which area: `area` in its one form, or what people type.
pub(super) const AREA: &[&str] = &["area", "centre", "radius", "corners"];

/// The area that the parameters say, if any.
pub(super) fn area_of(parameters: &Parameters) -> Result<Option<AreaChoice>, ApiError> {
    let given = |name| parameters.get(name);
    let (name, read) = match (given("area"), given("centre"), given("corners")) {
        (Some(area), _, _) => ("area", area.parse()),
        (None, Some(centre), _) => {
            ("centre", AreaChoice::circle(centre, given("radius").unwrap_or("400")))
        }
        (None, None, Some(corners)) => ("corners", AreaChoice::through(corners)),
        (None, None, None) => return Ok(None),
    };
    read.map(Some).map_err(|wrong| ApiError::parameter(name, wrong))
}

/// `GET /area/{file}`: `kinds`, `months` or `hours` as CSV or JSON, `figures` with all of them and
/// the area itself as JSON or XLSX.
async fn file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, form, media_type) = split_file(&file, tables::FORMS)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS, AREA])?;
    let choice = area_of(&parameters)?
        .ok_or_else(|| ApiError::parameter("area", "wanted, such as circle:-1.31,54.56,400"))?;
    let asked = state.ask(&parameters.analysis()?)?;
    let area = state.own_area(&asked, &choice).await?;
    let bytes = written(&area, id, form, &state.dataset().name)?;
    let mut reply = Rendered::new(bytes).reply(&headers, media_type, state.keep(&parameters));
    if form != "json"
        && let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"area-{file}\""))
    {
        reply.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(reply)
}

fn written(area: &OwnArea, id: &str, form: &str, place: &str) -> Result<Vec<u8>, ApiError> {
    let tables = area.tables();
    let named = tables.iter().find(|table| table.id == id);
    let known = || tables.iter().map(|table| table.id.as_str()).chain([ALL]);
    match (form, named) {
        ("xlsx", _) if id == ALL => {
            let about = [
                (say::AREA.to_owned(), area.choice.to_string()),
                (say::WITHIN.to_owned(), place.to_owned()),
                (say::RECORDS.to_owned(), area.types.label().to_owned()),
                (say::MONTHS.to_owned(), area.window.label()),
                (say::MADE_BY.to_owned(), format!("wardheat {}", env!("CARGO_PKG_VERSION"))),
            ];
            Ok(write_workbook(&tables, &about).map_err(anyhow::Error::from)?)
        }
        ("json", _) if id == ALL => {
            let body = json!({
                "area": area.choice.to_string(),
                "within": place,
                "type": area.types.to_string(),
                "from": area.window.first().to_string(),
                "to": area.window.last().to_string(),
                "size_km2": area.size.km2(),
                "whole_cells_m": area.cells.map(crate::quantity::Metres::get),
                "count": area.count,
                "of": area.of,
                "without_a_place": area.unplaced,
                "expected": area.expected.map(|expected| json!({
                    "low": expected.low, "high": expected.high, "mean": expected.expected,
                })),
                "verdict": area.verdict.map(crate::pipeline::Verdict::label),
                "earlier": area.earlier,
                "months_to_a_step": area.period,
                "geometry": outline(area),
                "tables": tables,
            });
            Ok(serde_json::to_vec(&body).map_err(anyhow::Error::from)?)
        }
        ("csv", Some(table)) => {
            let mut bytes = Vec::new();
            write_table(table, &mut bytes).map_err(anyhow::Error::from)?;
            Ok(bytes)
        }
        ("json", Some(table)) => Ok(serde_json::to_vec(table).map_err(anyhow::Error::from)?),
        _ => Err(ApiError::unknown("file", format!("{id}.{form}"), known())),
    }
}

/// The ground that is counted, as a GeoJSON geometry to five decimals of a degree.
pub(super) fn outline(area: &OwnArea) -> serde_json::Value {
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    let ring = |ring: &geo::LineString<f64>| -> Vec<[f64; 2]> {
        let places =
            ring.coords().filter_map(|at| bng_to_lonlat(crate::crs::Bng::new(at.x, at.y)).ok());
        places.map(|at| [round(at.lon()), round(at.lat())]).collect()
    };
    let polygon = |polygon: &geo::Polygon<f64>| -> Vec<Vec<[f64; 2]>> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
    };
    let polygons: Vec<_> = area.shape.polygons().iter().map(polygon).collect();
    json!({"type": "MultiPolygon", "coordinates": polygons})
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/area/{file}", get(file))
}

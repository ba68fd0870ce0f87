//! `/tables/...`: the figures without a map, as JSON and CSV.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::response::Response;
use axum::routing::get;

use crate::export::{write_table, write_workbook};
use crate::layer::Findings;
use crate::server::error::ApiError;
use crate::server::query::{ANALYSIS, Parameters};
use crate::server::reply::Rendered;
use crate::server::state::AppState;

use super::split_file;

/// Forms of a table, with their media types.
pub(super) const FORMS: &[(&str, &str)] = &[
    ("json", "application/json"),
    ("csv", "text/csv; charset=utf-8"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

/// Every table of these findings: those of its layers, then its own.
pub(super) fn ids(findings: &Findings) -> impl Iterator<Item = &str> {
    let layers = findings.layers.iter().map(|layer| layer.id);
    layers.chain(findings.tables.iter().map(|table| table.id.as_str()))
}

/// `GET /tables/{id}.json`, `.csv` or `.xlsx`: wards, cells, hotspots, by type, by month.
async fn table(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, form, media_type) = split_file(&file, FORMS)?;
    let parameters = Parameters::parse(query.as_deref(), &[ANALYSIS])?;
    let asked = state.ask(&parameters.analysis()?)?;
    let id = id.to_owned();
    let draw = move |findings: &Findings, _: &_| {
        let table = match findings.table(&id) {
            Some(table) => table.clone(),
            None => findings
                .layer(&id)
                .ok_or_else(|| ApiError::unknown("table", id, ids(findings)))?
                .table(),
        };
        let bytes = if form == "xlsx" {
            write_workbook(&[table], &findings.how_made.methods).map_err(anyhow::Error::from)?
        } else if form == "csv" {
            let mut bytes = Vec::new();
            write_table(&table, &mut bytes).map_err(anyhow::Error::from)?;
            bytes
        } else {
            serde_json::to_vec(&table).map_err(anyhow::Error::from)?
        };
        Ok(Rendered::new(bytes))
    };
    let rendered = state.rendered(&asked, format!("table {file}"), draw).await?;
    let mut reply = rendered.reply(&headers, media_type, state.keep(&parameters));
    if form != "json"
        && let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\""))
    {
        reply.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(reply)
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/tables/{file}", get(table))
}

//! `/export/{layer}.pmtiles`: a layer as one file of tiles, whole or in parts; and `/basemap.pmtiles`,
//! the workspace's own.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;

use crate::server::error::ApiError;
use crate::server::query::Parameters;
use crate::server::range::{PMTILES, Wanted, beyond, part, wanted};
use crate::server::reply::{Keep, Rendered};
use crate::server::state::AppState;
use crate::server::tilesets::Tiled;

use super::split_file;

/// Longest part of a basemap that one reply holds; readers ask for more in turn.
const LONGEST_PART: u64 = 8 * 1024 * 1024;

/// `GET /export/{layer}.pmtiles`.
async fn export(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (name, _, media_type) = split_file(&file, &[("pmtiles", PMTILES)])?;
    let layer = Tiled::find(name)?;
    let [analysis, heat] = layer.parameters();
    let scheme: &[&str] = if layer.is_raster() { &["scheme"] } else { &[] };
    let parameters = Parameters::parse(query.as_deref(), &[analysis, heat, scheme])?;
    let archive = state.tile_archive(layer, &parameters).await?;
    Ok(in_parts(&archive, &headers, media_type, state.keep(&parameters)))
}

/// A file of ours, whole or the part asked for.
fn in_parts(
    file: &Rendered,
    headers: &HeaderMap,
    media_type: &'static str,
    keep: Keep,
) -> Response {
    let length = file.len() as u64;
    let mut whole = file.reply(headers, media_type, keep);
    whole.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if !whole.status().is_success() {
        return whole;
    }
    let etag = whole.headers().get(header::ETAG).cloned();
    let etag = etag.unwrap_or_else(|| HeaderValue::from_static(""));
    match wanted(headers, length, &etag) {
        Wanted::Whole => whole,
        Wanted::Beyond => beyond(length),
        Wanted::Part(range) => {
            let bytes = file.bytes().slice(range.start as usize..range.end as usize);
            with_headers_of(&whole, part(Body::from(bytes), &range, length))
        }
    }
}

/// `reply` with every header of `whole` but its length.
fn with_headers_of(whole: &Response, mut reply: Response) -> Response {
    for (name, value) in whole.headers() {
        if name != header::CONTENT_LENGTH {
            reply.headers_mut().insert(name, value.clone());
        }
    }
    reply
}

/// `GET /basemap.pmtiles`: the file that the workspace names, in parts.
async fn basemap(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Parameters::parse(query.as_deref(), &[])?;
    let basemap = state.basemap().cloned().ok_or_else(|| {
        ApiError::NotThere("the workspace names no basemap (`basemap = \"area.pmtiles\"`)".into())
    })?;
    let etag = basemap.etag();
    let common = |mut reply: Response| {
        let insert = [
            (header::ETAG, etag.clone()),
            (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
            (header::CONTENT_TYPE, HeaderValue::from_static(PMTILES)),
        ];
        reply.headers_mut().extend(insert);
        reply
    };
    let length = basemap.length();
    let range = match wanted(&headers, length, &etag) {
        Wanted::Beyond => return Ok(beyond(length)),
        Wanted::Whole if length > LONGEST_PART => {
            return Err(ApiError::NotThere(format!(
                "the basemap is {length} bytes: ask for parts of it with `Range`"
            )));
        }
        Wanted::Whole => 0..length,
        // A reply may hold less than was asked for (RFC 9110, 15.3.7).
        Wanted::Part(range) => range.start..range.end.min(range.start + LONGEST_PART),
    };
    let whole = !headers.contains_key(header::RANGE);
    let wanted = range.clone();
    let bytes = tokio::task::spawn_blocking(move || basemap.read(&wanted))
        .await
        .map_err(anyhow::Error::from)??;
    let body = Body::from(bytes);
    Ok(common(if whole { Response::new(body) } else { part(body, &range, length) }))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/export/{file}", get(export)).route("/basemap.pmtiles", get(basemap))
}

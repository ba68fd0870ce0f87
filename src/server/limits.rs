//! Layers round every route: what is refused before work, how long work may take, and how every
//! refusal looks.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use tokio::time::Instant;

use super::error::{ApiError, Problem};
use super::gate::REQUEST_ID;
use super::job::DEADLINE as DEADLINE_OF;
use super::reply::tag_of_gzip;
use super::routes::{by_accept, in_words, reads_pages};
use super::state::AppState;

/// Longest path and query, in bytes.
const LONGEST_URI: usize = 8 * 1024;

/// Largest body, in bytes.
pub(super) const LARGEST_BODY: u64 = 64 * 1024;

/// Longest time from request to reply, by the start of the path.
const DEADLINES: [(&str, Duration); 3] = [
    ("/tiles/", Duration::from_secs(5)),
    ("/legend/", Duration::from_secs(5)),
    ("/export/", EXPORT_DEADLINE),
];

/// Longest time from request to reply of an export.
pub(super) const EXPORT_DEADLINE: Duration = Duration::from_secs(60);

/// Longest time from request to reply of everything else.
const DEADLINE: Duration = Duration::from_secs(15);

/// Longest time from request to reply for this path.
pub(super) fn deadline(path: &str) -> Duration {
    let known = DEADLINES.iter().find(|(start, _)| path.starts_with(start));
    known.map_or(DEADLINE, |(_, deadline)| *deadline)
}

/// Refuses what is too long or too much, and gives up on what takes too long.
pub(super) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > LONGEST_URI {
        return ApiError::UriTooLong.into_response();
    }
    if content_length(request.headers()) > LARGEST_BODY {
        return ApiError::BodyTooLarge.into_response();
    }
    let Ok(_place) = Arc::clone(state.in_flight()).try_acquire_owned() else {
        return ApiError::Busy.into_response();
    };
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let longest = deadline(uri.path());
    // A form named in the address goes before `Accept`.
    let named = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "f" && !value.is_empty());
    let accept = request.headers().get(header::ACCEPT).filter(|_| !named).cloned();
    let run = DEADLINE_OF.scope(Instant::now() + longest, next.run(request));
    let mut reply = match tokio::time::timeout(longest, run).await {
        Ok(reply) => reply,
        Err(_elapsed) => ApiError::TooSlow.into_response(),
    };
    if let Some(matched) = matched {
        reply.extensions_mut().insert(matched);
    }
    let offered = reply.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match (accept.as_ref().and_then(|value| value.to_str().ok()), offered) {
        (Some(accept), Some(offered))
            if reply.status().is_success() && !accepts(accept, offered) =>
        {
            ApiError::NotAcceptable(offered.to_owned()).into_response()
        }
        _ => reply,
    }
}

fn content_length(headers: &HeaderMap) -> u64 {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    stated.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Whether an `Accept` header takes a reply of this media type.
///
/// JSON in general takes GeoJSON and the like: MapLibre asks for `application/json` only.
fn accepts(accept: &str, offered: &str) -> bool {
    let offered = offered.split(';').next().unwrap_or_default().trim();
    let family = offered.split('/').next().unwrap_or_default();
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let wanted = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        let matches = wanted == "*/*"
            || wanted == offered
            || wanted.strip_suffix("/*") == Some(family)
            || (wanted == "application/json" && offered.ends_with("+json"));
        matches && !refused
    })
}

/// Gives every refusal the same form: a problem document that names the path asked for, or a page for
/// those who read pages.
pub(super) async fn explain(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let for_people =
        request.method() == Method::GET && reads_pages(request.uri().query(), request.headers());
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let reply = next.run(request).await;
    let status = reply.status();
    if !status.is_client_error() && !status.is_server_error() {
        return reply;
    }
    let media_type = reply.headers().get(header::CONTENT_TYPE);
    if media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html")) {
        // A page that explains itself.
        return reply;
    }
    let (parts, _body) = reply.into_parts();
    let known = parts.extensions.get::<Problem>().cloned();
    let mut problem = known.unwrap_or_else(|| Problem::of_status(status));
    problem.instance = Some(path);
    problem.trace_id = id;
    let mut explained = problem.into_reply();
    for name in
        [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::CONTENT_RANGE]
    {
        if let Some(value) = parts.headers.get(&name) {
            explained.headers_mut().insert(name, value.clone());
        }
    }
    if let Some(matched) = parts.extensions.get::<MatchedPath>() {
        explained.extensions_mut().insert(matched.clone());
    }
    by_accept(if for_people { in_words(&state, explained) } else { explained })
}

/// Gives compressed replies an entity tag of their own.
pub(super) async fn tag_compressed(request: Request, next: Next) -> Response {
    let mut reply = next.run(request).await;
    let headers = reply.headers_mut();
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip")
        && let Some(tag) = headers.get(header::ETAG).and_then(tag_of_gzip)
    {
        headers.insert(header::ETAG, tag);
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn accept_is_read_by_range_and_weight() {
        assert!(accepts("*/*", "image/png"));
        assert!(accepts("image/avif,image/*;q=0.8", "image/png"));
        assert!(accepts("application/json", "application/geo+json"));
        assert!(accepts("text/html, application/xhtml+xml;q=0.9", "text/html; charset=utf-8"));
        assert!(!accepts("text/html", "image/png"));
        assert!(!accepts("image/png;q=0", "image/png"));
    }
}

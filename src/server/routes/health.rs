//! `/healthz`: whether the server lives.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::server::state::AppState;

/// `GET /healthz`: `ok` as long as requests are answered at all.
async fn health() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n")
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(health))
}

//! The HTTP face: routes over one [`AppState`], with limits round them.
//!
//! Start at [`router`] for what is answered, at [`serve`] for how it runs. The server holds no
//! analysis: every route builds an [`AnalysisRequest`](crate::pipeline::AnalysisRequest) and shows
//! parts of one [`Findings`](crate::layer::Findings).

pub mod access;
mod answer;
mod areas;
mod basemap;
mod english;
pub mod error;
mod gate;
mod heat;
mod html;
mod job;
mod limits;
mod listen;
mod metrics;
mod ogc;
mod plans;
mod prefix;
pub mod query;
mod range;
mod reply;
mod routes;
mod site;
mod state;
mod tilesets;
mod worker;

pub use basemap::Basemap;
pub use gate::{Gate, Load};
pub use listen::{ReloadSignal, admin, follow, serve, stop_signal};
pub use reply::{Keep, Rendered};
pub use routes::{ROUTES, Route, site_files};
pub use site::Site;
pub use state::{Analyse, AppState, Asked, Compute, Limits};

use std::any::Any;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use error::ApiError;

/// Where a page may load from: this server alone, no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers of every reply.
const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(self)"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Everything the server answers, over this state.
pub fn router(state: AppState) -> Router {
    let routes = ROUTES
        .iter()
        .fold(Router::new(), |all, route| all.merge((route.router)()))
        .fallback(|| async { ApiError::NoRoute })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed });
    let compression = CompressionLayer::new().compress_when(
        // PNG and WebP are compressed already; the rest is not worth it when short.
        SizeAbove::new(512)
            .and(NotForContentType::const_new("image/png"))
            .and(NotForContentType::const_new("image/webp"))
            .and(NotForContentType::const_new(range::PMTILES)),
    );
    // Outermost first.
    let layers = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .layer(from_fn(limits::tag_compressed))
        .layer(compression)
        .layer(from_fn(prefix::put_before))
        .layer(from_fn_with_state(state.clone(), limits::explain))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), limits::guard));
    let app = routes.with_state(state).layer(layers);
    SECURITY_HEADERS.into_iter().fold(app, |app, (name, value)| {
        app.layer(SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value)))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    ApiError::Internal(anyhow::anyhow!("a route panicked: {text}")).into_response()
}

//! What goes wrong over HTTP: each case as a status and a problem document (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::english::problem as say;
use super::html::english::trouble as words;
use crate::layer::words::capital;

/// Media type of a problem document.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds after which a client that was turned away may ask again.
const RETRY_AFTER: u64 = 2;

/// A query parameter that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidParameter {
    /// Name as the client gave it.
    pub name: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl InvalidParameter {
    /// The parameter `name` cannot be used because of `reason`.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over an error or a literal")]
    pub fn new(name: impl Into<String>, reason: impl ToString) -> Self {
        Self { name: name.into(), reason: reason.to_string() }
    }
}

/// Why a request has no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApiError {
    /// Query parameters that are unknown, doubled or hold what they cannot hold (400).
    InvalidParameters(Vec<InvalidParameter>),
    /// A part of the path that is not of its form, such as a tile column in letters (400).
    InvalidPath(String),
    /// Nothing of this kind has this id (404).
    Unknown {
        /// Kind of thing, such as `layer`.
        kind: &'static str,
        /// Id as asked.
        id: String,
        /// Every id there is.
        known: Vec<String>,
    },
    /// Something that cannot be there, such as a tile below the deepest zoom (404).
    NotThere(String),
    /// No route has this path (404).
    NoRoute,
    /// The route answers GET and HEAD only (405).
    MethodNotAllowed,
    /// Every form of the answer is one that the client does not accept (406).
    NotAcceptable(String),
    /// Nobody is known by what the request shows (401).
    Unauthorised(String),
    /// Whoever asks may not do this (403).
    Forbidden(String),
    /// One client asks too much (429).
    TooMany {
        /// After which it may ask again.
        seconds: u64,
        /// What the limit is.
        why: String,
    },
    /// What is asked for is under way still (409).
    Unready,
    /// A part of a file that it does not have; with its length in bytes (416).
    BeyondFile(u64),
    /// The body of the request is too large (413).
    BodyTooLarge,
    /// The address is too long (414).
    UriTooLong,
    /// The request is well formed, but the data cannot answer it (422).
    Unanswerable(String),
    /// Too much is waiting already (503).
    Busy,
    /// The answer took too long; the work goes on and is kept (503).
    TooSlow,
    /// Our own fault; the cause is logged and never sent (500).
    Internal(anyhow::Error),
}

/// The body of an error reply, before its `instance` is known.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    /// Path that was asked for; filled in by the outermost layer, which alone knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invalid_params: Vec<InvalidParameter>,
    /// Name of the request in the log of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trace_id: Option<String>,
    /// Title and reasons on the page for people.
    #[serde(skip)]
    pub(crate) in_words: (&'static str, Vec<String>),
}

impl Problem {
    /// A problem that its status alone describes.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        Self::new(status, status.canonical_reason().unwrap_or(say::ERROR), String::new())
    }

    fn new(status: StatusCode, title: &'static str, detail: String) -> Self {
        Self {
            r#type: "about:blank",
            title,
            status: status.as_u16(),
            detail,
            instance: None,
            invalid_params: Vec::new(),
            trace_id: None,
            in_words: (title, Vec::new()),
        }
    }

    /// The reply, without `Allow` or `Retry-After`.
    pub(crate) fn into_reply(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let cache = if status == StatusCode::NOT_FOUND { "max-age=60" } else { "no-store" };
        let mut reply = (
            status,
            [(header::CONTENT_TYPE, PROBLEM_JSON), (header::CACHE_CONTROL, cache)],
            Json(&self),
        )
            .into_response();
        reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        reply.extensions_mut().insert(self);
        reply
    }
}

impl ApiError {
    /// One parameter that cannot be used.
    pub fn parameter(name: impl Into<String>, reason: impl ToString) -> Self {
        Self::InvalidParameters(vec![InvalidParameter::new(name, reason)])
    }

    /// No `kind` has this `id`; `known` are the ids there are.
    pub fn unknown<'a>(
        kind: &'static str,
        id: impl Into<String>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::Unknown { kind, id: id.into(), known: known.into_iter().map(str::to_owned).collect() }
    }

    /// The reply to a request for `path` that is known by `id`, made outside the routes.
    pub(crate) fn reply_for(self, path: &str, id: &str) -> Response {
        let seconds = self.retry_after();
        let mut problem = self.problem();
        problem.instance = Some(path.to_owned());
        problem.trace_id = Some(id.to_owned()).filter(|id| !id.is_empty());
        with_retry(problem.into_reply(), seconds)
    }

    /// After which a client that was turned away may ask again.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Busy | Self::TooSlow => Some(RETRY_AFTER),
            Self::TooMany { seconds, .. } => Some(*seconds),
            _ => None,
        }
    }

    /// What failed, as people are told it: a title and the reasons.
    fn in_words(&self) -> (&'static str, Vec<String>) {
        let because = |why: &str| vec![words::sentence(&capital(why))];
        match self {
            Self::InvalidParameters(wrong) => {
                let reason = |w: &InvalidParameter| words::parameter(&w.name, &w.reason);
                (words::UNREADABLE, wrong.iter().map(reason).collect())
            }
            Self::InvalidPath(why) => (words::UNREADABLE, because(why)),
            Self::UriTooLong => (words::UNREADABLE, because(say::LONGEST_ADDRESS)),
            Self::Unknown { kind, id, .. } => (words::NOTHING_HERE, vec![words::unknown(kind, id)]),
            Self::NotThere(why) => (words::NOTHING_HERE, because(why)),
            Self::NoRoute => (words::NOTHING_HERE, vec![words::NO_PAGE.to_owned()]),
            Self::Unanswerable(why) => (words::UNANSWERABLE, because(why)),
            Self::Forbidden(why) => (words::NOT_OFFERED, because(why)),
            Self::Unready => (words::BUSY, because(say::UNDER_WAY)),
            Self::Busy | Self::TooSlow => (words::BUSY, vec![words::LOAD_AGAIN.to_owned()]),
            Self::TooMany { seconds, why } => (words::BUSY, because(&say::again_in(why, *seconds))),
            _ => (words::WRONG_HERE, vec![words::UNHARMED.to_owned()]),
        }
    }

    fn problem(self) -> Problem {
        let in_words = self.in_words();
        Problem { in_words, ..self.of_programs() }
    }

    /// What failed, as programs are told it.
    fn of_programs(self) -> Problem {
        match self {
            Self::InvalidParameters(invalid_params) => Problem {
                invalid_params,
                ..Problem::new(
                    StatusCode::BAD_REQUEST,
                    say::INVALID_PARAMETERS,
                    say::OF_PARAMETERS.to_owned(),
                )
            },
            Self::InvalidPath(detail) => {
                Problem::new(StatusCode::BAD_REQUEST, say::INVALID_PATH, detail)
            }
            Self::Unknown { kind, id, known } => {
                Problem::new(StatusCode::NOT_FOUND, say::NOT_FOUND, say::unknown(kind, &id, &known))
            }
            Self::NotThere(detail) => Problem::new(StatusCode::NOT_FOUND, say::NOT_FOUND, detail),
            Self::NoRoute => {
                Problem::new(StatusCode::NOT_FOUND, say::NOT_FOUND, say::NOTHING_HERE.to_owned())
            }
            Self::MethodNotAllowed => Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                say::METHOD_NOT_ALLOWED,
                say::WHAT_IS_ALLOWED.to_owned(),
            ),
            Self::NotAcceptable(offered) => Problem::new(
                StatusCode::NOT_ACCEPTABLE,
                say::NOT_ACCEPTABLE,
                say::left_out(&offered),
            ),
            Self::Unauthorised(detail) => {
                Problem::new(StatusCode::UNAUTHORIZED, say::NOT_LOGGED_IN, detail)
            }
            Self::Forbidden(detail) => {
                Problem::new(StatusCode::FORBIDDEN, say::NOT_ALLOWED, detail)
            }
            Self::TooMany { seconds, why } => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                say::TOO_MANY,
                say::again_in(&why, seconds),
            ),
            Self::Unready => {
                Problem::new(StatusCode::CONFLICT, say::NOT_DONE, say::UNDER_WAY.to_owned())
            }
            Self::BeyondFile(length) => Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                say::BEYOND_FILE,
                say::length(length),
            ),
            Self::BodyTooLarge => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                say::BODY_TOO_LARGE,
                say::LARGEST_BODY.to_owned(),
            ),
            Self::UriTooLong => Problem::new(
                StatusCode::URI_TOO_LONG,
                say::ADDRESS_TOO_LONG,
                say::LONGEST_ADDRESS.to_owned(),
            ),
            Self::Unanswerable(detail) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, say::UNANSWERABLE, detail)
            }
            Self::Busy => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                say::BUSY,
                say::MUCH_IS_WAITING.to_owned(),
            ),
            Self::TooSlow => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                say::NOT_IN_TIME,
                say::GOES_ON.to_owned(),
            ),
            Self::Internal(cause) => {
                tracing::error!("{cause:#}");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    say::INTERNAL,
                    say::IN_THE_LOG.to_owned(),
                )
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let seconds = self.retry_after();
        with_retry(self.problem().into_reply(), seconds)
    }
}

fn with_retry(mut reply: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    reply
}

impl From<anyhow::Error> for ApiError {
    fn from(cause: anyhow::Error) -> Self {
        Self::Internal(cause)
    }
}

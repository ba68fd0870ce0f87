//! Logging in and out on a page, and what one who is not known is told.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use crate::server::access::tokens::hash_of;
use crate::server::access::{Refusal, came_from_here, forget, safe_next, set};
use crate::server::english::problem;
use crate::server::error::ApiError;
use crate::server::html::english::login as say;
use crate::server::html::login_page;
use crate::server::routes::site;

use super::{Gate, LOG_INS, Passing};

/// Longest body of the log-in form, in bytes.
const LONGEST_FORM: usize = 16 * 1024;

impl Gate {
    pub(super) async fn show_login(&self, passing: &Passing) -> Response {
        let pairs = form_urlencoded::parse(passing.query.as_deref().unwrap_or_default().as_bytes());
        let mut next = "/".to_owned();
        let mut why = None;
        for (name, value) in pairs {
            match (&*name, &*value) {
                ("next", value) => safe_next(value).clone_into(&mut next),
                ("why", "ended") => why = Some(say::HAS_ENDED),
                ("why", "out") => why = Some(say::LOGGED_OUT),
                _ => {}
            }
        }
        self.login(StatusCode::OK, &next, why).await
    }

    /// The page to log in on. It is the same whatever the data hold.
    async fn login(&self, status: StatusCode, next: &str, why: Option<&str>) -> Response {
        let held = self.site();
        let page = match held.view(held.audience()).await {
            Ok(view) => {
                let refused = status == StatusCode::UNAUTHORIZED;
                login_page(&site(&view.state), next, why, refused)
            }
            Err(error) => return error.into_response(),
        };
        let media_type = (header::CONTENT_TYPE, "text/html; charset=utf-8");
        (status, [media_type, (header::CACHE_CONTROL, "no-store")], page.into_string())
            .into_response()
    }

    pub(super) async fn log_in(&self, passing: &Passing, request: Request<Body>) -> Response {
        let pace = self.log_ins.ask(&passing.client.address.to_string());
        let reply = match pace.wait {
            None => self.try_to_log_in(passing, request).await,
            Some(seconds) => {
                self.metrics.refused("log-ins");
                let why = problem::log_ins(LOG_INS);
                ApiError::TooMany { seconds, why }.reply_for(&passing.path, &passing.id)
            }
        };
        pace.tell(reply)
    }

    async fn try_to_log_in(&self, passing: &Passing, request: Request<Body>) -> Response {
        if !came_from_here(request.headers(), &passing.client) {
            return ApiError::Forbidden(problem::OTHER_SITE.to_owned())
                .reply_for(&passing.path, &passing.id);
        }
        let Ok(body) = axum::body::to_bytes(request.into_body(), LONGEST_FORM).await else {
            return ApiError::BodyTooLarge.reply_for(&passing.path, &passing.id);
        };
        let (mut token, mut next) = (String::new(), "/".to_owned());
        for (name, value) in form_urlencoded::parse(&body) {
            match &*name {
                "token" => value.trim().clone_into(&mut token),
                "next" => safe_next(&value).clone_into(&mut next),
                _ => {}
            }
        }
        let hash = hash_of(&token);
        if self.access.tokens.find(&hash, Timestamp::now()).is_none() {
            self.metrics.refused("log-in");
            return self.login(StatusCode::UNAUTHORIZED, &next, Some(say::NOT_KNOWN)).await;
        }
        let cookie = self.access.sessions.begin(hash).ok();
        match cookie.and_then(|id| set(&id, &passing.client)) {
            Some(cookie) => see_other(&next, Some(cookie)),
            None => ApiError::Internal(anyhow::anyhow!("a log-in could not be begun"))
                .reply_for(&passing.path, &passing.id),
        }
    }

    pub(super) fn log_out(&self, passing: &Passing, request: &Request<Body>) -> Response {
        if !came_from_here(request.headers(), &passing.client) {
            return ApiError::Forbidden(problem::OTHER_SITE.to_owned())
                .reply_for(&passing.path, &passing.id);
        }
        self.access.sessions.end(request.headers());
        see_other("/login?why=out", forget(&passing.client))
    }
}

/// The reply to one who is not known: a page to log in on for who reads pages, a challenge else.
pub(super) fn unknown(passing: &Passing, request: &Request<Body>, refusal: Refusal) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let reads_pages = accept.is_some_and(|accept| accept.contains("text/html"));
    if reads_pages && passing.method == Method::GET && refusal != Refusal::Invalid {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let asked = passing
            .query
            .as_ref()
            .map_or_else(|| passing.path.clone(), |query| format!("{}?{query}", passing.path));
        query.append_pair("next", safe_next(&asked));
        if refusal == Refusal::Ended {
            query.append_pair("why", "ended");
        }
        let cookie = (refusal == Refusal::Ended).then(|| forget(&passing.client)).flatten();
        return see_other(&format!("/login?{}", query.finish()), cookie);
    }
    let why = match refusal {
        Refusal::Nobody => problem::TOKEN_WANTED,
        Refusal::Invalid => problem::TOKEN_NOT_KNOWN,
        Refusal::Ended => problem::LOG_IN_ENDED,
    };
    let mut reply = ApiError::Unauthorised(why.to_owned()).reply_for(&passing.path, &passing.id);
    let challenge = HeaderValue::from_static("Bearer realm=\"wardheat\", Basic realm=\"wardheat\"");
    reply.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    reply
}

fn see_other(location: &str, cookie: Option<HeaderValue>) -> Response {
    let mut reply = StatusCode::SEE_OTHER.into_response();
    let headers = reply.headers_mut();
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(cookie) = cookie {
        headers.insert(header::SET_COOKIE, cookie);
    }
    reply
}

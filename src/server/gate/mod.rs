//! The gate: every request passes it before it reaches a route, and every reply on its way out.
//!
//! In this order: a request id; where the request comes from; who asks; how much they ask; then the
//! routes over the data of their audience, as they are at that moment. New data are swapped in
//! between two requests: one under way keeps what it began with.

mod login;
mod pace;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use rand::Rng as _;
use tower::ServiceExt as _;

use crate::audience::Audience;
use crate::workspace::ServerRule;

use super::access::client::{CALLER, Client};
use super::access::log::{AccessLog, Seen};
use super::access::{Access, Caller, came_from_here};
use super::english::problem;
use super::error::ApiError;
use super::limits::EXPORT_DEADLINE;
use super::metrics::Metrics;
use super::prefix::{put_before_all, take_off};
use super::site::Site;
use login::unknown;
use pace::{Pace, Standing};

/// Name of a request in replies, problems and logs.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Requests a second that one client may make on average, unless the workspace says otherwise.
const PER_SECOND: u32 = 100;

/// Seconds' worth of requests that may come at once: a map opens with a hundred tiles.
const BURST_SECONDS: u32 = 10;

/// Tries to log in that one client may make in a minute.
const LOG_INS: u32 = 10;

/// Paths that are open to anybody: they say nothing of the data.
const OPEN: [&str; 4] = ["/healthz", "/readyz", "/favicon.ico", "/assets/"];

/// How the data are loaded.
pub type Load = dyn Fn() -> anyhow::Result<Site> + Send + Sync;

/// Everything one server is made of.
pub struct Gate {
    site: ArcSwap<Site>,
    load: Box<Load>,
    access: Access,
    log: AccessLog,
    pace: Pace,
    log_ins: Pace,
    pub(crate) metrics: Metrics,
    pub(crate) draining: AtomicBool,
    pub(crate) exports: AtomicUsize,
}

/// A request on its way through the gate.
struct Passing {
    id: String,
    client: Client,
    path: String,
    query: Option<String>,
    method: Method,
}

impl Passing {
    /// A reply that no route made, with the prefix of the request before its addresses.
    async fn put_before(&self, reply: Response) -> Response {
        put_before_all(&self.client.prefix, reply).await
    }
}

impl Gate {
    /// A gate before the data that `load` gives. `anybody` may be seen without being known; `None`
    /// asks everybody who they are.
    ///
    /// # Errors
    ///
    /// If the data cannot be loaded or the tokens of the workspace cannot be read.
    pub fn new(
        workspace: &Path,
        rule: ServerRule,
        anybody: Option<Audience>,
        load: Box<Load>,
    ) -> anyhow::Result<Self> {
        let site = load()?;
        let per_second = rule.requests_per_second.unwrap_or(PER_SECOND).max(1);
        let burst = per_second.saturating_mul(BURST_SECONDS);
        Ok(Self {
            site: ArcSwap::from_pointee(site),
            load,
            access: Access::new(workspace, rule, anybody)?,
            log: AccessLog::of(workspace),
            pace: Pace::new(burst, Duration::from_secs(u64::from(BURST_SECONDS))),
            log_ins: Pace::new(LOG_INS, Duration::from_secs(60)),
            metrics: Metrics::new().context("counting requests")?,
            draining: AtomicBool::new(false),
            exports: AtomicUsize::new(0),
        })
    }

    /// The data served now.
    pub(crate) fn site(&self) -> Arc<Site> {
        self.site.load_full()
    }

    /// Makes ready what is asked for first, so that nobody waits for it.
    ///
    /// # Errors
    ///
    /// If the data cannot be made for an audience that is let in.
    pub async fn warm(&self) -> anyhow::Result<()> {
        self.make_ready(&self.site()).await
    }

    async fn make_ready(&self, site: &Site) -> anyhow::Result<()> {
        let tokens = self.access.tokens.current();
        let known = tokens.iter().map(|token| token.audience);
        let groups = self.access.rule.groups.values().copied();
        for audience in self.access.anybody.into_iter().chain(known).chain(groups) {
            match site.view(audience).await {
                Ok(view) => view.state.begin_heat(),
                Err(error) => {
                    anyhow::bail!("making the data ready for the {audience}: {error:?}")
                }
            }
        }
        Ok(())
    }

    /// Loads the data anew and serves them from the next request on; keeps those there are where
    /// that fails.
    ///
    /// # Errors
    ///
    /// Why it failed; it is logged, too.
    pub async fn reload(self: &Arc<Self>) -> anyhow::Result<()> {
        let gate = Arc::clone(self);
        let loaded = async {
            let site = tokio::task::spawn_blocking(move || (gate.load)()).await??;
            self.make_ready(&site).await?;
            anyhow::Ok(site)
        };
        let loaded = loaded.await;
        self.metrics.loaded(loaded.is_ok());
        match loaded {
            Ok(site) => {
                tracing::info!(version = site.version(), "new data are served");
                self.site.store(Arc::new(site));
                Ok(())
            }
            Err(error) => {
                tracing::error!("new data cannot be served, the old ones are: {error:#}");
                Err(error)
            }
        }
    }

    /// Forgets clients that have not asked for a while.
    pub(crate) fn tidy(&self) {
        self.pace.tidy();
        self.log_ins.tidy();
    }

    /// Answers one request from `peer`.
    pub async fn answer(&self, peer: std::net::IpAddr, mut request: Request<Body>) -> Response {
        let began = Instant::now();
        let client = Client::read(peer, request.headers_mut(), &self.access.rule);
        take_off(&client.prefix, request.uri_mut());
        let id = format!("{:016x}", rand::rng().next_u64());
        if let Ok(value) = HeaderValue::from_str(&id) {
            request.headers_mut().insert(REQUEST_ID, value);
        }
        let passing = Passing {
            id,
            client,
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            method: request.method().clone(),
        };
        let _counted = Counted::new(self, &passing.path);
        let (caller, mut reply) = self.pass(&passing, request).await;
        let known = caller.as_ref().is_some_and(|caller| caller.name.is_some());
        if let Some(caller) = &caller
            && let Some(failed) = self.keep_log(&passing, caller, &reply)
        {
            reply = failed;
        }
        let audience = caller.as_ref().map_or("none", |caller| caller.audience.id());
        let route = reply.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
        let (method, status) = (known_method(&passing.method), reply.status().as_u16());
        self.metrics.answered(route, method, status, audience, began.elapsed());
        tracing::info!(
            id = passing.id,
            client = %passing.client.address,
            who = caller.as_ref().and_then(|caller| caller.name.as_deref()),
            audience,
            method,
            route,
            path = passing.path,
            status,
            milliseconds = began.elapsed().as_millis() as u64,
            "answered"
        );
        self.finish(&passing, known, reply)
    }

    /// Who asks, and what they get.
    async fn pass(
        &self,
        passing: &Passing,
        mut request: Request<Body>,
    ) -> (Option<Caller>, Response) {
        let refuse = |why: &str, error: ApiError| {
            self.metrics.refused(why);
            error.reply_for(&passing.path, &passing.id)
        };
        match (&passing.method, passing.path.as_str()) {
            (_, "/readyz") => return (None, self.ready().reply_for(&passing.path)),
            (&Method::GET | &Method::HEAD, "/login") => {
                return (None, passing.put_before(self.show_login(passing).await).await);
            }
            (&Method::POST, "/login") => {
                return (None, passing.put_before(self.log_in(passing, request).await).await);
            }
            (&Method::POST, "/logout") => {
                return (None, passing.put_before(self.log_out(passing, &request)).await);
            }
            _ => {}
        }
        let is_open = OPEN.iter().any(|open| passing.path.starts_with(open));
        let caller = match self.access.identify(request.headers(), &passing.client) {
            Ok(caller) => caller,
            Err(_) if is_open => {
                Caller { name: None, audience: Audience::Public, by_cookie: false }
            }
            Err(refusal) => {
                self.metrics.refused("unknown");
                return (None, passing.put_before(unknown(passing, &request, refusal)).await);
            }
        };
        let changes = !matches!(passing.method, Method::GET | Method::HEAD);
        if changes && caller.by_cookie && !came_from_here(request.headers(), &passing.client) {
            let why = problem::OTHER_SITE.to_owned();
            return (Some(caller), refuse("other site", ApiError::Forbidden(why)));
        }
        let pace = self.pace_of(&caller, &passing.client);
        if let Some((pace, seconds)) = pace.and_then(|pace| Some((pace, pace.wait?))) {
            let why = problem::ASKS_OFTEN.to_owned();
            let refused = refuse("too many", ApiError::TooMany { seconds, why });
            return (Some(caller), pace.tell(refused));
        }
        let key = HeaderValue::from_str(&key(&caller, &passing.client));
        if let Ok(key) = key {
            request.headers_mut().insert(CALLER, key);
        }
        let site = self.site();
        let audience = if is_open { site.audience() } else { caller.audience };
        let reply = match site.view(audience).await {
            Ok(view) => match view.router.clone().oneshot(request).await {
                Ok(reply) => reply,
                Err(never) => match never {},
            },
            Err(error) => error.reply_for(&passing.path, &passing.id),
        };
        let reply = match pace {
            Some(pace) => pace.tell(reply),
            None => reply,
        };
        (Some(caller), reply)
    }

    /// Where one stands who asks. On one's own machine, where nobody need say who they are, there is
    /// no limit.
    fn pace_of(&self, caller: &Caller, client: &Client) -> Option<Standing> {
        let limited = caller.name.is_some() || !client.address.is_loopback();
        limited.then(|| self.pace.ask(&key(caller, client)))
    }

    fn ready(&self) -> Ready {
        Ready(!self.draining.load(Ordering::Acquire))
    }

    /// Writes down who saw what, where somebody is known by name; a reply that cannot be written
    /// down is not given.
    fn keep_log(&self, passing: &Passing, caller: &Caller, reply: &Response) -> Option<Response> {
        let open = OPEN.iter().any(|open| passing.path.starts_with(open));
        if caller.audience == Audience::Public || open || !self.access.knows_somebody() {
            return None;
        }
        let site = self.site();
        let seen = Seen {
            time: Timestamp::now(),
            request_id: &passing.id,
            who: caller.name.as_deref().unwrap_or("anybody"),
            audience: caller.audience,
            client: passing.client.address,
            method: passing.method.as_str(),
            path: &passing.path,
            query: passing.query.as_deref(),
            status: reply.status().as_u16(),
            dataset: site.version(),
        };
        let error = self.log.write(&seen).err()?;
        let error = anyhow::Error::new(error).context("writing the access log");
        Some(ApiError::Internal(error).reply_for(&passing.path, &passing.id))
    }

    /// What every reply carries.
    fn finish(&self, passing: &Passing, known: bool, mut reply: Response) -> Response {
        let headers = reply.headers_mut();
        for (name, value) in crate::server::SECURITY_HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if passing.client.tls {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
        if let Ok(value) = HeaderValue::from_str(&passing.id) {
            headers.insert(REQUEST_ID, value);
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        if known || self.access.anybody.is_none() {
            headers.append(header::VARY, HeaderValue::from_static("Authorization, Cookie"));
            let kept = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
            let private = match kept {
                Some(kept) if kept.starts_with("public, ") => kept.replacen("public", "private", 1),
                Some(kept) if kept.contains("no-store") || kept.contains("private") => {
                    kept.to_owned()
                }
                kept => format!("private, {}", kept.unwrap_or("no-cache")),
            };
            if let Ok(value) = HeaderValue::from_str(&private) {
                headers.insert(header::CACHE_CONTROL, value);
            }
        }
        if passing.method == Method::HEAD {
            *reply.body_mut() = Body::empty();
        }
        reply
    }
}

/// By what one client is told from another: their name, or else where they are.
fn key(caller: &Caller, client: &Client) -> String {
    caller.name.clone().unwrap_or_else(|| client.address.to_string())
}

/// Methods as labels: an invented one makes no new series.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// Whether requests should be sent here.
struct Ready(bool);

impl Ready {
    fn reply_for(&self, path: &str) -> Response {
        if self.0 {
            return ([(header::CACHE_CONTROL, "no-store")], "ready\n").into_response();
        }
        ApiError::Busy.reply_for(path, "")
    }
}

/// A request that is counted while it is under way.
struct Counted<'a> {
    gate: &'a Gate,
    exports: bool,
}

impl<'a> Counted<'a> {
    fn new(gate: &'a Gate, path: &str) -> Self {
        let exports = crate::server::limits::deadline(path) == EXPORT_DEADLINE;
        gate.metrics.in_flight.inc();
        gate.exports.fetch_add(usize::from(exports), Ordering::AcqRel);
        Self { gate, exports }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.gate.metrics.in_flight.dec();
        self.gate.exports.fetch_sub(usize::from(self.exports), Ordering::AcqRel);
    }
}

/// How long requests under way may take once the server is told to stop: as long as the slowest of
/// their kind, exports apart.
pub(crate) fn drain(exports: bool) -> Duration {
    if exports { EXPORT_DEADLINE + Duration::from_secs(5) } else { Duration::from_secs(20) }
}

//! Sockets: connections accepted within limits, and ended well when the server is told to stop.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::error::ApiError;
use super::gate::{Gate, drain};

/// Longest time that a client may take to send the head of a request: a connection that drips it
/// holds nothing longer.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Largest head of a request, in bytes: a long address and its headers.
const LARGEST_HEAD: usize = 64 * 1024;

/// Connections open at once; more wait to be accepted.
const CONNECTIONS: usize = 1_024;

/// How often it is looked whether new data are there.
const LOOK: Duration = Duration::from_secs(2);

/// Answers on `listener` until `shutdown` is over, then lets requests under way finish: for 20
/// seconds at most, and as long as an export may take where one is under way.
///
/// # Errors
///
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    gate: Arc<Gate>,
    shutdown: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut shutdown => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Out of descriptors, or the client went away: neither is the end.
                Err(error) => {
                    tracing::warn!("a connection was not accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let _ = stream.set_nodelay(true);
        let answering = Arc::clone(&gate);
        let service = service_fn(move |request: Request<Incoming>| {
            let gate = Arc::clone(&answering);
            async move {
                let reply = gate.answer(peer.ip(), request.map(Body::new)).await;
                Ok::<_, std::convert::Infallible>(reply)
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let watched = connections.watch(connection);
        let open = gate.metrics.connections.clone();
        open.inc();
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = watched.await {
                tracing::debug!("a connection ended: {error}");
            }
            open.dec();
        });
    }
    tracing::info!("stopping: requests under way may finish");
    gate.draining.store(true, Ordering::Release);
    drop(listener);
    let late = async {
        tokio::time::sleep(drain(false)).await;
        if gate.exports.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(drain(true).saturating_sub(drain(false))).await;
        }
    };
    tokio::select! {
        () = connections.shutdown() => {}
        () = late => tracing::warn!("some requests did not finish in time"),
    }
    Ok(())
}

/// Loads the data anew whenever `newest` gives another version than the one served, or `asked` says
/// so (SIGHUP).
pub async fn follow(
    gate: Arc<Gate>,
    newest: impl Fn() -> Option<String> + Send + Sync + 'static,
    mut asked: ReloadSignal,
) {
    let newest = Arc::new(newest);
    let mut failed = None;
    loop {
        let wanted = tokio::select! {
            () = tokio::time::sleep(LOOK) => false,
            () = asked.next() => true,
        };
        gate.tidy();
        let look = Arc::clone(&newest);
        let version = tokio::task::spawn_blocking(move || look()).await.ok().flatten();
        let is_new = version.is_some()
            && version.as_deref() != Some(gate.site().version())
            && version != failed;
        if wanted || is_new {
            // A version that cannot be served is not tried again until there is another.
            failed = gate.reload().await.err().and(version);
        }
    }
}

/// What stands on the listener of the administrator: `/metrics`, `/healthz`, `/readyz` and `POST
/// /admin/reload`. It asks nobody who they are, so it must not be reached from outside.
pub fn admin(gate: Arc<Gate>) -> Router {
    async fn metrics(State(gate): State<Arc<Gate>>) -> impl IntoResponse {
        let text = gate.metrics.text().map_err(ApiError::Internal)?;
        let media_type = "text/plain; version=0.0.4; charset=utf-8";
        Ok::<_, ApiError>(([(header::CONTENT_TYPE, media_type)], text))
    }
    async fn ready(State(gate): State<Arc<Gate>>) -> impl IntoResponse {
        if gate.draining.load(Ordering::Acquire) {
            (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
        } else {
            (StatusCode::OK, "ready\n")
        }
    }
    async fn reload(State(gate): State<Arc<Gate>>) -> impl IntoResponse {
        match gate.reload().await {
            Ok(()) => (StatusCode::OK, format!("{}\n", gate.site().version())),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")),
        }
    }
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/admin/reload", post(reload))
        .with_state(gate)
}

/// Over when the process is told to stop: Ctrl-C anywhere; SIGTERM on Unix; the closing of the
/// console, Ctrl-Break and the end of Windows there.
pub async fn stop_signal() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!("cannot wait for Ctrl-C: {error}");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!("cannot wait for SIGTERM: {error}");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(windows)]
async fn terminated() {
    use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_shutdown};
    match (ctrl_break(), ctrl_close(), ctrl_shutdown()) {
        (Ok(mut broken), Ok(mut closed), Ok(mut ended)) => {
            tokio::select! {
                _ = broken.recv() => {}
                _ = closed.recv() => {}
                _ = ended.recv() => {}
            }
        }
        _ => {
            tracing::warn!("cannot wait for the closing of the console");
            std::future::pending::<()>().await;
        }
    }
}

/// Comes back each time the process is asked to load its data anew: by SIGHUP, where there is one;
/// elsewhere new data are found by looking, or loaded through the admin listener.
#[derive(Debug)]
pub struct ReloadSignal {
    #[cfg(unix)]
    hup: Option<tokio::signal::unix::Signal>,
}

impl ReloadSignal {
    /// Begins to listen; SIGHUP no longer ends the process.
    #[cfg(unix)]
    pub fn listen() -> Self {
        let hup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup());
        let hup = hup.inspect_err(|error| tracing::warn!("cannot wait for SIGHUP: {error}")).ok();
        Self { hup }
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub fn listen() -> Self {
        Self {}
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        match &mut self.hup {
            Some(hup) => {
                hup.recv().await;
            }
            None => std::future::pending().await,
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        std::future::pending().await
    }
}

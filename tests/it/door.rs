//! A gate before the routes, opened for a test.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use wardheat::audience::Audience;
use wardheat::server::access::tokens;
use wardheat::server::{Compute, Gate, Limits, Site};
use wardheat::store::Dataset;
use wardheat::workspace::ServerRule;

use crate::support::Workspace;
use crate::town::{Reply, dataset};

/// Where requests come from.
pub const ELSEWHERE: &str = "192.0.2.7";

/// A gate over the town, and the workspace of its tokens and log.
pub struct Door {
    pub gate: Arc<Gate>,
    pub workspace: Workspace,
}

impl Door {
    pub fn open(anybody: Option<Audience>, rule: ServerRule) -> Self {
        Self::over(anybody, rule, |_| dataset())
    }

    /// `data` gives the nth load.
    pub fn over(
        anybody: Option<Audience>,
        rule: ServerRule,
        data: impl Fn(usize) -> Dataset + Send + Sync + 'static,
    ) -> Self {
        let workspace = Workspace::new();
        let compute = Compute::new(Limits::default()).unwrap();
        let loads = AtomicUsize::new(0);
        let load =
            move || Ok(Site::new(data(loads.fetch_add(1, Ordering::Relaxed)), compute.clone()));
        let gate = Gate::new(workspace.path(), rule, anybody, Box::new(load)).unwrap();
        Self { gate: Arc::new(gate), workspace }
    }

    pub fn token(&self, name: &str, audience: Audience) -> String {
        // File times are coarse; a change within the same tick would not be seen.
        std::thread::sleep(Duration::from_millis(20));
        tokens::add(self.workspace.path(), name, audience, None).unwrap()
    }

    pub async fn ask(&self, request: Request<Body>) -> Reply {
        let peer: IpAddr = ELSEWHERE.parse().unwrap();
        let (parts, body) = self.gate.answer(peer, request).await.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, address: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(Method::GET, address, headers, "").await
    }

    pub async fn send(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(address).header("host", "maps");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    pub fn log(&self) -> Vec<serde_json::Value> {
        let files = self.workspace.files_under("access");
        let text: String =
            files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

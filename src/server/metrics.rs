//! What the server counts of itself, for Prometheus. Labels are templates of routes, never
//! addresses: there are as many series as routes.

use std::time::Duration;

use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

use super::english::metric as say;

/// Upper edges of the times to answer, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0];

/// Counters of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    refused: IntCounterVec,
    loads: IntCounterVec,
    pub(crate) in_flight: IntGauge,
    pub(crate) connections: IntGauge,
}

impl Metrics {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let counter = |name: &str, help: &str, labels: &[&str]| {
            IntCounterVec::new(Opts::new(format!("wardheat_{name}"), help), labels)
        };
        let times =
            HistogramOpts::new("wardheat_request_seconds", say::SECONDS).buckets(SECONDS.to_vec());
        let metrics = Self {
            registry: Registry::new(),
            requests: counter(
                "requests_total",
                say::REQUESTS,
                &["route", "method", "status", "audience"],
            )?,
            seconds: HistogramVec::new(times, &["route"])?,
            refused: counter("refused_total", say::REFUSED, &["why"])?,
            loads: counter("loads_total", say::LOADS, &["outcome"])?,
            in_flight: IntGauge::new("wardheat_in_flight", say::IN_FLIGHT)?,
            connections: IntGauge::new("wardheat_connections", say::CONNECTIONS)?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.seconds.clone()))?;
        metrics.registry.register(Box::new(metrics.refused.clone()))?;
        metrics.registry.register(Box::new(metrics.loads.clone()))?;
        metrics.registry.register(Box::new(metrics.in_flight.clone()))?;
        metrics.registry.register(Box::new(metrics.connections.clone()))?;
        Ok(metrics)
    }

    pub(crate) fn answered(
        &self,
        route: &str,
        method: &str,
        status: u16,
        audience: &str,
        took: Duration,
    ) {
        self.requests.with_label_values(&[route, method, &status.to_string(), audience]).inc();
        self.seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    pub(crate) fn refused(&self, why: &str) {
        self.refused.with_label_values(&[why]).inc();
    }

    pub(crate) fn loaded(&self, well: bool) {
        self.loads.with_label_values(&[if well { "done" } else { "failed" }]).inc();
    }

    /// Everything counted, in the text format of Prometheus.
    pub(crate) fn text(&self) -> anyhow::Result<Vec<u8>> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

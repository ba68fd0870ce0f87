//! What computes, and within which bounds.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::layer::Findings;
use crate::pipeline::AnalysisRequest;
use crate::server::worker::Worker;
use crate::stats::Watch;
use crate::store::Dataset;

/// Caps on what clients can make the server hold or do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Compute threads; all cores where `None`.
    pub threads: Option<NonZeroUsize>,
    /// Pieces of work that wait or run at once; more are answered 503.
    pub queue: usize,
    /// Requests in flight at once; more are answered 503.
    pub in_flight: usize,
    /// Bytes of analyses kept in memory, of maps and of single statistics each.
    pub findings_bytes: u64,
    /// An analysis that takes longer is stopped.
    pub longest: Duration,
    /// Profiles of wards kept in memory.
    pub profiles: u64,
    /// Bytes of drawn tiles, layers and pictures kept in memory.
    pub rendered_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            threads: None,
            queue: 128,
            in_flight: 512,
            findings_bytes: 512 * 1024 * 1024,
            longest: Duration::from_secs(10 * 60),
            profiles: 256,
            rendered_bytes: 64 * 1024 * 1024,
        }
    }
}

/// How an analysis is run: [`pipeline::analyse`], except in tests of the server alone. It stops
/// where the watch says so.
pub type Analyse =
    dyn Fn(&AnalysisRequest, &Dataset, &Watch) -> anyhow::Result<Findings> + Send + Sync;

/// What computes: shared by every version of the data and every audience.
#[derive(Debug, Clone)]
pub struct Compute {
    pub(super) worker: Arc<Worker>,
    /// Threads of their own for analyses: a tile never waits behind one.
    pub(super) analyses: Arc<Worker>,
    pub(super) in_flight: Arc<Semaphore>,
    pub(super) limits: Limits,
}

impl Compute {
    /// Threads and queues within these limits.
    ///
    /// # Errors
    ///
    /// If the compute threads cannot be started.
    pub fn new(limits: Limits) -> anyhow::Result<Self> {
        Ok(Self {
            worker: Arc::new(Worker::new(limits.threads, limits.queue)?),
            analyses: Arc::new(Worker::new(limits.threads, limits.queue)?),
            in_flight: Arc::new(Semaphore::new(limits.in_flight)),
            limits,
        })
    }
}

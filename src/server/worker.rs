//! The one crossing from the threads that answer requests to those that compute.

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::{Semaphore, oneshot};

use super::error::ApiError;

/// Compute threads, and how much may wait for them.
#[derive(Debug)]
pub(crate) struct Worker {
    pool: rayon::ThreadPool,
    queue: Arc<Semaphore>,
}

impl Worker {
    /// A pool of `threads` (all cores where `None`) for which at most `queue` pieces of work wait
    /// or run at once.
    ///
    /// A panic in a piece of work ends that piece alone: without a handler rayon would end the
    /// process.
    pub(crate) fn new(threads: Option<NonZeroUsize>, queue: usize) -> anyhow::Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.map_or(0, NonZeroUsize::get))
            .thread_name(|i| format!("compute-{i}"))
            .panic_handler(|_| tracing::error!("a piece of work panicked"))
            .build()
            .context("starting the compute threads")?;
        Ok(Self { pool, queue: Arc::new(Semaphore::new(queue)) })
    }

    /// Runs `work` on the compute pool, so that the threads that answer requests stay free.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| ApiError::Busy)?;
        let (send, receive) = oneshot::channel();
        self.pool.spawn(move || {
            let _place = place;
            // Nobody waits any more for work whose client has gone.
            if !send.is_closed() {
                drop(send.send(work()));
            }
        });
        receive.await.map_err(|_| ApiError::Internal(anyhow::anyhow!("the work panicked")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(queue: usize) -> Worker {
        Worker::new(NonZeroUsize::new(1), queue).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_the_pool_lives_on() {
        let worker = worker(4);

        let panicked = worker.run(|| panic!("on purpose")).await;
        let after = worker.run(|| 7).await;

        assert!(matches!(panicked, Err::<(), _>(ApiError::Internal(_))));
        assert_eq!(after.unwrap(), 7);
    }

    #[tokio::test]
    async fn more_than_the_queue_holds_is_turned_away() {
        let worker = worker(0);

        assert!(matches!(worker.run(|| 7).await, Err(ApiError::Busy)));
    }
}

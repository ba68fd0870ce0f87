//! One analysis under way: many may wait for it, each may leave, and it stops when all have.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::layer::Findings;
use crate::stats::Watch;

use super::error::ApiError;
use super::worker::Worker;

/// Time that is left to answer in, once waiting is given up.
const TO_ANSWER: Duration = Duration::from_millis(250);

tokio::task_local! {
    /// When the request that this task answers must be answered.
    pub(super) static DEADLINE: Instant;
}

/// How an analysis ended.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Found(Arc<Findings>),
    /// The data cannot answer it, for this reason.
    Unanswerable(String),
    /// It was stopped.
    Stopped,
    /// It never began, or panicked.
    Busy,
    Panicked,
}

/// An analysis under way or ended.
#[derive(Debug)]
pub(crate) struct Job {
    watch: Arc<Watch>,
    waiting: AtomicUsize,
    outcome: OnceLock<Outcome>,
    ended: watch::Sender<bool>,
}

/// A place in the queue of those who wait; leaving it may stop the work.
struct Waiting<'a>(&'a Job);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

impl Job {
    /// Begins `work` on the compute threads; it is stopped when nobody waits for it any more.
    pub(crate) fn begin(
        worker: &Arc<Worker>,
        work: impl FnOnce(&Watch) -> Result<Findings, String> + Send + 'static,
    ) -> Arc<Self> {
        let job = Arc::new(Self {
            watch: Arc::default(),
            waiting: AtomicUsize::new(0),
            outcome: OnceLock::new(),
            ended: watch::Sender::new(false),
        });
        let (worker, held) = (Arc::clone(worker), Arc::clone(&job));
        tokio::spawn(async move {
            let watch = Arc::clone(&held.watch);
            let done =
                worker.run(move || if watch.is_cancelled() { None } else { Some(work(&watch)) });
            let outcome = match done.await {
                Ok(Some(Ok(findings))) => Outcome::Found(Arc::new(findings)),
                _ if held.watch.is_cancelled() => Outcome::Stopped,
                Ok(Some(Err(reason))) => Outcome::Unanswerable(reason),
                Ok(None) => Outcome::Stopped,
                Err(ApiError::Busy) => Outcome::Busy,
                Err(_) => Outcome::Panicked,
            };
            held.outcome.get_or_init(|| outcome);
            held.ended.send_replace(true);
        });
        job
    }

    /// What was found, once it is.
    ///
    /// # Errors
    ///
    /// [`ApiError::TooSlow`] where the time to answer is over before: the work then goes on.
    pub(crate) async fn wait(self: &Arc<Self>) -> Result<Arc<Findings>, ApiError> {
        if let Some(outcome) = self.outcome.get() {
            return answer(outcome);
        }
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let place = Waiting(self);
        let mut ended = self.ended.subscribe();
        let over = async {
            match DEADLINE.try_with(|deadline| *deadline) {
                Ok(deadline) => tokio::time::sleep_until(deadline - TO_ANSWER).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = ended.wait_for(|ended| *ended) => {}
            () = over => {
                // Who asks again shortly finds it done.
                std::mem::forget(place);
                return Err(ApiError::TooSlow);
            }
        }
        drop(place);
        self.outcome.get().map_or(Err(ApiError::Busy), answer)
    }

    /// Keeps the work going though nobody waits.
    pub(crate) fn keep_going(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
    }

    /// Ends what [`Self::keep_going`] began: the work stops if nobody waits for it now.
    pub(crate) fn let_go(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 && self.outcome.get().is_none() {
            self.watch.cancel();
        }
    }

    /// How it ended, if it has.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    /// Steps done, and steps there are.
    pub(crate) fn progress(&self) -> (u64, u64) {
        self.watch.progress()
    }

    /// Whether it gives no answer though asked again: it was stopped, turned away, or panicked.
    pub(crate) fn is_given_up(&self) -> bool {
        match self.outcome.get() {
            None => self.watch.is_cancelled(),
            Some(outcome) => {
                matches!(outcome, Outcome::Stopped | Outcome::Busy | Outcome::Panicked)
            }
        }
    }
}

fn answer(outcome: &Outcome) -> Result<Arc<Findings>, ApiError> {
    match outcome {
        Outcome::Found(findings) => Ok(Arc::clone(findings)),
        Outcome::Unanswerable(reason) => Err(ApiError::Unanswerable(reason.clone())),
        Outcome::Stopped | Outcome::Busy => Err(ApiError::Busy),
        Outcome::Panicked => Err(ApiError::Internal(anyhow::anyhow!("an analysis panicked"))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// A job that steps until it is stopped, and says so.
    fn endless(worker: &Arc<Worker>) -> (Arc<Job>, Arc<AtomicBool>) {
        let stopped = Arc::new(AtomicBool::new(false));
        let said = Arc::clone(&stopped);
        let job = Job::begin(worker, move |watch| {
            while watch.step().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            said.store(true, Ordering::Release);
            Err("stopped".to_owned())
        });
        (job, stopped)
    }

    async fn soon(what: &AtomicBool) -> bool {
        for _ in 0..500 {
            if what.load(Ordering::Acquire) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    fn worker() -> Arc<Worker> {
        Arc::new(Worker::new(std::num::NonZeroUsize::new(1), 4).unwrap())
    }

    #[tokio::test]
    async fn work_stops_when_the_last_who_waits_has_gone() {
        let (job, stopped) = endless(&worker());
        let (first, second) = (Arc::clone(&job), Arc::clone(&job));
        let first = tokio::spawn(async move { first.wait().await.map(drop) });
        let second = tokio::spawn(async move { second.wait().await.map(drop) });
        tokio::time::sleep(Duration::from_millis(50)).await;

        first.abort();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!stopped.load(Ordering::Acquire), "one still waits");
        second.abort();

        assert!(soon(&stopped).await);
        assert!(job.is_given_up());
    }

    #[tokio::test]
    async fn who_runs_out_of_time_leaves_the_work_going() {
        let (job, stopped) = endless(&worker());
        let deadline = Instant::now() + TO_ANSWER + Duration::from_millis(50);

        let waited = DEADLINE.scope(deadline, job.wait()).await;

        assert!(matches!(waited, Err(ApiError::TooSlow)));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!stopped.load(Ordering::Acquire));
        job.let_go();
        assert!(soon(&stopped).await);
    }
}

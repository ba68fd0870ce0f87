//! One analysis under way: many may wait for it, each may leave, and it stops when all have, or when
//! it has taken too long.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::stats::Watch;

use super::english::problem as say;
use super::error::ApiError;
use super::worker::Worker;

/// Time that is left to answer in, once waiting is given up.
const TO_ANSWER: Duration = Duration::from_millis(250);

tokio::task_local! {
    /// When the request that this task answers must be answered.
    pub(super) static DEADLINE: Instant;
}

/// How an analysis ended.
#[derive(Debug)]
pub(crate) enum Outcome<T> {
    Found(Arc<T>),
    /// The data cannot answer it, for this reason.
    Unanswerable(String),
    /// It was stopped.
    Stopped,
    /// It was stopped because it took this long.
    TookTooLong(Duration),
    /// It never began, or panicked.
    Busy,
    Panicked,
}

/// An analysis under way or ended.
#[derive(Debug)]
pub(crate) struct Job<T> {
    watch: Arc<Watch>,
    waiting: AtomicUsize,
    outcome: OnceLock<Outcome<T>>,
    ended: watch::Sender<bool>,
}

/// A place in the queue of those who wait; leaving it may stop the work.
struct Waiting<'a, T>(&'a Job<T>);

impl<T> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

impl<T: Send + Sync + 'static> Job<T> {
    /// Begins `work` on the compute threads; it is stopped when nobody waits for it any more, and
    /// after `longest`. `then` is told of it once it has ended.
    pub(crate) fn begin(
        worker: &Arc<Worker>,
        longest: Duration,
        work: impl FnOnce(&Watch) -> Result<T, String> + Send + 'static,
        then: impl FnOnce(&Arc<Self>) + Send + 'static,
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
            tokio::pin!(done);
            let in_time = tokio::time::timeout(longest, &mut done).await.ok();
            let late = in_time.is_none();
            let done = if let Some(done) = in_time {
                done
            } else {
                held.watch.cancel();
                done.await
            };
            let outcome = match done {
                Ok(Some(Ok(found))) => Outcome::Found(Arc::new(found)),
                _ if late => Outcome::TookTooLong(longest),
                _ if held.watch.is_cancelled() => Outcome::Stopped,
                Ok(Some(Err(reason))) => Outcome::Unanswerable(reason),
                Ok(None) => Outcome::Stopped,
                Err(ApiError::Busy) => Outcome::Busy,
                Err(_) => Outcome::Panicked,
            };
            held.outcome.get_or_init(|| outcome);
            then(&held);
            held.ended.send_replace(true);
        });
        job
    }

    /// What was found, once it is.
    ///
    /// # Errors
    ///
    /// [`ApiError::TooSlow`] where the time to answer is over before: the work then goes on.
    pub(crate) async fn wait(self: &Arc<Self>) -> Result<Arc<T>, ApiError> {
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

    /// How it ended, if it has.
    pub(crate) fn outcome(&self) -> Option<&Outcome<T>> {
        self.outcome.get()
    }

    /// Whether it gives no answer though asked again: it was stopped, turned away, or panicked.
    pub(crate) fn is_given_up(&self) -> bool {
        match self.outcome.get() {
            None => self.watch.is_cancelled(),
            Some(Outcome::Found(_) | Outcome::Unanswerable(_) | Outcome::TookTooLong(_)) => false,
            Some(Outcome::Stopped | Outcome::Busy | Outcome::Panicked) => true,
        }
    }
}

impl<T> Job<T> {
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

    /// Steps done, and steps there are.
    pub(crate) fn progress(&self) -> (u64, u64) {
        self.watch.progress()
    }
}

fn answer<T>(outcome: &Outcome<T>) -> Result<Arc<T>, ApiError> {
    match outcome {
        Outcome::Found(found) => Ok(Arc::clone(found)),
        Outcome::Unanswerable(reason) => Err(ApiError::Unanswerable(reason.clone())),
        Outcome::TookTooLong(longest) => Err(ApiError::Unanswerable(took_too_long(*longest))),
        Outcome::Stopped | Outcome::Busy => Err(ApiError::Busy),
        Outcome::Panicked => Err(ApiError::Internal(anyhow::anyhow!("an analysis panicked"))),
    }
}

/// What to do about an analysis that was stopped because it took so long.
pub(crate) fn took_too_long(longest: Duration) -> String {
    let minutes = longest.as_millis().div_ceil(60_000);
    say::took_too_long(minutes)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// A job that steps until it is stopped, and says so.
    fn endless(worker: &Arc<Worker>, longest: Duration) -> (Arc<Job<()>>, Arc<AtomicBool>) {
        let stopped = Arc::new(AtomicBool::new(false));
        let said = Arc::clone(&stopped);
        let work = move |watch: &Watch| {
            while watch.step().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            said.store(true, Ordering::Release);
            Err("stopped".to_owned())
        };
        (Job::begin(worker, longest, work, |_| {}), stopped)
    }

    const HOUR: Duration = Duration::from_secs(3_600);

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
        let (job, stopped) = endless(&worker(), HOUR);
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
        let (job, stopped) = endless(&worker(), HOUR);
        let deadline = Instant::now() + TO_ANSWER + Duration::from_millis(50);

        let waited = DEADLINE.scope(deadline, job.wait()).await;

        assert!(matches!(waited, Err(ApiError::TooSlow)));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!stopped.load(Ordering::Acquire));
        job.let_go();
        assert!(soon(&stopped).await);
    }
    #[tokio::test]
    async fn what_takes_too_long_is_stopped_and_says_so() {
        let (job, stopped) = endless(&worker(), Duration::from_millis(50));

        let waited = job.wait().await;

        assert!(stopped.load(Ordering::Acquire));
        let said = waited.unwrap_err();
        assert!(matches!(said, ApiError::Unanswerable(why) if why.contains("more than a minute")));
        // Asked again it would take as long.
        assert!(!job.is_given_up());
    }
}

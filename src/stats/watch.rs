//! Watching a long computation from outside: how far it is, and a way to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

/// A computation that was stopped from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it was stopped before it was done")]
pub struct Cancelled;

/// Progress of a long computation, and whether it is still wanted; shared between threads.
///
/// It changes no result: a computation that is watched gives the same bytes or [`Cancelled`].
#[derive(Debug, Default)]
pub struct Watch {
    cancelled: AtomicBool,
    done: AtomicU64,
    steps: AtomicU64,
}

impl Watch {
    /// Asks the computation to stop at its next step.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Announces steps to come; may be called more than once.
    pub fn expect(&self, steps: u64) {
        self.steps.fetch_add(steps, Ordering::Relaxed);
    }

    /// One step done.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the computation is no longer wanted.
    pub fn step(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() {
            return Err(Cancelled);
        }
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Steps done, and steps announced so far.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.steps.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_until_it_is_stopped() {
        let watch = Watch::default();
        watch.expect(3);

        assert_eq!(watch.step(), Ok(()));
        watch.cancel();

        assert_eq!(watch.step(), Err(Cancelled));
        assert_eq!(watch.progress(), (1, 3));
    }
}

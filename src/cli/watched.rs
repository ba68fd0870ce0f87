//! A long computation at the command line: how far it is, on stderr, and Ctrl-C to stop it.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::stats::{Cancelled, Watch};

use super::english as say;
use super::interrupt::Interrupt;

/// How often Ctrl-C is asked after.
const TICK: Duration = Duration::from_millis(50);
/// Computations that are over before this show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time between plain lines.
const LINE: Duration = Duration::from_secs(5);

/// Runs `compute` with a watch that Ctrl-C cancels, and tells how far it is; a second Ctrl-C ends the
/// process.
///
/// # Errors
///
/// Those of `compute`, or [`Cancelled`] where it was stopped.
pub(super) fn watched<T>(
    what: &str,
    compute: impl FnOnce(&Watch) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let interrupt = Interrupt::listen();
    let watch = Watch::default();
    let done = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        let teller = scope.spawn(|| tell(what, &watch, &interrupt, &done));
        let result = compute(&watch);
        done.store(true, Ordering::Relaxed);
        teller.thread().unpark();
        result
    });
    if interrupt.is_asked() { Err(Cancelled.into()) } else { result }
}

/// Tells until it is done.
fn tell(what: &str, watch: &Watch, interrupt: &Interrupt, done: &AtomicBool) {
    let started = Instant::now();
    let mut said = started;
    let mut bar: Option<ProgressBar> = None;
    let terminal = std::io::stderr().is_terminal();
    while !done.load(Ordering::Relaxed) {
        if interrupt.is_asked() {
            watch.cancel();
        }
        let (at, steps) = watch.progress();
        if terminal && steps > 0 && started.elapsed() >= PATIENCE {
            let bar = bar.get_or_insert_with(|| bar_of(what));
            bar.set_length(steps);
            bar.set_position(at);
        } else if !terminal && said.elapsed() >= LINE {
            said = Instant::now();
            eprintln!("{}", line(what, at, steps, started.elapsed()));
        }
        std::thread::park_timeout(TICK);
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn bar_of(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template(say::bar::OF_STEPS);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar
}

fn line(what: &str, at: u64, steps: u64, since: Duration) -> String {
    let seconds = since.as_secs_f64();
    if at == 0 || steps == 0 {
        return say::seconds(what, seconds);
    }
    let left = seconds * steps.saturating_sub(at) as f64 / at as f64;
    say::steps(what, at, steps, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_and_how_long() {
        let ten = Duration::from_secs(10);

        assert_eq!(line("knox", 250, 1_000, ten), "knox: 250 of 1,000 steps, about 30 s left");
        assert_eq!(line("knox", 0, 0, ten), "knox: 10 s");
    }

    #[test]
    fn what_is_not_stopped_gives_its_own_result() {
        let found = watched("a test", |watch| {
            watch.expect(1);
            watch.step()?;
            Ok(watch.progress())
        });

        assert_eq!(found.unwrap(), (1, 1));
    }
}

//! How far an import is: a bar on a terminal, plain lines elsewhere, lines of JSON for machines.

use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::pipeline::{Stage, Watch};

use super::english as say;
use super::interrupt::Interrupt;

/// Time between plain lines; a short import prints the first alone.
const LINE: Duration = Duration::from_secs(5);
/// Time between lines of JSON.
const JSON: Duration = Duration::from_millis(500);

#[derive(Debug, Clone)]
enum Form {
    Bar(ProgressBar),
    Lines,
    Json,
}

/// Progress of one import on stderr. Ctrl-C stops the import while it lives.
#[derive(Debug)]
pub(super) struct Progress {
    form: Form,
    interrupt: Interrupt,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    stage: Stage,
    started: Instant,
    said: Instant,
    done: u64,
    total: u64,
    rows: u64,
}

impl Progress {
    /// Lines of JSON if `json`, else what suits stderr.
    pub(super) fn new(json: bool) -> Self {
        let form = if json {
            Form::Json
        } else if std::io::stderr().is_terminal() {
            Form::Bar(ProgressBar::new(0))
        } else {
            Form::Lines
        };
        let now = Instant::now();
        let state =
            State { stage: Stage::Read, started: now, said: now, done: 0, total: 0, rows: 0 };
        Self { form, interrupt: Interrupt::listen(), state: Mutex::new(state) }
    }

    /// Ends it: nothing more is shown.
    pub(super) fn finish(&self) {
        if let Form::Bar(bar) = &self.form {
            bar.finish_and_clear();
        }
    }
}

impl State {
    /// Seconds left at the rate so far; `None` where nothing is done yet.
    fn left(&self) -> Option<f64> {
        let seconds = self.started.elapsed().as_secs_f64();
        let rest = self.total.saturating_sub(self.done) as f64;
        (self.done > 0).then(|| seconds * rest / self.done as f64)
    }

    fn rows_per_second(&self) -> f64 {
        let seconds = self.started.elapsed().as_secs_f64();
        if seconds > 0.0 { self.rows as f64 / seconds } else { 0.0 }
    }

    fn line(&self) -> String {
        let per_cent = 100 * self.done / self.total.max(1);
        let rate = self.rows_per_second() as i64;
        say::progress(self.stage.label(), per_cent, self.rows, rate, self.left())
    }

    fn json(&self) -> String {
        let unit = match self.stage {
            Stage::Read => "bytes",
            Stage::Store => "incidents",
        };
        json!({
            "stage": self.stage.id(),
            "done": self.done,
            "total": self.total,
            "unit": unit,
            "rows": self.rows,
            "rows_per_second": self.rows_per_second().round(),
            "seconds_left": self.left(),
        })
        .to_string()
    }
}

impl Watch for Progress {
    fn begin(&self, stage: Stage, total: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        *state = State { stage, started: now, said: now, done: 0, total, rows: 0 };
        match &self.form {
            Form::Bar(bar) => {
                let style = ProgressStyle::with_template(match stage {
                    Stage::Read => say::bar::OF_BYTES,
                    Stage::Store => say::bar::OF_RECORDS,
                });
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.reset();
                bar.set_length(total);
                bar.set_message(stage.label());
                bar.enable_steady_tick(Duration::from_millis(200));
            }
            Form::Lines => {
                let size = match stage {
                    Stage::Read => say::kilobytes(total),
                    Stage::Store => say::incidents(total),
                };
                eprintln!("{} {size}", stage.label());
            }
            Form::Json => eprintln!("{}", state.json()),
        }
    }

    fn advance(&self, units: u64, rows: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done += units;
        // Records are both at once where they are stored.
        state.rows += if state.stage == Stage::Store { units } else { rows };
        let every = match &self.form {
            Form::Bar(bar) => return bar.set_position(state.done),
            Form::Lines => LINE,
            Form::Json => JSON,
        };
        if state.said.elapsed() >= every {
            state.said = Instant::now();
            match &self.form {
                Form::Json => eprintln!("{}", state.json()),
                _ => eprintln!("{}", state.line()),
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.interrupt.is_asked()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_way() -> State {
        let started = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        State { stage: Stage::Read, started, said: started, done: 50, total: 100, rows: 20_000 }
    }

    #[test]
    fn a_line_says_how_far_how_fast_and_how_long() {
        let line = half_way().line();

        assert!(line.starts_with("reading and cleaning: 50%, 20,000 rows, "), "{line}");
        assert!(line.ends_with("about 10 s left"), "{line}");
    }

    #[test]
    fn the_same_as_json_is_one_line() {
        let line = half_way().json();

        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((value["done"].as_u64(), value["unit"].as_str()), (Some(50), Some("bytes")));
        assert!(!line.contains('\n'));
    }

    #[test]
    fn nothing_done_promises_nothing() {
        let state = State { done: 0, ..half_way() };

        assert_eq!(state.left(), None);
        assert!(state.line().ends_with("rows/s"), "{}", state.line());
    }
}

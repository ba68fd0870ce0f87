//! Records on their way to the sink, set against those of other sources.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use crate::clean::Doubles;
use crate::time::Month;

use super::sink::{Records, Sink};

/// A sink, and what its records show of events told twice.
pub(super) struct Compared<'a> {
    sink: &'a dyn Sink,
    doubles: Mutex<Doubles>,
}

impl<'a> Compared<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, doubles: Mutex::default() }
    }

    /// What to tell the reader once all records have passed.
    pub(super) fn warnings(self) -> Vec<String> {
        self.doubles.into_inner().unwrap_or_else(PoisonError::into_inner).warnings()
    }
}

impl Sink for Compared<'_> {
    fn month(&self, source: &str, month: Month, records: &mut Records<'_>) -> anyhow::Result<()> {
        let mut seen = records.inspect(|some| {
            if let Ok(some) = some {
                self.doubles.lock().unwrap_or_else(PoisonError::into_inner).add(some);
            }
        });
        self.sink.month(source, month, &mut seen)
    }

    fn rejects(
        &self,
        source: &str,
        file: &str,
        lines: &mut dyn Iterator<Item = anyhow::Result<Cow<'_, [u8]>>>,
    ) -> anyhow::Result<()> {
        self.sink.rejects(source, file, lines)
    }
}

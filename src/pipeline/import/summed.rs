//! Records on their way to the sink, summed for the report on their quality.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use crate::clean::QualitySums;
use crate::time::Month;

use super::sink::{Records, Sink};

/// A sink, and sums over the records that passed.
pub(super) struct Summed<'a> {
    sink: &'a dyn Sink,
    sums: Mutex<QualitySums>,
}

impl<'a> Summed<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, sums: Mutex::default() }
    }

    /// The sums, once all records have passed. Months come in parallel; sums do not depend on their
    /// order.
    pub(super) fn sums(self) -> QualitySums {
        self.sums.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Summed<'_> {
    fn month(&self, source: &str, month: Month, records: &mut Records<'_>) -> anyhow::Result<()> {
        let mut sums = QualitySums::default();
        let mut seen = records.inspect(|some| {
            if let Ok(some) = some {
                sums.add(some);
            }
        });
        self.sink.month(source, month, &mut seen)?;
        drop(seen);
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).merge(sums);
        Ok(())
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

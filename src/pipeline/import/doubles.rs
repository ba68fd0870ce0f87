//! Records on their way to the sink, set against those of other sources.

use std::borrow::Cow;

use crate::clean::{Doubles, Spill};
use crate::time::Month;

use super::set_aside;
use super::sink::{Records, Sink};

/// A sink, and what its records show of events told twice.
pub(super) struct Compared<'a> {
    sink: &'a dyn Sink,
    /// `None` where a single source is read.
    doubles: Option<Doubles<'a>>,
}

impl<'a> Compared<'a> {
    pub(super) fn new(sink: &'a dyn Sink, spill: &'a Spill, n_sources: usize) -> Self {
        Self { sink, doubles: (n_sources > 1).then(|| Doubles::new(spill)) }
    }

    /// What to tell the reader once all records have passed.
    pub(super) fn warnings(self) -> anyhow::Result<Vec<String>> {
        let warnings = self.doubles.map(Doubles::warnings).transpose().map_err(set_aside)?;
        Ok(warnings.unwrap_or_default())
    }
}

impl Sink for Compared<'_> {
    fn month(&self, source: &str, month: Month, records: &mut Records<'_>) -> anyhow::Result<()> {
        let mut seen = records.map(|some| {
            let some = some?;
            if let Some(doubles) = &self.doubles {
                doubles.add(&some).map_err(set_aside)?;
            }
            Ok(some)
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

//! Where cleaned records go.

use std::borrow::Cow;

use crate::incident::Incidents;
use crate::store::Writer;
use crate::time::Month;

/// Records of one source and month, some at a time.
pub type Records<'a> = dyn Iterator<Item = anyhow::Result<Incidents>> + 'a;

/// What takes the records of an import.
pub trait Sink: Sync {
    /// Takes the records of one source and month, all of them; months come in parallel.
    ///
    /// # Errors
    ///
    /// If they cannot be kept, or an item of `records` is an error.
    fn month(&self, source: &str, month: Month, records: &mut Records<'_>) -> anyhow::Result<()>;

    /// Takes the rejected rows of one file as CSV.
    ///
    /// # Errors
    ///
    /// If they cannot be kept, or an item of `lines` is an error.
    fn rejects(
        &self,
        source: &str,
        file: &str,
        lines: &mut dyn Iterator<Item = anyhow::Result<Cow<'_, [u8]>>>,
    ) -> anyhow::Result<()>;
}

impl Sink for Writer {
    fn month(&self, source: &str, month: Month, records: &mut Records<'_>) -> anyhow::Result<()> {
        let mut file = Self::month(self, source, month)?;
        for some in records {
            file.add(&some?)?;
        }
        Ok(file.finish()?)
    }

    fn rejects(
        &self,
        source: &str,
        file: &str,
        lines: &mut dyn Iterator<Item = anyhow::Result<Cow<'_, [u8]>>>,
    ) -> anyhow::Result<()> {
        let mut out = Self::rejects(self, source, file)?;
        for some in lines {
            out.write(&some?)?;
        }
        Ok(out.finish()?)
    }
}

/// Records are looked at and let go.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn month(&self, _: &str, _: Month, records: &mut Records<'_>) -> anyhow::Result<()> {
        for some in records {
            some?;
        }
        Ok(())
    }

    fn rejects(
        &self,
        _: &str,
        _: &str,
        _: &mut dyn Iterator<Item = anyhow::Result<Cow<'_, [u8]>>>,
    ) -> anyhow::Result<()> {
        Ok(())
    }
}

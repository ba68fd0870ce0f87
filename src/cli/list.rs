//! `wardheat list`: what can be asked for.

use std::io::Write as _;

use clap::Args;

use crate::export::WRITERS;
use crate::incident::CrimeTypes;
use crate::read::format::FORMATS;
use crate::stats::STATISTICS;
use crate::units::UNIT_KINDS;

/// List what can be asked for
#[derive(Debug, Args)]
pub(super) struct List {}

impl List {
    pub(super) fn run() -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "crime types (--type)")?;
        for choice in CrimeTypes::choices() {
            writeln!(out, "  {:<30} {}", choice.to_string(), choice.label())?;
        }
        writeln!(out, "statistics")?;
        for statistic in STATISTICS {
            writeln!(out, "  {:<30} {}", statistic.id(), statistic.label())?;
        }
        writeln!(out, "units")?;
        for kind in UNIT_KINDS {
            writeln!(out, "  {:<30} {}", kind.id(), kind.label())?;
        }
        writeln!(out, "formats read")?;
        for format in FORMATS {
            writeln!(out, "  {:<30} {}", format.id(), format.label())?;
        }
        writeln!(out, "formats written")?;
        for writer in WRITERS {
            writeln!(out, "  {:<30} {}", writer.id(), writer.media_type())?;
        }
        Ok(())
    }
}

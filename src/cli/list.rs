//! `wardheat list`: what can be asked for.

use std::io::Write as _;

use clap::Args;

use crate::incident::CrimeTypes;
use crate::units::UNIT_KINDS;

/// List what can be asked for
#[derive(Debug, Args)]
pub(super) struct List {}

impl List {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "crime types (--type)")?;
        for choice in CrimeTypes::choices() {
            writeln!(out, "  {:<30} {}", choice.to_string(), choice.label())?;
        }
        writeln!(out, "units")?;
        for kind in UNIT_KINDS {
            writeln!(out, "  {:<30} {}", kind.id(), kind.label())?;
        }
        Ok(())
    }
}

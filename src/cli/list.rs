//! `wardheat list`: what can be asked for.

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::export::{SURFACE_WRITERS, WRITERS};
use crate::incident::CrimeTypes;
use crate::read::Layouts;
use crate::read::format::FORMATS;
use crate::stats::STATISTICS;
use crate::units::UNIT_KINDS;

use super::english::{self as say, list as heads};
use super::options::{form, meaning};

/// List what can be asked for
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only this, in full; statistics with what they tell, their options and names elsewhere
    what: Option<What>,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Types,
    Statistics,
    Units,
    Formats,
    Layouts,
    Writers,
}

impl List {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        for (what, print) in LISTS {
            match self.what {
                None => print(&mut out, false)?,
                Some(only) if only == *what => print(&mut out, true)?,
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// Prints one list, in full if asked.
type Print = fn(&mut dyn Write, bool) -> std::io::Result<()>;

const LISTS: &[(What, Print)] = &[
    (What::Types, types),
    (What::Statistics, statistics),
    (What::Units, units),
    (What::Formats, formats),
    (What::Layouts, layouts),
    (What::Writers, writers),
];

fn line(out: &mut dyn Write, id: &str, label: &str) -> std::io::Result<()> {
    writeln!(out, "  {id:<30} {label}")
}

fn types(out: &mut dyn Write, _: bool) -> std::io::Result<()> {
    writeln!(out, "{}", heads::TYPES)?;
    CrimeTypes::choices().try_for_each(|choice| line(out, &choice.to_string(), choice.label()))
}

fn statistics(out: &mut dyn Write, in_full: bool) -> std::io::Result<()> {
    writeln!(out, "{}", heads::STATISTICS)?;
    for statistic in STATISTICS {
        line(out, statistic.id(), statistic.label())?;
        if !in_full {
            continue;
        }
        writeln!(out, "      {}", statistic.about())?;
        for option in statistic.options() {
            let meaning = meaning(&option).replace('\n', "\n            ");
            writeln!(out, "      --{} {}\n          {meaning}", option.name, form(option.kind))?;
        }
        for (tool, name) in statistic.equivalents() {
            writeln!(out, "      {}", say::in_tool(tool, name))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn units(out: &mut dyn Write, _: bool) -> std::io::Result<()> {
    writeln!(out, "{}", heads::UNITS)?;
    UNIT_KINDS.iter().try_for_each(|kind| line(out, kind.id(), kind.label()))
}

fn formats(out: &mut dyn Write, _: bool) -> std::io::Result<()> {
    writeln!(out, "{}", heads::FORMATS)?;
    FORMATS.iter().try_for_each(|format| line(out, format.id(), format.label()))
}

fn layouts(out: &mut dyn Write, _: bool) -> std::io::Result<()> {
    writeln!(out, "{}", heads::LAYOUTS)?;
    let known = Layouts::known();
    known.profiles().try_for_each(|profile| line(out, &profile.id, &profile.label))?;
    writeln!(out, "{}", heads::OTHER_LAYOUTS)?;
    let subjects = known.every_subject().into_iter();
    let mut others = subjects.flat_map(|subject| known.subjects(subject));
    others.try_for_each(|layout| line(out, &layout.id, &layout.label))
}

fn writers(out: &mut dyn Write, _: bool) -> std::io::Result<()> {
    writeln!(out, "{}", heads::WRITERS)?;
    WRITERS.iter().try_for_each(|writer| line(out, writer.id(), writer.media_type()))?;
    SURFACE_WRITERS.iter().try_for_each(|writer| line(out, writer.id(), writer.media_type()))
}

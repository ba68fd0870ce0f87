//! Residents of wards where files give those of LSOAs alone.

use std::collections::BTreeSet;

use anyhow::Context as _;

use crate::context::{CodeSet, Lookup, chain};
use crate::pipeline::english::residents as say;
use crate::quantity::Population;
use crate::read::read_lookup;
use crate::units::{Area, AreaLayer, Nesting, nesting};
use crate::workspace::Workspace;

use super::{load, unread};

/// Kind of the areas that are added up, and of those that get the sum.
const FINE: &str = "lsoa";
const COARSE: &str = "ward";

/// Adds up the people of LSOAs by ward where no file gives them by ward: LSOAs stand in the ward that
/// a lookup of the workspace names, or else in the one that they lie in.
///
/// Without a lookup no ward gets any if the border of one cuts an LSOA: rates and ranks of the others
/// alone would mislead. Nor does a ward with an LSOA whose people are not known. Gives, in words, how
/// it was done; `None` if nothing was.
pub(super) fn add_up(
    workspace: &Workspace,
    layers: &mut [AreaLayer],
    said: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> anyhow::Result<Option<String>> {
    let known = |layer: &AreaLayer| layer.areas.iter().any(|area| area.residents.is_some());
    let fine = layers.iter().find(|layer| layer.kind == FINE && known(layer)).cloned();
    let coarse = layers.iter_mut().find(|layer| layer.kind == COARSE && !known(layer));
    let (Some(fine), Some(coarse)) = (fine, coarse) else { return Ok(None) };
    let lookup = lookup(workspace, &fine, coarse)?;
    let (nesting, how) = match &lookup {
        Some(lookup) => {
            let place = |code| coarse.areas.binary_search_by(|area| area.code.as_str().cmp(code));
            let of: Vec<Option<usize>> =
                fine.areas.iter().map(|area| place(lookup.only(&area.code)?).ok()).collect();
            let how = say::by_lookup(of.iter().flatten().count());
            (Nesting { of, cutting: BTreeSet::new() }, how)
        }
        None => (nesting(&fine, coarse), say::BY_GROUND.to_owned()),
    };
    if !nesting.cutting.is_empty() {
        warnings.push(say::cut(nesting.cutting.len(), coarse.areas.len()));
        return Ok(None);
    }
    for (i, ward) in coarse.areas.iter_mut().enumerate() {
        let own = fine.areas.iter().zip(&nesting.of).filter(|(_, of)| **of == Some(i));
        let own: Vec<&Area> = own.map(|(area, _)| area).collect();
        let sum = |people: fn(&Area) -> Option<Population>| {
            let all: Option<f64> = own.iter().map(|area| people(area).map(Population::get)).sum();
            all.and_then(Population::new)
        };
        ward.residents = sum(|area| area.residents);
        ward.households = sum(|area| area.households);
        ward.workday = sum(|area| area.workday);
    }
    let with = coarse.areas.iter().filter(|area| area.residents.is_some()).count();
    said.push(say::wards(with, coarse.areas.len()));
    Ok((with > 0).then_some(how))
}

/// The lookups of the workspace from one layer's codes to those of another, as one.
fn lookup(
    workspace: &Workspace,
    from: &AreaLayer,
    to: &AreaLayer,
) -> anyhow::Result<Option<Lookup>> {
    let mut lookups = Vec::new();
    for spec in &workspace.config.lookups {
        let file = load(workspace, &spec.file).context("reading a lookup")?;
        lookups.push(read_lookup(&file, spec).map_err(unread).context("reading a lookup")?.found);
    }
    let codes = |layer: &AreaLayer| CodeSet::new(&layer.kind, &layer.edition);
    Ok(chain(&lookups, &codes(from), &codes(to)))
}

//! Residents of wards where files give those of LSOAs alone.

use crate::context::{CodeSet, Lookup, chain};
use crate::pipeline::english::residents as say;
use crate::quantity::Population;
use crate::read::{LoadedFile, ReadLookup};
use crate::units::{Area, AreaLayer, nesting};

/// Kind of the areas that are added up, and of those that get the sum.
const FINE: &str = "lsoa";
const COARSE: &str = "ward";

/// Adds up the people of LSOAs by ward where no file gives them by ward: LSOAs stand in the ward that
/// a lookup of the workspace names, or else in the one that they lie in.
///
/// No ward gets any if the border of one cuts an LSOA, or if the lookup gives one several wards: rates
/// and ranks of the others alone would mislead. Nor does a ward with an LSOA whose people are not known. Gives, in words, how
/// it was done; `None` if nothing was.
pub(super) fn add_up(
    lookups: &[(LoadedFile, ReadLookup)],
    layers: &mut [AreaLayer],
    said: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> Option<String> {
    let known = |layer: &AreaLayer| layer.areas.iter().any(|area| area.residents.is_some());
    let fine = layers.iter().find(|layer| layer.kind == FINE && known(layer)).cloned();
    let coarse = layers.iter_mut().find(|layer| layer.kind == COARSE && !known(layer));
    let (Some(fine), Some(coarse)) = (fine, coarse) else { return None };
    let (of, how) = if let Some(lookup) = lookup(lookups, &fine, coarse) {
        match by_lookup(&lookup, &fine, coarse) {
            Ok(of) => {
                let how = say::by_lookup(of.iter().flatten().count());
                (of, how)
            }
            Err(twice) => {
                let row = second_row(lookups, twice[0]);
                warnings.push(say::in_two_wards(twice.len(), twice[0], row));
                return None;
            }
        }
    } else {
        let found = nesting(&fine, coarse);
        if !found.cutting.is_empty() {
            warnings.push(say::cut(found.cutting.len(), coarse.areas.len()));
            return None;
        }
        if found.beyond > 0 {
            warnings.push(say::beyond(found.beyond));
        }
        (found.of, say::BY_GROUND.to_owned())
    };
    for (i, ward) in coarse.areas.iter_mut().enumerate() {
        let own = fine.areas.iter().zip(&of).filter(|(_, of)| **of == Some(i));
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
    (with > 0).then_some(how)
}

/// The lookups of the workspace from one layer's codes to those of another, as one.
fn lookup(
    lookups: &[(LoadedFile, ReadLookup)],
    from: &AreaLayer,
    to: &AreaLayer,
) -> Option<Lookup> {
    let lookups: Vec<Lookup> = lookups.iter().map(|(_, lookup)| lookup.found.clone()).collect();
    let codes = |layer: &AreaLayer| CodeSet::new(&layer.kind, &layer.edition);
    chain(&lookups, &codes(from), &codes(to))
}

/// `[areas of the finer layer]`: index of the area that a lookup names; or the codes of those for
/// which it names one of these areas and another besides.
fn by_lookup<'a>(
    lookup: &Lookup,
    fine: &'a AreaLayer,
    coarse: &AreaLayer,
) -> Result<Vec<Option<usize>>, Vec<&'a str>> {
    let place = |code| coarse.areas.binary_search_by(|area| area.code.as_str().cmp(code)).ok();
    let codes = fine.areas.iter().map(|area| area.code.as_str());
    let in_several = |code: &&str| {
        lookup.only(code).is_none() && lookup.of(code).any(|ward| place(ward).is_some())
    };
    let twice: Vec<&str> = codes.clone().filter(in_several).collect();
    if twice.is_empty() {
        Ok(codes.map(|code| place(lookup.only(code)?)).collect())
    } else {
        Err(twice)
    }
}

/// File and line of the row that gives a code another counterpart; `None` where that is a matter of
/// several lookups.
fn second_row<'a>(lookups: &'a [(LoadedFile, ReadLookup)], code: &str) -> Option<(&'a str, u64)> {
    lookups.iter().find_map(|(file, lookup)| {
        let (_, line) = lookup.doubles.iter().find(|(double, _)| double == code)?;
        Some((file.name.as_str(), *line))
    })
}

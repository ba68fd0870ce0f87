//! Counts weighted by harm.

use std::collections::{BTreeMap, HashMap};

use crate::incident::{CrimeTypeIdx, HarmWeights};
use crate::units::UnitIdx;

use super::english as say;

/// Harm of the incidents of each unit, and what of it is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmCounts {
    /// The table the weights are from, in words: its name, edition and group.
    pub table: String,
    /// What its weights are counted in.
    pub unit: String,
    /// `[n_units]`: weights of its incidents together, in the unit of the table; `None` where it has
    /// incidents and none of them has a weight.
    pub harm: Vec<Option<f64>>,
    /// `[n_units]`: incidents.
    pub counts: Vec<u64>,
    /// `[n_units]`: incidents that have a weight.
    pub weighted: Vec<u64>,
    /// Incidents, those in no unit included.
    pub n_incidents: u64,
    /// Those of them that have a weight.
    pub n_weighted: u64,
    /// Categories that incidents have and the table does not, with their incidents, in order.
    pub without: Vec<(String, u64)>,
}

/// Weights of offence codes, or of categories as a file writes them.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeWeights {
    table: String,
    unit: String,
    weights: HashMap<String, f64>,
}

/// A code as it is compared: letter case and outer space apart.
fn code_key(code: &str) -> String {
    code.trim().to_uppercase()
}

impl CodeWeights {
    /// An empty table of this name and edition, in `unit`.
    pub fn new(name: &str, edition: &str, unit: &str, group: Option<&str>) -> Self {
        Self { table: say::table(name, edition, group), unit: unit.into(), weights: HashMap::new() }
    }

    /// Gives a code its weight; false, and nothing done, where it has one already.
    pub fn add(&mut self, code: &str, weight: f64) -> bool {
        let key = code_key(code);
        let is_new = !self.weights.contains_key(&key);
        if is_new {
            self.weights.insert(key, weight);
        }
        is_new
    }
}

/// Sums the weights of incidents by unit. An incident whose type has no weight adds nothing and is
/// counted as one without: its harm is not known, which is not 0.
///
/// # Shapes and units
///
/// - `units`, `crime_types`: `[n_incidents]`, alike; a unit is `None` for an incident in none.
///
/// # Source
///
/// Sherman, Neyroud and Neyroud (2016), *Policing* 10(3), 171-183,
/// <https://doi.org/10.1093/police/paw003>.
pub fn harm_by_unit(
    units: &[Option<UnitIdx>],
    crime_types: &[CrimeTypeIdx],
    n_units: usize,
    weights: &HarmWeights,
) -> HarmCounts {
    let table = say::table(&weights.name, &weights.edition, weights.group.as_deref());
    let weighed = crime_types.iter().map(|&of| ((of.index(), of.get().label), weights.get(of)));
    let label = |(_, label): (usize, &str)| label.to_owned();
    summed(units, weighed, n_units, (table, weights.unit.clone()), label)
}

/// As [`harm_by_unit`], of offence codes or categories as they are written.
///
/// # Shapes and units
///
/// - `units`, `codes`: `[n_incidents]`, alike.
pub fn harm_by_code(
    units: &[Option<UnitIdx>],
    codes: &[String],
    n_units: usize,
    weights: &CodeWeights,
) -> HarmCounts {
    let weighed = codes.iter().map(|code| {
        let key = code_key(code);
        let weight = weights.weights.get(&key).copied();
        (key, weight)
    });
    let label = |key: String| if key.is_empty() { say::NO_CODE.to_owned() } else { key };
    summed(units, weighed, n_units, (weights.table.clone(), weights.unit.clone()), label)
}

fn summed<K: Ord>(
    units: &[Option<UnitIdx>],
    weighed: impl Iterator<Item = (K, Option<f64>)>,
    n_units: usize,
    (table, unit): (String, String),
    label: impl Fn(K) -> String,
) -> HarmCounts {
    let mut harm = vec![0.0; n_units];
    let (mut counts, mut weighted) = (vec![0; n_units], vec![0; n_units]);
    let mut without: BTreeMap<K, u64> = BTreeMap::new();
    let mut n_incidents = 0;
    for (place, (key, weight)) in units.iter().zip(weighed) {
        n_incidents += 1;
        if weight.is_none() {
            *without.entry(key).or_default() += 1;
        }
        let Some(place) = place.map(UnitIdx::index) else { continue };
        counts[place] += 1;
        if let Some(weight) = weight {
            harm[place] += weight;
            weighted[place] += 1;
        }
    }
    let known = |i: usize| (counts[i] == 0 || weighted[i] > 0).then_some(harm[i]);
    HarmCounts {
        harm: (0..n_units).map(known).collect(),
        table,
        unit,
        n_incidents,
        n_weighted: n_incidents - without.values().sum::<u64>(),
        without: without.into_iter().map(|(key, count)| (label(key), count)).collect(),
        counts,
        weighted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: fn(usize) -> Option<UnitIdx> = |i| Some(UnitIdx::new(i));

    #[test]
    fn what_has_no_weight_is_counted_apart_and_never_as_zero() {
        let of = |id| CrimeTypeIdx::from_id(id).unwrap();
        let (robbery, drugs, asb) = (of("robbery"), of("drugs"), of("anti-social-behaviour"));
        let weights =
            HarmWeights::new("CCHI", "2026", "days", None, [(robbery, 365.0), (drugs, 3.78)]);
        let units = [AT(0), AT(0), AT(0), AT(1), None, None];
        let types = [robbery, drugs, asb, asb, robbery, asb];

        let found = harm_by_unit(&units, &types, 3, &weights);

        assert_eq!(found.harm, [Some(368.78), None, Some(0.0)]);
        assert_eq!((found.counts, found.weighted), (vec![3, 1, 0], vec![2, 0, 0]));
        assert_eq!((found.n_incidents, found.n_weighted), (6, 3));
        assert_eq!(found.without, [(asb.get().label.to_owned(), 3)]);
        assert_eq!(found.table, "CCHI (edition 2026)");
    }

    #[test]
    fn codes_are_weighed_as_written_letter_case_apart() {
        let mut weights = CodeWeights::new("offences.csv", "2026", "days", Some("Kent"));
        assert!(weights.add("28E", 19.0) && weights.add("49A", 0.5));
        assert!(!weights.add(" 28e ", 7.0));
        let codes = ["28e", "49A", "99Z", ""].map(str::to_owned);

        let found = harm_by_code(&[AT(0), AT(0), AT(1), AT(0)], &codes, 2, &weights);

        assert_eq!(found.harm, [Some(19.5), None]);
        assert_eq!(found.without, [("no code".to_owned(), 1), ("99Z".to_owned(), 1)]);
        assert_eq!(found.table, "offences.csv (edition 2026, Kent)");
    }
}

//! Counts weighted by harm.

use crate::incident::{CRIME_TYPES, CrimeTypeIdx, HarmWeights};
use crate::units::UnitIdx;

/// Harm of the incidents of each unit, and what of it is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmCounts {
    /// The table the weights are from.
    pub weights: HarmWeights,
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
    /// Types that incidents have and the table does not, with their incidents, in list order.
    pub without: Vec<(CrimeTypeIdx, u64)>,
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
    let mut harm = vec![0.0; n_units];
    let (mut counts, mut weighted) = (vec![0; n_units], vec![0; n_units]);
    let mut without = vec![0; CRIME_TYPES.len()];
    for (unit, &crime_type) in units.iter().zip(crime_types) {
        let weight = weights.get(crime_type);
        if weight.is_none() {
            without[crime_type.index()] += 1;
        }
        let Some(unit) = unit.map(UnitIdx::index) else { continue };
        counts[unit] += 1;
        if let Some(weight) = weight {
            harm[unit] += weight;
            weighted[unit] += 1;
        }
    }
    let known = |i: usize| (counts[i] == 0 || weighted[i] > 0).then_some(harm[i]);
    let n_incidents = crime_types.len() as u64;
    HarmCounts {
        harm: (0..n_units).map(known).collect(),
        weights: weights.clone(),
        n_incidents,
        n_weighted: n_incidents - without.iter().sum::<u64>(),
        without: CrimeTypeIdx::all()
            .map(|crime_type| (crime_type, without[crime_type.index()]))
            .filter(|(_, count)| *count > 0)
            .collect(),
        counts,
        weighted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_weight_is_counted_apart_and_never_as_zero() {
        let of = |id| CrimeTypeIdx::from_id(id).unwrap();
        let (robbery, drugs, asb) = (of("robbery"), of("drugs"), of("anti-social-behaviour"));
        let weights =
            HarmWeights::new("CCHI", "2026", "days", None, [(robbery, 365.0), (drugs, 3.78)]);
        let at = |i| Some(UnitIdx::new(i));
        let units = [at(0), at(0), at(0), at(1), None, None];
        let types = [robbery, drugs, asb, asb, robbery, asb];

        let found = harm_by_unit(&units, &types, 3, &weights);

        assert_eq!(found.harm, [Some(368.78), None, Some(0.0)]);
        assert_eq!((found.counts, found.weighted), (vec![3, 1, 0], vec![2, 0, 0]));
        assert_eq!((found.n_incidents, found.n_weighted), (6, 3));
        assert_eq!(found.without, [(asb, 3)]);
    }
}

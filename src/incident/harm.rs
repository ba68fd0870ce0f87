//! Harm weights: how much one incident of each crime type weighs beside the others.

use super::{CRIME_TYPES, CrimeTypeIdx};

/// One table of weights, by crime type.
///
/// A crime type without a published weight has none: it is named wherever harm is shown
/// ([`HarmWeights::missing`]), never counted as 0. Anti-social behaviour has no weight in the
/// Cambridge index, because it is no crime.
///
/// # Source
///
/// Sherman, Neyroud and Neyroud (2016), *Policing* 10(3), 171-183,
/// <https://doi.org/10.1093/police/paw003>; Office for National Statistics, *Crime Severity Score*.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmWeights {
    /// What it is called, such as `Cambridge Crime Harm Index`.
    pub name: String,
    /// Edition, such as `2026`.
    pub edition: String,
    /// What a weight is counted in, such as `days of imprisonment`.
    pub unit: String,
    /// Whose mix of offences the weights are made from, where it is not the country's: a force.
    pub group: Option<String>,
    weights: Vec<Option<f64>>,
}

impl HarmWeights {
    /// A table of `weights` in `unit`; where a type comes twice, the last one holds.
    pub fn new(
        name: &str,
        edition: &str,
        unit: &str,
        group: Option<&str>,
        weights: impl IntoIterator<Item = (CrimeTypeIdx, f64)>,
    ) -> Self {
        let mut all = vec![None; CRIME_TYPES.len()];
        for (crime_type, weight) in weights {
            all[crime_type.index()] = Some(weight);
        }
        Self {
            name: name.to_owned(),
            edition: edition.to_owned(),
            unit: unit.to_owned(),
            group: group.map(str::to_owned),
            weights: all,
        }
    }

    /// Weight of one incident of this type; `None` where the table has none.
    pub fn get(&self, crime_type: CrimeTypeIdx) -> Option<f64> {
        self.weights.get(crime_type.index()).copied().flatten()
    }

    /// Every type that has a weight, with it, in list order.
    pub fn weighted(&self) -> impl Iterator<Item = (CrimeTypeIdx, f64)> {
        CrimeTypeIdx::all().filter_map(|crime_type| Some((crime_type, self.get(crime_type)?)))
    }

    /// Every type that has no weight, in list order.
    pub fn missing(&self) -> impl Iterator<Item = CrimeTypeIdx> {
        CrimeTypeIdx::all().filter(|&crime_type| self.get(crime_type).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_without_a_weight_is_named_and_never_nothing() {
        let robbery = CrimeTypeIdx::from_id("robbery").unwrap();
        let asb = CrimeTypeIdx::from_id("anti-social-behaviour").unwrap();

        let weights = HarmWeights::new("CCHI", "2026", "days", None, [(robbery, 365.0)]);

        assert_eq!(weights.get(robbery), Some(365.0));
        assert_eq!(weights.get(asb), None);
        assert!(weights.missing().any(|crime_type| crime_type == asb));
        assert_eq!(weights.weighted().collect::<Vec<_>>(), [(robbery, 365.0)]);
    }
}

//! Changes of the rules by which things are recorded: what makes a step in a series without anything
//! having changed on the ground.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::incident::{CrimeTypeIdx, CrimeTypes};
use crate::time::Month;

/// One change of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingChange {
    /// First month of the new rule.
    #[serde(deserialize_with = "month")]
    pub month: Month,
    /// Ids of the types that it touches.
    types: Vec<String>,
    /// What is new, in words that follow a month and a colon.
    pub says: String,
    /// Where the rule stands.
    pub source: String,
}

fn month<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Month, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

#[derive(Deserialize)]
struct Changes {
    change: Vec<RecordingChange>,
}

/// Every change, in order of time: `data/recording-changes.toml`.
pub static RECORDING_CHANGES: LazyLock<Vec<RecordingChange>> = LazyLock::new(|| {
    let text = include_str!("../../data/recording-changes.toml");
    let mut changes = toml::from_str::<Changes>(text).expect("a test reads the file").change;
    changes.sort_by_key(|change| change.month);
    changes
});

impl RecordingChange {
    /// Whether it touches any of these incidents.
    pub fn touches(&self, types: CrimeTypes) -> bool {
        let known = self.types.iter().filter_map(|id| CrimeTypeIdx::from_id(id));
        known.into_iter().any(|one| types.contains(one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_names_types_that_there_are_and_says_what_is_new() {
        assert!(!RECORDING_CHANGES.is_empty());
        for change in RECORDING_CHANGES.iter() {
            assert!(!change.types.is_empty() && !change.says.is_empty(), "{change:?}");
            for id in &change.types {
                assert!(CrimeTypeIdx::from_id(id).is_some(), "{id}");
            }
            assert!(!change.says.ends_with('.'), "{}", change.says);
        }
    }

    #[test]
    fn a_change_touches_its_own_types_and_families_that_hold_them() {
        let burglary = RECORDING_CHANGES.iter().find(|change| change.month.year() == 2023).unwrap();

        assert!(burglary.touches("burglary".parse().unwrap()));
        assert!(burglary.touches(CrimeTypes::All));
        assert!(!burglary.touches("drugs".parse().unwrap()));
    }
}

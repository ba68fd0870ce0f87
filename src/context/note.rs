//! What the reader of a series must know: notes of the workspace's own, each of a month.

use serde::Deserialize;

use crate::incident::{CrimeTypeIdx, CrimeTypes};
use crate::time::Month;

/// `[[note]]` of `wardheat.toml`: something that changed a series, such as a new way of recording.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DatedNote {
    /// First month of the new state of things.
    pub month: Month,
    /// What is new, in words that follow a month and a colon.
    pub says: String,
    /// Crime types and families that it touches; all where none is named.
    #[serde(default)]
    pub categories: Vec<CrimeTypes>,
    /// Codes of the wards that it touches; all where none is named.
    #[serde(default)]
    pub wards: Vec<String>,
}

impl DatedNote {
    /// Whether it touches any of these incidents in any of these wards.
    pub fn touches(&self, types: CrimeTypes, wards: &[String]) -> bool {
        let both = |one: CrimeTypeIdx| {
            types.contains(one) && self.categories.iter().any(|of| of.contains(one))
        };
        (self.wards.is_empty() || wards.iter().any(|ward| self.wards.contains(ward)))
            && (self.categories.is_empty() || CrimeTypeIdx::all().any(both))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_touches_its_own_kinds_and_wards_and_all_where_it_names_none() {
        let read = |text: &str| toml::from_str::<DatedNote>(text).unwrap();
        let all = read("month = \"2025-04\"\nsays = \"a new control room\"");
        let one = read(
            "month = \"2025-04\"\nsays = \"online reports\"\ncategories = [\"shoplifting\"]\n\
             wards = [\"E05000001\"]",
        );
        let types = |name: &str| name.parse::<CrimeTypes>().unwrap();
        let here = ["E05000001".to_owned()];

        assert!(all.touches(types("burglary"), &[]));
        assert!(one.touches(types("shoplifting"), &here) && one.touches(types("all-crime"), &here));
        assert!(!one.touches(types("burglary"), &here));
        assert!(!one.touches(types("shoplifting"), &["E05000002".to_owned()]));
        assert!(!one.touches(types("shoplifting"), &[]));
    }
}

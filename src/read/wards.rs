//! Wards by code or name, for files that say where by ward.

use std::collections::HashMap;

use crate::units::AreaLayer;

use super::words_key;

/// The wards of a workspace, to be found by code or name.
#[derive(Debug, Default)]
pub struct Wards {
    by_words: HashMap<String, Option<String>>,
}

impl Wards {
    /// The wards among these layers. A name that two wards share finds neither.
    pub fn new(layers: &[AreaLayer]) -> Self {
        let mut by_words: HashMap<String, Option<String>> = HashMap::new();
        let wards = layers.iter().filter(|layer| layer.kind == "ward");
        for ward in wards.flat_map(|layer| &layer.areas) {
            by_words.insert(words_key(&ward.code), Some(ward.code.clone()));
            let known = by_words.entry(words_key(&ward.name)).or_insert(Some(ward.code.clone()));
            if known.as_ref() != Some(&ward.code) {
                *known = None;
            }
        }
        Self { by_words }
    }

    /// Code of the ward with this code or name.
    pub fn code_of(&self, text: &str) -> Option<&str> {
        self.by_words.get(&words_key(text))?.as_deref()
    }
}

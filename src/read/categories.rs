//! Category tables: which code or word is which crime type, in which edition, from which month to
//! which, and on whose word. A table is one file in `data/categories/`, embedded in the binary.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::time::Month;

use super::LocationRules;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/data/categories"]
struct Files;

/// Id of the table of kinds whose place is never kept, whatever a file's layout says.
pub const SENSITIVE: &str = "sensitive";

/// One table of categories.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CategoryTable {
    /// Name in profiles.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// Where its entries are from.
    pub source: String,
    /// Licence of what it is taken from, where that states one.
    pub licence: Option<String>,
    /// Its editions, each with the months it was in force.
    #[serde(default, rename = "edition")]
    pub editions: Vec<Edition>,
    /// Where a series breaks though its names stay.
    #[serde(default, rename = "break")]
    pub breaks: Vec<SeriesBreak>,
    /// Codes no longer used, and the one each is now recorded under.
    #[serde(default)]
    pub retired: BTreeMap<String, String>,
    /// Records whose place must be kept more coarsely.
    #[serde(default)]
    pub coarser: LocationRules,
}

/// The entries that were in force over the same months.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Edition {
    /// What it is, in words.
    pub name: String,
    /// Month it began; open where absent.
    pub from: Option<Month>,
    /// Last month it was in force; open where absent.
    pub to: Option<Month>,
    /// Offence codes: a whole code (`37/2`), a class with letter (`3A`) or a class (`28`).
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// Texts; a `*` at either end stands for anything.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
}

/// A month from which counts are not comparable with those before.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SeriesBreak {
    /// First month of the new way.
    pub from: Month,
    /// What changed.
    pub says: String,
}

static TABLES: LazyLock<Vec<CategoryTable>> = LazyLock::new(|| {
    let mut tables: Vec<CategoryTable> = Files::iter()
        .filter(|name| name.ends_with(".toml"))
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .map(|(name, file)| {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            toml::from_str(&text).unwrap_or_else(|error| {
                unreachable!("data/categories/{name} is embedded and tested: {error}")
            })
        })
        .collect();
    tables.sort_by(|a, b| a.id.cmp(&b.id));
    tables
});

/// Every category table, sorted by id.
pub fn category_tables() -> &'static [CategoryTable] {
    &TABLES
}

/// The category table with this id.
pub fn category_table(id: &str) -> Option<&'static CategoryTable> {
    category_tables().iter().find(|table| table.id == id)
}

#[cfg(test)]
mod tests {
    use super::super::{Layouts, Profile};
    use super::*;

    #[test]
    fn every_entry_of_every_table_is_a_known_crime_type() {
        let mut entries = 0;
        for table in category_tables() {
            assert!(!table.source.is_empty(), "{}", table.id);
            for edition in &table.editions {
                for (text, name) in edition.codes.iter().chain(&edition.texts) {
                    assert!(Profile::target(name).is_ok(), "{}: {text} = {name}", table.id);
                    entries += 1;
                }
            }
        }
        assert!(entries > 300, "{entries}");
    }

    #[test]
    fn an_entry_is_the_same_crime_type_in_every_edition() {
        for table in category_tables() {
            let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
            for (text, name) in table.editions.iter().flat_map(|e| e.codes.iter().chain(&e.texts)) {
                let earlier = seen.insert(text, name);
                assert!(earlier.is_none_or(|e| e == name), "{}: {text}", table.id);
            }
        }
    }

    #[test]
    fn editions_run_forwards_and_every_table_is_used() {
        let used: Vec<&String> =
            Layouts::known().profiles().flat_map(|p| &p.category.tables).collect();
        for table in category_tables() {
            for edition in &table.editions {
                let months = edition.from.zip(edition.to);
                assert!(
                    months.is_none_or(|(from, to)| from <= to),
                    "{}: {}",
                    table.id,
                    edition.name
                );
            }
            assert!(table.id == SENSITIVE || used.contains(&&table.id), "{}", table.id);
        }
    }

    #[test]
    fn a_retired_code_is_not_retired_again() {
        for table in category_tables() {
            for (old, new) in &table.retired {
                let again = table.retired.get(new);
                assert!(again.is_none_or(|again| again != old), "{old} -> {new} -> {again:?}");
            }
        }
    }
}

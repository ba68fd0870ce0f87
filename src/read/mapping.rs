//! Column profiles of incident files: which column is which field, and which category is which
//! crime type. Each is one file ([`super::Layouts`]).

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::incident::CrimeTypeIdx;
use crate::workspace::{Crs, Field, LocationRule};

use super::category_table;
use super::cut_names::{CutShort, are_cut, cut, field_of};

/// A category that is deliberately not counted.
pub const EXCLUDE: &str = "exclude";

/// One layout of incident files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file, alone")]
pub struct Profile {
    /// Name in `wardheat.toml`.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// `incidents`, which is also what a file without a subject is about.
    pub subject: Option<String>,
    /// Name proposed for a source of this kind.
    pub source: String,
    /// Order in which profiles are tried; low first.
    pub order: u32,
    /// Line to print wherever the data are shown.
    pub attribution: Option<String>,
    /// Coordinate system of the position columns.
    pub crs: Crs,
    /// Finest place that may be kept.
    pub location: LocationRule,
    /// Width of the ground that a position may stand for, in metres.
    pub precision: f64,
    /// Whether positions are the publisher's snap points: records pile up on them by design.
    #[serde(default)]
    pub anonymised: bool,
    /// Whether the published street name may be kept.
    #[serde(default)]
    pub keep_street: bool,
    /// Whether a description of the place is matched to places that the workspace knows by name.
    #[serde(default)]
    pub named_places: bool,
    /// Whether only the month of a record is known.
    #[serde(default)]
    pub month_only: bool,
    /// Headers that only this layout has; one of them must be there.
    pub marks: Vec<String>,
    /// Of each group, one field must have a column.
    pub requires: Vec<Vec<Field>>,
    /// Headers of each field, best first.
    pub columns: BTreeMap<Field, Vec<String>>,
    /// Which category is which crime type.
    pub category: CategoryRules,
    /// Records whose place must be kept more coarsely.
    #[serde(default)]
    pub coarser: LocationRules,
    /// States of a record that mean it does not count, such as `No crime`; `Cancelled*` is every state
    /// that begins so, `*cancelled` every one that ends so.
    #[serde(default)]
    pub not_counted: Vec<String>,
}

/// Which category is which crime type.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CategoryRules {
    /// Fields to look at, the deciding one first.
    pub fields: Vec<Field>,
    /// Tables in `data/categories/` that say it.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Beside the tables, and before them: offence codes, a whole code (`37/2`), a class with letter (`3A`) or a class (`28`).
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// Texts; a `*` at either end stands for anything.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
}

/// Records whose place must be kept more coarsely than the rest of their file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LocationRules {
    /// Records flagged domestic.
    pub domestic: Option<LocationRule>,
    /// Records flagged as hate crime.
    pub hate: Option<LocationRule>,
    /// By offence class.
    #[serde(default)]
    pub codes: BTreeMap<String, LocationRule>,
    /// By words of the category.
    #[serde(default)]
    pub texts: BTreeMap<String, LocationRule>,
}

/// Texts that are meant by a list in which `*` at either end stands for anything.
#[derive(Debug, Clone, Default)]
pub struct Phrases(Vec<(bool, String, bool)>);

impl Phrases {
    /// The phrases of a list; marks, spaces and case do not matter.
    pub fn new(list: &[String]) -> Self {
        let phrase = |text: &String| (text.starts_with('*'), header_key(text), text.ends_with('*'));
        Self(list.iter().map(phrase).filter(|(_, key, _)| !key.is_empty()).collect())
    }

    /// Whether `text` is one of them.
    pub fn hold(&self, text: &str) -> bool {
        let found = header_key(text);
        self.0.iter().any(|(open, key, ending_open)| match (open, ending_open) {
            (false, false) => found == *key,
            (false, true) => found.starts_with(key),
            (true, false) => found.ends_with(key),
            (true, true) => found.contains(key),
        })
    }
}

/// Letters and digits of a header, lower case: `Notional Cost (£)` is `notionalcost`.
pub fn header_key(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words of a text, lower case, marks gone: `False alarm – Malicious` is `false alarm malicious`.
pub fn words_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if c != '\'' && c != '’' && !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

impl Profile {
    /// The column that holds each field, by the profile's own headers; where names are cut to ten
    /// letters, by the one field whose headers begin so.
    pub fn find_columns(&self, columns: &[String]) -> BTreeMap<Field, usize> {
        let mut index: HashMap<String, usize> = HashMap::new();
        for (i, column) in columns.iter().enumerate() {
            index.entry(header_key(column)).or_insert(i);
        }
        let mut found = BTreeMap::new();
        let mut taken = Vec::new();
        for (&field, headers) in &self.columns {
            let column = headers
                .iter()
                .filter_map(|header| index.get(&header_key(header)).copied())
                .find(|column| !taken.contains(column));
            if let Some(column) = column {
                taken.push(column);
                found.insert(field, column);
            }
        }
        if are_cut(columns, &self.columns.values().flatten()) {
            for (i, column) in columns.iter().enumerate().filter(|(i, _)| !taken.contains(i)) {
                if let Ok(Some(field)) = field_of(column, self.headers()) {
                    found.entry(field).or_insert(i);
                }
            }
        }
        found
    }

    /// The first column whose name is cut to ten letters and could be that of several fields.
    pub fn cut_short(&self, columns: &[String]) -> Option<CutShort> {
        if !are_cut(columns, &self.columns.values().flatten()) {
            return None;
        }
        let whole: Vec<String> = self.columns.values().flatten().map(|h| header_key(h)).collect();
        let cut = columns.iter().filter(|column| !whole.contains(&header_key(column)));
        cut.into_iter().find_map(|column| field_of(column, self.headers()).err())
    }

    fn headers(&self) -> impl Iterator<Item = (Field, &Vec<String>)> {
        self.columns.iter().map(|(&field, headers)| (field, headers))
    }

    /// Whether a file with these columns has this layout, though it may be that one of them has to be
    /// named first ([`Self::cut_short`]).
    pub fn recognises(&self, columns: &[String]) -> bool {
        let keys: Vec<String> = columns.iter().map(|column| header_key(column)).collect();
        let cut_here = are_cut(columns, &self.columns.values().flatten());
        let is_there = |mark: &String| {
            let left = cut(mark).filter(|_| cut_here);
            keys.contains(&header_key(mark)) || left.is_some_and(|c| keys.contains(&header_key(c)))
        };
        self.marks.iter().any(is_there)
            && (self.missing(&self.find_columns(columns)).is_none()
                || self.cut_short(columns).is_some())
    }

    /// The first group of fields of which none has a column.
    pub fn missing(&self, found: &BTreeMap<Field, usize>) -> Option<&[Field]> {
        self.requires
            .iter()
            .find(|group| !group.iter().any(|field| found.contains_key(field)))
            .map(Vec::as_slice)
    }

    /// What is wrong with the profile itself.
    ///
    /// # Errors
    ///
    /// A sentence, if it requires a field that it has no headers for, or names a crime type or a
    /// table of categories that there is none of.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut required = self.requires.iter().flatten();
        if let Some(field) = required.find(|field| !self.columns.contains_key(field)) {
            return Err(format!("`{field}` has no headers under [columns]"));
        }
        let rules = &self.category;
        for name in rules.codes.values().chain(rules.texts.values()) {
            Self::target(name).map_err(|name| format!("`{name}` is no crime type"))?;
        }
        match rules.tables.iter().find(|table| category_table(table).is_none()) {
            Some(table) => Err(format!("there is no category table `{table}`")),
            None => Ok(()),
        }
    }

    /// Crime types that a category of the profile may name; `None` means excluded.
    ///
    /// # Errors
    ///
    /// The name, if it is neither a crime type nor [`EXCLUDE`].
    pub fn target(name: &str) -> Result<Option<CrimeTypeIdx>, String> {
        if name == EXCLUDE {
            return Ok(None);
        }
        CrimeTypeIdx::from_id(name).map(Some).ok_or_else(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_compared_without_case_spaces_and_marks() {
        assert_eq!(header_key("Notional Cost (£)"), "notionalcost");
        assert_eq!(header_key("SR_REFNUM"), "srrefnum");
    }

    #[test]
    fn texts_are_compared_by_their_words() {
        assert_eq!(words_key("  False alarm – Malicious "), "false alarm malicious");
    }

    fn crime(columns: &[&str]) -> (&'static Profile, Vec<String>) {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        (super::super::Layouts::known().profile("police-crime").unwrap(), columns)
    }

    /// The names that GDAL gives the columns of a Shapefile.
    #[test]
    fn names_cut_to_ten_letters_are_those_of_the_field_that_begins_so() {
        let (profile, columns) =
            crime(&["Crime Refe", "Offence Co", "Date From", "Domestic A", "Easting", "Northing"]);

        let found = profile.find_columns(&columns);

        assert!(profile.recognises(&columns));
        assert_eq!(profile.cut_short(&columns), None);
        assert_eq!(found[&Field::Reference], 0);
        assert_eq!(found[&Field::Code], 1);
        assert_eq!(found[&Field::Domestic], 3);
    }

    #[test]
    fn a_cut_name_that_could_be_two_fields_is_told_and_not_guessed() {
        let (profile, columns) = crime(&["Crime Refe", "Offence Co", "Committed", "Committe_1"]);

        let cut = profile.cut_short(&columns).unwrap();

        assert!(!profile.find_columns(&columns).contains_key(&Field::Date));
        assert_eq!(cut.column, "Committed");
        assert!(cut.could_be.contains(&"Committed From".to_owned()), "{cut:?}");
        assert!(cut.could_be.contains(&"Committed To".to_owned()), "{cut:?}");
    }

    #[test]
    fn short_names_of_their_own_are_whole() {
        let (profile, columns) = crime(&["Reference", "Crime Type", "Committed", "Easting"]);

        assert_eq!(profile.cut_short(&columns), None);
        assert!(!profile.recognises(&columns));
    }

    #[test]
    fn names_beside_longer_ones_are_whole() {
        let (profile, columns) = crime(&["Crime Refe", "Offence Description", "Committed"]);

        assert_eq!(profile.cut_short(&columns), None);
        assert!(!profile.find_columns(&columns).contains_key(&Field::Reference));
    }
}

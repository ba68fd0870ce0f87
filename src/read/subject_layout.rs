//! Layouts of files that hold no incidents: which column is which field of a subject (areas,
//! population, venues, meetings, lookups and so on).
//!
//! A layout is one TOML file in `data/mapping/` that names its `subject`; a workspace may hold more
//! in its own `mapping/` folder. What the fields of a subject are is the business of its reader.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::cut_names::{CutShort, are_cut, cut};
use super::header_key;

/// One layout of files of a subject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SubjectLayout {
    /// Name of the layout.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// What its rows are about, such as `venues`.
    pub subject: String,
    /// Kind of area its rows are about, for subjects that need one.
    pub kind: Option<String>,
    /// Order in which the layouts of a subject are tried; low first.
    pub order: u32,
    /// Line to print wherever the data are shown.
    pub attribution: Option<String>,
    /// Of each group, one field must have a column.
    pub requires: Vec<Vec<String>>,
    /// Headers of each field, best first: `#` is a digit, `*` at either end any text.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Headers that a field's patterns fit but that are another figure.
    #[serde(default)]
    pub not: BTreeMap<String, Vec<String>>,
}

/// The column that holds a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundColumn {
    /// Position among the columns.
    pub column: usize,
    /// The digits of its header that stood for `#`: the `24` of `WD24CD`.
    pub digits: String,
}

impl FoundColumn {
    /// The year that the digits say, `2024` for `24`; empty where they say none.
    pub fn edition(&self) -> String {
        match self.digits.len() {
            2 => format!("20{}", self.digits),
            4 => self.digits.clone(),
            _ => String::new(),
        }
    }
}

/// Whether a header (as [`header_key`] has it) fits a pattern, and the digits it has for `#`.
fn fit(pattern: &str, key: &str) -> Option<String> {
    let (start, end) = (pattern.starts_with('*'), pattern.ends_with('*'));
    let parts: Vec<String> = pattern
        .split('*')
        .map(|part| {
            let plain = part.chars().filter(|c| c.is_alphanumeric() || *c == '#');
            plain.flat_map(char::to_lowercase).collect()
        })
        .filter(|part: &String| !part.is_empty())
        .collect();
    let key: Vec<char> = key.chars().collect();
    let mut digits = String::new();
    let mut at = 0;
    for (i, part) in parts.iter().enumerate() {
        let part: Vec<char> = part.chars().collect();
        let last = key.len().checked_sub(part.len())?;
        let fits = |from: &usize| {
            let pairs = part.iter().zip(&key[*from..]);
            pairs.clone().all(|(p, k)| if *p == '#' { k.is_ascii_digit() } else { p == k })
        };
        let fixed_start = i == 0 && !start;
        let fixed_end = i + 1 == parts.len() && !end;
        let from = match (fixed_start, fixed_end) {
            (true, true) if key.len() != part.len() => return None,
            (true, _) => Some(0).filter(fits)?,
            (false, true) => Some(last).filter(|from| *from >= at).filter(fits)?,
            (false, false) => (at..=last).find(fits)?,
        };
        let found = part.iter().zip(&key[from..]);
        digits.extend(found.filter(|(p, _)| **p == '#').map(|(_, k)| *k));
        at = from + part.len();
    }
    (!parts.is_empty()).then_some(digits)
}

impl SubjectLayout {
    /// The column of each field that has one, by header alone.
    pub fn find(&self, columns: &[String]) -> BTreeMap<&str, FoundColumn> {
        self.find_where(columns, &|_, _| true)
    }

    /// The column of each field that has one, of those columns that `accept` takes for the field.
    /// A column holds one field only; an earlier header goes before a later one, and a whole one
    /// before one of which ten letters are left.
    pub fn find_where(
        &self,
        columns: &[String],
        accept: &dyn Fn(&str, usize) -> bool,
    ) -> BTreeMap<&str, FoundColumn> {
        let keys: Vec<String> = columns.iter().map(|column| header_key(column)).collect();
        let mut found: BTreeMap<&str, FoundColumn> = BTreeMap::new();
        for (field, headers) in &self.columns {
            let barred = self.not.get(field).map_or(&[][..], Vec::as_slice);
            let column = headers.iter().find_map(|header| {
                keys.iter().enumerate().find_map(|(column, key)| {
                    let digits = fit(header, key)?;
                    let free = !found.values().any(|other| other.column == column);
                    // A header named in full is meant, whatever the patterns against it say.
                    let barred =
                        header.contains('*') && barred.iter().any(|not| fit(not, key).is_some());
                    (free && !barred && accept(field, column))
                        .then_some(FoundColumn { column, digits })
                })
            });
            if let Some(column) = column {
                found.insert(field, column);
            }
        }
        if are_cut(columns, &self.columns.values().flatten()) {
            for (column, key) in keys.iter().enumerate() {
                let known = found.values().any(|other| other.column == column);
                // The start of headers of two fields says nothing of either.
                if let [(field, _, digits)] = self.begin_so(key).as_slice()
                    && !known
                    && !found.contains_key(field)
                    && accept(field, column)
                {
                    let digits = digits.clone();
                    found.insert(field, FoundColumn { column, digits });
                }
            }
        }
        found
    }

    /// Fields with a header that is longer than `key`, which is its first ten letters: each with that
    /// header and the digits that stand for `#`. None for a key that is a whole header.
    fn begin_so(&self, key: &str) -> Vec<(&str, &str, String)> {
        if self.columns.values().flatten().any(|header| fit(header, key).is_some()) {
            return Vec::new();
        }
        let begins = |header: &String| cut(header).and_then(|cut| fit(cut, key));
        let named = self.columns.iter().filter_map(|(field, headers)| {
            let mut whole = headers.iter().filter(|header| !header.contains('*'));
            let (header, digits) = whole.find_map(|header| Some((header, begins(header)?)))?;
            Some((field.as_str(), header.as_str(), digits))
        });
        named.collect()
    }

    /// The first column whose name is cut to ten letters and could be that of several fields.
    pub fn cut_short(&self, columns: &[String]) -> Option<CutShort> {
        if !are_cut(columns, &self.columns.values().flatten()) {
            return None;
        }
        columns.iter().find_map(|column| {
            let meant = self.begin_so(&header_key(column));
            (meant.len() > 1).then(|| CutShort {
                column: column.clone(),
                could_be: meant.iter().map(|(_, header, _)| (*header).to_owned()).collect(),
            })
        })
    }

    /// The first group of fields of which none has a column.
    pub fn missing(&self, found: &BTreeMap<&str, FoundColumn>) -> Option<&[String]> {
        self.requires
            .iter()
            .find(|group| !group.iter().any(|field| found.contains_key(field.as_str())))
            .map(Vec::as_slice)
    }

    /// Whether a file with these columns has this layout.
    pub fn recognises(&self, columns: &[String]) -> bool {
        self.missing(&self.find(columns)).is_none()
    }

    /// What is wrong with the layout itself.
    ///
    /// # Errors
    ///
    /// A sentence, if it requires a field that it has no headers for.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut asked = self.requires.iter().flatten().chain(self.not.keys());
        match asked.find(|field| !self.columns.contains_key(*field)) {
            Some(field) => Err(format!("`{field}` has no headers under [columns]")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layouts;
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn patterns_fit_whole_headers_parts_and_digits() {
        assert_eq!(fit("WD##CD", "wd24cd").as_deref(), Some("24"));
        assert_eq!(fit("WD##CD", "wd2024cd"), None);
        assert_eq!(fit("WD####CD", "wd2024cd").as_deref(), Some("2024"));
        assert_eq!(fit("*household*", "householdscensus2021").as_deref(), Some(""));
        assert_eq!(fit("*per*hectare*", "personsperhectare").as_deref(), Some(""));
        assert_eq!(fit("Residence type*Lives*", "residencetypelivesin").as_deref(), Some(""));
        assert_eq!(fit("Name", "surname"), None);
        assert_eq!(fit("*name", "surname").as_deref(), Some(""));
        assert_eq!(fit("*", "x"), None);
    }

    #[test]
    fn a_column_named_in_full_goes_before_one_that_fits_a_pattern() {
        let layout = Layouts::known().subjects("population").next().unwrap();

        let found = layout.find(&columns(&["Persons in households", "Households", "Persons"]));

        assert_eq!(found["households"].column, 1);
        assert_eq!(found["residents"].column, 2);
    }

    #[test]
    fn the_libraries_of_england_are_a_venue_list_of_their_own() {
        let names = columns(&["Name", "Type", "Postcode", "Easting", "Northing", "Year closed"]);

        let layout = Layouts::known().subjects("venues").find(|l| l.recognises(&names)).unwrap();

        assert_eq!(layout.id, "libraries");
        assert_eq!(layout.find(&names)["closed"].column, 5);
    }

    #[test]
    fn the_edition_is_in_the_digits_of_the_code() {
        let layout =
            Layouts::known().subjects("areas").find(|l| l.kind.as_deref() == Some("ward")).unwrap();

        let found = layout.find(&columns(&["WD13NM", "WD13CD"]));

        assert_eq!((found["code"].column, found["code"].edition().as_str()), (1, "2013"));
    }

    #[test]
    fn ten_letters_of_a_header_are_enough_where_a_shapefile_cut_it() {
        let layout = Layouts::known().subjects("venues").find(|l| l.id == "venues").unwrap();

        let found = layout.find(&columns(&["Venue name", "Hearing lo", "Easting", "Northing"]));

        assert_eq!(found["hearing-loop"].column, 1);
    }

    #[test]
    fn ten_letters_that_two_headers_begin_with_are_told_and_not_guessed() {
        let names = columns(&["Ward code", "All usual", "Workday po"]);
        let layout = Layouts::known().subjects("population").next().unwrap();

        let cut = layout.cut_short(&names).unwrap();

        assert!(!layout.find(&names).contains_key("residents"));
        assert_eq!(cut.column, "All usual");
        assert!(cut.could_be.contains(&"All usual residents".to_owned()), "{cut:?}");
    }
}

//! Harm weights by crime type, from a published table.

use std::collections::BTreeSet;

use crate::incident::{CrimeTypeIdx, HarmWeights};
use crate::workspace::HarmFile;

use super::english::{hint, reason as say, unread};
use super::subject::{Subject, each_row};
use super::{LoadedFile, ReadError, words_key};

/// What a table of weights holds.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmTables {
    /// One table of weights for each group, in the order met.
    pub tables: Vec<HarmWeights>,
    /// Categories of the file that are no crime type of ours, sorted: their weights are not used.
    pub unknown: Vec<String>,
}

/// Reads harm weights as the workspace describes them.
///
/// # Errors
///
/// [`ReadError`] on a missing column, a file without rows, or one without a weight for any crime
/// type.
pub fn read_harm(file: &LoadedFile, spec: &HarmFile) -> Result<Subject<HarmTables>, ReadError> {
    let wanted = [
        (Some(spec.category.as_str()), "`category` of [[harm-weights]]"),
        (Some(spec.weight.as_str()), "`weight` of [[harm-weights]]"),
        (spec.group_column.as_deref(), "`group-column` of [[harm-weights]]"),
    ];
    let mut groups: Vec<(String, Vec<(CrimeTypeIdx, f64)>)> = Vec::new();
    let mut unknown = BTreeSet::new();
    let account = each_row(file, &wanted, |cells| {
        let category = cells.required(0, say::NO_CRIME_TYPE)?;
        let group = cells.text(2);
        if spec.group.as_ref().is_some_and(|only| only != group) {
            return Err(say::GROUP_LEFT_OUT);
        }
        let weight = cells.figure(1, say::WEIGHT_NO_NUMBER)?.ok_or(say::NO_WEIGHT)?;
        if weight < 0.0 {
            return Err(say::WEIGHT_BELOW_ZERO);
        }
        let Some(crime_type) = crime_type(category) else {
            unknown.insert(category.to_owned());
            return Err(say::NOT_A_CRIME_TYPE);
        };
        let at = groups.iter().position(|(known, _)| known == group).unwrap_or_else(|| {
            groups.push((group.to_owned(), Vec::new()));
            groups.len() - 1
        });
        if groups[at].1.iter().any(|(known, _)| *known == crime_type) {
            return Err(say::WEIGHT_TWICE);
        }
        groups[at].1.push((crime_type, weight));
        Ok(())
    })?;
    if groups.is_empty() {
        return Err(ReadError::Refused {
            file: file.name.clone(),
            what: unread::NO_WEIGHTS.to_owned(),
            hint: hint::CATEGORY_OF_WEIGHTS,
        });
    }
    let tables = groups.into_iter().map(|(group, weights)| {
        let group = Some(group.as_str()).filter(|group| !group.is_empty());
        HarmWeights::new(&spec.name, &spec.edition, &spec.unit, group, weights)
    });
    let found = HarmTables { tables: tables.collect(), unknown: unknown.into_iter().collect() };
    Ok(Subject { found, account })
}

/// The crime type of this id or name.
fn crime_type(text: &str) -> Option<CrimeTypeIdx> {
    let words = words_key(text);
    CrimeTypeIdx::from_id(text).or_else(|| {
        CrimeTypeIdx::all().find(|crime_type| words_key(crime_type.get().label) == words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> HarmFile {
        HarmFile {
            name: "CCHI".into(),
            edition: "2026".into(),
            unit: "days".into(),
            category: "crime_type".into(),
            weight: "cchi_days".into(),
            group_column: Some("force".into()),
            ..HarmFile::default()
        }
    }

    const TEXT: &str = "force,crime_type,cchi_days\nCleveland,Robbery,365\nKent,Robbery,300.5\nKent,Violence and Sexual Offences,198.63\nKent,Homicide,5475\nKent,Robbery,1\n";

    #[test]
    fn each_group_has_its_own_table_and_unknown_categories_are_named() {
        let read = read_harm(&LoadedFile::from_bytes("cchi.csv", TEXT), &spec()).unwrap();

        let [cleveland, kent] = read.found.tables.as_slice() else { panic!("{read:?}") };
        let robbery = CrimeTypeIdx::from_id("robbery").unwrap();
        let violence = CrimeTypeIdx::from_id("violence-and-sexual-offences").unwrap();
        assert_eq!((cleveland.get(robbery), kent.get(robbery)), (Some(365.0), Some(300.5)));
        assert_eq!((cleveland.get(violence), kent.get(violence)), (None, Some(198.63)));
        assert_eq!(kent.group.as_deref(), Some("Kent"));
        assert_eq!(read.found.unknown, ["Homicide"]);
        assert_eq!((read.account.kept, read.account.rejected), (3, 2));
    }

    #[test]
    fn one_group_may_be_asked_for() {
        let spec = HarmFile { group: Some("Cleveland".into()), ..spec() };

        let read = read_harm(&LoadedFile::from_bytes("cchi.csv", TEXT), &spec).unwrap();

        assert_eq!(read.found.tables.len(), 1);
        assert_eq!(read.account.rows, 5);
    }
}

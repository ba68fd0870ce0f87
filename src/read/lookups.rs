//! Code lookups: which area of one kind and edition is which of another.

use std::collections::BTreeMap;

use crate::context::{CodeSet, Lookup};
use crate::workspace::LookupFile;

use super::english::reason as say;
use super::subject::{RowAccount, each_row};
use super::{LoadedFile, ReadError};

/// A lookup with its rows.
#[derive(Debug)]
pub struct ReadLookup {
    /// What was read.
    pub found: Lookup,
    /// What became of each row.
    pub account: RowAccount,
    /// Codes that have a counterpart already, each with the line that gives it another, in the order
    /// of the file.
    pub doubles: Vec<(String, u64)>,
}

/// Reads a lookup as the workspace describes it.
///
/// A code may have several counterparts: an LSOA that was split, a district with two partnerships.
///
/// # Errors
///
/// [`ReadError`] on a missing column or a file without rows.
pub fn read_lookup(file: &LoadedFile, spec: &LookupFile) -> Result<ReadLookup, ReadError> {
    let wanted = [
        (Some(spec.from.as_str()), "`from` of [[lookup]]"),
        (Some(spec.to.as_str()), "`to` of [[lookup]]"),
        (spec.weight.as_deref(), "`weight` of [[lookup]]"),
    ];
    let mut pairs: Vec<(String, String, u64)> = Vec::new();
    let mut weights = BTreeMap::new();
    let account = each_row(file, &wanted, |cells| {
        let from = cells.required(0, say::NO_CODE_TO_LOOK_UP)?;
        let to = cells.required(1, say::NO_CODE_TO_FIND)?;
        if spec.weight.is_some() {
            let weight = cells.figure(2, say::WEIGHT_NO_NUMBER)?.unwrap_or(0.0);
            if !weight.is_finite() || weight < 0.0 {
                return Err(say::WEIGHT_BELOW_ZERO);
            }
            let parts: &mut BTreeMap<_, f64> = weights.entry(from.to_owned()).or_default();
            *parts.entry(to.to_owned()).or_default() += weight;
        }
        pairs.push((from.to_owned(), to.to_owned(), cells.row().line));
        Ok(())
    })?;
    pairs.retain(|(from, to, _)| weights.get(from).is_none_or(|parts| may_stay(parts, to)));
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let doubles = pairs.iter().filter(|(from, to, _)| *first.entry(from).or_insert(to) != to);
    let doubles = doubles.map(|(from, _, line)| (from.clone(), *line)).collect();
    let found = Lookup::new(
        CodeSet::new(&spec.from_kind, &spec.from_edition),
        CodeSet::new(&spec.to_kind, &spec.to_edition),
        pairs.into_iter().map(|(from, to, _)| (from, to)).collect(),
    );
    Ok(ReadLookup { found, account, doubles })
}

/// Whether `to` is the best fit, or there is none.
fn may_stay(parts: &BTreeMap<String, f64>, to: &str) -> bool {
    let whole: f64 = parts.values().sum();
    let best = parts.iter().find(|(_, weight)| **weight > whole / 2.0);
    best.is_none_or(|(best, _)| best == to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, from_kind: &str) -> ReadLookup {
        let spec = LookupFile {
            from: "a".into(),
            from_kind: from_kind.into(),
            from_edition: "2011".into(),
            to: "b".into(),
            to_kind: "lsoa".into(),
            to_edition: "2021".into(),
            ..LookupFile::default()
        };
        read_lookup(&LoadedFile::from_bytes("l.csv", text), &spec).unwrap()
    }

    #[test]
    fn a_split_area_has_all_its_parts() {
        let read = read("a,change,b\nA,S,A1\nA,S,A2\nB,U,B\n", "lsoa");

        assert_eq!(read.found.of("A").collect::<Vec<_>>(), ["A1", "A2"]);
        assert_eq!(read.account.kept, 3);
        assert_eq!(read.doubles, [("A".to_owned(), 3)]);
        assert_eq!(read.account.dropped_columns, ["change"]);
    }

    #[test]
    fn by_weight_a_split_area_is_where_more_than_half_of_it_went() {
        let text = "a,b,people\nA,A1,700\nA,A2,400\nB,B1,50\nB,B2,50\nC,C1,\nD,D1,-1\n";
        let spec = LookupFile {
            from: "a".into(),
            from_kind: "ward".into(),
            to: "b".into(),
            to_kind: "ward".into(),
            weight: Some("people".into()),
            ..LookupFile::default()
        };

        let read = read_lookup(&LoadedFile::from_bytes("l.csv", text), &spec).unwrap();

        assert_eq!(read.found.only("A"), Some("A1"));
        // Half and half is no best fit, and one counterpart needs none.
        assert_eq!(read.found.of("B").collect::<Vec<_>>(), ["B1", "B2"]);
        assert_eq!(read.found.only("C"), Some("C1"));
        assert_eq!((read.account.kept, read.account.rejected), (5, 1));
    }

    #[test]
    fn a_row_without_a_code_is_rejected_and_a_second_place_is_kept() {
        let read = read("a,b\nO1,A\nO1,B\nO2,A\n,A\n", "oa");

        assert_eq!(read.found.only("O1"), None);
        assert_eq!(read.found.only("O2"), Some("A"));
        assert_eq!((read.account.kept, read.account.rejected), (3, 1));
    }
}

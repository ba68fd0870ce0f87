//! Code lookups: which area of one kind and edition is which of another.

use crate::context::{CodeSet, Lookup};
use crate::workspace::LookupFile;

use super::subject::{Subject, each_row};
use super::{LoadedFile, ReadError};

/// Reads a lookup as the workspace describes it.
///
/// A code may have several counterparts: an LSOA that was split, a district with two partnerships.
///
/// # Errors
///
/// [`ReadError`] on a missing column or a file without rows.
pub fn read_lookup(file: &LoadedFile, spec: &LookupFile) -> Result<Subject<Lookup>, ReadError> {
    let wanted = [
        (Some(spec.from.as_str()), "`from` of [[lookup]]"),
        (Some(spec.to.as_str()), "`to` of [[lookup]]"),
    ];
    let mut pairs = Vec::new();
    let account = each_row(file, &wanted, |cells| {
        let from = cells.required(0, "no code to look up")?;
        let to = cells.required(1, "no code to find")?;
        pairs.push((from.to_owned(), to.to_owned()));
        Ok(())
    })?;
    let found = Lookup::new(
        CodeSet::new(&spec.from_kind, &spec.from_edition),
        CodeSet::new(&spec.to_kind, &spec.to_edition),
        pairs,
    );
    Ok(Subject { found, account })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, from_kind: &str) -> Subject<Lookup> {
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
        assert_eq!(read.account.dropped_columns, ["change"]);
    }

    #[test]
    fn a_row_without_a_code_is_rejected_and_a_second_place_is_kept() {
        let read = read("a,b\nO1,A\nO1,B\nO2,A\n,A\n", "oa");

        assert_eq!(read.found.only("O1"), None);
        assert_eq!(read.found.only("O2"), Some("A"));
        assert_eq!((read.account.kept, read.account.rejected), (3, 1));
    }
}

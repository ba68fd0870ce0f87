//! Values that no table knows, each by its name: what the reader must map or correct.

use super::english::warn;
use super::ledger::{Ledger, Reason};

/// Names told of each reason; the rest as a number.
const TOLD: usize = 20;

/// What to tell the reader of categories and wards that are not known, by name and number of rows.
pub fn unknown_names(ledger: &Ledger) -> Vec<String> {
    let kinds = [
        (Reason::UnmappedCategory, warn::UNKNOWN_CATEGORIES),
        (Reason::UnknownWard, warn::UNKNOWN_WARDS),
    ];
    kinds
        .into_iter()
        .filter_map(|(reason, of)| {
            let names = ledger.names(reason);
            let rows: u64 = names.values().sum();
            if rows == 0 {
                return None;
            }
            let mut sorted: Vec<(&str, u64)> =
                names.iter().map(|(name, &n)| (name.as_str(), n)).collect();
            sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            let more = sorted.len().saturating_sub(TOLD);
            sorted.truncate(TOLD);
            Some(warn::unknown(rows, &of, &sorted, more))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::Settlement;

    #[test]
    fn every_unknown_name_is_told_with_its_rows_and_the_most_first() {
        let mut ledger = Ledger::default();
        for (line, name) in (2..).zip(["B", "A", "B", "C"]) {
            ledger.settle(line, Settlement::LeftOut(Reason::UnmappedCategory, name.to_owned()));
        }
        ledger.settle(9, Settlement::Kept);
        ledger.note(9, Reason::UnknownWard, || "Docks (old)".to_owned());

        let said = unknown_names(&ledger);

        assert!(
            said[0].starts_with(
                "4 rows have categories that no table knows: `B` (2), `A` (1), `C` (1);"
            ),
            "{said:?}"
        );
        assert!(said[1].contains("`Docks (old)` (1)"), "{said:?}");
        assert!(unknown_names(&Ledger::default()).is_empty());
    }

    #[test]
    fn names_of_several_files_add_up() {
        let one = |name: &str| {
            let mut ledger = Ledger::default();
            ledger.settle(2, Settlement::LeftOut(Reason::UnmappedCategory, name.to_owned()));
            ledger
        };
        let mut all = one("A");

        all.merge(&one("A"));
        all.merge(&one("B"));

        assert!(unknown_names(&all)[0].contains("`A` (2), `B` (1)"));
    }
}

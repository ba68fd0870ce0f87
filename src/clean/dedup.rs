//! The same record twice: in one file, or again in a newer extract.

use std::collections::{HashMap, HashSet};

use super::{CleanFile, Reason};

/// Takes repeats out of the files of one source, which come oldest first.
///
/// - Same reference and same content in every kept column: the first stays.
/// - Same reference and same offence in a later file: the later one replaces it.
/// - Same reference, another offence: both stay; they are two offences.
/// - No reference: nothing can be said, all stay.
pub fn remove_repeats(files: &mut [CleanFile]) {
    let mut latest: HashMap<(u64, u64), usize> = HashMap::new();
    for (i, file) in files.iter().enumerate() {
        for kept in &file.kept {
            if let Some(reference) = kept.incident.reference {
                latest.insert((reference, kept.offence), i);
            }
        }
    }
    let mut seen: HashSet<(u64, u64)> = HashSet::new();
    for (i, file) in files.iter_mut().enumerate() {
        let CleanFile { ledger, kept, .. } = file;
        seen.clear();
        kept.retain(|record| {
            let Some(reference) = record.incident.reference else { return true };
            if latest.get(&(reference, record.offence)).is_some_and(|&last| last > i) {
                ledger.withdraw(record.line, Reason::OlderVersion, String::new);
                return false;
            }
            if !seen.insert((reference, record.content)) {
                ledger.withdraw(record.line, Reason::SameRowTwice, String::new);
                return false;
            }
            true
        });
    }
}

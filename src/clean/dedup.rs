//! The same record twice: in one file, or again in a newer extract.

use std::collections::{HashMap, HashSet};

use super::{CleanFile, Reason};

/// Takes repeats out of the files of one source, which come oldest first (by name).
///
/// - Same reference and same content in every kept column, in one file: the first stays.
/// - Same reference in a later file: what the later file says of it replaces all that earlier files
///   say, as when a record is better classified, moved or cancelled.
/// - Same reference, another offence or place in one file: both stay; they are two offences.
/// - No reference: nothing can be said, all stay.
pub fn remove_repeats(files: &mut [CleanFile]) {
    let mut latest: HashMap<u64, usize> = HashMap::new();
    for (i, file) in files.iter().enumerate() {
        let kept = file.kept.iter().filter_map(|kept| kept.incident.reference);
        for reference in kept.chain(file.cancelled.iter().copied()) {
            latest.insert(reference, i);
        }
    }
    let mut seen: HashSet<(u64, u64)> = HashSet::new();
    for (i, file) in files.iter_mut().enumerate() {
        let CleanFile { ledger, kept, .. } = file;
        seen.clear();
        kept.retain(|record| {
            let Some(reference) = record.incident.reference else { return true };
            if latest.get(&reference).is_some_and(|&last| last > i) {
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

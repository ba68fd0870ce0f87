//! The same record twice: in one file, or again in a newer extract.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::kept::KeptRows;
use super::ledger::Found;
use super::partition::{Entry, Partitions};
use super::spill::{Spill, SpillError};
use super::{CleanRows, Effect, Reason};

/// Row of a record that its file says was cancelled: it is not among those kept.
const CANCELLED: u32 = u32::MAX;

/// Every reference of a source, to find those that come again.
#[derive(Debug)]
pub(super) struct Repeats<'a>(Partitions<'a>);

/// Rows that repeat others and do not count.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    /// A bit for each row of a piece, for pieces that have any.
    dropped: HashMap<u32, Vec<u64>>,
    /// Their number and first examples, by file and reason.
    pub(super) found: BTreeMap<(u32, Reason), Found>,
}

impl<'a> Repeats<'a> {
    pub(super) fn new(spill: &'a Spill) -> Self {
        Self(Partitions::new(spill))
    }

    /// Adds the rows of one piece of a file.
    pub(super) fn add(&self, piece: u32, rows: &CleanRows) -> Result<(), SpillError> {
        let KeptRows { incidents, contents, lines, .. } = &rows.kept;
        let kept = (0..incidents.len()).filter_map(|i| {
            let key = incidents.reference(i)?;
            Some(Entry { key, piece, row: i as u32, value: contents[i], line: lines[i] })
        });
        let cancelled = rows.cancelled.iter().map(|&key| Entry {
            key,
            piece,
            row: CANCELLED,
            value: 0,
            line: 0,
        });
        self.0.add(kept.chain(cancelled))
    }

    /// Finds the repeats among the files of the source, which come oldest first (by name);
    /// `file_of` says which file a piece belongs to.
    ///
    /// - Same reference and same content in every kept column, in one file: the first stays.
    /// - Same reference in a later file: what the later file says of it replaces all that earlier
    ///   files say, as when a record is better classified, moved or cancelled.
    /// - Same reference, another offence or place in one file: both stay, as two offences; all but
    ///   the first are noted, so that references can be counted as well as offences.
    /// - No reference: nothing can be said, all stay.
    pub(super) fn settle(self, file_of: &[u32]) -> Result<Repeated, SpillError> {
        let all = Mutex::new(Repeated::default());
        self.0.each(|entries| {
            let mut here = Vec::new();
            let mut seen: HashSet<u64> = HashSet::new();
            for same in entries.chunk_by(|a, b| a.key == b.key).filter(|same| same.len() > 1) {
                let latest = same.iter().map(|entry| file_of[entry.piece as usize]).max();
                seen.clear();
                for entry in same.iter().filter(|entry| entry.row != CANCELLED) {
                    let file = file_of[entry.piece as usize];
                    if latest > Some(file) {
                        here.push((*entry, file, Reason::OlderVersion));
                    } else if seen.contains(&entry.value) {
                        here.push((*entry, file, Reason::SameRowTwice));
                    } else {
                        if !seen.is_empty() {
                            here.push((*entry, file, Reason::RepeatedReference));
                        }
                        seen.insert(entry.value);
                    }
                }
            }
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            for (entry, file, reason) in here {
                if reason.effect() == Effect::Excluded {
                    all.mark(entry.piece, entry.row);
                }
                all.found.entry((file, reason)).or_default().add(entry.line, String::new);
            }
        })?;
        Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Repeated {
    fn mark(&mut self, piece: u32, row: u32) {
        let bits = self.dropped.entry(piece).or_default();
        let word = row as usize / 64;
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        bits[word] |= 1 << (row % 64);
    }

    /// Whether any row of a piece repeats another.
    pub(super) fn any(&self, piece: u32) -> bool {
        self.dropped.contains_key(&piece)
    }

    /// Whether a row repeats another.
    pub(super) fn has(&self, piece: u32, row: u32) -> bool {
        let word = self.dropped.get(&piece).and_then(|bits| bits.get(row as usize / 64));
        word.is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }
}

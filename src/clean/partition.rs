//! Entries about rows, parted by key: those of one key can be looked at together, however many
//! there are, in the memory that one part takes.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::spill::{Aside, Spill, SpillError};

/// Parts. At 50 M entries one takes 25 MB.
const PARTS: usize = 64;
/// Bytes of a part that are held before they are set aside.
const BUFFER: usize = 128 << 10;
/// Bytes of an entry.
const SIZE: usize = 32;

/// Something about one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// What brings entries together.
    pub(super) key: u64,
    /// Piece of the source that the row is in.
    pub(super) piece: u32,
    /// Row in the piece.
    pub(super) row: u32,
    /// What else is known.
    pub(super) value: u64,
    /// Line in its file.
    pub(super) line: u64,
}

impl Entry {
    fn to_bytes(self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(&self.key.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.piece.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.row.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.value.to_le_bytes());
        bytes[24..].copy_from_slice(&self.line.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; SIZE]) -> Self {
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        let short = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        Self { key: long(0), piece: short(8), row: short(12), value: long(16), line: long(24) }
    }
}

/// Entries of a source, added by any number of threads.
#[derive(Debug)]
pub(super) struct Partitions<'a> {
    spill: &'a Spill,
    parts: Vec<Mutex<Part>>,
}

#[derive(Debug, Default)]
struct Part {
    buffer: Vec<u8>,
    filed: Vec<Aside>,
}

impl<'a> Partitions<'a> {
    pub(super) fn new(spill: &'a Spill) -> Self {
        Self { spill, parts: (0..PARTS).map(|_| Mutex::default()).collect() }
    }

    /// Adds entries, in any order.
    pub(super) fn add(&self, entries: impl Iterator<Item = Entry>) -> Result<(), SpillError> {
        // Most parts get as many as another.
        let each = entries.size_hint().1.unwrap_or(0).min(1 << 16) * SIZE / PARTS;
        let room = || Vec::with_capacity(each + each / 8);
        let mut by_part: Vec<Vec<u8>> = std::iter::repeat_with(room).take(PARTS).collect();
        for entry in entries {
            by_part[part_of(entry.key)].extend_from_slice(&entry.to_bytes());
        }
        for (part, bytes) in self.parts.iter().zip(by_part) {
            if bytes.is_empty() {
                continue;
            }
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            part.buffer.extend_from_slice(&bytes);
            if part.buffer.len() >= BUFFER {
                let full = std::mem::take(&mut part.buffer);
                part.filed.push(self.spill.put(full)?);
            }
        }
        Ok(())
    }

    /// What `look` finds in each part, in parallel: it is given the entries sorted by key, piece
    /// and row.
    pub(super) fn each<T: Send>(
        self,
        look: impl Fn(&[Entry]) -> T + Sync,
    ) -> Result<Vec<T>, SpillError> {
        let spill = self.spill;
        self.parts
            .into_par_iter()
            .map(|part| {
                let part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
                let mut entries = Vec::new();
                for aside in &part.filed {
                    take(&spill.get(aside)?, &mut entries);
                }
                take(&part.buffer, &mut entries);
                // Few keys come twice: all by key first, then those of one key.
                entries.sort_unstable_by_key(|entry| entry.key);
                let same = entries.chunk_by_mut(|a, b| a.key == b.key);
                same.filter(|same| same.len() > 1).for_each(<[Entry]>::sort_unstable);
                Ok(look(&entries))
            })
            .collect()
    }
}

fn take(bytes: &[u8], entries: &mut Vec<Entry>) {
    let (whole, _) = bytes.as_chunks::<SIZE>();
    entries.extend(whole.iter().map(Entry::from_bytes));
}

/// Spreads keys that differ only in a few bits (Knuth's multiplicative hash).
fn part_of(key: u64) -> usize {
    // The shift below leaves six bits.
    const _: () = assert!(PARTS == 1 << 6);
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_together_by_key_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(folder.path(), 1 << 20);
        let parts = Partitions::new(&spill);
        let entry = |i: u32| Entry {
            key: u64::from(i % 999),
            piece: i / 50,
            row: i % 50,
            value: 7,
            line: 9,
        };
        let n = 400_000;
        (0..n).rev().collect::<Vec<_>>().par_chunks(1000).for_each(|numbers| {
            parts.add(numbers.iter().map(|&i| entry(i))).unwrap();
        });

        let found = parts.each(<[Entry]>::to_vec).unwrap();

        assert!(spill.get(&Aside::Filed { start: 0, length: 32 }).is_ok(), "nothing was filed");
        let mut all: Vec<Entry> = (0..n).map(entry).collect();
        all.sort_unstable();
        for part in &found {
            assert!(part.is_sorted());
        }
        let mut together: Vec<Entry> = found.concat();
        together.sort_unstable();
        assert_eq!(together, all);
        let keys: usize =
            found.iter().map(|part| part.chunk_by(|a, b| a.key == b.key).count()).sum();
        assert_eq!(keys, 999, "a key is in two parts");
    }
}

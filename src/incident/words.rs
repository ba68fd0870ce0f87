//! Texts that come again and again, each held once and known by its number.

use std::hash::BuildHasher as _;
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// A text of some [`super::Incidents`], by its number there; or no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(pub(super) u32);

impl Word {
    /// No text.
    pub const NONE: Self = Self(u32::MAX);

    /// Its number, from 0; `None` for no text.
    pub fn number(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// Distinct texts, one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    letters: String,
    /// Where each text ends.
    ends: Vec<usize>,
    /// Numbers by text; behind `ends` for texts that were only read back.
    index: HashTable<u32>,
    hasher: RandomState,
}

impl Words {
    /// The number of `text`, which is new if it was not there.
    pub(crate) fn intern(&mut self, text: &str) -> Word {
        let Self { letters, ends, index, hasher } = self;
        let get = |i: u32| &letters.as_bytes()[range(ends, i as usize)];
        let hash = |text: &[u8]| hasher.hash_one(text);
        for i in index.len() as u32..ends.len() as u32 {
            index.insert_unique(hash(get(i)), i, |&i| hash(get(i)));
        }
        let here = hash(text.as_bytes());
        if let Some(&i) = index.find(here, |&i| get(i) == text.as_bytes()) {
            return Word(i);
        }
        let new = u32::try_from(ends.len()).expect("fewer than 2^32 distinct texts fit in memory");
        index.insert_unique(here, new, |&i| hash(get(i)));
        self.push(text);
        Word(new)
    }

    /// The number of `text`, or that of no text.
    pub(super) fn intern_some(&mut self, text: Option<&str>) -> Word {
        text.map_or(Word::NONE, |text| self.intern(text))
    }

    /// Adds a text that is not there yet; it is looked up only once another is interned.
    pub(super) fn push(&mut self, text: &str) {
        self.letters.push_str(text);
        self.ends.push(self.letters.len());
    }

    /// Adds a text, whether it is there or not: for what is only ever put with others
    /// ([`super::Incidents::append`]), where it gets the one number of its text.
    pub(crate) fn add(&mut self, text: &str) -> Word {
        let new = u32::try_from(self.ends.len()).expect("fewer than 2^32 texts fit in memory");
        self.push(text);
        Word(new)
    }

    pub(crate) fn get(&self, word: Word) -> Option<&str> {
        let i = word.number().filter(|&i| i < self.ends.len())?;
        Some(&self.letters[range(&self.ends, i)])
    }

    /// Every text, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|i| &self.letters[range(&self.ends, i)])
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn range(ends: &[usize], i: usize) -> Range<usize> {
    let start = if i == 0 { 0 } else { ends[i - 1] };
    start..ends[i]
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.letters == other.letters && self.ends == other.ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_also_after_it_was_read_back() {
        let mut words = Words::default();
        for text in ["b", "", "a"] {
            words.push(text);
        }

        let found = ["a", "b", "", "c", "a", "c"].map(|text| words.intern(text).0);

        assert_eq!(found, [2, 0, 1, 3, 2, 3]);
        assert_eq!(words.iter().collect::<Vec<_>>(), ["b", "", "a", "c"]);
        assert_eq!((words.get(Word(3)), words.get(Word::NONE)), (Some("c"), None));
    }
}

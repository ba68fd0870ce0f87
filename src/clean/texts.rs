//! Texts of one file that come again and again: each is looked at once.

use std::sync::{Mutex, PoisonError};

use crate::incident::{Word, Words};
use crate::read::pii::person_signs;
use crate::workspace::PersonSign;

use super::ground::Ground;

/// Texts that are remembered from one piece of a file to the next.
const MOST_SEEN: usize = 100_000;

/// What is known of one text.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// A bit for each sign of a person, in the order of [`PersonSign::ALL`].
    signs: u16,
    /// Whether it was asked which ward it names.
    is_asked: bool,
    /// That ward, and whether it is one of an older edition.
    ward: Option<(usize, bool)>,
}

/// The texts of a file so far, in the columns that are kept or shown.
#[derive(Debug, Default)]
pub(super) struct Texts {
    words: Words,
    known: Vec<Known>,
}

impl Texts {
    /// The number of a text; no number for an empty one.
    pub(super) fn find(&mut self, text: &str) -> Word {
        if text.is_empty() {
            return Word::NONE;
        }
        let word = self.words.intern(text);
        if self.words.len() > self.known.len() {
            let signs = person_signs(text).fold(0, |bits, sign| bits | 1 << sign as u16);
            self.known.push(Known { signs, ..Known::default() });
        }
        word
    }

    /// The text of a number.
    pub(super) fn get(&self, word: Word) -> &str {
        self.words.get(word).unwrap_or_default()
    }

    /// Signs of a person in a text.
    pub(super) fn signs(&self, word: Word) -> impl Iterator<Item = PersonSign> + use<> {
        let bits = word.number().map_or(0, |i| self.known[i].signs);
        let all = if bits == 0 { &[] } else { PersonSign::ALL };
        all.iter().copied().filter(move |sign| bits >> *sign as u16 & 1 == 1)
    }

    /// The ward that a text names, and whether that is one of an older edition.
    pub(super) fn ward(&mut self, word: Word, ground: &Ground) -> Option<(usize, bool)> {
        let known = &mut self.known[word.number()?];
        if !known.is_asked {
            known.ward = self.words.get(word).and_then(|text| ground.ward_named(text));
            known.is_asked = true;
        }
        known.ward
    }

    /// Forgets all texts if there are many: between two pieces, when no number is in use.
    pub(super) fn forget_many(&mut self) {
        if self.known.len() > MOST_SEEN {
            *self = Self::default();
        }
    }
}

/// Texts that no piece is using.
#[derive(Debug, Default)]
pub(super) struct TextPool(Mutex<Vec<Texts>>);

impl TextPool {
    /// Some texts, for one piece after the other.
    pub(super) fn take(&self) -> Texts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Gives them back.
    pub(super) fn put(&self, texts: Texts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(texts);
    }
}

//! Categories judged once each: the same few texts come again and again.

use hashbrown::HashMap;

use crate::read::Candidate;

use super::category::{Categories, Judgement};

/// [`Categories`] with what they said so far.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    categories: &'a Categories,
    known: HashMap<String, usize, foldhash::fast::RandomState>,
    said: Vec<Judgement>,
    key: String,
}

impl<'a> Judge<'a> {
    pub(super) fn new(categories: &'a Categories) -> Self {
        Self { categories, known: HashMap::default(), said: Vec::new(), key: String::new() }
    }

    /// What `candidate` is, by number.
    pub(super) fn judge(&mut self, candidate: &Candidate<'_>) -> usize {
        self.key.clear();
        for &field in self.categories.fields() {
            self.key.push_str(candidate.get(field));
            self.key.push('\u{1f}');
        }
        if let Some(&known) = self.known.get(self.key.as_str()) {
            return known;
        }
        let fields = self.categories.fields().iter();
        let texts: Vec<_> = fields.map(|&field| (field, candidate.get(field))).collect();
        self.said.push(self.categories.judge(&texts));
        self.known.insert(self.key.clone(), self.said.len() - 1);
        self.said.len() - 1
    }

    /// What was said under a number.
    pub(super) fn get(&self, number: usize) -> &Judgement {
        &self.said[number]
    }
}

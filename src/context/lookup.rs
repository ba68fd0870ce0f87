//! Code lookups: which area of one kind and edition is which of another.

use std::collections::{BTreeMap, VecDeque};

/// Codes of one kind and edition, such as LSOAs of 2021.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeSet {
    /// Kind of area: `oa`, `lsoa`, `msoa`, `ward`, `lad`, `csp`, `pfa`.
    pub kind: String,
    /// Edition, such as `2021`; empty where unknown.
    pub edition: String,
}

impl CodeSet {
    /// Codes of this kind and edition.
    pub fn new(kind: &str, edition: &str) -> Self {
        Self { kind: kind.to_owned(), edition: edition.to_owned() }
    }
}

/// From the codes of one set to those of another.
///
/// A code may have several counterparts: an LSOA that was split, a district with two partnerships.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// Set that is looked up.
    pub from: CodeSet,
    /// Set that is found.
    pub to: CodeSet,
    pairs: Vec<(String, String)>,
}

impl Lookup {
    /// A lookup of these pairs, sorted, each kept once.
    pub fn new(from: CodeSet, to: CodeSet, mut pairs: Vec<(String, String)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        Self { from, to, pairs }
    }

    /// Every pair, sorted.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Counterparts of a code, sorted; none where the lookup does not have it.
    pub fn of(&self, code: &str) -> impl Iterator<Item = &str> {
        let start = self.pairs.partition_point(|(from, _)| from.as_str() < code);
        let rest = &self.pairs[start..];
        rest.iter().take_while(move |(from, _)| from == code).map(|(_, to)| to.as_str())
    }

    /// The one counterpart of a code; `None` where there is none, or more than one.
    pub fn only(&self, code: &str) -> Option<&str> {
        let mut found = self.of(code);
        found.next().filter(|_| found.next().is_none())
    }

    /// How many codes have more than one counterpart.
    pub fn n_split(&self) -> usize {
        self.pairs.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1).count()
    }

    /// This lookup and then `next`, which must start where this one ends.
    pub fn then(&self, next: &Self) -> Option<Self> {
        if self.to != next.from {
            return None;
        }
        let pairs = self.pairs.iter().flat_map(|(from, middle)| {
            next.of(middle).map(|to| (from.clone(), to.to_owned())).collect::<Vec<_>>()
        });
        Some(Self::new(self.from.clone(), next.to.clone(), pairs.collect()))
    }
}

/// The way from one set to another over as few of the `lookups` as possible, as one lookup; of
/// several as short, the one whose lookups come first. `None` if none leads there.
pub fn chain(lookups: &[Lookup], from: &CodeSet, to: &CodeSet) -> Option<Lookup> {
    let mut came_by: BTreeMap<&CodeSet, Option<&Lookup>> = BTreeMap::from([(from, None)]);
    let mut waiting = VecDeque::from([from]);
    while let Some(at) = waiting.pop_front() {
        for lookup in lookups.iter().filter(|lookup| lookup.from == *at) {
            if !came_by.contains_key(&lookup.to) {
                came_by.insert(&lookup.to, Some(lookup));
                waiting.push_back(&lookup.to);
            }
        }
    }
    let mut steps = Vec::new();
    let mut at = to;
    while let Some(step) = *came_by.get(at)? {
        steps.push(step);
        at = &step.from;
    }
    let mut steps = steps.into_iter().rev();
    let first = steps.next()?.clone();
    steps.try_fold(first, |whole, step| whole.then(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(from: (&str, &str), to: (&str, &str), pairs: &[(&str, &str)]) -> Lookup {
        let pairs = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Lookup::new(CodeSet::new(from.0, from.1), CodeSet::new(to.0, to.1), pairs)
    }

    #[test]
    fn a_split_code_has_both_parts_and_so_no_only_one() {
        let split =
            lookup(("lsoa", "2011"), ("lsoa", "2021"), &[("A", "A2"), ("A", "A1"), ("B", "B")]);

        assert_eq!(split.of("A").collect::<Vec<_>>(), ["A1", "A2"]);
        assert_eq!(split.only("A"), None);
        assert_eq!(split.only("B"), Some("B"));
        assert_eq!(split.of("C").next(), None);
    }

    #[test]
    fn lookups_are_chained_over_the_fewest_steps() {
        let lookups = [
            lookup(("lsoa", "2011"), ("lsoa", "2021"), &[("A", "A1"), ("A", "A2")]),
            lookup(("lsoa", "2021"), ("ward", "2024"), &[("A1", "W1"), ("A2", "W2")]),
            lookup(("ward", "2024"), ("lad", "2024"), &[("W1", "L"), ("W2", "L")]),
            lookup(("lad", "2024"), ("csp", "2024"), &[("L", "C")]),
        ];

        let whole =
            chain(&lookups, &CodeSet::new("lsoa", "2011"), &CodeSet::new("csp", "2024")).unwrap();

        assert_eq!(whole.pairs(), [("A".to_owned(), "C".to_owned())]);
        assert_eq!(
            chain(&lookups, &CodeSet::new("csp", "2024"), &CodeSet::new("oa", "2011")),
            None
        );
    }
}

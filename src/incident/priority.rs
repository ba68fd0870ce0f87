//! Priorities: named sets of crime types that a partnership has chosen, usable wherever a crime type
//! is (`priority:town-centre-violence`).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use super::{CrimeTypeIdx, CrimeTypes, UnknownCrimeType, english as say};

/// What stands before the name of a priority.
pub const PRIORITY_PREFIX: &str = "priority:";

/// Most bytes of the name of a priority.
const LONGEST: usize = 48;

/// The name of a priority as commands and addresses write it: lower-case letters, digits, hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriorityName {
    bytes: [u8; LONGEST],
    len: u8,
}

impl PriorityName {
    /// The name made from words: `Town-centre violence` is `town-centre-violence`. `None` if nothing
    /// is left, or too much.
    pub fn from_words(words: &str) -> Option<Self> {
        let mut name = String::new();
        for c in words.trim().chars() {
            if c.is_ascii_alphanumeric() {
                name.push(c.to_ascii_lowercase());
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
        }
        let name = name.trim_end_matches('-');
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
        (!name.is_empty()).then_some(Self { bytes, len: name.len() as u8 })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Display for PriorityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PriorityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PriorityName({self})")
    }
}

impl FromStr for PriorityName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::from_words(text).ok_or(())
    }
}

/// One priority: its name and what belongs to it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrioritySet {
    /// Name in commands and addresses.
    pub name: PriorityName,
    /// Name on screen.
    pub label: String,
    /// One bit for each crime type.
    members: u64,
}

impl PrioritySet {
    /// The priority of this label and these members. Priorities are few, so each is held for as long
    /// as the program runs, and the same only once. `None` if the label makes no name.
    pub fn held(label: &str, members: &[CrimeTypes]) -> Option<&'static Self> {
        static HELD: Mutex<BTreeSet<&'static PrioritySet>> = Mutex::new(BTreeSet::new());
        let all = CrimeTypeIdx::all().filter(|one| members.iter().any(|m| m.contains(*one)));
        let set = Self {
            name: PriorityName::from_words(label)?,
            label: label.trim().to_owned(),
            members: all.fold(0, |bits, one| bits | 1 << one.index()),
        };
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.get(&set) {
            return Some(known);
        }
        let kept: &'static Self = Box::leak(Box::new(set));
        held.insert(kept);
        Some(kept)
    }

    /// Whether incidents of `crime_type` belong to it.
    pub fn contains(&self, crime_type: CrimeTypeIdx) -> bool {
        self.members >> crime_type.index() & 1 == 1
    }

    /// What belongs to it, in list order.
    pub fn members(&self) -> impl Iterator<Item = CrimeTypeIdx> + '_ {
        CrimeTypeIdx::all().filter(|one| self.contains(*one))
    }
}

impl CrimeTypes {
    /// The same, a priority that is only named put in place by `known`.
    ///
    /// # Errors
    ///
    /// [`UnknownCrimeType`] if none of them has the name.
    pub fn resolve(self, known: &[&'static PrioritySet]) -> Result<Self, UnknownCrimeType> {
        let Self::Named(name) = self else { return Ok(self) };
        let found = known.iter().find(|priority| priority.name == name);
        found.map(|priority| Self::Priority(priority)).ok_or_else(|| {
            let names = known.iter().map(|p| format!("{PRIORITY_PREFIX}{}", p.name));
            let known = names.collect::<Vec<_>>().join(", ");
            UnknownCrimeType {
                name: self.to_string(),
                known: if known.is_empty() { say::NO_PRIORITY.to_owned() } else { known },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violence() -> &'static PrioritySet {
        let members = ["robbery", "public-order"].map(|name| name.parse().unwrap());
        PrioritySet::held("Town-centre violence", &members).unwrap()
    }

    #[test]
    fn a_priority_is_named_resolved_and_holds_its_members() {
        let named: CrimeTypes = "priority:Town-centre violence".parse().unwrap();

        let resolved = named.resolve(&[violence()]).unwrap();

        assert_eq!(named.to_string(), "priority:town-centre-violence");
        assert_eq!(resolved.to_string(), named.to_string());
        assert_eq!(resolved.label(), "Town-centre violence");
        assert!(resolved.contains(CrimeTypeIdx::from_id("robbery").unwrap()));
        assert!(!resolved.contains(CrimeTypeIdx::from_id("burglary").unwrap()));
        assert_eq!(violence().members().count(), 2);
    }

    #[test]
    fn a_priority_that_is_only_named_holds_nothing() {
        let named: CrimeTypes = "priority:x".parse().unwrap();

        assert!(CrimeTypeIdx::all().all(|one| !named.contains(one)));
        let refused = named.resolve(&[violence()]).unwrap_err().to_string();
        assert!(refused.contains("`priority:x`"), "{refused}");
        assert!(refused.contains("priority:town-centre-violence"), "{refused}");
    }

    #[test]
    fn the_same_priority_is_held_once() {
        assert!(std::ptr::eq(violence(), violence()));
        assert!(PrioritySet::held(" -- ", &[]).is_none());
        assert!(PriorityName::from_words(&"x".repeat(49)).is_none());
    }

    #[test]
    fn every_crime_type_has_a_bit() {
        assert!(CrimeTypeIdx::all().count() <= 64);
    }
}

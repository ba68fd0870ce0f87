//! The kinds of incident, in the publisher's words, and the sets people ask for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{PRIORITY_PREFIX, PriorityName, PrioritySet, english as say};

/// Which family a crime type belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Recorded crime.
    Crime,
    /// Anti-social behaviour: incidents, not crimes.
    Asb,
    /// Fire service incidents.
    Fire,
    /// Ambulance and other health records.
    Health,
}

/// What a rate of this type is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Usual residents.
    Residents,
    /// Households: what burglars visit.
    Households,
}

impl Base {
    /// Plural noun for captions.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Residents => say::RESIDENTS,
            Self::Households => say::HOUSEHOLDS,
        }
    }
}

/// One kind of incident.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct CrimeType {
    /// Name in URLs, files and commands.
    pub id: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Family.
    pub group: Group,
    /// Base of its rates.
    pub base: Base,
}

const fn of(id: &'static str, label: &'static str, group: Group) -> CrimeType {
    CrimeType { id, label, group, base: Base::Residents }
}

/// Every kind of incident, in the order of lists on screen. New kinds go to the end: the store
/// keeps their ids, never their position.
pub static CRIME_TYPES: &[CrimeType] = &[
    of("anti-social-behaviour", say::ANTI_SOCIAL_BEHAVIOUR, Group::Asb),
    of("bicycle-theft", say::BICYCLE_THEFT, Group::Crime),
    CrimeType { id: "burglary", label: say::BURGLARY, group: Group::Crime, base: Base::Households },
    of("criminal-damage-and-arson", say::CRIMINAL_DAMAGE_AND_ARSON, Group::Crime),
    of("drugs", say::DRUGS, Group::Crime),
    of("other-crime", say::OTHER_CRIME, Group::Crime),
    of("other-theft", say::OTHER_THEFT, Group::Crime),
    of("possession-of-weapons", say::POSSESSION_OF_WEAPONS, Group::Crime),
    of("public-order", say::PUBLIC_ORDER, Group::Crime),
    of("robbery", say::ROBBERY, Group::Crime),
    of("shoplifting", say::SHOPLIFTING, Group::Crime),
    of("theft-from-the-person", say::THEFT_FROM_THE_PERSON, Group::Crime),
    of("vehicle-crime", say::VEHICLE_CRIME, Group::Crime),
    of("violence-and-sexual-offences", say::VIOLENCE_AND_SEXUAL_OFFENCES, Group::Crime),
    of("public-disorder-and-weapons", say::PUBLIC_DISORDER_AND_WEAPONS, Group::Crime),
    of("violent-crime", say::VIOLENT_CRIME, Group::Crime),
    of("environmental-crime", say::ENVIRONMENTAL_CRIME, Group::Asb),
    of("deliberate-fire", say::DELIBERATE_FIRE, Group::Fire),
    of("accidental-fire", say::ACCIDENTAL_FIRE, Group::Fire),
    of("false-alarm", say::FALSE_ALARM, Group::Fire),
    of("ambulance-call-out", say::AMBULANCE_CALL_OUT, Group::Health),
    of("assault-attendance", say::A_AND_E_ATTENDANCE_AFTER_ASSAULT, Group::Health),
];

/// Position of a type in [`CRIME_TYPES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrimeTypeIdx(u8);

impl CrimeTypeIdx {
    /// The type with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        CRIME_TYPES.iter().position(|t| t.id == id).map(|i| Self(i as u8))
    }

    /// All of them, in list order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CRIME_TYPES.len()).map(|i| Self(i as u8))
    }

    /// The type at this place among all, from 0.
    pub fn from_index(index: u8) -> Option<Self> {
        (usize::from(index) < CRIME_TYPES.len()).then_some(Self(index))
    }

    /// What it is.
    pub fn get(self) -> &'static CrimeType {
        &CRIME_TYPES[usize::from(self.0)]
    }

    /// Position in the list.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Which incidents are meant: one type, or a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CrimeTypes {
    /// Crime and anti-social behaviour together.
    #[default]
    All,
    /// Every type of one family.
    Family(Group),
    /// One type.
    One(CrimeTypeIdx),
    /// What a partnership has put together.
    Priority(&'static PrioritySet),
    /// A priority by name alone; it holds nothing until it is resolved ([`Self::resolve`]).
    Named(PriorityName),
}

/// A name that is no crime type.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no crime type `{name}` (there are: {known})")]
pub struct UnknownCrimeType {
    /// Name as given.
    pub name: String,
    /// Every name there is.
    pub known: String,
}

impl CrimeTypes {
    /// Whether incidents of `crime_type` are meant.
    pub fn contains(self, crime_type: CrimeTypeIdx) -> bool {
        match self {
            Self::All => matches!(crime_type.get().group, Group::Crime | Group::Asb),
            Self::Family(group) => crime_type.get().group == group,
            Self::One(one) => one == crime_type,
            Self::Priority(priority) => priority.contains(crime_type),
            Self::Named(_) => false,
        }
    }

    /// Name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => say::ALL,
            Self::Family(Group::Crime) => say::ALL_CRIME,
            Self::Family(Group::Asb) => say::ALL_ASB,
            Self::Family(Group::Fire) => say::FIRE,
            Self::Family(Group::Health) => say::HEALTH,
            Self::One(one) => one.get().label,
            Self::Priority(priority) => &priority.label,
            Self::Named(_) => say::A_PRIORITY,
        }
    }

    /// Base of the rates of this choice.
    pub fn base(self) -> Base {
        match self {
            Self::One(one) => one.get().base,
            // Households only if that is what every member of it is taken over.
            Self::Priority(priority) => {
                let mut bases = priority.members().map(|one| one.get().base);
                match bases.next() {
                    Some(first) if bases.all(|base| base == first) => first,
                    _ => Base::Residents,
                }
            }
            Self::All | Self::Family(_) | Self::Named(_) => Base::Residents,
        }
    }

    /// Every choice there is beside priorities: families first, then types.
    pub fn choices() -> impl Iterator<Item = Self> {
        [Self::All, Self::Family(Group::Crime), Self::Family(Group::Asb), Self::Family(Group::Fire)]
            .into_iter()
            .chain([Self::Family(Group::Health)])
            .chain(CrimeTypeIdx::all().map(Self::One))
    }
}

impl fmt::Display for CrimeTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::Family(Group::Crime) => "all-crime",
            Self::Family(Group::Asb) => "all-asb",
            Self::Family(Group::Fire) => "fire",
            Self::Family(Group::Health) => "health",
            Self::One(one) => one.get().id,
            Self::Priority(priority) => return write!(f, "{PRIORITY_PREFIX}{}", priority.name),
            Self::Named(name) => return write!(f, "{PRIORITY_PREFIX}{name}"),
        })
    }
}

impl FromStr for CrimeTypes {
    type Err = UnknownCrimeType;

    fn from_str(name: &str) -> Result<Self, UnknownCrimeType> {
        let wanted = match name.trim().to_ascii_lowercase() {
            short if short == "asb" => "anti-social-behaviour".to_owned(),
            other => other,
        };
        if let Some(name) = wanted.strip_prefix(PRIORITY_PREFIX).and_then(PriorityName::from_words)
        {
            return Ok(Self::Named(name));
        }
        Self::choices().find(|choice| choice.to_string() == wanted).ok_or_else(|| {
            UnknownCrimeType {
                name: name.to_owned(),
                known: Self::choices().map(|c| c.to_string()).collect::<Vec<_>>().join(", "),
            }
        })
    }
}

impl Serialize for CrimeTypes {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CrimeTypes {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_from_its_name() {
        for choice in CrimeTypes::choices() {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
    }

    #[test]
    fn fire_is_not_part_of_all_crime_and_asb() {
        let fire = CrimeTypeIdx::from_id("deliberate-fire").unwrap();

        assert!(!CrimeTypes::All.contains(fire));
        assert!(CrimeTypes::Family(Group::Fire).contains(fire));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let refused = "arson".parse::<CrimeTypes>().unwrap_err();

        assert!(refused.to_string().contains("criminal-damage-and-arson"), "{refused}");
    }
}

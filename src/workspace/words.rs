//! The words a workspace may use: location rules, coordinate systems, date forms and fields.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::english::word as say;

/// A word that is none of the known ones.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no {what} `{given}` (there are: {known})")]
pub struct UnknownWord {
    /// What was wanted, such as `location rule`.
    pub what: &'static str,
    /// Word as given.
    pub given: String,
    /// Every known word.
    pub known: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:path { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in files and on the command line.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let wanted = text.trim();
                Self::ALL.iter().copied().find(|w| w.word().eq_ignore_ascii_case(wanted)).ok_or_else(|| {
                    UnknownWord {
                        what: $what,
                        given: text.to_owned(),
                        known: Self::ALL.iter().map(|w| w.word()).collect::<Vec<_>>().join(", "),
                    }
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.word())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

words! {
    /// How finely the place of a record may be kept. The order is from finest to coarsest.
    LocationRule, say::LOCATION_RULE {
        /// The position itself.
        Point = "point",
        /// The ward it lies in; the position is discarded.
        Ward = "ward",
        /// The outward half of a postcode; neither a position nor a ward is kept.
        OutwardPostcode = "outward-postcode",
        /// Nothing.
        None = "none",
    }
}

words! {
    /// How the dates of a column are written.
    DateForm, say::DATE_FORM {
        /// `2025-04-03`, with or without a time.
        Iso = "yyyy-mm-dd",
        /// `03/04/2025` is 3 April.
        DayMonthYear = "dd/mm/yyyy",
        /// `03/04/2025` is 4 March.
        MonthDayYear = "mm/dd/yyyy",
        /// `3-Apr-25` or `3 April 2025`.
        DayMonthName = "d-mmm-yyyy",
        /// `2025-04`.
        YearMonth = "yyyy-mm",
        /// Days since 1899-12-30, as spreadsheets keep them: `45750.6`.
        Serial = "excel-serial",
    }
}

words! {
    /// A sign of a person in the text of a cell.
    PersonSign, say::PERSON_SIGN {
        /// A title before a name.
        Title = "title",
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Telephone = "telephone",
        /// An NHS number.
        NhsNumber = "nhs-number",
        /// A vehicle registration.
        Registration = "registration",
        /// A date of birth.
        BirthDate = "birth-date",
    }
}

words! {
    /// Which way a count should go.
    Direction, say::DIRECTION {
        /// Fewer than the baseline.
        Down = "down",
        /// More, as for reports of what is under-reported.
        Up = "up",
        /// No more and no fewer.
        Hold = "hold",
    }
}

words! {
    /// Which date a record is counted by.
    CountBy, say::COUNT_BY {
        /// When it happened, for patterns.
        Committed = "committed",
        /// When it was recorded, for performance.
        Recorded = "recorded",
    }
}

words! {
    /// What a column of an incident file can mean to wardheat. Every other column is dropped.
    Field, say::FIELD {
        /// The publisher's reference; kept as a keyed hash.
        Reference = "reference",
        /// Offence code, such as `028/03`.
        Code = "code",
        /// What happened, in words.
        Category = "category",
        /// The family of what happened, in words.
        Group = "group",
        /// A finer word that decides before `category`, such as the motive of a fire.
        Detail = "detail",
        /// Month, where that is all there is.
        Month = "month",
        /// Earliest date (and time) it can have happened.
        Date = "date",
        /// Time that goes with `date`.
        Time = "time",
        /// Latest date (and time) it can have happened.
        DateTo = "date-to",
        /// Time that goes with `date-to`.
        TimeTo = "time-to",
        /// When it was recorded.
        Recorded = "recorded",
        /// Easting, metres.
        Easting = "easting",
        /// Northing, metres.
        Northing = "northing",
        /// Easting rounded by the publisher, used where `easting` is empty.
        EastingRounded = "easting-rounded",
        /// Northing rounded by the publisher, used where `northing` is empty.
        NorthingRounded = "northing-rounded",
        /// Longitude, degrees.
        Longitude = "longitude",
        /// Latitude, degrees.
        Latitude = "latitude",
        /// Published name of the place; kept only where the publisher is open data.
        Street = "street",
        /// Description of the place in free text: matched to places known by name, never kept.
        Place = "place",
        /// Ward code or name as given.
        Ward = "ward",
        /// LSOA code as given.
        Lsoa = "lsoa",
        /// Postcode; at most its outward half is kept.
        Postcode = "postcode",
        /// Domestic: yes or no.
        Domestic = "domestic",
        /// Alcohol-related: yes or no.
        Alcohol = "alcohol",
        /// Drug-related: yes or no.
        Drugs = "drugs",
        /// Hate crime: yes or no.
        Hate = "hate",
        /// Knife-enabled: yes or no.
        Knife = "knife",
        /// Night-time economy: yes or no.
        NightTime = "night-time",
        /// State of the record, such as `Cancelled`.
        Status = "status",
        /// No crime or cancelled: yes or no.
        Cancelled = "cancelled",
    }
}

impl PersonSign {
    /// What was seen, in words.
    pub const fn in_words(self) -> &'static str {
        say::seen(self)
    }
}

/// Number of fields.
pub const N_FIELDS: usize = Field::ALL.len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_rise_from_finest_to_coarsest() {
        assert!(LocationRule::Point < LocationRule::Ward);
        assert!(LocationRule::Ward < LocationRule::OutwardPostcode);
        assert!(LocationRule::OutwardPostcode < LocationRule::None);
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_known_ones() {
        let refused = "postcode".parse::<LocationRule>().unwrap_err();

        assert_eq!(
            refused.to_string(),
            "there is no location rule `postcode` (there are: point, ward, outward-postcode, none)"
        );
    }
}

//! What can be asked of heat, in its one form.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::incident::CrimeTypes;
use crate::quantity::Metres;
use crate::time::{HoursOfWeek, Window};

/// Bandwidths that heat is drawn with, in metres.
pub const BANDWIDTHS: [u16; 9] = [100, 150, 200, 250, 300, 400, 500, 750, 1000];

/// What one incident weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HeatWeight {
    /// 1 each.
    #[default]
    Count,
    /// The harm weight of its crime type; types without one are left out.
    Harm,
}

/// What a density is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HeatPer {
    /// The years of the window.
    #[default]
    Year,
    /// Nothing: all that the window holds.
    Window,
    /// The years of the window and the density of residents, in place of the area: records a year
    /// for each 1,000 who live there, by the ratio of two densities of one kernel and bandwidth
    /// (Bithell 1990, as [`dual`](crate::stats::dual)).
    Residents,
}

/// A name that is none of a few.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{found}` is none of {known}")]
pub struct UnknownChoice {
    found: String,
    known: String,
}

macro_rules! choice {
    ($name:ident, $($id:literal => $variant:ident),+) => {
        impl $name {
            /// Name in requests.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownChoice;

            fn from_str(text: &str) -> Result<Self, UnknownChoice> {
                match text {
                    $($id => Ok(Self::$variant),)+
                    found => Err(UnknownChoice {
                        found: found.to_owned(),
                        known: [$($id),+].join(", "),
                    }),
                }
            }
        }
    };
}

choice!(HeatWeight, "count" => Count, "harm" => Harm);
choice!(HeatPer, "year" => Year, "window" => Window, "residents" => Residents);

/// A bandwidth of [`BANDWIDTHS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bandwidth(u16);

impl Bandwidth {
    /// In metres: where the kernel ends.
    pub fn metres(self) -> Metres {
        Metres::new(f64::from(self.0))
    }
}

impl Default for Bandwidth {
    fn default() -> Self {
        Self(300)
    }
}

impl FromStr for Bandwidth {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        let known = BANDWIDTHS.iter().find(|known| known.to_string() == text);
        known.map(|&metres| Self(metres)).ok_or_else(|| UnknownChoice {
            found: text.to_owned(),
            known: "100, 150, 200, 250, 300, 400, 500, 750, 1000 (metres)".to_owned(),
        })
    }
}

/// Heat as it is asked for, in its one form: requests that mean the same are equal and print the
/// same.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRequest {
    /// Which incidents.
    pub crime_types: CrimeTypes,
    /// Which months.
    pub window: Window,
    /// Months to take away from them: the layer is then the difference.
    pub against: Option<Window>,
    /// Months whose classes it is drawn in, so that two windows can be compared; its own where `None`. A
    /// difference has its own.
    pub classes_of: Option<Window>,
    /// Only this source, or all of them.
    pub source: Option<String>,
    /// Which hours of the week.
    pub hours: HoursOfWeek,
    /// What one incident weighs.
    pub weight: HeatWeight,
    /// What the density is divided by.
    pub per: HeatPer,
    /// Where the kernel ends.
    pub bandwidth: Bandwidth,
}

impl HeatRequest {
    /// These incidents in these months, everything else as by default.
    pub fn new(crime_types: CrimeTypes, window: Window) -> Self {
        Self {
            crime_types,
            window,
            against: None,
            classes_of: None,
            source: None,
            hours: HoursOfWeek::default(),
            weight: HeatWeight::default(),
            per: HeatPer::default(),
            bandwidth: Bandwidth::default(),
        }
    }

    /// Names and values of a query, in the order of [`PARAMETERS`]; what is as by default is left
    /// out, but for types and months.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("type", self.crime_types.to_string()),
            ("from", self.window.first().to_string()),
            ("to", self.window.last().to_string()),
        ];
        pairs.extend(self.against.map(|window| ("against", window.to_string())));
        pairs.extend(self.classes_of.map(|window| ("classes-of", window.to_string())));
        pairs.extend(self.source.clone().map(|source| ("source", source)));
        pairs.extend(self.hours.pairs());
        if self.weight != HeatWeight::default() {
            pairs.push(("weight", self.weight.id().to_owned()));
        }
        if self.per != HeatPer::default() {
            pairs.push(("per", self.per.id().to_owned()));
        }
        if self.bandwidth != Bandwidth::default() {
            pairs.push(("bandwidth", self.bandwidth.0.to_string()));
        }
        pairs
    }
}

/// As one line: the key that equal requests share.
impl fmt::Display for HeatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.pairs().iter().enumerate() {
            let and = if i == 0 { "" } else { "&" };
            write!(f, "{and}{name}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_by_default_is_left_out() {
        let window: Window = "2025-01..2025-12".parse().unwrap();
        let mut request = HeatRequest::new(CrimeTypes::All, window);
        assert_eq!(request.to_string(), "type=all&from=2025-01&to=2025-12");

        request.bandwidth = "500".parse().unwrap();
        request.hours = HoursOfWeek::parse(Some("sat,fri"), Some("21-05")).unwrap();
        request.against = Some(window.year_earlier());

        assert_eq!(
            request.to_string(),
            "type=all&from=2025-01&to=2025-12&against=2024-01..2024-12&day=fri,sat&hour=21-5&bandwidth=500"
        );
    }

    #[test]
    fn only_bandwidths_of_the_list_are_taken() {
        assert_eq!("300".parse(), Ok(Bandwidth::default()));
        for wrong in ["301", "0300", "", "300.0", "-300"] {
            assert!(wrong.parse::<Bandwidth>().is_err(), "{wrong}");
        }
    }
}

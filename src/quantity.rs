//! Measures as types: a number that has a unit carries it.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! measure {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            /// The measure with this many units.
            pub const fn new(value: f64) -> Self {
                Self(value)
            }

            /// The bare number, in the unit of the type.
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{} ", $unit), self.0)
            }
        }
    };
}

measure!(
    /// A length on the ground, in metres.
    Metres,
    "m"
);
measure!(
    /// An area on the ground, in square metres.
    SquareMetres,
    "m²"
);
measure!(
    /// A rate per 1,000 of its base (residents or households).
    Per1000,
    "per 1,000"
);
measure!(
    /// A density of incidents: per square kilometre and year.
    PerKm2Year,
    "per km² a year"
);

impl SquareMetres {
    /// The same area in square kilometres.
    pub fn km2(self) -> f64 {
        self.0 / 1e6
    }
}

/// A count of people or households that a rate is taken over; above zero.
#[derive(
    Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Population(f64);

impl Population {
    /// `None` unless `value` is finite and above zero: nothing is divided by an empty base.
    pub fn new(value: f64) -> Option<Self> {
        (value.is_finite() && value > 0.0).then_some(Self(value))
    }

    /// The bare count.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A whole number with commas between thousands.
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if n < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(25_814), "25,814");
        assert_eq!(thousands(-1_234_567), "-1,234,567");
    }

    #[test]
    fn measures_print_their_unit() {
        assert_eq!(Metres::new(250.0).to_string(), "250 m");
        assert_eq!(Per1000::new(4.5).to_string(), "4.5 per 1,000");
    }

    #[test]
    fn an_empty_base_is_no_population() {
        assert_eq!(Population::new(0.0), None);
        assert_eq!(Population::new(f64::NAN), None);
        assert_eq!(Population::new(12.0).map(Population::get), Some(12.0));
    }
}

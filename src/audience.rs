//! For whom an output is made, and what was held back from the data for their sake.
//!
//! Everything an audience sees is made from data that were made for it: what is not there cannot be
//! shown, whatever is asked. [`Rule`] says what is held back, [`Disclosure`] what was.

mod english;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::quantity::Metres;
use crate::time::{Month, Window};

use english as say;

/// For whom an output is made; a later one may see everything that an earlier one may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Anybody: aggregates, small counts held back.
    Public,
    /// The partnership: cells of 100 m, restricted kinds for the whole area only.
    Partner,
    /// The analysts: everything that the location rules let into the store.
    #[default]
    Analyst,
}

/// A word that names no audience.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no audience `{0}` (there are: analyst, partner, public)")]
pub struct UnknownAudience(pub String);

impl Audience {
    /// Every audience, the one that sees least first.
    pub const ALL: [Self; 3] = [Self::Public, Self::Partner, Self::Analyst];

    /// Name in commands, tokens and outputs.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Partner => "partner",
            Self::Public => "public",
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Audience {
    type Err = UnknownAudience;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|audience| audience.id() == text);
        known.ok_or_else(|| UnknownAudience(text.to_owned()))
    }
}

/// How data are made fit for an audience. Printed on every output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// For whom.
    pub audience: Audience,
    /// Side of the cell that a position is moved to the middle of.
    pub cell: Metres,
    /// Fewest records of one ward, crime type, source and period that a cell may be told to hold,
    /// and the step in which they are told; 1 tells every count.
    pub least: u64,
    /// Fewest entries of the layer of addresses or snap points in a cell that is told of; looked
    /// at only where there is such a layer.
    pub addresses: u64,
    /// Months of a period, a divisor of 12: windows are whole periods of the calendar year.
    pub period: u8,
    /// Sources whose records are counted by ward alone.
    #[serde(default)]
    pub ward_only: Vec<String>,
}

impl Rule {
    /// The rule for this audience; `None` for analysts, from whom nothing is held back.
    pub fn of(audience: Audience) -> Option<Self> {
        let (cell, least, period) = match audience {
            Audience::Analyst => return None,
            Audience::Partner => (100.0, 1, 1),
            Audience::Public => (250.0, 5, 3),
        };
        let cell = Metres::new(cell);
        Some(Self { audience, cell, least, addresses: 1, period, ward_only: Vec::new() })
    }

    /// The setting that no rule can have, and what is wanted.
    pub fn fault(&self) -> Option<&'static str> {
        let (cell, least, addresses) = match self.audience {
            Audience::Public => (250.0, 5, 1),
            _ => (50.0, 1, 0),
        };
        if !(cell..=10_000.0).contains(&self.cell.get()) {
            return Some(match self.audience {
                Audience::Public => say::CELL_FOR_THE_PUBLIC,
                _ => say::CELL,
            });
        }
        if self.least < least || self.least > 1_000 {
            return Some(say::LEAST);
        }
        if self.addresses < addresses {
            return Some(say::ADDRESSES);
        }
        if self.period == 0 || 12 % self.period != 0 {
            return Some(say::PERIOD);
        }
        let whole_quarters = self.audience != Audience::Public || self.period.is_multiple_of(3);
        (!whole_quarters).then_some(say::PERIOD_FOR_THE_PUBLIC)
    }

    /// Number of the period that holds `month`.
    pub fn period_of(&self, month: Month) -> i32 {
        let start = Month::new(1, 1).map_or(0, |first| month.since(first));
        start.div_euclid(i32::from(self.period.max(1)))
    }

    /// Whether `window` starts and ends with a period.
    pub fn is_whole(&self, window: Window) -> bool {
        let before = window.first().plus(-1);
        let after = window.last().plus(1);
        self.period_of(before) != self.period_of(window.first())
            && self.period_of(after) != self.period_of(window.last())
    }

    /// The longest window of whole periods within `held`.
    pub fn whole_within(&self, held: Window) -> Option<Window> {
        let start = held.months().find(|m| self.period_of(m.plus(-1)) != self.period_of(*m))?;
        let ends = |m: &Month| self.period_of(m.plus(1)) != self.period_of(*m);
        let end = held.months().filter(ends).last()?;
        Window::new(start, end).ok()
    }

    /// Deepest zoom of tiles: one further in, a cell would be wider than 64 pixels of 256 a tile at
    /// 53 degrees north, and look like a place that is known.
    pub fn deepest_zoom(&self) -> u8 {
        // Metres of a pixel at zoom 0, on the ground at 53 degrees north.
        const PIXEL: f64 = 156_543.034 * 0.601_815;
        let zoom = (PIXEL * 64.0 / self.cell.get().max(1.0)).log2().floor();
        zoom.clamp(0.0, 22.0) as u8
    }
}

/// What was held back from data that were made for an audience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Disclosure {
    /// The rule that was followed.
    pub rule: Rule,
    /// Version of the dataset it was made from.
    pub made_from: String,
    /// What became of the records.
    pub records: Records,
}

/// What became of the records: those read are the sum of the other counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Records {
    /// Records there were.
    pub read: u64,
    /// Left out: of a period that the data do not hold whole.
    pub outside_periods: u64,
    /// Left out: health records of a type, source and period that holds too few.
    pub left_out: u64,
    /// Counted in their ward and in their cell.
    pub in_cells: u64,
    /// Counted in their ward only: their cell holds too few, or more than a step does.
    pub too_few: u64,
    /// Counted in their ward only: of a kind or source that is not told by cell, or in a cell with
    /// too few addresses.
    pub by_rule: u64,
    /// Counted in their ward only: they had no position fine enough to begin with.
    pub no_position: u64,
    /// Counted for the whole area only.
    pub whole_area: u64,
}

impl Records {
    /// Records kept.
    pub fn kept(&self) -> u64 {
        self.read - self.outside_periods - self.left_out
    }
}

/// A window that the audience is not told of.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "these data were made for the {audience}, who are told of whole periods of {period} months: \
     {window} is none{}", .nearest.map(|near| format!("; {near} is one")).unwrap_or_default()
)]
pub struct NotWhole {
    audience: Audience,
    period: u8,
    window: Window,
    nearest: Option<Window>,
}

impl Disclosure {
    /// Refuses a window that cuts a period in two: by the difference of two such windows, counts
    /// too small to be told would be told.
    ///
    /// # Errors
    ///
    /// [`NotWhole`] with a window that may be asked for.
    pub fn allows(&self, window: Window) -> Result<(), NotWhole> {
        if self.rule.is_whole(window) {
            return Ok(());
        }
        let months = i32::from(self.rule.period);
        let grown = Window::new(window.first().plus(1 - months), window.last().plus(months - 1));
        Err(NotWhole {
            audience: self.rule.audience,
            period: self.rule.period,
            window,
            nearest: grown.ok().and_then(|grown| self.rule.whole_within(grown)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> Rule {
        Rule::of(Audience::Public).unwrap()
    }

    fn window(text: &str) -> Window {
        text.parse().unwrap()
    }

    #[test]
    fn audiences_are_ordered_by_what_they_may_see_and_read_by_name() {
        assert!(Audience::Public < Audience::Partner && Audience::Partner < Audience::Analyst);
        for audience in Audience::ALL {
            assert_eq!(audience.id().parse(), Ok(audience));
        }
        assert_eq!("staff".parse::<Audience>(), Err(UnknownAudience("staff".to_owned())));
    }

    #[test]
    fn every_rule_is_one_that_may_be_followed() {
        for audience in [Audience::Partner, Audience::Public] {
            assert_eq!(Rule::of(audience).unwrap().fault(), None);
        }
        assert_eq!(Rule::of(Audience::Analyst), None);
        for (rule, word) in [
            (Rule { cell: Metres::new(100.0), ..public() }, "cell"),
            (Rule { cell: Metres::new(f64::NAN), ..public() }, "cell"),
            (Rule { least: 4, ..public() }, "least"),
            (Rule { addresses: 0, ..public() }, "addresses"),
            (Rule { period: 1, ..public() }, "period"),
            (Rule { period: 5, ..public() }, "period"),
            (Rule { period: 0, ..public() }, "period"),
        ] {
            assert!(rule.fault().unwrap().starts_with(word), "{word}");
        }
    }

    #[test]
    fn windows_of_whole_quarters_are_whole() {
        for whole in ["2025-01..2025-03", "2024-10..2025-09", "2025-04..2026-03"] {
            assert!(public().is_whole(window(whole)), "{whole}");
        }
        for cut in ["2025-01", "2025-01..2025-04", "2025-02..2025-03"] {
            assert!(!public().is_whole(window(cut)), "{cut}");
        }
        let held = window("2024-02..2025-11");
        assert_eq!(public().whole_within(held), Some(window("2024-04..2025-09")));
        assert_eq!(public().whole_within(window("2024-02..2024-05")), None);
    }

    #[test]
    fn a_window_that_cuts_a_period_is_refused_with_one_that_does_not() {
        let disclosure =
            Disclosure { rule: public(), made_from: String::new(), records: Records::default() };

        let said = disclosure.allows(window("2025-02..2025-04")).unwrap_err().to_string();

        assert!(said.ends_with("2025-02..2025-04 is none; 2025-01..2025-06 is one"), "{said}");
        assert_eq!(disclosure.allows(window("2025-01..2025-06")), Ok(()));
    }

    #[test]
    fn a_cell_of_250_m_is_64_pixels_wide_at_zoom_14() {
        assert_eq!(public().deepest_zoom(), 14);
        assert_eq!(Rule { cell: Metres::new(500.0), ..public() }.deepest_zoom(), 13);
    }
}

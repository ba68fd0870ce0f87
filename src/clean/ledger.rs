//! What became of every row: kept, excluded or rejected, and why.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::read::pii::shown;

use super::english::reason as say;

/// Examples kept of each reason in each file.
pub const EXAMPLES: usize = 3;

/// What a reason does to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Left out by a rule: the row is sound but must not count.
    Excluded,
    /// Left out because it cannot be used.
    Rejected,
    /// Kept, with something to know about it.
    Noted,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident, $effect:ident, $id:literal, $label:expr;)+) => {
        /// Why a row was left out, or what was noted about it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $name),+ }

        impl Reason {
            /// Every reason, in the order of reports.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Name in files.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id),+ }
            }

            /// In words.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }

            /// What it does to the row.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$name => Effect::$effect),+ }
            }
        }
    };
}

reasons! {
    /// All cells empty.
    BlankRow, Excluded, "blank-row", say::BLANK_ROW;
    /// The header again.
    RepeatedHeader, Excluded, "repeated-header", say::REPEATED_HEADER;
    /// A total or note below the data.
    FooterRow, Excluded, "footer-row", say::FOOTER_ROW;
    /// Outside the study area.
    OutsideArea, Excluded, "outside-area", say::OUTSIDE_AREA;
    /// The same record twice.
    SameRowTwice, Excluded, "same-row-twice", say::SAME_ROW_TWICE;
    /// A newer extract has the record.
    OlderVersion, Excluded, "older-version", say::OLDER_VERSION;
    /// Cancelled, no crime.
    NotCounted, Excluded, "cancelled", say::NOT_COUNTED;
    /// A kind that the profile excludes.
    ExcludedKind, Excluded, "excluded-kind", say::EXCLUDED_KIND;
    /// Wrong number of cells.
    WrongLength, Rejected, "wrong-number-of-cells", say::WRONG_LENGTH;
    /// No date.
    NoDate, Rejected, "no-date", say::NO_DATE;
    /// A date in another form than its column.
    UnreadDate, Rejected, "date-not-understood", say::UNREAD_DATE;
    /// After the day on which the file was received or read.
    FutureDate, Rejected, "future-date", say::FUTURE_DATE;
    /// No category.
    NoCategory, Rejected, "no-category", say::NO_CATEGORY;
    /// A category without a crime type.
    UnmappedCategory, Rejected, "unmapped-category", say::UNMAPPED_CATEGORY;
    /// No position.
    NoPosition, Noted, "no-position", say::NO_POSITION;
    /// Near a place that must not be shown.
    Masked, Noted, "masked", say::MASKED;
    /// Kept by ward.
    WardOnly, Noted, "ward-only", say::WARD_ONLY;
    /// Kept by outward postcode.
    OutwardOnly, Noted, "outward-only", say::OUTWARD_ONLY;
    /// No outward postcode.
    NoOutward, Noted, "no-outward-postcode", say::NO_OUTWARD;
    /// No place kept.
    PlaceDropped, Noted, "place-dropped", say::PLACE_DROPPED;
    /// Position that stands for "not known".
    DefaultPlace, Noted, "default-place", say::DEFAULT_PLACE;
    /// Short or rounded position.
    ShortPosition, Noted, "short-position", say::SHORT_POSITION;
    /// Easting and northing swapped.
    SwappedPosition, Noted, "swapped-position", say::SWAPPED_POSITION;
    /// Minus sign lost.
    LostSign, Noted, "lost-sign", say::LOST_SIGN;
    /// Degrees in grid columns, or the other way round.
    OtherSystem, Noted, "other-system", say::OTHER_SYSTEM;
    /// Near but outside.
    NearestWard, Noted, "nearest-ward", say::NEAREST_WARD;
    /// Given ward and position disagree.
    WardDisagrees, Noted, "ward-disagrees", say::WARD_DISAGREES;
    /// Given ward is of an older edition.
    OldWard, Noted, "old-ward", say::OLD_WARD;
    /// A place found by its name.
    NamedPlace, Noted, "named-place", say::NAMED_PLACE;
    /// A description that names no known place.
    UnnamedPlace, Noted, "unnamed-place", say::UNNAMED_PLACE;
    /// Given ward is none of ours.
    UnknownWard, Noted, "unknown-ward", say::UNKNOWN_WARD;
    /// Spreadsheet damage.
    Damaged, Noted, "spreadsheet-damage", say::DAMAGED;
    /// A code no longer used.
    RetiredCode, Noted, "retired-code", say::RETIRED_CODE;
    /// A category out of its months.
    OtherEdition, Noted, "other-edition", say::OTHER_EDITION;
    /// Text that the analyst has allowed.
    TextAllowed, Noted, "text-allowed", say::TEXT_ALLOWED;
    /// Committed date missing.
    RecordedUsed, Noted, "recorded-date-used", say::RECORDED_USED;
    /// Hour not known.
    TimeUnknown, Noted, "time-unknown", say::TIME_UNKNOWN;
    /// From and to more than a day apart.
    LongSpan, Noted, "long-span", say::LONG_SPAN;
    /// The hour the clocks change.
    ClockChange, Noted, "clock-change", say::CLOCK_CHANGE;
    /// In the night-time band.
    NightTime, Noted, "night-time", say::NIGHT_TIME;
    /// Recorded long after.
    RecordedLate, Noted, "recorded-late", say::RECORDED_LATE;
    /// End before start.
    EndBeforeStart, Noted, "end-before-start", say::END_BEFORE_START;
    /// End, or recorded date, after the day on which the file was received or read.
    FutureEnd, Noted, "future-end", say::FUTURE_END;
    /// Dates swapped.
    SpanSwapped, Noted, "span-swapped", say::SPAN_SWAPPED;
    /// A reference with several offences.
    RepeatedReference, Noted, "repeated-reference", say::REPEATED_REFERENCE;
    /// No reference.
    NoReference, Noted, "no-reference", say::NO_REFERENCE;
}

impl Reason {
    /// Whether the reader must be told of every value, not of the first few.
    const fn is_told_by_name(self) -> bool {
        matches!(self, Self::UnmappedCategory | Self::UnknownWard)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.id())
    }
}

/// One row as an example.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Example {
    /// Line in the file, or number of the feature.
    pub line: u64,
    /// The value in question; never one that looks personal.
    pub value: String,
}

impl Example {
    fn new(line: u64, value: &str) -> Self {
        let mut value = shown(value).into_owned();
        if value.chars().count() > 60 {
            value = value.chars().take(57).chain("...".chars()).collect();
        }
        Self { line, value }
    }
}

/// How often a reason applied, and the first examples.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Rows.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
    /// How often each value came, for reasons that are told by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, u64>,
}

/// Distinct names that are told apart; a column with more is not one of categories.
const MOST_NAMES: usize = 1_000;

/// What further names are counted under.
const OTHER_NAMES: &str = "(others)";

impl Tally {
    fn count_name(&mut self, name: &str, rows: u64) {
        let name = shown(name);
        let known = self.names.contains_key(name.as_ref());
        let name = if known || self.names.len() < MOST_NAMES { &name } else { OTHER_NAMES };
        match self.names.get_mut(name) {
            Some(count) => *count += rows,
            None => {
                self.names.insert(name.to_owned(), rows);
            }
        }
    }
}

/// Rows of one file that a reason applies to, found in any order: how many, and the first by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    count: u64,
    first: Vec<Example>,
}

impl Found {
    /// Adds one row.
    pub fn add(&mut self, line: u64, value: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < EXAMPLES || self.first.last().is_some_and(|last| line <= last.line) {
            self.insert(Example::new(line, &value()));
        }
    }

    /// Adds rows found elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        other.first.into_iter().for_each(|example| self.insert(example));
    }

    fn insert(&mut self, example: Example) {
        let at = self.first.partition_point(|known| *known <= example);
        self.first.insert(at, example);
        self.first.truncate(EXAMPLES);
    }
}

/// Every row of a file, settled once.
///
/// The rows read are not stored: they are kept + excluded + rejected, so the three cannot fail to
/// add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    kept: u64,
    /// Rows with both a ward given and a position in one.
    wards_compared: u64,
    tallies: BTreeMap<Reason, Tally>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It counts.
    Kept,
    /// It was left out, with the value that decided. A reason that only notes keeps the row.
    LeftOut(Reason, String),
}

impl Ledger {
    /// Enters one row and what became of it.
    pub fn settle(&mut self, line: u64, settlement: Settlement) {
        match settlement {
            Settlement::Kept => self.kept += 1,
            Settlement::LeftOut(reason, value) => {
                if reason.effect() == Effect::Noted {
                    self.kept += 1;
                }
                self.add(reason, line, || value);
            }
        }
    }

    /// Enters what was found of rows that are in the ledger as kept: a note about them, or that
    /// they do not count after all.
    pub fn apply(&mut self, reason: Reason, found: Found) {
        if found.count == 0 {
            return;
        }
        if reason.effect() != Effect::Noted {
            self.kept = self.kept.saturating_sub(found.count);
        }
        let tally = self.tallies.entry(reason).or_default();
        tally.count += found.count;
        let room = EXAMPLES.saturating_sub(tally.examples.len());
        tally.examples.extend(found.first.into_iter().take(room));
    }

    /// Notes something about a kept row. Reasons that leave rows out are not noted.
    pub fn note(&mut self, line: u64, reason: Reason, value: impl FnOnce() -> String) {
        if reason.effect() == Effect::Noted {
            self.add(reason, line, value);
        }
    }

    fn add(&mut self, reason: Reason, line: u64, value: impl FnOnce() -> String) {
        let tally = self.tallies.entry(reason).or_default();
        tally.count += 1;
        let is_example = tally.examples.len() < EXAMPLES;
        if !is_example && !reason.is_told_by_name() {
            return;
        }
        let value = value();
        if is_example {
            tally.examples.push(Example::new(line, &value));
        }
        if reason.is_told_by_name() {
            tally.count_name(&value, 1);
        }
    }

    fn sum(&self, effect: Effect) -> u64 {
        self.tallies.iter().filter(|(r, _)| r.effect() == effect).map(|(_, t)| t.count).sum()
    }

    /// Rows read: those kept, excluded and rejected together.
    pub fn rows(&self) -> u64 {
        self.kept + self.excluded() + self.rejected()
    }

    /// Rows kept.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Rows left out by a rule.
    pub fn excluded(&self) -> u64 {
        self.sum(Effect::Excluded)
    }

    /// Rows that could not be used.
    pub fn rejected(&self) -> u64 {
        self.sum(Effect::Rejected)
    }

    /// Every reason that applied, in report order.
    pub fn tallies(&self) -> impl Iterator<Item = (Reason, &Tally)> {
        self.tallies.iter().map(|(reason, tally)| (*reason, tally))
    }

    /// How often `reason` applied.
    pub fn count(&self, reason: Reason) -> u64 {
        self.tallies.get(&reason).map_or(0, |tally| tally.count)
    }

    /// How often each value came, for a reason that is told by name.
    pub fn names(&self, reason: Reason) -> &BTreeMap<String, u64> {
        static NONE: BTreeMap<String, u64> = BTreeMap::new();
        self.tallies.get(&reason).map_or(&NONE, |tally| &tally.names)
    }

    /// Counts a row whose ward given could be held against its position.
    pub fn compare_ward(&mut self) {
        self.wards_compared += 1;
    }

    /// Rows whose ward given could be held against their position.
    pub fn wards_compared(&self) -> u64 {
        self.wards_compared
    }

    /// Adds what happened in another file, its examples last.
    pub fn merge(&mut self, other: &Self) {
        self.kept += other.kept;
        self.wards_compared += other.wards_compared;
        for (reason, tally) in &other.tallies {
            let mine = self.tallies.entry(*reason).or_default();
            mine.count += tally.count;
            let room = EXAMPLES.saturating_sub(mine.examples.len());
            mine.examples.extend(tally.examples.iter().take(room).cloned());
            for (name, rows) in &tally.names {
                mine.count_name(name, *rows);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_settlement() -> impl Strategy<Value = Settlement> {
        prop_oneof![
            Just(Settlement::Kept),
            proptest::sample::select(Reason::ALL)
                .prop_map(|reason| Settlement::LeftOut(reason, "x".into())),
        ]
    }

    proptest! {
        #[test]
        fn rows_in_are_kept_and_excluded_and_rejected(
            settlements in proptest::collection::vec(any_settlement(), 0..200),
            notes in proptest::collection::vec(proptest::sample::select(Reason::ALL), 0..50),
            withdrawn in 0_u64..5,
        ) {
            let mut ledger = Ledger::default();
            for (line, settlement) in settlements.iter().enumerate() {
                ledger.settle(line as u64, settlement.clone());
            }
            for reason in notes {
                ledger.note(1, reason, String::new);
            }
            let mut repeated = Found::default();
            for line in 0..withdrawn.min(ledger.kept()) {
                repeated.add(line, String::new);
            }
            ledger.apply(Reason::SameRowTwice, repeated);

            prop_assert_eq!(ledger.rows(), settlements.len() as u64);
            prop_assert_eq!(ledger.rows(), ledger.kept() + ledger.excluded() + ledger.rejected());
        }
    }

    #[test]
    fn the_first_rows_are_found_in_any_order() {
        let lines = [9, 4, 7, 2, 8, 4];
        let mut all = Found::default();
        let (mut some, mut rest) = (Found::default(), Found::default());
        for (i, line) in lines.into_iter().enumerate() {
            all.add(line, || format!("v{line}"));
            if i % 2 == 0 { &mut some } else { &mut rest }.add(line, || format!("v{line}"));
        }
        rest.merge(some);

        let found: Vec<u64> = all.first.iter().map(|example| example.line).collect();
        assert_eq!((all.count, found), (6, vec![2, 4, 4]));
        assert_eq!(rest, all);
    }

    #[test]
    fn the_first_examples_are_kept() {
        let mut ledger = Ledger::default();
        for line in 2..10 {
            ledger.settle(line, Settlement::LeftOut(Reason::NoDate, format!("v{line}")));
        }

        let (_, tally) = ledger.tallies().next().unwrap();

        assert_eq!(tally.count, 8);
        assert_eq!(tally.examples.len(), EXAMPLES);
        assert_eq!(tally.examples[0], Example { line: 2, value: "v2".into() });
    }
}

//! Incidents: what happened, when, and where as far as may be known.

mod cells;
mod columns;
mod crime_type;
mod english;
mod harm;
mod packed;
mod priority;
mod words;

pub use crime_type::{
    Base, CRIME_TYPES, CrimeType, CrimeTypeIdx, CrimeTypes, Group, UnknownCrimeType,
};
pub use harm::HarmWeights;

pub use priority::{PRIORITY_PREFIX, PriorityName, PrioritySet};
pub use words::Word;
pub(crate) use words::Words;

use jiff::civil::DateTime;

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::time::{Month, Window};

pub(crate) use cells::Cells;
pub(crate) use columns::Columns;

/// Where an incident was, after its location rule: never finer than the rule allows. `T` is a text,
/// or the number of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place<T = String> {
    /// A position, and the width of the ground it may stand for.
    Point {
        /// Position on the grid.
        position: Bng,
        /// Precision: 1 for an address, 100 for a six-figure reference, and so on.
        precision: Metres,
    },
    /// A ward, LSOA or other area by code; no position is kept.
    Area(T),
    /// The outward half of a postcode, such as `TS18`.
    Outward(T),
    /// Nothing that may be kept, or nothing given.
    Nowhere,
}

/// Facts about a record that analyses may need to include or leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// Domestic, by flag, code or text.
    pub const DOMESTIC: Self = Self(1);
    /// Alcohol-related.
    pub const ALCOHOL: Self = Self(1 << 1);
    /// Drug-related.
    pub const DRUGS: Self = Self(1 << 2);
    /// Hate crime.
    pub const HATE: Self = Self(1 << 3);
    /// Knife-enabled.
    pub const KNIFE: Self = Self(1 << 4);
    /// Night-time economy.
    pub const NIGHT_TIME: Self = Self(1 << 5);
    /// The position is a default (station, town hall) and not where it happened: left out of
    /// density and hotspots, kept in area counts.
    pub const DEFAULT_PLACE: Self = Self(1 << 6);
    /// The hour is not known, though a time was written (00:00).
    pub const TIME_UNKNOWN: Self = Self(1 << 7);
    /// More than a day lies between its earliest and its latest time: it is in no table of hours.
    pub const LONG_SPAN: Self = Self(1 << 8);
    /// The record came without a usable position of its own.
    pub const NO_POSITION: Self = Self(1 << 9);

    /// Whether all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// As kept in the store.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// From the store.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }
}

/// One cleaned record. `T` is a text, or the number of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incident<T = String> {
    /// Keyed hash of the publisher's reference; `None` where it has none.
    pub reference: Option<u64>,
    /// Name of the source it came from.
    pub source: T,
    /// What it was.
    pub crime_type: CrimeTypeIdx,
    /// Month it was committed (reported, where that is all there is).
    pub month: Month,
    /// Earliest time it can have happened, local clock; `None` where only the month is known.
    pub from: Option<DateTime>,
    /// Latest time it can have happened, local clock; `None` where the start is all there is.
    pub to: Option<DateTime>,
    /// Where, as fine as its location rule allows.
    pub place: Place<T>,
    /// Ward it was located in, or was given where it has no position of its own.
    pub ward: Option<T>,
    /// LSOA it was located in.
    pub lsoa: Option<T>,
    /// Published name of the place (a street), for naming hotspots; only where the profile keeps it.
    pub street: Option<T>,
    /// What else is known.
    pub flags: Flags,
}

/// A column of [`Incidents`] that holds texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextColumn {
    /// Name of the source.
    Source,
    /// Code of the area given instead of a position.
    Area,
    /// Outward postcode given instead of a position.
    Outward,
    /// Ward code.
    Ward,
    /// LSOA code.
    Lsoa,
    /// Published street.
    Street,
}

/// Many incidents by column, in the order they were added.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Incidents {
    /// 0 where there is none.
    reference: Cells<u64>,
    /// Whether there is one.
    referenced: Cells<bool>,
    source: Cells<Word>,
    crime_type: Cells<CrimeTypeIdx>,
    month: Cells<Month>,
    from: Cells<Option<DateTime>>,
    to: Cells<Option<DateTime>>,
    /// Not-a-number where there is no position; never leaves this type.
    easting: Cells<f64>,
    northing: Cells<f64>,
    precision: Cells<f32>,
    area: Cells<Word>,
    outward: Cells<Word>,
    ward: Cells<Word>,
    lsoa: Cells<Word>,
    street: Cells<Word>,
    flags: Cells<Flags>,
    words: Words,
}

impl Incidents {
    /// Adds one at the end.
    pub fn push(&mut self, incident: &Incident) {
        let words = &mut self.words;
        let row = Incident {
            reference: incident.reference,
            source: words.intern(&incident.source),
            crime_type: incident.crime_type,
            month: incident.month,
            from: incident.from,
            to: incident.to,
            place: match &incident.place {
                &Place::Point { position, precision } => Place::Point { position, precision },
                Place::Area(code) => Place::Area(words.intern(code)),
                Place::Outward(code) => Place::Outward(words.intern(code)),
                Place::Nowhere => Place::Nowhere,
            },
            ward: incident.ward.as_deref().map(|text| words.intern(text)),
            lsoa: incident.lsoa.as_deref().map(|text| words.intern(text)),
            street: incident.street.as_deref().map(|text| words.intern(text)),
            flags: incident.flags,
        };
        self.push_row(&row);
    }

    /// Makes room for this many more.
    pub fn reserve(&mut self, n: usize) {
        self.reference.reserve(n);
        self.referenced.reserve(n);
        self.source.reserve(n);
        self.crime_type.reserve(n);
        self.month.reserve(n);
        self.from.reserve(n);
        self.to.reserve(n);
        self.easting.reserve(n);
        self.northing.reserve(n);
        self.precision.reserve(n);
        self.area.reserve(n);
        self.outward.reserve(n);
        self.ward.reserve(n);
        self.lsoa.reserve(n);
        self.street.reserve(n);
        self.flags.reserve(n);
    }

    /// Gives back the room that was made and is not used.
    pub fn shrink(&mut self) {
        self.reference.shrink();
        self.referenced.shrink();
        self.source.shrink();
        self.crime_type.shrink();
        self.month.shrink();
        self.from.shrink();
        self.to.shrink();
        self.easting.shrink();
        self.northing.shrink();
        self.precision.shrink();
        self.area.shrink();
        self.outward.shrink();
        self.ward.shrink();
        self.lsoa.shrink();
        self.street.shrink();
        self.flags.shrink();
    }

    /// The number of a text, for [`Self::push_row`].
    pub fn word(&mut self, text: &str) -> Word {
        self.words.intern(text)
    }

    /// Adds one at the end whose texts are words of these incidents.
    pub fn push_row(&mut self, incident: &Incident<Word>) {
        let (position, precision, area, outward) = match incident.place {
            Place::Point { position, precision } => {
                (Some(position), precision.get(), Word::NONE, Word::NONE)
            }
            Place::Area(code) => (None, f64::NAN, code, Word::NONE),
            Place::Outward(code) => (None, f64::NAN, Word::NONE, code),
            Place::Nowhere => (None, f64::NAN, Word::NONE, Word::NONE),
        };
        self.reference.push(incident.reference.unwrap_or_default());
        self.referenced.push(incident.reference.is_some());
        self.source.push(incident.source);
        self.crime_type.push(incident.crime_type);
        self.month.push(incident.month);
        self.from.push(incident.from);
        self.to.push(incident.to);
        self.easting.push(position.map_or(f64::NAN, Bng::easting));
        self.northing.push(position.map_or(f64::NAN, Bng::northing));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a precision is a round number of metres"
        )]
        self.precision.push(precision as f32);
        self.area.push(area);
        self.outward.push(outward);
        self.ward.push(incident.ward.unwrap_or(Word::NONE));
        self.lsoa.push(incident.lsoa.unwrap_or(Word::NONE));
        self.street.push(incident.street.unwrap_or(Word::NONE));
        self.flags.push(incident.flags);
    }

    /// Adds all of `other` at the end, in order.
    pub fn append(&mut self, other: &Self) {
        let words: Vec<Word> = other.words.iter().map(|text| self.words.intern(text)).collect();
        let word = |old: Word| old.number().map_or(Word::NONE, |i| words[i]);
        self.reference.append(&other.reference, |cell| cell);
        self.referenced.append(&other.referenced, |cell| cell);
        self.source.append(&other.source, word);
        self.crime_type.append(&other.crime_type, |cell| cell);
        self.month.append(&other.month, |cell| cell);
        self.from.append(&other.from, |cell| cell);
        self.to.append(&other.to, |cell| cell);
        self.easting.append(&other.easting, |cell| cell);
        self.northing.append(&other.northing, |cell| cell);
        self.precision.append(&other.precision, |cell| cell);
        self.area.append(&other.area, word);
        self.outward.append(&other.outward, word);
        self.ward.append(&other.ward, word);
        self.lsoa.append(&other.lsoa, word);
        self.street.append(&other.street, word);
        self.flags.append(&other.flags, |cell| cell);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.month.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.month.is_empty()
    }

    /// Position of row `i`, if it has one.
    #[inline]
    pub fn position(&self, i: usize) -> Option<Bng> {
        let (easting, northing) = (self.easting[i], self.northing[i]);
        (!easting.is_nan()).then(|| Bng::new(easting, northing))
    }

    /// Precision of the position of row `i`.
    pub fn precision(&self, i: usize) -> Option<Metres> {
        let precision = self.precision[i];
        (!precision.is_nan()).then(|| Metres::new(f64::from(precision)))
    }

    /// Keyed hash of the publisher's reference of row `i`.
    pub fn reference(&self, i: usize) -> Option<u64> {
        self.referenced[i].then_some(self.reference[i])
    }

    /// Code of the area that row `i` was given instead of a position.
    pub fn area(&self, i: usize) -> Option<&str> {
        self.words.get(self.area[i])
    }

    /// Outward postcode that row `i` was given instead of a position.
    pub fn outward(&self, i: usize) -> Option<&str> {
        self.words.get(self.outward[i])
    }

    /// Crime type of row `i`.
    pub fn crime_type(&self, i: usize) -> CrimeTypeIdx {
        self.crime_type[i]
    }

    /// Month of row `i`.
    pub fn month(&self, i: usize) -> Month {
        self.month[i]
    }

    /// Name of the source of row `i`.
    pub fn source(&self, i: usize) -> &str {
        self.words.get(self.source[i]).unwrap_or_default()
    }

    /// Ward code of row `i`.
    pub fn ward(&self, i: usize) -> Option<&str> {
        self.words.get(self.ward[i])
    }

    /// LSOA code of row `i`.
    pub fn lsoa(&self, i: usize) -> Option<&str> {
        self.words.get(self.lsoa[i])
    }

    /// Street of row `i`, where the publisher names one.
    pub fn street(&self, i: usize) -> Option<&str> {
        self.words.get(self.street[i])
    }

    /// Flags of row `i`.
    pub fn flags(&self, i: usize) -> Flags {
        self.flags[i]
    }

    /// The text of row `i` in column `which`, by its number: below [`Self::n_words`].
    pub fn word_of(&self, which: TextColumn, i: usize) -> Word {
        match which {
            TextColumn::Source => self.source[i],
            TextColumn::Area => self.area[i],
            TextColumn::Outward => self.outward[i],
            TextColumn::Ward => self.ward[i],
            TextColumn::Lsoa => self.lsoa[i],
            TextColumn::Street => self.street[i],
        }
    }

    /// The text of a number.
    pub fn text(&self, word: Word) -> Option<&str> {
        self.words.get(word)
    }

    /// The number of every text, in order.
    pub fn words(&self) -> impl Iterator<Item = Word> + use<> {
        (0..self.words.len() as u32).map(Word)
    }

    /// How many distinct texts there are.
    pub fn n_words(&self) -> usize {
        self.words.len()
    }

    /// From and to times of row `i`.
    pub fn span(&self, i: usize) -> (Option<DateTime>, Option<DateTime>) {
        (self.from[i], self.to[i])
    }

    /// Row `i` whole, as the store writes it.
    pub fn get(&self, i: usize) -> Incident {
        let place = if let (Some(position), Some(precision)) = (self.position(i), self.precision(i))
        {
            Place::Point { position, precision }
        } else if let Some(code) = self.words.get(self.area[i]) {
            Place::Area(code.to_owned())
        } else if let Some(code) = self.words.get(self.outward[i]) {
            Place::Outward(code.to_owned())
        } else {
            Place::Nowhere
        };
        Incident {
            reference: self.reference(i),
            source: self.source(i).to_owned(),
            crime_type: self.crime_type[i],
            month: self.month[i],
            from: self.from[i],
            to: self.to[i],
            place,
            ward: self.ward(i).map(str::to_owned),
            lsoa: self.lsoa(i).map(str::to_owned),
            street: self.street(i).map(str::to_owned),
            flags: self.flags[i],
        }
    }

    /// First to last month with an incident; `None` if there are none.
    pub fn months(&self) -> Option<Window> {
        let both =
            |(first, last): (Month, Month), month: Month| (first.min(month), last.max(month));
        let any = self.month.iter().next()?;
        let (first, last) = self.month.iter().fold((any, any), both);
        Window::new(first, last).ok()
    }

    /// Rows of these types in this window, in order.
    pub fn rows(&self, types: CrimeTypes, window: Window) -> impl Iterator<Item = usize> + '_ {
        (0..self.len())
            .filter(move |&i| types.contains(self.crime_type[i]) && window.contains(self.month[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(place: Place) -> Incident {
        Incident {
            reference: Some(7),
            source: "police".into(),
            crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
            month: "2025-03".parse().unwrap(),
            from: None,
            to: None,
            place,
            ward: Some("E05000001".into()),
            lsoa: None,
            street: None,
            flags: Flags::DOMESTIC.with(Flags::ALCOHOL),
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        let point =
            Place::Point { position: Bng::new(444_500.0, 520_100.0), precision: Metres::new(1.0) };
        for place in
            [point, Place::Area("E05000001".into()), Place::Outward("TS18".into()), Place::Nowhere]
        {
            let mut all = Incidents::default();

            all.push(&incident(place.clone()));

            assert_eq!(all.get(0), incident(place));
        }
    }

    #[test]
    fn appending_equals_pushing_one_by_one() {
        let rows = [
            incident(Place::Outward("TS18".into())),
            Incident { ward: None, street: Some("High St".into()), ..incident(Place::Nowhere) },
            incident(Place::Area("TS18".into())),
        ];
        let mut pushed = Incidents::default();
        let (mut first, mut rest) = (Incidents::default(), Incidents::default());
        for (i, row) in rows.iter().enumerate() {
            pushed.push(row);
            if i == 0 { first.push(row) } else { rest.push(row) }
        }

        first.append(&rest);

        for i in 0..rows.len() {
            assert_eq!(first.get(i), pushed.get(i));
        }
        assert_eq!(first.words, pushed.words);
    }

    #[test]
    fn rows_are_chosen_by_type_and_window() {
        let mut all = Incidents::default();
        all.push(&incident(Place::Nowhere));

        let march: Window = "2025-03".parse().unwrap();
        let april: Window = "2025-04".parse().unwrap();

        assert_eq!(all.rows(CrimeTypes::All, march).count(), 1);
        assert_eq!(all.rows(CrimeTypes::All, april).count(), 0);
        assert_eq!(all.rows(CrimeTypes::Family(Group::Fire), march).count(), 0);
    }
}

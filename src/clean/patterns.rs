//! What only shows over a whole source: default places, hours that mean "not known", rounding.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;

use crate::crs::Bng;
use crate::incident::{CrimeTypeIdx, Flags, Incidents};
use crate::quantity::Metres;

use super::Reason;
use super::dedup::Repeated;
use super::english::warn;
use super::facts::{Facts, ROUNDED, ends_in_00};
use super::ground::Tokens;
use super::kept::KeptRows;
use super::partition::{Entry, Partitions};
use super::spill::{Spill, SpillError};

/// A place is taken for a default only with at least this many records.
const FEWEST: u64 = 30;
/// ... and this share of all positions of the source.
const SMALLEST_SHARE: f64 = 0.005;
/// ... and this many times the records of the twentieth busiest place.
const TIMES_USUAL: u64 = 5;
const USUAL: usize = 20;
/// ... and records of this share of the source's crime types.
const SHARE_OF_TYPES: f64 = 0.6;

/// What is known of a source beside its rows.
#[derive(Debug, Clone, Default)]
pub struct SourcePatterns {
    /// Positions that the workspace names as defaults.
    pub default_places: Vec<Bng>,
    /// Default places that other sources show: taken here too where records pile up on them.
    pub suspects: Vec<Bng>,
    /// How tokens of positions are made.
    pub tokens: Tokens,
    /// Whether records pile up on snap points by design.
    pub anonymised: bool,
    /// Precision of an ordinary position, in metres.
    pub precision: f64,
}

/// A position to the metre.
type Spot = (i32, i32);

/// No spot for what lies further out than any incident can.
fn spot(position: Bng) -> Option<Spot> {
    let metres = |x: f64| i32::try_from(x.round() as i64).ok();
    Some((metres(position.easting())?, metres(position.northing())?))
}

fn key((easting, northing): Spot) -> u64 {
    u64::from(easting.cast_unsigned()) << 32 | u64::from(northing.cast_unsigned())
}

fn from_key(key: u64) -> Spot {
    ((key >> 32) as u32 as i32, key as u32 as i32)
}

/// A set of crime types.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds([u64; 4]);

impl Kinds {
    fn insert(&mut self, kind: u64) {
        self.0[(kind / 64) as usize % 4] |= 1 << (kind % 64);
    }

    fn union(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    fn len(self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }
}

/// Every position of a source, to find those that records pile up on.
#[derive(Debug)]
pub(super) struct Positions<'a>(Partitions<'a>);

impl<'a> Positions<'a> {
    pub(super) fn new(spill: &'a Spill) -> Self {
        Self(Partitions::new(spill))
    }

    /// Adds the rows of one piece of a file.
    pub(super) fn add(&self, piece: u32, rows: &KeptRows) -> Result<(), SpillError> {
        let all: &Incidents = &rows.incidents;
        self.0.add((0..rows.len()).filter_map(|i| {
            let key = key(spot(all.position(i)?)?);
            let value = CrimeTypeIdx::index(all.crime_type(i)) as u64;
            Some(Entry { key, piece, row: rows.rows[i], value, line: rows.lines[i] })
        }))
    }

    /// Where records pile up among those that do not repeat others: `points` have a position.
    pub(super) fn settle(self, repeated: &Repeated, points: u64) -> Result<Crowds, SpillError> {
        let share = (SMALLEST_SHARE * points as f64).ceil() as u64;
        let least = FEWEST.max(share);
        let found = self.0.each(|entries| {
            let mut part = Crowds::default();
            for same in entries.chunk_by(|a, b| a.key == b.key) {
                let mut kinds = Kinds::default();
                let mut count = 0;
                for entry in same.iter().filter(|e| !repeated.has(e.piece, e.row)) {
                    kinds.insert(entry.value);
                    count += 1;
                }
                if count > 0 {
                    part.add(from_key(same[0].key), count, kinds, least);
                }
            }
            part
        })?;
        let mut crowds = found.into_iter().fold(Crowds::default(), Crowds::merge);
        let usual = crowds.busiest.last().copied().unwrap_or(0);
        crowds.least = least.max(TIMES_USUAL * usual);
        Ok(crowds)
    }
}

/// The positions that many records share.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    /// Records and kinds at each position that has many.
    spots: BTreeMap<Spot, (u64, Kinds)>,
    /// Records at each of the twenty busiest positions, most first.
    busiest: Vec<u64>,
    /// Kinds of all records.
    kinds: Kinds,
    /// Records that make a position far busier than its share.
    least: u64,
}

impl Crowds {
    fn add(&mut self, place: Spot, count: u64, kinds: Kinds, least: u64) {
        self.kinds = self.kinds.union(kinds);
        self.rank(count);
        if count >= least {
            self.spots.insert(place, (count, kinds));
        }
    }

    fn rank(&mut self, count: u64) {
        let at = self.busiest.partition_point(|&busier| busier >= count);
        if at < USUAL {
            self.busiest.insert(at, count);
            self.busiest.truncate(USUAL);
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.spots.extend(other.spots);
        self.kinds = self.kinds.union(other.kinds);
        other.busiest.into_iter().for_each(|count| self.rank(count));
        self
    }

    /// Records at `place`, if they are far more than its share.
    fn crowd(&self, place: Spot) -> Option<u64> {
        self.spots.get(&place).map(|(count, _)| *count).filter(|count| *count >= self.least)
    }

    /// Positions that the source shows to be default places: far more than their share of its
    /// records, of many kinds.
    pub(super) fn defaults(&self) -> Vec<Bng> {
        let all = f64::from(self.kinds.len());
        let many =
            |kinds: Kinds| kinds.len() >= 2 && f64::from(kinds.len()) >= SHARE_OF_TYPES * all;
        let crowded = self
            .spots
            .iter()
            .filter(|(place, (_, kinds))| self.crowd(**place).is_some() && many(*kinds));
        crowded.map(|((e, n), _)| Bng::new(f64::from(*e), f64::from(*n))).collect()
    }
}

/// How the records of one source are to be marked.
#[derive(Debug)]
pub(super) struct Marks {
    defaults: BTreeSet<Spot>,
    /// Tokens of the same places, for records that keep no position.
    tokens: BTreeSet<u64>,
    midnight: bool,
    noon: bool,
    rounded: bool,
    precision: Metres,
}

impl Marks {
    /// What the whole source shows, and what to tell the reader. Snap points are crowded by design
    /// and are never taken for default places: anonymised sources have no `crowds`.
    pub(super) fn new(
        known: &SourcePatterns,
        crowds: &Crowds,
        facts: &Facts,
    ) -> (Self, Vec<String>) {
        let mut notes = Vec::new();
        let places = crowds.defaults().into_iter().chain(known.suspects.iter().copied());
        let found: BTreeMap<Spot, u64> = places
            .filter_map(spot)
            .filter_map(|place| Some((place, crowds.crowd(place)?)))
            .collect();
        for (&(easting, northing), &count) in &found {
            notes.push(warn::default_place(count, easting, northing));
        }
        let midnight = facts.midnight_means_unknown();
        if midnight {
            notes.push(warn::AT_MIDNIGHT.to_owned());
        }
        let noon = facts.noon_means_unknown();
        if noon {
            notes.push(warn::AT_NOON.to_owned());
        }
        let rounded = !known.anonymised && facts.is_rounded();
        if rounded {
            notes.push(warn::ROUNDED.to_owned());
        }
        let listed = known.default_places.iter().filter_map(|&place| spot(place));
        let defaults: BTreeSet<Spot> = listed.chain(found.into_keys()).collect();
        let tokens = defaults
            .iter()
            .map(|&(e, n)| known.tokens.of(Bng::new(f64::from(e), f64::from(n))))
            .collect();
        let precision = Metres::new(known.precision);
        (Self { defaults, tokens, midnight, noon, rounded, precision }, notes)
    }

    /// Marks records; each mark worth telling goes to `note` with its line.
    pub(super) fn apply(&self, rows: &mut KeptRows, mut note: impl FnMut(Reason, u64, String)) {
        let KeptRows { incidents: all, lines, wards_given, tokens, .. } = rows;
        let given = |i: usize| {
            let given = wards_given.binary_search_by_key(&(i as u32), |(at, _)| *at);
            given.ok().map(|at| wards_given[at].1.as_str())
        };
        for &(i, token) in tokens.iter() {
            let i = i as usize;
            if self.tokens.contains(&token) {
                all.flag(i, Flags::DEFAULT_PLACE);
                all.move_to_ward(i, given(i));
                note(Reason::DefaultPlace, lines[i], String::new());
            }
        }
        for (i, &line) in lines.iter().enumerate() {
            if let (Some(position), Some(precision)) = (all.position(i), all.precision(i)) {
                let here = spot(position);
                let words = || here.map(|(e, n)| format!("{e}, {n}")).unwrap_or_default();
                if here.is_some_and(|here| self.defaults.contains(&here)) {
                    all.flag(i, Flags::DEFAULT_PLACE);
                    // A default says nothing of the ward; what the file says of it stands.
                    all.move_to_ward(i, given(i));
                    note(Reason::DefaultPlace, line, words());
                }
                if self.rounded && precision.get() < ROUNDED && ends_in_00(position) {
                    all.coarsen(i, Metres::new(ROUNDED));
                    note(Reason::ShortPosition, line, words());
                }
                all.coarsen(i, self.precision);
            }
            let sharp = all.span(i).0.filter(|t| t.minute() == 0).map(DateTime::hour);
            let unknown = match sharp {
                Some(0) if self.midnight => Some("00:00"),
                Some(12) if self.noon => Some("12:00"),
                _ => None,
            };
            if let Some(written) = unknown.filter(|_| !all.flags(i).has(Flags::TIME_UNKNOWN)) {
                all.flag(i, Flags::TIME_UNKNOWN);
                note(Reason::TimeUnknown, line, written.to_owned());
            }
        }
    }
}

//! The same event told by two sources, as when the police, the council and the fire service each log
//! one bin fire: reported, never merged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;
use jiff::civil::DateTime;

use super::english::warn;
use super::partition::{Entry, Partitions};
use super::spill::{Spill, SpillError};
use crate::crs::Bng;
use crate::incident::{Flags, Incidents};
use crate::quantity::Metres;

/// Two records of different sources at most this far apart ...
pub const DOUBLE_DISTANCE: Metres = Metres::new(50.0);

/// ... and at most this many minutes may be one event.
pub const DOUBLE_MINUTES: i32 = 120;

/// Minutes of a day.
const DAY: i32 = 1440;

/// One record with its hour and its place, as small as comparing needs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Timed {
    /// Minutes since a fixed day.
    minute: i32,
    easting: f32,
    northing: f32,
    source: u16,
}

impl Timed {
    /// As an entry of `day`: records of a day are compared together, in the memory of a part of all.
    fn entry(self, day: i32) -> Entry {
        let value = u64::from(self.easting.to_bits()) << 32 | u64::from(self.northing.to_bits());
        Entry {
            key: u64::from(day.cast_unsigned()),
            piece: u32::from(self.source),
            row: self.minute.cast_unsigned(),
            value,
            line: 0,
        }
    }

    fn from_entry(entry: &Entry) -> Self {
        Self {
            minute: entry.row.cast_signed(),
            easting: f32::from_bits((entry.value >> 32) as u32),
            northing: f32::from_bits(entry.value as u32),
            source: entry.piece as u16,
        }
    }

    /// The days it is compared on: its own, and one that begins or ends within reach.
    fn days(self) -> impl Iterator<Item = i32> {
        let day = |minute: i32| minute.div_euclid(DAY);
        let own = day(self.minute);
        let (before, after) =
            (day(self.minute - DOUBLE_MINUTES), day(self.minute + DOUBLE_MINUTES));
        (before..=after).filter(move |other| (own - other).abs() <= 1)
    }
}

/// Records of all sources, set against each other; added by any number of threads.
#[derive(Debug)]
pub struct Doubles<'a> {
    sources: Mutex<Vec<String>>,
    records: Partitions<'a>,
}

/// Two sources, and how many records of each have one of the other near in time and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoublePair {
    /// First source, by name.
    pub one: String,
    /// Second source.
    pub other: String,
    /// Records of the first with one of the second near.
    pub records_of_one: u64,
    /// Records of the second with one of the first near.
    pub records_of_other: u64,
}

impl DoublePair {
    /// What to tell the reader.
    pub fn warning(&self) -> String {
        let Self { one, other, records_of_one, records_of_other } = self;
        warn::doubles((one, *records_of_one), (other, *records_of_other))
    }
}

/// Minutes from a fixed day to `at`.
fn minutes(at: DateTime) -> i64 {
    let first = jiff::civil::date(1970, 1, 1);
    let days = first.until(at.date()).map_or(0, |span| i64::from(span.get_days()));
    days * 1440 + i64::from(at.hour()) * 60 + i64::from(at.minute())
}

impl<'a> Doubles<'a> {
    /// None yet; they are set aside in `spill`.
    pub fn new(spill: &'a Spill) -> Self {
        Self { sources: Mutex::default(), records: Partitions::new(spill) }
    }

    /// Takes the records of `incidents` into account that can be compared: those with an hour, and
    /// with a position good to 50 m that is no default.
    ///
    /// # Errors
    ///
    /// [`SpillError`] if the disk is full.
    pub fn add(&self, incidents: &Incidents) -> Result<(), SpillError> {
        let unknown = [Flags::TIME_UNKNOWN, Flags::LONG_SPAN, Flags::DEFAULT_PLACE];
        let mut entries = Vec::new();
        let mut known: Option<(&str, u16)> = None;
        for i in 0..incidents.len() {
            let flags = incidents.flags(i);
            let (Some(from), _) = incidents.span(i) else { continue };
            let (Some(position), Some(precision)) = (incidents.position(i), incidents.precision(i))
            else {
                continue;
            };
            if precision > DOUBLE_DISTANCE || unknown.iter().any(|flag| flags.has(*flag)) {
                continue;
            }
            let name = incidents.source(i);
            let source = match known {
                Some((same, number)) if same == name => number,
                _ => self.source(name),
            };
            known = Some((name, source));
            let record = timed(source, from, position);
            entries.extend(record.days().map(|day| record.entry(day)));
        }
        self.records.add(entries.into_iter())
    }

    /// What to tell the reader.
    ///
    /// # Errors
    ///
    /// [`SpillError`] if what was set aside cannot be read back.
    pub fn warnings(self) -> Result<Vec<String>, SpillError> {
        Ok(self.pairs()?.iter().map(DoublePair::warning).collect())
    }

    fn source(&self, name: &str) -> u16 {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let known = sources.iter().position(|source| source == name);
        let at = known.unwrap_or_else(|| {
            sources.push(name.to_owned());
            sources.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// The pairs of sources that have doubles, by name.
    ///
    /// # Errors
    ///
    /// [`SpillError`] if what was set aside cannot be read back.
    pub fn pairs(self) -> Result<Vec<DoublePair>, SpillError> {
        let sources = self.sources.into_inner().unwrap_or_else(PoisonError::into_inner);
        let found = self.records.each(|entries| {
            let mut counts: BTreeMap<(u16, u16), u64> = BTreeMap::new();
            for day in entries.chunk_by(|a, b| a.key == b.key) {
                // Of one source alone there is nothing to compare.
                if day.first().map(|entry| entry.piece) != day.last().map(|entry| entry.piece) {
                    count_doubles(day, &mut counts);
                }
            }
            counts
        })?;
        let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for ((one, other), n) in found.into_iter().flatten() {
            let name = |source: u16| sources[usize::from(source)].as_str();
            *counts.entry((name(one), name(other))).or_default() += n;
        }
        let of = |one, other| counts.get(&(one, other)).copied().unwrap_or(0);
        Ok(counts
            .keys()
            .filter(|(one, other)| one < other)
            .map(|&(one, other)| DoublePair {
                one: one.to_owned(),
                other: other.to_owned(),
                records_of_one: of(one, other),
                records_of_other: of(other, one),
            })
            .collect())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a few centimetres in 50 m")]
fn timed(source: u16, from: DateTime, position: Bng) -> Timed {
    Timed {
        minute: i32::try_from(minutes(from)).unwrap_or(i32::MAX / 2),
        easting: position.easting() as f32,
        northing: position.northing() as f32,
        source,
    }
}

/// Counts the records of one day that have a double, by their source and that of the double. Those
/// of the days beside it are compared with and not counted.
fn count_doubles(day: &[Entry], counts: &mut BTreeMap<(u16, u16), u64>) {
    let mut records: Vec<Timed> = day.iter().map(Timed::from_entry).collect();
    records.sort_by_key(|record| record.minute);
    let square = |x: f32| (f64::from(x) / DOUBLE_DISTANCE.get()).floor() as i32;
    let mut squares: HashMap<(i32, i32), Vec<u32>, foldhash::fast::RandomState> =
        HashMap::default();
    for (i, record) in records.iter().enumerate() {
        let at = (square(record.easting), square(record.northing));
        squares.entry(at).or_default().push(i as u32);
    }
    let is_own =
        |record: &Timed| u64::from(record.minute.div_euclid(DAY).cast_unsigned()) == day[0].key;
    for record in records.iter().filter(|record| is_own(record)) {
        let (x, y) = (square(record.easting), square(record.northing));
        let near = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let mut found = BTreeSet::new();
        for held in near.filter_map(|square| squares.get(&square)) {
            let first = held
                .partition_point(|&i| records[i as usize].minute < record.minute - DOUBLE_MINUTES);
            for &i in &held[first..] {
                let other = &records[i as usize];
                if other.minute > record.minute + DOUBLE_MINUTES {
                    break;
                }
                let east = f64::from(other.easting - record.easting);
                let north = f64::from(other.northing - record.northing);
                if other.source != record.source && east.hypot(north) <= DOUBLE_DISTANCE.get() {
                    found.insert(other.source);
                }
            }
        }
        for other in found {
            *counts.entry((record.source, other)).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use proptest::prelude::*;

    use super::*;
    use crate::incident::{CrimeTypeIdx, Incident, Place};

    /// Source, minutes after 20:00 of a day, metres east of a place.
    fn incidents(rows: &[(&str, i64, f64)]) -> Incidents {
        let mut all = Incidents::default();
        for &(source, minute, east) in rows {
            let from = datetime(2025, 4, 13, 20, 0, 0, 0);
            let span = jiff::Span::new().minutes(minute);
            all.push(&Incident {
                reference: None,
                source: source.into(),
                crime_type: CrimeTypeIdx::from_id("deliberate-fire").unwrap(),
                month: "2025-04".parse().unwrap(),
                from: from.checked_add(span).ok(),
                to: None,
                place: Place::Point {
                    position: Bng::new(444_500.0 + east, 519_000.0),
                    precision: Metres::new(1.0),
                },
                ward: None,
                lsoa: None,
                street: None,
                flags: Flags::default(),
            });
        }
        all
    }

    fn pairs_of(some: &[Incidents]) -> Vec<DoublePair> {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(folder.path(), 1 << 20);
        let doubles = Doubles::new(&spill);
        for some in some {
            doubles.add(some).unwrap();
        }
        doubles.pairs().unwrap()
    }

    fn pairs(rows: &[(&str, i64, f64)]) -> Vec<DoublePair> {
        pairs_of(&[incidents(rows)])
    }

    #[test]
    fn two_hours_and_fifty_metres_are_near_and_one_more_is_not() {
        assert_eq!(pairs(&[("fire", 0, 0.0), ("police", 120, 50.0)]).len(), 1);
        assert!(pairs(&[("fire", 0, 0.0), ("police", 121, 0.0)]).is_empty());
        assert!(pairs(&[("fire", 0, 0.0), ("police", 0, 51.0)]).is_empty());
        assert!(pairs(&[("fire", 0, 0.0), ("fire", 0, 0.0)]).is_empty());
    }

    #[test]
    fn records_are_counted_on_either_side_and_pairs_come_by_name() {
        let found =
            pairs(&[("police", 0, 0.0), ("fire", 10, 20.0), ("fire", 20, 30.0), ("asb", 5, 10.0)]);

        let told: Vec<_> = found
            .iter()
            .map(|p| (p.one.as_str(), p.other.as_str(), p.records_of_one, p.records_of_other))
            .collect();
        assert_eq!(
            told,
            [("asb", "fire", 1, 2), ("asb", "police", 1, 1), ("fire", "police", 2, 1)]
        );
        assert!(found[0].warning().contains("none was merged"));
    }

    #[test]
    fn records_without_an_hour_or_at_a_default_place_say_nothing() {
        let mut all = incidents(&[("fire", 0, 0.0), ("police", 0, 0.0), ("asb", 0, 0.0)]);
        all.flag(1, Flags::TIME_UNKNOWN);
        all.flag(2, Flags::DEFAULT_PLACE);

        assert!(pairs_of(&[all]).is_empty());
    }

    #[test]
    fn midnight_parts_no_double() {
        // 23:59 and 00:59 of the next day.
        let found = pairs(&[("fire", 239, 0.0), ("police", 299, 0.0)]);

        assert_eq!((found[0].records_of_one, found[0].records_of_other), (1, 1));
    }

    proptest! {
        #[test]
        fn the_squares_find_what_comparing_all_with_all_finds(
            rows in proptest::collection::vec((0..3_usize, 0..600_i64, 0.0..400.0_f64), 0..60)
        ) {
            let names = ["asb", "fire", "police"];
            let rows: Vec<_> =
                rows.into_iter().map(|(s, m, e)| (names[s], m, e.round())).collect();
            let count = |one: &str, other: &str| {
                let near = |a: &&(&str, i64, f64)| rows.iter().any(|b| {
                    b.0 == other && (a.1 - b.1).abs() <= 120 && (a.2 - b.2).abs() <= 50.0
                });
                rows.iter().filter(|row| row.0 == one).filter(near).count() as u64
            };

            for pair in pairs(&rows) {
                prop_assert_eq!(pair.records_of_one, count(&pair.one, &pair.other));
                prop_assert_eq!(pair.records_of_other, count(&pair.other, &pair.one));
            }
        }
    }
}

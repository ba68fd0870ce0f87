//! What only shows over a whole source: default places, hours that mean "not known", rounding.

use std::collections::{BTreeMap, BTreeSet};

use crate::crs::Bng;
use crate::incident::{Flags, Place};
use crate::quantity::Metres;

use super::{CleanFile, Reason};

/// A place is taken for a default only with at least this many records.
const FEWEST: usize = 30;
/// ... and this share of all positions of the source.
const SMALLEST_SHARE: f64 = 0.005;
/// ... and this many times the records of the twentieth busiest place.
const TIMES_USUAL: usize = 5;
/// ... and records of this share of the source's crime types.
const SHARE_OF_TYPES: f64 = 0.6;

/// What is known of a source beside its rows.
#[derive(Debug, Clone, Default)]
pub struct SourcePatterns {
    /// Positions that the workspace names as defaults.
    pub default_places: Vec<Bng>,
    /// Default places that other sources show: taken here too where records pile up on them.
    pub suspects: Vec<Bng>,
    /// Whether records pile up on snap points by design.
    pub anonymised: bool,
    /// Precision of an ordinary position, in metres.
    pub precision: f64,
}

/// A position to the metre.
type Spot = (i64, i64);

fn spot(position: Bng) -> Spot {
    (position.easting().round() as i64, position.northing().round() as i64)
}

/// Positions that one source shows to be default places: far more than their share of its records,
/// of many kinds. Snap points are crowded by design and are never taken for one.
pub fn find_default_places(files: &[CleanFile], anonymised: bool) -> Vec<Bng> {
    if anonymised {
        return Vec::new();
    }
    let found = Crowds::of(files).defaults();
    found.into_iter().map(|(easting, northing)| Bng::new(easting as f64, northing as f64)).collect()
}

/// Marks records by what the whole source shows; returns what to tell the reader.
pub fn mark_patterns(files: &mut [CleanFile], known: &SourcePatterns) -> Vec<String> {
    let mut notes = Vec::new();
    let mut found: BTreeMap<Spot, usize> = BTreeMap::new();
    if !known.anonymised {
        let crowds = Crowds::of(files);
        let suspects = known.suspects.iter().map(|&place| spot(place));
        for place in crowds.defaults().into_iter().chain(suspects) {
            if let Some(count) = crowds.crowd(place) {
                found.insert(place, count);
            }
        }
    }
    for (&(easting, northing), &count) in &found {
        notes.push(format!(
            "{count} records share the position {easting}, {northing}: taken for a default place \
             (a station, a town hall); list it in `default-places` to confirm"
        ));
    }
    let midnight = midnight_means_unknown(files);
    if midnight {
        notes.push(
            "far more records at 00:00 than in the hours around it: 00:00 is read as hour not known"
                .to_owned(),
        );
    }
    let rounded = !known.anonymised && is_rounded(files);
    if rounded {
        notes.push("many positions end in 00: those are read as rounded to 100 m".to_owned());
    }
    let listed: BTreeSet<Spot> = known.default_places.iter().map(|&p| spot(p)).collect();
    for file in files {
        let CleanFile { ledger, kept, .. } = file;
        for record in kept {
            let incident = &mut record.incident;
            if let Place::Point { position, precision } = &mut incident.place {
                let here = spot(*position);
                if listed.contains(&here) || found.contains_key(&here) {
                    incident.flags = incident.flags.with(Flags::DEFAULT_PLACE);
                    // A default says nothing of the ward; what the file says of it stands.
                    incident.ward = record.ward_given.take().or(incident.ward.take());
                    incident.lsoa = None;
                    ledger.note(record.line, Reason::DefaultPlace, || {
                        format!("{}, {}", here.0, here.1)
                    });
                }
                if rounded && precision.get() < 100.0 && ends_in_00(*position) {
                    *precision = Metres::new(100.0);
                    ledger.note(record.line, Reason::ShortPosition, || {
                        format!("{}, {}", here.0, here.1)
                    });
                }
                if precision.get() < known.precision {
                    *precision = Metres::new(known.precision);
                }
            }
            let is_midnight = incident.from.is_some_and(|t| (t.hour(), t.minute()) == (0, 0));
            if midnight && is_midnight && !incident.flags.has(Flags::TIME_UNKNOWN) {
                incident.flags = incident.flags.with(Flags::TIME_UNKNOWN);
                ledger.note(record.line, Reason::TimeUnknown, || "00:00".to_owned());
            }
        }
    }
    notes
}

fn points(files: &[CleanFile]) -> impl Iterator<Item = (Bng, f64, usize)> + '_ {
    files.iter().flat_map(|file| &file.kept).filter_map(|kept| match kept.incident.place {
        Place::Point { position, precision } => {
            Some((position, precision.get(), kept.incident.crime_type.index()))
        }
        _ => None,
    })
}

/// How many records, and of which kinds, share each position of a source.
struct Crowds {
    spots: BTreeMap<Spot, (usize, BTreeSet<usize>)>,
    types: usize,
    least: usize,
}

impl Crowds {
    fn of(files: &[CleanFile]) -> Self {
        let mut spots: BTreeMap<Spot, (usize, BTreeSet<usize>)> = BTreeMap::new();
        let mut types = BTreeSet::new();
        let mut all = 0_usize;
        for (position, _, crime_type) in points(files) {
            let entry = spots.entry(spot(position)).or_default();
            entry.0 += 1;
            entry.1.insert(crime_type);
            types.insert(crime_type);
            all += 1;
        }
        let mut counts: Vec<usize> = spots.values().map(|(count, _)| *count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let usual = counts.get(19).or(counts.last()).copied().unwrap_or(0);
        let share = (SMALLEST_SHARE * all as f64).ceil() as usize;
        Self { spots, types: types.len(), least: FEWEST.max(TIMES_USUAL * usual).max(share) }
    }

    /// Records at `place`, if they are far more than its share.
    fn crowd(&self, place: Spot) -> Option<usize> {
        self.spots.get(&place).map(|(count, _)| *count).filter(|count| *count >= self.least)
    }

    /// Crowded places with records of many kinds.
    fn defaults(&self) -> Vec<Spot> {
        let many = |kinds: usize| kinds >= 2 && kinds as f64 >= SHARE_OF_TYPES * self.types as f64;
        let crowded = self
            .spots
            .iter()
            .filter(|(place, (_, kinds))| self.crowd(**place).is_some() && many(kinds.len()));
        crowded.map(|(place, _)| *place).collect()
    }
}

/// Whether 00:00 is written where the hour is not known: more than three times as often as 23:00
/// and 01:00 sharp on average, and a fiftieth of all times at least.
fn midnight_means_unknown(files: &[CleanFile]) -> bool {
    let mut sharp = [0_u64; 24];
    let mut all = 0_u64;
    for incident in files.iter().flat_map(|file| &file.kept).map(|kept| &kept.incident) {
        if let (Some(time), false) = (incident.from, incident.flags.has(Flags::TIME_UNKNOWN)) {
            all += 1;
            if time.minute() == 0 {
                sharp[usize::from(time.hour().unsigned_abs())] += 1;
            }
        }
    }
    sharp[0] >= 5 && sharp[0] * 50 >= all && 2 * sharp[0] > 3 * (sharp[23] + sharp[1])
}

fn ends_in_00(position: Bng) -> bool {
    position.easting() % 100.0 == 0.0 && position.northing() % 100.0 == 0.0
}

/// Whether more positions end in 00 than chance gives (one in ten thousand): a hundredth or more.
fn is_rounded(files: &[CleanFile]) -> bool {
    let (mut all, mut round) = (0_u64, 0_u64);
    for (position, precision, _) in points(files) {
        if precision < 100.0 {
            all += 1;
            round += u64::from(ends_in_00(position));
        }
    }
    round >= 20 && round * 100 >= all
}

//! Sums over the records that count, for the report on their quality: how many can be mapped, by
//! kind, ward and month, and where they pile up.

use std::collections::BTreeMap;
use std::ops::Range;

use hashbrown::HashMap;
use jiff::civil::DateTime;

use super::months::{MonthDoubt, MonthSum, month_doubts};
use super::spots::Spots;
use crate::incident::{CrimeTypeIdx, Flags, Incidents, TextColumn};
use crate::time::Month;

/// Records, and those of them with a usable position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Placed {
    /// Records.
    pub records: u64,
    /// Those whose own position was given and usable, whether or not a location rule keeps it.
    pub placed: u64,
}

impl Placed {
    fn add(&mut self, placed: bool) {
        self.records += 1;
        self.placed += u64::from(placed);
    }

    fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.placed += other.placed;
    }
}

/// Records by the code of their ward.
type ByWard = HashMap<String, Placed, foldhash::fast::RandomState>;

/// Records of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceSums {
    /// All together.
    pub all: Placed,
    /// By crime type.
    pub types: BTreeMap<CrimeTypeIdx, Placed>,
    /// By code of the ward.
    pub wards: ByWard,
    /// Those in no ward.
    pub in_no_ward: Placed,
    /// By month.
    pub months: BTreeMap<Month, Placed>,
    /// Records of each month by day, where days are known.
    pub days: BTreeMap<Month, MonthSum>,
    /// Records of each default position, whole metres.
    pub defaults: BTreeMap<(i64, i64), u64>,
    /// Records of each other position, whole metres.
    pub positions: Spots,
}

impl SourceSums {
    /// Adds records of this source: by number first, for there are millions of records and few
    /// types, months and wards.
    fn add(&mut self, incidents: &Incidents, rows: Range<usize>) {
        let mut types: Vec<Placed> = vec![Placed::default(); CrimeTypeIdx::all().count()];
        let mut wards: Vec<Placed> = vec![Placed::default(); incidents.n_words()];
        let mut month = (Placed::default(), MonthSum::default());
        for i in rows.clone() {
            let flags = incidents.flags(i);
            let is_default = flags.has(Flags::DEFAULT_PLACE);
            let placed = !is_default && !flags.has(Flags::NO_POSITION);
            self.all.add(placed);
            types[incidents.crime_type(i).index()].add(placed);
            match incidents.word_of(TextColumn::Ward, i).number() {
                Some(ward) => wards[ward].add(placed),
                None => self.in_no_ward.add(placed),
            }
            let this = incidents.month(i);
            month.0.add(placed);
            month.1.add(this, incidents.span(i).0.map(DateTime::date));
            if i + 1 == rows.end || incidents.month(i + 1) != this {
                let (sum, days) = std::mem::take(&mut month);
                self.months.entry(this).or_default().merge(sum);
                self.days.entry(this).or_default().merge(days);
            }
            let Some(position) = incidents.position(i) else { continue };
            let metres = (position.easting().round() as i64, position.northing().round() as i64);
            if is_default {
                *self.defaults.entry(metres).or_default() += 1;
            } else {
                self.positions.add(metres);
            }
        }
        let found = |sum: &Placed| sum.records > 0;
        for (kind, sum) in CrimeTypeIdx::all().zip(types).filter(|(_, sum)| found(sum)) {
            self.types.entry(kind).or_default().merge(sum);
        }
        for (word, sum) in incidents.words().zip(wards).filter(|(_, sum)| found(sum)) {
            let code = incidents.text(word).unwrap_or_default();
            self.wards.entry_ref(code).or_default().merge(sum);
        }
    }

    fn merge(&mut self, other: Self) {
        self.all.merge(other.all);
        for (key, sum) in other.types {
            self.types.entry(key).or_default().merge(sum);
        }
        for (key, sum) in other.wards {
            self.wards.entry(key).or_default().merge(sum);
        }
        self.in_no_ward.merge(other.in_no_ward);
        for (key, sum) in other.months {
            self.months.entry(key).or_default().merge(sum);
        }
        for (key, sum) in other.days {
            self.days.entry(key).or_default().merge(sum);
        }
        for (key, n) in other.defaults {
            *self.defaults.entry(key).or_default() += n;
        }
        self.positions.merge(other.positions);
    }
}

/// Sums over records, by source. Pieces may be added in any order, on any thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QualitySums {
    /// Each source.
    pub sources: BTreeMap<String, SourceSums>,
}

impl QualitySums {
    /// Adds records that count, marked by what their whole source shows.
    pub fn add(&mut self, incidents: &Incidents) {
        let source = |i: usize| incidents.word_of(TextColumn::Source, i);
        let mut start = 0;
        while start < incidents.len() {
            let same = (start..incidents.len()).take_while(|&i| source(i) == source(start));
            let end = start + same.count();
            let sums = self.sources.entry(incidents.source(start).to_owned()).or_default();
            sums.add(incidents, start..end);
            start = end;
        }
    }

    /// Adds what was summed elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (source, sums) in other.sources {
            self.sources.entry(source).or_default().merge(sums);
        }
    }
}

/// What a month of a source looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthState {
    /// As many records as are usual.
    Whole,
    /// Cut off, or under half of what is usual.
    Partial,
    /// None at all.
    Missing,
}

impl SourceSums {
    /// The state of each month from the first that has records to the last ([`month_doubts`]).
    pub fn states(&self) -> BTreeMap<Month, MonthState> {
        let doubts = month_doubts(&self.days);
        let state = |month: &Month| match doubts.get(month) {
            None => MonthState::Whole,
            Some(MonthDoubt::Missing) => MonthState::Missing,
            Some(_) => MonthState::Partial,
        };
        let ends = self.days.keys().next().zip(self.days.keys().next_back());
        let months = ends.into_iter().flat_map(|(first, last)| {
            (0..=last.since(*first)).map(|n| first.plus(n)).collect::<Vec<_>>()
        });
        months.map(|month| (month, state(&month))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Bng;
    use crate::incident::{Incident, Place};
    use crate::quantity::Metres;

    fn incident(month: &str, place: Place, flags: Flags) -> Incident {
        Incident {
            reference: None,
            source: "police".into(),
            crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
            month: month.parse().unwrap(),
            from: None,
            to: None,
            place,
            ward: Some("E05000001".into()),
            lsoa: None,
            street: None,
            flags,
        }
    }

    fn all() -> Vec<Incident> {
        let at = |x: f64| Place::Point { position: Bng::new(x, 5.0), precision: Metres::new(1.0) };
        vec![
            incident("2025-01", at(10.2), Flags::default()),
            incident("2025-01", at(9.8), Flags::default()),
            incident("2025-03", at(70.0), Flags::DEFAULT_PLACE),
            incident("2025-03", Place::Nowhere, Flags::NO_POSITION),
            // A place that a rule hides was a place all the same.
            incident("2025-03", Place::Area("E05000001".into()), Flags::default()),
        ]
    }

    fn sums(incidents: &[Incident]) -> QualitySums {
        let mut columns = Incidents::default();
        for incident in incidents {
            columns.push(incident);
        }
        let mut sums = QualitySums::default();
        sums.add(&columns);
        sums
    }

    #[test]
    fn a_record_is_placed_by_its_own_position_whatever_is_kept_of_it() {
        let sums = sums(&all());
        let police = &sums.sources["police"];

        assert_eq!(police.all, Placed { records: 5, placed: 3 });
        assert_eq!(police.positions.records().collect::<Vec<_>>(), [2]);
        assert_eq!(police.defaults, BTreeMap::from([((70, 5), 1)]));
        let states: Vec<MonthState> = police.states().into_values().collect();
        assert_eq!(states, [MonthState::Whole, MonthState::Missing, MonthState::Whole]);
    }

    #[test]
    fn pieces_in_any_order_give_the_whole() {
        let all = all();
        let whole = sums(&all);

        for cut in 0..all.len() {
            let mut parts = sums(&all[cut..]);
            parts.merge(sums(&all[..cut]));
            assert_eq!(parts, whole);
        }
    }
}

//! Sums over the records that count, for the report on their quality: how many can be mapped, by
//! kind, ward and month, and where they pile up.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

use crate::incident::{CrimeTypeIdx, Flags, Incidents};
use crate::time::Month;

/// Most different positions of one source that are told apart, to the metre.
const MOST_POSITIONS: usize = 1 << 20;

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

/// Records of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceSums {
    /// All together.
    pub all: Placed,
    /// By crime type.
    pub types: BTreeMap<CrimeTypeIdx, Placed>,
    /// By code of the ward; records in none under `None`.
    pub wards: BTreeMap<Option<String>, Placed>,
    /// By month.
    pub months: BTreeMap<Month, Placed>,
    /// Last day of any record.
    pub last_day: Option<Date>,
    /// Records of each default position, whole metres.
    pub defaults: BTreeMap<(i64, i64), u64>,
    /// Records of each other position, whole metres; empty once there are too many to tell apart.
    pub positions: BTreeMap<(i64, i64), u64>,
    /// Whether there were too many.
    pub too_many_positions: bool,
}

impl SourceSums {
    fn merge(&mut self, other: Self) {
        self.all.merge(other.all);
        for (key, sum) in other.types {
            self.types.entry(key).or_default().merge(sum);
        }
        for (key, sum) in other.wards {
            self.wards.entry(key).or_default().merge(sum);
        }
        for (key, sum) in other.months {
            self.months.entry(key).or_default().merge(sum);
        }
        self.last_day = self.last_day.max(other.last_day);
        for (key, n) in other.defaults {
            *self.defaults.entry(key).or_default() += n;
        }
        for (key, n) in other.positions {
            *self.positions.entry(key).or_default() += n;
        }
        self.too_many_positions |= other.too_many_positions;
        self.forget_many();
    }

    /// Whether there are too many depends on all of them together, in whatever order they came.
    fn forget_many(&mut self) {
        if self.too_many_positions || self.positions.len() > MOST_POSITIONS {
            self.too_many_positions = true;
            self.positions = BTreeMap::new();
        }
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
        for i in 0..incidents.len() {
            let source = incidents.source(i);
            if !self.sources.contains_key(source) {
                self.sources.insert(source.to_owned(), SourceSums::default());
            }
            let Some(sums) = self.sources.get_mut(source) else { continue };
            let flags = incidents.flags(i);
            let is_default = flags.has(Flags::DEFAULT_PLACE);
            let placed = !is_default && !flags.has(Flags::NO_POSITION);
            sums.all.add(placed);
            sums.types.entry(incidents.crime_type(i)).or_default().add(placed);
            sums.months.entry(incidents.month(i)).or_default().add(placed);
            let ward = incidents.ward(i).map(str::to_owned);
            sums.wards.entry(ward).or_default().add(placed);
            sums.last_day = sums.last_day.max(incidents.span(i).0.map(DateTime::date));
            let Some(position) = incidents.position(i) else { continue };
            let metres = (position.easting().round() as i64, position.northing().round() as i64);
            if is_default {
                *sums.defaults.entry(metres).or_default() += 1;
            } else if !sums.too_many_positions {
                *sums.positions.entry(metres).or_default() += 1;
                sums.forget_many();
            }
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
    /// The state of a month.
    ///
    /// The last month is partial if its last record is three days or more from its end; any month
    /// is if it has under half the records of the median month, where there are three months or
    /// more and 50 records are usual.
    pub fn state(&self, month: Month) -> MonthState {
        let count = self.months.get(&month).map_or(0, |sum| sum.records);
        if count == 0 {
            return MonthState::Missing;
        }
        let cut_off = self.last_day.is_some_and(|day| {
            Month::of(day) == month
                && self.months.keys().next_back() == Some(&month)
                && day.days_in_month() - day.day() >= 3
        });
        let mut sorted: Vec<u64> = self.months.values().map(|sum| sum.records).collect();
        sorted.sort_unstable();
        let usual = sorted[sorted.len() / 2];
        let thin = sorted.len() >= 3 && usual >= 50 && count * 2 < usual;
        if cut_off || thin { MonthState::Partial } else { MonthState::Whole }
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
        assert_eq!(police.positions, BTreeMap::from([((10, 5), 2)]));
        assert_eq!(police.defaults, BTreeMap::from([((70, 5), 1)]));
        assert_eq!(police.state("2025-02".parse().unwrap()), MonthState::Missing);
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

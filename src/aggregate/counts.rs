//! Counts of incidents by unit and period.

use rayon::prelude::*;
use thiserror::Error;

use crate::incident::{CrimeTypes, Incidents};
use crate::time::Window;
use crate::units::UnitIdx;

/// Rows that one partial count takes at least: below, making the partial costs more than it saves.
const CHUNK: usize = 65_536;

/// Incidents by unit and period, and those of each period that are in no unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    n_units: usize,
    n_periods: usize,
    /// `[n_units x n_periods]`.
    cells: Vec<u32>,
    /// `[n_periods]`.
    unlocated: Vec<u64>,
}

/// Why counts cannot be put together.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CountsError {
    /// Counts of other units or periods.
    #[error("{left:?} units and periods cannot be added to {right:?}")]
    Shape {
        /// Units and periods of one.
        left: (usize, usize),
        /// Units and periods of the other.
        right: (usize, usize),
    },
    /// Units and periods of different incidents.
    #[error("{units} units for {periods} periods: each incident needs one of each")]
    Lengths {
        /// Incidents with a unit or none.
        units: usize,
        /// Incidents with a period.
        periods: usize,
    },
    /// A unit or period beyond those counted.
    #[error(
        "incident {row} is in unit {unit:?} and period {period}, beyond {n_units} units and {n_periods} periods"
    )]
    OutOfRange {
        /// Row of the incident.
        row: usize,
        /// Its unit.
        unit: Option<usize>,
        /// Its period.
        period: usize,
        /// Units there are.
        n_units: usize,
        /// Periods there are.
        n_periods: usize,
    },
}

impl Counts {
    /// Nothing counted yet.
    pub fn new(n_units: usize, n_periods: usize) -> Self {
        Self {
            n_units,
            n_periods,
            cells: vec![0; n_units * n_periods],
            unlocated: vec![0; n_periods],
        }
    }

    /// Of one period: `cells` is `[n_units]`.
    pub fn of_one_period(cells: Vec<u32>) -> Self {
        Self { n_units: cells.len(), n_periods: 1, cells, unlocated: vec![0] }
    }

    /// Number of units.
    pub const fn n_units(&self) -> usize {
        self.n_units
    }

    /// Number of periods.
    pub const fn n_periods(&self) -> usize {
        self.n_periods
    }

    /// Counts one incident; its unit and period are known to be in range.
    fn add(&mut self, unit: Option<UnitIdx>, period: usize) {
        match unit {
            Some(unit) => self.cells[unit.index() * self.n_periods + period] += 1,
            None => self.unlocated[period] += 1,
        }
    }

    /// Count of one unit in one period.
    pub fn at(&self, unit: UnitIdx, period: usize) -> u32 {
        self.cells[unit.index() * self.n_periods + period]
    }

    /// Counts of one unit by period.
    pub fn of(&self, unit: UnitIdx) -> &[u32] {
        &self.cells[unit.index() * self.n_periods..][..self.n_periods]
    }

    /// Count of each unit over all periods.
    pub fn by_unit(&self) -> Vec<u64> {
        if self.n_periods == 0 {
            return vec![0; self.n_units];
        }
        self.cells
            .chunks(self.n_periods)
            .map(|periods| periods.iter().map(|&count| u64::from(count)).sum())
            .collect()
    }

    /// Count of each period over all units; those in no unit are left out.
    pub fn by_period(&self) -> Vec<u64> {
        let mut sums = vec![0; self.n_periods];
        for periods in self.cells.chunks(self.n_periods.max(1)) {
            for (sum, &count) in sums.iter_mut().zip(periods) {
                *sum += u64::from(count);
            }
        }
        sums
    }

    /// Incidents of each period that are in no unit.
    pub fn unlocated(&self) -> &[u64] {
        &self.unlocated
    }

    /// Incidents in some unit.
    pub fn total(&self) -> u64 {
        self.cells.iter().map(|&count| u64::from(count)).sum()
    }

    /// Adds counts of other incidents in the same units and periods.
    ///
    /// # Errors
    ///
    /// [`CountsError::Shape`] if units or periods differ in number.
    pub fn merge(&mut self, other: &Self) -> Result<(), CountsError> {
        let (left, right) = ((self.n_units, self.n_periods), (other.n_units, other.n_periods));
        if left != right {
            return Err(CountsError::Shape { left, right });
        }
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, count)| *sum += count);
        self.unlocated.iter_mut().zip(&other.unlocated).for_each(|(sum, count)| *sum += count);
        Ok(())
    }
}

/// Counts incidents by unit and period, in parallel.
///
/// Whole numbers are added, so the counts are the same at any number of threads.
///
/// # Shapes and units
///
/// - `units`: `[n_incidents]`, `None` for an incident in no unit.
/// - `periods`: `[n_incidents]`, 0-based.
/// - returns: `[n_units x n_periods]`.
///
/// # Errors
///
/// [`CountsError::Lengths`] if the lists differ in length, [`CountsError::OutOfRange`] if one names
/// a unit or period that there is not.
pub fn count_by_unit(
    units: &[Option<UnitIdx>],
    periods: &[usize],
    n_units: usize,
    n_periods: usize,
) -> Result<Counts, CountsError> {
    if units.len() != periods.len() {
        return Err(CountsError::Lengths { units: units.len(), periods: periods.len() });
    }
    let chunk = chunk_length(units.len());
    let partials: Vec<Result<Counts, CountsError>> = units
        .par_chunks(chunk)
        .zip(periods.par_chunks(chunk))
        .enumerate()
        .map(|(number, (units, periods))| {
            let mut counts = Counts::new(n_units, n_periods);
            for (i, (&unit, &period)) in units.iter().zip(periods).enumerate() {
                if period >= n_periods || unit.is_some_and(|unit| unit.index() >= n_units) {
                    let unit = unit.map(UnitIdx::index);
                    let row = number * chunk + i;
                    return Err(CountsError::OutOfRange { row, unit, period, n_units, n_periods });
                }
                counts.add(unit, period);
            }
            Ok(counts)
        })
        .collect();
    merge_in_order(partials, n_units, n_periods)
}

/// Counts the incidents of some types by unit and by month of `window`.
///
/// `unit_of` says which unit a row of `incidents` is in, by position or by code; a unit beyond
/// `n_units` is refused. Months are the periods, in order.
///
/// # Errors
///
/// [`CountsError::OutOfRange`] if `unit_of` names a unit that there is not.
pub fn count_incidents(
    incidents: &Incidents,
    types: CrimeTypes,
    window: Window,
    n_units: usize,
    unit_of: impl Fn(usize) -> Option<UnitIdx> + Sync,
) -> Result<Counts, CountsError> {
    let n_periods = window.n_months();
    let chunk = chunk_length(incidents.len());
    let starts: Vec<usize> = (0..incidents.len()).step_by(chunk).collect();
    let partials: Vec<Result<Counts, CountsError>> = starts
        .into_par_iter()
        .map(|start| {
            let mut counts = Counts::new(n_units, n_periods);
            for row in start..(start + chunk).min(incidents.len()) {
                let month = incidents.month(row);
                if !window.contains(month) || !types.contains(incidents.crime_type(row)) {
                    continue;
                }
                let period = month.since(window.first()) as usize;
                let unit = unit_of(row);
                if unit.is_some_and(|unit| unit.index() >= n_units) {
                    let unit = unit.map(UnitIdx::index);
                    return Err(CountsError::OutOfRange { row, unit, period, n_units, n_periods });
                }
                counts.add(unit, period);
            }
            Ok(counts)
        })
        .collect();
    merge_in_order(partials, n_units, n_periods)
}

/// A few chunks per thread: each costs one set of counts.
fn chunk_length(n_rows: usize) -> usize {
    n_rows.div_ceil(rayon::current_num_threads() * 2).max(CHUNK)
}

fn merge_in_order(
    partials: Vec<Result<Counts, CountsError>>,
    n_units: usize,
    n_periods: usize,
) -> Result<Counts, CountsError> {
    let mut partials = partials.into_iter();
    let mut sum = partials.next().unwrap_or_else(|| Ok(Counts::new(n_units, n_periods)))?;
    for partial in partials {
        sum.merge(&partial?)?;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "an incident is in a unit or in none")]
    fn unit(i: usize) -> Option<UnitIdx> {
        Some(UnitIdx::new(i))
    }

    #[test]
    fn every_incident_is_counted_once() {
        let counts =
            count_by_unit(&[unit(0), unit(2), None, unit(2), unit(2)], &[0, 1, 1, 1, 0], 3, 2)
                .unwrap();

        assert_eq!(counts.of(UnitIdx::new(0)), [1, 0]);
        assert_eq!(counts.of(UnitIdx::new(2)), [1, 2]);
        assert_eq!(counts.by_unit(), [1, 0, 3]);
        assert_eq!(counts.by_period(), [2, 2]);
        assert_eq!(counts.unlocated(), [0, 1]);
        assert_eq!(counts.total(), 4);
    }

    #[test]
    fn many_chunks_count_as_one() {
        let n = CHUNK * 3 + 17;
        let units: Vec<_> = (0..n).map(|i| (i % 7 != 6).then(|| UnitIdx::new(i % 5))).collect();
        let periods: Vec<_> = (0..n).map(|i| i % 3).collect();
        let mut one_by_one = Counts::new(5, 3);
        units.iter().zip(&periods).for_each(|(&u, &p)| one_by_one.add(u, p));

        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let counts = pool.install(|| count_by_unit(&units, &periods, 5, 3)).unwrap();
            assert_eq!(counts, one_by_one);
        }
    }

    #[test]
    fn merging_adds_cell_by_cell() {
        let mut a = count_by_unit(&[unit(0), None], &[0, 0], 2, 1).unwrap();
        let b = count_by_unit(&[unit(0), unit(1)], &[0, 0], 2, 1).unwrap();

        a.merge(&b).unwrap();

        assert_eq!((a.by_unit(), a.unlocated()), (vec![2, 1], &[1_u64][..]));
        assert!(a.merge(&Counts::new(3, 1)).is_err());
    }

    #[test]
    fn what_is_out_of_range_is_refused_by_row() {
        assert_eq!(
            count_by_unit(&[unit(0), unit(9)], &[0, 0], 2, 1),
            Err(CountsError::OutOfRange {
                row: 1,
                unit: Some(9),
                period: 0,
                n_units: 2,
                n_periods: 1
            })
        );
        assert!(count_by_unit(&[unit(0)], &[4], 2, 1).is_err());
        assert!(count_by_unit(&[unit(0)], &[], 2, 1).is_err());
    }

    #[test]
    fn nothing_counts_as_nothing() {
        assert_eq!(count_by_unit(&[], &[], 2, 0).unwrap().by_unit(), [0, 0]);
        assert_eq!(count_by_unit(&[], &[], 0, 3).unwrap().by_period(), [0, 0, 0]);
    }
}

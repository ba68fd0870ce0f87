//! Whether incidents are dated finely enough for tests that count days.

use thiserror::Error;

/// From this many incidents on, dates that all fall on one day of the month are taken for months.
const ENOUGH_TO_TELL: usize = 10;
/// Share of incidents without a day from which too many are missing.
const MOST_UNDATED: f64 = 0.5;

/// Why a test that counts days cannot be run.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimingError {
    /// The data hold months alone.
    #[error(
        "{undated} of {all} incidents have a month but no day: tests that count days need records with dates (police.uk publishes months only)"
    )]
    MonthOnly {
        /// Incidents without a day.
        undated: usize,
        /// Incidents looked at.
        all: usize,
    },
    /// Dates that stand for months.
    #[error(
        "all {all} incidents are dated day {day} of their month: these dates stand for months, and tests that count days would take that for a pattern"
    )]
    OneDayOfTheMonth {
        /// Incidents looked at.
        all: usize,
        /// The day they share.
        day: i8,
    },
    /// Fewer than two dated incidents.
    #[error("{0} dated incidents: at least 2 are needed to be near each other")]
    TooFew(usize),
}

/// Days of incidents, checked for standing for months.
///
/// # Shapes and units
///
/// - `days`: `[n_incidents]`: day of the month, 1 to 31; `None` where only the month is known.
///
/// # Errors
///
/// [`TimingError::MonthOnly`] if half or more have no day, [`TimingError::OneDayOfTheMonth`] if ten
/// or more in more than one month all share one day, [`TimingError::TooFew`] below two.
pub fn check_days(days: &[Option<i8>], months: usize) -> Result<(), TimingError> {
    let all = days.len();
    let undated = days.iter().filter(|day| day.is_none()).count();
    if all > 0 && undated as f64 >= MOST_UNDATED * all as f64 {
        return Err(TimingError::MonthOnly { undated, all });
    }
    let mut dated = days.iter().flatten();
    let n_dated = all - undated;
    if n_dated < 2 {
        return Err(TimingError::TooFew(n_dated));
    }
    match dated.next() {
        Some(&day) if n_dated >= ENOUGH_TO_TELL && months > 1 && dated.all(|&d| d == day) => {
            Err(TimingError::OneDayOfTheMonth { all: n_dated, day })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_not_taken_for_days() {
        assert_eq!(
            check_days(&[None; 12], 12),
            Err(TimingError::MonthOnly { undated: 12, all: 12 })
        );
        assert_eq!(
            check_days(&[Some(1); 12], 12),
            Err(TimingError::OneDayOfTheMonth { all: 12, day: 1 })
        );
        // A dozen on one evening are a dozen on one evening.
        assert_eq!(check_days(&[Some(5); 12], 1), Ok(()));
        assert_eq!(check_days(&[Some(1), Some(2), None], 1), Ok(()));
        assert_eq!(check_days(&[Some(1)], 1), Err(TimingError::TooFew(1)));
        assert_eq!(check_days(&[], 0), Err(TimingError::TooFew(0)));
    }
}

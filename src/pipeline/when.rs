//! When in the week an incident happened, as far as is known, in two bytes.

use jiff::civil::DateTime;

use crate::incident::Flags;
use crate::time::HoursOfWeek;

/// Quarters of a week.
const WEEK: usize = 7 * 96;
/// Longest span that is spread over its hours, in quarters: a day.
const LONGEST: usize = 96;
/// First code of incidents whose day is known and whose hour is not.
const DAY_ALONE: usize = WEEK * (LONGEST + 1);
/// Codes there are; the last is for what is not known at all.
const CODES: usize = DAY_ALONE + 8;

/// A time of the week in quarters of an hour: when it can have begun and how long it may have been,
/// a day without an hour, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct When(u16);

impl When {
    /// Neither day nor hour is known, or the span is too long to say.
    pub const UNKNOWN: Self = Self((CODES - 1) as u16);

    /// From the span and flags of an incident.
    pub fn of((from, to): (Option<DateTime>, Option<DateTime>), flags: Flags) -> Self {
        let Some(from) = from.filter(|_| !flags.has(Flags::LONG_SPAN)) else {
            return Self::UNKNOWN;
        };
        let day = from.weekday().to_monday_zero_offset() as usize;
        if flags.has(Flags::TIME_UNKNOWN) {
            return Self((DAY_ALONE + day) as u16);
        }
        let minutes = from.hour() as usize * 60 + from.minute() as usize;
        let seconds = to.map_or(0, |to| from.duration_until(to).as_secs());
        // A span of a minute or less, or one that ends before it starts, is a moment.
        let quarters = if seconds > 60 {
            let after = minutes % 15 * 60 + from.second() as usize;
            (after + seconds as usize).div_ceil(15 * 60)
        } else {
            0
        };
        if quarters > LONGEST + 1 {
            return Self::UNKNOWN;
        }
        let start = day * 96 + minutes / 15;
        Self((start * (LONGEST + 1) + quarters.min(LONGEST)) as u16)
    }

    pub fn code(self) -> usize {
        usize::from(self.0)
    }

    /// Its code, as narrow as it is kept.
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// `[n_codes]`: the share of each time that lies in `hours`, by the quarters of an hour it has in
/// them (aoristic weights); `None` where all hours are meant and every incident counts whole.
///
/// An incident whose hour is not known counts whole on its day where only days are asked for, and
/// not at all where hours are.
pub(super) fn shares(hours: HoursOfWeek) -> Option<Vec<f32>> {
    if hours.is_all() {
        return None;
    }
    // Quarters in the hours meant, up to each of two weeks.
    let mut sums = vec![0_u32; 2 * WEEK + 1];
    for quarter in 0..2 * WEEK {
        sums[quarter + 1] = sums[quarter] + u32::from(hours.contains(quarter % WEEK / 4));
    }
    let share = |code: usize| {
        if code >= DAY_ALONE {
            let day = code - DAY_ALONE;
            return f32::from(u8::from(day < 7 && !hours.has_band() && hours.has_day(day)));
        }
        let (start, quarters) = (code / (LONGEST + 1), code % (LONGEST + 1));
        let length = quarters.max(1);
        (sums[start + length] - sums[start]) as f32 / length as f32
    };
    Some((0..CODES).map(share).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    /// 11 April 2025 is a Friday.
    fn when(from: (i8, i8), to: Option<(i8, i8, i8)>) -> When {
        let from = datetime(2025, 4, 11, from.0, from.1, 0, 0);
        let to = to.map(|(day, hour, minute)| datetime(2025, 4, day, hour, minute, 0, 0));
        When::of((Some(from), to), Flags::default())
    }

    fn share(when: When, day: Option<&str>, hour: Option<&str>) -> f32 {
        shares(HoursOfWeek::parse(day, hour).unwrap()).unwrap()[when.code()]
    }

    #[test]
    fn codes_fit_in_two_bytes() {
        assert!(CODES <= usize::from(u16::MAX) + 1);
        assert_eq!(When::UNKNOWN.code(), CODES - 1);
    }

    #[test]
    fn a_moment_is_in_its_hour_alone() {
        let at = when((22, 15), None);

        assert!((share(at, None, Some("22")) - 1.0).abs() < 1e-6);
        assert!(share(at, None, Some("23-22")).abs() < 1e-6);
        assert!((share(at, Some("fri"), Some("21-5")) - 1.0).abs() < 1e-6);
        assert!(share(at, Some("sat"), Some("21-5")).abs() < 1e-6);
        assert_eq!(at, when((22, 15), Some((11, 22, 16))));
    }

    #[test]
    fn a_span_is_shared_out_by_the_quarters_it_has_in_each_hour() {
        let overnight = when((22, 0), Some((12, 6, 0)));

        assert!((share(overnight, None, Some("22-24")) - 0.25).abs() < 1e-6);
        assert!((share(overnight, Some("sat"), None) - 0.75).abs() < 1e-6);
        assert!((share(overnight, Some("fri"), Some("22-6")) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn an_unknown_hour_counts_on_its_day_but_in_no_band() {
        let from = datetime(2025, 4, 11, 0, 0, 0, 0);
        let day = When::of((Some(from), None), Flags::TIME_UNKNOWN);

        assert!((share(day, Some("fri"), None) - 1.0).abs() < 1e-6);
        assert!(share(day, Some("sat"), None).abs() < 1e-6);
        assert!(share(day, None, Some("0-1")).abs() < 1e-6);
        let never = When::of((None, None), Flags::default());
        assert!(share(never, Some("fri"), None).abs() < 1e-6);
        let long = When::of((Some(from), None), Flags::LONG_SPAN);
        assert_eq!(long, When::UNKNOWN);
    }
}

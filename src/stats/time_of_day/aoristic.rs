//! Aoristic weights: when incidents happened that are only known to lie between two times.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use rayon::prelude::*;

/// Hours of a week.
pub const HOURS: usize = 168;
/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Seconds of a week.
const WEEK: i64 = HOURS as i64 * HOUR;
/// A span of at most a minute is one moment.
const MOMENT: i64 = 60;
/// Incidents weighed together: partial sums are added in order.
const CHUNK: usize = 4_096;

/// How the hours between two local times are counted.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// As the clock says: every hour of every day is there once.
    #[default]
    AsWritten,
    /// As it went by in England and Wales: the hour that the clocks skip in spring takes no weight,
    /// and the hour they repeat in autumn takes twice as much.
    Elapsed,
}

/// Clocks of the United Kingdom since 1996, in the form of POSIX, so that no time zone database is
/// needed.
const UK: &str = "GMT0BST,M3.5.0/1,M10.5.0";

/// Why an incident is in the sum as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AoristicCounts {
    /// Incidents given.
    pub all: u64,
    /// Left out: no time of day is known.
    pub untimed: u64,
    /// Spread over the hours of their span.
    pub spread: u64,
    /// Spread evenly over the week: a span of a week or more.
    pub even: u64,
    /// In the hour of their start: no end given, or an end within a minute.
    pub moment: u64,
    /// In the hour of their start: an end before the start, which cannot be.
    pub reversed: u64,
}

impl AoristicCounts {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.untimed += other.untimed;
        self.spread += other.spread;
        self.even += other.even;
        self.moment += other.moment;
        self.reversed += other.reversed;
    }

    /// Incidents whose weight is in the sum.
    pub const fn used(&self) -> u64 {
        self.all - self.untimed
    }
}

/// Weight of each hour of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct Aoristic {
    /// `[168]`: Monday 00:00 first, hour by hour; adds up to the incidents used.
    pub weights: Vec<f64>,
    /// What was done with how many.
    pub counts: AoristicCounts,
}

/// Earliest and latest time of one incident, local clock; no start where no time is known.
pub type Span = (Option<DateTime>, Option<DateTime>);

/// Weight of each hour of the week: each incident counts 1, spread over the hours of its span by the
/// minutes it has in them.
///
/// A span of a minute or less, without an end, or with an end before its start, counts in the hour of
/// its start; one of a week or more counts evenly in all hours. Spans with a start of exactly midnight
/// and no end are often an unknown time: whoever calls leaves those out that were flagged.
///
/// The true time is somewhere in the span, not all over it: wide spans blur the picture, and a peak
/// of them is where people notice, not when it happened.
///
/// # Shapes and units
///
/// - returns: `[168]`, Monday 00:00 first.
///
/// # Source
///
/// Ratcliffe and `McCullagh` (1998), *International Journal of Geographical Information Science*
/// 12(7), 751-764, <https://doi.org/10.1080/136588198241644>. As `aoristic::aoristic.df` 1.1.1, which
/// knows no change of clocks ([`Clock::AsWritten`]).
#[doc(alias = "aoristic.df")]
pub fn aoristic(spans: &[Span], clock: &Clock) -> Aoristic {
    let partials: Vec<Aoristic> = spans
        .par_chunks(CHUNK)
        .map(|spans| {
            let mut sum = Aoristic { weights: vec![0.0; HOURS], counts: AoristicCounts::default() };
            for &span in spans {
                sum.add(span, clock);
            }
            sum
        })
        .collect();
    let mut sum = Aoristic { weights: vec![0.0; HOURS], counts: AoristicCounts::default() };
    for partial in partials {
        sum.weights.iter_mut().zip(partial.weights).for_each(|(sum, weight)| *sum += weight);
        sum.counts.add(partial.counts);
    }
    sum
}

impl Aoristic {
    fn add(&mut self, (from, to): Span, clock: &Clock) {
        self.counts.all += 1;
        let Some(from) = from else {
            self.counts.untimed += 1;
            return;
        };
        let length = to.map(|to| elapsed(from, to, clock));
        match length {
            Some(length) if length < 0 => self.counts.reversed += 1,
            Some(length) if length >= WEEK => {
                self.counts.even += 1;
                self.weights.iter_mut().for_each(|weight| *weight += 1.0 / HOURS as f64);
                return;
            }
            Some(length) if length > MOMENT => {
                self.counts.spread += 1;
                self.spread(from, length, clock);
                return;
            }
            _ => self.counts.moment += 1,
        }
        self.weights[hour_of_week(from)] += 1.0;
    }

    /// Weight over `length` seconds from `from`, which are less than a week.
    fn spread(&mut self, from: DateTime, length: i64, clock: &Clock) {
        let weights = &mut self.weights;
        let mut add = |hour: usize, seconds: i64| {
            weights[hour % HOURS] += seconds as f64 / length as f64;
        };
        let changes = match clock {
            Clock::AsWritten => None,
            Clock::Elapsed => Some(uk()).filter(|zone| {
                let start = zone.to_ambiguous_timestamp(from).compatible();
                start.is_ok_and(|start| {
                    let end = start.saturating_add(jiff::SignedDuration::from_secs(length));
                    // A start in the hour that is skipped is one that the clock never showed.
                    zone.to_datetime(start) != from
                        || end.is_ok_and(|end| zone.to_offset(start) != zone.to_offset(end))
                })
            }),
        };
        let mut left = length;
        if let Some(zone) = changes {
            // Hour by hour of real time, each in the hour the clock shows.
            let Ok(mut now) = zone.to_ambiguous_timestamp(from).compatible() else { return };
            while left > 0 {
                let shown = zone.to_datetime(now);
                let step = left.min(HOUR - second_of_hour(shown));
                add(hour_of_week(shown), step);
                left -= step;
                match now.saturating_add(jiff::SignedDuration::from_secs(step)) {
                    Ok(later) => now = later,
                    Err(_) => return,
                }
            }
        } else {
            let mut hour = hour_of_week(from);
            let mut step = left.min(HOUR - second_of_hour(from));
            while left > 0 {
                add(hour, step);
                left -= step;
                hour += 1;
                step = left.min(HOUR);
            }
        }
    }
}

fn uk() -> TimeZone {
    TimeZone::posix(UK).expect("a constant in the form of POSIX")
}

/// Seconds from one local time to another, as the clock or as time went by; of a repeated hour the
/// first for a start and the second for an end, so that the span holds all it may.
fn elapsed(from: DateTime, to: DateTime, clock: &Clock) -> i64 {
    let written = from.duration_until(to).as_secs();
    match clock {
        Clock::AsWritten => written,
        Clock::Elapsed => {
            let zone = uk();
            let start = zone.to_ambiguous_timestamp(from).compatible();
            let end = zone.to_ambiguous_timestamp(to).later();
            match (start, end) {
                (Ok(start), Ok(end)) if written >= 0 => start.duration_until(end).as_secs().max(0),
                _ => written,
            }
        }
    }
}

/// 0 for Monday 00:00 to 01:00.
pub(super) fn hour_of_week(at: DateTime) -> usize {
    let day = at.date().weekday().since(Weekday::Monday) as usize;
    day * 24 + at.hour() as usize
}

fn second_of_hour(at: DateTime) -> i64 {
    i64::from(at.minute()) * 60 + i64::from(at.second())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    fn span(from: &str, to: &str) -> Span {
        (Some(from.parse().unwrap()), Some(to.parse().unwrap()))
    }

    fn weights(span: Span, clock: &Clock) -> Vec<(usize, f64)> {
        let sum = aoristic(&[span], clock);
        sum.weights.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0).collect()
    }

    #[test]
    fn minutes_share_the_weight() {
        // A Monday.
        let ours = weights(span("2025-03-03T10:45", "2025-03-03T12:15"), &Clock::AsWritten);

        assert_eq!(ours.iter().map(|w| w.0).collect::<Vec<_>>(), [10, 11, 12]);
        for (ours, minutes) in ours.iter().zip([15.0, 60.0, 15.0]) {
            assert_relative_eq!(ours.1, minutes / 90.0, max_relative = 1e-12);
        }
    }

    #[test]
    fn a_span_over_the_end_of_the_week_goes_on_at_its_start() {
        // Sunday 23:30 to Monday 00:30.
        let ours = weights(span("2025-03-09T23:30", "2025-03-10T00:30"), &Clock::AsWritten);

        assert_eq!(ours, [(0, 0.5), (167, 0.5)]);
    }

    #[test]
    fn what_cannot_be_spread_is_counted_by_its_reason() {
        let start = Some("2025-03-03T10:45".parse().unwrap());
        let spans = [
            (None, None),
            (start, None),
            span("2025-03-03T10:45", "2025-03-03T10:46"),
            span("2025-03-03T10:45", "2025-03-02T10:45"),
            span("2025-03-03T10:45", "2025-03-10T10:45"),
            span("2025-03-03T10:45", "2025-03-03T10:47"),
        ];

        let sum = aoristic(&spans, &Clock::AsWritten);

        assert_eq!(
            sum.counts,
            AoristicCounts { all: 6, untimed: 1, spread: 1, even: 1, moment: 2, reversed: 1 }
        );
        assert_relative_eq!(sum.weights.iter().sum::<f64>(), 5.0, max_relative = 1e-12);
        assert_eq!(sum.counts.used(), 5);
    }

    #[test]
    fn the_hour_the_clocks_skip_takes_no_weight_and_the_one_they_repeat_takes_two() {
        // Sundays 30 March and 26 October 2025.
        let sunday = 6 * 24;
        let spring = span("2025-03-30T00:00", "2025-03-30T04:00");
        let autumn = span("2025-10-26T00:00", "2025-10-26T04:00");

        let third = 1.0 / 3.0;
        assert_eq!(
            weights(spring, &Clock::Elapsed),
            [(sunday, third), (sunday + 2, third), (sunday + 3, third)]
        );
        for (ours, hours) in weights(autumn, &Clock::Elapsed).iter().zip([1.0, 2.0, 1.0, 1.0]) {
            assert_relative_eq!(ours.1, hours / 5.0, max_relative = 1e-12);
        }
        assert_eq!(weights(spring, &Clock::AsWritten).len(), 4);
        let usual = span("2025-06-01T00:00", "2025-06-01T04:00");
        assert_eq!(weights(usual, &Clock::Elapsed), weights(usual, &Clock::AsWritten));
    }

    /// Clocks went from 01:00 to 02:00: 01:30 to 03:30 was 02:30 to 03:30.
    #[test]
    fn a_start_in_the_hour_that_is_skipped_gives_it_no_weight() {
        let sunday = 6 * 24;

        let ours = weights(span("2025-03-30T01:30", "2025-03-30T03:30"), &Clock::Elapsed);

        assert_eq!(ours, [(sunday + 2, 0.5), (sunday + 3, 0.5)]);
    }

    #[test]
    fn no_spans_have_no_weight() {
        assert_relative_eq!(aoristic(&[], &Clock::AsWritten).weights.iter().sum::<f64>(), 0.0);
    }

    proptest! {
        #[test]
        fn every_incident_counts_one(start in 0_i64..40_000_000, minutes in 0_i64..20_000) {
            let from = jiff::civil::date(2024, 1, 1)
                .at(0, 0, 0, 0)
                .checked_add(jiff::SignedDuration::from_secs(start))
                .unwrap();
            let to = from.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
            for clock in [Clock::AsWritten, Clock::Elapsed] {
                let sum = aoristic(&[(Some(from), Some(to))], &clock);
                prop_assert!((sum.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
        }
    }
}

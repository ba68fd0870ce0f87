//! The night-time band: incidents by the evening on which their night began.

use rayon::prelude::*;

use super::aoristic::Span;
use crate::stats::english::hours as say;
use crate::time::NightBand;

/// Incidents of each night of a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nights {
    /// The band in words, such as `Fri and Sat nights, 21:00 to 05:00`.
    pub band: String,
    /// Each night by the weekday of its evening, 0 for Monday, and the incidents that lie wholly in
    /// one of them.
    pub by_evening: Vec<(usize, u64)>,
}

impl Nights {
    /// Incidents of all nights.
    pub fn total(&self) -> u64 {
        self.by_evening.iter().map(|(_, n)| n).sum()
    }

    /// `Fri night 12, Sat night 30`.
    pub fn in_words(&self) -> String {
        let one = |&(day, n): &(usize, u64)| say::night(day, n);
        self.by_evening.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// Incidents that lie wholly within one night of `band`, by the weekday of the evening on which it
/// began: 02:00 on a Saturday is of Friday night. What reaches out of the band is of no night.
pub fn nights(spans: &[Span], band: &NightBand) -> Nights {
    let evening = |&(from, to): &Span| {
        let night = band.night_of_span(from?, to)?;
        Some(usize::from(night.weekday().to_monday_zero_offset().unsigned_abs()))
    };
    let counts = spans
        .par_iter()
        .filter_map(evening)
        .fold(
            || [0_u64; 7],
            |mut counts, day| {
                counts[day] += 1;
                counts
            },
        )
        .reduce(|| [0; 7], |a, b| std::array::from_fn(|day| a[day] + b[day]));
    let by_evening = band.nights().map(|day| (day, counts[day])).collect();
    Nights { band: band.to_string(), by_evening }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_after_midnight_are_of_the_evening_before() {
        let at = |text: &str| Some(text.parse().unwrap());
        // 11 April 2025 is a Friday.
        let spans = [
            (at("2025-04-11T23:00"), at("2025-04-12T02:00")),
            (at("2025-04-12T02:00"), None),
            (at("2025-04-13T01:00"), None),
            (at("2025-04-12T12:00"), None),
            (at("2025-04-11T20:00"), at("2025-04-11T22:00")),
            (None, None),
        ];

        let found = nights(&spans, &NightBand::default());

        assert_eq!(found.by_evening, [(4, 2), (5, 1)]);
        assert_eq!((found.total(), found.in_words().as_str()), (3, "Fri night 2, Sat night 1"));
    }
}

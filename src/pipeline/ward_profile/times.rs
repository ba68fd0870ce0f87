//! When: hours of the week, each record spread over the time it can have happened in.

use crate::incident::{Flags, Incidents};
use crate::stats::time_of_day::{Clock, Span, aoristic, busiest_block, peak};

use super::Hours;

/// Share of all weight that the peak holds.
const HALF: f64 = 0.5;

/// Hours of these rows; `None` if none has a time.
pub(super) fn hours(incidents: &Incidents, rows: &[usize]) -> Option<Hours> {
    let spans: Vec<Span> = rows.iter().map(|&i| span(incidents, i)).collect();
    let sum = aoristic(&spans, &Clock::Elapsed);
    (sum.counts.used() > 0).then(|| Hours {
        timed: sum.counts.used(),
        untimed: sum.counts.untimed,
        peak: peak(&sum.weights, HALF),
        block: busiest_block(&sum.weights),
        weights: sum.weights,
    })
}

/// Times of row `i`, where they say an hour.
fn span(incidents: &Incidents, i: usize) -> Span {
    let flags = incidents.flags(i);
    if flags.has(Flags::TIME_UNKNOWN) || flags.has(Flags::LONG_SPAN) {
        (None, None)
    } else {
        incidents.span(i)
    }
}

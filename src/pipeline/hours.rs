//! When: hours of the week, each record spread over the time it can have happened in.

use crate::incident::{Flags, Incidents};
use crate::layer::english::head;
use crate::stats::time_of_day::{
    Block, Clock, Peak, Span, WEEKDAYS, aoristic, busiest_block, peak,
};
use crate::table::{Column, Table, Value};

/// Share of all weight that the peak holds.
const HALF: f64 = 0.5;
/// Incidents with a time of day below which no peak of a place is told.
pub(super) const FEWEST_TIMED: u64 = 20;

/// Hours of the week in which the chosen records happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// `[168]`: incidents by hour of the week, Monday 00:00 first, each spread over its span.
    pub weights: Vec<f64>,
    /// Incidents with a time.
    pub timed: u64,
    /// Incidents without one, left out.
    pub untimed: u64,
    /// The fewest hours that hold half.
    pub peak: Option<Peak>,
    /// The block of days and hours that stands out most.
    pub block: Option<Block>,
}

impl Hours {
    /// Hours of these rows; `None` if none has a time.
    pub(super) fn of(incidents: &Incidents, rows: impl Iterator<Item = usize>) -> Option<Self> {
        let spans: Vec<Span> = rows.map(|i| span(incidents, i)).collect();
        let sum = aoristic(&spans, &Clock::Elapsed);
        let (timed, untimed) = (sum.counts.used(), sum.counts.untimed);
        (timed > 0).then(|| Self::from_weights(sum.weights, timed, untimed))
    }

    fn from_weights(weights: Vec<f64>, timed: u64, untimed: u64) -> Self {
        let (peak, block) = (peak(&weights, HALF), busiest_block(&weights));
        Self { weights, timed, untimed, peak, block }
    }

    /// The same as a table: a row for each hour, a column for each day.
    pub(super) fn table(&self, id: &str, title: &str) -> Table {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let mut columns = vec![Column::new("hour", head::HOUR, "", 0)];
        columns.extend(
            DAYS.iter().zip(WEEKDAYS).map(|(id, label)| Column::new(id, label, "incidents", 2)),
        );
        let row = |hour: usize| {
            let mut row = vec![Value::Text(format!("{hour:02}:00"))];
            row.extend((0..7).map(|day| Value::Number(self.weights[day * 24 + hour])));
            row
        };
        Table {
            id: id.to_owned(),
            title: title.to_owned(),
            columns,
            rows: (0..24).map(row).collect(),
        }
    }

    /// Hours read back from [`Self::table`]; `None` if the table is none of hours.
    pub fn from_table(table: &Table, records: u64) -> Option<Self> {
        let mut weights = vec![0.0; 168];
        for (hour, row) in table.rows.iter().enumerate() {
            for day in 0..7 {
                let (Value::Number(weight), Some(own)) =
                    (row.get(day + 1)?, weights.get_mut(day * 24 + hour))
                else {
                    return None;
                };
                *own = *weight;
            }
        }
        // Every timed record has a weight of 1, shared out among its hours.
        let timed = weights.iter().sum::<f64>().round() as u64;
        Some(Self::from_weights(weights, timed, records.saturating_sub(timed)))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_come_back_from_their_table() {
        let mut weights = vec![0.0; 168];
        (weights[4 * 24 + 22], weights[5 * 24 + 1]) = (6.5, 3.5);
        let hours = Hours::from_weights(weights, 10, 2);

        let table = hours.table("by-hour", "Records by hour");

        assert_eq!(table.rows.len(), 24);
        assert_eq!(Hours::from_table(&table, 12), Some(hours));
    }
}

//! When to meet: chosen halls spread over the year, joining meetings that exist.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use pathfinding::prelude::{Matrix, kuhn_munkres};

use crate::meeting::Meeting;

/// One hall to be given a day.
#[derive(Debug, Clone, PartialEq)]
pub struct ToSchedule {
    /// Wards it serves: codes.
    pub wards: Vec<String>,
    /// Months since the partnership last met the public there; `None` if never.
    pub waited: Option<u32>,
}

/// A day for a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The day: that of the meeting to join, else of the middle of the slot.
    pub day: Date,
    /// Which meeting of the diary may be joined.
    pub join: Option<usize>,
}

/// What joining a meeting is worth in the assignment, against one place earlier in the year.
const JOIN: i64 = 100_000;
/// Months that never having met counts for.
const NEVER: i64 = 600;

/// Gives each hall a part of the year from `start`, as many parts as halls. A hall whose wards have
/// an open meeting within `weeks` of the middle of its part (half before, half after) joins it;
/// as many as can do. Wards that have waited longest come first.
///
/// The assignment is the best there is (Kuhn and Munkres), so no other order joins more.
pub fn schedule(halls: &[ToSchedule], meetings: &[Meeting], start: Date, weeks: u32) -> Vec<Slot> {
    let n = halls.len();
    if n == 0 {
        return Vec::new();
    }
    let middle = |slot: usize| {
        let days = (365 * (2 * slot as i64 + 1)) / (2 * n as i64);
        start.saturating_add(days.days())
    };
    let half = (i64::from(weeks) * 7 / 2).days();
    // `[halls x slots]`: the meeting that may be joined, nearest to the middle.
    let joins: Vec<Vec<Option<(Date, usize)>>> = halls
        .iter()
        .map(|hall| {
            (0..n)
                .map(|slot| {
                    let day = middle(slot);
                    let from = day.saturating_sub(half).max(start);
                    nearest(&hall.wards, meetings, day, (from, day.saturating_add(half)))
                })
                .collect()
        })
        .collect();
    let worth = |hall: usize, slot: usize| {
        let waited = halls[hall].waited.map_or(NEVER, |months| i64::from(months).min(NEVER));
        let early = waited * (n - slot) as i64;
        early + if joins[hall][slot].is_some() { JOIN * n as i64 } else { 0 }
    };
    let table = Matrix::from_fn(n, n, |(hall, slot)| worth(hall, slot));
    let (_, slots) = kuhn_munkres(&table);
    slots
        .into_iter()
        .enumerate()
        .map(|(hall, slot)| match joins[hall][slot] {
            Some((day, meeting)) => Slot { day, join: Some(meeting) },
            None => Slot { day: weekday(middle(slot)), join: None },
        })
        .collect()
}

/// The open meeting in one of `wards` within `window` that is nearest to `day`.
fn nearest(
    wards: &[String],
    meetings: &[Meeting],
    day: Date,
    window: (Date, Date),
) -> Option<(Date, usize)> {
    let held = meetings.iter().enumerate().filter(|(_, meeting)| {
        meeting.open != Some(false) && meeting.ward.as_ref().is_some_and(|w| wards.contains(w))
    });
    held.flat_map(|(i, meeting)| {
        meeting.days(window.0, window.1).into_iter().map(move |day| (day, i))
    })
    .min_by_key(|(held, i)| ((*held - day).get_days().abs(), *held, *i))
}

/// The day itself, or the Wednesday of its week where it falls on a weekend.
fn weekday(day: Date) -> Date {
    let forward = match day.weekday() {
        Weekday::Saturday => 4,
        Weekday::Sunday => 3,
        _ => 0,
    };
    day.saturating_add(forward.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::meeting::Kind;

    fn meeting(ward: &str, first: Date, rule: &str, open: bool) -> Meeting {
        Meeting {
            title: "PACT".into(),
            organiser: String::new(),
            kind: Kind::Other,
            ward: Some(ward.into()),
            venue: None,
            place: None,
            first,
            start: None,
            recurrence: rule.parse().unwrap(),
            open: Some(open),
            audience: None,
            attended: None,
        }
    }

    fn hall(ward: &str, waited: Option<u32>) -> ToSchedule {
        ToSchedule { wards: vec![ward.into()], waited }
    }

    #[test]
    fn as_many_as_can_join_a_meeting_do() {
        // A can join in either half of the year, B in the first alone: B must come first.
        let diary = [
            meeting("A", date(2026, 4, 1), "once", true),
            meeting("A", date(2026, 10, 1), "once", true),
            meeting("B", date(2026, 4, 2), "once", true),
        ];
        let halls = [hall("A", None), hall("B", Some(3))];

        let slots = schedule(&halls, &diary, date(2026, 1, 1), 8);

        assert_eq!(slots[1], Slot { day: date(2026, 4, 2), join: Some(2) });
        assert_eq!(slots[0], Slot { day: date(2026, 10, 1), join: Some(1) });
    }

    #[test]
    fn those_who_waited_longest_come_first_and_no_meeting_is_on_a_weekend() {
        let halls = [hall("A", Some(2)), hall("B", None), hall("C", Some(40))];

        let slots = schedule(&halls, &[], date(2026, 1, 1), 8);

        assert!(slots[1].day < slots[2].day && slots[2].day < slots[0].day, "{slots:?}");
        let weekend = [Weekday::Saturday, Weekday::Sunday];
        assert!(slots.iter().all(|s| !weekend.contains(&s.day.weekday()) && s.join.is_none()));
    }

    #[test]
    fn closed_meetings_and_those_too_far_are_not_joined() {
        let diary = [
            meeting("A", date(2026, 7, 2), "once", false),
            meeting("A", date(2026, 9, 30), "once", true),
        ];

        let slots = schedule(&[hall("A", None)], &diary, date(2026, 1, 1), 8);

        assert_eq!(slots[0].join, None);
        assert!(schedule(&[], &diary, date(2026, 1, 1), 8).is_empty());
    }
}

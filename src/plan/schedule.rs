//! When to meet: chosen halls spread over the year, joining meetings that exist.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use pathfinding::prelude::{Matrix, kuhn_munkres};

use crate::meeting::Meeting;

/// One hall to be given a day.
#[derive(Debug, Clone, PartialEq)]
pub struct ToSchedule {
    /// Its name: a meeting that is held in it is joined before others.
    pub hall: String,
    /// Wards it serves: codes.
    pub wards: Vec<String>,
    /// Months since the partnership last met the public there; `None` if never.
    pub waited: Option<u32>,
}

/// A day for a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The day: that of the meeting to join, else the nearest to the middle of the slot that can do.
    pub day: Date,
    /// Which meeting of the diary may be joined.
    pub join: Option<usize>,
    /// The day and meeting that would have been joined but for the time it is held at.
    pub passed_over: Option<(Date, usize)>,
}

/// What joining a meeting is worth in the assignment, against one place earlier in the year.
const JOIN: i64 = 10_000_000;
/// What it is worth more where the meeting is held in the hall itself; 60 of these stay below one
/// more meeting joined.
const IN_HALL: i64 = 100_000;
/// Months that never having met counts for.
const NEVER: i64 = 600;

/// Gives each hall a part of the year from `start`, as many parts as halls. A hall whose wards have
/// an open meeting within `weeks` of the middle of its part (half before, half after) joins it;
/// as many as can do. Wards that have waited longest come first. `may_join` says whether a meeting of
/// the diary may be joined on a day: one that is held in peak hours may not. A meeting that is held in
/// another of the halls is left to that one, so that no hall is used twice, and one that two halls
/// would join on the same day is joined by the first of them.
///
/// A meeting of its own is on the day nearest to the middle of its part on which `may_meet` lets the
/// hall (by its place in `halls`) be used: in that week, else in the week before or after, within the
/// year; where there is none, on the middle itself.
///
/// The assignment is the best there is (Kuhn and Munkres), so no other order joins more, but for
/// meetings that two would join.
pub fn schedule(
    halls: &[ToSchedule],
    meetings: &[Meeting],
    start: Date,
    weeks: u32,
    may_join: &dyn Fn(usize, Date) -> bool,
    may_meet: &dyn Fn(usize, Date) -> bool,
) -> Vec<Slot> {
    let n = halls.len();
    if n == 0 {
        return Vec::new();
    }
    let middle = |slot: usize| {
        let days = (365 * (2 * slot as i64 + 1)) / (2 * n as i64);
        start.saturating_add(days.days())
    };
    let half = (i64::from(weeks) * 7 / 2).days();
    let join = |hall: &ToSchedule, slot: usize, may: &dyn Fn(usize, Date) -> bool| {
        let day = middle(slot);
        let from = day.saturating_sub(half).max(start);
        let may = |meeting: usize, day: Date| {
            let held = &meetings[meeting];
            may(meeting, day) && (is_in(held, hall) || !halls.iter().any(|one| is_in(held, one)))
        };
        nearest(hall, meetings, day, (from, day.saturating_add(half)), &may)
    };
    // `[halls x slots]`: the meeting that may be joined, nearest to the middle.
    let joins: Vec<Vec<Option<(Date, usize)>>> =
        halls.iter().map(|hall| (0..n).map(|slot| join(hall, slot, may_join)).collect()).collect();
    let worth = |hall: usize, slot: usize| {
        let waited = halls[hall].waited.map_or(NEVER, |months| i64::from(months).min(NEVER));
        let early = waited * (n - slot) as i64;
        let join = joins[hall][slot].map_or(0, |(_, meeting)| {
            JOIN + if is_in(&meetings[meeting], &halls[hall]) { IN_HALL } else { 0 }
        });
        early + join * n as i64
    };
    let table = Matrix::from_fn(n, n, |(hall, slot)| worth(hall, slot));
    let (_, slots) = kuhn_munkres(&table);
    let mut taken: Vec<(Date, usize)> = Vec::new();
    let mut given = |(hall, slot): (usize, usize)| {
        let is_free = |meeting, day| !taken.contains(&(day, meeting));
        let may = |meeting, day| is_free(meeting, day) && may_join(meeting, day);
        if let Some((day, meeting)) = join(&halls[hall], slot, &may) {
            taken.push((day, meeting));
            return Slot { day, join: Some(meeting), passed_over: None };
        }
        let passed_over = join(&halls[hall], slot, &is_free);
        let (wanted, may) = (weekday(middle(slot)), |day| may_meet(hall, day));
        Slot { day: own_day(wanted, start, &may).unwrap_or(wanted), join: None, passed_over }
    };
    slots.into_iter().enumerate().map(&mut given).collect()
}

/// Whether a meeting is held in this hall.
fn is_in(meeting: &Meeting, hall: &ToSchedule) -> bool {
    meeting.venue.as_ref().is_some_and(|venue| venue.eq_ignore_ascii_case(&hall.hall))
}

/// The open meeting in one of the hall's wards within `window` that may be joined: one that is held in the hall, then
/// the nearest to `day`.
fn nearest(
    hall: &ToSchedule,
    meetings: &[Meeting],
    day: Date,
    window: (Date, Date),
    may: &dyn Fn(usize, Date) -> bool,
) -> Option<(Date, usize)> {
    let held = meetings.iter().enumerate().filter(|(_, meeting)| {
        meeting.open != Some(false) && meeting.ward.as_ref().is_some_and(|w| hall.wards.contains(w))
    });
    held.flat_map(|(i, meeting)| {
        meeting.days(window.0, window.1).into_iter().map(move |day| (day, i))
    })
    .filter(|(day, i)| may(*i, *day))
    .min_by_key(|(held, i)| {
        (!is_in(&meetings[*i], hall), (*held - day).get_days().abs(), *held, *i)
    })
}

/// The day nearest to `wanted` that may be, of the year from `start` on: in its week, else in the
/// weeks on either side.
fn own_day(wanted: Date, start: Date, may: &dyn Fn(Date) -> bool) -> Option<Date> {
    let monday = wanted.saturating_sub(i64::from(wanted.weekday().to_monday_zero_offset()).days());
    let days = (-7..14).map(|n| (!(0..7).contains(&n), monday.saturating_add(i64::from(n).days())));
    let year = start..start.saturating_add(1.year());
    days.filter(|(_, day)| year.contains(day) && may(*day))
        .min_by_key(|(other_week, day)| (*other_week, (*day - wanted).get_days().abs(), *day))
        .map(|(_, day)| day)
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
        ToSchedule { hall: format!("{ward} Hall"), wards: vec![ward.into()], waited }
    }

    fn joined(day: Date, meeting: usize) -> Slot {
        Slot { day, join: Some(meeting), passed_over: None }
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

        let slots = schedule(&halls, &diary, date(2026, 1, 1), 8, &|_, _| true, &|_, _| true);

        assert_eq!(slots[1], joined(date(2026, 4, 2), 2));
        assert_eq!(slots[0], joined(date(2026, 10, 1), 1));
    }

    #[test]
    fn those_who_waited_longest_come_first_and_no_meeting_is_on_a_weekend() {
        let halls = [hall("A", Some(2)), hall("B", None), hall("C", Some(40))];

        let slots = schedule(&halls, &[], date(2026, 1, 1), 8, &|_, _| true, &|_, _| true);

        assert!(slots[1].day < slots[2].day && slots[2].day < slots[0].day, "{slots:?}");
        let weekend = [Weekday::Saturday, Weekday::Sunday];
        assert!(slots.iter().all(|s| !weekend.contains(&s.day.weekday()) && s.join.is_none()));
    }

    #[test]
    fn a_meeting_in_the_hall_itself_is_joined_before_a_nearer_one() {
        let mut here = meeting("A", date(2026, 7, 20), "once", true);
        here.venue = Some("A HALL".into());
        let diary = [meeting("A", date(2026, 7, 2), "once", true), here];

        let slots =
            schedule(&[hall("A", None)], &diary, date(2026, 1, 1), 8, &|_, _| true, &|_, _| true);

        assert_eq!(slots[0], joined(date(2026, 7, 20), 1));
    }

    #[test]
    fn a_meeting_that_may_not_be_joined_is_passed_over_for_another_or_named() {
        let diary = [
            meeting("A", date(2026, 7, 2), "once", true),
            meeting("A", date(2026, 7, 20), "once", true),
        ];
        let plan = |may: &dyn Fn(usize, Date) -> bool| {
            schedule(&[hall("A", None)], &diary, date(2026, 1, 1), 8, may, &|_, _| true).remove(0)
        };

        assert_eq!(plan(&|meeting, _| meeting != 0), joined(date(2026, 7, 20), 1));
        let none = plan(&|_, _| false);
        assert_eq!((none.join, none.passed_over), (None, Some((date(2026, 7, 2), 0))));
    }

    #[test]
    fn a_meeting_held_in_another_hall_of_the_plan_is_left_to_that_one() {
        let mut held = meeting("A", date(2026, 4, 1), "monthly", true);
        held.venue = Some("a hall".into());
        let other =
            ToSchedule { hall: "Second Hall".into(), wards: vec!["A".into()], waited: None };
        let plan = |halls: &[ToSchedule]| {
            schedule(
                halls,
                std::slice::from_ref(&held),
                date(2026, 1, 1),
                8,
                &|_, _| true,
                &|_, _| true,
            )
        };

        let both = plan(&[hall("A", None), other.clone()]);

        assert_eq!((both[0].join, both[1].join, both[1].passed_over), (Some(0), None, None));
        assert_eq!(plan(&[other])[0].join, Some(0), "nobody else of the plan is there");
    }

    #[test]
    fn a_meeting_that_two_halls_would_join_is_joined_once() {
        // Between the middles of the first two of eight parts, within four weeks of both.
        let diary = [meeting("A", date(2026, 2, 15), "once", true)];
        let mut halls =
            vec![hall("A", None), ToSchedule { hall: "Other".into(), ..hall("A", None) }];
        halls.extend(["B", "C", "D", "E", "F", "G"].map(|ward| hall(ward, Some(1))));

        let slots = schedule(&halls, &diary, date(2026, 1, 1), 8, &|_, _| true, &|_, _| true);

        assert_eq!(slots[0], joined(date(2026, 2, 15), 0));
        assert_eq!((slots[1].join, slots[1].passed_over), (None, None));
    }

    #[test]
    fn a_meeting_of_its_own_is_on_the_nearest_day_that_can_do() {
        let plan = |may: &dyn Fn(usize, Date) -> bool| {
            schedule(&[hall("A", None)], &[], date(2026, 1, 1), 8, &|_, _| true, may)[0].day
        };
        // The middle of 2026 is Thursday 2 July.
        assert_eq!(plan(&|_, _| true), date(2026, 7, 2));
        assert_eq!(plan(&|_, day| day.weekday() == Weekday::Monday), date(2026, 6, 29));
        assert_eq!(plan(&|_, day| day > date(2026, 7, 5)), date(2026, 7, 6));
        assert_eq!(plan(&|_, day| day < date(2026, 6, 24)), date(2026, 6, 23));
        assert_eq!(plan(&|_, _| false), date(2026, 7, 2));
    }

    #[test]
    fn closed_meetings_and_those_too_far_are_not_joined() {
        let diary = [
            meeting("A", date(2026, 7, 2), "once", false),
            meeting("A", date(2026, 9, 30), "once", true),
        ];

        let slots =
            schedule(&[hall("A", None)], &diary, date(2026, 1, 1), 8, &|_, _| true, &|_, _| true);

        assert_eq!(slots[0].join, None);
        assert!(schedule(&[], &diary, date(2026, 1, 1), 8, &|_, _| true, &|_, _| true).is_empty());
    }
}

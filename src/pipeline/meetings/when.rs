//! Which day and hour a meeting has, and why.

use jiff::civil::{Date, Time};

use crate::plan::Slot;

use super::peaks::{Start, start_for};
use super::words::Context;

/// A day as people say it: `Wed 4 March 2026`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%a %-d %B %Y").to_string()
}

/// The hour behind a day, where it is known: `, 18:00`.
pub(super) fn hour(start: Option<Time>) -> String {
    start.map_or(String::new(), |start| start.strftime(", %H:%M").to_string())
}

impl Context<'_> {
    /// When the partnership last met the public in these wards.
    pub fn visited(&self, wards: &[usize]) -> String {
        let name = |ward: usize| self.needs.wards[ward].name.as_str();
        let met = wards.iter().filter_map(|&ward| Some((ward, self.visits[ward]?)));
        let mut said: Vec<String> = met
            .map(|(ward, on)| {
                format!("the partnership last met the public in {} on {}", name(ward), day(on))
            })
            .collect();
        let never: Vec<&str> =
            wards.iter().filter(|&&w| self.visits[w].is_none()).map(|&w| name(w)).collect();
        if !never.is_empty() {
            let never = never.join(" or ");
            said.push(format!("the diary has no earlier meeting of the partnership in {never}"));
        }
        said.join("; ")
    }

    /// Day and hour of a hall's meeting, and why then.
    pub fn when(&self, slot: &Slot, wards: &[usize], venue: usize) -> (Date, Option<Time>, String) {
        let visited = match self.visited(wards) {
            none if none.is_empty() => none,
            said => format!("; {said}"),
        };
        if let Some(meeting) = slot.join {
            let why = self.joining(meeting, slot.day, &self.data.venues[venue].name);
            let start = self.data.meetings[meeting].start;
            return (slot.day, start, format!("{why} (diary){visited}."));
        }
        let lead = match slot.passed_over {
            Some((on, meeting)) => {
                let meeting = &self.data.meetings[meeting];
                format!(
                    "\"{}\" on {}{} is in the peak hours of its place",
                    meeting.title,
                    day(on),
                    hour(meeting.start)
                )
            }
            None => format!(
                "No open meeting of the diary can be joined in the ward within {} weeks about this day",
                self.rule.join_weeks
            ),
        };
        let (on, start, clause) = self.own_hour(slot.day, venue);
        let why = format!("{lead}, so it would be a meeting of its own{clause}{visited}.");
        (on, start, why)
    }

    /// Day and hour of a meeting of its own in the week of `day`, and what that hour keeps out of.
    fn own_hour(&self, day: Date, venue: usize) -> (Date, Option<Time>, String) {
        match start_for(&self.peaks.halls[venue], day, self.from, self.rule) {
            Start::Open => (day, None, String::new()),
            Start::Quiet(on, at) => {
                let clause =
                    format!(", at {}, outside the hall's peak hours", at.strftime("%H:%M"));
                (on, Some(at), clause)
            }
            Start::NoneQuiet => {
                let (first, last) = (self.rule.start_from, self.rule.start_to);
                let clause = format!(
                    ", its hour left open: each from {first:02}:00 to {last:02}:00 is among the hall's \
                     peak hours"
                );
                (day, None, clause)
            }
        }
    }

    fn joining(&self, meeting: usize, on: Date, hall: &str) -> String {
        let at_peak = self.peaks.joins_at_peak(self.data, meeting, on, self.rule.hours);
        let quiet = if at_peak == Some(false) { ", outside the peak hours there" } else { "" };
        let meeting = &self.data.meetings[meeting];
        let by = if meeting.organiser.is_empty() {
            String::new()
        } else {
            format!(" of {}", meeting.organiser)
        };
        let at = match &meeting.venue {
            Some(at) if at.eq_ignore_ascii_case(hall) => ", held in this hall".to_owned(),
            Some(at) => format!(", held at {at} and not in this hall"),
            None => String::new(),
        };
        let open = if meeting.open.is_none() { ", if the public may come" } else { "" };
        format!("It can join \"{}\"{by}{at}{quiet}{open}", meeting.title)
    }
}

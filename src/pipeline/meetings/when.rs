//! Which day and hour a meeting has, and why.

use jiff::civil::{Date, Time};

use crate::pipeline::english::meetings as say;
use crate::plan::Slot;

use super::peaks::{Start, start_for};
use super::words::Context;

impl Context<'_> {
    fn has_diary(&self) -> bool {
        !self.data.meetings.is_empty()
    }

    /// When the partnership last met the public in these wards; nothing where no diary says so.
    pub fn visited(&self, wards: &[usize]) -> String {
        let name = |ward: usize| self.needs.wards[ward].name.as_str();
        let met = wards.iter().filter_map(|&ward| Some((ward, self.visits[ward]?)));
        let mut said: Vec<String> = met.map(|(ward, on)| say::last_met(name(ward), on)).collect();
        let never: Vec<&str> =
            wards.iter().filter(|&&w| self.visits[w].is_none()).map(|&w| name(w)).collect();
        if !never.is_empty() && self.has_diary() {
            said.push(say::never_met(&never));
        }
        said.join("; ")
    }

    /// Day and hour of a hall's meeting, and why then.
    pub fn when(&self, slot: &Slot, wards: &[usize], venue: usize) -> (Date, Option<Time>, String) {
        let visited = self.visited(wards);
        if let Some(meeting) = slot.join {
            let why = self.joining(meeting, slot.day, &self.data.venues[venue].name);
            let start = self.data.meetings[meeting].start;
            return (slot.day, start, say::diary(&why, &visited));
        }
        let lead = match slot.passed_over {
            Some((on, meeting)) => {
                let meeting = &self.data.meetings[meeting];
                say::at_peak(&meeting.title, on, meeting.start)
            }
            None if self.has_diary() => say::none_to_join(self.rule.join_weeks),
            None => say::NO_DIARY_HELD.to_owned(),
        };
        let (on, start, clause) = self.own_hour(slot.day, venue);
        let open = if self.data.venues[venue].opens_on(on.weekday()) == Some(true) {
            say::OPEN_BY_LIST
        } else {
            ""
        };
        let why = say::of_its_own(&lead, &format!("{clause}{open}"), &visited);
        (on, start, why)
    }

    /// Day and hour of a meeting of its own in the week of `day`, and what that hour keeps out of.
    fn own_hour(&self, day: Date, venue: usize) -> (Date, Option<Time>, String) {
        let may_meet = |on: Date| self.data.venues[venue].may_meet(on);
        match start_for(&self.peaks.halls[venue], day, self.from, self.rule, &may_meet) {
            Start::Open => (day, None, String::new()),
            Start::Quiet(on, at) => (on, Some(at), say::quiet_at(at)),
            Start::NoneQuiet => {
                let (first, last) = (self.rule.start_from, self.rule.start_to);
                (day, None, say::none_quiet(first, last))
            }
        }
    }

    fn joining(&self, meeting: usize, on: Date, hall: &str) -> String {
        let at_peak = self.peaks.joins_at_peak(self.data, meeting, on, self.rule.hours);
        let meeting = &self.data.meetings[meeting];
        let held = match &meeting.venue {
            Some(at) if at.eq_ignore_ascii_case(hall) => say::Held::Here,
            Some(at) => say::Held::At(at),
            None => say::Held::Unknown,
        };
        let quiet = at_peak == Some(false);
        say::joining(&meeting.title, &meeting.organiser, &held, quiet, meeting.open.is_none())
    }
}

//! When a record happened: from its dates and times, its month, or the day it was recorded.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use crate::incident::Flags;
use crate::read::Candidate;
use crate::read::dates::{self, DateFault, Stamp, is_missing};
use crate::read::times::minutes;
use crate::time::{Month, is_clock_change};
use crate::workspace::{CountBy, DateForm, Field};

use super::english::reason as say;
use super::ledger::Reason;
use super::row::Rules;

/// A record made known this many days after it happened is late.
const LATE_DAYS: i32 = 90;

/// A span longer than this says nothing about the hour.
const LONGEST_SPAN_HOURS: i64 = 24;

/// When a record happened.
pub(super) struct When {
    pub(super) month: Month,
    pub(super) from: Option<DateTime>,
    pub(super) to: Option<DateTime>,
    pub(super) flags: Flags,
}

/// Reads the dates of a file, which are in one form.
pub(super) struct Clock<'a> {
    pub(super) rules: &'a Rules<'a>,
    pub(super) form: DateForm,
}

impl Clock<'_> {
    /// When `candidate` happened, with what is to be said of it; or why that cannot be told.
    pub(super) fn when(
        &self,
        candidate: &Candidate<'_>,
        notes: &mut Vec<(Reason, String)>,
    ) -> Result<When, (Reason, String)> {
        let month_text = candidate.get(Field::Month);
        if !month_text.is_empty() && candidate.get(Field::Date).is_empty() {
            let latest = self.rules.latest.map(Month::of);
            return match dates::parse_month(month_text) {
                Ok(month) if latest.is_some_and(|latest| month > latest) => {
                    Err((Reason::FutureDate, month_text.to_owned()))
                }
                Ok(month) => Ok(When { month, from: None, to: None, flags: Flags::default() }),
                Err(DateFault::Unread) => Err((Reason::UnreadDate, month_text.to_owned())),
                Err(_) => Err((Reason::NoDate, month_text.to_owned())),
            };
        }
        let date_text = candidate.get(Field::Date);
        let from = match self.stamp(candidate, Field::Date, Field::Time) {
            Ok(stamp) if self.is_to_come(stamp) => {
                return Err((Reason::FutureDate, date_text.to_owned()));
            }
            Ok(stamp) => Some(stamp),
            Err(DateFault::Unread) => return Err((Reason::UnreadDate, date_text.to_owned())),
            Err(fault) => {
                if fault == DateFault::Damaged {
                    notes.push((Reason::Damaged, date_text.to_owned()));
                }
                None
            }
        };
        let to = self.stamp(candidate, Field::DateTo, Field::TimeTo).ok();
        let to = self.unless_to_come(to, candidate.get(Field::DateTo), notes);
        let Some(from) = from.or(to) else {
            // The event has no date of its own: the day it was recorded gives the month.
            let text = candidate.get(Field::Recorded);
            return match dates::parse(text, self.form) {
                Ok(stamp) if self.is_to_come(stamp) => Err((Reason::FutureDate, text.to_owned())),
                Ok(stamp) => {
                    notes.push((Reason::RecordedUsed, text.to_owned()));
                    let month = Month::of(stamp.date);
                    Ok(When { month, from: None, to: None, flags: Flags::TIME_UNKNOWN })
                }
                Err(DateFault::Unread) => Err((Reason::UnreadDate, text.to_owned())),
                Err(_) => Err((Reason::NoDate, date_text.to_owned())),
            };
        };
        let (mut start, mut end) = (from, to);
        if let Some(stamp) = to {
            let reversed = stamp.moment() < from.moment();
            let date_only = stamp.minutes.is_none() && from.minutes.is_none();
            if reversed && date_only {
                notes.push((Reason::SpanSwapped, candidate.get(Field::DateTo).to_owned()));
                (start, end) = (stamp, Some(from));
            } else if reversed && !(stamp.minutes.is_none() && stamp.date == from.date) {
                notes.push((Reason::EndBeforeStart, candidate.get(Field::DateTo).to_owned()));
                end = None;
            } else if reversed {
                end = None;
            }
        }
        let (begun, ended) = (start.moment(), end.and_then(Stamp::moment));
        let mut flags = Flags::default();
        if start.minutes.is_none() {
            flags = Flags::TIME_UNKNOWN;
            notes.push((Reason::TimeUnknown, candidate.get(Field::Date).to_owned()));
        } else if let Some(begun) = begun {
            flags = flags.with(self.hour(begun, ended, notes));
        }
        let recorded = dates::parse(candidate.get(Field::Recorded), self.form).ok();
        let recorded = self.unless_to_come(recorded, candidate.get(Field::Recorded), notes);
        let lag = recorded.map(|recorded| days_between(start.date, recorded.date));
        if lag.is_some_and(|days| days > LATE_DAYS) {
            notes.push((Reason::RecordedLate, candidate.get(Field::Recorded).to_owned()));
        }
        let counted = match (self.rules.count_by, recorded) {
            (CountBy::Recorded, Some(recorded)) => recorded.date,
            _ => start.date,
        };
        Ok(When { month: Month::of(counted), from: begun, to: ended, flags })
    }

    /// Whether `stamp` lies after the last day on which a record can have happened.
    fn is_to_come(&self, stamp: Stamp) -> bool {
        self.rules.latest.is_some_and(|latest| stamp.date > latest)
    }

    /// A date that is not the record's own, unless it is still to come.
    fn unless_to_come(
        &self,
        stamp: Option<Stamp>,
        text: &str,
        notes: &mut Vec<(Reason, String)>,
    ) -> Option<Stamp> {
        let to_come = stamp.is_some_and(|stamp| self.is_to_come(stamp));
        if to_come {
            notes.push((Reason::FutureEnd, text.to_owned()));
        }
        stamp.filter(|_| !to_come)
    }

    fn stamp(
        &self,
        candidate: &Candidate<'_>,
        day: Field,
        time: Field,
    ) -> Result<Stamp, DateFault> {
        let mut stamp = dates::parse(candidate.get(day), self.form)?;
        let text = candidate.get(time);
        if stamp.minutes.is_none() && !is_missing(text) {
            stamp.minutes = minutes(text);
        }
        Ok(stamp)
    }

    /// What the hour of a record says of it: in no hour table, in the hour the clocks change, in the
    /// night-time band.
    fn hour(
        &self,
        begun: DateTime,
        ended: Option<DateTime>,
        notes: &mut Vec<(Reason, String)>,
    ) -> Flags {
        let long = ended.is_some_and(|ended| {
            begun.checked_add(LONGEST_SPAN_HOURS.hours()).is_ok_and(|limit| ended > limit)
        });
        if long {
            notes.push((Reason::LongSpan, String::new()));
            return Flags::LONG_SPAN;
        }
        if is_clock_change(begun) {
            notes.push((Reason::ClockChange, begun.to_string()));
        }
        match self.rules.night.night_of_span(begun, ended) {
            Some(night) => {
                notes.push((Reason::NightTime, say::night_of(night)));
                Flags::NIGHT_TIME
            }
            None => Flags::default(),
        }
    }
}

/// Days from one date to a later one; below zero if it is earlier.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

//! At what hours most is recorded round a hall: nobody should be asked to walk there then.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use rayon::prelude::*;

use crate::crs::Bng;
use crate::incident::{CrimeTypes, Group};
use crate::index::PointIndex;
use crate::pipeline::english::meetings as say;
use crate::pipeline::ground::mappable;
use crate::pipeline::hours::{FEWEST_TIMED, Hours};
use crate::stats::time_of_day::{Peak, peak};
use crate::store::Dataset;
use crate::time::Window;
use crate::workspace::{NeedRule, PlanningRule};

/// Hours of a week.
const WEEK: usize = 168;
/// Letters past which a list of hours is not read.
const LONG: usize = 60;

/// Hours of the incidents near one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NearHours {
    /// Incidents near it.
    pub records: u64,
    /// Those with a time of day.
    pub timed: u64,
    /// The fewest hours of the week that hold the rule's share of them; `None` where too few have a
    /// time to say.
    pub peak: Option<Peak>,
    /// The days and hours that stand out most, in words.
    foremost: Option<String>,
}

impl NearHours {
    /// Whether a meeting of so many hours from `start` on would lie in peak hours; `None` where they
    /// are not known.
    pub fn is_peak(&self, day: Date, start: Time, hours: f64) -> Option<bool> {
        let peak = self.peak.as_ref()?;
        let first = weekday_of(day) * 24 + usize::from(start.hour().unsigned_abs());
        let minutes = f64::from(start.minute()) + hours * 60.0;
        let n = ((minutes / 60.0).ceil() as usize).max(1);
        Some((first..first + n).any(|hour| peak.hours.binary_search(&(hour % WEEK)).is_ok()))
    }

    /// Peak hours as a card has them: `Fri 20:00-24:00: half of the 40 with a time, of 90 incidents
    /// within 250 m`.
    pub fn in_words(&self, rule: &PlanningRule) -> String {
        let near = say::near(self.records, rule.peak_within.get());
        match &self.peak {
            Some(peak) => say::peak(&self.hours_words(peak), rule.peak_share, self.timed, &near),
            None => say::peak_not_known(self.timed, &near),
        }
    }

    /// The hours alone; where they are many, the days and hours that stand out among them.
    fn hours_words(&self, peak: &Peak) -> String {
        let all = peak.in_words();
        match &self.foremost {
            Some(block) if all.len() > LONG => say::foremost(block, peak.hours.len()),
            _ => all,
        }
    }
}

fn weekday_of(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// Hours near every hall and every place of the diary.
#[derive(Debug, Default)]
pub(super) struct PeakHours {
    /// `[n_venues]`.
    pub halls: Vec<NearHours>,
    /// `[n_meetings]`: `None` where the diary does not say where it is held.
    meetings: Vec<Option<NearHours>>,
}

impl PeakHours {
    /// Of crime and anti-social behaviour in the window, without the kinds that need leaves out.
    pub fn of(data: &Dataset, window: Window, need: &NeedRule, rule: &PlanningRule) -> Self {
        let incidents = &data.incidents;
        let counts = |i: usize| {
            let one = incidents.crime_type(i);
            matches!(one.get().group, Group::Crime | Group::Asb)
                && !need.leave_out.iter().any(|out| out.contains(one))
        };
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        for i in incidents.rows(CrimeTypes::All, window).filter(|&i| counts(i)) {
            if let Some(place) = mappable(incidents, i, rule.peak_within) {
                rows.push(i);
                places.push(place);
            }
        }
        let index = PointIndex::for_radius(&places, rule.peak_within);
        let near = |place: Bng| {
            let near = index.within(place, rule.peak_within);
            let mut near: Vec<usize> = near.into_iter().map(|at| rows[at]).collect();
            near.sort_unstable();
            let records = near.len() as u64;
            match Hours::of(incidents, near.into_iter()) {
                Some(hours) => NearHours {
                    records,
                    timed: hours.timed,
                    peak: (hours.timed >= FEWEST_TIMED && rule.peak_share > 0.0)
                        .then(|| peak(&hours.weights, rule.peak_share))
                        .flatten(),
                    foremost: hours.block.map(|block| block.in_words()),
                },
                None => NearHours { records, ..NearHours::default() },
            }
        };
        let halls: Vec<NearHours> = data.venues.par_iter().map(|hall| near(hall.place)).collect();
        let meetings = data.meetings.par_iter().map(|meeting| meeting.place.map(near)).collect();
        Self { halls, meetings }
    }

    /// Hours near where a meeting is held: at the place of the one that is joined, else in the hall.
    pub fn of_meeting(&self, hall: usize, join: Option<usize>) -> &NearHours {
        let joined = join.and_then(|meeting| self.meetings[meeting].as_ref());
        joined.unwrap_or(&self.halls[hall])
    }

    /// Whether joining a meeting of the diary on a day would be in the peak hours of where it is
    /// held; `None` where its start or those hours are not known.
    pub fn joins_at_peak(
        &self,
        data: &Dataset,
        meeting: usize,
        day: Date,
        hours: f64,
    ) -> Option<bool> {
        self.meetings[meeting].as_ref()?.is_peak(day, data.meetings[meeting].start?, hours)
    }

    /// Whether the usual start is free of a hall's peak hours on any weekday; `None` where they are
    /// not known.
    pub fn is_quiet(&self, hall: usize, rule: &PlanningRule) -> Option<bool> {
        let near = &self.halls[hall];
        near.peak.as_ref()?;
        // Any week will do: hours of the week are all that matter.
        let monday = Date::constant(2024, 1, 1);
        let start = at_hour(rule.start);
        Some((0..5).any(|day| {
            near.is_peak(monday.saturating_add(day.days()), start, rule.hours) == Some(false)
        }))
    }
}

fn at_hour(hour: u8) -> Time {
    Time::constant(0, 0, 0, 0).saturating_add(i64::from(hour).hours())
}

/// When a meeting of its own may be held in a hall, in the week of `day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Peak hours are not known: the day stays, and the hour is left open.
    Open,
    /// Outside peak hours.
    Quiet(Date, Time),
    /// Every hour at which a meeting may start is among them.
    NoneQuiet,
}

/// The start nearest to the usual hour that is outside the hall's peak hours on a weekday of the
/// week of `day` on which `may_meet`, not before `first`; of equals the day nearest to `day`.
pub(super) fn start_for(
    near: &NearHours,
    day: Date,
    first: Date,
    rule: &PlanningRule,
    may_meet: &dyn Fn(Date) -> bool,
) -> Start {
    if near.peak.is_none() {
        return Start::Open;
    }
    let monday = day.saturating_sub((weekday_of(day) as i64).days());
    let days = (0..5)
        .map(|n| monday.saturating_add(n.days()))
        .filter(|on| *on >= first && (may_meet(*on) || *on == day));
    let hours = rule.start_from..=rule.start_to;
    days.flat_map(|on| hours.clone().map(move |hour| (on, hour)))
        .filter(|(on, hour)| near.is_peak(*on, at_hour(*hour), rule.hours) == Some(false))
        .min_by_key(|(on, hour)| {
            (hour.abs_diff(rule.start), (*on - day).get_days().abs(), *on, *hour)
        })
        .map_or(Start::NoneQuiet, |(on, hour)| Start::Quiet(on, at_hour(hour)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Peak hours on the given days and hours of the week.
    fn near(hours: impl IntoIterator<Item = (usize, usize)>) -> NearHours {
        let mut hours: Vec<usize> = hours.into_iter().map(|(day, hour)| day * 24 + hour).collect();
        hours.sort_unstable();
        let peak = Some(Peak { hours, share: 0.5 });
        NearHours { records: 60, timed: 40, peak, foremost: Some("Wed, 18:00 to 20:00".into()) }
    }

    const WEDNESDAY: Date = date(2026, 3, 4);

    #[test]
    fn a_meeting_is_at_peak_if_any_of_its_hours_is() {
        let late = near([(2, 19), (6, 23)]);
        let is_peak =
            |day, hour, minute, hours| late.is_peak(day, Time::constant(hour, minute, 0, 0), hours);

        assert_eq!(is_peak(WEDNESDAY, 17, 0, 2.0), Some(false));
        assert_eq!(is_peak(WEDNESDAY, 17, 30, 2.0), Some(true));
        assert_eq!(is_peak(date(2026, 3, 5), 19, 0, 2.0), Some(false));
        // Past midnight from Sunday to Monday, which begins the week.
        assert_eq!(
            near([(0, 0)]).is_peak(date(2026, 3, 8), Time::constant(23, 0, 0, 0), 2.0),
            Some(true)
        );
        assert_eq!(NearHours::default().is_peak(WEDNESDAY, Time::midnight(), 2.0), None);
    }

    #[test]
    fn the_usual_hour_is_kept_on_another_day_before_the_hour_moves() {
        let rule = PlanningRule::default();
        let first = date(2026, 1, 1);
        let start = |near: &NearHours| start_for(near, WEDNESDAY, first, &rule, &|_| true);
        let six = Time::constant(18, 0, 0, 0);

        assert_eq!(start(&near([(4, 18)])), Start::Quiet(WEDNESDAY, six));
        assert_eq!(start(&near([(2, 18), (1, 18)])), Start::Quiet(date(2026, 3, 5), six));
        let evenings = near((0..7).flat_map(|day| (17..22).map(move |hour| (day, hour))));
        assert_eq!(start(&evenings), Start::Quiet(WEDNESDAY, Time::constant(15, 0, 0, 0)));
        let always = near((0..7).flat_map(|day| (0..24).map(move |hour| (day, hour))));
        assert_eq!(start(&always), Start::NoneQuiet);
        assert_eq!(start(&NearHours::default()), Start::Open);
        let thursday = date(2026, 3, 5);
        let mondays = |on: Date| on.weekday() == jiff::civil::Weekday::Monday;
        let moved = start_for(&near([(3, 18)]), thursday, first, &rule, &mondays);
        assert_eq!(moved, Start::Quiet(date(2026, 3, 2), six));
        // The year begins on the Thursday.
        let late = start_for(&near([(3, 18)]), date(2026, 1, 1), first, &rule, &|_| true);
        assert_eq!(late, Start::Quiet(date(2026, 1, 2), six));
    }

    #[test]
    fn what_is_known_of_the_hours_is_said() {
        let rule = PlanningRule::default();

        let few = NearHours { records: 9, timed: 3, ..NearHours::default() };

        assert_eq!(
            near([(2, 18), (2, 19)]).in_words(&rule),
            "Wed 18:00-20:00: half of the 40 with a time of day, of 60 incidents within 250 m"
        );
        let many = near((0..5).flat_map(|day| [(day, 9), (day, 18)])).in_words(&rule);
        assert!(
            many.starts_with("Wed, 18:00 to 20:00 foremost (10 hours of the week in all)"),
            "{many}"
        );
        assert!(few.in_words(&rule).contains("only 3 have a time"), "{}", few.in_words(&rule));
        assert!(NearHours::default().in_words(&rule).contains("none has a time"));
    }
}

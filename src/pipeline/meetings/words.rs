//! What a plan of meetings says: reasons made from facts, each with its metric, window and source.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::layer::words::{ordinal, thousands};
use crate::pipeline::english::{INVENTED, meetings as say, plan as made};
use crate::pipeline::hours::FEWEST_TIMED;
use crate::plan::{Choice, Distances, Need, Slot};
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::time::Window;
use crate::workspace::{NeedRule, PlanningRule};

use super::demand::Demand;
use super::halls::Gate;
use super::peaks::PeakHours;
use super::sheet::rank_words;
use super::{Alternative, Model, Suggestion, WardNeed, WardNeeds};

/// Source of residents, as files of it are listed.
const POPULATION: &str = "population";
/// Alternatives that are named for each choice.
const ALTERNATIVES: usize = 3;

/// What every sentence may rest on.
pub(super) struct Context<'a> {
    pub data: &'a Dataset,
    pub needs: &'a WardNeeds,
    pub visits: &'a [Option<Date>],
    pub window: Window,
    /// First day of the year that is planned.
    pub from: Date,
    pub walk: Metres,
    pub rule: &'a PlanningRule,
    pub demand: &'a Demand,
    pub peaks: &'a PeakHours,
    pub distances: &'a Distances,
    pub how_walked: &'a str,
    pub gate: &'a Gate,
    pub serving: &'a [(usize, Vec<usize>)],
}

impl Context<'_> {
    fn sources(&self) -> String {
        let incidents = &self.data.incidents;
        let rows = incidents.rows(crate::incident::CrimeTypes::All, self.window);
        let sources: BTreeSet<&str> = rows.map(|i| incidents.source(i)).collect();
        sources.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// Files that residents were read from.
    fn residents_source(&self) -> String {
        let files = self.data.provenance.files.iter().filter(|file| file.source == POPULATION);
        let mut names: Vec<&str> = files.map(|file| file.file.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() { say::THE_BOUNDARIES.to_owned() } else { names.join(", ") }
    }

    fn within(&self, point: usize, sites: &[usize]) -> bool {
        sites.iter().any(|&site| self.distances.of(point)[site] <= self.walk.get())
    }

    /// Demand within the walk of any of the sites.
    pub(super) fn reached(&self, sites: &[usize]) -> f64 {
        let points = 0..self.demand.places.len();
        points.filter(|&i| self.within(i, sites)).map(|i| self.demand.weights[i]).sum()
    }

    /// Residents within the walk of any of the sites, and all residents.
    pub(super) fn residents_reached(&self, sites: &[usize]) -> (f64, f64) {
        let near = (0..self.demand.places.len()).filter(|&i| self.within(i, sites));
        let residents = &self.demand.residents;
        (near.map(|i| residents[i]).sum(), residents.iter().sum())
    }

    fn need(&self, wards: &[usize], sources: &str) -> String {
        let Some(&first) = wards.first() else {
            return say::IN_NO_WARD.to_owned();
        };
        let (ward, of) = (&self.needs.wards[first], self.needs.wards.len());
        let both = say::both(
            &ward.name,
            of,
            (&place(&ward.crime), ward.crime.count),
            (&place(&ward.asb), ward.asb.count),
            &self.window.label(),
            sources,
        );
        if !ward.higher {
            return say::for_reach(&both);
        }
        let also: Vec<&str> =
            wards[1..].iter().map(|&w| self.needs.wards[w].name.as_str()).collect();
        say::for_need(&both, &also)
    }

    /// What the ranks of town centres among the wards rest on; nothing where there are none.
    fn centres(&self, wards: &[usize]) -> Option<String> {
        let wards = wards.iter().map(|&ward| &self.needs.wards[ward]);
        let said: Vec<String> = wards
            .filter(|ward| ward.centre)
            .map(|ward| {
                let [crime, asb] = ward.without_centre.map(|rank| ordinal(i64::from(rank)));
                say::centre(&ward.name, &crime, &asb, &by_day(ward))
            })
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The hall nearest to the middle of a ward's residents, in words.
    fn nearest(&self, ward: usize) -> String {
        let Some(middle) = self.demand.middle(ward) else { return String::new() };
        let halls = self.gate.eligible.iter().map(|&venue| &self.data.venues[venue]);
        let near = halls.map(|hall| (middle.distance(hall.place), hall));
        near.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(String::new(), |(metres, hall)| {
            say::nearest(&hall.full_name(), &distance(metres))
        })
    }

    /// Halls that could take the place of `site`, with the demand that would be lost.
    fn alternatives(&self, site: usize, chosen: &[usize]) -> Vec<Alternative> {
        let all = self.reached(chosen);
        let others: Vec<usize> = chosen.iter().copied().filter(|&s| s != site).collect();
        let served = |sites: &[usize]| {
            self.serving.iter().filter(|(_, own)| own.iter().any(|s| sites.contains(s))).count()
        };
        let wanted = served(chosen);
        let mut found: Vec<Alternative> = (0..self.gate.eligible.len())
            .filter(|other| !chosen.contains(other))
            .map(|other| [others.as_slice(), &[other]].concat())
            .filter(|sites| served(sites) >= wanted)
            .map(|sites| {
                let venue = self.gate.eligible[sites[sites.len() - 1]];
                let at_peak = self.peaks.is_quiet(venue, self.rule) == Some(false);
                Alternative { venue, lost: all - self.reached(&sites), at_peak }
            })
            .collect();
        found.sort_by(|a, b| a.lost.total_cmp(&b.lost).then(a.venue.cmp(&b.venue)));
        found.truncate(ALTERNATIVES);
        found
    }
}

/// What the rates of a town centre become where those who are there on a working day are counted.
pub fn by_day(ward: &WardNeed) -> String {
    let [Some(crime), Some(asb)] = ward.day_rates else { return String::new() };
    let [by_residents, asb_by_residents] = ward.rates.map(|rate| rate.map(|rate| rate.value.get()));
    say::by_day([(crime.value.get(), by_residents), (asb.value.get(), asb_by_residents)])
}

/// The places that a rank may hold, in a sentence: `between 1st and 3rd`, `joint 6th`.
fn place(need: &Need) -> String {
    if need.low == need.high {
        return rank_words(need);
    }
    let (low, high) = (ordinal(i64::from(need.low)), ordinal(i64::from(need.high)));
    say::between(&low, &high)
}

/// One chosen site with all that is said of it.
pub(super) fn suggestion(
    site: usize,
    slot: &Slot,
    wards: Vec<usize>,
    chosen: &[usize],
    context: &Context<'_>,
) -> Suggestion {
    let venue = context.gate.eligible[site];
    let hall = &context.data.venues[venue];
    let others: Vec<usize> = chosen.iter().copied().filter(|&s| s != site).collect();
    let near = |alone: bool| -> f64 {
        (0..context.demand.places.len())
            .filter(|&i| context.within(i, &[site]) && !(alone && context.within(i, &others)))
            .map(|i| context.demand.residents[i])
            .sum()
    };
    let (residents, alone) = (near(false), near(true));
    let middle = wards.first().and_then(|&ward| context.demand.middle(ward));
    let from_middle = middle.map(|middle| Metres::new(middle.distance(hall.place)));
    let from = from_middle.map(|metres| distance(metres.get()));
    let alone = (residents - alone >= 50.0).then(|| rounded(alone, 100.0));
    let reach = say::reach(
        &about(residents),
        (context.walk.get(), context.how_walked),
        POPULATION,
        alone.as_deref(),
        from.as_deref(),
    );
    let ward = wards.first().map(|&ward| &context.needs.wards[ward]);
    let why = match ward {
        Some(ward) if ward.higher => say::more_reported(&context.window.label()),
        _ => say::MANY_CAN_WALK.to_owned(),
    };
    let (on, start, when) = context.when(slot, &wards, venue);
    let hours = context.peaks.of_meeting(venue, slot.join).clone();
    let mut unknown = hall.unknown();
    if hours.peak.is_none() && context.rule.peak_share > 0.0 {
        unknown.push(say::PEAK_HOURS);
    }
    let joined = slot.join.and_then(|i| context.data.meetings[i].venue.as_ref());
    let elsewhere = joined.filter(|at| !at.eq_ignore_ascii_case(&hall.name)).cloned();
    let area = ward.map_or(say::YOUR_AREA, |ward| ward.name.as_str());
    let with = slot.join.map(|i| say::part_of(&context.data.meetings[i].title));
    let public = [Some(say::come_and_talk(area, &why)), with];
    let public = public.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Suggestion {
        venue,
        day: on,
        start,
        hours,
        centre: context.centres(&wards),
        join: slot.join,
        elsewhere,
        from_middle,
        residents,
        reasons: vec![context.need(&wards, &context.sources()), reach, when],
        public,
        unknown,
        alternatives: context.alternatives(site, chosen),
        locked: context.gate.locked.contains(&site),
        wards,
    }
}

/// Residents as people say them: `About 7,400 residents`, `About 40 residents`, `No residents`.
fn about(residents: f64) -> String {
    let step = if residents < 1_000.0 { 10.0 } else { 100.0 };
    say::about(&rounded(residents, step))
}

/// A distance as people say it: `650 m`, `2.2 km`.
fn distance(metres: f64) -> String {
    if metres < 995.0 {
        format!("{} m", rounded(metres, 10.0))
    } else {
        format!("{:.1} km", metres / 1_000.0)
    }
}

/// A number as people say it: to the nearest `step`.
pub(super) fn rounded(number: f64, step: f64) -> String {
    thousands(((number / step).round() * step) as i64)
}

/// Wards of higher need that no chosen hall serves, and why.
pub(super) fn not_reached(chosen: &[usize], context: &Context<'_>) -> Vec<(usize, String)> {
    let unserved = context.serving.iter().filter(|(_, s)| !s.iter().any(|s| chosen.contains(s)));
    unserved
        .map(|(ward, sites)| {
            let visited = context.visited(&[*ward]);
            let why = if sites.is_empty() {
                let near = context.rule.near_hotspot.to_string();
                say::no_hall(&near, &context.nearest(*ward), &visited)
            } else {
                say::used_up(sites.len(), &visited)
            };
            (*ward, why)
        })
        .collect()
}

/// How the plan was made.
pub(super) fn methods(
    context: &Context<'_>,
    need: &NeedRule,
    model: Model,
    (choice, reached, greedy): (&Choice, f64, f64),
) -> Vec<(String, String)> {
    let rule = context.rule;
    let left: Vec<&str> = need.leave_out.iter().map(|types| types.label()).collect();
    let gap = (!choice.is_proven()).then_some(choice.gap);
    let (needs, files) = (context.needs, context.residents_source());
    [
        made::need(&needs.weights_words(), needs.top, needs.wards.len()),
        made::known(&needs.how_known),
        made::left_out(&left),
        made::reach(&context.demand.how, POPULATION, &files, rule.elsewhere),
        made::choice(model, rule, context.how_walked, gap, reached - greedy),
        made::points(rule),
        made::days(),
        made::hours(rule, FEWEST_TIMED),
    ]
    .into_iter()
    .map(|(what, how)| (what.to_owned(), how))
    .collect()
}

/// What the reader must know.
pub(super) fn notes(context: &Context<'_>, choice: &Choice, k: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if context.data.fictional {
        notes.push(INVENTED.to_owned());
    }
    if choice.sites.len() < k {
        notes.push(say::only_planned(k, choice.sites.len()));
    }
    if !choice.is_proven() {
        notes.push(say::better_with_time(choice.gap));
    }
    let unknown = choice
        .sites
        .iter()
        .filter(|&&s| context.data.venues[context.gate.eligible[s]].facts.step_free.is_none())
        .count();
    if unknown > 0 {
        notes.push(say::step_free_unknown(unknown, choice.sites.len()));
    }
    if context.data.meetings.is_empty() {
        notes.push(say::NO_DIARY.to_owned());
    }
    let unheard =
        choice.sites.iter().map(|&site| &context.peaks.halls[context.gate.eligible[site]]);
    let unheard = unheard.filter(|near| near.peak.is_none()).count();
    if unheard > 0 && context.rule.peak_share > 0.0 {
        notes.push(say::peaks_unknown(unheard, choice.sites.len(), FEWEST_TIMED));
    }
    let uncounted =
        context.gate.locked.iter().map(|&site| &context.data.venues[context.gate.eligible[site]]);
    for hall in uncounted.filter(|hall| context.rule.budget.is_some() && hall.facts.cost.is_none())
    {
        notes.push(say::cost_unknown(&hall.name));
    }
    let demand = context.demand;
    let (residents, all) = context.residents_reached(&choice.sites);
    let weighted = context.reached(&choice.sites) / demand.total();
    notes.push(say::residents_reached(residents / all, weighted, context.rule.elsewhere));
    notes
}

//! Where and when to meet the public: need first, then halls, then days, each with its reasons.

mod chooser;
mod demand;
mod halls;
mod known;
mod need;
mod peaks;
mod sheet;
mod tables;
mod walks;
mod when;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use jiff::civil::{Date, Time};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::hint::Hint;
use crate::plan::{self, Effort, Rules, ToSchedule};
use crate::quantity::Metres;
use crate::store::Dataset;
use crate::time::{Month, Window, WindowSpec};
use crate::units::{UnitSource, unit_kind};
use crate::workspace::{NeedRule, PlanningRule};

use super::Prepared;
use super::ground::Ground;
pub use demand::BANDS;
pub use need::{WardNeed, WardNeeds};
pub use peaks::NearHours;
pub use sheet::rank_words;
pub use walks::WalkFile;
pub use words::by_day;

/// Meetings past those asked for that the curve still shows.
const BEYOND: usize = 2;

/// What is asked of a plan of meetings: the same on the command line and over HTTP.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MeetingsRequest {
    /// Months that need is counted in.
    pub window: WindowSpec,
    /// Meetings in the year; the workspace's rule where absent.
    pub meetings: Option<usize>,
    /// How far people are expected to walk; the workspace's rule where absent.
    pub walk: Option<Metres>,
    /// First day of the year that is planned; the month after the window where absent.
    pub from: Option<Date>,
    /// What halls may cost together, pounds; the workspace's rule where absent.
    pub budget: Option<f64>,
    /// How many of the first wards of higher need must have a hall; the workspace's rule where absent.
    pub top_wards: Option<usize>,
    /// Months after which a ward counts as not visited; the workspace's rule where absent.
    pub revisit_months: Option<u32>,
    /// Share of all demand that meetings to join, wards not visited, transport and halls not used may
    /// outweigh; the workspace's rule where absent.
    pub points_share: Option<f64>,
    /// Straight lines, though there is a file of walking distances.
    pub straight: bool,
    /// Up to half a minute for a proof, in place of about a second.
    pub thorough: bool,
    /// Halls that must be used, by id.
    pub lock: Vec<String>,
    /// Halls that must not be used, by id.
    pub exclude: Vec<String>,
    /// What halls are chosen for.
    pub model: Model,
    /// Seed of the intervals and of the search.
    pub seed: u64,
}

impl MeetingsRequest {
    /// The workspace's rule with what this request sets in its place.
    ///
    /// # Errors
    ///
    /// If a number is out of bounds.
    pub fn rule(&self, rule: &PlanningRule) -> anyhow::Result<PlanningRule> {
        let own = PlanningRule {
            meetings: self.meetings.unwrap_or(rule.meetings),
            walk: self.walk.unwrap_or(rule.walk),
            budget: self.budget.or(rule.budget),
            top_wards: self.top_wards.or(rule.top_wards),
            revisit_months: self.revisit_months.unwrap_or(rule.revisit_months),
            points_share: self.points_share.unwrap_or(rule.points_share),
            ..rule.clone()
        };
        match own.fault() {
            Some((key, wanted)) => Err(anyhow!("{key}: {wanted}")),
            None => Ok(own),
        }
    }
}

/// What halls are chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// Most demand within the walk: maximal covering.
    #[default]
    Covering,
    /// The shortest walks on average, however far: p-median.
    Median,
}

impl Default for MeetingsRequest {
    fn default() -> Self {
        Self {
            window: WindowSpec::default(),
            meetings: None,
            walk: None,
            from: None,
            budget: None,
            top_wards: None,
            revisit_months: None,
            points_share: None,
            straight: false,
            thorough: false,
            lock: Vec::new(),
            exclude: Vec::new(),
            model: Model::default(),
            seed: 2025,
        }
    }
}

/// One meeting of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Hall, by its place among the dataset's.
    pub venue: usize,
    /// Wards of higher need that it serves, by their place among the needs; where it serves none,
    /// the ward it lies in.
    pub wards: Vec<usize>,
    /// Suggested day.
    pub day: Date,
    /// When it starts: as the meeting to join does, or outside the hall's peak hours; `None` where
    /// the diary or the incidents do not say.
    pub start: Option<Time>,
    /// Hours of the incidents near where it is held.
    pub hours: NearHours,
    /// What the ranks of town centres among its wards rest on.
    pub centre: Option<String>,
    /// Meeting of the diary to join, by its place among the dataset's.
    pub join: Option<usize>,
    /// Where the meeting to join is held, in the diary's words, if not in the hall.
    pub elsewhere: Option<String>,
    /// From the middle of the residents of its first ward, straight.
    pub from_middle: Option<Metres>,
    /// Residents within the walk.
    pub residents: f64,
    /// Reasons, a short sentence each: need, reach, meeting.
    pub reasons: Vec<String>,
    /// The same for the public, without need figures.
    pub public: String,
    /// What the list of halls does not say.
    pub unknown: Vec<&'static str>,
    /// Halls that could take its place; the least loss first.
    pub alternatives: Vec<Alternative>,
    /// Whether it was locked.
    pub locked: bool,
}

/// A hall that could take the place of a chosen one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternative {
    /// Hall, by its place among the dataset's.
    pub venue: usize,
    /// Demand that would be lost.
    pub lost: f64,
    /// Whether its peak hours take the usual start on every weekday.
    pub at_peak: bool,
}

/// What a number of meetings reaches of the demand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// The best choice that was found.
    pub most: f64,
    /// No choice reaches more.
    pub bound: f64,
    /// Greedy choice.
    pub greedy: f64,
}

/// A plan of meetings for a year, with what it rests on.
#[derive(Debug, Clone)]
pub struct MeetingsPlan {
    /// The request, its window and year found.
    pub request: MeetingsRequest,
    /// The workspace's rule with what the request set in its place.
    pub rule: PlanningRule,
    /// Months that need was counted in.
    pub window: Window,
    /// First day of the year.
    pub from: Date,
    /// Need of every ward.
    pub needs: WardNeeds,
    /// Meetings, in order of day.
    pub suggestions: Vec<Suggestion>,
    /// Wards of higher need that no hall serves: by need, and why.
    pub not_reached: Vec<(usize, String)>,
    /// Halls that were not considered: by reason, their names.
    pub left_out: BTreeMap<&'static str, Vec<String>>,
    /// Halls that may be chosen, by their place among the dataset's.
    pub eligible: Vec<usize>,
    /// How good the choice is known to be.
    pub choice: plan::Choice,
    /// How walks were measured, in words.
    pub how_walked: String,
    /// File of walking distances that there is, whether or not this plan goes by it.
    pub walk_file: Option<String>,
    /// Demand within the walk of a chosen hall.
    pub reached: f64,
    /// All the demand, as the choice counts it.
    pub demand: f64,
    /// What greedy choice would reach.
    pub greedy: f64,
    /// Number of meetings of the first of `curve`.
    pub curve_from: usize,
    /// What each number of meetings reaches where reach alone counts.
    pub curve: Vec<Reached>,
    /// Residents within each of [`BANDS`] of a chosen hall, and all residents.
    pub bands: (Vec<f64>, f64),
    /// Residents within the walk of a chosen hall.
    pub residents_reached: f64,
    /// All residents.
    pub residents: f64,
    /// Time that the choice took.
    pub solved_in: std::time::Duration,
    /// Whether a diary of meetings is held; nothing is known of earlier ones otherwise.
    pub has_diary: bool,
    /// How it was made, in words: what, and how.
    pub methods: Vec<(String, String)>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

impl MeetingsPlan {
    /// Share of the demand that the plan reaches.
    pub fn share(&self) -> f64 {
        if self.demand > 0.0 { self.reached / self.demand } else { 0.0 }
    }
}

/// What plans for the same months share: the need of every ward, and where residents live.
#[derive(Debug)]
pub struct MeetingsGround {
    window: Window,
    ground: Arc<Ground>,
    needs: WardNeeds,
    demand: demand::Demand,
    peaks: peaks::PeakHours,
    walks: Option<walks::Walks>,
}

/// Plans a year of meetings.
///
/// # Errors
///
/// If there are no halls, the window holds no data, a hall that is named does not exist, or the
/// rules contradict each other.
pub fn plan_meetings(
    request: &MeetingsRequest,
    need_rule: &NeedRule,
    rule: &PlanningRule,
    data: &Dataset,
    prepared: &Prepared,
) -> anyhow::Result<MeetingsPlan> {
    request.rule(rule)?;
    let shared = meetings_ground(request, need_rule, rule, data, prepared)?;
    plan_meetings_on(&shared, request, need_rule, rule, data)
}

/// What plans with this window and seed share; [`plan_meetings_on`] chooses on it.
///
/// # Errors
///
/// If there are no halls, no area has residents, or the window holds no data.
pub fn meetings_ground(
    request: &MeetingsRequest,
    need_rule: &NeedRule,
    rule: &PlanningRule,
    data: &Dataset,
    prepared: &Prepared,
) -> anyhow::Result<MeetingsGround> {
    if data.venues.is_empty() {
        return Err(anyhow!("the store holds no halls").context(Hint(
            "name a file of them under [venues] in wardheat.toml, and import again".to_owned(),
        )));
    }
    let analysis = super::AnalysisRequest { window: request.window, ..Default::default() };
    let analysis = analysis.resolved(data)?;
    let (window, _) = super::window(&analysis, data)?;
    let ground = prepared.ground(data, analysis.cell())?;
    let needs = need::wards(data, &ground, window, need_rule, request.seed)?;
    let demand = demand::of(data, &ground, &needs, rule)?;
    let peaks = peaks::PeakHours::of(data, window, need_rule, rule);
    Ok(MeetingsGround { window, ground, needs, demand, peaks, walks: None })
}

/// Need of every LSOA, as [`plan_meetings`] has it for wards. `None` where the store holds no LSOAs.
///
/// # Errors
///
/// As [`meetings_ground`], halls apart.
pub fn lsoa_need(
    request: &MeetingsRequest,
    need_rule: &NeedRule,
    data: &Dataset,
    prepared: &Prepared,
) -> anyhow::Result<Option<WardNeeds>> {
    let analysis = super::AnalysisRequest { window: request.window, ..Default::default() };
    let analysis = analysis.resolved(data)?;
    let (window, _) = super::window(&analysis, data)?;
    let ground = prepared.ground(data, analysis.cell())?;
    let cell_size = analysis.cell();
    let source = UnitSource { layers: &data.layers, study_area: &data.study_area, cell_size };
    let Some(units) = unit_kind("lsoa").and_then(|kind| kind.build(&source).ok()) else {
        return Ok(None);
    };
    let incidents = &data.incidents;
    let unit_of: Vec<_> = (0..incidents.len())
        .into_par_iter()
        .map(|i| {
            let place = super::ground::mappable(incidents, i, Metres::new(f64::MAX))?;
            units.locate(place)
        })
        .collect();
    let counted = known::Counted { data, units: &units, unit_of: &unit_of, window };
    need::of(counted, &ground, need_rule, request.seed).map(Some)
}

/// Plans a year of meetings on a ground made with the same window, seed and rules.
///
/// # Errors
///
/// As [`plan_meetings`].
pub fn plan_meetings_on(
    shared: &MeetingsGround,
    request: &MeetingsRequest,
    need_rule: &NeedRule,
    rule: &PlanningRule,
    data: &Dataset,
) -> anyhow::Result<MeetingsPlan> {
    let MeetingsGround { window, ground, needs, demand, peaks, .. } = shared;
    let rule = &request.rule(rule)?;
    let (k, walk) = (rule.meetings, rule.walk);
    let from = match request.from {
        Some(day) => day,
        None => first_day(window.last().plus(1))?,
    };
    let visits = halls::visits(data, needs, from);
    let gate = halls::gate(request, rule, from, data)?;
    let serving = halls::serving(needs, &gate, data, ground, rule.near_hotspot);

    let (distances, how_walked, missing) =
        shared.distances(&gate, data, request.straight, rule.detour)?;
    let groups = serving.iter().map(|(_, sites)| sites.clone()).filter(|sites| !sites.is_empty());
    let rules = Rules {
        locked: gate.locked.clone(),
        excluded: Vec::new(),
        required: groups.take(rule.top_wards.unwrap_or(k).min(k)).collect(),
        budget: rule.budget.map(|budget| (halls::costs(data, &gate, rule.hours), budget)),
        preference: halls::points(
            data,
            &gate,
            needs,
            &visits,
            peaks,
            (from, k, demand.total()),
            rule,
        ),
    };
    let chooser = chooser::Chooser { distances: &distances, demand, walk, seed: request.seed };
    let started = std::time::Instant::now();
    let effort = if request.thorough { Effort::THOROUGH } else { Effort::QUICK };
    let choice = match request.model {
        Model::Covering => chooser.cover(k, &rules, effort),
        Model::Median => chooser.median(k, &rules, effort),
    };
    let choice = choice.context("choosing halls")?;
    let solved_in = started.elapsed();
    let (_, greedy) = plan::greedy_covering(&distances, &demand.weights, walk, k, &rules)?;
    let curve = chooser.curve((k + BEYOND).min(gate.eligible.len()), &rules)?;

    let wards: Vec<Vec<usize>> = choice
        .sites
        .iter()
        .map(|&site| halls::wards_of(site, &serving, needs, &gate, data))
        .collect();
    let slots = slots(&choice.sites, &wards, &gate, (shared, data, rule), &visits, from);
    let context = words::Context {
        data,
        needs,
        visits: &visits,
        window: *window,
        from,
        walk,
        rule,
        demand,
        peaks,
        distances: &distances,
        how_walked: &how_walked,
        gate: &gate,
        serving: &serving,
    };
    let reached = context.reached(&choice.sites);
    let mut suggestions: Vec<Suggestion> = choice
        .sites
        .iter()
        .zip(&slots)
        .zip(wards)
        .map(|((&site, slot), wards)| words::suggestion(site, slot, wards, &choice.sites, &context))
        .collect();
    suggestions.sort_by_key(|one| (one.day, one.venue));
    let not_reached = words::not_reached(&choice.sites, &context);
    let bands = demand.bands(&distances, &choice.sites);
    let methods = words::methods(&context, need_rule, request.model, (&choice, reached, greedy));
    let (residents_reached, residents) = context.residents_reached(&choice.sites);
    let notes = words::notes(&context, &choice, k).into_iter().chain(missing).collect();
    Ok(MeetingsPlan {
        request: resolved(request, *window, rule, from),
        rule: rule.clone(),
        window: *window,
        from,
        suggestions,
        not_reached,
        left_out: gate.left_out,
        eligible: gate.eligible,
        demand: demand.total(),
        how_walked,
        walk_file: shared.walks.as_ref().map(|walks| walks.file.clone()),
        choice,
        reached,
        greedy,
        curve_from: rules.locked.len().max(1),
        curve,
        bands,
        residents_reached,
        residents,
        solved_in,
        has_diary: !data.meetings.is_empty(),
        methods,
        notes,
        needs: WardNeeds { visited: visits, ..needs.clone() },
    })
}

/// A day for each chosen site, and the meeting that it joins.
fn slots(
    sites: &[usize],
    wards: &[Vec<usize>],
    gate: &halls::Gate,
    (shared, data, rule): (&MeetingsGround, &Dataset, &PlanningRule),
    visits: &[Option<Date>],
    from: Date,
) -> Vec<plan::Slot> {
    let to_schedule: Vec<ToSchedule> = sites
        .iter()
        .zip(wards)
        .map(|(&site, wards)| {
            let hall = &data.venues[gate.eligible[site]].name;
            halls::to_schedule(hall, wards, &shared.needs, visits, from)
        })
        .collect();
    let may_join = |meeting: usize, day: Date| {
        shared.peaks.joins_at_peak(data, meeting, day, rule.hours) != Some(true)
    };
    let may_meet = |i: usize, day: Date| data.venues[gate.eligible[sites[i]]].may_meet(day);
    plan::schedule(&to_schedule, &data.meetings, from, rule.join_weeks, &may_join, &may_meet)
}

/// The request with what was found for what it leaves open.
fn resolved(
    request: &MeetingsRequest,
    window: Window,
    rule: &PlanningRule,
    from: Date,
) -> MeetingsRequest {
    MeetingsRequest {
        window: WindowSpec::Months(window),
        meetings: Some(rule.meetings),
        walk: Some(rule.walk),
        from: Some(from),
        budget: rule.budget,
        top_wards: rule.top_wards,
        revisit_months: Some(rule.revisit_months),
        points_share: Some(rule.points_share),
        ..request.clone()
    }
}

fn first_day(month: Month) -> anyhow::Result<Date> {
    let year = i16::try_from(month.year()).context("a year past the calendar")?;
    Ok(Date::new(year, month.number() as i8, 1)?)
}

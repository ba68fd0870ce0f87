//! Evaluation: whether something done in some place made a difference there, and what became of the
//! ground about it.

mod areas;
mod report;

pub use areas::{ControlChoice, TreatedChoice};

use anyhow::anyhow;
use serde::Serialize;

use crate::aggregate::Confidence;
use crate::hint::Hint;
use crate::incident::CrimeTypes;
use crate::quantity::Metres;
use crate::stats::evaluation::{
    BeforeAfter, Candidate, FEWEST_MONTHS, WddCounts, WddWeights, comparison_areas, cost_per_crime,
    dispersion_before, ratio_of_ratios, wdd, wdq,
};
use crate::store::Dataset;
use crate::table::Table;
use crate::time::Window;

use super::Prepared;
use super::coverage::Coverage;
use super::english::evaluate as say;

use areas::{Areas, Zone};

/// Months before the intervention that areas are likened by, at most.
const LIKENED_MONTHS: i32 = 24;
/// Wards that make a control area where none is named.
const CONTROL_WARDS: usize = 3;
/// A control area of more than this many times the level, or less than its inverse, is said to be
/// unlike.
const FAR_LEVEL: f64 = 3.0;
/// Candidates shown.
const SHOWN: usize = 10;

/// What is evaluated.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EvaluateRequest {
    /// Which incidents.
    #[serde(rename = "type")]
    pub types: CrimeTypes,
    /// Only this source, or all of them.
    pub source: Option<String>,
    /// Where something was done.
    pub treated: TreatedChoice,
    /// Months with it.
    pub after: Window,
    /// Months without, compared with; the same months a year earlier where there are twelve or
    /// fewer and the data hold them, else as many just before.
    pub before: Option<Window>,
    /// Width of the ground about the treated area where displacement would show.
    pub buffer: Metres,
    /// What it is compared with.
    pub control: ControlChoice,
    /// What it cost.
    pub cost: Option<f64>,
    /// Coverage of intervals; 0.9 is usual here.
    pub confidence: f64,
}

/// What an evaluation found.
#[derive(Debug, Serialize)]
pub struct Evaluation {
    /// What it comes to, in sentences.
    pub words: Vec<String>,
    /// Incidents of each area, before and after.
    pub counts: Table,
    /// The measures, each with its interval or why it is refused.
    pub measures: Table,
    /// Wards that went the way of the treated area before, the most alike first.
    pub candidates: Table,
    /// What the reader must know.
    pub notes: Vec<String>,
    /// The request, with what was settled.
    pub request: EvaluateRequest,
}

/// Incidents of each area in one window, and without any.
#[derive(Debug, Clone, Default)]
struct Counts {
    treated: u64,
    buffer: u64,
    control: u64,
    buffer_control: u64,
}

/// Runs an evaluation.
///
/// # Errors
///
/// If a ward is not known, the data do not hold both windows whole, or no control area can be found.
pub fn evaluate(request: &EvaluateRequest, data: &Dataset) -> anyhow::Result<Evaluation> {
    let request =
        &EvaluateRequest { types: request.types.resolve(&data.priorities)?, ..request.clone() };
    let confidence = Confidence::new(request.confidence)
        .ok_or_else(|| anyhow!("a confidence of {}; wanted between 0 and 1", request.confidence))?;
    if !(request.buffer.get() >= 0.0 && request.buffer.get() <= 10_000.0) {
        return Err(anyhow!("a buffer of {}; wanted 0 to 10,000 m", request.buffer));
    }
    let coverage = Coverage::of(&data.incidents, request.types, request.source.as_deref());
    let before = before(request, &coverage)?;
    let whole = |window: Window| {
        if coverage.is_whole(window) {
            Ok(())
        } else {
            Err(anyhow!("the data do not hold {} whole", window.label())
                .context(Hint("choose months that every source holds".to_owned())))
        }
    };
    whole(before)?;
    whole(request.after)?;

    let prepared = Prepared::default();
    let ground = prepared.ground(data, Metres::new(250.0))?;
    let mut notes = Vec::new();
    let mut areas = Areas::new(request, data, &ground)?;
    let likened = likened(before, request.after, &coverage);
    let candidates = settle_controls(&mut areas, request, likened, &mut notes)?;
    let now = areas.counts(request.after);
    let then = areas.counts(before);
    notes.extend(areas.notes());
    let of = |f: &dyn Fn(&Counts) -> u64| BeforeAfter { before: f(&then), after: f(&now) };
    let counts = WddCounts {
        control: of(&|c| c.control),
        treated: of(&|c| c.treated),
        displacement_control: of(&|c| c.buffer_control),
        buffer: of(&|c| c.buffer),
    };
    // So that the answer is in incidents of the window after.
    let longer = before.n_months() as f64 / request.after.n_months() as f64;
    let weights =
        WddWeights { times: [longer, 1.0], areas: levels(&areas, likened, before, &mut notes) };
    let difference =
        wdd(&counts, &weights, confidence).ok_or_else(|| anyhow!("a window without months"))?;
    let dispersion = dispersion_before(
        &areas.monthly(Zone::Treated, likened),
        &areas.monthly(Zone::Control, likened),
    );
    let found = report::Found {
        request,
        treated: areas.treated_name(),
        before,
        counts,
        difference,
        confidence,
        dispersion,
        ratio: ratio_of_ratios(
            counts.control,
            counts.treated,
            dispersion.unwrap_or(1.0),
            confidence,
        ),
        quotient: wdq(counts.control, counts.treated, counts.buffer),
        cost: request.cost.map(|cost| cost_per_crime(cost, difference.total, confidence)),
    };
    if !before.is_same_season(request.after) && request.after.n_months() < 12 {
        notes.push(say::OTHER_SEASON.to_owned());
    }
    notes.extend([say::METHOD, say::RESTS_ON].map(str::to_owned));
    let candidates =
        report::candidates(&candidates[..candidates.len().min(SHOWN)], &areas, likened);
    Ok(Evaluation {
        words: report::words(&found),
        counts: report::counts(&found),
        measures: report::measures(&found),
        candidates,
        notes,
        request: EvaluateRequest { before: Some(before), ..request.clone() },
    })
}

/// Chooses the control areas that were not named, and says which. Gives every candidate for the treated
/// area's.
fn settle_controls(
    areas: &mut Areas<'_>,
    request: &EvaluateRequest,
    likened: Option<Window>,
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Candidate>> {
    let candidates = proposals(areas, likened, Zone::Treated);
    if areas.needs_control() {
        areas.set_control(candidates.iter().take(CONTROL_WARDS).map(|c| c.unit));
        if areas.control_is_empty() {
            return Err(anyhow!(
                "no ward lies more than {} from the treated area with {FEWEST_MONTHS} months or \
                 more to liken it by",
                request.buffer
            )
            .context(Hint("name control wards with --control".to_owned())));
        }
        notes.push(say::control_proposed(&areas.control_names()));
    }
    if request.buffer.get() > 0.0 {
        let of_buffer = proposals(areas, likened, Zone::Buffer);
        areas.set_buffer_control(of_buffer.first().map(|c| c.unit));
        notes.push(say::buffer_against(areas.buffer_control_name()));
    }
    Ok(candidates)
}

/// What counts of the control areas are divided by, so that they compare with what they stand for:
/// their level over its, in the months before. A difference of incidents between areas of other sizes
/// would take what happened everywhere for an effect.
fn levels(
    areas: &Areas<'_>,
    likened: Option<Window>,
    before: Window,
    notes: &mut Vec<String>,
) -> [f64; 4] {
    let total = |zone| areas.monthly(zone, likened.or(Some(before))).iter().sum::<u64>();
    let mut level = |control, of, name: &str| {
        let (control, of) = (total(control), total(of));
        // Without incidents there is nothing to level by; the measures say so of themselves.
        let level = if control > 0 && of > 0 { control as f64 / of as f64 } else { 1.0 };
        if !(1.0 / FAR_LEVEL..=FAR_LEVEL).contains(&level) {
            notes.push(say::unlike(name, level));
        }
        level
    };
    let control = level(Zone::Control, Zone::Treated, say::TREATED_AREA);
    let buffer_control = if areas.buffer_control_name().is_some() {
        level(Zone::BufferControl, Zone::Buffer, say::BUFFER)
    } else {
        1.0
    };
    [control, 1.0, buffer_control, 1.0]
}

/// The window without, as asked for or as the data allow.
fn before(request: &EvaluateRequest, coverage: &Coverage<'_>) -> anyhow::Result<Window> {
    let after = request.after;
    if let Some(before) = request.before {
        if before.last() >= after.first() {
            return Err(anyhow!("the months before ({before}) reach into those after ({after})"));
        }
        return Ok(before);
    }
    let earlier = after.year_earlier();
    if after.n_months() <= 12 && coverage.is_whole(earlier) {
        return Ok(earlier);
    }
    let n = after.n_months() as i32;
    Ok(Window::new(after.first().plus(-n), after.first().plus(-1))?)
}

/// Months before the intervention that the data hold whole: the latest stretch, [`LIKENED_MONTHS`] at
/// most.
fn likened(before: Window, after: Window, coverage: &Coverage<'_>) -> Option<Window> {
    let last = after.first().plus(-1);
    let earliest = before.first().plus(-LIKENED_MONTHS);
    let mut first = last;
    if !coverage.is_whole(Window::of(last)) {
        return None;
    }
    while first.plus(-1) >= earliest
        && last.since(first) + 1 < LIKENED_MONTHS
        && coverage.is_whole(Window::of(first.plus(-1)))
    {
        first = first.plus(-1);
    }
    Window::new(first, last).ok()
}

/// Wards far enough away, by how like the zone their months were.
fn proposals(areas: &Areas<'_>, likened: Option<Window>, zone: Zone) -> Vec<Candidate> {
    let Some(window) = likened else { return Vec::new() };
    let of_zone = areas.monthly(zone, Some(window));
    let wards = areas.free_wards();
    let months: Vec<Vec<u64>> = wards.iter().map(|&ward| areas.of_ward(ward, window)).collect();
    comparison_areas(&of_zone, &months)
        .into_iter()
        .map(|candidate| Candidate { unit: wards[candidate.unit], ..candidate })
        .collect()
}

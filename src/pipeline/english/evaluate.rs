//! What an evaluation found, and what its reader must know.

use std::fmt::Display;

use crate::aggregate::Interval;
use crate::layer::words::{lower_first, thousands};

pub const TREATED: &str = "treated";
pub const CONTROL: &str = "control";
pub const BUFFER: &str = "buffer";
pub const CONTROL_OF_BUFFER: &str = "control of the buffer";

pub const TREATED_AREA: &str = "treated area";

pub const WHAT_CHANGED: &str = "What changed";
pub const DIFFERENCE_TREATED: &str = "difference, treated";
pub const DIFFERENCE_BUFFER: &str = "difference, buffer";
pub const DIFFERENCE_BOTH: &str = "difference, both (WDD)";
pub const RATIO_OF_RATIOS: &str = "ratio of ratios (DiD)";
pub const QUOTIENT: &str = "displacement quotient (WDQ)";
pub const COST: &str = "cost per crime prevented";
pub const BELOW_0_IS_FEWER: &str = "incidents; below 0 is fewer";

/// How the measures are made, and after whom.
pub const METHOD: &str = "Difference: change in the treated area less that in the control area, \
    which is first brought to the treated area's level of the months before; normal interval (Wheeler \
    and Ratcliffe 2018, weighted displacement difference). Ratio: change in the treated area over that \
    in the control area, its interval widened by how much the months before varied. Quotient: Bowers \
    and Johnson 2003, given only where something was gained.";
pub const OTHER_SEASON: &str = "The two windows are of other months of the year: a season that the control area does not share \
     would show as an effect.";
pub const RESTS_ON: &str = "All of it rests on the control area telling what would have happened without the intervention. \
     The interval of the difference takes the level that the control area is brought to as known, \
     and incidents as coming one by one: it is too narrow by both.";

/// Incidents of a window that has a name.
pub struct Held<'a> {
    pub incidents: u64,
    pub window: &'a str,
}

/// A difference in incidents, below 0 fewer, with its interval.
pub struct Difference {
    pub value: f64,
    pub interval: Interval,
}

/// What became of the ground about the treated area.
#[derive(Debug, Clone, Copy)]
pub enum About {
    /// Nothing that chance would not explain.
    Chance,
    /// The buffer's own control area and that of the treated area disagree.
    ControlsDisagree,
    /// Something, without a gain that it could come from.
    NoGain,
    Displacement,
    Diffusion,
}

/// How far a quotient can be trusted.
#[derive(Debug, Clone, Copy)]
pub enum Trust {
    /// The buffer's own control area says otherwise.
    OwnControlDisagrees,
    BeyondChance,
    Chance,
}

fn more_or_fewer(n: f64) -> String {
    let whole = thousands(n.abs().round() as i64);
    format!("{whole} {}", if n > 0.0 { "more" } else { "fewer" })
}

fn from_to(Interval { low, high }: Interval) -> String {
    format!("{} to {}", more_or_fewer(low), more_or_fewer(high))
}

fn coverage(confidence: f64) -> String {
    format!("{:.0}%", confidence * 100.0)
}

/// What became of the treated area, against what it would have had.
pub fn treated(
    (area, types): (&str, &str),
    (after, before): (Held<'_>, Held<'_>),
    local: &Difference,
    confidence: f64,
    beyond_chance: bool,
) -> String {
    format!(
        "{area}, {}: {} incidents in {} against {} in {}. Set against the control area, brought to \
         the same level, that is {} than it would have had ({} interval: {}): {}.",
        lower_first(types),
        thousands(after.incidents as i64),
        after.window,
        thousands(before.incidents as i64),
        before.window,
        more_or_fewer(local.value),
        coverage(confidence),
        from_to(local.interval),
        if beyond_chance { "more than chance explains" } else { "chance alone explains that" }
    )
}

/// What became of the ground within `metres` about it.
pub fn buffer(metres: impl Display, about: &Difference, says: About) -> String {
    // Nothing is displaced, and no benefit spreads, where nothing was gained.
    let says = match says {
        About::Chance => "no displacement or diffusion of benefit that chance would not explain",
        About::ControlsDisagree => {
            "against its own control area alone; against that of the treated area it is the other \
             way round, so neither displacement nor diffusion of benefit is shown"
        }
        About::NoGain => {
            "more than chance explains, but no gain is shown in the treated area, so it is neither \
             displacement nor diffusion of benefit"
        }
        About::Displacement => "displacement",
        About::Diffusion => "diffusion of benefit",
    };
    format!(
        "Within {metres} about it: {} than expected ({}): {says}.",
        more_or_fewer(about.value),
        from_to(about.interval),
    )
}

pub fn both_together(total: &Difference) -> String {
    format!("Both together: {} ({}).", more_or_fewer(total.value), from_to(total.interval))
}

pub fn ratio(ratio: f64, interval: Interval, confidence: f64) -> String {
    format!(
        "The treated area changed {ratio:.2} times as much as the control area ({} interval {:.2} to \
         {:.2}; below 1 is better).",
        coverage(confidence),
        interval.low,
        interval.high
    )
}

pub fn no_ratio(why: impl Display) -> String {
    format!("No ratio can be given: {why}.")
}

pub fn cost(prevented: f64, each: f64, interval: Interval) -> String {
    format!(
        "{prevented:.0} incidents prevented at {each:.0} each ({:.0} to {:.0}).",
        interval.low, interval.high
    )
}

pub fn no_cost(why: impl Display) -> String {
    format!("Cost per crime prevented: {why}.")
}

/// What a quotient means, and how far that goes.
pub fn quotient(meaning: &str, trust: Trust) -> String {
    match trust {
        Trust::OwnControlDisagrees => format!(
            "{meaning}, against the treated area's control; the buffer's own says otherwise"
        ),
        Trust::BeyondChance => meaning.to_owned(),
        Trust::Chance => format!("{meaning}, which chance alone would explain"),
    }
}

/// How much the months before varied, which widens the interval of the ratio.
pub fn dispersion(times: Option<f64>) -> String {
    match times {
        Some(times) => format!("months vary {times:.2} times as much as Poisson counts"),
        None => "too few months to tell how much they vary: taken as Poisson".to_owned(),
    }
}

pub fn prevented(n: f64) -> String {
    format!("{n:.0} prevented")
}

pub fn refused(why: impl Display) -> String {
    format!("refused: {why}")
}

/// Title of the counts of two windows.
pub fn against(after: &str, before: &str) -> String {
    format!("{after} against {before}")
}

/// Title of the wards by likeness, in the months that they are likened by.
pub fn alike(likened: Option<&str>) -> String {
    match likened {
        Some(window) => format!("Wards like the treated area in {window}"),
        None => "Wards like the treated area".to_owned(),
    }
}

pub fn area_of(file: impl Display) -> String {
    format!("The area of {file}")
}

pub fn control_proposed(wards: &str) -> String {
    format!(
        "Control area proposed from months before alone: {wards}. An area that is like it for \
         reasons would be better."
    )
}

/// What the buffer is compared with.
pub fn buffer_against(ward: Option<&str>) -> String {
    match ward {
        Some(ward) => format!("The buffer is compared with {ward}."),
        None => {
            "No ward was found to compare the buffer with: its change is taken as it is.".to_owned()
        }
    }
}

/// What `area` is compared with held so many `times` its incidents.
pub fn unlike(area: &str, times: f64) -> String {
    format!(
        "What the {area} is compared with held {times:.2} times as many incidents in the months \
         before: it is levelled, but so unlike a place tells little."
    )
}

pub fn unplaced(n: usize, of: usize) -> String {
    format!(
        "{n} of {of} records have no position of their own: they are in no buffer, and in a treated \
         or control area by their ward alone."
    )
}

pub fn reaches_in(ward: &str) -> String {
    format!("{ward} reaches into the buffer or the treated area: that part of it is no control.")
}

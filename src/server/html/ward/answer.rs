//! The answer card: what, where, when and what next, in as few words as are true.

use maud::{Markup, html};

use super::super::clock::FEWEST_TIMED;
use super::super::words::{lower_first, ordinal, percent, range, thousands};
use crate::incident::CrimeTypes;
use crate::pipeline::{Gathering, KindFigures, Verdict, WardProfile};
use crate::stats::series::Basis;

/// Kinds named in the headline; more are counted.
const NAMED: usize = 2;
/// Fewest records of a kind that is named for its rank.
const FEWEST_RANKED: u64 = 20;

/// The card.
pub(super) fn card(profile: &WardProfile) -> Markup {
    html! {
        section class="answer card" id="answer" tabindex="-1" aria-labelledby="headline" {
            h2 id="headline" { (headline(profile)) }
            dl class="four" {
                div { dt { "What" } dd { (what(profile)) } }
                div { dt { "Where" } dd { (whereabouts(profile)) } }
                div { dt { "When" } dd { (when(profile)) } }
                div { dt { "Next" } dd { (next(profile)) } }
            }
        }
    }
}

/// What is more, what is less, or that nothing is.
pub(super) fn headline(profile: &WardProfile) -> Markup {
    let (up, down) = (profile.of_verdict(Verdict::Higher), profile.of_verdict(Verdict::Lower));
    let judged = profile.kinds.iter().any(|kind| kind.verdict.is_some());
    html! {
        @if !judged {
            (recorded(profile))
        } @else if up.is_empty() && down.is_empty() {
            "Nothing recorded here is far from usual."
        } @else {
            @if !up.is_empty() {
                (listed(&up)) " " (verb(&up)) " " span class="up" { "higher than usual" } "."
            }
            @if !down.is_empty() {
                @if !up.is_empty() { " " }
                (listed(&down)) " " (verb(&down)) " "
                span class="down" { (if up.is_empty() { "lower than usual" } else { "lower" }) } "."
            }
        }
    }
}

/// Counts alone, where nothing is held to compare them with.
fn recorded(profile: &WardProfile) -> Markup {
    let chosen = profile.chosen().or_else(|| profile.kinds.first());
    html! {
        @match chosen.map(|kind| (kind, kind.rank)) {
            Some((kind, Some(rank))) => {
                (kind.types.label()) " is " (ordinal(i64::from(rank.rank))) " of " (profile.of)
                " wards by rate"
                @if rank.low == rank.high { "." } @else {
                    ", between " (ordinal(i64::from(rank.low))) " and " (ordinal(i64::from(rank.high))) "."
                }
            }
            Some((kind, None)) => {
                (kind.types.label()) ": " (thousands(kind.count as i64)) " recorded."
            }
            None => { (thousands(profile.held.records as i64)) " recorded." }
        }
        " No earlier months are held to compare with."
    }
}

/// `Shoplifting and burglary`, `Shoplifting, burglary and 2 other kinds`.
fn listed(kinds: &[&KindFigures]) -> String {
    let mut names: Vec<String> = kinds.iter().map(|kind| lower_first(kind.types.label())).collect();
    let more = names.len().saturating_sub(NAMED);
    if more > 1 {
        names.truncate(NAMED);
        names.push(format!("{more} other kinds"));
    }
    let last = names.pop().unwrap_or_default();
    let text = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Kinds whose label is of several things take the plural even alone.
fn verb(kinds: &[&KindFigures]) -> &'static str {
    let plural = |kind: &KindFigures| {
        let label = kind.types.label();
        label == "Drugs" || label.ends_with("weapons") || label.ends_with("offences")
    };
    match kinds {
        [one] if !plural(one) => "is",
        _ => "are",
    }
}

/// The kinds of the headline with their numbers, else the largest.
fn what(profile: &WardProfile) -> Markup {
    let mut named = profile.of_verdict(Verdict::Higher);
    named.extend(profile.of_verdict(Verdict::Lower));
    let unusual = !named.is_empty();
    if !unusual {
        named = highest(profile);
    }
    html! {
        @for (i, kind) in named.iter().take(NAMED).enumerate() {
            @if i > 0 { br; }
            b { (kind.types.label()) " " (thousands(kind.count as i64)) }
            @if let Some(rank) = kind.rank.filter(|_| !unusual) {
                ", " (ordinal(i64::from(rank.rank))) " of " (profile.of) " by rate"
            }
            @if let Some(expected) = kind.expected {
                ", " (range(&thousands(expected.low as i64), &thousands(expected.high as i64))) " expected."
            } @else if let Some(earlier) = kind.earlier {
                ", " (thousands(earlier as i64)) " a year earlier."
            } @else { "." }
        }
    }
}

/// Kinds in which the ward stands highest, of those with enough records to say so.
fn highest(profile: &WardProfile) -> Vec<&KindFigures> {
    let mut singles: Vec<&KindFigures> = profile
        .kinds
        .iter()
        .filter(|kind| matches!(kind.types, CrimeTypes::One(_)) && kind.count >= FEWEST_RANKED)
        .collect();
    singles.sort_by_key(|kind| kind.rank.map_or(u32::MAX, |rank| rank.rank));
    singles
}

fn whereabouts(profile: &WardProfile) -> Markup {
    html! {
        @if let Some(place) = profile.places.first() {
            b { (place.name) } ": " (thousands(place.count as i64)) " of the ward's "
            (thousands(profile.held.records as i64)) " records"
            @if let [kind] = place.mostly.as_slice() {
                ", mostly " (lower_first(kind.get().label))
            }
            "."
            @if let Some(second) = profile.places.get(1) {
                span class="wide-only" { " Then " (second.name) ", " (thousands(second.count as i64)) "." }
            }
        } @else if profile.held.records == 0 {
            "Nothing was recorded here in these months."
        } @else {
            "Spread: no place has five records."
        }
    }
}

fn when(profile: &WardProfile) -> Markup {
    html! {
        @match &profile.hours {
            None => { "Only months are published, no days or hours." }
            Some(hours) if hours.timed < FEWEST_TIMED => {
                "Too few to say: " (hours.timed) " records have a time."
            }
            Some(hours) => {
                @if !profile.chosen_hours.is_all() { "Of every hour: " }
                @if let Some(block) = hours.block {
                    b { (block.in_words()) } ": " (percent(block.share)) " of it in "
                    (percent((block.days * block.hours) as f64 / 168.0)) " of the week."
                } @else {
                    "Spread over the week: no hours stand out."
                }
            }
        }
    }
}

fn next(profile: &WardProfile) -> Markup {
    html! {
        @match &profile.meetings.next {
            Some(meeting) => { (gathering(meeting)) }
            None if profile.meetings.kept => {
                "No meeting is in the diary for the twelve months from " (day(profile.meetings.from)) "."
            }
            None => { "No diary of meetings is held." }
        }
    }
}

/// `Ward forum, Tue 3 Feb 2026, 18:00, Redhill Children's Centre`.
pub(super) fn gathering(meeting: &Gathering) -> Markup {
    html! {
        (meeting.title) " " b {
            (meeting.day.strftime("%a %-d %b %Y").to_string())
            @if let Some(start) = meeting.start { ", " (start.strftime("%H:%M").to_string()) }
        }
        @if let Some(venue) = &meeting.venue { ", " (venue) }
    }
}

/// `3 Feb 2026`.
pub(super) fn day(day: jiff::civil::Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// What expected ranges rest on, in a sentence.
pub(super) fn basis(profile: &WardProfile) -> &'static str {
    match profile.kinds.iter().find_map(|kind| kind.expected).map(|expected| expected.basis) {
        Some(Basis::Years(1)) if profile.window.n_months() >= 12 => {
            "Expected is the year before, with the range that months vary by"
        }
        Some(Basis::Years(_)) if profile.window.n_months() >= 12 => {
            "Expected is the mean of earlier years, with the range that months vary by"
        }
        Some(Basis::Years(1)) => {
            "Expected is the same months of the year before, at the level of the last twelve months"
        }
        Some(Basis::Years(_)) => {
            "Expected is the same months of earlier years, at the level of the last twelve months"
        }
        Some(Basis::Months(_)) => {
            "Expected is drawn from the months just before; the season is not allowed for, as no \
             earlier year is held"
        }
        None => "No earlier months are held, so nothing can be expected",
    }
}

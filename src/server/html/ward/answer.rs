//! The answer card: what, where, when and what next, in as few words as are true.

use maud::{Markup, html};

use super::super::clock::FEWEST_TIMED;
use super::super::english::answer as say;
use super::super::english::sure::{SOME_IN_PART, marked_by_chance};
use super::super::say::held;
use super::super::words::{lower_first, ordinal, percent, range, thousands};
use crate::incident::CrimeTypes;
use crate::pipeline::{Gathering, KindFigures, Verdict, WardProfile};
use crate::stats::series::Basis;
use crate::time::{date, date_with_weekday};

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
                div { dt { (say::WHAT) } dd { (what(profile)) } }
                div { dt { (say::WHERE) } dd { (whereabouts(profile)) } }
                div { dt { (say::WHEN) } dd { (when(profile)) } }
                div { dt { (say::NEXT) } dd { (next(profile)) } }
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
            (say::NOTHING_UNUSUAL)
        } @else {
            @if !up.is_empty() {
                (listed(&up)) (verb(&up)) span class="up" { (say::HIGHER_THAN_USUAL) } "."
            }
            @if !down.is_empty() {
                @if !up.is_empty() { " " }
                (listed(&down)) (verb(&down))
                span class="down" { (if up.is_empty() { say::LOWER_THAN_USUAL } else { say::LOWER }) } "."
            }
        }
        @if judged && !profile.held.in_part.is_empty() {
            span class="screen-only" { " " (SOME_IN_PART) }
        }
    }
}

/// Counts alone, where nothing is held to compare them with.
fn recorded(profile: &WardProfile) -> Markup {
    let chosen = profile.chosen().or_else(|| profile.kinds.first());
    html! {
        @match chosen.map(|kind| (kind, kind.rank)) {
            Some((kind, Some(rank))) => {
                @let [place, low, high] =
                    [rank.rank, rank.low, rank.high].map(|place| ordinal(i64::from(place)));
                @let between = (rank.low != rank.high).then_some((&*low, &*high));
                (say::ranked(kind.types.label(), &place, profile.of, between))
            }
            Some((kind, None)) => {
                (say::recorded(Some(kind.types.label()), &thousands(kind.count as i64)))
            }
            None => { (say::recorded(None, &thousands(profile.held.records as i64))) }
        }
        @match held(profile.window, &profile.held.missing) {
            Some((held, of)) => { (say::not_whole(held, of)) }
            None => { (say::TOO_FEW_EARLIER) }
        }
    }
}

/// `Shoplifting and burglary`, `Shoplifting, burglary and 2 other kinds`.
fn listed(kinds: &[&KindFigures]) -> String {
    let mut names: Vec<String> = kinds.iter().map(|kind| lower_first(kind.types.label())).collect();
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 1 { more } else { 0 };
    names.truncate(names.len() - more);
    say::kinds(names, more)
}

fn verb(kinds: &[&KindFigures]) -> &'static str {
    say::are(&kinds.iter().map(|kind| kind.types.label()).collect::<Vec<_>>())
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
        @if named.is_empty() { (say::no_kind(FEWEST_RANKED)) }
        @for (i, kind) in named.iter().take(NAMED).enumerate() {
            @if i > 0 { br; }
            b { (kind.types.label()) " " (thousands(kind.count as i64)) }
            @if let Some(rank) = kind.rank.filter(|_| !unusual) {
                (say::place(&ordinal(i64::from(rank.rank)), profile.of))
            }
            @if let Some(expected) = kind.expected {
                (say::expected(&range(&thousands(expected.low as i64), &thousands(expected.high as i64))))
            } @else if let Some(earlier) = kind.earlier {
                (say::a_year_earlier(&thousands(earlier as i64)))
            } @else { "." }
        }
        @if unusual && named.len() <= marked_by_chance(profile.n_judged()) {
            br; (say::chance_alone(named.len(), profile.n_judged()))
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
            @let mostly = match place.mostly.as_slice() {
                [kind] => Some(lower_first(kind.get().label)),
                _ => None,
            };
            @let [n, of] = [place.count, profile.held.records].map(|n| thousands(n as i64));
            b { (place.name) } (say::at_place(&n, &of, mostly.as_deref()))
            @if let Some(second) = profile.places.get(1) {
                span class="wide-only" { (say::then(&second.name, &thousands(second.count as i64))) }
            }
        } @else if profile.held.records == 0 {
            (say::NOTHING)
        } @else {
            (say::SPREAD)
        }
    }
}

fn when(profile: &WardProfile) -> Markup {
    html! {
        @match &profile.hours {
            None => { (say::NO_HOURS) }
            Some(hours) if hours.timed < FEWEST_TIMED => {
                (say::few_timed(hours.timed))
            }
            Some(hours) => {
                @if !profile.chosen_hours.is_all() { (say::OF_EVERY_HOUR) }
                @if let Some(block) = hours.block {
                    @let week = percent((block.days * block.hours) as f64 / 168.0);
                    b { (block.in_words()) } (say::block(&percent(block.share), &week))
                } @else {
                    (say::NO_PEAK)
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
                (say::no_meeting(&day(profile.meetings.from)))
            }
            None => { (say::NO_DIARY) }
        }
    }
}

/// `Ward forum, Tue 3 Feb 2026, 18:00, Redhill Children's Centre`.
pub(super) fn gathering(meeting: &Gathering) -> Markup {
    html! {
        (meeting.title) " " b {
            (date_with_weekday(meeting.day))
            @if let Some(start) = meeting.start { ", " (start.strftime("%H:%M").to_string()) }
        }
        @if let Some(venue) = &meeting.venue { ", " (venue) }
    }
}

/// `3 Feb 2026`.
pub(super) fn day(day: jiff::civil::Date) -> String {
    date(day)
}

/// What expected ranges rest on, in a sentence.
pub(super) fn basis(profile: &WardProfile) -> &'static str {
    match profile.kinds.iter().find_map(|kind| kind.expected).map(|expected| expected.basis) {
        Some(Basis::Years(1)) if profile.window.n_months() >= 12 => say::FROM_YEAR_BEFORE,
        Some(Basis::Years(_)) if profile.window.n_months() >= 12 => say::FROM_YEARS,
        Some(Basis::Years(1)) => say::FROM_SAME_MONTHS,
        Some(Basis::Years(_)) => say::FROM_MONTHS_OF_YEARS,
        Some(Basis::Months(_)) => say::FROM_MONTHS_BEFORE,
        None if !profile.held.missing.is_empty() => say::NOT_OF_PART,
        None => say::FROM_NOTHING,
    }
}

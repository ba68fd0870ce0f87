//! Step 2: the halls of the plan with their reasons, on the map and in the list of all halls.

use maud::{Markup, html};

use super::ask::parameter_of;
use super::{Role, View, about};
use crate::layer::words::capital;
use crate::meeting::VenueFacts;
use crate::pipeline::Suggestion;
use crate::server::html::words::{counted, thousands};

/// Past this many halls the list has links in place of choices: addresses may be 8 kB long.
const MOST_CHOICES: usize = 100;

/// The map with a link at each hall.
pub(super) fn map(view: &View<'_>) -> Markup {
    let link = |venue: usize| {
        let id = &view.data.venues[venue].id;
        let role = view.ask.role(id);
        let (next, does) = match role {
            None => (Some(Role::Lock), "Lock it"),
            Some(Role::Lock) => (Some(Role::Exclude), "Leave it out"),
            Some(Role::Exclude) => (None, "Set it free"),
        };
        Some((view.with_hall(venue, next), format!("map-{id}"), does.to_owned()))
    };
    let map = view.plan.venue_map(view.data, &link);
    html! {
        figure class="card meet__map" data-part="map" {
            h2 class="h3" { (map.title) }
            @if let Some(drawn) = map.svg() { (drawn) (map.legend()) }
            @else { p class="empty" { "The store holds no outlines of wards." } }
            figcaption class="note" {
                (view.plan.window.label()) ". Heavy outline: wards of higher need. Pins: halls of the \
                plan; rings: other halls. Circles: a walk of " (thousands(view.plan.walk().get() as i64))
                " m (" (view.plan.circles()) "). A pin or ring locks its hall, then \
                leaves it out, then sets it free."
            }
        }
    }
}

/// The meetings as cards.
pub(super) fn shortlist(view: &View<'_>) -> Markup {
    html! {
        section class="meet__halls" data-part="halls" {
            div class="hd" {
                h2 class="h2" { "2. Which halls, and why" }
                p class="note" { "In order of day. Ask for what is not known before booking." }
            }
            @if view.plan.suggestions.is_empty() {
                p class="empty" { "No hall may be used." }
            }
            ol class="meet__cards" {
                @for (i, one) in view.plan.suggestions.iter().enumerate() { (card(view, i, one)) }
            }
        }
    }
}

fn card(view: &View<'_>, i: usize, one: &Suggestion) -> Markup {
    let hall = &view.data.venues[one.venue];
    let others = view.plan.alternatives(one, view.data);
    let wards = view.plan.ward_names(&one.wards);
    html! {
        li class="card v-card" id={ "meeting-" (i + 1) } {
            div class="v-card__head" {
                span class="v-no" { (i + 1) }
                div {
                    h3 { (hall.name) @if one.locked { " " span class="chip chip--even" { "locked" } } }
                    p class="note" {
                        @if let Some(postcode) = &hall.facts.postcode { (postcode) " · " }
                        @if wards.is_empty() { "outside every ward" } @else { "for " (wards) }
                    }
                    p class="v-card__day" {
                        (one.day.strftime("%a %-d %B %Y").to_string())
                        @if let Some(start) = one.start { ", " (start.strftime("%H:%M").to_string()) }
                    }
                }
            }
            ul class="v-why" { @for reason in &one.reasons { li { (reason) } } }
            dl class="v-facts" {
                @if let Some(centre) = &one.centre { div { dt { "Town centre" } dd { (capital(centre)) "." } } }
                div { dt { "The hall" } dd { (facts(&hall.facts)) } }
                @if let Some(hours) = &hall.facts.hours { div { dt { "Open" } dd { (hours) } } }
                @if one.hours.peak.is_some() {
                    div { dt { "Peak hours there" } dd { (one.hours.in_words(&view.plan.rule)) } }
                }
                @if !one.unknown.is_empty() {
                    div { dt { "Not known" } dd { (one.unknown.join(", ")) } }
                }
                div { dt { "Instead" } dd {
                    @if others.is_empty() {
                        "No other hall, or a ward of higher need would be left out."
                    } @else { (others.join("; ")) }
                } }
                div { dt { "For the public" } dd { (one.public) } }
            }
            p class="v-acts" {
                @let name = hall.full_name();
                @if one.locked {
                    a class="btn" href=(view.with_hall(one.venue, None)) data-soft
                        data-key={ "lock-" (hall.id) } aria-label={ "Set " (name) " free" } { "Set free" }
                } @else {
                    a class="btn" href=(view.with_hall(one.venue, Some(Role::Lock))) data-soft
                        data-key={ "lock-" (hall.id) } aria-label={ "Lock " (name) } { "Lock" }
                }
                a class="btn" href=(view.with_hall(one.venue, Some(Role::Exclude))) data-soft
                    data-key={ "out-" (hall.id) } aria-label={ "Leave out " (name) } { "Leave out" }
            }
        }
    }
}

/// What the list says of a hall.
fn facts(facts: &VenueFacts) -> String {
    let flag = |known: Option<bool>, yes: &str, no: &str| {
        known.map(|has| if has { yes.to_owned() } else { no.to_owned() })
    };
    let said = [
        facts.kind.clone(),
        flag(facts.step_free, "step-free", "not step-free"),
        facts.capacity.map(|seats| counted(i64::from(seats), "seat", "seats")),
        flag(facts.hearing_loop, "hearing loop", "no hearing loop"),
        flag(facts.toilet, "toilet", "no toilet"),
        flag(facts.transport, "a bus stop near", "no bus stop near"),
        flag(facts.parking, "parking", "no parking"),
        facts
            .cost
            .map(|cost| if cost == 0.0 { "free".to_owned() } else { format!("£{cost} an hour") }),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { "The list says nothing of it.".to_owned() } else { said.join(", ") }
}

/// Every hall, with what is asked of it, and those that are not considered.
pub(super) fn all(view: &View<'_>) -> Markup {
    let mut venues: Vec<usize> = view.plan.eligible.clone();
    venues.extend(view.plan.excluded(view.data));
    venues.sort_by_key(|&venue| (view.plan.number_of(venue).unwrap_or(usize::MAX), venue));
    venues.dedup();
    html! {
        section data-part="all-halls" {
            details class="meet__more" open[view.ask.names_halls()] {
                summary { "All " (counted(venues.len() as i64, "hall", "halls")) " that may be used: lock or leave out" }
                div class="tw card" tabindex="0" role="region" aria-label="Halls that may be used" {
                    table {
                        thead { tr {
                            th scope="col" { "Hall" } th scope="col" { "Ward" }
                            th scope="col" { "In the plan" } th scope="col" { "Known of it" }
                            th scope="col" { "What to do" }
                        } }
                        tbody { @for &venue in &venues { (row(view, venue, venues.len())) } }
                    }
                }
                @if venues.len() <= MOST_CHOICES {
                    p class="meet__send" { button class="btn btn--main" form="plan" { "Plan with these" } }
                }
            }
            @if !view.plan.left_out.is_empty() {
                details class="meet__more" {
                    @let n: usize = view.plan.left_out.values().map(Vec::len).sum();
                    summary { (counted(n as i64, "hall", "halls")) " not considered, and why" }
                    ul class="note" { @for (why, names) in &view.plan.left_out { li {
                        b { (why) } ": " (names.join("; ")) "."
                    } } }
                }
            }
        }
    }
}

fn row(view: &View<'_>, venue: usize, of: usize) -> Markup {
    let hall = &view.data.venues[venue];
    let role = view.ask.role(&hall.id);
    let ward = hall
        .ward
        .as_ref()
        .and_then(|code| view.plan.needs.wards.iter().find(|ward| ward.code == *code));
    let link = |to: Option<Role>, words: &str| {
        html! {
            a href=(view.with_hall(venue, to)) data-soft data-key={ "all-" (words) (hall.id) }
                aria-label={ (words) ": " (hall.full_name()) } { (words) } " "
        }
    };
    html! {
        tr {
            th scope="row" { (hall.name) @if let Some(at) = &hall.facts.postcode { span class="quiet sub" { (at) } } }
            td { @if let Some(ward) = ward { (ward.name) @if ward.higher { span class="quiet sub" { "higher need" } } } @else { "–" } }
            td { @if let Some(number) = view.plan.number_of(venue) { b { (number) } @if view.plan.is_locked(venue) { " locked" } } @else { span class="quiet" { "no" } } }
            td class="v-known" { (facts(&hall.facts)) @if let Some(hours) = &hall.facts.hours { span class="quiet sub" { "open " (hours) } } }
            td {
                @if of <= MOST_CHOICES {
                    select form="plan" name=(parameter_of(&hall.id)) aria-label={ "What to do with " (hall.full_name()) }
                        data-key={ "hall-" (hall.id) } {
                        option value="" { "as it comes" }
                        option value="lock" selected[role == Some(Role::Lock)] { "must be used" }
                        option value="exclude" selected[role == Some(Role::Exclude)] { "leave out" }
                    }
                } @else {
                    @match role {
                        None => { (link(Some(Role::Lock), "Lock")) (link(Some(Role::Exclude), "Leave out")) }
                        Some(set) => {
                            input type="hidden" form="plan" name=(parameter_of(&hall.id)) value=(set.id());
                            (link(None, "Set free"))
                        }
                    }
                }
            }
        }
    }
}

/// Residents in words, for the table of walks.
pub(super) fn residents(people: f64) -> String {
    about(people)
}

//! Step 2: the halls of the plan with their reasons, on the map and in the list of all halls.

use maud::{Markup, html};

use super::ask::parameter_of;
use super::{Role, View, about};
use crate::layer::words::capital;
use crate::meeting::VenueFacts;
use crate::pipeline::Suggestion;
use crate::server::html::english::meetings::halls as say;
use crate::server::html::words::thousands;
use crate::time::date_with_month;

/// Past this many halls the list has links in place of choices: addresses may be 8 kB long.
const MOST_CHOICES: usize = 100;

/// The map with a link at each hall.
pub(super) fn map(view: &View<'_>) -> Markup {
    let link = |venue: usize| {
        let id = &view.data.venues[venue].id;
        let role = view.ask.role(id);
        let (next, does) = match role {
            None => (Some(Role::Lock), say::LOCK_IT),
            Some(Role::Lock) => (Some(Role::Exclude), say::LEAVE_IT_OUT),
            Some(Role::Exclude) => (None, say::SET_IT_FREE),
        };
        Some((view.with_hall(venue, next), format!("map-{id}"), does.to_owned()))
    };
    let map = view.plan.venue_map(view.data, &link);
    html! {
        figure class="card meet__map" data-part="map" {
            h2 class="h3" { (map.title) }
            @if let Some(drawn) = map.svg() { (drawn) (map.legend()) }
            @else { p class="empty" { (say::NO_OUTLINES) } }
            figcaption class="note" {
                @let walk = thousands(view.plan.walk().get() as i64);
                (say::map(&view.plan.window.label(), &walk, &view.plan.circles()))
                (view.plan.no_rates())
            }
        }
    }
}

/// The meetings as cards.
pub(super) fn shortlist(view: &View<'_>) -> Markup {
    html! {
        section class="meet__halls" data-part="halls" {
            div class="hd" {
                h2 class="h2" { (say::WHICH) }
                p class="note" { (say::IN_ORDER) }
            }
            @if view.plan.suggestions.is_empty() {
                p class="empty" { (say::NO_HALL) }
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
    // Where the focus goes when this card is gone.
    let all = &view.plan.suggestions;
    let next = all.get(i + 1).or_else(|| all.get(i.checked_sub(1)?));
    let then = next.map(|next| format!("out-{}", view.data.venues[next.venue].id));
    html! {
        li class="card v-card" id={ "meeting-" (i + 1) } {
            div class="v-card__head" {
                span class="v-no" { (i + 1) }
                div {
                    h3 { (hall.name) @if one.locked { " " span class="chip chip--even" { (say::LOCKED) } } }
                    p class="note" {
                        @if let Some(postcode) = &hall.facts.postcode { (postcode) " · " }
                        @if wards.is_empty() { (say::NO_WARD) } @else { (say::for_wards(&wards)) }
                    }
                    p class="v-card__day" {
                        (date_with_month(one.day))
                        @if let Some(start) = one.start { ", " (start.strftime("%H:%M").to_string()) }
                        @if let Some((joined, elsewhere)) = one.join.zip(one.elsewhere.as_ref()) {
                            (say::joined_at(&view.data.meetings[joined].title, elsewhere))
                        }
                    }
                }
            }
            ul class="v-why" { @for reason in &one.reasons { li { (reason) } } }
            dl class="v-facts" {
                @if let Some(centre) = &one.centre { div { dt { (say::CENTRE) } dd { (capital(centre)) "." } } }
                div { dt { (say::THE_HALL) } dd { (facts(&hall.facts)) } }
                @if let Some(hours) = &hall.facts.hours { div { dt { (say::OPEN) } dd { (hours) } } }
                @if one.hours.peak.is_some() {
                    div { dt { (say::PEAK) } dd { (one.hours.in_words(&view.plan.rule)) } }
                }
                @if !one.unknown.is_empty() {
                    div { dt { (say::NOT_KNOWN) } dd { (one.unknown.join(", ")) } }
                }
                div { dt { (say::INSTEAD) } dd {
                    @if others.is_empty() {
                        (say::NO_OTHER)
                    } @else { (others.join("; ")) }
                } }
                div { dt { (say::FOR_THE_PUBLIC) } dd { (one.public) } }
            }
            p class="v-acts" {
                @let name = hall.full_name();
                @if one.locked {
                    a class="btn" href=(view.with_hall(one.venue, None)) data-soft
                        data-key={ "lock-" (hall.id) } aria-label=(say::set_free(&name)) { (say::SET_FREE) }
                } @else {
                    a class="btn" href=(view.with_hall(one.venue, Some(Role::Lock))) data-soft
                        data-key={ "lock-" (hall.id) } aria-label=(say::lock(&name)) { (say::LOCK) }
                }
                a class="btn" href=(view.with_hall(one.venue, Some(Role::Exclude))) data-soft
                    data-key={ "out-" (hall.id) } data-then=[then] aria-label=(say::leave_out(&name)) { (say::LEAVE_OUT) }
            }
        }
    }
}

/// What the list says of a hall.
fn facts(facts: &VenueFacts) -> String {
    let flag = |known: Option<bool>, [yes, no]: [&str; 2]| {
        known.map(|has| if has { yes.to_owned() } else { no.to_owned() })
    };
    let said = [
        facts.kind.clone(),
        flag(facts.step_free, say::STEP_FREE),
        facts.capacity.map(say::seats),
        flag(facts.hearing_loop, say::LOOP),
        flag(facts.toilet, say::TOILET),
        flag(facts.transport, say::BUS),
        flag(facts.parking, say::PARKING),
        facts.cost.map(|cost| if cost == 0.0 { say::FREE.to_owned() } else { say::an_hour(cost) }),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { say::NOTHING_SAID.to_owned() } else { said.join(", ") }
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
                summary { (say::all(venues.len())) }
                div class="tw card" tabindex="0" role="region" aria-label=(say::MAY_BE_USED) {
                    table {
                        thead { tr {
                            th scope="col" { (say::HALL) } th scope="col" { (say::WARD) }
                            th scope="col" { (say::IN_PLAN) } th scope="col" { (say::KNOWN) }
                            th scope="col" { (say::WHAT_TO_DO) }
                        } }
                        tbody { @for &venue in &venues { (row(view, venue, venues.len())) } }
                    }
                }
                @if venues.len() <= MOST_CHOICES {
                    p class="meet__send" { button class="btn btn--main" form="plan" { (say::PLAN_WITH_THESE) } }
                }
            }
            @if !view.plan.left_out.is_empty() {
                details class="meet__more" {
                    @let n: usize = view.plan.left_out.values().map(Vec::len).sum();
                    summary { (say::not_considered(n)) }
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
            td { @if let Some(ward) = ward { (ward.name) @if ward.higher { span class="quiet sub" { (say::HIGHER_NEED) } } } @else { "–" } }
            td { @if let Some(number) = view.plan.number_of(venue) { b { (number) } @if view.plan.is_locked(venue) { " " (say::LOCKED) } } @else { span class="quiet" { (say::NO) } } }
            td class="v-known" { (facts(&hall.facts)) @if let Some(hours) = &hall.facts.hours { span class="quiet sub" { (say::open(hours)) } } }
            td {
                @if of <= MOST_CHOICES {
                    select form="plan" name=(parameter_of(&hall.id)) aria-label=(say::what_to_do_with(&hall.full_name()))
                        data-key={ "hall-" (hall.id) } {
                        option value="" { (say::AS_IT_COMES) }
                        option value="lock" selected[role == Some(Role::Lock)] { (say::MUST_BE_USED) }
                        option value="exclude" selected[role == Some(Role::Exclude)] { (say::DO_LEAVE_OUT) }
                    }
                } @else {
                    @match role {
                        None => { (link(Some(Role::Lock), say::LOCK)) (link(Some(Role::Exclude), say::LEAVE_OUT)) }
                        Some(set) => {
                            input type="hidden" form="plan" name=(parameter_of(&hall.id)) value=(set.id());
                            (link(None, say::SET_FREE))
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

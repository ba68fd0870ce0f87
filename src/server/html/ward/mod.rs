//! The page of one ward: what is high here, is it more than usual, where, when, and what next.
//!
//! The answer comes first and fills one screen of a phone; everything else says how it is known. On
//! paper the page is one sheet.

mod answer;
mod community;
mod sure;
pub(super) mod trend;
mod usual;
mod whereabouts;

use maud::{Markup, html};

use super::choice::{Choice, Picked};
use super::clock;
use super::english::clock::TABLE;
use super::english::ward as say;
use super::frame::{Page, Site, page};
use super::records;
use super::say::short_when;
use super::words::thousands;
use crate::pipeline::WardProfile;
use crate::quantity::Population;
use crate::time::Window;
pub(super) use usual::chip;

/// `GET /wards/{code}`: one ward, for the people who work in it.
pub(crate) fn ward_page(site: &Site<'_>, choice: &Choice, profile: &WardProfile) -> Markup {
    let title = format!("{}, {}", profile.name, choice.when());
    let main = html! {
        main class="ward" data-title=(title) {
            div class="ward__top" {
                div {
                    p class="kicker" {
                        a href=(choice.wards()) { (say::ALL_WARDS) } span aria-hidden="true" { " / " } (site.area)
                    }
                    h1 class="wardname" { (profile.name) }
                    p class="note" { (facts(choice, profile)) }
                    (windows(site, choice, profile))
                    @if !choice.hours.is_all() {
                        p class="note" {
                            (say::COUNTED_HERE) b { (choice.hours) } (say::ALONE)
                            a class="screen-only" href=(choice.at_any_hour().ward(&profile.code)) { (say::ALL_HOURS) }
                        }
                    }
                }
                div class="ward__acts" {
                    a class="btn" href=(choice.with_picked(Some(Picked::Ward(profile.code.clone()))).map()) {
                        (say::ON_THE_MAP)
                    }
                    button class="btn" type="button" data-do="print" hidden { (say::PRINT) }
                }
            }
            (answer::card(profile))
            (usual::section(choice, profile))
            (whereabouts::section(site, choice, profile))
            (trend::section(choice, profile))
            (hours(profile))
            (community::section(profile))
            (sure::section(site, choice, profile))
        }
    };
    page(site, &title, Page::Wards, Some(choice), &main)
}

/// When: the clock, or why there is none.
fn hours(profile: &WardProfile) -> Markup {
    html! {
        section class="when card" aria-labelledby="when" {
            h2 class="h2" id="when" { (say::WHEN) }
            @match &profile.hours {
                None => { (clock::no_hours()) }
                Some(hours) => { (clock::drawn(hours, profile.chosen_hours, TABLE)) }
            }
        }
    }
}

/// Other months of the same ward: the latest three, and what partnerships report on.
fn windows(site: &Site<'_>, choice: &Choice, profile: &WardProfile) -> Markup {
    let held = site.months.unwrap_or(choice.window);
    let mut presets = vec![(say::LATEST, latest(held))];
    presets.extend(records::presets(held));
    html! {
        p class="presets screen-only" {
            @for &(label, window) in &presets {
                a href=(choice.over(window).ward(&profile.code))
                    aria-current=[(window == choice.window).then_some("true")] { (label) }
            }
        }
    }
}

/// The latest three months that are held: what a team that asks for no months is shown.
pub(crate) fn latest(held: Window) -> Window {
    let first = held.last().plus(-2).max(held.first());
    Window::new(first, held.last()).unwrap_or(held)
}

fn facts(choice: &Choice, profile: &WardProfile) -> Markup {
    let people = |n: Option<Population>| n.map(|n| thousands(n.get().round() as i64));
    html! {
        (short_when(choice))
        @if let Some(residents) = people(profile.residents) { (say::residents(&residents)) }
        @if let Some(households) = people(profile.households) {
            span class="wide-only" { (say::households(&households)) }
        }
        span class="wide-only" {
            " · " (profile.code)
            @if !profile.edition.is_empty() { (say::edition(&profile.edition)) }
        }
    }
}

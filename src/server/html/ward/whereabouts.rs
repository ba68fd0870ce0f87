//! Where: a small map with streets, and the places with most records.

use maud::{Markup, html};

use super::super::choice::{Choice, Picked};
use super::super::english::whereabouts as say;
use super::super::frame::Site;
use super::super::words::{lower_first, thousands};
use crate::pipeline::{TopPlace, WardProfile};

/// The section.
pub(super) fn section(site: &Site<'_>, choice: &Choice, profile: &WardProfile) -> Markup {
    html! {
        section class="where card" aria-labelledby="where" {
            h2 class="h2" id="where" { (say::WHERE) }
            figure class="wmap" {
                (map(site, choice, profile))
                figcaption class="note" {
                    (choice.types.label()) (say::COLOURS)
                    @if profile.held.approximate { (say::APPROXIMATE) }
                    a class="screen-only" href=(choice.with_picked(Some(Picked::Ward(profile.code.clone()))).map()) {
                        (say::OPEN_MAP)
                    }
                }
            }
            @if profile.places.is_empty() {
                p class="note" { (say::NO_PLACE) }
            } @else {
                ol class="places" {
                    @let most = profile.places[0].count;
                    @for place in &profile.places { (one(place, most)) }
                }
            }
        }
    }
}

/// The drawn map, in the size and colours of the screen.
fn map(site: &Site<'_>, choice: &Choice, profile: &WardProfile) -> Markup {
    let address = |size: &str, scheme: &str| {
        format!(
            "{}&ward={}&{size}&legend=no&scheme={scheme}&v={}",
            choice.data("/map.svg"),
            profile.code,
            site.version
        )
    };
    let (wide, narrow) = ("width=440&height=440", "width=360&height=330");
    html! {
        picture {
            source media="print" srcset=(address(wide, "light")) width="440" height="440";
            source media="(prefers-color-scheme: dark) and (min-width: 561px)"
                srcset=(address(wide, "dark")) width="440" height="440";
            source media="(prefers-color-scheme: dark)" srcset=(address(narrow, "dark"))
                width="360" height="330";
            source media="(min-width: 561px)" srcset=(address(wide, "light"))
                width="440" height="440";
            img src=(address(narrow, "light")) width="360" height="330"
                alt=(say::map_of(&lower_first(choice.types.label()), &profile.name));
        }
    }
}

fn one(place: &TopPlace, most: u64) -> Markup {
    let width = format!("{:.1}", place.count as f64 / most.max(1) as f64 * 100.0);
    let kinds: Vec<String> =
        place.mostly.iter().map(|kind| lower_first(kind.get().label)).collect();
    html! {
        li {
            div {
                b { (place.name) } " "
                span class="quiet" {
                    (say::mostly(&kinds))
                    @if let Some(quarters) = place.quarters.filter(|quarters| *quarters > 1) {
                        span class="screen-only" { (say::quarters(quarters)) }
                    }
                }
            }
            div class="pl" {
                svg class="plbar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
                    rect class="plbar__all" width="100" height="8" {}
                    rect class="plbar__on" width=(width) height="8" {}
                }
                span class="num" { (thousands(place.count as i64)) }
            }
        }
    }
}

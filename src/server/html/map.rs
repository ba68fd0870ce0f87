//! The map page: headline, controls, map, months and figures.

use maud::{Markup, html};

use super::area::{self, Own};
use super::choice::Choice;
use super::english::map as say;
use super::finder::finder;
use super::frame::{Page, Site, page};
use super::legend::legend;
use super::numbers::{card, months, numbers};
use super::records::{controls, method};
use super::say::{caption, doubts, headline, picture_words, short_window};
use crate::layer::Findings;
use crate::pipeline::NamedPlace;
use crate::render::legend::Legend;

/// Size of the drawn picture beside the legend, and of that above it on a phone.
const WIDE: &str = "width=560&height=600";
const NARROW: &str = "width=390&height=420";

/// What the map page is written from.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    /// Figures of the choice.
    pub findings: &'a Findings,
    /// Legend of heat, where it is of some hours or a difference.
    pub heat: Option<&'a Legend>,
    /// Places of the name that is looked for, and how many there are.
    pub found: Option<(Vec<&'a NamedPlace>, usize)>,
    /// The reader's own area, where one is asked for.
    pub own: Option<Own<'a>>,
}

/// `GET /`: one choice of records and months, as sentence, map and tables.
pub(crate) fn map_page(site: &Site<'_>, choice: &Choice, shown: &Shown<'_>) -> Markup {
    let findings = shown.findings;
    let title = format!("{}, {}, {}", choice.types.label(), site.area, choice.when());
    let main = html! {
        main class="work" data-title=(title) {
            section class="say" id="answer" tabindex="-1" data-part="say" {
                h1 { (headline(choice, findings)) }
                p class="note" { (caption(site, choice, findings)) }
                (doubts(findings))
            }
            div class="side" {
                (finder(choice, shown.found.as_ref()))
                (controls(site, choice, findings))
                (area::ask(choice))
                (method(choice, findings))
            }
            section class="mid" aria-label=(say::MAP_AND_MONTHS) {
                (map_box(site, choice, shown))
                (months(choice, findings))
            }
            (numbers(choice, findings, shown.own.as_ref()))
        }
    };
    page(site, &title, Page::Map, Some(choice), &main)
}

fn map_box(site: &Site<'_>, choice: &Choice, shown: &Shown<'_>) -> Markup {
    let findings = shown.findings;
    let bounds = site.bounds.map(|b| b.map(|degree| format!("{degree:.5}")).join(","));
    html! {
        div class="mapbox" {
            div class="map" id="map" data-bounds=[bounds] data-version=(site.version)
                data-streets=[site.streets.then_some("yes")]
                data-basemap=[site.basemap.then_some("yes")] {
                (picture(site, &drawable(choice, shown), findings))
            }
            p class="map__say note" id="map-say" {
                @if !site.live {
                    (say::NOT_BUILT[0]) code { "make web" } (say::NOT_BUILT[1])
                    code { "cargo build --release" } (say::NOT_BUILT[2])
                } @else {
                    noscript {
                        (say::WITHOUT_SCRIPT)
                        a href=(choice.layer(choice.show.layer())) { (say::as_table(choice.show.label())) }
                        (say::SAME_FIGURES)
                        @if let Some(against) = choice.against.filter(|_| choice.swipe) {
                            (say::is_of(&choice.window.label()))
                            a href=(drawn(&choice.over(against))) { (say::the_same_of(&against.label())) } "."
                        }
                    }
                }
            }
            (legend(site, choice, shown))
            (swipe(choice))
            (buttons())
            (area::drawing())
            div class="corner" id="corner" hidden {}
            (card(choice, findings))
        }
    }
}

/// The choice as it can be drawn: without an area that has no figures.
fn drawable(choice: &Choice, shown: &Shown<'_>) -> Choice {
    let refused = matches!(shown.own, Some(Own::Refused(_)));
    let area = choice.area.clone().filter(|_| !refused);
    Choice { area, ..choice.clone() }
}

fn picture(site: &Site<'_>, choice: &Choice, findings: &Findings) -> Markup {
    let drawn = drawn(choice);
    let address = |size: &str, scheme: &str| {
        format!("{drawn}&{size}&legend=no&scheme={scheme}&v={}", site.version)
    };
    html! {
        div data-part="picture" {
            picture {
                source media="(prefers-color-scheme: dark) and (min-width: 561px)"
                    srcset=(address(WIDE, "dark"));
                source media="(prefers-color-scheme: dark)" srcset=(address(NARROW, "dark"));
                source media="(min-width: 561px)" srcset=(address(WIDE, "light"));
                img class="map__picture" src=(address(NARROW, "light"))
                    alt=(picture_words(choice, findings));
            }
            // On paper no slider parts two maps: both are drawn.
            @if let Some(against) = choice.against.filter(|_| choice.swipe) {
                @let other = picture_address(&choice.over(against), "svg");
                @let classes = format!("&classes-of={}", choice.window);
                p class="map__of" { (short_window(choice.window)) }
                p class="map__of map__of--other" { (short_window(against)) }
                img class="map__other" fetchpriority="low" alt=(say::the_same_of(&against.label()))
                    src={ (other) (classes) "&" (WIDE) "&legend=no&scheme=light&v=" (site.version) };
            }
        }
    }
}

/// Address of the drawing of this choice; how large, and in which scheme, is yet to be added.
pub(super) fn drawn(choice: &Choice) -> String {
    picture_address(choice, "svg")
}

/// Address of the map drawn in this form: `svg`, `png`, `pdf`.
pub(super) fn picture_address(choice: &Choice, form: &str) -> String {
    let mut address = choice.data(&format!("/map.{form}"));
    address = address + "&show=" + choice.show.id();
    for (name, on) in [("clusters", choice.clusters), ("venues", choice.venues)] {
        if on {
            address = address + "&" + name + "=yes";
        }
    }
    if let Some(against) = choice.against.filter(|_| !choice.swipe) {
        address = format!("{address}&against={against}");
    }
    choice.with_options(address)
}

/// The slider between two windows; script shows it where it has two maps to part.
fn swipe(choice: &Choice) -> Markup {
    html! {
        div class="swipe" id="swipe" data-part="swipe" hidden {
            @if let Some(against) = choice.against {
                span class="swipe__l" { (short_window(choice.window)) }
                label class="hide" for="swipe-at" {
                    (say::how_much(&choice.window.label(), &against.label()))
                }
                input id="swipe-at" type="range" min="0" max="100" value=(choice.split) step="1";
                span class="swipe__r" { (short_window(against)) }
            }
        }
    }
}

/// Buttons that do what the keys do; script shows them once there is a map to move.
fn buttons() -> Markup {
    let button = |action: &str, label: &str, face: &str| {
        html! {
            button type="button" class="ctl__b" data-do=(action) aria-label=(label) title=(label) {
                span aria-hidden="true" { (face) }
            }
        }
    };
    html! {
        div class="ctl" id="buttons" role="group" aria-label=(say::MOVE) hidden {
            (button("in", say::CLOSER, "+"))
            (button("out", say::FURTHER, "−"))
            (button("north", say::NORTH, "↑"))
            (button("south", say::SOUTH, "↓"))
            (button("west", say::WEST, "←"))
            (button("east", say::EAST, "→"))
            (button("previous", say::PREVIOUS, "‹"))
            (button("next", say::NEXT, "›"))
            (button("all", say::ALL, "⤢"))
        }
    }
}
